//! Events as the table stores them, and their conversion to the wire types.

use parlor_protocol::emoji::fully_qualified;
use parlor_protocol::log::{Change, ChangeKind, LogEvent, Message, Notice, NoticeKind, QuickReply, Reaction};
use parlor_protocol::person::Person;
use parlor_protocol::rules::RoomRules;
use parlor_protocol::{Millis, Seq};
use serde::{Deserialize, Deserializer, Serialize};

/// The key of an event: one number in one epoch of a room's log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogKey<'a> {
    pub room_id: &'a str,
    pub epoch: &'a str,
    pub seq: Seq,
}

/// A range of numbers in one epoch of a room's log, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogRange<'a> {
    pub room_id: &'a str,
    pub epoch: &'a str,
    pub from: Seq,
    pub to: Seq,
}

/// What is stored at a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Event {
    Message(MessageRow),
    Change(ChangeRow),
    Notice(NoticeRow),
    /// The number will never hold an event.
    Void(VoidRow),
}

/// A message in its current state: each change replaces this row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageRow {
    /// The id that the author chose.
    pub id: String,
    pub user_id: String,
    pub name: String,
    /// Empty once the message is deleted.
    pub text: String,
    pub at: Millis,
    /// The number of the message that this one answers. Never a copy of its text, which must be gone once it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Seq>,
    /// Empty once the message is deleted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<String>,
    /// False once the message is deleted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mentions_room: bool,
    /// Only of a bot. Empty once the message is deleted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<QuickReply>,
    /// The number of the last change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Seq>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "by_emoji")]
    pub reactions: Vec<Reaction>,
    /// The review replaced what was sent, so a retry has another text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replaced: bool,
    /// Whether it looks so much like spam that a review holds it. Not stored.
    #[serde(skip)]
    pub is_spam: bool,
}

/// Merges reactions whose emoji look alike. Rows may be older than the rule that such emoji are the same.
fn by_emoji<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Reaction>, D::Error> {
    let mut merged: Vec<Reaction> = Vec::new();
    for Reaction { emoji, user_ids } in Vec::deserialize(deserializer)? {
        let emoji = fully_qualified(&emoji).map_or(emoji, str::to_owned);
        match merged.iter_mut().find(|known| known.emoji == emoji) {
            Some(Reaction { user_ids: known, .. }) => {
                let others: Vec<_> = user_ids.into_iter().filter(|id| !known.contains(id)).collect();
                known.extend(others);
            }
            None => merged.push(Reaction { emoji, user_ids }),
        }
    }
    Ok(merged)
}

/// A change of a message. A new text is stored in the message's row alone, so deleting the message deletes the text
/// too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeRow {
    /// The number of the message.
    pub of: Seq,
    pub kind: ChangeKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
    pub user_id: String,
    pub name: String,
    pub at: Millis,
}

/// A notice, with the room's name and topic as it leaves them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoticeRow {
    pub kind: NoticeKind,
    pub room_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// The room's rules as this notice leaves them, if it changed them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<RoomRules>,
    /// Whom it is about, if it is about people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person>,
    /// Until when somebody is banned or muted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
    /// Where messages go from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    pub user_id: String,
    pub name: String,
    pub at: Millis,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VoidRow {
    pub at: Millis,
}

impl Event {
    /// Returns when the event happened or, for a void, when the number was voided.
    pub fn at(&self) -> Millis {
        match self {
            Self::Message(MessageRow { at, .. })
            | Self::Change(ChangeRow { at, .. })
            | Self::Notice(NoticeRow { at, .. }) => *at,
            Self::Void(VoidRow { at }) => *at,
        }
    }

    /// Returns the id of the person who caused the event. A void has none.
    pub fn author(&self) -> &str {
        match self {
            Self::Message(MessageRow { user_id, .. })
            | Self::Change(ChangeRow { user_id, .. })
            | Self::Notice(NoticeRow { user_id, .. }) => user_id,
            Self::Void(_) => "",
        }
    }

    /// Returns the event in its wire form; a change comes without its message. A void has none.
    pub fn into_wire(self, key: LogKey) -> Option<LogEvent> {
        let LogKey { room_id, epoch, seq } = key;
        let (room, epoch) = (room_id.to_owned(), epoch.to_owned());
        Some(match self {
            Self::Void(_) => return None,
            Self::Message(message) => LogEvent::Message(message.into_wire(key)),
            Self::Change(ChangeRow { of, kind, emoji, user_id, name, at }) => {
                let by = Person { user_id, name };
                LogEvent::Change(Change { room, epoch, seq, of, kind, emoji, by, at, message: None, voids: Vec::new() })
            }
            Self::Notice(NoticeRow { kind, room_name, topic, rules, people, until, host, user_id, name, at }) => {
                let by = Person { user_id, name };
                let voids = Vec::new();
                let name = room_name;
                LogEvent::Notice(Notice {
                    room,
                    epoch,
                    seq,
                    kind,
                    name,
                    topic,
                    rules,
                    people,
                    until,
                    host,
                    by,
                    at,
                    voids,
                })
            }
        })
    }
}

impl MessageRow {
    pub fn new(id: String, author: Person, text: String, at: Millis) -> Self {
        let Person { user_id, name } = author;
        Self {
            id,
            user_id,
            name,
            text,
            at,
            reply_to: None,
            mentions: Vec::new(),
            mentions_room: false,
            quick_replies: Vec::new(),
            version: None,
            edited_at: None,
            deleted_at: None,
            reactions: Vec::new(),
            replaced: false,
            is_spam: false,
        }
    }

    pub fn author(&self) -> Person {
        Person { user_id: self.user_id.clone(), name: self.name.clone() }
    }

    /// Returns the message without what it said.
    pub fn deleted(self, at: Millis) -> Self {
        let (text, mentions, quick_replies, reactions) = Default::default();
        Self { text, mentions, mentions_room: false, quick_replies, deleted_at: Some(at), reactions, ..self }
    }

    /// Returns the message in its wire form.
    pub fn into_wire(self, LogKey { room_id, epoch, seq }: LogKey) -> Message {
        Message {
            room: room_id.to_owned(),
            epoch: epoch.to_owned(),
            seq,
            id: self.id,
            from: Person { user_id: self.user_id, name: self.name },
            text: self.text,
            at: self.at,
            reply_to: self.reply_to,
            mentions: self.mentions,
            mentions_room: self.mentions_room,
            quick_replies: self.quick_replies,
            version: self.version,
            edited_at: self.edited_at,
            deleted_at: self.deleted_at,
            reactions: self.reactions,
            voids: Vec::new(),
        }
    }
}

impl NoticeRow {
    pub fn new(kind: NoticeKind, room_name: &str, topic: Option<&str>, by: &Person, at: Millis) -> Self {
        let (room_name, topic) = (room_name.to_owned(), topic.map(str::to_owned));
        let Person { user_id, name } = by.clone();
        Self { kind, room_name, topic, rules: None, people: Vec::new(), until: None, host: None, user_id, name, at }
    }
}
