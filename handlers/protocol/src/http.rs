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

/// A guest's identity and its token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Proves the identity in `?token=`, a subprotocol or `Authorization: Bearer`. Keep it secret.
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

/// Body of `PATCH /api/rooms/{roomId}`. Absent fields stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoomUpdate {
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "generate", schemars(with = "RoomName"))]
    pub name: Option<RoomName>,
    /// `null` or `""` removes the topic.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "generate", schemars(with = "Option<Topic>"))]
    pub topic: Option<Option<Topic>>,
}

/// Deserializes a field that is present, so that `null` is a value. Absent fields take their default.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Who can find a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Visibility {
    /// Everyone: the room is in the lobby.
    Public,
    /// Anyone with the link.
    #[default]
    Unlisted,
}

/// A room, as the HTTP API returns it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct RoomInfo {
    pub room_id: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    pub visibility: Visibility,
    /// The address of the room on the page, to share.
    pub link: String,
    pub created_at: Millis,
    /// When the room last had an event, to the minute.
    pub active_at: Millis,
    /// When the room closes if there is no further activity.
    pub expires_at: Millis,
    /// The number of people in the room. A person with several connections counts once.
    pub people: usize,
}

/// A lobby page: open public rooms, most recently active first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct RoomList {
    pub rooms: Vec<RoomInfo>,
    /// Requests the next page. Absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A clear that has not finished: the log of this epoch is over, but part of it is still stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Clearing {
    /// Send the same request with this `epoch` to continue.
    pub epoch: String,
}

/// An HTTP error: problem details (RFC 9457).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    #[serde(rename = "type")]
    /// Always `about:blank`: `code` says what is wrong.
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// A human-readable explanation, in English.
    pub detail: String,
    pub code: ErrorCode,
    /// Milliseconds before which the same request will not succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<Millis>,
}
