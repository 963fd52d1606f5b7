//! The hash of a room's password. Only the function that checks passwords may read it.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};

use super::Members;
use crate::error::{ChatError, Result};
use crate::store::string;

const KEY: &str = "hash";

impl Members {
    /// Returns the write that stores the hash of a room's password, or deletes it, for the transaction that changes the
    /// room.
    pub fn password_write(&self, room_id: &str, hash: Option<&str>) -> Result<TransactWriteItem> {
        let unbuilt = ChatError::unbuilt("store a password");
        let write = TransactWriteItem::builder();
        Ok(match hash {
            Some(hash) => {
                let put = Put::builder().table_name(&self.table).item("scope", scope(room_id)).item("key", string(KEY));
                write.put(put.item("hash", string(hash)).build().map_err(unbuilt)?)
            }
            None => {
                let delete = Delete::builder().table_name(&self.table);
                let delete = delete.key("scope", scope(room_id)).key("key", string(KEY));
                write.delete(delete.build().map_err(unbuilt)?)
            }
        }
        .build())
    }

    /// Reads the hash of a room's password, if the room has one.
    pub async fn password(&self, room_id: &str) -> Result<Option<String>> {
        let request = self.db.get_item().table_name(&self.table).consistent_read(true);
        let request = request.key("scope", scope(room_id)).key("key", string(KEY));
        let item = request.send().await.map_err(ChatError::service("read a password"))?.item;
        Ok(item.and_then(|item| item.get("hash")?.as_s().ok().cloned()))
    }
}

pub(super) fn scope(room_id: &str) -> AttributeValue {
    string(format!("password#{room_id}"))
}
