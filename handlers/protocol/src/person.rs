//! People, and how two lists of them are compared.

use serde::{Deserialize, Serialize};

/// The ids of bots begin with this, and those of other people do not: they consist of letters and digits.
pub const BOT_PREFIX: &str = "bot:";
/// The ids of bots that are webhooks begin with this. No bot of a stage has a `.` in its name.
pub const HOOK_PREFIX: &str = "bot:hook.";

/// Whether this is the id of a bot.
pub fn is_bot(user_id: &str) -> bool {
    user_id.starts_with(BOT_PREFIX)
}

/// A person, as everyone in a room sees them. In JSON, the id decides whether it is marked as a bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "MarkedPerson", into = "MarkedPerson")]
pub struct Person {
    pub user_id: String,
    pub name: String,
}

/// A person, as everyone in a room sees them.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields, rename = "Person"))]
#[cfg_attr(feature = "generate", schemars(rename = "Person"))]
#[serde(rename_all = "camelCase")]
pub struct MarkedPerson {
    user_id: String,
    name: String,
    /// Whether it is a bot: a program, not a person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "generate", ts(as = "Option<bool>", optional))]
    bot: bool,
}

impl From<Person> for MarkedPerson {
    fn from(Person { user_id, name }: Person) -> Self {
        Self { bot: is_bot(&user_id), user_id, name }
    }
}

impl From<MarkedPerson> for Person {
    fn from(MarkedPerson { user_id, name, .. }: MarkedPerson) -> Self {
        Self { user_id, name }
    }
}

// ts-rs cannot flatten a type that it only knows `as` another.
#[cfg(feature = "generate")]
impl ts_rs::TS for Person {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn docs() -> Option<String> {
        MarkedPerson::docs()
    }

    fn decl(config: &ts_rs::Config) -> String {
        MarkedPerson::decl(config)
    }

    fn name(config: &ts_rs::Config) -> String {
        MarkedPerson::name(config)
    }

    fn inline(config: &ts_rs::Config) -> String {
        MarkedPerson::inline(config)
    }

    fn inline_flattened(config: &ts_rs::Config) -> String {
        MarkedPerson::inline_flattened(config)
    }
}

#[cfg(feature = "generate")]
impl schemars::JsonSchema for Person {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        MarkedPerson::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        MarkedPerson::json_schema(generator)
    }
}

/// A person who has a handle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    pub user_id: String,
    /// The person's name when they last claimed the handle.
    pub name: String,
    /// Without `@`, as they wrote it.
    pub handle: String,
}

/// Returns a digest by which two lists of people can be compared without sending them.
///
/// It is the sum, modulo 2^32, of the 32-bit FNV-1a hashes of each person's id, a newline and their name in UTF-8, as eight
/// hexadecimal digits. Order does not matter.
pub fn digest<'a>(people: impl IntoIterator<Item = &'a Person>) -> String {
    let sum = people.into_iter().fold(0u32, |sum, Person { user_id, name }| {
        let bytes = user_id.bytes().chain([b'\n']).chain(name.bytes());
        sum.wrapping_add(bytes.fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)))
    });
    format!("{sum:08x}")
}
