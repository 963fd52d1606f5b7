//! Frames that a client sends.

use std::fmt;

use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};

use crate::Seq;
use crate::error::ErrorCode;
use crate::limits::FRAME_BYTES;
use crate::text::{Emoji, FrameId, PersonName, RoomId, Text};

/// A frame of one action. API Gateway reads `action` to pick the route, so each route knows its frame's type.
pub trait Frame: DeserializeOwned {
    const ACTION: &'static str;
}

macro_rules! frames {
    ($($(#[$doc:meta])* $name:ident = $action:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        /// Every action there is, as `unknownAction` lists them.
        pub const ACTIONS: &[&str] = &[$($action),*];

        /// Any frame from a client; only the generated descriptions need them in one type.
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
    /// Come into a room; again to come back after a break, or under another name.
    Join = "join" {
        room: RoomId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<PersonName>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Position>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<FrameId>,
    }
    /// Go out of a room.
    Leave = "leave" {
        room: RoomId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<FrameId>,
    }
    /// Say something. The same `id` from the same person is the same message.
    Send = "send" {
        room: RoomId,
        id: FrameId,
        text: Text,
    }
    /// Give one's own message another text.
    Edit = "edit" {
        room: RoomId,
        /// The message's number.
        seq: Seq,
        /// The log that the number is of; where it is another one by now, there is no such message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epoch: Option<String>,
        id: FrameId,
        text: Text,
    }
    /// Take a message's text away; its place stays. One's own, or any as the room's owner.
    Delete = "delete" {
        room: RoomId,
        /// The message's number.
        seq: Seq,
        /// The log that the number is of; where it is another one by now, there is no such message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epoch: Option<String>,
        id: FrameId,
    }
    /// Put an emoji to a message, or take one's own away.
    React = "react" {
        room: RoomId,
        /// The message's number.
        seq: Seq,
        /// The log that the number is of; where it is another one by now, there is no such message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epoch: Option<String>,
        id: FrameId,
        emoji: Emoji,
        on: bool,
    }
    /// Ask for what happened `before` or `after` a number; with neither, for the newest.
    History = "history" {
        room: RoomId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<Seq>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "generate", schemars(range(min = 1, max = crate::limits::PAGE_MESSAGES)))]
        limit: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<FrameId>,
    }
    /// Tell the others that one is typing.
    Typing = "typing" {
        room: RoomId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<FrameId>,
    }
    /// Stay in one's rooms, and learn their newest numbers.
    Ping = "ping" {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<FrameId>,
    }
}

/// A place in a room's log: everything up to `seq` of this `epoch`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Position {
    pub epoch: String,
    pub seq: Seq,
}

/// Why bytes are not the frame that they should be. `id` is the frame's, where it could be read.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct FrameError {
    pub code: ErrorCode,
    pub message: String,
    pub id: Option<FrameId>,
}

/// Reads a frame of type `F`, and the `id` that its answer is to carry.
///
/// # Errors
/// `frameTooLarge`, `badFrame` (not a JSON object), `unknownAction` or `invalidField`.
pub fn parse<F: Frame>(body: &str) -> Result<(F, Option<FrameId>), FrameError> {
    let mut object = parse_object(body).map_err(|(code, message)| FrameError { code, message, id: None })?;
    let id = id_of(&object);
    let fail = |code, message| FrameError { code, message, id: id.clone() };
    match object.remove("action") {
        Some(Value::String(action)) if action == F::ACTION => {}
        action => return Err(fail(ErrorCode::UnknownAction, unknown_action(action.as_ref()))),
    }
    match from_object(object) {
        Ok(frame) => Ok((frame, id)),
        Err(message) => Err(fail(ErrorCode::InvalidField, message)),
    }
}

/// What is wrong with a frame whose action no route has.
pub fn explain_unknown(body: &str) -> FrameError {
    match parse_object(body) {
        Err((code, message)) => FrameError { code, message, id: None },
        Ok(object) => FrameError {
            code: ErrorCode::UnknownAction,
            message: unknown_action(object.get("action")),
            id: id_of(&object),
        },
    }
}

/// Reads the fields of `T` from a JSON object of at most [`FRAME_BYTES`]: HTTP bodies too.
///
/// # Errors
/// The code and a sentence that names the field.
pub fn parse_body<T: DeserializeOwned>(body: &str) -> Result<T, (ErrorCode, String)> {
    from_object(parse_object(body)?).map_err(|message| (ErrorCode::InvalidField, message))
}

fn parse_object(body: &str) -> Result<Map<String, Value>, (ErrorCode, String)> {
    if body.len() > FRAME_BYTES {
        let message = format!("at most {FRAME_BYTES} bytes, not {}", body.len());
        return Err((ErrorCode::FrameTooLarge, message));
    }
    if body.starts_with('\u{FEFF}') {
        return Err((ErrorCode::BadFrame, "not a JSON object: it begins with a byte order mark (U+FEFF)".into()));
    }
    let read = serde_json::from_str(body).map(|Object(object)| object);
    read.map_err(|error| (ErrorCode::BadFrame, format!("not a JSON object: {error}")))
}

/// A JSON object that names each of its fields once. Of two values, readers before us may have taken the other one.
struct Object(Map<String, Value>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Object;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Object, A::Error> {
                let mut object = Map::new();
                while let Some((name, value)) = fields.next_entry::<String, Value>()? {
                    if object.insert(name, value).is_some() {
                        return Err(de::Error::custom("a field is there twice"));
                    }
                }
                Ok(Object(object))
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

fn from_object<T: DeserializeOwned>(object: Map<String, Value>) -> Result<T, String> {
    serde_path_to_error::deserialize(Value::Object(object)).map_err(|error| {
        let path = error.path().to_string();
        if path == "." { error.inner().to_string() } else { format!("{path}: {}", error.inner()) }
    })
}

fn id_of(object: &Map<String, Value>) -> Option<FrameId> {
    object.get("id").and_then(Value::as_str).and_then(|id| FrameId::try_from(id.to_owned()).ok())
}

fn unknown_action(action: Option<&Value>) -> String {
    let known = ACTIONS.join(", ");
    match action {
        None => format!("a frame needs an action: one of {known}"),
        Some(_) => format!("no such action; there are {known}"),
    }
}
