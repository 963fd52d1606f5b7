//! Which person an account is. Decided once, by the first request that the account makes: the guest that it continues
//! as, or a new person under the account's own id.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, Update};

use super::claim::{contended, update};
use super::{People, TRIES, person_key};
use crate::error::{ChatError, Result};
use crate::store::string;

const DOING: &str = "read which person an account is";

impl People {
    /// Returns the id of the person that an account is. Decides it, if nothing has.
    pub async fn of_account(&self, account_id: &str) -> Result<String> {
        let request = self
            .db
            .update_item()
            .table_name(&self.table)
            .key("key", account_key(account_id))
            .update_expression("SET userId = if_not_exists(userId, :own)")
            .expression_attribute_values(":own", string(account_id))
            .return_values(ReturnValue::AllNew);
        let row = request.send().await.map_err(ChatError::service(DOING))?.attributes.unwrap_or_default();
        let user_id = row.get("userId").and_then(|id| id.as_s().ok()).cloned();
        user_id.ok_or_else(|| ChatError::Service { doing: DOING, reason: "a row of an unexpected form".into() })
    }

    /// Makes an account continue as a guest. Returns whether it does: not if it is another person already, or if another
    /// account continues as this guest.
    pub async fn link(&self, account_id: &str, guest_id: &str) -> Result<bool> {
        let link = |key, name: &'static str, value| {
            let link = Update::builder().table_name(&self.table).key("key", key);
            link.condition_expression("attribute_not_exists(#name) OR #name = :value")
                .expression_attribute_names("#name", name)
                .expression_attribute_values(":value", string(value))
        };
        let account = link(account_key(account_id), "userId", guest_id).update_expression("SET #name = :value");
        let guest = link(person_key(guest_id), "account", account_id)
            .update_expression("SET #name = :value REMOVE #ttl")
            .expression_attribute_names("#ttl", "ttl");
        let writes = vec![update(account)?, update(guest)?];
        for _ in 0..TRIES {
            match self.transact(writes.clone()).await? {
                Ok(()) => return Ok(true),
                Err(failed) if !failed.is_empty() => return Ok(false),
                Err(_) => {}
            }
        }
        Err(contended())
    }
}

fn account_key(account_id: &str) -> AttributeValue {
    string(format!("account#{account_id}"))
}
