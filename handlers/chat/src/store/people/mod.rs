//! The People table: who has which handle, and which person an account is. Partition keys start with the kind of row, so
//! that a role can be confined to one kind.
//!
//! A handle has a row (`handle#…`) under a key that it shares with all handles that look like it, so only one person can
//! have any of them. It counts until `until`, even if nobody deletes it. The person's own row (`person#…`) says which
//! handle that is. A claim or a release changes both in one transaction.
//!
//! An account has a row (`account#…`) with the person that it is. The row of a guest names the account that continues as
//! the guest.

mod accounts;
mod claim;

pub use claim::{Claimant, Claimed};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use parlor_protocol::Millis;
use parlor_protocol::names::look_alike_key;
use parlor_protocol::person::Profile;
use parlor_protocol::text::Handle;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{if_condition_held, row, string};
use crate::error::{ChatError, Result};

/// How often a change is tried again because others changed the rows meanwhile.
const TRIES: usize = 4;

/// The attribute that says whose a handle is.
const IS_MINE: &str = "userId = :me";

pub struct People {
    pub db: Client,
    pub table: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersonRow {
    name: Option<String>,
    handle: Option<String>,
    /// Absent if the handle lasts until it is released.
    handle_until: Option<Millis>,
    /// The account that continues as this guest, if one does.
    account: Option<String>,
}

impl PersonRow {
    /// Returns the handle if it is still the person's.
    fn handle_at(&self, now: Millis) -> Option<&str> {
        self.handle.as_deref().filter(|_| counts(self.handle_until, now))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HandleRow {
    handle: String,
    user_id: String,
    name: String,
    /// Absent if the handle lasts until it is released.
    until: Option<Millis>,
}

impl People {
    /// Returns the person who has a handle, or one that looks like it.
    pub async fn find(&self, handle: &Handle, now: Millis) -> Result<Option<Profile>> {
        let found: Option<HandleRow> = self.row(handle_key(handle.as_str()), "look up a handle").await?;
        let found = found.filter(|row| counts(row.until, now));
        Ok(found.map(|HandleRow { user_id, name, handle, .. }| Profile { user_id, name, handle }))
    }

    /// Returns a person's handle, if they have one.
    pub async fn handle_of(&self, user_id: &str, now: Millis) -> Result<Option<String>> {
        Ok(self.person(user_id).await?.handle_at(now).map(str::to_owned))
    }

    /// Returns the name of a person who has a handle.
    pub async fn name_of(&self, user_id: &str, now: Millis) -> Result<Option<String>> {
        let person = self.person(user_id).await?;
        Ok(person.name.clone().filter(|_| person.handle_at(now).is_some()))
    }

    /// Deletes the handle of a person who cannot return, then the person: two writes, because nobody acts for them any
    /// more. If the second fails, the handle is free, and time to live deletes the person's row.
    pub async fn forget(&self, user_id: &str, handle: &str) -> Result<()> {
        let doing = "forget a person";
        let release = self.db.delete_item().table_name(&self.table).key("key", handle_key(handle));
        let release = release.condition_expression(IS_MINE).expression_attribute_values(":me", string(user_id));
        if_condition_held(release.send().await, doing)?;
        let forget = self.db.delete_item().table_name(&self.table).key("key", person_key(user_id));
        forget.send().await.map_err(ChatError::service(doing))?;
        Ok(())
    }

    /// Deletes a person with their handle. If an account continues as them, a row without a name stays, so that no other
    /// account can.
    pub async fn erase(&self, user_id: &str, now: Millis) -> Result<()> {
        let doing = "erase a person";
        for _ in 0..TRIES {
            self.release(user_id, now).await?;
            let row = || self.db.delete_item().table_name(&self.table).key("key", person_key(user_id));
            let delete = row().condition_expression("attribute_not_exists(handle) AND attribute_not_exists(account)");
            if if_condition_held(delete.send().await, doing)?.is_some() {
                return Ok(());
            }
            let update = self.db.update_item().table_name(&self.table).key("key", person_key(user_id));
            let update = update
                .update_expression("REMOVE #name")
                .condition_expression("attribute_not_exists(handle) AND attribute_exists(account)")
                .expression_attribute_names("#name", "name");
            if if_condition_held(update.send().await, doing)?.is_some() {
                return Ok(());
            }
        }
        Err(claim::contended())
    }

    async fn person(&self, user_id: &str) -> Result<PersonRow> {
        Ok(self.row(person_key(user_id), "read a person").await?.unwrap_or_default())
    }

    async fn row<T: DeserializeOwned>(&self, key: AttributeValue, doing: &'static str) -> Result<Option<T>> {
        let request = self.db.get_item().table_name(&self.table).key("key", key).consistent_read(true);
        let item = request.send().await.map_err(ChatError::service(doing))?.item;
        item.map(|item| row(item, doing)).transpose()
    }
}

fn counts(until: Option<Millis>, now: Millis) -> bool {
    until.is_none_or(|until| until > now)
}

fn person_key(user_id: &str) -> AttributeValue {
    string(format!("person#{user_id}"))
}

fn handle_key(handle: &str) -> AttributeValue {
    string(format!("handle#{}", look_alike_key(handle)))
}
