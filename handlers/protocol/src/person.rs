//! People, and how two lists of them are compared.

use serde::{Deserialize, Serialize};

/// A person, as everyone in a room sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "generate", derive(schemars::JsonSchema, ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct Person {
    pub user_id: String,
    pub name: String,
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
