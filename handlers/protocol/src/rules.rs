//! The rules of a room: its end, who may join, and who may write.

use serde::{Deserialize, Serialize};

use crate::Millis;

/// Declares a number that is valid only in its range: parsing checks it.
macro_rules! number_type {
    ($(#[$doc:meta])* $name:ident, $min:literal..=$max:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "generate", derive(ts_rs::TS))]
        #[serde(try_from = "u32", into = "u32")]
        pub struct $name(u32);

        impl $name {
            pub const MIN: u32 = $min;
            pub const MAX: u32 = $max;

            pub fn get(self) -> u32 {
                self.0
            }
        }

        impl TryFrom<u32> for $name {
            type Error = String;

            fn try_from(value: u32) -> Result<Self, String> {
                if ($min..=$max).contains(&value) {
                    Ok(Self(value))
                } else {
                    Err(format!("must be {} to {}, not {value}", $min, $max))
                }
            }
        }

        impl From<$name> for u32 {
            fn from(number: $name) -> u32 {
                number.0
            }
        }

        #[cfg(feature = "generate")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "integer", "minimum": $min, "maximum": $max })
            }

            fn inline_schema() -> bool {
                true
            }
        }
    };
}

number_type!(
    /// How long from now a room ends, in seconds: a minute to 30 days.
    RoomSeconds, 60..=2_592_000
);
number_type!(
    /// How many people a room holds. A person with several connections counts once.
    Capacity, 2..=1_000
);
number_type!(
    /// How long a room outlasts its owner's absence, in seconds: half a minute to a day.
    AbsenceSeconds, 30..=86_400
);
number_type!(
    /// How long somebody waits between two messages, in seconds: at most an hour.
    SlowSeconds, 1..=3_600
);
number_type!(
    /// How long a ban or a mute lasts, in seconds: a minute to 30 days.
    RestrictionSeconds, 60..=2_592_000
);

/// The rules of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct RoomRules {
    /// When the room ends, however active it is. Absent if nothing but inactivity ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Millis>,
    /// How many people the room holds. Absent if only the limit of connections counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_people: Option<Capacity>,
    /// Whether joining, and reading the room over HTTP, requires a pass.
    pub password_required: bool,
    /// Whether two people in the room may not have names that look alike.
    pub unique_names: bool,
    /// The room ends once its owner has been away this long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_without_owner_after_seconds: Option<AbsenceSeconds>,
    /// Everyone but moderators sends at most one message in so many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slow_mode_seconds: Option<SlowSeconds>,
    /// Only moderators write.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "generate", ts(as = "Option<bool>", optional))]
    pub locked: bool,
    /// What is written is reviewed before it appears.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "generate", ts(as = "Option<bool>", optional))]
    pub reviewed: bool,
}
