//! The Messages table: each room's log, the markers of idempotency keys, and the `remains` rows of logs that have ended.
//!
//! A number is drawn before anything is stored at it (see [`Rooms::next_seq`](super::Rooms::next_seq)). The first write
//! there decides for ever what it holds: the sender stores its event, or the sender or a reader stores a void.
//! Of the log's rows, only a message's is ever replaced: a change stores an event of its own and the new message in one
//! transaction. A marker may be replaced once it has expired, and a `remains` row once its log was found empty.

mod append;
mod event;
mod newest;
mod remains;

pub use append::{Appended, Companion, Entry, IdempotencyKey};
pub use event::{ChangeRow, Event, LogKey, LogRange, MessageRow, NoticeRow, VoidRow};
pub use remains::LATE;

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use parlor_protocol::{Millis, Seq};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Item, batch_get, if_condition_held, query_all, row, rows, string};
use crate::error::{ChatError, Result};

pub struct Log {
    pub db: Client,
    pub table: String,
}

#[derive(Deserialize)]
struct EventRow {
    sk: String,
    #[serde(flatten)]
    event: Event,
}

impl Log {
    /// Voids a number, unless it holds an event. Returns whether the number is void.
    pub async fn void(&self, LogKey { room_id, epoch, seq }: LogKey<'_>, now: Millis) -> Result<bool> {
        let doing = "void a number";
        let written = self
            .db
            .put_item()
            .table_name(&self.table)
            .set_item(Some(serde_dynamo::to_item(Event::Void(VoidRow { at: now })).map_err(ChatError::row(doing))?))
            .item("roomId", string(room_id))
            .item("sk", string(event_key(epoch, seq)))
            .condition_expression("attribute_not_exists(roomId) OR #type = :void")
            .expression_attribute_names("#type", "type")
            .expression_attribute_values(":void", string("void"))
            .send()
            .await;
        Ok(if_condition_held(written, doing)?.is_some())
    }

    /// Reads what a number holds.
    pub async fn get(&self, LogKey { room_id, epoch, seq }: LogKey<'_>) -> Result<Option<Event>> {
        self.row(room_id, event_key(epoch, seq), "read an event").await
    }

    /// Reads the message at a number, if the number holds one.
    pub async fn message(&self, key: LogKey<'_>) -> Result<Option<MessageRow>> {
        Ok(match self.get(key).await? {
            Some(Event::Message(message)) => Some(message),
            _ => None,
        })
    }

    /// Reads messages by their numbers. Numbers that hold none are missing.
    pub async fn messages(&self, room_id: &str, epoch: &str, seqs: Vec<Seq>) -> Result<BTreeMap<Seq, MessageRow>> {
        let doing = "read messages";
        let key = |seq| {
            Item::from([("roomId".to_owned(), string(room_id)), ("sk".to_owned(), string(event_key(epoch, seq)))])
        };
        let keys = seqs.into_iter().map(key).collect();
        let rows: Vec<EventRow> = rows(batch_get(&self.db, &self.table, keys, doing).await?, doing)?;
        let messages = rows.into_iter().filter_map(|row| match row.event {
            Event::Message(message) => Some((seq_of(&row.sk)?, message)),
            _ => None,
        });
        Ok(messages.collect())
    }

    /// Reads every event and void in a range, in the order of their numbers.
    pub async fn read(&self, range: LogRange<'_>) -> Result<Vec<(Seq, Event)>> {
        if range.from > range.to {
            return Ok(Vec::new());
        }
        let query = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("roomId = :room AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":room", string(range.room_id))
            .expression_attribute_values(":from", string(event_key(range.epoch, range.from)))
            .expression_attribute_values(":to", string(event_key(range.epoch, range.to)));
        let rows: Vec<EventRow> = query_all(query, "read a log").await?;
        Ok(rows.into_iter().filter_map(|row| Some((seq_of(&row.sk)?, row.event))).collect())
    }

    async fn row<R: DeserializeOwned>(&self, room_id: &str, sk: String, doing: &'static str) -> Result<Option<R>> {
        let item = self
            .db
            .get_item()
            .table_name(&self.table)
            .key("roomId", string(room_id))
            .key("sk", string(sk))
            .consistent_read(true)
            .send()
            .await
            .map_err(ChatError::service(doing))?
            .item;
        item.map(|item| row(item, doing)).transpose()
    }
}

/// The largest number of sixteen digits.
pub const LARGEST_SEQ: Seq = 9_999_999_999_999_999;

/// Sixteen digits hold every number that JavaScript represents exactly.
fn event_key(epoch: &str, seq: Seq) -> String {
    format!("event#{epoch}#{seq:016}")
}

fn seq_of(sk: &str) -> Option<Seq> {
    sk.rsplit('#').next()?.parse().ok()
}
