//! The Rooms table: one row per room, with its settings and the last number drawn.

mod create;
mod draw;
mod lobby;
mod notice;

pub use draw::DRAWS;
pub use lobby::{LobbyEntry, rank_activity};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::{CLOSED_ROOM_RETENTION, ROOM_IDLE_TIMEOUT};
use parlor_protocol::{Millis, Seq};
use serde::{Deserialize, Serialize};

use super::{Log, if_condition_held, number, row, seconds, string};
use crate::error::{ChatError, Result};
use crate::millis;

pub struct Rooms {
    pub db: Client,
    pub table: String,
}

/// A room's row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Room {
    pub room_id: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    pub visibility: Visibility,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<String>,
    pub created_at: Millis,
    /// The current epoch. Numbers of another epoch mean nothing in it.
    pub epoch: String,
    /// The last number drawn.
    pub seq: Seq,
    /// When it was drawn.
    pub seq_at: Millis,
    /// The minute of the last activity, then the room id: the sort key of the lobby.
    pub lobby_rank: String,
    /// Only open public rooms have one, so the lobby's index holds only these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lobby_shard: Option<String>,
    /// Seconds since 1970, rounded up to the minute.
    pub expires_at: u64,
    /// The number of the last notice that was applied to this row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noticed: Option<Seq>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Millis>,
}

/// What a new room is made of.
pub struct RoomDraft {
    pub room_id: String,
    pub epoch: String,
    pub name: String,
    pub topic: Option<String>,
    pub visibility: Visibility,
    pub owner_id: Option<String>,
}

impl Room {
    pub fn new(draft: RoomDraft, now: Millis) -> Self {
        let is_public = draft.visibility == Visibility::Public;
        Self {
            lobby_rank: lobby::rank(now, &draft.room_id),
            lobby_shard: is_public.then(|| lobby::shard_of(&draft.room_id)),
            expires_at: expires_at(now),
            room_id: draft.room_id,
            name: draft.name,
            topic: draft.topic,
            visibility: draft.visibility,
            owner_id: draft.owner_id,
            created_at: now,
            epoch: draft.epoch,
            seq: 0,
            seq_at: now,
            noticed: None,
            closed_at: None,
        }
    }

    pub fn is_open(&self, now: Millis) -> bool {
        self.closed_at.is_none() && self.expires_at > seconds(now)
    }
}

impl Rooms {
    /// Reads an open room.
    ///
    /// # Errors
    /// `roomNotFound`, `roomClosed`.
    pub async fn open(&self, room_id: &str, now: Millis) -> Result<Room> {
        let room = self.get(room_id).await?;
        if room.is_open(now) { Ok(room) } else { Err(closed()) }
    }

    /// Reads a room, or returns `None` if it is not open or does not exist.
    pub async fn if_open(&self, room_id: &str, now: Millis) -> Result<Option<Room>> {
        match self.open(room_id, now).await {
            Ok(room) => Ok(Some(room)),
            Err(ChatError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads a room for its owner, open or not.
    ///
    /// # Errors
    /// `roomNotFound`; `forbidden` for anyone but the owner.
    pub async fn owned(&self, room_id: &str, owner_id: &str) -> Result<Room> {
        let room = self.get(room_id).await?;
        if room.owner_id.as_deref() == Some(owner_id) {
            return Ok(room);
        }
        Err(ChatError::refused(ErrorCode::Forbidden, "only the room's owner may do that"))
    }

    async fn get(&self, room_id: &str) -> Result<Room> {
        let doing = "read a room";
        let request = self.db.get_item().table_name(&self.table).key("roomId", string(room_id)).consistent_read(true);
        let item = request.send().await.map_err(ChatError::service(doing))?.item.ok_or_else(not_found)?;
        row(item, doing)
    }

    /// Starts a new epoch of the room's log, and adds the `remains` row of the old one. Returns whether it did: not if
    /// the log has ended since `room` was read, or if another write was at the room's row.
    ///
    /// # Errors
    /// `roomClosed`.
    pub async fn start_epoch(&self, room: &Room, epoch: &str, log: &Log, now: Millis) -> Result<bool> {
        let doing = "clear a room";
        if !room.is_open(now) {
            return Err(closed());
        }
        // A repeated draw must not find a number of the old log.
        let draws: String = (0..DRAWS).map(|n| format!(", draw{n}")).collect();
        let update = Update::builder()
            .table_name(&self.table)
            .key("roomId", string(&room.room_id))
            .update_expression(format!("SET epoch = :epoch, seq = :none, seqAt = :now REMOVE noticed{draws}"))
            .condition_expression("epoch = :read AND attribute_not_exists(closedAt)")
            .expression_attribute_values(":epoch", string(epoch))
            .expression_attribute_values(":none", number(0))
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":read", string(&room.epoch))
            .build()
            .map_err(ChatError::unbuilt(doing))?;
        let written = self
            .db
            .transact_write_items()
            .transact_items(TransactWriteItem::builder().update(update).build())
            .transact_items(log.remains_put(&room.room_id, &room.epoch, now)?)
            .send()
            .await;
        let Err(error) = written else { return Ok(true) };
        match cancellation_code(&error, 0) {
            Some("ConditionalCheckFailed" | "TransactionConflict") => Ok(false),
            _ => Err(ChatError::service(doing)(error)),
        }
    }

    /// Lets DynamoDB delete the row of a closed room after [`CLOSED_ROOM_RETENTION`]. Call it once nothing is left of the room's
    /// log: until then, its owner must be able to delete the rest.
    pub async fn expire_closed(&self, room_id: &str, now: Millis) -> Result<()> {
        let updated = self
            .db
            .update_item()
            .table_name(&self.table)
            .key("roomId", string(room_id))
            .update_expression("SET #ttl = :ttl")
            .condition_expression("attribute_exists(closedAt) AND attribute_not_exists(#ttl)")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":ttl", number(seconds(now + millis(CLOSED_ROOM_RETENTION))))
            .send()
            .await;
        if_condition_held(updated, "expire a room")?;
        Ok(())
    }
}

/// Returns why DynamoDB cancelled a transaction, as far as its n-th write is concerned, counted from 0.
fn cancellation_code<R>(error: &SdkError<TransactWriteItemsError, R>, n: usize) -> Option<&str> {
    match error.as_service_error()? {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            cancelled.cancellation_reasons().get(n)?.code()
        }
        _ => None,
    }
}

/// Rounded up to the minute, so that the lobby's index moves at most once a minute.
fn expires_at(active: Millis) -> u64 {
    (active + millis(ROOM_IDLE_TIMEOUT)).div_ceil(60_000) * 60
}

fn not_found() -> ChatError {
    ChatError::refused(ErrorCode::RoomNotFound, "no such room")
}

fn closed() -> ChatError {
    ChatError::refused(ErrorCode::RoomClosed, "the room was closed or has expired")
}
