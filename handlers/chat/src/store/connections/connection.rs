//! A connection's own row: the rooms that it is in, was in, or is joining.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::ROOMS_PER_CONNECTION;
use serde::Deserialize;

use super::Connections;
use crate::Caller;
use crate::error::{ChatError, Result};
use crate::store::{if_condition_held, number, row, seconds, string, updated};

/// Longer than the two hours after which API Gateway ends every connection, for clocks that differ and late deliveries.
const CONNECTION_ROW_LIFE: Millis = 3 * 60 * 60 * 1000;
/// A join that began longer ago has ended, with or without success. Several times the timeout of `join`, for clocks
/// that differ.
const JOIN_LIFE: Millis = 60 * 1000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionRow {
    #[serde(default)]
    pub rooms: BTreeSet<String>,
    /// When the connection last began to join a room.
    #[serde(default)]
    joined_at: Millis,
}

impl Connections {
    /// Adds a new connection.
    pub async fn open(&self, caller: &Caller, now: Millis) -> Result<()> {
        self.db
            .put_item()
            .table_name(&self.table)
            .item("channel", connection_channel(&caller.connection_id))
            .item("connectionId", string(&caller.connection_id))
            .item("userId", string(&caller.user_id))
            .item("ttl", number(seconds(now + CONNECTION_ROW_LIFE)))
            .send()
            .await
            .map_err(ChatError::service("add a connection"))?;
        Ok(())
    }

    /// Deletes a connection and returns its rooms. The rows in these rooms are left to the caller.
    pub async fn close(&self, connection_id: &str) -> Result<BTreeSet<String>> {
        let doing = "delete a connection";
        let item = self.delete(connection_channel(connection_id), connection_id, doing).await?;
        let connection: Option<ConnectionRow> = item.map(|item| row(item, doing)).transpose()?;
        Ok(connection.map(|connection| connection.rooms).unwrap_or_default())
    }

    /// Reads a connection.
    ///
    /// # Errors
    /// `connectionExpired`.
    pub async fn connection(&self, connection_id: &str) -> Result<ConnectionRow> {
        let doing = "read a connection";
        let item = self.get(connection_channel(connection_id), connection_id, doing).await?;
        row(item.ok_or_else(expired)?, doing)
    }

    /// Adds a room to a connection's list.
    pub(super) async fn add_room(&self, connection_id: &str, room_id: &str, now: Millis) -> Result<()> {
        let result = self
            .update(connection_channel(connection_id), connection_id)
            .update_expression("ADD rooms :room SET joinedAt = :now")
            .condition_expression(
                "attribute_exists(channel) AND \
                 (attribute_not_exists(rooms) OR contains(rooms, :name) OR size(rooms) < :most)",
            )
            .expression_attribute_values(":room", AttributeValue::Ss(vec![room_id.to_owned()]))
            .expression_attribute_values(":name", string(room_id))
            .expression_attribute_values(":most", number(ROOMS_PER_CONNECTION as u64))
            .expression_attribute_values(":now", number(now))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        updated(result, "join a room", expired, || {
            let message = format!("a connection can be in {ROOMS_PER_CONNECTION} rooms at a time; leave one first");
            ChatError::refused(ErrorCode::TooManyRooms, message)
        })?;
        Ok(())
    }

    /// Removes a room from a connection's list, if the connection still exists.
    pub async fn remove_room(&self, connection_id: &str, room_id: &str) -> Result<()> {
        let result = self
            .update(connection_channel(connection_id), connection_id)
            .update_expression("DELETE rooms :room")
            .condition_expression("attribute_exists(channel)")
            .expression_attribute_values(":room", AttributeValue::Ss(vec![room_id.to_owned()]))
            .send()
            .await;
        if_condition_held(result, "leave a room")?;
        Ok(())
    }

    /// Removes a room from a connection's list because the connection has no row in the room. Does nothing while the
    /// connection may be joining that room, because a join lists the room before it writes that row.
    pub async fn remove_absent_room(
        &self,
        connection_id: &str,
        connection: &ConnectionRow,
        room_id: &str,
        now: Millis,
    ) -> Result<()> {
        if connection.joined_at.saturating_add(JOIN_LIFE) > now {
            return Ok(());
        }
        let result = self
            .update(connection_channel(connection_id), connection_id)
            .update_expression("DELETE rooms :room")
            .condition_expression(
                "attribute_exists(channel) AND (attribute_not_exists(joinedAt) OR joinedAt <= :joinedAt)",
            )
            .expression_attribute_values(":room", AttributeValue::Ss(vec![room_id.to_owned()]))
            .expression_attribute_values(":joinedAt", number(connection.joined_at))
            .send()
            .await;
        if_condition_held(result, "remove a room from a connection")?;
        Ok(())
    }
}

fn connection_channel(connection_id: &str) -> AttributeValue {
    string(format!("connection#{connection_id}"))
}

fn expired() -> ChatError {
    ChatError::refused(ErrorCode::ConnectionExpired, "this connection is no longer known; connect again")
}
