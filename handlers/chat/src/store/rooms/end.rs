//! The end of a room, as its row and the index `expiring` record it.
//!
//! The index has a queue of open rooms, ordered by when they may end, and a queue of rooms that are over and wait to be
//! deleted. A room stays in the first until everyone in it has been told. Activity postpones a room's end but not its
//! position in the queue: the sweep postpones that when it finds the room still open. So sending costs nothing for it.

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{AttributeValue, Update};
use futures_util::future::try_join_all;
use parlor_protocol::Millis;
use parlor_protocol::limits::ENDED_ROOM_RETENTION;
use parlor_protocol::server::LeftReason;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as Unreadable;

use super::{Room, Rooms};
use crate::error::{ChatError, Result};
use crate::millis;
use crate::store::{Item, Log, if_condition_held, number, rows, seconds, string};

/// One partition of an index takes 1,000 writes a second, and each new room is a write.
const SHARDS: u8 = 4;
const DOING: &str = "end a room";

/// A queue of the index `expiring`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    Open,
    /// Nobody may write any more, and nobody is inside; what the room held has yet to be deleted.
    Over,
}

impl Queue {
    /// Returns the partition key of a room in this queue.
    pub(super) fn key(self, room_id: &str) -> String {
        let sum = room_id.bytes().fold(0u8, u8::wrapping_add);
        self.shard(sum % SHARDS)
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::Open => "open#",
            Self::Over => "over#",
        }
    }

    fn shard(self, shard: u8) -> String {
        format!("{}{shard}", self.prefix())
    }
}

/// A room in a queue.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    pub room_id: String,
    pub sweep_at: Millis,
}

impl Rooms {
    /// Reads the first `limit` rooms of a queue whose time has come by `now`, the longest due first.
    pub async fn due(&self, queue: Queue, limit: usize, now: Millis) -> Result<Vec<Waiting>> {
        let shards = (0..SHARDS).map(|shard| self.due_in_shard(queue.shard(shard), limit, now));
        let mut due: Vec<Waiting> = try_join_all(shards).await?.into_iter().flatten().collect();
        due.sort_by_key(|waiting| waiting.sweep_at);
        due.truncate(limit);
        Ok(due)
    }

    async fn due_in_shard(&self, shard: String, limit: usize, now: Millis) -> Result<Vec<Waiting>> {
        let doing = "find rooms that end";
        let query = self
            .db
            .query()
            .table_name(&self.table)
            .index_name("expiring")
            .key_condition_expression("sweepQueue = :shard AND sweepAt <= :now")
            .expression_attribute_values(":shard", string(shard))
            .expression_attribute_values(":now", number(now))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX));
        rows(query.send().await.map_err(ChatError::service(doing))?.items.unwrap_or_default(), doing)
    }

    /// Reads a room, open or over. `None` if nothing but perhaps a tombstone is left of it.
    pub async fn find(&self, room_id: &str) -> Result<Option<Room>> {
        match self.get(room_id).await {
            Ok(room) => Ok(Some(room)),
            Err(ChatError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Moves a room back in its queue, unless its position has changed since it was read.
    pub async fn postpone(&self, room: &Room, until: Millis) -> Result<()> {
        let update = self
            .db
            .update_item()
            .table_name(&self.table)
            .key("roomId", string(&room.room_id))
            .update_expression("SET sweepAt = :until")
            .condition_expression("sweepAt = :read AND sweepQueue = :queue")
            .expression_attribute_values(":until", number(until))
            .expression_attribute_values(":read", number(room.sweep_at.unwrap_or_default()))
            .expression_attribute_values(":queue", string(room.sweep_queue.clone().unwrap_or_default()));
        if_condition_held(update.send().await, "put off a room")?;
        Ok(())
    }

    /// Renews the owner's lease, the time until which the owner may be away, while the room is open. Never shortens it.
    pub async fn renew_owner(&self, room_id: &str, until: Millis, now: Millis) -> Result<()> {
        let update = self
            .db
            .update_item()
            .table_name(&self.table)
            .key("roomId", string(room_id))
            .update_expression("SET ownerUntil = :until")
            .condition_expression("attribute_not_exists(closedAt) AND ownerUntil > :now AND ownerUntil < :until")
            .expression_attribute_values(":until", number(until))
            .expression_attribute_values(":now", number(now));
        if_condition_held(update.send().await, "renew an owner's lease")?;
        Ok(())
    }

    /// Starts the owner's absence. Returns `false` if the owner has come back or the room's end has changed since `room`
    /// was read, or if another write to the row was in progress: then read the room again.
    pub async fn owner_left(&self, room: &Room, now: Millis) -> Result<bool> {
        let (Some(read), Some(seconds)) = (room.owner_until, room.settings.absence_seconds) else { return Ok(true) };
        let until = now + Millis::from(seconds.get()) * 1000;
        if read <= until {
            return Ok(true);
        }
        let ends = Room { owner_until: Some(until), ..room.clone() }.end().0;
        let update = self
            .db
            .update_item()
            .table_name(&self.table)
            .key("roomId", string(&room.room_id))
            .update_expression("SET ownerUntil = :until, sweepAt = :ends")
            .condition_expression(
                "attribute_not_exists(closedAt) AND ownerUntil = :read AND sweepAt = :readSweep AND ownerId = :owner",
            )
            .expression_attribute_values(":owner", string(room.owner_id.clone().unwrap_or_default()))
            .expression_attribute_values(":until", number(until))
            .expression_attribute_values(":ends", number(ends))
            .expression_attribute_values(":read", number(read))
            .expression_attribute_values(":readSweep", number(room.sweep_at.unwrap_or_default()));
        match update.send().await {
            // The SDK does not retry this one.
            Err(error) if error.code() == Some("TransactionConflictException") => Ok(false),
            updated => Ok(if_condition_held(updated, "end an owner's lease")?.is_some()),
        }
    }

    /// Ends a room that reached its end, and adds the `remains` row of its log. Returns whether the room is over: `false`
    /// if its owner has postponed the end, or cleared its log, since `room` was read.
    pub async fn end(&self, room: &Room, log: &Log, now: Millis) -> Result<bool> {
        if room.closed_at.is_some() {
            return Ok(true);
        }
        let update = Update::builder()
            .table_name(&self.table)
            .key("roomId", string(&room.room_id))
            .update_expression(
                "SET closedAt = :now, endReason = :reason, sweepQueue = :queue, sweepAt = :now REMOVE lobbyShard",
            )
            .condition_expression(
                "attribute_not_exists(closedAt) AND epoch = :epoch \
                 AND (expiresAt <= :seconds OR endsAt <= :now OR ownerUntil <= :now)",
            )
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":seconds", number(seconds(now)))
            .expression_attribute_values(":reason", reason_value(room.reason())?)
            .expression_attribute_values(":epoch", string(&room.epoch))
            .expression_attribute_values(":queue", string(Queue::Open.key(&room.room_id)))
            .build()
            .map_err(ChatError::unbuilt(DOING))?;
        self.end_log(update, log.remains_put(&room.room_id, &room.epoch, now)?, DOING).await
    }

    /// Moves a room that is over to the queue of rooms to delete. Call it once everyone has been told and removed.
    pub async fn queue_deletion(&self, room_id: &str, now: Millis) -> Result<()> {
        let update = self
            .db
            .update_item()
            .table_name(&self.table)
            .key("roomId", string(room_id))
            .update_expression("SET sweepQueue = :over, sweepAt = :now")
            .condition_expression("attribute_exists(closedAt) AND begins_with(sweepQueue, :open)")
            .expression_attribute_values(":over", string(Queue::Over.key(room_id)))
            .expression_attribute_values(":open", string(Queue::Open.prefix()))
            .expression_attribute_values(":now", number(now));
        if_condition_held(update.send().await, "put a room into the queue for deletion")?;
        Ok(())
    }

    /// Replaces the row of a room of which nothing else is left by its tombstone, and so removes it from its queue.
    pub async fn replace_by_tombstone(&self, room: &Room, now: Millis) -> Result<()> {
        let tombstone = Item::from([
            ("roomId".to_owned(), string(&room.room_id)),
            ("closedAt".to_owned(), number(room.closed_at.unwrap_or(now))),
            (TOMBSTONE.to_owned(), reason_value(room.reason())?),
            ("ttl".to_owned(), number(seconds(now + millis(ENDED_ROOM_RETENTION)))),
        ]);
        let put = self
            .db
            .put_item()
            .table_name(&self.table)
            .set_item(Some(tombstone))
            .condition_expression("attribute_exists(closedAt)")
            .send()
            .await;
        if_condition_held(put, "bury a room")?;
        Ok(())
    }
}

/// The attribute that only tombstones have: why the room ended.
const TOMBSTONE: &str = "endedFor";

/// Returns why the room ended if this row is its tombstone.
pub(super) fn tombstone(item: &Item) -> Option<LeftReason> {
    let reason = item.get(TOMBSTONE)?;
    let known = reason.as_s().ok().and_then(|name| {
        LeftReason::deserialize(IntoDeserializer::<Unreadable>::into_deserializer(name.as_str())).ok()
    });
    Some(known.unwrap_or(LeftReason::Closed))
}

fn reason_value(reason: LeftReason) -> Result<AttributeValue> {
    serde_dynamo::to_attribute_value(reason).map_err(ChatError::row(DOING))
}
