//! The Messages table: each room's log, and the markers that make a send happen once.
//!
//! A number is given out before anything is at it (see [`super::Rooms::next_seq`]). What happens to it is decided by
//! whoever writes there first, and only once: the sender with its message, or a reader or the sender with a void.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use futures_util::stream::{self, StreamExt};
use parlor_protocol::limits::SEND_ONCE;
use parlor_protocol::server::{Message, Person};
use parlor_protocol::{Millis, Seq};
use serde::{Deserialize, Serialize};

use super::{Item, if_condition_held, number, seconds, string};
use crate::error::{ChatError, Result};
use crate::millis;

/// What is at a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Event {
    Message(Said),
    /// Nothing, for ever.
    Void,
}

/// A message, as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Said {
    /// The sender's own id for it.
    pub id: String,
    pub user_id: String,
    pub name: String,
    pub text: String,
    pub at: Millis,
}

impl Said {
    /// The message, as the wire has it.
    pub fn at_seq(self, room_id: &str, seq: Seq) -> Message {
        let Self { id, user_id, name, text, at } = self;
        Message { room: room_id.to_owned(), seq, id, from: Person { user_id, name }, text, at }
    }
}

/// What came of writing a message at a number.
#[derive(Debug, PartialEq)]
pub enum Appended {
    /// It is there.
    Done,
    /// This person's message of this id is at another number already.
    Before(Seq),
    /// A reader has voided the number.
    Taken,
    /// Another writer was at the same rows at the same moment; nothing was written.
    Conflict,
}

/// A stretch of one epoch of a room's log, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch<'a> {
    pub room_id: &'a str,
    pub epoch: &'a str,
    pub from: Seq,
    pub to: Seq,
}

#[derive(Deserialize)]
struct EventRow {
    sk: String,
    #[serde(flatten)]
    event: Event,
}

#[derive(Deserialize)]
struct Marker {
    epoch: String,
    seq: Seq,
}

/// Deletions under way at once when a room is closed.
const DELETIONS: usize = 16;

pub struct Log {
    pub db: Client,
    pub table: String,
}

impl Log {
    /// Puts a message at a number, together with the marker that its id was used, if neither is there.
    pub async fn append(&self, room_id: &str, epoch: &str, seq: Seq, said: &Said, now: Millis) -> Result<Appended> {
        let doing = "store a message";
        let event = serde_dynamo::to_item(Event::Message(said.clone())).map_err(ChatError::row(doing))?;
        let event =
            self.put(room_id, event_key(epoch, seq), event).condition_expression("attribute_not_exists(roomId)");
        let marker = Item::from([
            ("epoch".to_owned(), string(epoch)),
            ("seq".to_owned(), number(seq)),
            ("ttl".to_owned(), number(seconds(now + millis(SEND_ONCE)))),
        ]);
        let marker = self
            .put(room_id, format!("sent#{}#{}", said.user_id, said.id), marker)
            .condition_expression("attribute_not_exists(roomId) OR #ttl <= :now")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":now", number(seconds(now)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let written = self
            .db
            .transact_write_items()
            .transact_items(TransactWriteItem::builder().put(built(event.build(), doing)?).build())
            .transact_items(TransactWriteItem::builder().put(built(marker.build(), doing)?).build())
            .send()
            .await;
        match written {
            Ok(_) => Ok(Appended::Done),
            Err(SdkError::ServiceError(error)) => match error.err() {
                TransactWriteItemsError::TransactionCanceledException(cancelled) => {
                    outcome(cancelled.cancellation_reasons(), epoch, seq, doing)
                }
                _ => Err(ChatError::service(doing)(SdkError::ServiceError(error))),
            },
            Err(error) => Err(ChatError::service(doing)(error)),
        }
    }

    /// Voids a number, if nothing is there; says whether it did.
    pub async fn void(&self, room_id: &str, epoch: &str, seq: Seq) -> Result<bool> {
        let doing = "void a number";
        let written = self
            .db
            .put_item()
            .table_name(&self.table)
            .set_item(Some(serde_dynamo::to_item(Event::Void).map_err(ChatError::row(doing))?))
            .item("roomId", string(room_id))
            .item("sk", string(event_key(epoch, seq)))
            .condition_expression("attribute_not_exists(roomId)")
            .send()
            .await;
        Ok(if_condition_held(written, doing)?.is_some())
    }

    /// What is at a number.
    pub async fn get(&self, room_id: &str, epoch: &str, seq: Seq) -> Result<Option<Event>> {
        let doing = "read a message";
        let item = self
            .db
            .get_item()
            .table_name(&self.table)
            .key("roomId", string(room_id))
            .key("sk", string(event_key(epoch, seq)))
            .consistent_read(true)
            .send()
            .await
            .map_err(ChatError::service(doing))?
            .item;
        item.map(serde_dynamo::from_item).transpose().map_err(ChatError::row(doing))
    }

    /// All there is in a stretch, by number.
    pub async fn read(&self, stretch: Stretch<'_>) -> Result<Vec<(Seq, Event)>> {
        let doing = "read messages";
        if stretch.from > stretch.to {
            return Ok(Vec::new());
        }
        let items = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("roomId = :room AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":room", string(stretch.room_id))
            .expression_attribute_values(":from", string(event_key(stretch.epoch, stretch.from)))
            .expression_attribute_values(":to", string(event_key(stretch.epoch, stretch.to)))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send()
            .collect::<std::result::Result<Vec<_>, _>>()
            .await
            .map_err(ChatError::service(doing))?;
        let rows: Vec<EventRow> = serde_dynamo::from_items(items).map_err(ChatError::row(doing))?;
        Ok(rows.into_iter().filter_map(|row| Some((seq_of(&row.sk)?, row.event))).collect())
    }

    /// Deletes everything of a room, a page at a time. Who stops in between can begin again.
    pub async fn delete_all(&self, room_id: &str) -> Result<()> {
        let doing = "delete messages";
        loop {
            let page = self
                .db
                .query()
                .table_name(&self.table)
                .key_condition_expression("roomId = :room")
                .expression_attribute_values(":room", string(room_id))
                .projection_expression("roomId, sk")
                .consistent_read(true)
                .limit(100)
                .send()
                .await
                .map_err(ChatError::service(doing))?;
            let keys = page.items.unwrap_or_default();
            if keys.is_empty() {
                return Ok(());
            }
            let mut deletions = stream::iter(keys)
                .map(|key| self.db.delete_item().table_name(&self.table).set_key(Some(key)).send())
                .buffer_unordered(DELETIONS);
            while let Some(deleted) = deletions.next().await {
                deleted.map_err(ChatError::service(doing))?;
            }
        }
    }

    fn put(&self, room_id: &str, sk: String, item: Item) -> aws_sdk_dynamodb::types::builders::PutBuilder {
        Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .item("roomId", string(room_id))
            .item("sk", string(sk))
    }
}

/// Reads why the transaction of [`Log::append`] was cancelled: the first reason is the event's, the second the marker's.
fn outcome(reasons: &[CancellationReason], epoch: &str, seq: Seq, doing: &'static str) -> Result<Appended> {
    let failed = |reason: &&CancellationReason| reason.code() == Some("ConditionalCheckFailed");
    if let Some(reason) = reasons.get(1).filter(failed) {
        let marker: Marker =
            serde_dynamo::from_item(reason.item().cloned().unwrap_or_default()).map_err(ChatError::row(doing))?;
        // A retry of this very write, whose first answer was lost.
        let own = marker.epoch == epoch && marker.seq == seq;
        return Ok(if own { Appended::Done } else { Appended::Before(marker.seq) });
    }
    if reasons.first().filter(failed).is_some() {
        return Ok(Appended::Taken);
    }
    if reasons.iter().any(|reason| reason.code() == Some("TransactionConflict")) {
        return Ok(Appended::Conflict);
    }
    let reason = reasons.iter().filter_map(CancellationReason::code).find(|&code| code != "None");
    Err(ChatError::Service { doing, reason: reason.unwrap_or("cancelled").to_owned() })
}

fn built<T>(put: std::result::Result<T, aws_sdk_dynamodb::error::BuildError>, doing: &'static str) -> Result<T> {
    put.map_err(|_| ChatError::Service { doing, reason: "request not built".into() })
}

/// Sixteen digits hold every number that JavaScript can count to.
fn event_key(epoch: &str, seq: Seq) -> String {
    format!("event#{epoch}#{seq:016}")
}

fn seq_of(sk: &str) -> Option<Seq> {
    sk.rsplit('#').next()?.parse().ok()
}
