//! Claiming and releasing handles. Each is one transaction of the person's row and the rows of their handles, repeated
//! if the person's row has changed since it was read.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem, Update};
use parlor_protocol::Millis;
use parlor_protocol::text::Handle;

use super::{IS_MINE, People, PersonRow, TRIES, handle_key, person_key};
use crate::error::{ChatError, Result};
use crate::store::{TIDY_AFTER, number, seconds, string};

const DOING: &str = "change a person";

/// Who claims a handle.
#[derive(Clone, Copy)]
pub struct Claimant<'a> {
    pub user_id: &'a str,
    pub name: &'a str,
    /// When the handle is free again, unless an account continues as the guest. `None`: once it is released.
    pub until: Option<Millis>,
}

/// What became of a claim.
#[derive(Debug, PartialEq)]
pub enum Claimed {
    Done,
    /// Another person has this handle, or one that looks like it.
    ByAnother,
    /// The connection that was to note the handle no longer exists.
    WithoutNote,
}

/// The writes of a transaction whose conditions failed, by position. Empty if another transaction was in the way.
type Failed = Vec<usize>;

impl People {
    /// Claims a handle instead of the person's last one, or renews it. `note` is the write that notes it in the
    /// connection's row, for a handle that ends with the connection.
    pub async fn claim(
        &self,
        handle: &Handle,
        by: &Claimant<'_>,
        note: Option<&TransactWriteItem>,
        now: Millis,
    ) -> Result<Claimed> {
        let handle = handle.as_str();
        for _ in 0..TRIES {
            let person = self.person(by.user_id).await?;
            let last = person.handle_at(now).filter(|last| handle_key(last) != handle_key(handle));
            let release = last.map(|last| self.handle_delete(last, by.user_id)).transpose()?;
            // An account does not end as a guest's token does.
            let until = by.until.filter(|_| person.account.is_none());
            let by = &Claimant { until, ..*by };
            let writes = [self.handle_put(handle, by, now)?, self.person_update(&person, handle, by)?];
            let writes = writes.into_iter().chain(note.cloned()).chain(release).collect();
            match self.transact(writes).await? {
                Ok(()) => return Ok(Claimed::Done),
                Err(failed) if failed.contains(&0) => return Ok(Claimed::ByAnother),
                Err(failed) if note.is_some() && failed.contains(&2) => return Ok(Claimed::WithoutNote),
                Err(_) => {}
            }
        }
        Err(contended())
    }

    /// Releases a person's handle, if they have one.
    pub async fn release(&self, user_id: &str, now: Millis) -> Result<()> {
        for _ in 0..TRIES {
            let person = self.person(user_id).await?;
            if person.handle.is_none() {
                return Ok(());
            }
            let forget = self.update_as_read(&person, user_id).update_expression("REMOVE handle, handleUntil");
            let release = person.handle_at(now).map(|last| self.handle_delete(last, user_id)).transpose()?;
            let writes = [update(forget)?].into_iter().chain(release).collect();
            if self.transact(writes).await?.is_ok() {
                return Ok(());
            }
        }
        Err(contended())
    }

    /// Puts a handle's row unless another person has it.
    fn handle_put(&self, handle: &str, by: &Claimant<'_>, now: Millis) -> Result<TransactWriteItem> {
        let mut put = Put::builder()
            .table_name(&self.table)
            .item("key", handle_key(handle))
            .item("handle", string(handle))
            .item("userId", string(by.user_id))
            .item("name", string(by.name))
            .condition_expression(format!("attribute_not_exists(#key) OR {IS_MINE} OR #until <= :now"))
            .expression_attribute_names("#key", "key")
            .expression_attribute_names("#until", "until")
            .expression_attribute_values(":me", string(by.user_id))
            .expression_attribute_values(":now", number(now));
        if let Some(until) = by.until {
            put = put.item("until", number(until)).item("ttl", number(tidy_at(until)));
        }
        Ok(TransactWriteItem::builder().put(put.build().map_err(ChatError::unbuilt(DOING))?).build())
    }

    /// Deletes a handle's row, unless it is another person's: it may have ended since the person's row was read.
    fn handle_delete(&self, handle: &str, user_id: &str) -> Result<TransactWriteItem> {
        let delete = Delete::builder()
            .table_name(&self.table)
            .key("key", handle_key(handle))
            .condition_expression(format!("attribute_not_exists(#key) OR {IS_MINE}"))
            .expression_attribute_names("#key", "key")
            .expression_attribute_values(":me", string(user_id));
        Ok(TransactWriteItem::builder().delete(delete.build().map_err(ChatError::unbuilt(DOING))?).build())
    }

    /// Records a handle in its person's row.
    fn person_update(&self, read: &PersonRow, handle: &str, by: &Claimant<'_>) -> Result<TransactWriteItem> {
        let change = self
            .update_as_read(read, by.user_id)
            .expression_attribute_names("#name", "name")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":name", string(by.name))
            .expression_attribute_values(":handle", string(handle));
        let set = "SET #name = :name, handle = :handle";
        update(match by.until {
            None => change.update_expression(format!("{set} REMOVE handleUntil, #ttl")),
            Some(until) => change
                .update_expression(format!("{set}, handleUntil = :until, #ttl = :ttl"))
                .expression_attribute_values(":until", number(until))
                .expression_attribute_values(":ttl", number(tidy_at(until))),
        })
    }

    /// An update of a person's row on the condition that it has the handle that was read.
    fn update_as_read(&self, read: &PersonRow, user_id: &str) -> UpdateBuilder {
        let update = Update::builder().table_name(&self.table).key("key", person_key(user_id));
        match &read.handle {
            None => update.condition_expression("attribute_not_exists(handle)"),
            Some(handle) => {
                update.condition_expression("handle = :read").expression_attribute_values(":read", string(handle))
            }
        }
    }

    pub(super) async fn transact(&self, writes: Vec<TransactWriteItem>) -> Result<std::result::Result<(), Failed>> {
        let Err(error) = self.db.transact_write_items().set_transact_items(Some(writes)).send().await else {
            return Ok(Ok(()));
        };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
            return Err(ChatError::service(DOING)(error));
        };
        let reasons = cancelled.cancellation_reasons().iter();
        let codes: Vec<_> = reasons.filter_map(|reason| reason.code()).collect();
        if let Some(other) = codes.iter().find(|code| !matches!(**code, "None" | FAILED | "TransactionConflict")) {
            return Err(ChatError::Service { doing: DOING, reason: (*other).to_owned() });
        }
        Ok(Err(codes.iter().enumerate().filter(|(_, code)| **code == FAILED).map(|(n, _)| n).collect()))
    }
}

const FAILED: &str = "ConditionalCheckFailed";

pub(super) fn update(update: UpdateBuilder) -> Result<TransactWriteItem> {
    Ok(TransactWriteItem::builder().update(update.build().map_err(ChatError::unbuilt(DOING))?).build())
}

fn tidy_at(until: Millis) -> u64 {
    seconds(until + TIDY_AFTER)
}

pub(super) fn contended() -> ChatError {
    ChatError::Service { doing: DOING, reason: "others were quicker".into() }
}
