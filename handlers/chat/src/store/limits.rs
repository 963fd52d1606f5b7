//! The Limits table: how much of each rate is used up, and which rooms each person owns.
//!
//! Nearly every row is a token bucket, stored as one number: when it will be full again (the generic cell rate
//! algorithm). If a function's clock is behind, it allows that much less. The other rows, `owned#…`, list a person's
//! rooms, some of which may be over.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use parlor_protocol::Millis;
use parlor_protocol::limits::{OWNED_ROOMS_RESET, ROOMS_PER_PERSON};
use serde::Deserialize;

use super::{Item, if_condition_held, number, row, seconds, string};
use crate::error::{ChatError, Result};
use crate::millis;
use crate::moderation::spam::SAME_TEXT;

/// How long a row outlives the moment when its bucket is full.
const TIDY_AFTER: Millis = 60 * 1000;

/// How much is allowed: `burst` at once, and `per_minute` in the long run.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rate {
    pub per_minute: u64,
    pub burst: u64,
}

impl Rate {
    /// How long it takes to earn one token, in milliseconds.
    pub fn interval(self) -> Millis {
        60_000 / self.per_minute.max(1)
    }
}

/// A number of tokens to take from a bucket.
#[derive(Clone, Copy)]
struct Charge<'a> {
    bucket: &'a str,
    count: u64,
    rate: Rate,
    now: Millis,
}

impl Charge<'_> {
    /// How long it takes to earn the tokens.
    fn time(self) -> Millis {
        self.rate.interval() * self.count
    }

    /// A bucket that will be full later than this holds fewer tokens. A charge above the burst needs a full bucket.
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
    /// When the bucket will be full again, or `None` if its row was deleted at this very moment.
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
    /// Takes `count` tokens from a bucket. This is one write if the bucket is full, as it usually is, and otherwise
    /// two.
    ///
    /// # Errors
    /// `rateLimited` if the bucket holds fewer; then nothing is taken.
    pub async fn take(&self, bucket: &str, count: u64, rate: Rate, now: Millis) -> Result<()> {
        let charge = Charge { bucket, count, rate, now };
        let latest = charge.latest();
        let Taken::Refused(full_at) = self.take_from_full(charge).await? else { return Ok(()) };
        let refused = |full_at: Millis| ChatError::RateLimited { retry_after: full_at - latest };
        if let Some(full_at) = full_at.filter(|full_at| *full_at > latest) {
            return Err(refused(full_at));
        }
        match self.take_from_partial(charge).await? {
            Taken::Done => Ok(()),
            Taken::Refused(full_at) => Err(refused(full_at.unwrap_or_default().max(latest + rate.interval()))),
        }
    }

    async fn take_from_full(&self, charge: Charge<'_>) -> Result<Taken> {
        let condition = "attribute_not_exists(limitId) OR fullAt <= :limit";
        self.update(charge, "SET fullAt = :limit + :time, #ttl = :ttl", condition, charge.now).await
    }

    async fn take_from_partial(&self, charge: Charge<'_>) -> Result<Taken> {
        let condition = "fullAt <= :limit";
        self.update(charge, "SET fullAt = fullAt + :time, #ttl = :ttl", condition, charge.latest()).await
    }

    async fn update(&self, charge: Charge<'_>, expression: &str, condition: &str, limit: Millis) -> Result<Taken> {
        let doing = "take from a bucket";
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
        // Boxed because the SDK's futures are large, and every route that counts would hold four of them.
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

    /// Adds a room to those in which a person has said the same lately. Returns how many they are.
    pub async fn add_room(&self, text: &str, room_id: &str, now: Millis) -> Result<usize> {
        let doing = "count a text";
        let window = now / millis(SAME_TEXT);
        let request = self
            .db
            .update_item()
            .table_name(&self.table)
            .key("limitId", string(format!("text#{text}#{window}")))
            .update_expression("ADD rooms :room SET #ttl = :ttl")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":room", AttributeValue::Ss(vec![room_id.to_owned()]))
            .expression_attribute_values(":ttl", number(seconds((window + 1) * millis(SAME_TEXT) + TIDY_AFTER)))
            .return_values(ReturnValue::UpdatedNew);
        let updated = request.send().await.map_err(ChatError::service(doing))?;
        Ok(row::<Owned>(updated.attributes.unwrap_or_default(), doing)?.rooms.len())
    }

    /// Returns the update that adds a room to its owner's list, for the transaction that creates the room. It fails if
    /// the owner has as many rooms as a person may.
    pub(super) fn add_owned_room(&self, owner_id: &str, room_id: &str, now: Millis) -> Result<TransactWriteItem> {
        let update = Update::builder()
            .table_name(&self.table)
            .key("limitId", owned_key(owner_id))
            .update_expression("ADD rooms :room SET #ttl = :ttl")
            .condition_expression("attribute_not_exists(rooms) OR size(rooms) < :most")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":room", AttributeValue::Ss(vec![room_id.to_owned()]))
            .expression_attribute_values(":most", number(ROOMS_PER_PERSON as u64))
            .expression_attribute_values(":ttl", number(seconds(now + millis(OWNED_ROOMS_RESET))));
        let update = update.build().map_err(ChatError::unbuilt("add a person's room"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// Reads the list of a person's rooms.
    pub(super) async fn owned_rooms(&self, owner_id: &str) -> Result<BTreeSet<String>> {
        let doing = "read a person's rooms";
        let request = self.db.get_item().table_name(&self.table).key("limitId", owned_key(owner_id));
        let item = request.consistent_read(true).send().await.map_err(ChatError::service(doing))?.item;
        Ok(item.map(|item| row::<Owned>(item, doing)).transpose()?.map(|owned| owned.rooms).unwrap_or_default())
    }

    /// Removes rooms from a person's list, if it has not expired: otherwise this would create a row that never does.
    pub async fn remove_owned_rooms(&self, owner_id: &str, rooms: Vec<String>) -> Result<()> {
        if rooms.is_empty() {
            return Ok(());
        }
        let request = self.db.update_item().table_name(&self.table).key("limitId", owned_key(owner_id));
        let request = request.update_expression("DELETE rooms :over").condition_expression("attribute_exists(limitId)");
        let request = request.expression_attribute_values(":over", AttributeValue::Ss(rooms));
        if_condition_held(request.send().await, "remove a person's rooms")?;
        Ok(())
    }
}

fn owned_key(owner_id: &str) -> AttributeValue {
    string(format!("owned#{owner_id}"))
}

fn full_at(item: Item, doing: &'static str) -> Result<Millis> {
    let bucket: Bucket = row(item, doing)?;
    Ok(bucket.full_at)
}
