//! Bodies of the HTTP API.

use serde::{Deserialize, Deserializer, Serialize};

use crate::Millis;
use crate::error::ErrorCode;
use crate::text::{PersonName, RoomName, Topic};

/// Body of `POST /api/sessions`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSession {
    pub name: PersonName,
}

/// A guest's identity, and the token that proves it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Session {
    pub token: String,
    pub user_id: String,
    pub name: String,
    pub expires_at: Millis,
}

/// Body of `POST /api/rooms`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRoom {
    pub name: RoomName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    #[serde(default)]
    #[cfg_attr(feature = "generate", ts(as = "Option<Visibility>", optional))]
    pub visibility: Visibility,
}

/// Body of `PATCH /api/rooms/{roomId}`: what it does not name stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoomUpdate {
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "named")]
    #[cfg_attr(feature = "generate", schemars(with = "RoomName"))]
    pub name: Option<RoomName>,
    /// `null` or empty: none any more.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "named")]
    #[cfg_attr(feature = "generate", schemars(with = "Option<Topic>"))]
    pub topic: Option<Option<Topic>>,
}

/// A field that is there, so that `null` is a value like any other: absent fields take their default.
fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Who finds a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Visibility {
    /// Everyone: it is in the lobby.
    Public,
    /// Who has the link.
    #[default]
    Unlisted,
}

/// A room as the HTTP API describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Room {
    pub room_id: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    pub visibility: Visibility,
    /// The address of the room's page, to share.
    pub link: String,
    pub created_at: Millis,
    /// When something was last said, to the minute.
    pub active_at: Millis,
    /// When the room closes if nothing more is said.
    pub expires_at: Millis,
    /// How many persons are in the room.
    pub people: usize,
}

/// A page of the lobby, most recently active first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct RoomList {
    pub rooms: Vec<Room>,
    /// Asks for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// The log of this epoch is over, and a part of it is still to be deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Clearing {
    pub epoch: String,
}

/// An HTTP error: problem details (RFC 9457).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    pub code: ErrorCode,
    /// Before this time has passed the same request will not succeed, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<Millis>,
}
