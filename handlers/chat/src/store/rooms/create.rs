//! Creating rooms, as many as a person may own.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::ROOMS_PER_PERSON;

use super::{Room, Rooms, cancellation_code};
use crate::READS_AT_ONCE;
use crate::error::{ChatError, Result};
use crate::store::{Item, Limits, if_condition_held};

const DOING: &str = "create a room";
const IF_NEW: &str = "attribute_not_exists(roomId)";

impl Rooms {
    /// Creates a room. If it has an owner, the same transaction adds it to the owner's rooms in `limits`; if it has a
    /// password, the transaction includes `password`, the write that stores the hash.
    ///
    /// # Errors
    /// `tooManyRooms`.
    pub async fn create(
        &self,
        room: &Room,
        password: Option<TransactWriteItem>,
        limits: &Limits,
        now: Millis,
    ) -> Result<()> {
        let Some(owner_id) = &room.owner_id else { return self.put(room, password).await };
        let put_owned = async || {
            let writes = [Some(limits.add_owned_room(owner_id, &room.room_id, now)?), password.clone()];
            self.put_with(room, writes.into_iter().flatten().collect()).await
        };
        if put_owned().await? {
            return Ok(());
        }
        let over = self.over(limits.owned_rooms(owner_id).await?, now).await?;
        limits.remove_owned_rooms(owner_id, over).await?;
        if put_owned().await? {
            return Ok(());
        }
        let message = format!("a person can own {ROOMS_PER_PERSON} open rooms at a time; close one first");
        Err(ChatError::refused(ErrorCode::TooManyRooms, message))
    }

    /// If the room exists, an earlier attempt created it and its answer was lost: nobody else uses this id.
    async fn put(&self, room: &Room, password: Option<TransactWriteItem>) -> Result<()> {
        if let Some(password) = password {
            self.put_with(room, vec![password]).await?;
            return Ok(());
        }
        let request = self.db.put_item().table_name(&self.table).set_item(Some(item(room)?));
        if_condition_held(request.condition_expression(IF_NEW).send().await, DOING)?;
        Ok(())
    }

    /// Returns whether the room was created: not if the first of these writes was refused, because its owner has as many
    /// rooms as a person may.
    async fn put_with(&self, room: &Room, writes: Vec<TransactWriteItem>) -> Result<bool> {
        let put = Put::builder().table_name(&self.table).set_item(Some(item(room)?)).condition_expression(IF_NEW);
        let put = TransactWriteItem::builder().put(put.build().map_err(ChatError::unbuilt(DOING))?).build();
        let all = [put].into_iter().chain(writes).collect();
        match self.db.transact_write_items().set_transact_items(Some(all)).send().await {
            Ok(_) => Ok(true),
            Err(error) if cancellation_code(&error, 1) == Some("ConditionalCheckFailed") => Ok(false),
            Err(error) => Err(ChatError::service(DOING)(error)),
        }
    }

    /// Returns those of these rooms that are closed, expired or deleted.
    async fn over(&self, rooms: BTreeSet<String>, now: Millis) -> Result<Vec<String>> {
        let is_over = |room_id: String| async move {
            let room = self.if_open(&room_id, now).await?;
            Ok::<_, ChatError>(room.is_none().then_some(room_id))
        };
        let over = stream::iter(rooms.into_iter().map(is_over)).buffered(READS_AT_ONCE);
        over.try_filter_map(async |over| Ok(over)).try_collect().await
    }
}

fn item(room: &Room) -> Result<Item> {
    serde_dynamo::to_item(room).map_err(ChatError::row(DOING))
}
