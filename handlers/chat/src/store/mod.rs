//! The DynamoDB tables. Each table has one type, and only that type knows its keys and attributes.
//!
//! - [`Rooms`]: one row per room, with its settings and the last number drawn.
//! - [`Connections`]: one row per connection, one for each room that it has joined, and one that lists it under its
//!   person, by which it receives the events of conversations.
//! - [`Log`]: the Messages table, with the rooms' logs, the markers of idempotency keys, and the `remains` rows.
//! - [`Members`]: what is kept from most functions. Of a room, the hash of its password, who claims its seats and names,
//!   what its moderators decided, and what was reported to them; of a conversation, its members; of a person, their
//!   conversations, blocks and visits.
//! - [`People`]: who has which handle, and which person an account is.
//! - [`Limits`]: the token buckets, which rooms each person owns, and what the bots' models took.

mod budgets;
mod connections;
mod limits;
mod log;
mod members;
mod people;
mod rooms;

pub use budgets::{Budgets, budget_key};
pub use connections::{CONNECTION_ROW_LIFE, ConnectionRow, Connections, Entered, Occupant, PersonConnection, expired};
pub use limits::{Limits, Rate};
pub use log::{
    Appended, ChangeRow, Companion, Entry, Event, IdempotencyKey, LARGEST_SEQ, LATE, Log, LogKey, LogRange, MessageRow,
    NoticeRow, VoidRow,
};
pub use members::{
    Choice, Claim, HeldRow, Listed, MemberRow, MemberWrite, Members, ReportRow, Roster, StatusChange, StatusRow, Taken,
    Written, choose, contended, extra_seat_key, is_seat, seat_key,
};
pub use people::{Claimant, Claimed, People};
pub use rooms::{
    COMMONS, ConversationSettings, DRAWS, Drawn, Gate, HookKey, LobbyEntry, Moderated, ModerationChange,
    NewConversation, NewSettings, Queue, Room, RoomDraft, Rooms, Settings, Told, Waiting, rank_activity,
};

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use futures_util::future::try_join_all;
use parlor_protocol::Millis;
use serde::de::DeserializeOwned;
use tokio::time::sleep;

use crate::error::{ChatError, Result};

type Item = HashMap<String, AttributeValue>;

/// How long the row of an occupant or a claim outlives its lease if nobody deletes it.
const TIDY_AFTER: Millis = 60 * 60 * 1000;

fn string(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// Converts to seconds, the unit of DynamoDB's time to live.
fn seconds(at: Millis) -> u64 {
    at / 1000
}

/// Reads a row. Checks the attribute types first, because `serde_dynamo` panics on a type that the SDK does not know.
fn row<T: DeserializeOwned>(item: Item, doing: &'static str) -> Result<T> {
    if !item.values().all(is_known) {
        return Err(ChatError::Service { doing, reason: "an attribute of an unknown type".into() });
    }
    serde_dynamo::from_item(item).map_err(ChatError::row(doing))
}

fn rows<T: DeserializeOwned>(items: Vec<Item>, doing: &'static str) -> Result<Vec<T>> {
    items.into_iter().map(|item| row(item, doing)).collect()
}

fn is_known(value: &AttributeValue) -> bool {
    match value {
        AttributeValue::L(values) => values.iter().all(is_known),
        AttributeValue::M(values) => values.values().all(is_known),
        value => !value.is_unknown(),
    }
}

/// Runs a strongly consistent query over all its pages.
async fn query_all<T: DeserializeOwned>(query: QueryFluentBuilder, doing: &'static str) -> Result<Vec<T>> {
    let items = query.consistent_read(true).into_paginator().items().send();
    let items: std::result::Result<Vec<_>, _> = items.collect().await;
    rows(items.map_err(ChatError::service(doing))?, doing)
}

/// Reads rows by their keys, strongly consistently, in any order. Keys without a row are missing.
async fn batch_get(db: &Client, table: &str, keys: Vec<Item>, doing: &'static str) -> Result<Vec<Item>> {
    /// Keys of one BatchGetItem.
    const BATCH: usize = 100;
    /// Before what is left out is asked for again: DynamoDB wants a delay.
    const PAUSE: Duration = Duration::from_millis(50);
    let batches = keys.chunks(BATCH).map(|keys| async move {
        let asked = KeysAndAttributes::builder().set_keys(Some(keys.to_vec())).consistent_read(true);
        let mut left = HashMap::from([(table.to_owned(), asked.build().map_err(ChatError::unbuilt(doing))?)]);
        let mut found = Vec::new();
        // DynamoDB leaves keys out if the answer exceeds 16 MB or it is busy.
        while !left.is_empty() {
            let request = db.batch_get_item().set_request_items(Some(left));
            let output = request.send().await.map_err(ChatError::service(doing))?;
            found.extend(output.responses.unwrap_or_default().into_values().flatten());
            left = output.unprocessed_keys.unwrap_or_default();
            if !left.is_empty() {
                sleep(PAUSE).await;
            }
        }
        Ok::<_, ChatError>(found)
    });
    Ok(try_join_all(batches).await?.into_iter().flatten().collect())
}

/// Returns the output of a conditional write, or `None` if its condition failed.
fn if_condition_held<T, E: ProvideErrorMetadata, R>(
    written: std::result::Result<T, SdkError<E, R>>,
    doing: &'static str,
) -> Result<Option<T>> {
    match written {
        Ok(output) => Ok(Some(output)),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(None),
        Err(error) => Err(ChatError::service(doing)(error)),
    }
}

/// An attribute, and its new value; `None` removes it.
type Changed = (&'static str, Option<AttributeValue>);

fn set_or_remove(mut update: UpdateBuilder, changed: Vec<Changed>) -> UpdateBuilder {
    let (mut set, mut removed) = (Vec::new(), Vec::new());
    for (attribute, value) in changed {
        update = update.expression_attribute_names(format!("#{attribute}"), attribute);
        match value {
            None => removed.push(format!("#{attribute}")),
            Some(value) => {
                set.push(format!("#{attribute} = :{attribute}"));
                update = update.expression_attribute_values(format!(":{attribute}"), value);
            }
        }
    }
    let set = format!("SET {}", set.join(", "));
    update.update_expression(if removed.is_empty() { set } else { format!("{set} REMOVE {}", removed.join(", ")) })
}

/// Returns the attributes of a conditional update that asks for the old item on failure. If the condition failed, the
/// error is `no_row` if there was no row, and `condition_failed` otherwise.
fn updated<R>(
    updated: std::result::Result<UpdateItemOutput, SdkError<UpdateItemError, R>>,
    doing: &'static str,
    no_row: impl FnOnce() -> ChatError,
    condition_failed: impl FnOnce() -> ChatError,
) -> Result<Item> {
    match updated {
        Ok(output) => Ok(output.attributes.unwrap_or_default()),
        Err(SdkError::ServiceError(error)) => match error.err() {
            UpdateItemError::ConditionalCheckFailedException(failed) if failed.item.is_none() => Err(no_row()),
            UpdateItemError::ConditionalCheckFailedException(_) => Err(condition_failed()),
            _ => Err(ChatError::service(doing)(SdkError::ServiceError(error))),
        },
        Err(error) => Err(ChatError::service(doing)(error)),
    }
}
