//! Strings that have limits. A value of one of these types is within them: parsing is the check.
//! Lengths are counted in characters, that is Unicode scalar values, as JSON Schema counts them.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::blank::is_blank;
use crate::emoji::qualified;
use crate::names::{imitated, invisible};

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $min:literal..=$max:literal, $clean:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "generate", derive(ts_rs::TS))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub const MIN: usize = $min;
            pub const MAX: usize = $max;

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(value: String) -> Result<Self, String> {
                let clean: fn(String) -> Result<String, String> = $clean;
                let value = clean(value)?;
                let length = value.chars().count();
                if ($min..=$max).contains(&length) {
                    Ok(Self(value))
                } else {
                    Err(format!("must have {} to {} characters, not {length}", $min, $max))
                }
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        #[cfg(feature = "generate")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "minLength": $min, "maxLength": $max })
            }

            fn inline_schema() -> bool {
                true
            }
        }
    };
}

text_type!(
    /// What names a room on the wire. Any short string is let through: whether there is such a room, the store knows.
    RoomId, 1..=64, Ok
);
text_type!(
    /// A client's own name for a frame; with the sender, what makes a message happen once.
    FrameId, 1..=64, Ok
);
text_type!(
    /// What somebody says: kept as it came, to the last space.
    Text, 1..=4000, not_blank
);
text_type!(
    /// How a person is called.
    PersonName, 1..=32, person_name
);
text_type!(
    /// How a room is called.
    RoomName, 1..=80, name
);
text_type!(
    /// What a room is about.
    Topic, 0..=200, topic
);

text_type!(
    /// One emoji, as people see it: it may be made of several characters, as flags and families are. Any text is let through,
    /// so that reactions from before there was a rule can be taken away; an emoji takes its fully qualified form.
    Emoji, 1..=16, |value| Ok(qualified(&value).map_or(value, str::to_owned))
);

fn not_blank(value: String) -> Result<String, String> {
    if is_blank(&value) {
        Err("must show something, not only white space or invisible characters".into())
    } else {
        Ok(value)
    }
}

/// Trims and composes (NFC); refuses what could break out of a line or turn the text around it.
fn one_line(value: String) -> Result<String, String> {
    let value: String = value.trim().nfc().collect();
    match value.chars().find(|&c| c.is_control() || is_bidi_control(c) || matches!(c, '\u{2028}' | '\u{2029}')) {
        Some(c) => Err(format!("must not contain the control character U+{:04X}", u32::from(c))),
        None => Ok(value),
    }
}

/// On one line; nothing where it shows nothing.
fn topic(value: String) -> Result<String, String> {
    one_line(value).map(|value| if is_blank(&value) { String::new() } else { value })
}

/// On one line, and all of it to be seen.
fn name(value: String) -> Result<String, String> {
    let value = one_line(value)?;
    match invisible(&value) {
        Some(c) => Err(format!("must not contain the invisible character U+{:04X}", u32::from(c))),
        None => Ok(value),
    }
}

fn person_name(value: String) -> Result<String, String> {
    let value = name(value)?;
    match imitated(&value) {
        Some(reserved) => Err(format!("must not look like {reserved}")),
        None => Ok(value),
    }
}

/// Embeddings, overrides and isolates of the Unicode Bidirectional Algorithm (UAX #9, section 2). The two plain
/// marks U+200E and U+200F stay allowed: right-to-left names need them and they turn nothing around.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
