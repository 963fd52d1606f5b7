//! Moderation of rooms: what each role may do, what moderators do to people, and what is kept of it.

use serde::{Deserialize, Serialize};

use crate::Millis;
use crate::conversations::Role;
use crate::held::HeldRef;
use crate::person::Person;
use crate::reports::ReportedMessage;
use crate::rules::{RestrictionSeconds, SlowSeconds};
use crate::text::{Explanation, PersonName, UserId};

/// Something that a person may do in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Permission {
    /// Send messages, edit one's own, and react.
    Write,
    /// Mention everyone in the room.
    MentionRoom,
    /// Delete messages of others.
    DeleteAny,
    /// Remove people, who may return.
    Kick,
    /// Remove people for a time or for good.
    Ban,
    /// Stop people from writing.
    Mute,
    /// Set how long people wait between two messages.
    SlowMode,
    /// Let only moderators write.
    Lock,
    /// Make people moderators, and end that.
    Appoint,
    /// Make somebody else the owner.
    HandOver,
    /// Change the room's name, topic and other rules.
    Update,
    /// Delete all messages.
    Clear,
    /// End the room.
    Close,
}

const MODERATOR: [Permission; 7] = [
    Permission::Write,
    Permission::DeleteAny,
    Permission::Kick,
    Permission::Ban,
    Permission::Mute,
    Permission::SlowMode,
    Permission::Lock,
];
const OWNER: [Permission; 6] = [
    Permission::MentionRoom,
    Permission::Appoint,
    Permission::HandOver,
    Permission::Update,
    Permission::Clear,
    Permission::Close,
];

/// Returns what a role may do in a room. `is_silenced`: members may not write at the moment, because the room is locked or
/// they are muted.
pub fn permissions(role: Role, is_silenced: bool) -> Vec<Permission> {
    match role {
        Role::Owner => [&MODERATOR[..], &OWNER].concat(),
        Role::Moderator => MODERATOR.into(),
        Role::Member if is_silenced => Vec::new(),
        Role::Member => vec![Permission::Write],
    }
}

/// A ban or a mute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Restriction {
    /// When it ends. Absent if it does not end by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
    /// What the moderator says about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
}

impl Restriction {
    pub fn is_over(&self, now: Millis) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

/// Body of `POST /api/rooms/{roomId}/moderation`: what to do. People are named by `userId`; `name` is what to call
/// somebody whom the room does not know any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(tag = "action", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Moderation {
    /// Removes a person, who may return.
    Kick {
        user_id: UserId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<PersonName>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        explanation: Option<Explanation>,
    },
    /// Removes a person, and keeps them out.
    Ban {
        user_id: UserId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<PersonName>,
        /// How long. Absent: until somebody lifts the ban.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<RestrictionSeconds>,
        /// If they are here as a guest without a token: also keeps out everyone without a token who has the same address.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(feature = "generate", ts(as = "Option<bool>", optional))]
        address: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        explanation: Option<Explanation>,
        /// Also resolves the reports of this message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        report: Option<ReportedMessage>,
    },
    /// Lifts a ban.
    Unban { user_id: UserId },
    /// Keeps a person from writing.
    Mute {
        user_id: UserId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<PersonName>,
        /// How long. Absent: until somebody lifts it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<RestrictionSeconds>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        explanation: Option<Explanation>,
        /// Also resolves the reports of this message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        report: Option<ReportedMessage>,
    },
    /// Lets a person write again.
    Unmute { user_id: UserId },
    /// Lets everyone but moderators send one message in so many seconds. Absent: as many as the rates allow.
    SlowMode {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<SlowSeconds>,
    },
    /// Lets only moderators write, or everyone again.
    Lock { on: bool },
    /// Makes a person who is here with a token a moderator, and lifts their mute.
    Appoint { user_id: UserId },
    /// Makes a moderator a member again.
    Dismiss { user_id: UserId },
    /// Makes another person, who is here with a token, the owner. The owner becomes a moderator.
    HandOver { user_id: UserId },
    /// Deletes a reported message, and resolves its reports.
    DeleteReported { report: ReportedMessage },
    /// Resolves the reports of a message and leaves it as it is.
    DismissReport { report: ReportedMessage },
    /// Turns the review of what is written on or off. Only the owner may, and only in a stage that has reviewers.
    Review { on: bool },
    /// Lets a message that waits for a moderator appear, as its author's.
    ApproveHeld { held: HeldRef },
    /// Deletes a message that waits for a moderator, and tells its author, if they are connected.
    RejectHeld {
        held: HeldRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        explanation: Option<Explanation>,
    },
}

impl Moderation {
    /// Returns what one must be allowed to do for this.
    pub fn permission(&self) -> Permission {
        match self {
            Self::Kick { .. } => Permission::Kick,
            Self::Ban { .. } | Self::Unban { .. } => Permission::Ban,
            Self::Mute { .. } | Self::Unmute { .. } => Permission::Mute,
            Self::SlowMode { .. } => Permission::SlowMode,
            Self::Lock { .. } => Permission::Lock,
            Self::Appoint { .. } | Self::Dismiss { .. } => Permission::Appoint,
            Self::HandOver { .. } => Permission::HandOver,
            Self::Review { .. } => Permission::Update,
            Self::DeleteReported { .. }
            | Self::DismissReport { .. }
            | Self::ApproveHeld { .. }
            | Self::RejectHeld { .. } => Permission::DeleteAny,
        }
    }

    /// Returns whom it is about: their id, and their name if the request gives one.
    pub fn target(&self) -> Option<(&UserId, Option<&PersonName>)> {
        match self {
            Self::Kick { user_id, name, .. } | Self::Ban { user_id, name, .. } | Self::Mute { user_id, name, .. } => {
                Some((user_id, name.as_ref()))
            }
            Self::Unban { user_id }
            | Self::Unmute { user_id }
            | Self::Appoint { user_id }
            | Self::Dismiss { user_id }
            | Self::HandOver { user_id } => Some((user_id, None)),
            Self::SlowMode { .. }
            | Self::Lock { .. }
            | Self::DeleteReported { .. }
            | Self::DismissReport { .. }
            | Self::Review { .. }
            | Self::ApproveHeld { .. }
            | Self::RejectHeld { .. } => None,
        }
    }

    /// Returns the message whose reports it resolves.
    pub fn report(&self) -> Option<&ReportedMessage> {
        match self {
            Self::Ban { report, .. } | Self::Mute { report, .. } => report.as_ref(),
            Self::DeleteReported { report } | Self::DismissReport { report } => Some(report),
            _ => None,
        }
    }
}

/// What was done in a room, for its moderators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum AuditKind {
    Kicked,
    Banned,
    Unbanned,
    Muted,
    Unmuted,
    SlowModeChanged,
    Locked,
    Unlocked,
    Appointed,
    Dismissed,
    HandedOver,
    /// A reported message was deleted.
    ReportedDeleted,
    /// The reports of a message were dismissed.
    ReportDismissed,
    /// Review was turned on.
    ReviewOn,
    /// Review was turned off.
    ReviewOff,
    /// A message that waited for a moderator appeared.
    HeldApproved,
    /// A message that waited for a moderator was deleted.
    HeldRejected,
}

/// An entry of a room's audit list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    pub at: Millis,
    pub kind: AuditKind,
    pub by: Person,
    /// Whom it is about; of a report, the message's author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// The seconds between two messages, if slow mode was turned on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// Until when, and why.
    #[serde(flatten)]
    pub restriction: Restriction,
}

/// Somebody about whom the room's moderators decided something that holds now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct PersonStatus {
    #[serde(flatten)]
    pub person: Person,
    pub role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub banned: Option<Restriction>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted: Option<Restriction>,
}

/// How a room is moderated, for its moderators.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ModerationState {
    /// What you may do.
    pub may: Vec<Permission>,
    /// Moderators, and people who are banned or muted; at most 500, those with the lowest ids.
    pub people: Vec<PersonStatus>,
    /// Newest first; at most 100.
    pub audit: Vec<AuditEntry>,
    /// Requests older entries of `audit`. Absent if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
