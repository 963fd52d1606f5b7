//! The Connections table: who is where.
//!
//! A connection has a row of its own (`connection#…`), which knows the rooms it is in, and a row in each of those rooms
//! (`room#…`). The row in the room is the truth about presence, and it is a lease: it counts until `leaseUntil`, whoever
//! forgets to delete it. The own row only tells `$disconnect` and `ping` where to look.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::Client;
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
const OWN_ROW_LIFE: Millis = 3 * 60 * 60 * 1000;
/// Time to live only tidies up, so it may be generous.
const TIDY_AFTER: Millis = 60 * 60 * 1000;

/// A connection in a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Occupant {
    pub connection_id: String,
    pub user_id: String,
    pub name: String,
    pub lease_until: Millis,
}

impl Occupant {
    pub fn person(&self) -> Person {
        Person { user_id: self.user_id.clone(), name: self.name.clone() }
    }

    pub fn is_live(&self, now: Millis) -> bool {
        self.lease_until > now
    }
}

/// What a connection was in the room before it entered.
pub struct Entered {
    pub before: Option<Occupant>,
}

#[derive(Deserialize)]
struct OwnRow {
    #[serde(default)]
    rooms: BTreeSet<String>,
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
            .item("ttl", number(seconds(now + OWN_ROW_LIFE)))
            .send()
            .await
            .map_err(ChatError::service("note a connection"))?;
        Ok(())
    }

    /// Forgets a connection; returns the rooms it was in.
    pub async fn close(&self, connection_id: &str) -> Result<BTreeSet<String>> {
        let doing = "forget a connection";
        let item = self.delete(own_channel(connection_id), connection_id, doing).await?;
        rooms_of(item, doing)
    }

    /// The rooms a connection is in, as far as it knows.
    ///
    /// # Errors
    /// `connectionExpired`.
    pub async fn rooms(&self, connection_id: &str) -> Result<BTreeSet<String>> {
        let doing = "read a connection";
        let item = self.get(own_channel(connection_id), connection_id, doing).await?;
        if item.is_none() {
            return Err(expired());
        }
        rooms_of(item, doing)
    }

    /// Puts a connection into a room, or renews its lease and name there. The own row learns of the room first, so that a
    /// later `$disconnect` finds it. One that comes in between finds no row yet; the next post to it gets 410, or the lease
    /// ends.
    ///
    /// # Errors
    /// `connectionExpired`, `tooManyRooms`.
    pub async fn enter(&self, caller: &Caller, name: &str, room_id: &str, now: Millis) -> Result<Entered> {
        self.add_room(&caller.connection_id, room_id).await?;
        let doing = "enter a room";
        let occupant = Occupant {
            connection_id: caller.connection_id.clone(),
            user_id: caller.user_id.clone(),
            name: name.to_owned(),
            lease_until: now + millis(LEASE),
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
        let before = before.map(|item| super::row(item, doing)).transpose()?;
        Ok(Entered { before })
    }

    async fn add_room(&self, connection_id: &str, room_id: &str) -> Result<()> {
        let updated = self
            .update(own_channel(connection_id), connection_id)
            .update_expression("ADD rooms :room")
            .condition_expression(
                "attribute_exists(channel) AND \
                 (attribute_not_exists(rooms) OR contains(rooms, :name) OR size(rooms) < :most)",
            )
            .expression_attribute_values(":room", AttributeValue::Ss(vec![room_id.to_owned()]))
            .expression_attribute_values(":name", string(room_id))
            .expression_attribute_values(":most", number(ROOMS_PER_CONNECTION as u64))
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

    /// Changes the name by which a connection is in a room, if it is still in it.
    pub async fn rename(&self, connection_id: &str, room_id: &str, name: &str, now: Millis) -> Result<()> {
        let updated = self
            .update(room_channel(room_id), connection_id)
            .update_expression("SET #name = :name")
            .condition_expression("leaseUntil > :now")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":name", string(name))
            .expression_attribute_values(":now", number(now))
            .send()
            .await;
        if_condition_held(updated, "change a name")?;
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
        let doing = "read who is in a room";
        let items = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("channel = :channel")
            .expression_attribute_values(":channel", room_channel(room_id))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send()
            .collect::<std::result::Result<Vec<_>, _>>()
            .await
            .map_err(ChatError::service(doing))?;
        super::rows(items, doing)
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

fn rooms_of(item: Option<Item>, doing: &'static str) -> Result<BTreeSet<String>> {
    let row: Option<OwnRow> = item.map(|item| super::row(item, doing)).transpose()?;
    Ok(row.map(|row| row.rooms).unwrap_or_default())
}
