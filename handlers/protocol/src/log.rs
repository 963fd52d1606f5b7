//! Events of a room's log. Each states its room, epoch and number. The same JSON is posted to the room and appears on log
//! pages.

use serde::{Deserialize, Serialize};

use crate::person::Person;
use crate::rules::RoomRules;
use crate::{Millis, Seq};

/// An event of a room's log. An event of an unknown `type` only uses up its number: ignore it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum LogEvent {
    Message(Message),
    Change(Change),
    Notice(Notice),
}

impl LogEvent {
    pub fn seq(&self) -> Seq {
        match self {
            Self::Message(event) => event.seq,
            Self::Change(event) => event.seq,
            Self::Notice(event) => event.seq,
        }
    }

    pub fn epoch(&self) -> &str {
        match self {
            Self::Message(event) => &event.epoch,
            Self::Change(event) => &event.epoch,
            Self::Notice(event) => &event.epoch,
        }
    }

    pub fn at(&self) -> Millis {
        match self {
            Self::Message(event) => event.at,
            Self::Change(event) => event.at,
            Self::Notice(event) => event.at,
        }
    }

    /// Adds the numbers that the same invocation drew and left void. For posting only.
    pub fn with_voids(mut self, numbers: Vec<Seq>) -> Self {
        match &mut self {
            Self::Message(Message { voids, .. })
            | Self::Change(Change { voids, .. })
            | Self::Notice(Notice { voids, .. }) => *voids = numbers,
        }
        self
    }
}

/// A message in its current state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Message {
    pub room: String,
    pub epoch: String,
    pub seq: Seq,
    /// The `id` that the sender chose.
    pub id: String,
    pub from: Person,
    /// Empty if the message was deleted.
    pub text: String,
    pub at: Millis,
    /// The number of the message that this one answers. It may be void, deleted, or not a message at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Seq>,
    /// Whom the text mentions, by `userId`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<String>>", optional))]
    pub mentions: Vec<String>,
    /// The text mentions everyone in the room.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "generate", ts(as = "Option<bool>", optional))]
    pub mentions_room: bool,
    /// Answers that a bot suggests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<QuickReply>>", optional))]
    pub quick_replies: Vec<QuickReply>,
    /// The number of the last change. Absent if there was none. Of two copies of a message, the one with the higher `version`
    /// is newer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Seq>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Millis>,
    /// In the order in which each emoji was first used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<Reaction>>", optional))]
    pub reactions: Vec<Reaction>,
    /// Void numbers of this epoch, ascending: the request that stored this event drew them and did not use them. Only in
    /// the posted frame, never on a log page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<Seq>>", optional))]
    pub voids: Vec<Seq>,
}

/// An answer that a bot suggests: a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct QuickReply {
    /// What the button shows.
    pub text: String,
    /// What to send to the bot.
    pub value: String,
}

/// An emoji on a message, and the people who reacted with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Reaction {
    pub emoji: String,
    pub user_ids: Vec<String>,
}

/// A message was edited or deleted, or somebody's reaction to it was added or removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Change {
    pub room: String,
    pub epoch: String,
    pub seq: Seq,
    /// The number of the changed message.
    pub of: Seq,
    pub kind: ChangeKind,
    /// For `reacted` and `unreacted` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
    pub by: Person,
    pub at: Millis,
    /// The message in its current state: never older than this change, possibly newer. On a log page, only the last change
    /// of each message has it, and only if the message itself is not on the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// As in [`Message`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<Seq>>", optional))]
    pub voids: Vec<Seq>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum ChangeKind {
    Edited,
    Deleted,
    Reacted,
    Unreacted,
}

/// The room was renamed, its rules changed, it was cleared or closed, its members or bots changed, or somebody was moderated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    pub room: String,
    pub epoch: String,
    pub seq: Seq,
    pub kind: NoticeKind,
    /// The room's current name.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// The room's rules as this notice leaves them. For `rulesChanged` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<RoomRules>,
    /// Whom it is about: people, or a bot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<Person>>", optional))]
    pub people: Vec<Person>,
    /// Until when somebody is banned or muted. Absent if it does not end by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
    /// Where the room's messages go from now on, if a webhook was added that is told them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Who did it: the owner or a moderator of the room, or a member of the conversation.
    pub by: Person,
    pub at: Millis,
    /// As in [`Message`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<Seq>>", optional))]
    pub voids: Vec<Seq>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum NoticeKind {
    /// The name or topic changed.
    Renamed,
    /// The rules changed, perhaps also the name or topic.
    RulesChanged,
    /// The log was cleared. This notice is the first event of the new epoch.
    Cleared,
    /// The room was closed. No event follows.
    Closed,
    /// People were added to the conversation. The first event of a group adds its first members.
    Added,
    /// A member was removed from the conversation.
    Removed,
    /// A member has left the conversation.
    MemberLeft,
    /// A person was removed from the room, and may return.
    Kicked,
    /// A person was removed from the room, and may not return.
    Banned,
    /// A person may join the room again.
    Unbanned,
    /// A person may not write.
    Muted,
    /// A person may write again.
    Unmuted,
    /// A person is a moderator now.
    Appointed,
    /// A person is no longer a moderator.
    Dismissed,
    /// A person is the owner now, and the previous owner a moderator.
    HandedOver,
    /// The room's owner allowed a bot to answer here.
    BotAdded,
    /// The room's owner removed a bot. It answers nothing any more.
    BotRemoved,
}

/// A log page: the numbers `from` to `to`, inclusive. A number in this range without an event is void, permanently.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct LogPage {
    pub room: String,
    pub epoch: String,
    /// The newest number drawn in the room.
    pub seq: Seq,
    /// The first number that you may read, if it is not 1. Only in conversations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Seq>,
    pub from: Seq,
    /// `from` − 1 if the page is empty.
    pub to: Seq,
    /// Oldest first. Messages are in their current state.
    pub events: Vec<LogEvent>,
}
