//! Changing how a room is moderated. Its row has a version that each change raises, in the transaction that stores the
//! change. Once something in the room keeps people from writing, the version is also the room's guard: then a number is
//! only drawn by those who name it, so whoever was admitted under an older one is checked again.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use parlor_protocol::Millis;
use parlor_protocol::moderation::{AuditEntry, Restriction};
use parlor_protocol::person::Person;
use parlor_protocol::rules::SlowSeconds;
use serde::{Deserialize, Serialize};

use super::conversations::is_contended;
use super::draw::IS_OPEN;
use super::{Room, Rooms};
use crate::error::{ChatError, Result};
use crate::store::{LogKey, Members, StatusChange, number, seconds, set_or_remove, string};

const DOING: &str = "moderate a room";

/// How a room is moderated. All of it is absent in the row of a room that is not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Moderated {
    /// The version of moderation: how often it changed.
    #[serde(default, rename = "moderation", skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The same, if something may keep people from writing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<u64>,
    /// Whether somebody has ever been banned or muted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sanctions: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub locked: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slow_mode_seconds: Option<SlowSeconds>,
    /// Whether what is written is reviewed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reviewed: bool,
    /// Who was the owner before the present one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_owner: Option<String>,
}

/// What a moderator does, besides adding an entry to the audit list.
#[derive(Clone, Debug, PartialEq)]
pub enum ModerationChange {
    /// Only records it.
    Nothing,
    Person(Person, StatusChange),
    /// Bans a person, and these addresses with them.
    Ban(Person, Restriction, Vec<String>),
    /// Lifts a ban, and those of these addresses.
    Unban(Person, Vec<String>),
    SlowMode(Option<SlowSeconds>),
    Lock(bool),
    Review(bool),
    /// Makes another person the owner, and the owner a moderator. The owner's lease begins anew.
    Owner {
        from: Person,
        to: Person,
        owner_until: Option<Millis>,
    },
}

impl Moderated {
    /// Returns how a new room is moderated.
    pub fn new(reviewed: bool) -> Self {
        if !reviewed {
            return Self::default();
        }
        Self { version: Some(1), guard: Some(1), reviewed, ..Self::default() }
    }
}

impl Rooms {
    /// Makes a change, and deletes the reports that it resolves, if the room is moderated as it was when it was read, and
    /// open. Returns whether it did.
    pub async fn moderate(
        &self,
        room: &Room,
        change: &ModerationChange,
        entry: &AuditEntry,
        resolved: Option<LogKey<'_>>,
        members: &Members,
    ) -> Result<bool> {
        let version = room.moderated.version.unwrap_or_default() + 1;
        let mut set = vec![("moderation", Some(number(version)))];
        let mut writes = vec![members.audit_write(&room.room_id, entry)?];
        if let Some(message) = resolved {
            writes.push(members.report_deletion(message)?);
        }
        let Moderated { mut locked, slow_mode_seconds: mut slow, mut sanctions, mut reviewed, .. } =
            room.moderated.clone();
        let (room_id, status) = (&room.room_id, |person: &Person, change: &StatusChange| {
            members.status_write(&room.room_id, person, change)
        });
        match change {
            ModerationChange::Nothing => {}
            ModerationChange::Person(person, change) => {
                sanctions |= matches!(change, StatusChange::Muted(Some(_)));
                writes.push(status(person, change)?);
            }
            ModerationChange::Ban(person, ban, addresses) => {
                sanctions = true;
                writes.push(status(person, &StatusChange::Banned(Some(ban.clone())))?);
                for address in addresses {
                    writes.push(members.address_ban_write(room_id, address, &person.user_id, ban.until)?);
                }
            }
            ModerationChange::Unban(person, addresses) => {
                writes.push(status(person, &StatusChange::Banned(None))?);
                for address in addresses {
                    writes.push(members.address_ban_deletion(room_id, address, &person.user_id)?);
                }
            }
            ModerationChange::SlowMode(seconds) => {
                slow = *seconds;
                set.push(("slowModeSeconds", slow.map(|seconds| number(seconds.get().into()))));
            }
            ModerationChange::Lock(on) => {
                locked = *on;
                set.push(("locked", on.then_some(AttributeValue::Bool(true))));
            }
            ModerationChange::Review(on) => {
                reviewed = *on;
                set.push(("reviewed", on.then_some(AttributeValue::Bool(true))));
            }
            ModerationChange::Owner { from, to, owner_until } => {
                set.push(("ownerId", Some(string(&to.user_id))));
                set.push(("formerOwner", Some(string(&from.user_id))));
                set.push(("ownerUntil", owner_until.map(number)));
                writes.push(status(from, &StatusChange::Moderator(true))?);
                writes.push(status(to, &StatusChange::Moderator(false))?);
            }
        }
        set.push(("sanctions", sanctions.then_some(AttributeValue::Bool(true))));
        let is_guarded = sanctions || locked || slow.is_some() || reviewed;
        set.push(("guard", is_guarded.then(|| number(version))));
        let is_as_read = match room.moderated.version {
            Some(_) => "moderation = :read",
            None => "attribute_not_exists(moderation)",
        };
        let update = Update::builder()
            .table_name(&self.table)
            .key("roomId", string(&room.room_id))
            .condition_expression(format!("{IS_OPEN} AND {is_as_read}"))
            .set_expression_attribute_values(
                room.moderated.version.map(|version| [(":read".to_owned(), number(version))].into()),
            )
            .expression_attribute_values(":now", number(entry.at))
            .expression_attribute_values(":seconds", number(seconds(entry.at)));
        let update = set_or_remove(update, set).build().map_err(ChatError::unbuilt(DOING))?;
        writes.push(TransactWriteItem::builder().update(update).build());
        match self.db.transact_write_items().set_transact_items(Some(writes)).send().await {
            Ok(_) => Ok(true),
            Err(error) if is_contended(&error) => Ok(false),
            Err(error) => Err(ChatError::service(DOING)(error)),
        }
    }
}
