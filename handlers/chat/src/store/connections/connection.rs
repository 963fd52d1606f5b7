//! A connection's own row: the rooms that it is in, was in, or is joining.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::ROOMS_PER_CONNECTION;
use serde::Deserialize;

use super::Connections;
use crate::Caller;
use crate::error::{ChatError, Result};
use crate::store::{Item, if_condition_held, number, row, seconds, string, updated};

/// Longer than the two hours after which API Gateway ends every connection, for clocks that differ and late deliveries.
pub const CONNECTION_ROW_LIFE: Millis = 3 * 60 * 60 * 1000;
/// A join that began longer ago has ended, with or without success. Several times the timeout of `join`, for clocks
/// that differ.
const JOIN_LIFE: Millis = 60 * 1000;
/// The attribute `claims#<room>` lists the keys of the connection's claims in that room.
const CLAIMS: &str = "claims#";

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionRow {
    #[serde(default)]
    pub rooms: BTreeSet<String>,
    /// When the connection last began to join a room.
    #[serde(default)]
    joined_at: Millis,
    #[serde(default)]
    pub user_id: String,
    /// The handle that ends with the connection, if it has one.
    pub handle: Option<String>,
    /// The keys of the connection's claims, by room.
    #[serde(skip)]
    pub claims: BTreeMap<String, BTreeSet<String>>,
}

impl ConnectionRow {
    fn parse(item: Item, doing: &'static str) -> Result<Self> {
        let claims = item.iter().filter_map(|(attribute, keys)| {
            Some((attribute.strip_prefix(CLAIMS)?.to_owned(), keys.as_ss().ok()?.iter().cloned().collect()))
        });
        Ok(Self { claims: claims.collect(), ..row(item, doing)? })
    }

    /// Returns the keys of the connection's claims in a room.
    pub fn claims_in(&self, room_id: &str) -> BTreeSet<String> {
        self.claims.get(room_id).cloned().unwrap_or_default()
    }
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

    /// Deletes a connection and returns what it was. The rows in its rooms and its claims are left to the caller.
    pub async fn close(&self, connection_id: &str) -> Result<ConnectionRow> {
        let doing = "delete a connection";
        let item = self.delete(connection_channel(connection_id), connection_id, doing).await?;
        item.map_or_else(|| Ok(ConnectionRow::default()), |item| ConnectionRow::parse(item, doing))
    }

    /// Reads a connection.
    ///
    /// # Errors
    /// `connectionExpired`.
    pub async fn connection(&self, connection_id: &str) -> Result<ConnectionRow> {
        let doing = "read a connection";
        let item = self.get(connection_channel(connection_id), connection_id, doing).await?;
        ConnectionRow::parse(item.ok_or_else(expired)?, doing)
    }

    /// Adds a room to a connection's list, with these claims instead of any others there. Returns those that it no longer
    /// lists.
    pub(super) async fn add_room(
        &self,
        connection_id: &str,
        room_id: &str,
        claims: &[String],
        now: Millis,
    ) -> Result<BTreeSet<String>> {
        let doing = "join a room";
        let mut update = self.update(connection_channel(connection_id), connection_id);
        if !claims.is_empty() {
            update = update.expression_attribute_values(":claims", AttributeValue::Ss(claims.to_vec()));
        }
        let change = if claims.is_empty() { " REMOVE #claims" } else { ", #claims = :claims" };
        let result = update
            .update_expression(format!("ADD rooms :room SET joinedAt = :now{change}"))
            .condition_expression(
                "attribute_exists(channel) AND \
                 (attribute_not_exists(rooms) OR contains(rooms, :name) OR size(rooms) < :most)",
            )
            .expression_attribute_values(":room", AttributeValue::Ss(vec![room_id.to_owned()]))
            .expression_attribute_values(":name", string(room_id))
            .expression_attribute_values(":most", number(ROOMS_PER_CONNECTION as u64))
            .expression_attribute_names("#claims", claims_of(room_id))
            .expression_attribute_values(":now", number(now))
            .return_values(ReturnValue::AllOld)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let before = updated(result, doing, expired, || {
            let message = format!("a connection can be in {ROOMS_PER_CONNECTION} rooms at a time; leave one first");
            ChatError::refused(ErrorCode::TooManyRooms, message)
        })?;
        let mut dropped = ConnectionRow::parse(before, doing)?.claims_in(room_id);
        dropped.retain(|key| !claims.contains(key));
        Ok(dropped)
    }

    /// Adds a conversation to a connection's list, so that `ping` compares its number.
    ///
    /// # Errors
    /// `connectionExpired`, `tooManyRooms`.
    pub async fn list_room(&self, connection_id: &str, room_id: &str, now: Millis) -> Result<()> {
        self.add_room(connection_id, room_id, &[], now).await.map(drop)
    }

    /// Returns the write that notes a handle that ends with the connection, for the transaction that claims it. It fails
    /// if the connection no longer exists.
    pub fn handle_note(&self, connection_id: &str, handle: &str) -> Result<TransactWriteItem> {
        let update = Update::builder()
            .table_name(&self.table)
            .key("channel", connection_channel(connection_id))
            .key("connectionId", string(connection_id))
            .update_expression("SET handle = :handle")
            .condition_expression("attribute_exists(channel)")
            .expression_attribute_values(":handle", string(handle));
        let update = update.build().map_err(ChatError::unbuilt("note a handle"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// Removes a room from a connection's list, if the connection still exists. Returns the claims that it listed there,
    /// which are left to the caller.
    pub async fn remove_room(&self, connection_id: &str, room_id: &str) -> Result<BTreeSet<String>> {
        let removal = self.removal(connection_id, room_id).condition_expression("attribute_exists(channel)");
        removed(removal.send().await, room_id, "leave a room")
    }

    /// Adds claims to those that a connection lists in a room, if it still lists the room.
    pub async fn add_claims(&self, connection_id: &str, room_id: &str, claims: Vec<String>) -> Result<()> {
        let result = self
            .update(connection_channel(connection_id), connection_id)
            .update_expression("ADD #claims :claims")
            .condition_expression("contains(rooms, :name)")
            .expression_attribute_names("#claims", claims_of(room_id))
            .expression_attribute_values(":claims", AttributeValue::Ss(claims))
            .expression_attribute_values(":name", string(room_id))
            .send()
            .await;
        if_condition_held(result, "list a claim")?;
        Ok(())
    }

    /// Removes a claim from those that a connection lists in a room.
    pub async fn remove_claim(&self, connection_id: &str, room_id: &str, claim: &str) -> Result<()> {
        let result = self
            .update(connection_channel(connection_id), connection_id)
            .update_expression("DELETE #claims :claims")
            .condition_expression("attribute_exists(channel)")
            .expression_attribute_names("#claims", claims_of(room_id))
            .expression_attribute_values(":claims", AttributeValue::Ss(vec![claim.to_owned()]))
            .send()
            .await;
        if_condition_held(result, "stop listing a claim")?;
        Ok(())
    }

    /// Removes a room from a connection's list because the connection has no row in the room, and returns the claims that
    /// it listed there. Does nothing while the connection may be joining that room, because a join lists the room before
    /// it writes that row.
    pub async fn remove_absent_room(
        &self,
        connection_id: &str,
        connection: &ConnectionRow,
        room_id: &str,
        now: Millis,
    ) -> Result<BTreeSet<String>> {
        if connection.joined_at.saturating_add(JOIN_LIFE) > now {
            return Ok(BTreeSet::new());
        }
        let removal = self
            .removal(connection_id, room_id)
            .condition_expression(
                "attribute_exists(channel) AND (attribute_not_exists(joinedAt) OR joinedAt <= :joinedAt)",
            )
            .expression_attribute_values(":joinedAt", number(connection.joined_at));
        removed(removal.send().await, room_id, "remove a room from a connection")
    }

    fn removal(&self, connection_id: &str, room_id: &str) -> UpdateItemFluentBuilder {
        self.update(connection_channel(connection_id), connection_id)
            .update_expression("DELETE rooms :room REMOVE #claims")
            .expression_attribute_names("#claims", claims_of(room_id))
            .expression_attribute_values(":room", AttributeValue::Ss(vec![room_id.to_owned()]))
            .return_values(ReturnValue::AllOld)
    }
}

/// Returns the claims that were listed in a room before it was removed.
fn removed<R>(
    removed: std::result::Result<UpdateItemOutput, SdkError<UpdateItemError, R>>,
    room_id: &str,
    doing: &'static str,
) -> Result<BTreeSet<String>> {
    let before = if_condition_held(removed, doing)?.and_then(|output| output.attributes).unwrap_or_default();
    Ok(ConnectionRow::parse(before, doing)?.claims_in(room_id))
}

fn claims_of(room_id: &str) -> String {
    format!("{CLAIMS}{room_id}")
}

fn connection_channel(connection_id: &str) -> AttributeValue {
    string(format!("connection#{connection_id}"))
}

pub fn expired() -> ChatError {
    ChatError::refused(ErrorCode::ConnectionExpired, "this connection is no longer known; connect again")
}
