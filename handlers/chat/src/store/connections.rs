//! The Connections table: who is where.
//!
//! A connection has a row of its own (`connection#…`), which knows the rooms it is in, and a row in each of those rooms
//! (`room#…`). The row in the room is the truth about presence, and it is a lease: it counts until `leaseUntil`, whoever
//! forgets to delete it. The own row only tells `$disconnect` and `ping` where to look.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::{LEASE, ROOMS_PER_CONNECTION};
use parlor_protocol::person::Person;
use serde::{Deserialize, Serialize};

use super::{Item, if_condition_held, number, seconds, string};
use crate::error::{ChatError, Result};
use crate::{Caller, millis};

/// API Gateway ends every connection after two hours; this is longer, for clocks and late deliveries.
const CONNECTION_ROW_LIFE: Millis = 3 * 60 * 60 * 1000;
/// Time to live only tidies up, so it may be generous.
const TIDY_AFTER: Millis = 60 * 60 * 1000;
/// A join that began longer ago than this is over, however it ended. Several times the timeout of `join`, for clocks that
/// differ.
const JOIN_LIFE: Millis = 60 * 1000;

/// A connection in a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Occupant {
    pub connection_id: String,
    pub user_id: String,
    pub name: String,
    pub lease_until: Millis,
    /// Whether the room may never have been told that this person is there under this name: their join is still under way, or
    /// died before it answered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unannounced: bool,
}

impl Occupant {
    pub fn person(&self) -> Person {
        Person { user_id: self.user_id.clone(), name: self.name.clone() }
    }

    pub fn is_live(&self, now: Millis) -> bool {
        self.lease_until > now
    }
}

/// A connection's own row.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionRow {
    /// The rooms that it is in, or was, or is joining.
    #[serde(default)]
    pub rooms: BTreeSet<String>,
    /// When it last began to join a room.
    #[serde(default)]
    joined_at: Millis,
}

pub struct Connections {
    pub db: Client,
    pub table: String,
}

impl Connections {
    /// Notes a new connection.
    pub async fn open(&self, caller: &Caller, now: Millis) -> Result<()> {
        self.db
            .put_item()
            .table_name(&self.table)
            .item("channel", own_channel(&caller.connection_id))
            .item("connectionId", string(&caller.connection_id))
            .item("userId", string(&caller.user_id))
            .item("ttl", number(seconds(now + CONNECTION_ROW_LIFE)))
            .send()
            .await
            .map_err(ChatError::service("note a connection"))?;
        Ok(())
    }

    /// Forgets a connection; returns the rooms it was in.
    pub async fn close(&self, connection_id: &str) -> Result<BTreeSet<String>> {
        let doing = "forget a connection";
        let item = self.delete(own_channel(connection_id), connection_id, doing).await?;
        let own: Option<ConnectionRow> = item.map(|item| super::row(item, doing)).transpose()?;
        Ok(own.map(|own| own.rooms).unwrap_or_default())
    }

    /// A connection's own row.
    ///
    /// # Errors
    /// `connectionExpired`.
    pub async fn connection(&self, connection_id: &str) -> Result<ConnectionRow> {
        let doing = "read a connection";
        let item = self.get(own_channel(connection_id), connection_id, doing).await?;
        super::row(item.ok_or_else(expired)?, doing)
    }

    /// Puts a connection into a room, or renews its lease and name there. The own row learns of the room first, so that a
    /// later `$disconnect` finds it. One that comes in between finds no row yet; the next post to it gets 410, or the lease
    /// ends.
    ///
    /// # Errors
    /// `connectionExpired`, `tooManyRooms`.
    pub async fn enter(&self, caller: &Caller, name: &str, room_id: &str, now: Millis) -> Result<Option<Occupant>> {
        self.add_room(&caller.connection_id, room_id, now).await?;
        let doing = "enter a room";
        let occupant = Occupant {
            connection_id: caller.connection_id.clone(),
            user_id: caller.user_id.clone(),
            name: name.to_owned(),
            lease_until: now + millis(LEASE),
            unannounced: true,
        };
        let before = self
            .db
            .put_item()
            .table_name(&self.table)
            .set_item(Some(serde_dynamo::to_item(&occupant).map_err(ChatError::row(doing))?))
            .item("channel", room_channel(room_id))
            .item("ttl", number(seconds(occupant.lease_until + TIDY_AFTER)))
            .return_values(ReturnValue::AllOld)
            .send()
            .await
            .map_err(ChatError::service(doing))?
            .attributes;
        before.map(|item| super::row(item, doing)).transpose()
    }

    async fn add_room(&self, connection_id: &str, room_id: &str, now: Millis) -> Result<()> {
        let updated = self
            .update(own_channel(connection_id), connection_id)
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
        super::updated(updated, "enter a room", expired, || {
            let message = format!("a connection can be in {ROOMS_PER_CONNECTION} rooms at a time; leave one first");
            ChatError::refused(ErrorCode::TooManyRooms, message)
        })?;
        Ok(())
    }

    /// Takes a connection out of a room; returns what it was there.
    pub async fn exit(&self, connection_id: &str, room_id: &str) -> Result<Option<Occupant>> {
        self.forget_room(connection_id, room_id).await?;
        self.remove(connection_id, room_id).await
    }

    /// Deletes a connection's row in a room; the own row keeps the room until it looks there itself.
    pub async fn remove(&self, connection_id: &str, room_id: &str) -> Result<Option<Occupant>> {
        let doing = "leave a room";
        let before = self.delete(room_channel(room_id), connection_id, doing).await?;
        before.map(|item| super::row(item, doing)).transpose()
    }

    /// Deletes a row whose lease has ended; says whether it did: a ping may have come first.
    pub async fn remove_expired(&self, connection_id: &str, room_id: &str, now: Millis) -> Result<bool> {
        let deleted = self
            .db
            .delete_item()
            .table_name(&self.table)
            .key("channel", room_channel(room_id))
            .key("connectionId", string(connection_id))
            .condition_expression("leaseUntil <= :now")
            .expression_attribute_values(":now", number(now))
            .send()
            .await;
        Ok(if_condition_held(deleted, "end a lease")?.is_some())
    }

    /// Takes a room out of a connection's own row, if there still is one.
    pub async fn forget_room(&self, connection_id: &str, room_id: &str) -> Result<()> {
        let updated = self
            .update(own_channel(connection_id), connection_id)
            .update_expression("DELETE rooms :room")
            .condition_expression("attribute_exists(channel)")
            .expression_attribute_values(":room", AttributeValue::Ss(vec![room_id.to_owned()]))
            .send()
            .await;
        if_condition_held(updated, "leave a room")?;
        Ok(())
    }

    /// Takes a room that a connection turned out not to be in out of its own row. Not while it may be joining it: a join puts
    /// the room there before it writes the row in the room.
    pub async fn forget_left(
        &self,
        connection_id: &str,
        own: &ConnectionRow,
        room_id: &str,
        now: Millis,
    ) -> Result<()> {
        if own.joined_at.saturating_add(JOIN_LIFE) > now {
            return Ok(());
        }
        let updated = self
            .update(own_channel(connection_id), connection_id)
            .update_expression("DELETE rooms :room")
            .condition_expression(
                "attribute_exists(channel) AND (attribute_not_exists(joinedAt) OR joinedAt <= :joinedAt)",
            )
            .expression_attribute_values(":room", AttributeValue::Ss(vec![room_id.to_owned()]))
            .expression_attribute_values(":joinedAt", number(own.joined_at))
            .send()
            .await;
        if_condition_held(updated, "forget a room")?;
        Ok(())
    }

    /// Renews a connection's lease in a room; says whether it was still in it.
    pub async fn renew(&self, connection_id: &str, room_id: &str, now: Millis) -> Result<bool> {
        let lease_until = now + millis(LEASE);
        let updated = self
            .update(room_channel(room_id), connection_id)
            .update_expression("SET leaseUntil = :until, #ttl = :ttl")
            .condition_expression("leaseUntil > :now")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":until", number(lease_until))
            .expression_attribute_values(":ttl", number(seconds(lease_until + TIDY_AFTER)))
            .expression_attribute_values(":now", number(now))
            .send()
            .await;
        Ok(if_condition_held(updated, "renew a lease")?.is_some())
    }

    /// Changes the name by which a connection is in a room, if it is still in it. The room is yet to be told.
    pub async fn rename(&self, connection_id: &str, room_id: &str, name: &str, now: Millis) -> Result<()> {
        let updated = self
            .update(room_channel(room_id), connection_id)
            .update_expression("SET #name = :name, unannounced = :true")
            .condition_expression("leaseUntil > :now")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":name", string(name))
            .expression_attribute_values(":true", AttributeValue::Bool(true))
            .expression_attribute_values(":now", number(now))
            .send()
            .await;
        if_condition_held(updated, "change a name")?;
        Ok(())
    }

    /// Notes that a room is told who is there by a connection, if they still are, and under this name.
    pub async fn mark_announced(&self, connection_id: &str, room_id: &str, name: &str) -> Result<()> {
        let updated = self
            .update(room_channel(room_id), connection_id)
            .update_expression("REMOVE unannounced")
            .condition_expression("#name = :name")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":name", string(name))
            .send()
            .await;
        if_condition_held(updated, "note an announcement")?;
        Ok(())
    }

    /// What a connection is in a room.
    ///
    /// # Errors
    /// `notJoined` where it is not in it.
    pub async fn occupant(&self, connection_id: &str, room_id: &str, now: Millis) -> Result<Occupant> {
        let doing = "read a connection in a room";
        let item = self.get(room_channel(room_id), connection_id, doing).await?;
        let occupant: Option<Occupant> = item.map(|item| super::row(item, doing)).transpose()?;
        occupant.filter(|occupant| occupant.is_live(now)).ok_or_else(not_joined)
    }

    /// All connections in a room, those with an ended lease too: whoever reads them tidies up. Strongly consistent, so
    /// that someone who was told `joined` never misses what follows.
    pub async fn in_room(&self, room_id: &str) -> Result<Vec<Occupant>> {
        super::query_all(self.query(room_id), "read who is in a room").await
    }

    /// At most so many of the connections in a room, likewise, beginning after the given one; perhaps not as they are at this
    /// very moment.
    pub async fn some_in_room(&self, room_id: &str, after: Option<&str>, most: usize) -> Result<Vec<Occupant>> {
        let doing = "look who is in a room";
        let limit = i32::try_from(most).unwrap_or(i32::MAX);
        let start = after.map(|connection_id| {
            let channel = ("channel".to_owned(), room_channel(room_id));
            HashMap::from([channel, ("connectionId".to_owned(), string(connection_id))])
        });
        let query = self.query(room_id).set_exclusive_start_key(start).limit(limit);
        let output = query.send().await.map_err(ChatError::service(doing))?;
        super::rows(output.items.unwrap_or_default(), doing)
    }

    fn query(&self, room_id: &str) -> QueryFluentBuilder {
        self.db
            .query()
            .table_name(&self.table)
            .key_condition_expression("channel = :channel")
            .expression_attribute_values(":channel", room_channel(room_id))
    }

    async fn get(&self, channel: AttributeValue, connection_id: &str, doing: &'static str) -> Result<Option<Item>> {
        let request = self.db.get_item().table_name(&self.table).consistent_read(true);
        let request = request.key("channel", channel).key("connectionId", string(connection_id));
        Ok(request.send().await.map_err(ChatError::service(doing))?.item)
    }

    /// Returns what was there.
    async fn delete(&self, channel: AttributeValue, connection_id: &str, doing: &'static str) -> Result<Option<Item>> {
        let request = self.db.delete_item().table_name(&self.table).return_values(ReturnValue::AllOld);
        let request = request.key("channel", channel).key("connectionId", string(connection_id));
        Ok(request.send().await.map_err(ChatError::service(doing))?.attributes)
    }

    fn update(&self, channel: AttributeValue, connection_id: &str) -> UpdateItemFluentBuilder {
        let request = self.db.update_item().table_name(&self.table);
        request.key("channel", channel).key("connectionId", string(connection_id))
    }
}

/// The failure of whoever is not in the room.
pub fn not_joined() -> ChatError {
    ChatError::refused(ErrorCode::NotJoined, "join the room first")
}

fn expired() -> ChatError {
    ChatError::refused(ErrorCode::ConnectionExpired, "this connection is no longer known; connect again")
}

fn own_channel(connection_id: &str) -> AttributeValue {
    string(format!("connection#{connection_id}"))
}

fn room_channel(room_id: &str) -> AttributeValue {
    string(format!("room#{room_id}"))
}
