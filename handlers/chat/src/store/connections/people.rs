//! The rows of a person's connections (`user#…`), by which members of a conversation receive what happens in it.

use aws_sdk_dynamodb::types::ReturnValue;
use parlor_protocol::Millis;
use parlor_protocol::limits::LEASE;
use parlor_protocol::person::Person;
use serde::{Deserialize, Serialize};

use super::Connections;
use crate::error::{ChatError, Result};
use crate::store::{TIDY_AFTER, number, query_all, row, seconds, string};
use crate::{Caller, millis};

/// A connection of a person. Its lease counts like an occupant's.
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
}

impl Connections {
    /// Writes the row by which a person receives their conversations on this connection, or renews its lease. Returns
    /// whether the connection had one until now: if not, it may have missed something.
    pub async fn receive(&self, caller: &Caller, now: Millis) -> Result<bool> {
        let doing = "renew a person's connection";
        let connection = PersonConnection {
            connection_id: caller.connection_id.clone(),
            user_id: caller.user_id.clone(),
            name: caller.name.clone(),
            lease_until: now + millis(LEASE),
        };
        let before = self
            .db
            .put_item()
            .table_name(&self.table)
            .set_item(Some(serde_dynamo::to_item(&connection).map_err(ChatError::row(doing))?))
            .item("channel", string(person_channel(&caller.user_id)))
            .item("ttl", number(seconds(connection.lease_until + TIDY_AFTER)))
            .return_values(ReturnValue::AllOld)
            .send()
            .await
            .map_err(ChatError::service(doing))?
            .attributes;
        let before: Option<PersonConnection> = before.map(|item| row(item, doing)).transpose()?;
        Ok(before.is_some_and(|before| before.is_live(now)))
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
