//! Frames that Parlor sends.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::conversations::{ConversationKind, Member, Role};
use crate::error::ErrorCode;
use crate::http::Visibility;
use crate::log::{Change, LogEvent, LogPage, Message, Notice};
use crate::moderation::{Permission, Restriction};
use crate::person::{Person, Profile};
use crate::rules::RoomRules;
use crate::text::FrameId;
use crate::{Millis, Seq};

/// Any frame that Parlor sends: a JSON object with a `type`. Ignore frames whose `type` you do not know, and unknown fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum ServerFrame {
    Joined(Box<Joined>),
    Left(Left),
    Message(Message),
    Change(Change),
    Notice(Notice),
    Voids(Voids),
    Presence(Presence),
    Typing(PersonTyping),
    Draft(Draft),
    History(HistoryPage),
    Ack(Ack),
    Registered(Registered),
    Pong(Pong),
    Read(ReadMarker),
    Error(ErrorFrame),
}

impl From<LogEvent> for ServerFrame {
    fn from(event: LogEvent) -> Self {
        match event {
            LogEvent::Message(message) => Self::Message(message),
            LogEvent::Change(change) => Self::Change(change),
            LogEvent::Notice(notice) => Self::Notice(notice),
        }
    }
}

/// Numbers became void, and no event carries them. Sent to everyone in the room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Voids {
    pub room: String,
    pub epoch: String,
    /// Ascending.
    pub seqs: Vec<Seq>,
}

/// The answer to `join`: the room and its log up to `to`. Later events are posted; if `to` < `seq`, request those in between
/// with `history`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Joined {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    pub visibility: Visibility,
    /// The server's time.
    pub at: Millis,
    #[serde(flatten)]
    pub rules: RoomRules,
    /// Only in a conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<JoinedConversation>,
    /// The bots that answer here when they are mentioned. Only in rooms: those of a conversation are members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<Person>>", optional))]
    pub bots: Vec<Person>,
    /// The caller, under the name they joined with.
    pub you: Person,
    pub role: Role,
    /// What you may do now. Notices tell what changes: of moderation, and of rules.
    pub may: Vec<Permission>,
    /// If you are muted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted: Option<Restriction>,
    /// The people in the room, each once, sorted by name; at most 100.
    pub people: Vec<Person>,
    /// The number of people in the room.
    pub count: usize,
    /// Whether the page begins right after the position given in `since`. If not, it is the newest page.
    pub recovered: bool,
    #[serde(flatten)]
    pub page: LogPage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}

/// What `joined` says of a conversation in addition. `people` then lists the members who are connected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct JoinedConversation {
    pub kind: ConversationKind,
    /// The number up to which you have read.
    pub read: Seq,
    /// You first, then the others in the order in which they were added.
    pub members: Vec<Member>,
    /// Whether you have blocked the other person. Only in direct conversations.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "generate", ts(as = "Option<bool>", optional))]
    pub blocked: bool,
}

/// A member of a conversation has read up to a number. Sent to your other connections if it was you, and to the other
/// members if all agree and they are at most 20.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ReadMarker {
    pub room: String,
    pub user_id: String,
    pub seq: Seq,
    /// Only for the connection that sent `read`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}

/// The connection is no longer in the room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Left {
    pub room: String,
    pub reason: LeftReason,
    /// For `kicked` and `banned`: until when, and what the moderator says about it.
    #[serde(flatten)]
    pub restriction: Restriction,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}

impl Left {
    pub fn new(room: &str, reason: LeftReason) -> Self {
        Self { room: room.to_owned(), reason, restriction: Restriction::default(), id: None }
    }
}

/// Why the connection is no longer in the room. Rejoin after `leaseExpired`. Treat every other reason, known or not, as
/// final: rejoining would loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum LeftReason {
    /// The client sent `leave`.
    Left,
    /// The connection's lease ended without a `ping` or `join`.
    LeaseExpired,
    /// The room's owner closed it.
    Closed,
    /// The room reached its end.
    Expired,
    /// Nothing happened in the room for 24 hours.
    Idle,
    /// The room's owner was away too long.
    OwnerAway,
    /// You are no longer a member of the conversation.
    NotMember,
    /// A moderator removed you. You may join again.
    Kicked,
    /// A moderator banned you.
    Banned,
}

/// People joined, left or changed their name. Sent to the others in the room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Presence {
    pub room: String,
    pub event: PresenceKind,
    /// Each once; at least one. People who leave at the same time share a frame.
    pub people: Vec<Person>,
    /// The number of people in the room now.
    pub count: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum PresenceKind {
    Joined,
    Left,
    Renamed,
}

/// Somebody is typing. Sent to the others in the room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct PersonTyping {
    pub room: String,
    pub from: Person,
}

/// What a bot has written so far of its answer to the message at `seq`. It is not in the log, and each replaces the one
/// before. The answer follows, with `seq` as its `replyTo`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    pub room: String,
    pub epoch: String,
    pub seq: Seq,
    pub from: Person,
    pub text: String,
}

/// The answer to `history`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct HistoryPage {
    #[serde(flatten)]
    pub page: LogPage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}

/// The answer to `send`, `edit`, `delete` and `react`: the event is stored at `seq`. If nothing had to change, `seq` is the
/// number of the message's last change or, if it has none, the message's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Ack {
    pub room: String,
    pub epoch: String,
    pub id: FrameId,
    pub seq: Seq,
    pub at: Millis,
}

/// The answer to `register`: the handle is yours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Registered {
    #[serde(flatten)]
    pub profile: Profile,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}

/// The answer to `ping`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Pong {
    /// The server's time.
    pub at: Millis,
    /// The rooms that this connection is in, by id.
    pub rooms: BTreeMap<String, RoomState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}

/// The state of a room, which a client compares with its own to find missed posts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct RoomState {
    pub epoch: String,
    /// The newest number of its log.
    pub seq: Seq,
    /// The number of people in the room, or of connected members of a conversation. Like `people`, absent if the room has
    /// more than 100 connections, or the conversation more than 20 members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// A digest of these people's ids and names. docs/protocol.md describes how to compute it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<String>,
}

/// Sent instead of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ErrorFrame {
    pub code: ErrorCode,
    /// A human-readable explanation, in English.
    pub message: String,
    /// Whether the same frame may succeed later.
    pub retryable: bool,
    /// Milliseconds before which the same frame will not succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<Millis>,
    /// For `banned` and `muted`: until when, and what the moderator says about it.
    #[serde(flatten)]
    pub restriction: Restriction,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}
