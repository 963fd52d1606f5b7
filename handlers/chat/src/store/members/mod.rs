//! The Members table: what is remembered of a room beyond its row, and kept from the functions that need not know it.
//! Partition keys start with the kind of row, so that a role can be confined to one kind.

mod addresses;
mod claims;
mod held;
mod password;
mod reports;
mod roster;
mod seats;
mod status;
mod visits;

pub use claims::{Claim, Taken, Written, contended};
pub use held::HeldRow;
pub use reports::ReportRow;
pub use roster::{Listed, MemberRow, MemberWrite, Roster};
pub use seats::{Choice, choose, extra_seat_key, is_seat, seat_key};
pub use status::{StatusChange, StatusRow};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::stream::{self, TryStreamExt};

use super::Item;
use crate::error::{ChatError, Result};

/// Concurrent deletions.
const DELETIONS: usize = 16;

pub struct Members {
    pub db: Client,
    pub table: String,
}

impl Members {
    /// Deletes everything of a room.
    pub async fn delete_room(&self, room_id: &str) -> Result<()> {
        self.delete_scope(password::scope(room_id)).await?;
        self.delete_scope(roster::scope(room_id)).await?;
        self.delete_scope(status::status_scope(room_id)).await?;
        self.delete_scope(status::audit_scope(room_id)).await?;
        self.delete_scope(addresses::scope(room_id)).await?;
        self.delete_scope(reports::scope(room_id)).await?;
        self.delete_scope(held::scope(room_id)).await?;
        self.delete_scope(claims::scope(room_id)).await
    }

    async fn delete_scope(&self, scope: AttributeValue) -> Result<()> {
        self.delete_where(scope, |_| true).await
    }

    /// Deletes the rows under a partition key whose sort keys are so.
    async fn delete_where(&self, scope: AttributeValue, is_over: impl Fn(&str) -> bool) -> Result<()> {
        let doing = "delete a room's members";
        let query = self.under(scope).projection_expression("#scope, #key");
        let query = query.expression_attribute_names("#key", "key").consistent_read(true);
        let keys: Vec<Item> =
            query.into_paginator().items().send().try_collect().await.map_err(ChatError::service(doing))?;
        let over = keys.into_iter().filter(|item| {
            let key = item.get("key").and_then(|key| key.as_s().ok());
            key.is_some_and(|key| is_over(key))
        });
        stream::iter(over.map(Ok))
            .try_for_each_concurrent(DELETIONS, async |key| {
                let deletion = self.db.delete_item().table_name(&self.table).set_key(Some(key));
                deletion.send().await.map_err(ChatError::service(doing))?;
                Ok(())
            })
            .await
    }

    /// Returns a query of the rows under a partition key.
    fn under(&self, scope: AttributeValue) -> QueryFluentBuilder {
        self.db
            .query()
            .table_name(&self.table)
            .key_condition_expression("#scope = :scope")
            .expression_attribute_names("#scope", "scope")
            .expression_attribute_values(":scope", scope)
    }

    /// Returns a query of the rows under a partition key whose sort keys begin with this.
    fn under_prefix(&self, scope: AttributeValue, prefix: AttributeValue) -> QueryFluentBuilder {
        self.under(scope)
            .key_condition_expression("#scope = :scope AND begins_with(#key, :prefix)")
            .expression_attribute_names("#key", "key")
            .expression_attribute_values(":prefix", prefix)
    }
}
