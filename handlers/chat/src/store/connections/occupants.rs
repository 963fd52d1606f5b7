//! The rows of a room's occupants.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::LEASE;
use parlor_protocol::person::Person;
use parlor_protocol::rules::AbsenceSeconds;
use serde::{Deserialize, Serialize};

use super::Connections;
use crate::error::{ChatError, Result};
use crate::store::{Room, TIDY_AFTER, if_condition_held, number, query_all, row, rows, seconds, string};
use crate::{Caller, millis};

/// A connection that has joined a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Occupant {
    pub connection_id: String,
    pub user_id: String,
    pub name: String,
    pub lease_until: Millis,
    /// The room may not have been told of this person under this name: their join is still under way, or died before it
    /// answered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unannounced: bool,
    /// How long the room outlasts this person's absence: only for the owner of a room that ends without them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absence_seconds: Option<AbsenceSeconds>,
    /// As in [`Caller`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl Occupant {
    pub fn person(&self) -> Person {
        Person { user_id: self.user_id.clone(), name: self.name.clone() }
    }

    pub fn is_live(&self, now: Millis) -> bool {
        self.lease_until > now
    }
}

/// What a connection was in a room before it entered.
#[derive(Debug, PartialEq)]
pub struct Entered {
    pub before: Option<Occupant>,
    /// Claims that it relied on and does not any more.
    pub dropped: BTreeSet<String>,
}

impl Connections {
    /// Adds a connection to a room, or renews its lease, name and claims there.
    ///
    /// The connection's own row lists the room first, so that a later `$disconnect` finds it. A `$disconnect` in
    /// between finds no occupant to remove; then the next post gets 410, or the lease ends.
    ///
    /// # Errors
    /// `connectionExpired`, `tooManyRooms`.
    pub async fn enter(
        &self,
        caller: &Caller,
        name: &str,
        room: &Room,
        claims: &[String],
        now: Millis,
    ) -> Result<Entered> {
        let room_id = &room.room_id;
        let dropped = self.add_room(&caller.connection_id, room_id, claims, now).await?;
        let is_owner = room.owner_id.as_ref() == Some(&caller.user_id);
        let doing = "join a room";
        let occupant = Occupant {
            connection_id: caller.connection_id.clone(),
            user_id: caller.user_id.clone(),
            name: name.to_owned(),
            lease_until: now + millis(LEASE),
            unannounced: true,
            absence_seconds: room.settings.absence_seconds.filter(|_| is_owner),
            address: caller.address.clone(),
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
        let before = before.map(|item| row(item, doing)).transpose()?;
        Ok(Entered { before, dropped })
    }

    /// Removes a connection from a room, and the room from the connection's list. Its claims are left to the caller.
    pub async fn exit(&self, connection_id: &str, room_id: &str) -> Result<()> {
        self.remove_room(connection_id, room_id).await?;
        self.remove(connection_id, room_id).await?;
        Ok(())
    }

    /// Removes a connection from a room. Its own row lists the room until a `ping` at least 60 s after the connection's last
    /// join removes it.
    pub async fn remove(&self, connection_id: &str, room_id: &str) -> Result<Option<Occupant>> {
        let doing = "leave a room";
        let before = self.delete(room_channel(room_id), connection_id, doing).await?;
        before.map(|item| row(item, doing)).transpose()
    }

    /// Removes a connection whose lease has ended. Returns whether it did: a `ping` may have renewed the lease first.
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

    /// Renews a connection's lease, if it is still in the room. Returns what it is there.
    pub async fn renew(&self, connection_id: &str, room_id: &str, now: Millis) -> Result<Option<Occupant>> {
        let doing = "renew a lease";
        let lease_until = now + millis(LEASE);
        let updated = self
            .update(room_channel(room_id), connection_id)
            .update_expression("SET leaseUntil = :until, #ttl = :ttl")
            .condition_expression("leaseUntil > :now")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":until", number(lease_until))
            .expression_attribute_values(":ttl", number(seconds(lease_until + TIDY_AFTER)))
            .expression_attribute_values(":now", number(now))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        let item = if_condition_held(updated, doing)?.and_then(|output| output.attributes);
        item.map(|item| row(item, doing)).transpose()
    }

    /// Notes how long the room outlasts the absence of this connection's person, if it is still there.
    pub async fn note_absence(&self, connection_id: &str, room_id: &str, seconds: AbsenceSeconds) -> Result<()> {
        let updated = self
            .update(room_channel(room_id), connection_id)
            .update_expression("SET absenceSeconds = :seconds")
            .condition_expression("attribute_exists(channel)")
            .expression_attribute_values(":seconds", number(seconds.get().into()))
            .send()
            .await;
        if_condition_held(updated, "note an owner's rule")?;
        Ok(())
    }

    /// Changes a connection's name in a room, if it is still there, and marks it unannounced.
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

    /// Marks a connection as announced, if it is still in the room under this name.
    pub async fn mark_announced(&self, connection_id: &str, room_id: &str, name: &str) -> Result<()> {
        let updated = self
            .update(room_channel(room_id), connection_id)
            .update_expression("REMOVE unannounced")
            .condition_expression("#name = :name")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":name", string(name))
            .send()
            .await;
        if_condition_held(updated, "mark an occupant announced")?;
        Ok(())
    }

    /// Reads a connection in a room.
    ///
    /// # Errors
    /// `notJoined`.
    pub async fn occupant(&self, connection_id: &str, room_id: &str, now: Millis) -> Result<Occupant> {
        let doing = "read an occupant";
        let item = self.get(room_channel(room_id), connection_id, doing).await?;
        let occupant: Option<Occupant> = item.map(|item| row(item, doing)).transpose()?;
        occupant.filter(|occupant| occupant.is_live(now)).ok_or_else(not_joined)
    }

    /// Reads all occupants, including those whose lease has ended, so that the reader can remove them. Strongly
    /// consistent, so that a connection that was sent `joined` misses nothing that follows.
    pub async fn in_room(&self, room_id: &str) -> Result<Vec<Occupant>> {
        query_all(self.query(room_id), "read who is in a room").await
    }

    /// Reads at most `limit` occupants, in the order of their connection ids, starting after the given one. Includes
    /// those whose lease has ended. Eventually consistent.
    pub async fn some_in_room(&self, room_id: &str, after: Option<&str>, limit: usize) -> Result<Vec<Occupant>> {
        let doing = "read some of who is in a room";
        let limit = i32::try_from(limit).unwrap_or(i32::MAX);
        let start = after.map(|connection_id| {
            let channel = ("channel".to_owned(), room_channel(room_id));
            HashMap::from([channel, ("connectionId".to_owned(), string(connection_id))])
        });
        let query = self.query(room_id).set_exclusive_start_key(start).limit(limit);
        let output = query.send().await.map_err(ChatError::service(doing))?;
        rows(output.items.unwrap_or_default(), doing)
    }

    fn query(&self, room_id: &str) -> QueryFluentBuilder {
        self.db
            .query()
            .table_name(&self.table)
            .key_condition_expression("channel = :channel")
            .expression_attribute_values(":channel", room_channel(room_id))
    }
}

fn room_channel(room_id: &str) -> AttributeValue {
    string(format!("room#{room_id}"))
}

fn not_joined() -> ChatError {
    ChatError::refused(ErrorCode::NotJoined, "join the room first")
}
