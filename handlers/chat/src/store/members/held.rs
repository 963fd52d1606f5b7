//! Messages of a room that wait for a moderator (`held#…`, by epoch, author and the id that the author chose).

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Select, TransactWriteItem};
use parlor_protocol::held::HeldMessage;
use parlor_protocol::limits::{HELD, HELD_MESSAGES};
use parlor_protocol::moderation::AuditEntry;
use serde::{Deserialize, Serialize};

use super::Members;
use crate::error::{ChatError, Result};
use crate::store::{IdempotencyKey, Item, MessageRow, if_condition_held, row, rows, string};

const DOING: &str = "hold a message";

/// A message that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldRow {
    pub epoch: String,
    /// Seconds since 1970. Nobody has decided until then; DynamoDB deletes it later.
    pub ttl: u64,
    /// Why it was held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(flatten)]
    pub message: MessageRow,
}

impl HeldRow {
    pub fn idempotency_key(&self) -> IdempotencyKey {
        IdempotencyKey { user_id: self.message.user_id.clone(), id: self.message.id.clone() }
    }

    pub fn into_wire(self) -> HeldMessage {
        let Self { epoch, reason, message, .. } = self;
        let from = message.author();
        let MessageRow { id, text, at, reply_to, .. } = message;
        HeldMessage { epoch, id, from, text, at, reply_to, reason }
    }
}

impl Members {
    /// Holds a message, unless it is held already.
    pub async fn hold(&self, room_id: &str, held: &HeldRow) -> Result<()> {
        let request = self
            .db
            .put_item()
            .table_name(&self.table)
            .set_item(Some(serde_dynamo::to_item(held).map_err(ChatError::row(DOING))?))
            .item("scope", scope(room_id))
            .item("key", string(key(&held.epoch, &held.idempotency_key())))
            .condition_expression("attribute_not_exists(#scope)")
            .expression_attribute_names("#scope", "scope");
        if_condition_held(request.send().await, DOING).map(drop)
    }

    /// Reads a message that waits.
    pub async fn held(&self, room_id: &str, epoch: &str, of: &IdempotencyKey) -> Result<Option<HeldRow>> {
        let doing = "read a held message";
        let request = self.db.get_item().table_name(&self.table).consistent_read(true);
        let request = request.key("scope", scope(room_id)).key("key", string(key(epoch, of)));
        let item = request.send().await.map_err(ChatError::service(doing))?.item;
        item.map(|item| row(item, doing)).transpose()
    }

    /// Reads whether as many messages of an epoch wait as a room may have.
    pub async fn holds_all(&self, room_id: &str, epoch: &str) -> Result<bool> {
        let mut count = 0;
        let mut start = None;
        loop {
            let query = self.under_prefix(scope(room_id), string(format!("{epoch}#"))).select(Select::Count);
            let page = query.set_exclusive_start_key(start).send().await.map_err(ChatError::service(DOING))?;
            count += usize::try_from(page.count).unwrap_or_default();
            start = page.last_evaluated_key;
            if start.is_none() || count >= HELD_MESSAGES {
                return Ok(count >= HELD_MESSAGES);
            }
        }
    }

    /// Reads a page of the messages of an epoch that wait, with the cursor of the next one. `cursor` is where the previous
    /// page ended.
    pub async fn held_of_epoch(
        &self,
        room_id: &str,
        epoch: &str,
        cursor: Option<&str>,
    ) -> Result<(Vec<HeldRow>, Option<String>)> {
        let doing = "list held messages";
        let start =
            cursor.map(|key| Item::from([("scope".to_owned(), scope(room_id)), ("key".to_owned(), string(key))]));
        let query = self
            .under_prefix(scope(room_id), string(format!("{epoch}#")))
            .set_exclusive_start_key(start)
            .consistent_read(true)
            .limit(i32::try_from(HELD).unwrap_or(i32::MAX));
        let page = query.send().await.map_err(ChatError::service(doing))?;
        let last = page.last_evaluated_key.as_ref().and_then(|key| key.get("key")?.as_s().ok().cloned());
        Ok((rows(page.items.unwrap_or_default(), doing)?, last))
    }

    /// Deletes what waits of an epoch.
    pub async fn delete_held_of_epoch(&self, room_id: &str, epoch: &str) -> Result<()> {
        let over = format!("{epoch}#");
        self.delete_where(scope(room_id), |key| key.starts_with(&over)).await
    }

    /// Deletes what waits of one person in a room.
    pub async fn delete_held_of(&self, room_id: &str, epoch: &str, user_id: &str) -> Result<()> {
        let theirs = format!("{epoch}#{user_id}#");
        self.delete_where(scope(room_id), |key| key.starts_with(&theirs)).await
    }

    /// Deletes a message that waits, and adds an entry to the audit list. Returns whether it did: not if the message no
    /// longer waits.
    pub async fn reject_held(
        &self,
        room_id: &str,
        epoch: &str,
        of: &IdempotencyKey,
        entry: &AuditEntry,
    ) -> Result<bool> {
        let writes = vec![self.held_deletion(room_id, epoch, of)?, self.audit_write(room_id, entry)?];
        match self.db.transact_write_items().set_transact_items(Some(writes)).send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(error)) => match error.err() {
                TransactWriteItemsError::TransactionCanceledException(cancelled)
                    if cancelled.cancellation_reasons().first().and_then(|reason| reason.code())
                        == Some("ConditionalCheckFailed") =>
                {
                    Ok(false)
                }
                _ => Err(ChatError::service(DOING)(SdkError::ServiceError(error))),
            },
            Err(error) => Err(ChatError::service(DOING)(error)),
        }
    }

    /// Returns the write that deletes a message that waits, if it does.
    pub fn held_deletion(&self, room_id: &str, epoch: &str, of: &IdempotencyKey) -> Result<TransactWriteItem> {
        let delete = Delete::builder()
            .table_name(&self.table)
            .key("scope", scope(room_id))
            .key("key", string(key(epoch, of)))
            .condition_expression("attribute_exists(#scope)")
            .expression_attribute_names("#scope", "scope");
        Ok(TransactWriteItem::builder().delete(delete.build().map_err(ChatError::unbuilt(DOING))?).build())
    }
}

fn key(epoch: &str, IdempotencyKey { user_id, id }: &IdempotencyKey) -> String {
    format!("{epoch}#{user_id}#{id}")
}

pub(super) fn scope(room_id: &str) -> AttributeValue {
    string(format!("held#{room_id}"))
}
