//! Logs that are over because their room was cleared or closed, and the deletion of their rows.
//!
//! The transaction that ends a log adds a row for it under the key `remains`. The row stays until nothing of the log
//! can be left, so an interrupted deletion never loses track of one.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use futures_util::stream::{self, TryStreamExt};
use parlor_protocol::Millis;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::Log;
use crate::error::{ChatError, Result};
use crate::store::{Item, if_condition_held, query_all, string};

/// The partition key of the `remains` rows. No room has this id: room ids have sixteen letters and digits.
const REMAINS: &str = "remains";
/// Rows read, and then deleted, at a time.
const PAGE: i32 = 200;
/// Concurrent deletions.
const DELETIONS: usize = 16;
/// How long after a log's or a room's end writes to it may still arrive: after that, any function that found it open has
/// timed out. More than twice the longest timeout of such a function.
pub const LATE: Millis = 60_000;
const DOING: &str = "delete a log";

/// A log that is over.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Remains {
    epoch: String,
    /// When the log ended.
    at: Millis,
    /// The log was empty when last looked at, but late writes may still arrive.
    #[serde(default)]
    is_empty: bool,
}

impl Remains {
    fn new(epoch: &str, at: Millis) -> Self {
        Self { epoch: epoch.to_owned(), at, is_empty: false }
    }

    fn row(&self, room_id: &str) -> Result<Item> {
        let mut row: Item = serde_dynamo::to_item(self).map_err(ChatError::row(DOING))?;
        row.insert("roomId".to_owned(), string(REMAINS));
        row.insert("sk".to_owned(), string(remains_key(room_id, &self.epoch)));
        Ok(row)
    }
}

impl Log {
    /// Returns the write that adds a log's `remains` row, for the transaction that ends the log.
    pub(in crate::store) fn remains_put(&self, room_id: &str, epoch: &str, at: Millis) -> Result<TransactWriteItem> {
        let put = Put::builder().table_name(&self.table).set_item(Some(Remains::new(epoch, at).row(room_id)?));
        Ok(TransactWriteItem::builder().put(put.build().map_err(ChatError::unbuilt(DOING))?).build())
    }

    /// Deletes the room's logs that are over, page by page: the first page in any case, the others until the given
    /// time. Returns whether nothing is left. Call it again to continue.
    pub async fn delete_remains(&self, room_id: &str, until: Instant, now: Millis) -> Result<bool> {
        let mut has_deleted = false;
        for remains in self.remains(room_id).await? {
            // No write to this log can still arrive.
            let is_settled = now >= remains.at.saturating_add(LATE);
            if remains.is_empty && !is_settled {
                continue;
            }
            for kind in ["event", "sent"] {
                let prefix = format!("{kind}#{}#", remains.epoch);
                loop {
                    if has_deleted && Instant::now() >= until {
                        return Ok(false);
                    }
                    let (deleted, has_more) = self.delete_page(room_id, &prefix).await?;
                    has_deleted |= deleted;
                    if !has_more {
                        break;
                    }
                }
            }
            if is_settled {
                self.delete_row(REMAINS, &remains_key(room_id, &remains.epoch)).await?;
            } else {
                let row = Remains { is_empty: true, ..remains }.row(room_id)?;
                let put = self.db.put_item().table_name(&self.table).set_item(Some(row));
                // Another deletion that began later may have finished, and has then deleted the row.
                let put = put.condition_expression("attribute_exists(sk)");
                if_condition_held(put.send().await, DOING)?;
            }
        }
        Ok(true)
    }

    /// Deletes the first page of rows whose keys have this prefix. Returns whether there were any, and whether there
    /// are more.
    async fn delete_page(&self, room_id: &str, prefix: &str) -> Result<(bool, bool)> {
        let page = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("roomId = :room AND begins_with(sk, :prefix)")
            .expression_attribute_values(":room", string(room_id))
            .expression_attribute_values(":prefix", string(prefix))
            .projection_expression("sk")
            .limit(PAGE)
            .consistent_read(true)
            .send()
            .await
            .map_err(ChatError::service(DOING))?;
        let has_more = page.last_evaluated_key.is_some();
        let items = page.items.unwrap_or_default();
        let has_some = !items.is_empty();
        let keys = items.into_iter().filter_map(|item| item.get("sk")?.as_s().ok().cloned());
        stream::iter(keys.map(Ok))
            .try_for_each_concurrent(DELETIONS, async |key: String| self.delete_row(room_id, &key).await)
            .await?;
        Ok((has_some, has_more))
    }

    async fn delete_row(&self, room_id: &str, sk: &str) -> Result<()> {
        let deletion = self.db.delete_item().table_name(&self.table);
        let deletion = deletion.key("roomId", string(room_id)).key("sk", string(sk));
        deletion.send().await.map_err(ChatError::service(DOING))?;
        Ok(())
    }

    async fn remains(&self, room_id: &str) -> Result<Vec<Remains>> {
        let query = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("roomId = :remains AND begins_with(sk, :room)")
            .expression_attribute_values(":remains", string(REMAINS))
            .expression_attribute_values(":room", string(remains_key(room_id, "")));
        query_all(query, DOING).await
    }
}

fn remains_key(room_id: &str, epoch: &str) -> String {
    format!("{room_id}#{epoch}")
}
