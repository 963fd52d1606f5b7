//! The addresses from which guests without a token may not join a room (`addresses#…`), each as a keyed hash.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use parlor_protocol::Millis;
use parlor_protocol::moderation::Restriction;

use super::Members;
use crate::error::{ChatError, Result};
use crate::store::{number, row, seconds, string};

const DOING: &str = "ban an address";

impl Members {
    /// Returns the writes that ban addresses from a room, or lift their bans.
    pub(in crate::store) fn address_writes(
        &self,
        room_id: &str,
        addresses: &[String],
        ban: Option<&Restriction>,
    ) -> Result<Vec<TransactWriteItem>> {
        addresses.iter().map(|address| self.address_write(room_id, address, ban)).collect()
    }

    fn address_write(&self, room_id: &str, address: &str, ban: Option<&Restriction>) -> Result<TransactWriteItem> {
        let (write, unbuilt) = (TransactWriteItem::builder(), ChatError::unbuilt(DOING));
        let Some(ban) = ban else {
            let delete = Delete::builder().table_name(&self.table).key("scope", scope(room_id));
            return Ok(write.delete(delete.key("key", string(address)).build().map_err(unbuilt)?).build());
        };
        let item = serde_dynamo::to_item(ban).map_err(ChatError::row(DOING))?;
        let put = Put::builder().table_name(&self.table).set_item(Some(item)).item("scope", scope(room_id));
        let put = match ban.until {
            // DynamoDB deletes it with the ban: nothing needs it afterwards.
            Some(until) => put.item("ttl", number(seconds(until))),
            None => put,
        };
        Ok(write.put(put.item("key", string(address)).build().map_err(unbuilt)?).build())
    }

    /// Reads the ban of an address in a room, if it holds now.
    pub async fn address_ban(&self, room_id: &str, address: &str, now: Millis) -> Result<Option<Restriction>> {
        let doing = "read the ban of an address";
        let request = self.db.get_item().table_name(&self.table).consistent_read(true);
        let request = request.key("scope", scope(room_id)).key("key", string(address));
        let item = request.send().await.map_err(ChatError::service(doing))?.item;
        let ban: Option<Restriction> = item.map(|item| row(item, doing)).transpose()?;
        Ok(ban.filter(|ban| !ban.is_over(now)))
    }
}

pub(super) fn scope(room_id: &str) -> AttributeValue {
    string(format!("addresses#{room_id}"))
}
