//! The budgets in the Limits table: how many tokens a bot's model took on one day. A reservation is an attribute of its own,
//! so repeating a write changes nothing.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use parlor_protocol::Millis;
use serde::Deserialize;

use super::{Limits, if_condition_held, number, seconds, string};
use crate::error::{ChatError, Result};

const DAY: Millis = 24 * 60 * 60 * 1000;

/// The tokens that a bot's model may take a day.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Budgets {
    pub person: u64,
    pub room: u64,
    pub stage: u64,
}

impl Limits {
    /// Reserves tokens of a budget. `key` is a [`budget_key`]. Returns whether it has as many left.
    pub async fn reserve(&self, key: &str, id: &str, tokens: u64, budget: u64, now: Millis) -> Result<bool> {
        let doing = "reserve tokens";
        let Some(most) = budget.checked_sub(tokens) else { return Ok(false) };
        let update = self
            .budget(key, id)
            .update_expression("SET #reserved = :tokens, #ttl = :ttl ADD spent :tokens")
            .condition_expression("attribute_not_exists(#reserved) AND (attribute_not_exists(spent) OR spent <= :most)")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":tokens", number(tokens))
            .expression_attribute_values(":most", number(most))
            // The row outlives the day by one, for those who settle late.
            .expression_attribute_values(":ttl", number(seconds((now / DAY + 2) * DAY)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match update.send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(error)) => match error.err() {
                // The SDK repeated a write whose response was lost.
                UpdateItemError::ConditionalCheckFailedException(failed) => {
                    Ok(failed.item().is_some_and(|item| item.contains_key(&attribute(id))))
                }
                _ => Err(ChatError::service(doing)(SdkError::ServiceError(error))),
            },
            Err(error) => Err(ChatError::service(doing)(error)),
        }
    }

    /// Replaces a reservation by what was spent.
    pub async fn settle(&self, key: &str, id: &str, reserved: u64, spent: u64) -> Result<()> {
        let difference = i128::from(spent) - i128::from(reserved);
        let update = self
            .budget(key, id)
            .update_expression("REMOVE #reserved ADD spent :difference")
            .condition_expression("attribute_exists(#reserved)")
            .expression_attribute_values(":difference", AttributeValue::N(difference.to_string()));
        if_condition_held(update.send().await, "settle tokens")?;
        Ok(())
    }

    fn budget(&self, key: &str, id: &str) -> UpdateItemFluentBuilder {
        let update = self.db.update_item().table_name(&self.table).key("limitId", string(key));
        update.expression_attribute_names("#reserved", attribute(id))
    }
}

/// Returns the key of a budget's row for the day.
pub fn budget_key(bot: &str, scope: &str, now: Millis) -> String {
    format!("tokens#{bot}#{scope}#{}", now / DAY)
}

fn attribute(id: &str) -> String {
    format!("reserved-{id}")
}
