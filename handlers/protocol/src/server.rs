//! Frames that Parlor sends.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::http::Visibility;
use crate::log::{Change, LogEvent, LogPage, Message, Notice};
use crate::person::Person;
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
    Change(Change),
    Notice(Notice),
    Voids(Voids),
    Presence(Presence),
    Typing(TypingNotice),
    History(HistoryPage),
    Ack(Ack),
    Pong(Pong),
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

/// Numbers that are void, when no event is posted with them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Voids {
    pub room: String,
    pub epoch: String,
    /// In ascending order.
    pub seqs: Vec<Seq>,
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
    pub page: LogPage,
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

/// Persons came, went, or changed their name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Presence {
    pub room: String,
    pub event: PresenceEvent,
    /// Each once; at least one. Many who go at the same time are told of together.
    pub people: Vec<Person>,
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

/// A page of the log, to the one who asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct HistoryPage {
    #[serde(flatten)]
    pub page: LogPage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}

/// To the one who sent, edited, deleted or reacted: the log has it at this number. Where nothing had to change, it is the
/// number of the message's last change.
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

/// The answer to a ping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Pong {
    /// The server's time.
    pub at: Millis,
    /// The rooms that this connection is in.
    pub rooms: BTreeMap<String, RoomState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}

/// A room as it is now, for a client to compare with what it shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct RoomState {
    pub epoch: String,
    /// The newest number of its log.
    pub seq: Seq,
    /// How many persons are in the room. Absent, as `people` is, where the room has more than 100 connections.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// A digest of these persons' ids and names; docs/protocol.md says how to compute it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<String>,
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
    /// Before this time has passed it will not, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}
