//! What a room's log holds. Each event says where it is: room, epoch and number. The same JSON is posted live and stands
//! on pages.

use serde::{Deserialize, Serialize};

use crate::person::Person;
use crate::{Millis, Seq};

/// Something lasting that happened in a room.
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

    /// The event as it is posted, with the numbers that are void by the same invocation.
    pub fn with_voids(mut self, numbers: Vec<Seq>) -> Self {
        match &mut self {
            Self::Message(Message { voids, .. })
            | Self::Change(Change { voids, .. })
            | Self::Notice(Notice { voids, .. }) => *voids = numbers,
        }
        self
    }
}

/// What somebody said, as it now is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Message {
    pub room: String,
    pub epoch: String,
    pub seq: Seq,
    /// The sender's own id for it.
    pub id: String,
    pub from: Person,
    /// Empty once it was deleted.
    pub text: String,
    pub at: Millis,
    /// The number of the last change; absent while there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Seq>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Millis>,
    /// In the order in which their emoji first came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<Reaction>>", optional))]
    pub reactions: Vec<Reaction>,
    /// Numbers of this epoch that are void: whoever posts this event drew them and did not use them. In ascending order,
    /// and only in the frame that is posted, never on a page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<Seq>>", optional))]
    pub voids: Vec<Seq>,
}

/// An emoji at a message, and the persons who put it there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Reaction {
    pub emoji: String,
    pub user_ids: Vec<String>,
}

/// Something happened to a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Change {
    pub room: String,
    pub epoch: String,
    pub seq: Seq,
    /// The message's number.
    pub of: Seq,
    pub kind: ChangeKind,
    /// Of a reaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
    pub by: Person,
    pub at: Millis,
    /// The message as it now is: never older than this change, but perhaps newer. On a page, only the last change of each
    /// message has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// As in a message.
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

/// Something happened to the room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    pub room: String,
    pub epoch: String,
    pub seq: Seq,
    pub kind: NoticeKind,
    /// How the room is now called.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// The room's owner.
    pub by: Person,
    pub at: Millis,
    /// As in a message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<Seq>>", optional))]
    pub voids: Vec<Seq>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum NoticeKind {
    /// Its name or topic changed.
    Renamed,
    /// Its log was cleared, and starts anew with this notice.
    Cleared,
    /// It was closed; nothing follows.
    Closed,
}

/// A stretch of a room's log: the numbers `from` to `to`, both included. A number in it without an event is void.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct LogPage {
    pub room: String,
    pub epoch: String,
    /// The newest number given out in the room.
    pub seq: Seq,
    pub from: Seq,
    /// `from` − 1 where the page is empty.
    pub to: Seq,
    /// Oldest first; messages as they now are.
    pub events: Vec<LogEvent>,
}
