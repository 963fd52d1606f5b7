//! Bodies of the HTTP API.

use serde::{Deserialize, Deserializer, Serialize};

use crate::conversations::Role;
use crate::error::ErrorCode;
use crate::log::Message;
use crate::moderation::{Permission, Restriction};
use crate::person::Person;
use crate::rules::{AbsenceSeconds, Capacity, RoomRules, RoomSeconds};
use crate::text::{FrameId, Handle, HookUrl, Password, PersonName, RoomName, Text, Topic};
use crate::{Millis, Seq};

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

/// The person that a token identifies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Me {
    pub user_id: String,
    pub name: String,
    /// Without `@`. Absent if they have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
}

/// A page of everything that is stored about a person. All but messages is on the first page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Export {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub me: Option<Me>,
    /// The ids of the people whom you block.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<String>>", optional))]
    pub blocks: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<Membership>>", optional))]
    pub memberships: Vec<Membership>,
    /// The ids of the rooms that you have joined, and of the groups that you have left. Those that have ended may be missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<String>>", optional))]
    pub visited: Vec<String>,
    /// Your messages, without deleted ones: those of a room follow each other, in the order of their numbers.
    pub messages: Vec<Message>,
    /// Requests the next page. Absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A person's membership of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Membership {
    pub room: String,
    /// Empty for a direct conversation.
    pub title: String,
    pub role: Role,
    pub added_at: Millis,
    /// The number up to which you have read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Seq>,
    /// Whether you keep that number to yourself.
    pub private: bool,
}

/// An erasure that has not finished.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Erasing {
    /// Send the same request with this `cursor` to continue.
    pub cursor: String,
}

/// Body of `PUT /api/me/handle`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HandleClaim {
    /// With or without a leading `@`.
    pub handle: Handle,
}

/// Body of `PUT /api/me/guest`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuestLink {
    /// The guest's token.
    pub token: String,
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
    /// How long from now the room ends, in seconds. By default it ends after 24 hours without activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in_seconds: Option<RoomSeconds>,
    /// How many people the room holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_people: Option<Capacity>,
    /// What people must know to join, and to read the room over HTTP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Password>,
    /// Whether two people in the room may not have names that look alike.
    #[serde(default)]
    #[cfg_attr(feature = "generate", ts(as = "Option<bool>", optional))]
    pub unique_names: bool,
    /// Ends the room once its owner has been away this long, in seconds. Requires a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_without_owner_after_seconds: Option<AbsenceSeconds>,
    /// Whether what is written is reviewed before it appears. Only in a stage that has reviewers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "generate", ts(as = "Option<bool>", optional))]
    pub reviewed: bool,
}

/// Body of `PATCH /api/rooms/{roomId}`. Absent fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// How long from now the room ends. `null`: only after 24 hours without activity.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "generate", schemars(with = "Option<RoomSeconds>"))]
    pub expires_in_seconds: Option<Option<RoomSeconds>>,
    /// How many people the room holds. Nobody is removed. `null` removes the limit.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "generate", schemars(with = "Option<Capacity>"))]
    pub max_people: Option<Option<Capacity>>,
    /// A new password invalidates every pass; who is inside stays. `null` removes the password.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "generate", schemars(with = "Option<Password>"))]
    pub password: Option<Option<Password>>,
    /// Whether two people in the room may not have names that look alike. Nobody is removed or renamed.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "generate", schemars(with = "bool"))]
    pub unique_names: Option<bool>,
    /// Ends the room once its owner has been away this long. `null`: the owner's absence ends nothing.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "generate", schemars(with = "Option<AbsenceSeconds>"))]
    pub ends_without_owner_after_seconds: Option<Option<AbsenceSeconds>>,
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
    /// Whether the room holds nobody else at the moment.
    pub is_full: bool,
    /// The names of the people in the room, sorted; at most 100. Absent in the lobby, and without a pass if the room has a
    /// password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<Vec<String>>,
    /// The bots that answer here, in the order in which the owner allowed them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<Person>>", optional))]
    pub bots: Vec<Person>,
    /// Those of them that are told the room's messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<ToldHook>>", optional))]
    pub told: Vec<ToldHook>,
    #[serde(flatten)]
    pub rules: RoomRules,
    /// What you may do. Only with a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may: Option<Vec<Permission>>,
}

/// Body of `POST /api/rooms/{roomId}/passes`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPass {
    pub password: Password,
}

/// Body of `POST /api/rooms/{roomId}/hooks`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewHook {
    /// The name of the program that is to write, such as "Build server". No other bot in the room may have one that looks
    /// like it.
    pub name: PersonName,
    /// Where the program is told the room's messages: an address that begins with `https://`. Without it, the program only
    /// writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<HookUrl>,
}

/// A webhook: a bot in a room, as which a program outside writes. Its secrets are told only once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Hook {
    /// For `POST /api/hooks/{hookId}`.
    pub id: String,
    /// For the header `authorization: Bearer <secret>` of these requests. Keep it secret: whoever has it writes in the
    /// room.
    pub secret: String,
    /// With which the program checks that what it is told comes from here, as the Standard Webhooks specification says. Only
    /// if it is told the room's messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing_secret: Option<String>,
    /// As whom it writes.
    pub person: Person,
}

/// A webhook that is told the room's messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ToldHook {
    pub user_id: String,
    /// Where the messages go.
    pub host: String,
}

/// Body of `POST /api/hooks/{hookId}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HookMessage {
    pub text: Text,
    /// Identifies the message: one that is sent again with the same id is stored once. Without it, each is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}

/// Where the message of a webhook is in the room's log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct HookReceipt {
    pub room: String,
    pub epoch: String,
    pub seq: Seq,
    pub at: Millis,
}

/// Proof that its holder knew the room's password. Valid for this room, until the password changes or the pass expires.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct RoomPass {
    /// For `join`, and for HTTP requests in the header `parlor-pass`. Keep it secret.
    pub pass: String,
    pub expires_at: Millis,
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
    /// For `banned`: until when, and what the moderator says about it.
    #[serde(flatten)]
    pub restriction: Restriction,
}
