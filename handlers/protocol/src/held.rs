//! Messages that wait for a moderator, because the review of their room held them.

use serde::{Deserialize, Serialize};

use crate::person::Person;
use crate::text::{FrameId, UserId};
use crate::{Millis, Seq};

/// Which message waits: its author, and the id that they chose for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HeldRef {
    /// The epoch of the room in which it was sent.
    pub epoch: String,
    pub user_id: UserId,
    pub id: FrameId,
}

/// A message that waits, for the room's moderators.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct HeldMessage {
    pub epoch: String,
    /// The id that its author chose.
    pub id: String,
    pub from: Person,
    pub text: String,
    /// When it was held.
    pub at: Millis,
    /// The number of the message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Seq>,
    /// Why it was held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A page of the messages of a room that wait for a moderator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct HeldList {
    /// Those of one author follow each other; at most 50.
    pub held: Vec<HeldMessage>,
    /// Requests the next page. Absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
