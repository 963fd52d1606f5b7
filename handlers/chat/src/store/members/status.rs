//! What a room's moderators decided about people (`status#…`, by user id), and the list of what they did (`audit#…`, by
//! time). Both are written in the transaction that changes the room's version of moderation.

use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use parlor_protocol::Millis;
use parlor_protocol::conversations::Role;
use parlor_protocol::limits::AUDIT_ENTRIES;
use parlor_protocol::moderation::{AuditEntry, PersonStatus, Restriction};
use parlor_protocol::person::Person;
use serde::{Deserialize, Serialize};

use super::Members;
use crate::error::{ChatError, Result};
use crate::people::identity::random_id;
use crate::store::{Item, Room, row, rows, set_or_remove, string};

const DOING: &str = "change a person's status";

/// What moderators decided about a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusRow {
    pub user_id: String,
    /// Their name when it was decided.
    pub name: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moderator: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub banned: Option<Restriction>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted: Option<Restriction>,
}

impl StatusRow {
    pub fn person(&self) -> Person {
        Person { user_id: self.user_id.clone(), name: self.name.clone() }
    }

    /// Returns the ban that holds now.
    pub fn ban(&self, now: Millis) -> Option<&Restriction> {
        self.banned.as_ref().filter(|ban| !ban.is_over(now))
    }

    /// Returns the mute that holds now.
    pub fn mute(&self, now: Millis) -> Option<&Restriction> {
        self.muted.as_ref().filter(|mute| !mute.is_over(now))
    }

    pub fn role_in(&self, room: &Room) -> Role {
        if room.owner_id.as_ref() == Some(&self.user_id) {
            Role::Owner
        } else if self.moderator {
            Role::Moderator
        } else {
            Role::Member
        }
    }

    /// Returns what moderators are shown, if anything about the person holds now.
    pub fn describe(&self, room: &Room, now: Millis) -> Option<PersonStatus> {
        let (banned, muted) = (self.ban(now).cloned(), self.mute(now).cloned());
        let holds = self.moderator || banned.is_some() || muted.is_some();
        holds.then(|| PersonStatus { person: self.person(), role: self.role_in(room), banned, muted })
    }
}

/// A change of what is decided about a person.
#[derive(Clone, Debug, PartialEq)]
pub enum StatusChange {
    /// Makes them a moderator, which ends a mute, or no moderator any more.
    Moderator(bool),
    /// A ban, which also ends being a moderator, or its end.
    Banned(Option<Restriction>),
    /// A mute, which also ends being a moderator, or its end.
    Muted(Option<Restriction>),
}

impl Members {
    /// Returns the write that makes a change, for the transaction that changes the room's version of moderation.
    pub(in crate::store) fn status_write(
        &self,
        room_id: &str,
        person: &Person,
        change: &StatusChange,
    ) -> Result<TransactWriteItem> {
        let mut changed = vec![("userId", Some(string(&person.user_id))), ("name", Some(string(&person.name)))];
        match change {
            StatusChange::Moderator(true) => {
                changed.extend([("moderator", Some(AttributeValue::Bool(true))), ("muted", None)]);
            }
            StatusChange::Moderator(false) => changed.push(("moderator", None)),
            StatusChange::Banned(None) => changed.push(("banned", None)),
            StatusChange::Banned(ban) => changed.extend([("banned", attribute(ban.as_ref())?), ("moderator", None)]),
            StatusChange::Muted(None) => changed.push(("muted", None)),
            StatusChange::Muted(mute) => changed.extend([("muted", attribute(mute.as_ref())?), ("moderator", None)]),
        }
        let update = Update::builder()
            .table_name(&self.table)
            .key("scope", status_scope(room_id))
            .key("key", string(&person.user_id));
        let update = set_or_remove(update, changed);
        Ok(TransactWriteItem::builder().update(update.build().map_err(ChatError::unbuilt(DOING))?).build())
    }

    /// Returns the write that adds an entry to a room's audit list.
    pub fn audit_write(&self, room_id: &str, entry: &AuditEntry) -> Result<TransactWriteItem> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(serde_dynamo::to_item(entry).map_err(ChatError::row(DOING))?))
            .item("scope", audit_scope(room_id))
            .item("key", string(format!("{:015}-{}", entry.at, random_id()?)));
        Ok(TransactWriteItem::builder().put(put.build().map_err(ChatError::unbuilt(DOING))?).build())
    }

    /// Reads what is decided about a person in a room: nothing, for most.
    pub async fn status(&self, room_id: &str, user_id: &str) -> Result<StatusRow> {
        let doing = "read a person's status";
        let request = self.db.get_item().table_name(&self.table).consistent_read(true);
        let request = request.key("scope", status_scope(room_id)).key("key", string(user_id));
        match request.send().await.map_err(ChatError::service(doing))?.item {
            Some(item) => row(item, doing),
            None => Ok(StatusRow { user_id: user_id.to_owned(), ..StatusRow::default() }),
        }
    }

    /// Reads about whom something was ever decided in a room.
    pub async fn statuses(&self, room_id: &str) -> Result<Vec<StatusRow>> {
        self.query(status_scope(room_id), "read who is moderated").await
    }

    /// Reads a page of a room's audit list, newest first, with the cursor of the next one. `cursor` is where the previous
    /// page ended.
    pub async fn audit(&self, room_id: &str, cursor: Option<&str>) -> Result<(Vec<AuditEntry>, Option<String>)> {
        let doing = "read an audit list";
        let start =
            cursor.map(|key| Item::from([("scope".to_owned(), audit_scope(room_id)), ("key".to_owned(), string(key))]));
        let query = self
            .under(audit_scope(room_id))
            .set_exclusive_start_key(start)
            .scan_index_forward(false)
            .consistent_read(true)
            .limit(i32::try_from(AUDIT_ENTRIES).unwrap_or(i32::MAX));
        let output = query.send().await.map_err(ChatError::service(doing))?;
        let last = output.last_evaluated_key.as_ref().and_then(|key| key.get("key")?.as_s().ok().cloned());
        Ok((rows(output.items.unwrap_or_default(), doing)?, last))
    }
}

fn attribute(restriction: Option<&Restriction>) -> Result<Option<AttributeValue>> {
    restriction
        .map(|restriction| serde_dynamo::to_attribute_value(restriction).map_err(ChatError::row(DOING)))
        .transpose()
}

pub(super) fn status_scope(room_id: &str) -> AttributeValue {
    string(format!("status#{room_id}"))
}

pub(super) fn audit_scope(room_id: &str) -> AttributeValue {
    string(format!("audit#{room_id}"))
}
