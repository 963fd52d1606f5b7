//! Storing an event at its number, in one transaction with everything that must be stored with it.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{CancellationReason, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use parlor_protocol::limits::IDEMPOTENCY_KEY_LIFETIME;
use parlor_protocol::log::{ChangeKind, NoticeKind};
use parlor_protocol::person::Person;
use parlor_protocol::{Millis, Seq};
use serde::{Deserialize, Serialize};

use super::{ChangeRow, Event, Log, LogKey, MessageRow, NoticeRow, event_key};
use crate::error::{ChatError, Result};
use crate::millis;
use crate::store::{Item, NewSettings, Rooms, number, row, seconds, string};

const DOING: &str = "store an event";

/// An event to store, with its companions.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub event: Event,
    /// The epoch of the message that the event refers to, if the event is only for that epoch.
    pub epoch: Option<String>,
    pub companions: Vec<Companion>,
}

/// A write in the same transaction as an event. If the condition of one fails, nothing is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Companion {
    /// Marks an idempotency key as used, unless it is used already.
    Marker(IdempotencyKey),
    /// Replaces the changed message, if its stored version is still `read`.
    Message { of: Seq, read: Option<Seq>, message: MessageRow },
    /// Applies a notice to the room's row, if the room is open, `owner_id` owns it, and its last notice is still
    /// `read`. Changes the rules to `new`, if given. A conversation has no owner here: its members are asked before.
    /// A notice of changed rules is applied only if moderation still has this version.
    Room { owner_id: Option<String>, read: Option<Seq>, moderation: Option<u64>, new: Option<Box<NewSettings>> },
    /// Deletes the message as it waited for a moderator, if it still does. The moderator has approved it.
    Approved(Box<TransactWriteItem>),
    /// A write to a table of which only its own store knows the keys.
    Other(Box<TransactWriteItem>),
    /// Adds the `remains` row of this log, which is over.
    Remains,
}

/// Makes a request happen once in an epoch of a room: the person who made it, and the id they chose for it.
#[derive(Clone, Debug, PartialEq)]
pub struct IdempotencyKey {
    pub user_id: String,
    pub id: String,
}

/// The result of [`Log::append`].
#[derive(Debug, PartialEq)]
pub enum Appended {
    Stored,
    /// The idempotency key was used before, for the event at this number. Perhaps by this very write, if the SDK
    /// repeated it after a lost answer.
    Duplicate(Seq),
    /// A reader has voided the number.
    Voided,
    /// A companion's row has changed since it was read, or another write to the same rows was in progress.
    Conflict,
}

impl Entry {
    /// Returns the entry of a notice by the room's owner. `read` is the number of the room's last notice. The notice
    /// that closes a room ends its log, so it comes with the log's `remains` row.
    pub fn notice(notice: NoticeRow, read: Option<Seq>) -> Self {
        let mut companions =
            vec![Companion::Room { owner_id: Some(notice.user_id.clone()), read, moderation: None, new: None }];
        if notice.kind == NoticeKind::Closed {
            companions.push(Companion::Remains);
        }
        Self { event: Event::Notice(notice), epoch: None, companions }
    }

    /// Returns the entry of a message's deletion, without an idempotency key.
    pub fn deletion(key: LogKey<'_>, message: MessageRow, by: &Person, now: Millis) -> Self {
        let Person { user_id, name } = by.clone();
        let change = ChangeRow { of: key.seq, kind: ChangeKind::Deleted, emoji: None, user_id, name, at: now };
        let read = message.version;
        let companions = vec![Companion::Message { of: key.seq, read, message: message.deleted(now) }];
        Self { event: Event::Change(change), epoch: Some(key.epoch.to_owned()), companions }
    }

    /// Whether this refers to a message of another epoch: the room was cleared since.
    pub fn is_of_another_epoch(&self, current: &str) -> bool {
        self.epoch.as_ref().is_some_and(|epoch| epoch != current)
    }

    /// Returns the key that makes this happen once, if it has one.
    pub fn idempotency_key(&self) -> Option<&IdempotencyKey> {
        self.companions.iter().find_map(|companion| match companion {
            Companion::Marker(key) => Some(key),
            _ => None,
        })
    }

    /// Whether a moderator has approved this.
    pub fn is_approved(&self) -> bool {
        self.companions.iter().any(|companion| matches!(companion, Companion::Approved(_)))
    }

    /// Returns the text that this adds to the log, if it adds one.
    pub fn text(&self) -> Option<&str> {
        self.message().map(|message| message.text.as_str())
    }

    /// Replaces the text that this adds to the log.
    pub fn replace_text(&mut self, new: &str) {
        let message = match &mut self.event {
            Event::Message(message) => Some(message),
            _ => self.companions.iter_mut().find_map(|companion| match companion {
                Companion::Message { message, .. } => Some(message),
                _ => None,
            }),
        };
        if let Some(message) = message {
            message.text = new.to_owned();
            message.replaced = true;
        }
    }

    /// Returns the message whose text this adds.
    fn message(&self) -> Option<&MessageRow> {
        match &self.event {
            Event::Message(message) => Some(message),
            Event::Change(ChangeRow { kind: ChangeKind::Edited, .. }) => {
                self.companions.iter().find_map(|companion| match companion {
                    Companion::Message { message, .. } => Some(message),
                    _ => None,
                })
            }
            _ => None,
        }
    }

    /// Whether this answers a number that is not in the log before `seq`.
    pub fn replies_to_nothing(&self, seq: Seq) -> bool {
        matches!(&self.event, Event::Message(MessageRow { reply_to: Some(of), .. }) if !(1..seq).contains(of))
    }
}

impl Log {
    /// Stores an event with its companions, if nothing is at its number. `rooms` is for companions that write the
    /// room's row.
    pub async fn append(&self, key: LogKey<'_>, entry: &Entry, rooms: &Rooms, now: Millis) -> Result<Appended> {
        let mut writes = vec![self.event_put(key, &entry.event)?];
        for companion in &entry.companions {
            writes.push(match companion {
                Companion::Marker(idempotency_key) => build(self.marker_put(key, idempotency_key, now)?)?,
                Companion::Message { of, read, message } => {
                    let message = MessageRow { version: Some(key.seq), ..message.clone() };
                    build(self.message_put(LogKey { seq: *of, ..key }, message, *read)?)?
                }
                Companion::Room { owner_id, read, moderation, new } => {
                    let (owner_id, new) = (owner_id.as_deref(), new.as_deref());
                    rooms.notice_update(key, owner_id, (*read, *moderation), new, &entry.event, now)?
                }
                Companion::Approved(write) | Companion::Other(write) => write.as_ref().clone(),
                Companion::Remains => self.remains_put(key.room_id, key.epoch, now)?,
            });
        }
        match self.db.transact_write_items().set_transact_items(Some(writes)).send().await {
            Ok(_) => Ok(Appended::Stored),
            Err(SdkError::ServiceError(error)) => match error.err() {
                TransactWriteItemsError::TransactionCanceledException(cancelled) => {
                    outcome(&entry.companions, cancelled.cancellation_reasons())
                }
                _ => Err(ChatError::service(DOING)(SdkError::ServiceError(error))),
            },
            Err(error) => Err(ChatError::service(DOING)(error)),
        }
    }

    /// Returns the write that stores an event, if nothing is at its number.
    pub(in crate::store) fn event_put(&self, key: LogKey, event: &Event) -> Result<TransactWriteItem> {
        let event = serde_dynamo::to_item(event).map_err(ChatError::row(DOING))?;
        let put = self.put(key.room_id, event_key(key.epoch, key.seq), event);
        build(put.condition_expression("attribute_not_exists(roomId)"))
    }

    /// Returns the number that an idempotency key was used for, if it was.
    pub async fn marker(&self, room_id: &str, epoch: &str, key: &IdempotencyKey, now: Millis) -> Result<Option<Seq>> {
        let marker: Option<Marker> = self.row(room_id, marker_key(epoch, key), "read a marker").await?;
        Ok(marker.filter(|marker| marker.ttl > seconds(now)).map(|marker| marker.seq))
    }

    fn marker_put(&self, key: LogKey, idempotency_key: &IdempotencyKey, now: Millis) -> Result<PutBuilder> {
        let marker = Marker { seq: key.seq, ttl: seconds(now + millis(IDEMPOTENCY_KEY_LIFETIME)) };
        let item = serde_dynamo::to_item(marker).map_err(ChatError::row(DOING))?;
        Ok(self
            .put(key.room_id, marker_key(key.epoch, idempotency_key), item)
            .condition_expression("attribute_not_exists(roomId) OR #ttl <= :now")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":now", number(seconds(now)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld))
    }

    /// Replaces a message's row only if it is still as it was read. So the changes of a message apply in the order of
    /// their numbers: each number is drawn after the previous version was read.
    fn message_put(&self, key: LogKey, message: MessageRow, read: Option<Seq>) -> Result<PutBuilder> {
        let item = serde_dynamo::to_item(Event::Message(message)).map_err(ChatError::row(DOING))?;
        let put = self
            .put(key.room_id, event_key(key.epoch, key.seq), item)
            .expression_attribute_names("#type", "type")
            .expression_attribute_values(":message", string("message"));
        Ok(match read {
            None => put.condition_expression("#type = :message AND attribute_not_exists(version)"),
            Some(version) => put
                .condition_expression("#type = :message AND version = :version")
                .expression_attribute_values(":version", number(version)),
        })
    }

    fn put(&self, room_id: &str, sk: String, item: Item) -> PutBuilder {
        Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .item("roomId", string(room_id))
            .item("sk", string(sk))
    }
}

/// The row that marks an idempotency key as used.
#[derive(Serialize, Deserialize)]
struct Marker {
    seq: Seq,
    /// Seconds since 1970. The marker counts until then, whenever DynamoDB deletes it.
    ttl: u64,
}

fn marker_key(epoch: &str, IdempotencyKey { user_id, id }: &IdempotencyKey) -> String {
    format!("sent#{epoch}#{user_id}#{id}")
}

/// Reads why the transaction was cancelled. DynamoDB gives one reason for each write, in the order of the writes: the
/// event first, then its companions.
fn outcome(companions: &[Companion], reasons: &[CancellationReason]) -> Result<Appended> {
    for (companion, reason) in companions.iter().zip(reasons.iter().skip(1)) {
        if let Some(seq) = companion.duplicate_of(reason)? {
            return Ok(Appended::Duplicate(seq));
        }
    }
    if reasons.first().is_some_and(condition_failed) {
        return Ok(Appended::Voided);
    }
    let is_conflict = |reason: &CancellationReason| reason.code() == Some("TransactionConflict");
    if reasons.iter().any(|reason| condition_failed(reason) || is_conflict(reason)) {
        return Ok(Appended::Conflict);
    }
    let reason = reasons.iter().filter_map(CancellationReason::code).find(|&code| code != "None");
    Err(ChatError::Service { doing: DOING, reason: reason.unwrap_or("cancelled").to_owned() })
}

impl Companion {
    /// Returns the number of the event that was stored under the same idempotency key. Only markers ask DynamoDB for
    /// the row that was in the way.
    fn duplicate_of(&self, reason: &CancellationReason) -> Result<Option<Seq>> {
        match (self, reason.item()) {
            (Self::Marker(_), Some(item)) if condition_failed(reason) => {
                let marker: Marker = row(item.clone(), DOING)?;
                Ok(Some(marker.seq))
            }
            _ => Ok(None),
        }
    }
}

fn condition_failed(reason: &CancellationReason) -> bool {
    reason.code() == Some("ConditionalCheckFailed")
}

fn build(put: PutBuilder) -> Result<TransactWriteItem> {
    let put = put.build().map_err(ChatError::unbuilt(DOING))?;
    Ok(TransactWriteItem::builder().put(put).build())
}
