//! The Limits table: what somebody has used up of what they may do.
//!
//! Nearly every row is a token bucket, kept as one number: when it will be full again (the generic cell rate algorithm).
//! Functions whose clock is behind lose what it is behind by. The others, `owned#…`, name the rooms that a person owns, of
//! which some may be over.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use parlor_protocol::Millis;
use parlor_protocol::limits::{OWNED_ROOMS_RESET, ROOMS_PER_PERSON};
use serde::Deserialize;

use super::{Item, number, row, seconds, string};
use crate::error::{ChatError, Result};
use crate::millis;

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
}

/// So many out of a bucket.
#[derive(Clone, Copy)]
struct Charge<'a> {
    bucket: &'a str,
    count: u64,
    rate: Rate,
    now: Millis,
}

impl Charge<'_> {
    /// How long it takes to earn it.
    fn time(self) -> Millis {
        self.rate.interval() * self.count
    }

    /// A bucket that is full later than this has not so much left. Where it never holds so much, only a full one has it.
    fn latest(self) -> Millis {
        self.now + self.rate.interval() * self.rate.burst.saturating_sub(self.count)
    }

    fn tidy_at(self) -> Millis {
        self.now + self.rate.interval() * self.rate.burst.max(self.count) + TIDY_AFTER
    }
}

pub struct Limits {
    pub db: Client,
    pub table: String,
}

enum Taken {
    Done,
    /// When the bucket that was in the way will be full again; nothing where its row was deleted in this moment.
    Refused(Option<Millis>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bucket {
    full_at: Millis,
}

#[derive(Deserialize)]
struct Owned {
    #[serde(default)]
    rooms: BTreeSet<String>,
}

impl Limits {
    /// Takes so many out of a bucket. One write where the bucket was full, which it mostly is; two otherwise.
    ///
    /// # Errors
    /// `rateLimited` where there are fewer left; nothing is taken then.
    pub async fn take(&self, bucket: &str, count: u64, rate: Rate, now: Millis) -> Result<()> {
        let charge = Charge { bucket, count, rate, now };
        let latest = charge.latest();
        let Taken::Refused(full_at) = self.fill(charge).await? else { return Ok(()) };
        let refused = |full_at: Millis| ChatError::RateLimited { retry_after: full_at - latest };
        if let Some(full_at) = full_at.filter(|full_at| *full_at > latest) {
            return Err(refused(full_at));
        }
        match self.draw(charge).await? {
            Taken::Done => Ok(()),
            Taken::Refused(full_at) => Err(refused(full_at.unwrap_or_default().max(latest + rate.interval()))),
        }
    }

    /// From a bucket that is full.
    async fn fill(&self, charge: Charge<'_>) -> Result<Taken> {
        let condition = "attribute_not_exists(limitId) OR fullAt <= :limit";
        self.update(charge, "SET fullAt = :limit + :time, #ttl = :ttl", condition, charge.now).await
    }

    /// From one that is not.
    async fn draw(&self, charge: Charge<'_>) -> Result<Taken> {
        let condition = "fullAt <= :limit";
        self.update(charge, "SET fullAt = fullAt + :time, #ttl = :ttl", condition, charge.latest()).await
    }

    /// Notes a room as one of its owner's, for the transaction that makes it; it fails where they have as many as they may.
    pub(super) fn own(&self, owner_id: &str, room_id: &str, now: Millis) -> Result<TransactWriteItem> {
        let note = Update::builder()
            .table_name(&self.table)
            .key("limitId", owned_row(owner_id))
            .update_expression("ADD rooms :room SET #ttl = :ttl")
            .condition_expression("attribute_not_exists(rooms) OR size(rooms) < :most")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":room", AttributeValue::Ss(vec![room_id.to_owned()]))
            .expression_attribute_values(":most", number(ROOMS_PER_PERSON as u64))
            .expression_attribute_values(":ttl", number(seconds(now + millis(OWNED_ROOMS_RESET))));
        let note = note.build().map_err(ChatError::unbuilt("note a room's owner"))?;
        Ok(TransactWriteItem::builder().update(note).build())
    }

    /// The rooms that were noted as somebody's.
    pub(super) async fn owned(&self, owner_id: &str) -> Result<BTreeSet<String>> {
        let doing = "read a person's rooms";
        let request = self.db.get_item().table_name(&self.table).key("limitId", owned_row(owner_id));
        let item = request.consistent_read(true).send().await.map_err(ChatError::service(doing))?.item;
        Ok(item.map(|item| row::<Owned>(item, doing)).transpose()?.map(|owned| owned.rooms).unwrap_or_default())
    }

    /// Takes rooms out of their owner's row.
    pub(super) async fn disown(&self, owner_id: &str, rooms: Vec<String>) -> Result<()> {
        if rooms.is_empty() {
            return Ok(());
        }
        let request = self.db.update_item().table_name(&self.table).key("limitId", owned_row(owner_id));
        let request = request.update_expression("DELETE rooms :over");
        let request = request.expression_attribute_values(":over", AttributeValue::Ss(rooms));
        request.send().await.map_err(ChatError::service("forget a person's rooms"))?;
        Ok(())
    }

    async fn update(&self, charge: Charge<'_>, expression: &str, condition: &str, limit: Millis) -> Result<Taken> {
        let doing = "count what was done";
        let request = self
            .db
            .update_item()
            .table_name(&self.table)
            .key("limitId", string(charge.bucket))
            .update_expression(expression)
            .condition_expression(condition)
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":limit", number(limit))
            .expression_attribute_values(":time", number(charge.time()))
            .expression_attribute_values(":ttl", number(seconds(charge.tidy_at())))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        // The SDK's futures are large, and everything that is limited would hold four of them.
        match Box::pin(request.send()).await {
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

fn owned_row(owner_id: &str) -> AttributeValue {
    string(format!("owned#{owner_id}"))
}

fn full_at(item: Item, doing: &'static str) -> Result<Millis> {
    let bucket: Bucket = row(item, doing)?;
    Ok(bucket.full_at)
}
