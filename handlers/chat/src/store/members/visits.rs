//! The rooms in which a person may have written (`visits#…`, by room id): those that they have joined with a token, and
//! the conversations of which they are no longer a member. Nothing else tells where a person's messages are.

use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Put};
use serde::Deserialize;

use super::Members;
use crate::error::{ChatError, Result};
use crate::store::string;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Visit {
    room_id: String,
}

impl Members {
    /// Notes that a person has been in a room.
    pub async fn visit(&self, user_id: &str, room_id: &str) -> Result<()> {
        let put = self.db.put_item().table_name(&self.table).item("scope", visits_scope(user_id));
        let put = put.item("key", string(room_id)).item("roomId", string(room_id));
        put.send().await.map_err(ChatError::service("note where a person has been"))?;
        Ok(())
    }

    /// Reads where a person has been. Strongly consistent.
    pub async fn visits(&self, user_id: &str) -> Result<Vec<String>> {
        let visits: Vec<Visit> = self.query(visits_scope(user_id), "read where a person has been").await?;
        Ok(visits.into_iter().map(|visit| visit.room_id).collect())
    }

    /// Forgets that a person has been in a room.
    pub async fn forget_visit(&self, user_id: &str, room_id: &str) -> Result<()> {
        let delete = self.db.delete_item().table_name(&self.table).key("scope", visits_scope(user_id));
        delete
            .key("key", string(room_id))
            .send()
            .await
            .map_err(ChatError::service("forget where a person has been"))?;
        Ok(())
    }
}

/// Returns the write that notes it.
pub(super) fn visit_put(table: &str, user_id: &str, room_id: &str) -> PutBuilder {
    let put = Put::builder().table_name(table).item("scope", visits_scope(user_id));
    put.item("key", string(room_id)).item("roomId", string(room_id))
}

fn visits_scope(user_id: &str) -> AttributeValue {
    string(format!("visits#{user_id}"))
}
