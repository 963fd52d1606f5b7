//! Strings with limits. A value of one of these types is valid: parsing checks it.
//!
//! Lengths count characters (Unicode scalar values), as in JSON Schema.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::blank::is_blank;
use crate::emoji::fully_qualified;
use crate::names::{imitated_name, invisible_char, is_identifier};

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
    /// A room's id. Any string of this length is valid; whether the room exists is another question.
    RoomId, 1..=64, Ok
);
text_type!(
    /// A person: `@` and their handle, or their user id.
    PersonRef, 1..=65, Ok
);
text_type!(
    /// An id that the client chooses for a frame. With the person, the room and its epoch, it identifies a request that stores
    /// an event, so that a retry is not stored twice.
    FrameId, 1..=64, Ok
);
text_type!(
    /// A person's id. Any string of this length is valid; whether there is such a person is another question.
    UserId, 1..=64, Ok
);
text_type!(
    /// The text of a message, stored exactly as received. At least one character is visible.
    Text, 1..=4000, not_blank
);
text_type!(
    /// A person's name: trimmed, NFC, on one line, without invisible characters, and unlike a reserved name.
    PersonName, 1..=32, person_name
);
text_type!(
    /// A person's handle, without the `@` that may precede it: letters and digits of any script and `_`, with `.` and `-`
    /// between them. NFC, without invisible characters, and unlike a reserved name.
    Handle, 2..=32, handle
);
text_type!(
    /// A room's name: trimmed, NFC, on one line, without invisible characters.
    RoomName, 1..=80, name
);
text_type!(
    /// A room's topic: trimmed, NFC, on one line. A blank one is empty.
    Topic, 0..=200, topic
);

text_type!(
    /// What a moderator says about an action: trimmed, NFC, on one line.
    Explanation, 1..=200, one_line
);

text_type!(
    /// The address of a program that is told a room's messages. Whether it is one that the stage posts to is another
    /// question.
    HookUrl, 1..=256, Ok
);

text_type!(
    /// A room's password, in NFC, so that every keyboard spells it alike.
    Password, 8..=128, |value| Ok(value.nfc().collect())
);
text_type!(
    /// A proof that its holder knew a room's password.
    Pass, 1..=256, Ok
);

text_type!(
    /// One emoji, which may consist of several characters, like flags and families. Converted to its fully qualified form.
    /// Other text passes unchanged here, so that reactions from before this rule existed can be removed.
    Emoji, 1..=16, |value| Ok(fully_qualified(&value).map_or(value, str::to_owned))
);

fn not_blank(value: String) -> Result<String, String> {
    if is_blank(&value) { Err("must contain a visible character".into()) } else { Ok(value) }
}

/// Trims and composes (NFC). Refuses characters that break the line or change the direction of the text around it.
fn one_line(value: String) -> Result<String, String> {
    let value: String = value.trim().nfc().collect();
    match value.chars().find(|&c| c.is_control() || is_bidi_control(c) || matches!(c, '\u{2028}' | '\u{2029}')) {
        Some(c) => Err(format!("must not contain the control character U+{:04X}", u32::from(c))),
        None => Ok(value),
    }
}

/// One line; empty if it is blank.
fn topic(value: String) -> Result<String, String> {
    one_line(value).map(|value| if is_blank(&value) { String::new() } else { value })
}

/// One line without invisible characters.
fn name(value: String) -> Result<String, String> {
    let value = one_line(value)?;
    match invisible_char(&value) {
        Some(c) => Err(format!("must not contain the invisible character U+{:04X}", u32::from(c))),
        None => Ok(value),
    }
}

fn person_name(value: String) -> Result<String, String> {
    let value = name(value)?;
    match imitated_name(&value) {
        Some(reserved) => Err(format!("must not look like {reserved}")),
        None => Ok(value),
    }
}

fn handle(value: String) -> Result<String, String> {
    let value = person_name(value)?;
    let value = value.strip_prefix('@').unwrap_or(&value);
    if is_identifier(value) || value.is_empty() {
        Ok(value.to_owned())
    } else {
        Err("must consist of letters, digits and _, begin with a letter or digit, and have . and - only between them"
            .into())
    }
}

/// Embeddings, overrides and isolates of the Unicode Bidirectional Algorithm (UAX #9, section 2). The plain marks U+200E and
/// U+200F are allowed: right-to-left names need them, and they do not affect the text around them.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
