//! Reports: what people tell a room's moderators about a message, and what moderators are shown of it.

use serde::{Deserialize, Serialize};

use crate::log::Message;
use crate::{Millis, Seq};

/// Why somebody reports a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum ReportReason {
    Spam,
    /// It attacks or threatens somebody.
    Harassment,
    /// It attacks people for what they are.
    Hate,
    Sexual,
    Violence,
    Other,
}

impl ReportReason {
    /// Returns its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Harassment => "harassment",
            Self::Hate => "hate",
            Self::Sexual => "sexual",
            Self::Violence => "violence",
            Self::Other => "other",
        }
    }
}

/// Body of `POST /api/rooms/{roomId}/reports`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewReport {
    /// The epoch of the message.
    pub epoch: String,
    pub seq: Seq,
    pub reason: ReportReason,
}

/// A message whose reports moderators resolve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportedMessage {
    pub epoch: String,
    pub seq: Seq,
}

/// How many people gave each reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ReasonCounts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spam: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub harassment: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hate: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sexual: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub violence: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<u32>,
}

/// All reports of one message, for the room's moderators. It does not say who reported it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// As it is now.
    pub message: Message,
    /// How many people reported it, counted up to 100.
    pub count: u32,
    pub reasons: ReasonCounts,
    /// When it was reported first.
    pub first_at: Millis,
    /// When it was reported last.
    pub last_at: Millis,
}

/// A page of a room's open reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ReportList {
    /// The newest messages first; at most 50.
    pub reports: Vec<Report>,
    /// Requests reports of older messages. Absent if there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
