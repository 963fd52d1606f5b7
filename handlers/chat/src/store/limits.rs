//! The Limits table: what somebody has used up of what they may do. Each row is a token bucket, kept as one number: when
//! it will be full again (the generic cell rate algorithm). Whose clock is behind loses what it is behind by.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use parlor_protocol::Millis;
use serde::Deserialize;

use super::{Item, number, row, seconds, string};
use crate::error::{ChatError, Result};

/// Time to live only tidies up.
const TIDY_AFTER: Millis = 60 * 1000;

/// How much of something is allowed: `burst` at once, and `per_minute` in the long run.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rate {
    pub per_minute: u64,
    pub burst: u64,
}

impl Rate {
    /// How long it takes to earn one, in milliseconds.
    fn interval(self) -> Millis {
        60_000 / self.per_minute.max(1)
    }

    /// A bucket that is full later than this has nothing left.
    fn latest(self, now: Millis) -> Millis {
        now + self.interval() * self.burst.saturating_sub(1)
    }
}

pub struct Limits {
    pub db: Client,
    pub table: String,
}

/// A row that was in the way of an update; none where the row was deleted in this moment.
enum Taken {
    Done,
    Refused(Option<Millis>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bucket {
    full_at: Millis,
}

impl Limits {
    /// Takes one out of a bucket. One write where the bucket was full, which it mostly is; two otherwise.
    ///
    /// # Errors
    /// `rateLimited` where there is none left; nothing is taken then.
    pub async fn take(&self, bucket: &str, rate: Rate, now: Millis) -> Result<()> {
        let interval = rate.interval();
        let Taken::Refused(full_at) = self.fill(bucket, rate, now).await? else { return Ok(()) };
        let refused = |full_at: Millis| ChatError::RateLimited { retry_after: full_at - rate.latest(now) };
        if let Some(full_at) = full_at.filter(|full_at| *full_at > rate.latest(now)) {
            return Err(refused(full_at));
        }
        match self.draw(bucket, rate, now).await? {
            Taken::Done => Ok(()),
            Taken::Refused(full_at) => Err(refused(full_at.unwrap_or_default().max(rate.latest(now) + interval))),
        }
    }

    /// From a bucket that is full.
    async fn fill(&self, bucket: &str, rate: Rate, now: Millis) -> Result<Taken> {
        let condition = "attribute_not_exists(limitId) OR fullAt <= :limit";
        self.update(bucket, "SET fullAt = :limit + :interval, #ttl = :ttl", condition, now, rate, now).await
    }

    /// From one that is not.
    async fn draw(&self, bucket: &str, rate: Rate, now: Millis) -> Result<Taken> {
        let limit = rate.latest(now);
        self.update(bucket, "SET fullAt = fullAt + :interval, #ttl = :ttl", "fullAt <= :limit", limit, rate, now).await
    }

    async fn update(
        &self,
        bucket: &str,
        expression: &str,
        condition: &str,
        limit: Millis,
        rate: Rate,
        now: Millis,
    ) -> Result<Taken> {
        let doing = "count what was done";
        let updated = self
            .db
            .update_item()
            .table_name(&self.table)
            .key("limitId", string(bucket))
            .update_expression(expression)
            .condition_expression(condition)
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":limit", number(limit))
            .expression_attribute_values(":interval", number(rate.interval()))
            .expression_attribute_values(":ttl", number(seconds(rate.latest(now) + rate.interval() + TIDY_AFTER)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match updated {
            Ok(_) => Ok(Taken::Done),
            Err(SdkError::ServiceError(error)) => match error.into_err() {
                UpdateItemError::ConditionalCheckFailedException(failed) => {
                    failed.item.map(|item| full_at(item, doing)).transpose().map(Taken::Refused)
                }
                other => Err(ChatError::service(doing)(SdkError::<_, ()>::service_error(other, ()))),
            },
            Err(error) => Err(ChatError::service(doing)(error)),
        }
    }
}

fn full_at(item: Item, doing: &'static str) -> Result<Millis> {
    let bucket: Bucket = row(item, doing)?;
    Ok(bucket.full_at)
}
