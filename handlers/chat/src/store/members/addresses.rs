//! The addresses from which guests without a token may not join a room (`addresses#…`, by a keyed hash of the address and
//! the person with whom it was banned).

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use parlor_protocol::Millis;
use parlor_protocol::moderation::Restriction;
use serde::{Deserialize, Serialize};

use super::Members;
use crate::error::{ChatError, Result};
use crate::store::{number, query_all, seconds, string};

const DOING: &str = "ban an address";

/// The ban of an address. It does not say why: that is about the person.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AddressBan {
    /// A keyed hash.
    address: String,
    user_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Millis>,
}

impl Members {
    /// Returns the write that bans an address together with a person.
    pub(in crate::store) fn address_ban_write(
        &self,
        room_id: &str,
        address: &str,
        user_id: &str,
        until: Option<Millis>,
    ) -> Result<TransactWriteItem> {
        let (address, user_id) = (address.to_owned(), user_id.to_owned());
        let key = key(&address, &user_id);
        let item = serde_dynamo::to_item(AddressBan { address, user_id, until }).map_err(ChatError::row(DOING))?;
        let put = Put::builder().table_name(&self.table).set_item(Some(item)).item("scope", scope(room_id));
        let put = match until {
            // DynamoDB deletes it with the ban: nothing needs it afterwards.
            Some(until) => put.item("ttl", number(seconds(until))),
            None => put,
        };
        let put = put.item("key", key).build().map_err(ChatError::unbuilt(DOING))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// Returns the write that lifts the ban of an address with a person.
    pub(in crate::store) fn address_ban_deletion(
        &self,
        room_id: &str,
        address: &str,
        user_id: &str,
    ) -> Result<TransactWriteItem> {
        let delete = Delete::builder().table_name(&self.table).key("scope", scope(room_id));
        let delete = delete.key("key", key(address, user_id)).build().map_err(ChatError::unbuilt(DOING))?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }

    /// Reads the addresses that were banned together with a person.
    pub async fn addresses_banned_with(&self, room_id: &str, user_id: &str) -> Result<Vec<String>> {
        let bans: Vec<AddressBan> = self.query(scope(room_id), "read banned addresses").await?;
        Ok(bans.into_iter().filter(|ban| ban.user_id == user_id).map(|ban| ban.address).collect())
    }

    /// Reads the ban of an address in a room, if it holds now: of several, one that holds longest.
    pub async fn address_ban(&self, room_id: &str, address: &str, now: Millis) -> Result<Option<Restriction>> {
        let query = self.under_prefix(scope(room_id), key(address, "")).consistent_read(true);
        let bans: Vec<AddressBan> = query_all(query, "read the ban of an address").await?;
        let bans = bans.into_iter().map(|AddressBan { until, .. }| Restriction { until, explanation: None });
        Ok(bans.filter(|ban| !ban.is_over(now)).max_by_key(|ban| ban.until.unwrap_or(Millis::MAX)))
    }
}

fn key(address: &str, user_id: &str) -> AttributeValue {
    string(format!("{address}#{user_id}"))
}

pub(super) fn scope(room_id: &str) -> AttributeValue {
    string(format!("addresses#{room_id}"))
}
