//! The Rooms table: one row for each room, with its settings and the number given out last.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use futures_util::future::try_join_all;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::{CLOSED_ROOM_RETENTION, ROOM_IDLE_TIMEOUT, ROOMS_PER_PERSON};
use parlor_protocol::log::NoticeKind;
use parlor_protocol::text::RoomId;
use parlor_protocol::{Millis, Seq};
use serde::{Deserialize, Serialize};

use super::{Event, Item, Limits, Log, LogKey, if_condition_held, number, seconds, string};
use crate::error::{ChatError, Result};
use crate::people::identity::random_id;
use crate::{READS_AT_ONCE, millis};

/// One index partition takes 1,000 writes a second; each active room moves once a minute.
const LOBBY_SHARDS: u8 = 4;
/// Draws that a room's row remembers. A lost answer is noticed after a second at the latest.
pub const DRAWS: u64 = 8;

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
    /// Names this log: numbers of another epoch mean nothing here.
    pub epoch: String,
    /// The number given out last.
    pub seq: Seq,
    /// When it was given out.
    pub seq_at: Millis,
    /// Activity to the minute, and the room: the lobby's order.
    pub lobby_rank: String,
    /// Only open public rooms have one, so only they are in the lobby.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lobby_shard: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_shard: Option<String>,
    /// Seconds since 1970, to the minute.
    pub expires_at: u64,
    /// The number of the notice that gave the room its present name and topic, or closed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noticed: Option<Seq>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Millis>,
}

/// What is needed to make a room.
pub struct RoomDraft {
    pub room_id: String,
    pub epoch: String,
    pub name: String,
    pub topic: Option<String>,
    pub visibility: Visibility,
    pub owner_id: Option<String>,
}

/// A room as the lobby's index knows it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LobbyEntry {
    pub room_id: String,
    pub name: String,
    #[serde(default)]
    pub topic: Option<String>,
    pub created_at: Millis,
    pub lobby_rank: String,
    pub expires_at: u64,
}

pub struct Rooms {
    pub db: Client,
    pub table: String,
}

impl Room {
    pub fn new(draft: RoomDraft, now: Millis) -> Self {
        let shard = (draft.visibility == Visibility::Public).then(|| shard_of(&draft.room_id));
        Self {
            lobby_rank: lobby_rank(now, &draft.room_id),
            lobby_shard: shard,
            expiry_shard: Some(shard_of(&draft.room_id)),
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
    /// Makes a room. One that has an owner is noted among theirs in the same transaction: `limits` has that row.
    ///
    /// # Errors
    /// `tooManyRooms`.
    pub async fn create(&self, room: &Room, limits: &Limits, now: Millis) -> Result<()> {
        let Some(owner_id) = &room.owner_id else { return self.put(room).await };
        if self.put_owned(room, limits.own(owner_id, &room.room_id, now)?).await? {
            return Ok(());
        }
        let over = self.over(limits.owned(owner_id).await?, now).await?;
        limits.disown(owner_id, over).await?;
        if self.put_owned(room, limits.own(owner_id, &room.room_id, now)?).await? {
            return Ok(());
        }
        let message = format!("a person can own {ROOMS_PER_PERSON} open rooms at a time; close one first");
        Err(ChatError::refused(ErrorCode::TooManyRooms, message))
    }

    /// Nobody else makes a room of this id: if it is there, an attempt before has made it, whose answer was lost.
    async fn put(&self, room: &Room) -> Result<()> {
        let request = self.db.put_item().table_name(&self.table).set_item(Some(item(room)?));
        if_condition_held(request.condition_expression(NEW).send().await, CREATE)?;
        Ok(())
    }

    /// Says whether it did: not where the owner has as many as they may.
    async fn put_owned(&self, room: &Room, note: TransactWriteItem) -> Result<bool> {
        let put = Put::builder().table_name(&self.table).set_item(Some(item(room)?)).condition_expression(NEW);
        let put = TransactWriteItem::builder().put(put.build().map_err(ChatError::unbuilt(CREATE))?).build();
        match self.db.transact_write_items().transact_items(put).transact_items(note).send().await {
            Ok(_) => Ok(true),
            Err(error) if is_full(&error) => Ok(false),
            Err(error) => Err(ChatError::service(CREATE)(error)),
        }
    }

    /// Those of these rooms that are over.
    async fn over(&self, rooms: BTreeSet<String>, now: Millis) -> Result<Vec<String>> {
        let is_over = |room_id: String| async move {
            let room = self.if_open(&room_id, now).await?;
            Ok::<_, ChatError>(room.is_none().then_some(room_id))
        };
        let over = stream::iter(rooms.into_iter().map(is_over)).buffered(READS_AT_ONCE);
        over.try_filter_map(async |over| Ok(over)).try_collect().await
    }

    /// The room as it is now, if it is open.
    ///
    /// # Errors
    /// `roomNotFound`, `roomClosed`.
    pub async fn open(&self, room_id: &str, now: Millis) -> Result<Room> {
        let room = self.get(room_id).await?;
        if room.is_open(now) { Ok(room) } else { Err(closed()) }
    }

    /// The room as it is now; nothing where it is over, or there is none.
    pub async fn if_open(&self, room_id: &str, now: Millis) -> Result<Option<Room>> {
        match self.open(room_id, now).await {
            Ok(room) => Ok(Some(room)),
            Err(ChatError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The room as it is now, for its owner, who may change it.
    ///
    /// # Errors
    /// `roomNotFound`; `forbidden` for anybody but the owner.
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
        super::row(item, doing)
    }

    /// Gives out the room's next number, while the room is open, and marks the room active.
    /// The row that comes back has the number as its `seq`; none comes while a notice is being stored.
    ///
    /// # Errors
    /// `roomNotFound`, `roomClosed`.
    pub async fn next_seq(&self, room_id: &str, now: Millis) -> Result<Option<Room>> {
        self.draw(room_id, &random_id()?, now).await
    }

    /// The same for a draw of this name: repeated, as the SDK does when an answer is lost, it finds its number. The room's row
    /// has the names of its last [`DRAWS`] draws, newest first.
    ///
    /// # Errors
    /// `roomNotFound`, `roomClosed`.
    pub async fn draw(&self, room_id: &str, draw: &str, now: Millis) -> Result<Option<Room>> {
        let doing = "number an event";
        let shift: String = (1..DRAWS).map(|n| format!(", draw{n} = if_not_exists(draw{}, :none)", n - 1)).collect();
        let is_new: String = (0..DRAWS).map(|n| format!(" AND draw{n} <> :draw")).collect();
        let updated = self
            .db
            .update_item()
            .table_name(&self.table)
            .key("roomId", string(room_id))
            .update_expression(format!(
                "SET seq = seq + :one, seqAt = :now, lobbyRank = :rank, expiresAt = :expires, draw0 = :draw{shift}"
            ))
            .condition_expression(format!(
                "attribute_exists(roomId) AND attribute_not_exists(closedAt) AND expiresAt > :seconds{is_new}"
            ))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":rank", string(lobby_rank(now, room_id)))
            .expression_attribute_values(":expires", number(expires_at(now)))
            .expression_attribute_values(":seconds", number(seconds(now)))
            .expression_attribute_values(":draw", string(draw))
            .expression_attribute_values(":none", string("none"))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let error = match updated {
            Ok(updated) => return super::row(updated.attributes.unwrap_or_default(), doing).map(Some),
            Err(error) => error,
        };
        match error.as_service_error() {
            // The SDK does not take this for something to try again.
            Some(error) if error.code() == Some("TransactionConflictException") => Ok(None),
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                let item = failed.item.clone().ok_or_else(not_found)?;
                let since = (0..DRAWS).find(|n| item.get(&format!("draw{n}")) == Some(&string(draw)));
                let room: Room = super::row(item, doing)?;
                let since = since.filter(|_| room.is_open(now)).ok_or_else(closed)?;
                Ok(Some(Room { seq: room.seq.saturating_sub(since), ..room }))
            }
            _ => Err(ChatError::service(doing)(error)),
        }
    }

    /// Starts the room's log anew, under an epoch that nobody has a position in; `log` notes that the old one is over. Says
    /// whether it did: not where the log ended since the room was read, or another write is at the room's row.
    ///
    /// # Errors
    /// `roomClosed`.
    pub async fn start_epoch(&self, room: &Room, epoch: &str, log: &Log, now: Millis) -> Result<bool> {
        let doing = "clear a room";
        if !room.is_open(now) {
            return Err(closed());
        }
        // A draw of the old log is none of the new one.
        let forget: String = (0..DRAWS).map(|n| format!(", draw{n}")).collect();
        let update = Update::builder()
            .table_name(&self.table)
            .key("roomId", string(&room.room_id))
            .update_expression(format!("SET epoch = :epoch, seq = :none, seqAt = :now REMOVE noticed{forget}"))
            .condition_expression("epoch = :read AND attribute_not_exists(closedAt)")
            .expression_attribute_values(":epoch", string(epoch))
            .expression_attribute_values(":none", number(0))
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":read", string(&room.epoch))
            .build()
            .map_err(ChatError::unbuilt(doing))?;
        let ended = self
            .db
            .transact_write_items()
            .transact_items(TransactWriteItem::builder().update(update).build())
            .transact_items(log.ending(&room.room_id, &room.epoch, now)?)
            .send()
            .await;
        let Err(error) = ended else { return Ok(true) };
        match reason(&error) {
            Some("ConditionalCheckFailed" | "TransactionConflict") => Ok(false),
            _ => Err(ChatError::service(doing)(error)),
        }
    }

    /// Lets DynamoDB delete the row of a closed room some time from now, once nothing is left of its log: until then its owner
    /// must be able to delete the rest.
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

    /// What a notice does to the room's row, for the transaction that stores the notice. `read`: the number of the notice
    /// that was the last when the row was read; what a later one did is never undone.
    pub(super) fn notice(
        &self,
        place: LogKey<'_>,
        owner_id: &str,
        read: Option<Seq>,
        event: &Event,
        now: Millis,
        doing: &'static str,
    ) -> Result<TransactWriteItem> {
        let Event::Notice(notice) = event else {
            return Err(ChatError::Service { doing, reason: "not a notice".into() });
        };
        let update = Update::builder()
            .table_name(&self.table)
            .key("roomId", string(place.room_id))
            .condition_expression(format!(
                "ownerId = :owner AND epoch = :epoch AND attribute_not_exists(closedAt) AND {}",
                if read.is_some() { "noticed = :read" } else { "attribute_not_exists(noticed)" }
            ))
            .set_expression_attribute_values(read.map(|seq| HashMap::from([(":read".to_owned(), number(seq))])))
            .expression_attribute_values(":owner", string(owner_id))
            .expression_attribute_values(":epoch", string(place.epoch))
            .expression_attribute_values(":seq", number(place.seq));
        let update = match notice.kind {
            NoticeKind::Renamed => {
                let update = update
                    .expression_attribute_names("#name", "name")
                    .expression_attribute_values(":name", string(&notice.room_name));
                match &notice.topic {
                    None => update.update_expression("SET noticed = :seq, #name = :name REMOVE topic"),
                    Some(topic) => update
                        .update_expression("SET noticed = :seq, #name = :name, topic = :topic")
                        .expression_attribute_values(":topic", string(topic)),
                }
            }
            NoticeKind::Cleared => update.update_expression("SET noticed = :seq"),
            NoticeKind::Closed => update
                .update_expression("SET noticed = :seq, closedAt = :now REMOVE lobbyShard, expiryShard")
                .expression_attribute_values(":now", number(now)),
        };
        Ok(TransactWriteItem::builder().update(update.build().map_err(ChatError::unbuilt(doing))?).build())
    }

    /// Open public rooms that rank below `before`, most recently active first, at most `limit` of them and one more
    /// where there is one.
    pub async fn lobby(&self, before: Option<&str>, limit: usize, now: Millis) -> Result<Vec<LobbyEntry>> {
        let shards = (0..LOBBY_SHARDS).map(|shard| self.lobby_shard(shard, before, limit + 1));
        let mut entries: Vec<LobbyEntry> = try_join_all(shards).await?.into_iter().flatten().collect();
        entries.retain(|entry| entry.expires_at > seconds(now));
        entries.sort_by(|a, b| b.lobby_rank.cmp(&a.lobby_rank));
        entries.truncate(limit + 1);
        Ok(entries)
    }

    async fn lobby_shard(&self, shard: u8, before: Option<&str>, limit: usize) -> Result<Vec<LobbyEntry>> {
        let doing = "read the lobby";
        let items = self
            .db
            .query()
            .table_name(&self.table)
            .index_name("lobby")
            .key_condition_expression("lobbyShard = :shard AND lobbyRank < :before")
            .expression_attribute_values(":shard", string(shard.to_string()))
            .expression_attribute_values(":before", string(before.unwrap_or(ABOVE_ALL_RANKS)))
            .scan_index_forward(false)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(ChatError::service(doing))?
            .items
            .unwrap_or_default();
        super::rows(items, doing)
    }
}

const CREATE: &str = "create a room";
const NEW: &str = "attribute_not_exists(roomId)";

fn item(room: &Room) -> Result<Item> {
    serde_dynamo::to_item(room).map_err(ChatError::row(CREATE))
}

/// Why the first part of a transaction could not be.
fn reason<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<&str> {
    match error.as_service_error()? {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            cancelled.cancellation_reasons().first()?.code()
        }
        _ => None,
    }
}

/// Whether it was the second part of the transaction that could not be.
fn is_full<R>(error: &SdkError<TransactWriteItemsError, R>) -> bool {
    let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) = error.as_service_error() else {
        return false;
    };
    canceled.cancellation_reasons().get(1).and_then(|reason| reason.code()) == Some("ConditionalCheckFailed")
}

/// Ranks begin with a digit.
const ABOVE_ALL_RANKS: &str = "~";

/// Sorts by the minute, then by the room: ten digits reach the year 20983.
fn lobby_rank(active: Millis, room_id: &str) -> String {
    format!("{:010}-{room_id}", active / 60_000)
}

/// When a room of this rank was active; nothing where it is not a rank.
pub fn rank_activity(rank: &str) -> Option<Millis> {
    let (minute, room_id) = rank.split_once('-')?;
    let digits = minute.len() == 10 && minute.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || !(1..=RoomId::MAX).contains(&room_id.len()) {
        return None;
    }
    minute.parse::<Millis>().ok().map(|minute| minute * 60_000)
}

/// Rounded up to the minute, so that the index moves rarely.
fn expires_at(active: Millis) -> u64 {
    (active + millis(ROOM_IDLE_TIMEOUT)).div_ceil(60_000) * 60
}

fn shard_of(room_id: &str) -> String {
    let sum = room_id.bytes().fold(0u8, u8::wrapping_add);
    (sum % LOBBY_SHARDS).to_string()
}

fn not_found() -> ChatError {
    ChatError::refused(ErrorCode::RoomNotFound, "no such room")
}

fn closed() -> ChatError {
    ChatError::refused(ErrorCode::RoomClosed, "the room was closed or has expired")
}
