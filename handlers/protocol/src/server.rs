//! Frames that Parlor sends.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::http::{MessagesPage, Visibility};
use crate::text::FrameId;
use crate::{Millis, Seq};

/// Any frame from Parlor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum ServerFrame {
    Joined(Box<Joined>),
    Left(Left),
    Message(Message),
    Presence(Presence),
    Typing(TypingNotice),
    History(HistoryPage),
    Ack(Ack),
    Pong(Pong),
    Error(ErrorFrame),
}

/// Somebody, as the others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Person {
    pub user_id: String,
    pub name: String,
}

/// To the one who joined: the room as it is, up to `to`; what follows is posted, or had by `history`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Joined {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    pub visibility: Visibility,
    pub you: Person,
    /// The persons in the room, each once, by name; at most 100 of them.
    pub people: Vec<Person>,
    /// How many persons are in the room.
    pub count: usize,
    /// Whether the page begins right after the position that the join named.
    pub recovered: bool,
    #[serde(flatten)]
    pub page: MessagesPage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}

/// To the one who is no longer in the room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Left {
    pub room: String,
    pub reason: LeftReason,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum LeftReason {
    /// They asked to.
    Left,
    /// Their connection neither pinged nor joined for the length of a lease.
    LeaseExpired,
    /// The room was closed.
    Closed,
}

/// What somebody said; in a frame of its own and on pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Message {
    pub room: String,
    pub seq: Seq,
    /// The sender's own id for it.
    pub id: String,
    pub from: Person,
    pub text: String,
    pub at: Millis,
}

/// Somebody came, went, or changed their name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Presence {
    pub room: String,
    pub event: PresenceEvent,
    pub person: Person,
    /// How many persons are in the room now.
    pub count: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum PresenceEvent {
    Joined,
    Left,
    Renamed,
}

/// Somebody is typing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct TypingNotice {
    pub room: String,
    pub from: Person,
}

/// A page of messages, to the one who asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct HistoryPage {
    #[serde(flatten)]
    pub page: MessagesPage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}

/// To the sender: the message is in the log, and was posted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Ack {
    pub room: String,
    pub id: FrameId,
    pub seq: Seq,
    pub at: Millis,
}

/// The answer to a ping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Pong {
    /// The server's time.
    pub at: Millis,
    /// The rooms that this connection is in, each with its newest number.
    pub rooms: BTreeMap<String, Seq>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}

/// Instead of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ErrorFrame {
    pub code: ErrorCode,
    /// For people.
    pub message: String,
    /// Whether the same frame may succeed later.
    pub retryable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}
