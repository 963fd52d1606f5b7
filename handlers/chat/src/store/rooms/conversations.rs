//! Conversations: creating them, and changing their members.
//!
//! A change of members draws its number in the transaction that stores it. So every other number is drawn either before
//! the change or after it, and whoever draws one afterwards reads a newer version of the roster from the room's row.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use parlor_protocol::Millis;
use parlor_protocol::conversations::{ConversationKind, HistoryAccess, is_conversation};
use parlor_protocol::http::Visibility;
use parlor_protocol::log::NoticeKind;
use serde::{Deserialize, Serialize};

use super::{DRAWS, Queue, Room, RoomDraft, Rooms, cancellation_code, not_found, parse};
use crate::error::{ChatError, Result};
use crate::people::identity::random_id;
use crate::store::{Event, Item, Log, LogKey, MemberWrite, Members, Settings, batch_get, number, string};

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

impl Rooms {
    /// Reads a conversation.
    ///
    /// # Errors
    /// `roomNotFound`, `roomClosed`.
    pub async fn conversation(&self, room_id: &str, now: Millis) -> Result<Room> {
        let room = if is_conversation(room_id) { self.get(room_id).await? } else { return Err(not_found()) };
        if room.is_open(now) { Ok(room) } else { Err(room.over()) }
    }

    /// Reads an open room of either kind, for a caller who is in it or a member of it.
    ///
    /// # Errors
    /// `roomNotFound`, `roomClosed`.
    pub async fn of_either_kind(&self, room_id: &str, now: Millis) -> Result<Room> {
        if is_conversation(room_id) { self.conversation(room_id, now).await } else { self.open(room_id, now).await }
    }

    /// Creates a conversation with its first members, unless it exists.
    pub async fn create_conversation(&self, new: NewConversation, members: &Members, now: Millis) -> Result<()> {
        let NewConversation { room_id, epoch, title, settings, members: writes } = new;
        let draft = RoomDraft {
            room_id,
            epoch,
            name: title,
            topic: None,
            visibility: Visibility::Unlisted,
            owner_id: None,
            settings: Settings::default(),
        };
        let room = Room { conversation: Some(settings), members_version: Some(1), ..Room::new(draft, now) };
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
            Ok(_) => Ok(()),
            Err(error) if cancellation_code(&error, 0) == Some("ConditionalCheckFailed") => Ok(()),
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
        let after = Room { seq: room.seq + 1, seq_at: now, members_version: Some(version + 1), ..room.clone() };
        let shift: String = (1..DRAWS).map(|n| format!(", draw{n} = if_not_exists(draw{}, :none)", n - 1)).collect();
        let is_last = matches!(event, Event::Notice(notice) if notice.kind == NoticeKind::Closed);
        let end = if is_last { ", closedAt = :now, sweepQueue = :queue, sweepAt = :now" } else { "" };
        let mut update = Update::builder()
            .table_name(&self.table)
            .key("roomId", string(&room.room_id))
            .update_expression(format!(
                "SET seq = :seq, seqAt = :now, membersVersion = :version, draw0 = :draw{shift}{end}"
            ))
            .condition_expression(
                "seq = :readSeq AND membersVersion = :readVersion AND epoch = :epoch AND attribute_not_exists(closedAt)",
            )
            .expression_attribute_values(":seq", number(after.seq))
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":version", number(version + 1))
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
            Err(error) => match cancellation_code(&error, 0) {
                Some("ConditionalCheckFailed" | "TransactionConflict") => Ok(None),
                _ => Err(ChatError::service(CHANGING)(error)),
            },
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
