//! What is at the numbers of a log, as it is stored.

use parlor_protocol::emoji::fully_qualified;
use parlor_protocol::log::{Change, ChangeKind, LogEvent, Message, Notice, NoticeKind, Reaction};
use parlor_protocol::person::Person;
use parlor_protocol::{Millis, Seq};
use serde::{Deserialize, Deserializer, Serialize};

use super::Occupant;

/// What is at a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Event {
    Message(MessageRow),
    Change(ChangeRow),
    Notice(NoticeRow),
    /// Nothing, for ever.
    Void(VoidRow),
}

/// A message, as it is stored; its changes are applied to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageRow {
    /// The sender's own id for it.
    pub id: String,
    pub user_id: String,
    pub name: String,
    /// Empty once it was deleted.
    pub text: String,
    pub at: Millis,
    /// The number of the last change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Seq>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "by_emoji")]
    pub reactions: Vec<Reaction>,
}

/// Rows may be older than the rule that emoji which look alike are one: their reactions are brought together.
fn by_emoji<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Reaction>, D::Error> {
    let mut together: Vec<Reaction> = Vec::new();
    for Reaction { emoji, user_ids } in Vec::deserialize(deserializer)? {
        let emoji = fully_qualified(&emoji).map_or(emoji, str::to_owned);
        match together.iter_mut().find(|known| known.emoji == emoji) {
            Some(Reaction { user_ids: known, .. }) => {
                let others: Vec<_> = user_ids.into_iter().filter(|id| !known.contains(id)).collect();
                known.extend(others);
            }
            None => together.push(Reaction { emoji, user_ids }),
        }
    }
    Ok(together)
}

/// A change of a message, as it is stored. A new text is only in the message: so it goes when the message is deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeRow {
    pub of: Seq,
    pub kind: ChangeKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
    pub user_id: String,
    pub name: String,
    pub at: Millis,
}

/// A notice, as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoticeRow {
    pub kind: NoticeKind,
    pub room_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    pub user_id: String,
    pub name: String,
    pub at: Millis,
}

/// A void, as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VoidRow {
    pub at: Millis,
}

impl NoticeRow {
    pub fn new(kind: NoticeKind, room_name: &str, topic: Option<&str>, by: &Person, at: Millis) -> Self {
        let (room_name, topic) = (room_name.to_owned(), topic.map(str::to_owned));
        Self { kind, room_name, topic, user_id: by.user_id.clone(), name: by.name.clone(), at }
    }
}

impl Event {
    /// When it happened; of a void, when it was voided.
    pub fn at(&self) -> Millis {
        match self {
            Self::Message(MessageRow { at, .. })
            | Self::Change(ChangeRow { at, .. })
            | Self::Notice(NoticeRow { at, .. }) => *at,
            Self::Void(VoidRow { at }) => *at,
        }
    }

    /// The event, as the wire has it. Of a change, without the message.
    pub fn into_wire(self, place: LogKey) -> Option<LogEvent> {
        let LogKey { room_id, epoch, seq } = place;
        let (room, epoch) = (room_id.to_owned(), epoch.to_owned());
        Some(match self {
            Self::Void(_) => return None,
            Self::Message(said) => LogEvent::Message(said.into_wire(place)),
            Self::Change(ChangeRow { of, kind, emoji, user_id, name, at }) => {
                let by = Person { user_id, name };
                LogEvent::Change(Change { room, epoch, seq, of, kind, emoji, by, at, message: None, voids: Vec::new() })
            }
            Self::Notice(NoticeRow { kind, room_name, topic, user_id, name, at }) => {
                let by = Person { user_id, name };
                LogEvent::Notice(Notice { room, epoch, seq, kind, name: room_name, topic, by, at, voids: Vec::new() })
            }
        })
    }
}

impl MessageRow {
    pub fn new(id: String, by: Occupant, text: String, at: Millis) -> Self {
        let Occupant { user_id, name, .. } = by;
        let (version, edited_at, deleted_at) = (None, None, None);
        Self { id, user_id, name, text, at, version, edited_at, deleted_at, reactions: Vec::new() }
    }

    /// The message, as the wire has it.
    pub fn into_wire(self, LogKey { room_id, epoch, seq }: LogKey) -> Message {
        let Self { id, user_id, name, text, at, version, edited_at, deleted_at, reactions } = self;
        let from = Person { user_id, name };
        let (room, epoch) = (room_id.to_owned(), epoch.to_owned());
        let voids = Vec::new();
        Message { room, epoch, seq, id, from, text, at, version, edited_at, deleted_at, reactions, voids }
    }
}

/// A number of one epoch of a room's log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogKey<'a> {
    pub room_id: &'a str,
    pub epoch: &'a str,
    pub seq: Seq,
}

/// A stretch of one epoch of a room's log, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogRange<'a> {
    pub room_id: &'a str,
    pub epoch: &'a str,
    pub from: Seq,
    pub to: Seq,
}
