//! Conversations: rooms that only their members read and write. A member receives everything on each of their
//! connections, without joining.

use serde::{Deserialize, Serialize};

use crate::person::Person;
use crate::text::{FrameId, PersonRef, RoomName};
use crate::{Millis, Seq};

/// The ids of conversations begin with this, and those of other rooms do not.
pub const ID_PREFIX: &str = "c-";

/// Whether this is the id of a conversation.
pub fn is_conversation(room_id: &str) -> bool {
    room_id.starts_with(ID_PREFIX)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum ConversationKind {
    /// Between two people, for ever: there is one for each pair.
    Direct,
    /// Between 1 and 100 people, with a title.
    Group,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// May also remove members of a group.
    Owner,
    /// Moderates a room. No conversation has any.
    Moderator,
    Member,
}

/// What a new member of a group may read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum HistoryAccess {
    /// Everything.
    All,
    /// What was sent after they were added.
    #[default]
    Joined,
}

/// A member of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Member {
    #[serde(flatten)]
    pub person: Person,
    pub role: Role,
    /// The number up to which they have read. Absent if they have read nothing, in groups of more than 20, and if they
    /// or you do not share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Seq>,
}

/// A conversation, as one of its members sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Conversation {
    pub room: String,
    pub kind: ConversationKind,
    /// Only groups have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub created_at: Millis,
    /// When the last event was stored.
    pub active_at: Millis,
    pub epoch: String,
    /// The newest number.
    pub seq: Seq,
    /// The first number that you may read.
    pub first: Seq,
    pub history: HistoryAccess,
    /// The number up to which you have read.
    pub read: Seq,
    /// How many messages of others follow what you have read; 100 means 100 or more.
    pub unread: u32,
    /// How many of those mention you; at most 100.
    pub mentions: u32,
    /// The newest message. Absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<LatestMessage>,
    /// You first, then the others in the order in which they were added.
    pub members: Vec<Member>,
    /// Whether you have blocked the other person. Only in direct conversations.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "generate", ts(as = "Option<bool>", optional))]
    pub blocked: bool,
}

/// The newest message of a conversation, shortened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct LatestMessage {
    pub seq: Seq,
    pub from: Person,
    pub at: Millis,
    /// At most 200 characters. Empty if the message was deleted.
    pub text: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "generate", ts(as = "Option<bool>", optional))]
    pub deleted: bool,
}

/// A page of your conversations, most recently active first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ConversationList {
    pub conversations: Vec<Conversation>,
    /// Requests the next page. Absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Body of `POST /api/conversations`: give either `with`, for a direct conversation, or `title`, for a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewConversation {
    /// The other person. The same pair gets the same conversation again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<PersonRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<RoomName>,
    /// The people to begin with, besides you; at most 99. Only for a group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "generate", ts(as = "Option<Vec<PersonRef>>", optional))]
    pub members: Vec<PersonRef>,
    /// Only for a group.
    #[serde(default)]
    #[cfg_attr(feature = "generate", ts(as = "Option<HistoryAccess>", optional))]
    pub history: HistoryAccess,
    /// An idempotency key. Only for a group: the same id gets the same group again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FrameId>,
}

/// The people whom you block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct BlockList {
    pub user_ids: Vec<String>,
}

/// Body of `PATCH /api/conversations/{roomId}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConversationUpdate {
    pub title: RoomName,
}

/// Body of `POST /api/conversations/{roomId}/members`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMembers {
    /// 1 to 99 people. Those who are members already stay as they are.
    pub members: Vec<PersonRef>,
}
