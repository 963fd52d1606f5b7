//! Claims: a room's seats and names. A claim is a row that one person holds for all their connections in the room, and a
//! lease like an occupant's row. It is held while it lists a connection and its lease has not ended; after that anyone
//! may take it. Each change is one conditional write.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use parlor_protocol::Millis;
use parlor_protocol::limits::LEASE;
use serde::Deserialize;

use super::{Members, seats};
use crate::error::{ChatError, Result};
use crate::store::{Item, TIDY_AFTER, if_condition_held, number, query_all, row, seconds, string};
use crate::{Caller, millis};

const DOING: &str = "claim a seat or a name";
/// How often a claim is tried again because others changed it meanwhile.
const TRIES: usize = 4;
const RENEW: &str = "SET userId = :me, leaseUntil = :until, #ttl = :ttl";
/// The caller's person holds the claim, and its lease does not become shorter.
const IS_OWN: &str = "attribute_exists(connections) AND userId = :me AND leaseUntil > :now AND leaseUntil <= :until";

/// A seat or a name.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// `seat#…` or `name#…`.
    pub key: String,
    #[serde(default)]
    pub user_id: String,
    /// The person's connections that rely on it.
    #[serde(default)]
    pub connections: BTreeSet<String>,
    #[serde(default)]
    pub lease_until: Millis,
}

impl Claim {
    pub fn is_held(&self, now: Millis) -> bool {
        !self.connections.is_empty() && self.lease_until > now
    }

    fn is_held_by(&self, caller: &Caller, now: Millis) -> bool {
        self.is_held(now) && self.user_id == caller.user_id
    }

    /// Returns whether the caller's connection holds it.
    fn is_held_through(&self, caller: &Caller, now: Millis) -> bool {
        self.is_held_by(caller, now) && self.connections.contains(&caller.connection_id)
    }
}

/// What became of a conditional write.
pub enum Written {
    /// The caller's connection holds the claim. `is_new`: it did not before.
    Held { is_new: bool },
    /// The claim was not as expected. It is this, if it has a row.
    Otherwise(Option<Claim>),
}

/// What became of an attempt to take a claim.
pub enum Taken {
    Held { is_new: bool },
    ByAnother(Claim),
}

impl Members {
    /// Reads all seats of a room that have a row. Strongly consistent.
    pub async fn seats(&self, room_id: &str) -> Result<Vec<Claim>> {
        let query = self.under_prefix(scope(room_id), string(seats::PREFIX));
        query_all(query, "read a room's seats").await
    }

    /// Takes a claim unless another person holds it. Who holds it already shares it with this connection.
    pub async fn take(&self, room_id: &str, key: &str, caller: &Caller, now: Millis) -> Result<Taken> {
        let mut known: Option<Claim> = None;
        for _ in 0..TRIES {
            match self.try_take(room_id, key, known.as_ref(), caller, now).await? {
                Written::Held { is_new } => return Ok(Taken::Held { is_new }),
                Written::Otherwise(Some(claim)) if claim.is_held(now) && !claim.is_held_by(caller, now) => {
                    return Ok(Taken::ByAnother(claim));
                }
                Written::Otherwise(claim) => known = claim,
            }
        }
        Err(contended())
    }

    /// Takes or shares a claim if it is as `known`: free, or held by the caller's person. The lease never becomes
    /// shorter.
    pub async fn try_take(
        &self,
        room_id: &str,
        key: &str,
        known: Option<&Claim>,
        caller: &Caller,
        now: Millis,
    ) -> Result<Written> {
        let mut until = now + millis(LEASE);
        let (update, condition) = match known {
            Some(claim) if claim.is_held(now) => {
                until = until.max(claim.lease_until);
                // Not if it is free by now: this seat may be beyond the room's capacity.
                (format!("ADD connections :mine {RENEW}"), IS_OWN.to_owned())
            }
            // It lists connections that no longer rely on it.
            Some(claim) if !claim.connections.is_empty() => {
                (format!("{RENEW}, connections = :mine"), "leaseUntil <= :now".to_owned())
            }
            _ => (format!("ADD connections :mine {RENEW}"), format!("attribute_not_exists(connections) OR ({IS_OWN})")),
        };
        let written = self
            .renewal(room_id, key, caller, until, now)
            .update_expression(update)
            .condition_expression(condition)
            .expression_attribute_values(":mine", AttributeValue::Ss(vec![caller.connection_id.clone()]))
            .return_values(ReturnValue::AllOld)
            .send()
            .await;
        Ok(match claimed(written)? {
            Ok(before) => Written::Held { is_new: !before.is_some_and(|claim| claim.is_held_through(caller, now)) },
            Err(found) => Written::Otherwise(found),
        })
    }

    /// Renews a claim. Returns whether the connection still holds it.
    pub async fn renew(&self, room_id: &str, key: &str, caller: &Caller, now: Millis) -> Result<bool> {
        let until = now + millis(LEASE);
        let written = self
            .renewal(room_id, key, caller, until, now)
            .update_expression(RENEW)
            .condition_expression(format!("contains(connections, :connection) AND {IS_OWN}"))
            .expression_attribute_values(":connection", string(&caller.connection_id))
            .send()
            .await;
        Ok(match claimed(written)? {
            Ok(_) => true,
            // Another tab's later `ping` came first.
            Err(found) => found.is_some_and(|claim| claim.is_held_through(caller, now) && claim.lease_until > until),
        })
    }

    /// Lets other connections of the caller's person rely on a claim that the caller holds.
    pub async fn share(&self, room_id: &str, key: &str, caller: &Caller, others: Vec<String>) -> Result<()> {
        let written = self
            .update(room_id, key)
            .update_expression("ADD connections :others")
            .condition_expression("userId = :me AND contains(connections, :connection)")
            .expression_attribute_values(":others", AttributeValue::Ss(others))
            .expression_attribute_values(":me", string(&caller.user_id))
            .expression_attribute_values(":connection", string(&caller.connection_id))
            .send()
            .await;
        if_condition_held(written, "share a name")?;
        Ok(())
    }

    /// Lets go of a claim for one connection. It is free once no other connection relies on it. Call it after the
    /// connection's row in the room is deleted.
    pub async fn release(&self, room_id: &str, key: &str, connection_id: &str) -> Result<()> {
        let written = self
            .update(room_id, key)
            .update_expression("DELETE connections :mine")
            .condition_expression("contains(connections, :connection)")
            .expression_attribute_values(":mine", AttributeValue::Ss(vec![connection_id.to_owned()]))
            .expression_attribute_values(":connection", string(connection_id))
            .send()
            .await;
        if_condition_held(written, "release a seat or a name")?;
        Ok(())
    }

    /// Deletes a claim that nobody has renewed since it was read.
    pub async fn evict(&self, room_id: &str, claim: &Claim) -> Result<()> {
        let deleted = self
            .db
            .delete_item()
            .table_name(&self.table)
            .key("scope", scope(room_id))
            .key("key", string(&claim.key))
            .condition_expression("userId = :holder AND leaseUntil = :until")
            .expression_attribute_values(":holder", string(&claim.user_id))
            .expression_attribute_values(":until", number(claim.lease_until))
            .send()
            .await;
        if_condition_held(deleted, "free an abandoned seat or name")?;
        Ok(())
    }

    /// Deletes a claim if this person holds it.
    pub async fn give_up(&self, room_id: &str, key: &str, user_id: &str) -> Result<()> {
        let deleted = self
            .db
            .delete_item()
            .table_name(&self.table)
            .key("scope", scope(room_id))
            .key("key", string(key))
            .condition_expression("userId = :me")
            .expression_attribute_values(":me", string(user_id))
            .send()
            .await;
        if_condition_held(deleted, "give up a name")?;
        Ok(())
    }

    fn update(&self, room_id: &str, key: &str) -> UpdateItemFluentBuilder {
        self.db.update_item().table_name(&self.table).key("scope", scope(room_id)).key("key", string(key))
    }

    /// An update with the values that renew a claim, which returns the row if its condition fails.
    fn renewal(
        &self,
        room_id: &str,
        key: &str,
        caller: &Caller,
        until: Millis,
        now: Millis,
    ) -> UpdateItemFluentBuilder {
        self.update(room_id, key)
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":me", string(&caller.user_id))
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":until", number(until))
            .expression_attribute_values(":ttl", number(seconds(until + TIDY_AFTER)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }
}

/// Returns the row before a conditional update or, if its condition failed, the row as it is.
fn claimed<R>(
    written: std::result::Result<UpdateItemOutput, SdkError<UpdateItemError, R>>,
) -> Result<std::result::Result<Option<Claim>, Option<Claim>>> {
    let parse = |item: Option<Item>| item.map(|item| row(item, DOING)).transpose();
    match written {
        Ok(output) => Ok(Ok(parse(output.attributes)?)),
        Err(SdkError::ServiceError(error)) => match error.err() {
            UpdateItemError::ConditionalCheckFailedException(failed) => Ok(Err(parse(failed.item.clone())?)),
            _ => Err(ChatError::service(DOING)(SdkError::ServiceError(error))),
        },
        Err(error) => Err(ChatError::service(DOING)(error)),
    }
}

/// Returns the failure of a claim that others kept changing.
pub fn contended() -> ChatError {
    ChatError::Service { doing: DOING, reason: "others were quicker".into() }
}

pub(super) fn scope(room_id: &str) -> AttributeValue {
    string(format!("claims#{room_id}"))
}
