//! Frames that clients send.

use std::fmt;

use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};

use crate::Seq;
use crate::error::ErrorCode;
use crate::limits::FRAME_BYTES;
use crate::mentions::Mentions;
use crate::text::{Emoji, FrameId, Handle, Pass, PersonName, RoomId, Text};

/// A frame of one action. API Gateway picks the route by `action`, so each route knows the type of its frames.
pub trait Frame: DeserializeOwned {
    const ACTION: &'static str;
}

macro_rules! frames {
    ($($(#[$doc:meta])* $name:ident = $action:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        /// Every action. The message of `unknownAction` lists them.
        pub const ACTIONS: &[&str] = &[$($action),*];

        // Only the generated descriptions need one type for all frames.
        /// Any frame that a client sends: a JSON object with an `action`. The server refuses unknown actions and unknown fields.
        #[cfg(feature = "generate")]
        #[derive(Deserialize, Serialize, schemars::JsonSchema, ts_rs::TS)]
        #[serde(tag = "action")]
        pub enum ClientFrame {
            $(#[serde(rename = $action)] $name($name),)*
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            #[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
            pub struct $name {
                $($(#[$field_doc])* pub $field: $type,)*
            }

            impl Frame for $name {
                const ACTION: &'static str = $action;
            }
        )*
    };
}

frames! {
    /// Joins a room. Idempotent: join again to resume after a lost connection or to change the name.
    Join = "join" {
        room: RoomId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<PersonName>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Position>,
        /// Required if the room has a password: see `POST /api/rooms/{roomId}/passes`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pass: Option<Pass>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<FrameId>,
    }
    /// Leaves a room.
    Leave = "leave" {
        room: RoomId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<FrameId>,
    }
    /// Sends a message. Repeating the `id` in the same room within 24 hours returns the first message
    /// instead of storing another, unless the room was cleared.
    Send = "send" {
        /// Either this or `to`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        room: Option<RoomId>,
        /// The handle of a person: sends to the direct conversation with them, which is created if there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Handle>,
        id: FrameId,
        text: Text,
        /// The number of the message that this one answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<Seq>,
        /// The epoch that `replyTo` belongs to. If the room has started a new one, the message no longer exists.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epoch: Option<String>,
        /// Whom the text mentions, by `userId`. Nobody checks that they exist.
        #[serde(default, skip_serializing_if = "Mentions::is_empty")]
        #[cfg_attr(feature = "generate", ts(as = "Option<Mentions>", optional))]
        mentions: Mentions,
        /// The text mentions everyone in the room. Only the room's owner may say so.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(feature = "generate", ts(as = "Option<bool>", optional))]
        mentions_room: bool,
    }
    /// Replaces the text of your own message, and whom it mentions.
    Edit = "edit" {
        room: RoomId,
        /// The message's number.
        seq: Seq,
        /// The epoch that `seq` belongs to. If the room has started a new one, the message no longer exists.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epoch: Option<String>,
        id: FrameId,
        text: Text,
        /// Whom the text mentions, by `userId`. Nobody checks that they exist.
        #[serde(default, skip_serializing_if = "Mentions::is_empty")]
        #[cfg_attr(feature = "generate", ts(as = "Option<Mentions>", optional))]
        mentions: Mentions,
        /// The text mentions everyone in the room. Only the room's owner may say so.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(feature = "generate", ts(as = "Option<bool>", optional))]
        mentions_room: bool,
    }
    /// Deletes the text of a message; its number remains. The author may do this, and the room's owner.
    Delete = "delete" {
        room: RoomId,
        /// The message's number.
        seq: Seq,
        /// The epoch that `seq` belongs to. If the room has started a new one, the message no longer exists.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epoch: Option<String>,
        id: FrameId,
    }
    /// Adds your reaction to a message (`on: true`) or removes it (`on: false`).
    React = "react" {
        room: RoomId,
        /// The message's number.
        seq: Seq,
        /// The epoch that `seq` belongs to. If the room has started a new one, the message no longer exists.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epoch: Option<String>,
        id: FrameId,
        emoji: Emoji,
        on: bool,
    }
    /// Requests the log page `before` or `after` a number; with neither, the newest.
    History = "history" {
        room: RoomId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "generate", schemars(range(min = 1, max = crate::limits::PAGE_EVENTS)))]
        limit: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<FrameId>,
    }
    /// Moves your read marker in a conversation forward to a number, or with `unread` back to just before it.
    Read = "read" {
        room: RoomId,
        seq: Seq,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(feature = "generate", ts(as = "Option<bool>", optional))]
        unread: bool,
        /// The others do not see your marker, and you do not see theirs, until you send one without this.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(feature = "generate", ts(as = "Option<bool>", optional))]
        private: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<FrameId>,
    }
    /// Tells the others in the room that you are typing. Has no answer.
    Typing = "typing" {
        room: RoomId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<FrameId>,
    }
    /// Claims a handle, instead of the one you have. Idempotent: register again to renew it.
    Register = "register" {
        /// With or without a leading `@`.
        handle: Handle,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<FrameId>,
    }
    /// Renews the connection's leases and requests the newest number of each of its rooms.
    Ping = "ping" {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<FrameId>,
    }
}

/// A position in a room's log: the client has every event of `epoch` up to `seq`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Position {
    pub epoch: String,
    pub seq: Seq,
}

/// Why a body is not a valid frame. `id` is the frame's own, if it could be read.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct FrameError {
    pub code: ErrorCode,
    pub message: String,
    pub id: Option<FrameId>,
}

/// Parses a frame of type `F`, and the `id` that its answer repeats.
///
/// # Errors
/// `frameTooLarge`, `badFrame` (not a JSON object), `unknownAction` or `invalidField`.
pub fn parse<F: Frame>(body: &str) -> Result<(F, Option<FrameId>), FrameError> {
    let mut object = parse_object(body).map_err(|(code, message)| FrameError { code, message, id: None })?;
    let id = frame_id(&object);
    let fail = |code, message| FrameError { code, message, id: id.clone() };
    match object.remove("action") {
        Some(Value::String(action)) if action == F::ACTION => {}
        action => return Err(fail(ErrorCode::UnknownAction, unknown_action_message(action.as_ref()))),
    }
    match from_object(object) {
        Ok(frame) => Ok((frame, id)),
        Err(message) => Err(fail(ErrorCode::InvalidField, message)),
    }
}

/// Returns the error for a body that is not a frame with a known action.
pub fn unknown_action_error(body: &str) -> FrameError {
    match parse_object(body) {
        Err((code, message)) => FrameError { code, message, id: None },
        Ok(object) => FrameError {
            code: ErrorCode::UnknownAction,
            message: unknown_action_message(object.get("action")),
            id: frame_id(&object),
        },
    }
}

/// Parses `T` from a JSON object of at most [`FRAME_BYTES`]. Used for HTTP bodies.
///
/// # Errors
/// `frameTooLarge`, `badFrame` or `invalidField`, with a message that names the field.
pub fn parse_body<T: DeserializeOwned>(body: &str) -> Result<T, (ErrorCode, String)> {
    from_object(parse_object(body)?).map_err(|message| (ErrorCode::InvalidField, message))
}

fn parse_object(body: &str) -> Result<Map<String, Value>, (ErrorCode, String)> {
    if body.len() > FRAME_BYTES {
        let message = format!("must be at most {FRAME_BYTES} bytes, not {}", body.len());
        return Err((ErrorCode::FrameTooLarge, message));
    }
    if body.starts_with('\u{FEFF}') {
        return Err((ErrorCode::BadFrame, "not a JSON object: starts with a byte order mark (U+FEFF)".into()));
    }
    let parsed = serde_json::from_str(body).map(|UniqueFields(object)| object);
    parsed.map_err(|error| (ErrorCode::BadFrame, format!("not a JSON object: {error}")))
}

/// A JSON object without duplicate fields. Of two values, another parser, such as API Gateway's, may have taken the other.
struct UniqueFields(Map<String, Value>);

impl<'de> Deserialize<'de> for UniqueFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;

        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = UniqueFields;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<UniqueFields, A::Error> {
                let mut object = Map::new();
                while let Some((name, value)) = fields.next_entry::<String, Value>()? {
                    if object.insert(name, value).is_some() {
                        return Err(de::Error::custom("duplicate field"));
                    }
                }
                Ok(UniqueFields(object))
            }
        }

        deserializer.deserialize_map(ObjectVisitor)
    }
}

fn from_object<T: DeserializeOwned>(object: Map<String, Value>) -> Result<T, String> {
    serde_path_to_error::deserialize(Value::Object(object)).map_err(|error| {
        let path = error.path().to_string();
        if path == "." { error.inner().to_string() } else { format!("{path}: {}", error.inner()) }
    })
}

fn frame_id(object: &Map<String, Value>) -> Option<FrameId> {
    object.get("id").and_then(Value::as_str).and_then(|id| FrameId::try_from(id.to_owned()).ok())
}

fn unknown_action_message(action: Option<&Value>) -> String {
    let known = ACTIONS.join(", ");
    match action {
        None => format!("missing action: use one of {known}"),
        Some(_) => format!("unknown action: use one of {known}"),
    }
}
