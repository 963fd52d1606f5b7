//! The Connections table: who is connected, and who is in which room.
//!
//! A connection has a row of its own (`connection#…`) that lists its rooms, a row in each of these rooms (`room#…`), and
//! one among its person's connections (`user#…`), for their conversations. The rows in the rooms decide who is present.
//! Each is a lease: it counts until `leaseUntil`, even if nobody deletes it. The connection's own row only tells
//! `$disconnect` and `ping` where to look, and which claims the connection relies on in each room.

mod connection;
mod occupants;
mod people;

pub use connection::{CONNECTION_ROW_LIFE, ConnectionRow, expired};
pub use occupants::{Entered, Occupant};
pub use people::PersonConnection;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};

use super::{Item, string};
use crate::error::{ChatError, Result};

pub struct Connections {
    pub db: Client,
    pub table: String,
}

impl Connections {
    async fn get(&self, channel: AttributeValue, connection_id: &str, doing: &'static str) -> Result<Option<Item>> {
        let request = self.db.get_item().table_name(&self.table).consistent_read(true);
        let request = request.key("channel", channel).key("connectionId", string(connection_id));
        Ok(request.send().await.map_err(ChatError::service(doing))?.item)
    }

    /// Deletes a row and returns it.
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
