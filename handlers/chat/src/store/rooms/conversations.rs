//! Conversations: creating them, and changing their members.
//!
//! A change of members draws its number in the transaction that stores it. So every other number is drawn either before
//! the change or after it, and a later draw returns the new version of the roster with the room's row.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use parlor_protocol::Millis;
use parlor_protocol::conversations::{ConversationKind, HistoryAccess, is_conversation};
use parlor_protocol::http::Visibility;
use parlor_protocol::log::NoticeKind;
use serde::{Deserialize, Serialize};

use super::{DRAWS, Queue, Room, RoomDraft, Rooms, parse};
use crate::error::{ChatError, Result};
use crate::people::identity::random_id;
use crate::store::{Event, Item, Log, LogKey, MemberWrite, Members, Roster, Settings, batch_get, number, string};

const CREATING: &str = "create a conversation";
const CHANGING: &str = "change a conversation's members";

/// What only the row of a conversation has.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationSettings {
    pub kind: ConversationKind,
    pub history: HistoryAccess,
}

/// What a new conversation is made of.
pub struct NewConversation {
    pub room_id: String,
    pub epoch: String,
    /// Empty for a direct conversation.
    pub title: String,
    pub settings: ConversationSettings,
    pub members: Vec<MemberWrite>,
}

impl Room {
    /// Whether these are the conversation's members as this row knows them. A query may see a part of a transaction, so
    /// the number of members must agree as well as the version.
    pub fn has(&self, roster: &Roster) -> bool {
        self.members_version == Some(roster.version()) && self.members_count == Some(roster.current().count() as u64)
    }
}

impl Rooms {
    /// Reads a conversation.
    ///
    /// # Errors
    /// `roomNotFound`, `roomClosed`.
    pub async fn conversation(&self, room_id: &str, now: Millis) -> Result<Room> {
        let room =
            if is_conversation(room_id) { self.get(room_id).await? } else { return Err(ChatError::room_not_found()) };
        if room.is_open(now) { Ok(room) } else { Err(room.over()) }
    }

    /// Reads an open room of either kind, for a caller who is in it or a member of it.
    ///
    /// # Errors
    /// `roomNotFound`, `roomClosed`.
    pub async fn of_either_kind(&self, room_id: &str, now: Millis) -> Result<Room> {
        if is_conversation(room_id) { self.conversation(room_id, now).await } else { self.open(room_id, now).await }
    }

    /// Creates a conversation with its first members. Returns whether it did: not if it exists, or if somebody else is
    /// creating it at this moment.
    pub async fn create_conversation(&self, new: NewConversation, members: &Members, now: Millis) -> Result<bool> {
        let NewConversation { room_id, epoch, title, settings, members: writes } = new;
        let draft = RoomDraft {
            room_id,
            epoch,
            name: title,
            topic: None,
            visibility: Visibility::Unlisted,
            owner_id: None,
            settings: Settings::default(),
            reviewed: false,
        };
        let count = writes.iter().filter(|write| matches!(write, MemberWrite::Add { .. })).count() as u64;
        let (members_version, members_count) = (Some(1), Some(count));
        let room = Room { conversation: Some(settings), members_version, members_count, ..Room::new(draft, now) };
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(serde_dynamo::to_item(&room).map_err(ChatError::row(CREATING))?))
            .condition_expression("attribute_not_exists(roomId)");
        let put = put.build().map_err(ChatError::unbuilt(CREATING))?;
        let mut all = vec![TransactWriteItem::builder().put(put).build()];
        for write in &writes {
            all.push(write.build(&members.table, &room.room_id, 1)?);
        }
        match self.db.transact_write_items().set_transact_items(Some(all)).send().await {
            Ok(_) => Ok(true),
            Err(error) if is_contended(&error) => Ok(false),
            Err(error) => Err(ChatError::service(CREATING)(error)),
        }
    }

    /// Stores an event at the next number together with the changes of members that it announces. Returns the room as it
    /// is then, or `None` if it has changed since it was read: read it again.
    pub async fn change_members(
        &self,
        room: &Room,
        event: &Event,
        writes: &[MemberWrite],
        members: &Members,
        log: &Log,
        now: Millis,
    ) -> Result<Option<Room>> {
        let version = room.members_version.unwrap_or_default();
        let count = writes.iter().fold(room.members_count.unwrap_or_default(), |count, write| match write {
            MemberWrite::Add { .. } => count + 1,
            MemberWrite::End { .. } => count.saturating_sub(1),
            _ => count,
        });
        let (members_version, members_count) = (Some(version + 1), Some(count));
        let after = Room { seq: room.seq + 1, seq_at: now, members_version, members_count, ..room.clone() };
        let shift: String = (1..DRAWS).map(|n| format!(", draw{n} = if_not_exists(draw{}, :none)", n - 1)).collect();
        let is_last = matches!(event, Event::Notice(notice) if notice.kind == NoticeKind::Closed);
        let end = if is_last { ", closedAt = :now, sweepQueue = :queue, sweepAt = :now" } else { "" };
        let mut update = Update::builder()
            .table_name(&self.table)
            .key("roomId", string(&room.room_id))
            .update_expression(format!(
                "SET seq = :seq, seqAt = :now, membersVersion = :version, membersCount = :count, \
                 draw0 = :draw{shift}{end}"
            ))
            .condition_expression(
                "seq = :readSeq AND membersVersion = :readVersion AND epoch = :epoch \
                 AND attribute_not_exists(closedAt)",
            )
            .expression_attribute_values(":seq", number(after.seq))
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":version", number(version + 1))
            .expression_attribute_values(":count", number(count))
            .expression_attribute_values(":draw", string(random_id()?))
            .expression_attribute_values(":none", string("none"))
            .expression_attribute_values(":readSeq", number(room.seq))
            .expression_attribute_values(":readVersion", number(version))
            .expression_attribute_values(":epoch", string(&room.epoch));
        if is_last {
            update = update.expression_attribute_values(":queue", string(Queue::Open.key(&room.room_id)));
        }
        let update = update.build().map_err(ChatError::unbuilt(CHANGING))?;
        let key = LogKey { room_id: &room.room_id, epoch: &room.epoch, seq: after.seq };
        let mut all = vec![TransactWriteItem::builder().update(update).build(), log.event_put(key, event)?];
        for write in writes {
            all.push(write.build(&members.table, &room.room_id, after.seq)?);
        }
        if is_last {
            all.push(log.remains_put(&room.room_id, &room.epoch, now)?);
        }
        match self.db.transact_write_items().set_transact_items(Some(all)).send().await {
            Ok(_) => Ok(Some(after)),
            Err(error) if is_contended(&error) => Ok(None),
            Err(error) => Err(ChatError::service(CHANGING)(error)),
        }
    }

    /// Reads several rooms, in any order. Those that do not exist or are over are missing.
    pub async fn open_among(&self, room_ids: &[String], now: Millis) -> Result<Vec<Room>> {
        let doing = "read rooms";
        let keys = room_ids.iter().map(|id| Item::from([("roomId".to_owned(), string(id))])).collect();
        let mut rooms = Vec::new();
        for item in batch_get(&self.db, &self.table, keys, doing).await? {
            match parse(item, doing) {
                Ok(room) if room.is_open(now) => rooms.push(room),
                Ok(_) | Err(ChatError::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(rooms)
    }
}

/// Whether a transaction was cancelled because a row has changed, or is being changed.
pub(super) fn is_contended<R>(error: &SdkError<TransactWriteItemsError, R>) -> bool {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            let codes = cancelled.cancellation_reasons().iter().filter_map(|reason| reason.code());
            codes.into_iter().any(|code| matches!(code, "ConditionalCheckFailed" | "TransactionConflict"))
        }
        _ => false,
    }
}
