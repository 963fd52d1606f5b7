//! The Messages table: each room's log, and the markers that make a thing happen once.
//!
//! A number is given out before anything is at it (see [`super::Rooms::next_seq`]). What happens to it is decided by
//! whoever writes there first, and only once: the sender with its event, or a reader or the sender with a void.
//! A message's row is also its state: a change of it writes its own event and the row in one transaction.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{CancellationReason, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use parlor_protocol::limits::IDEMPOTENCY_KEY_LIFETIME;
use parlor_protocol::log::NoticeKind;
use parlor_protocol::{Millis, Seq};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Event, Item, LogKey, LogRange, MessageRow, Rooms, VoidRow, if_condition_held, number, seconds, string};
use crate::error::{ChatError, Result};
use crate::millis;

/// An event to be put into a log, with what must be written with it or not at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub event: Event,
    pub with: With,
}

#[derive(Clone, Debug, PartialEq)]
pub enum With {
    /// The marker that this person's id was used.
    Marker(IdempotencyKey),
    /// The marker, and the message `of` as it then is, if it is still of the version that was read.
    Message { once: IdempotencyKey, epoch: String, of: Seq, read: Option<Seq>, said: MessageRow },
    /// The room's row, if it is still open, owned by them, and as its notices left it when it was read.
    Room { owner_id: String, read: Option<Seq> },
}

impl With {
    /// Whether it changes a message of a log that was cleared since it was read.
    pub fn is_of_another_epoch(&self, now: &str) -> bool {
        matches!(self, Self::Message { epoch, .. } if epoch != now)
    }
}

/// What makes a thing happen once: who did it, and their own id for it.
#[derive(Clone, Debug, PartialEq)]
pub struct IdempotencyKey {
    pub user_id: String,
    pub id: String,
}

/// What came of putting an event at a number.
#[derive(Debug, PartialEq)]
pub enum Appended {
    /// The event is stored.
    Stored,
    /// This idempotency key was used before, for the event at this number. Perhaps by this very write, when the SDK repeated
    /// it after a lost answer.
    Duplicate(Seq),
    /// A reader has voided the number.
    Voided,
    /// What was to be written with it has changed, or another writer was at the same rows at the same moment; nothing was
    /// written.
    Conflict,
}

#[derive(Deserialize)]
struct EventRow {
    sk: String,
    #[serde(flatten)]
    event: Event,
}

#[derive(Serialize, Deserialize)]
struct Marker {
    seq: Seq,
    /// Seconds since 1970. It counts until then, whenever DynamoDB deletes it.
    ttl: u64,
}

impl Marker {
    fn new(seq: Seq, now: Millis) -> Self {
        Self { seq, ttl: seconds(now + millis(IDEMPOTENCY_KEY_LIFETIME)) }
    }
}

pub struct Log {
    pub db: Client,
    pub table: String,
}

impl Log {
    /// Puts an event at a number, with what belongs to it, if nothing is there and it did not happen before.
    /// `rooms`: whose row is written with a notice.
    pub async fn append(&self, place: LogKey<'_>, entry: &Entry, rooms: &Rooms, now: Millis) -> Result<Appended> {
        let doing = "store an event";
        let event = serde_dynamo::to_item(&entry.event).map_err(ChatError::row(doing))?;
        let event = self.put(place.room_id, event_key(place.epoch, place.seq), event);
        let mut writes = vec![put(event.condition_expression("attribute_not_exists(roomId)").build(), doing)?];
        match &entry.with {
            With::Marker(once) => writes.push(put(self.marker(place, once, now, doing)?.build(), doing)?),
            With::Message { once, epoch, of, read, said } => {
                let said = MessageRow { version: Some(place.seq), ..said.clone() };
                let row = serde_dynamo::to_item(Event::Message(said)).map_err(ChatError::row(doing))?;
                let message = self.put(place.room_id, event_key(epoch, *of), row);
                writes.push(put(self.marker(place, once, now, doing)?.build(), doing)?);
                writes.push(put(if_version(message, *read).build(), doing)?);
            }
            With::Room { owner_id, read } => {
                writes.push(rooms.notice(place, owner_id, *read, &entry.event, now, doing)?);
                if matches!(&entry.event, Event::Notice(notice) if notice.kind == NoticeKind::Closed) {
                    writes.push(self.ending(place.room_id, place.epoch, now)?);
                }
            }
        }
        match self.db.transact_write_items().set_transact_items(Some(writes)).send().await {
            Ok(_) => Ok(Appended::Stored),
            Err(SdkError::ServiceError(error)) => match error.err() {
                TransactWriteItemsError::TransactionCanceledException(cancelled) => {
                    outcome(cancelled.cancellation_reasons(), doing)
                }
                _ => Err(ChatError::service(doing)(SdkError::ServiceError(error))),
            },
            Err(error) => Err(ChatError::service(doing)(error)),
        }
    }

    /// The number of what this person did with this id, if they did.
    pub async fn done(&self, room_id: &str, epoch: &str, once: &IdempotencyKey, now: Millis) -> Result<Option<Seq>> {
        let marker: Option<Marker> = self.row(room_id, marker_key(epoch, once), "read a marker").await?;
        Ok(marker.filter(|marker| marker.ttl > seconds(now)).map(|marker| marker.seq))
    }

    fn marker(&self, place: LogKey, once: &IdempotencyKey, now: Millis, doing: &'static str) -> Result<PutBuilder> {
        let marker = serde_dynamo::to_item(Marker::new(place.seq, now)).map_err(ChatError::row(doing))?;
        let marker = self
            .put(place.room_id, marker_key(place.epoch, once), marker)
            .condition_expression("attribute_not_exists(roomId) OR #ttl <= :now")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":now", number(seconds(now)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        Ok(marker)
    }

    /// Voids a number, unless an event is there; says whether it is void.
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

    /// What is at a number.
    pub async fn get(&self, LogKey { room_id, epoch, seq }: LogKey<'_>) -> Result<Option<Event>> {
        self.row(room_id, event_key(epoch, seq), "read an event").await
    }

    /// The message at a number, if there is one.
    pub async fn message(&self, place: LogKey<'_>) -> Result<Option<MessageRow>> {
        Ok(match self.get(place).await? {
            Some(Event::Message(said)) => Some(said),
            _ => None,
        })
    }

    /// All there is in a stretch, by number.
    pub async fn read(&self, stretch: LogRange<'_>) -> Result<Vec<(Seq, Event)>> {
        if stretch.from > stretch.to {
            return Ok(Vec::new());
        }
        let query = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("roomId = :room AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":room", string(stretch.room_id))
            .expression_attribute_values(":from", string(event_key(stretch.epoch, stretch.from)))
            .expression_attribute_values(":to", string(event_key(stretch.epoch, stretch.to)));
        let rows: Vec<EventRow> = super::query_all(query, "read a log").await?;
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
        item.map(|item| super::row(item, doing)).transpose()
    }

    fn put(&self, room_id: &str, sk: String, item: Item) -> PutBuilder {
        Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .item("roomId", string(room_id))
            .item("sk", string(sk))
    }
}

/// A message's row may be replaced only by who has read it as it is: so its changes are applied in the order of their
/// numbers, each drawn after the version before it was read.
fn if_version(message: PutBuilder, read: Option<Seq>) -> PutBuilder {
    let message =
        message.expression_attribute_names("#type", "type").expression_attribute_values(":message", string("message"));
    match read {
        None => message.condition_expression("#type = :message AND attribute_not_exists(version)"),
        Some(version) => message
            .condition_expression("#type = :message AND version = :version")
            .expression_attribute_values(":version", number(version)),
    }
}

/// Reads why the transaction of [`Log::append`] was cancelled. The first reason is the event's; only a marker gives back
/// what was there.
fn outcome(reasons: &[CancellationReason], doing: &'static str) -> Result<Appended> {
    let failed = |reason: &&CancellationReason| reason.code() == Some("ConditionalCheckFailed");
    if let Some(item) = reasons.iter().filter(failed).find_map(|reason| reason.item()) {
        let marker: Marker = super::row(item.clone(), doing)?;
        return Ok(Appended::Duplicate(marker.seq));
    }
    if reasons.first().filter(failed).is_some() {
        return Ok(Appended::Voided);
    }
    let is_conflict =
        |reason: &CancellationReason| matches!(reason.code(), Some("ConditionalCheckFailed" | "TransactionConflict"));
    if reasons.iter().any(is_conflict) {
        return Ok(Appended::Conflict);
    }
    let reason = reasons.iter().filter_map(CancellationReason::code).find(|&code| code != "None");
    Err(ChatError::Service { doing, reason: reason.unwrap_or("cancelled").to_owned() })
}

fn put(put: std::result::Result<Put, BuildError>, doing: &'static str) -> Result<TransactWriteItem> {
    let put = put.map_err(ChatError::unbuilt(doing))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

fn marker_key(epoch: &str, IdempotencyKey { user_id, id }: &IdempotencyKey) -> String {
    format!("sent#{epoch}#{user_id}#{id}")
}

/// Sixteen digits hold every number that JavaScript can count to.
fn event_key(epoch: &str, seq: Seq) -> String {
    format!("event#{epoch}#{seq:016}")
}

fn seq_of(sk: &str) -> Option<Seq> {
    sk.rsplit('#').next()?.parse().ok()
}
