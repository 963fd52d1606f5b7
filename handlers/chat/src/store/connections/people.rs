//! The rows of a person's connections (`user#…`), by which members of a conversation receive what happens in it.

use parlor_protocol::Millis;
use parlor_protocol::person::Person;
use serde::{Deserialize, Serialize};

use super::Connections;
use crate::Caller;
use crate::error::{ChatError, Result};
use crate::store::{TIDY_AFTER, number, query_all, seconds, string};

/// API Gateway ends every connection after two hours; the rest is for clocks that differ.
const CONNECTION_LIFE: Millis = (2 * 60 + 5) * 60 * 1000;

/// The longest that a connection is opening after its row is written: API Gateway waits 29 seconds for `$connect`. Until
/// then, posts to it get 410.
const OPENING: Millis = 30 * 1000;

/// A connection of a person. Unlike an occupant's, its lease lasts as long as the connection can: nothing renews it. If the
/// connection is gone, the next post to it removes the row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonConnection {
    pub connection_id: String,
    pub user_id: String,
    pub name: String,
    pub lease_until: Millis,
}

impl PersonConnection {
    pub fn person(&self) -> Person {
        Person { user_id: self.user_id.clone(), name: self.name.clone() }
    }

    pub fn is_live(&self, now: Millis) -> bool {
        self.lease_until > now
    }

    /// Whether the connection may still be opening, so that 410 does not mean that it is gone.
    pub fn may_be_opening(&self, now: Millis) -> bool {
        self.lease_until + OPENING > now + CONNECTION_LIFE
    }
}

impl Connections {
    /// Adds a connection to its person's. From then on, it receives their conversations.
    pub async fn receive(&self, caller: &Caller, now: Millis) -> Result<()> {
        let doing = "add a person's connection";
        let connection = PersonConnection {
            connection_id: caller.connection_id.clone(),
            user_id: caller.user_id.clone(),
            name: caller.name.clone(),
            lease_until: now + CONNECTION_LIFE,
        };
        self.db
            .put_item()
            .table_name(&self.table)
            .set_item(Some(serde_dynamo::to_item(&connection).map_err(ChatError::row(doing))?))
            .item("channel", string(person_channel(&caller.user_id)))
            .item("ttl", number(seconds(connection.lease_until + TIDY_AFTER)))
            .send()
            .await
            .map_err(ChatError::service(doing))?;
        Ok(())
    }

    /// Removes a connection from its person's.
    pub async fn stop_receiving(&self, user_id: &str, connection_id: &str) -> Result<()> {
        self.delete(string(person_channel(user_id)), connection_id, "remove a person's connection").await?;
        Ok(())
    }

    /// Reads a person's connections, including those whose lease has ended. Strongly consistent: a connection that was
    /// accepted before is among them.
    pub async fn of_person(&self, user_id: &str) -> Result<Vec<PersonConnection>> {
        let query = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("channel = :channel")
            .expression_attribute_values(":channel", string(person_channel(user_id)));
        query_all(query, "read a person's connections").await
    }
}

fn person_channel(user_id: &str) -> String {
    format!("user#{user_id}")
}
