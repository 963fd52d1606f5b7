//! Parlor's domain: rooms, their logs, who is in them, and how to reach them. Nothing here knows of Lambda;
//! `parlor-lambda` turns events into calls of these functions.
//!
//! What people do, by capability:
//!
//! - [`log`]: sending and changing messages, reading history, clearing. [`log::record`] is the heart.
//! - [`rooms`]: creating, listing and changing rooms; joining, staying in and leaving them.
//! - [`conversations`]: rooms that only their members read and write.
//! - [`bots`]: programs that answer in rooms and direct conversations.
//! - [`moderation`]: roles, bans, mutes, slow mode and locks, and what they keep from whom.
//! - [`review`]: what becomes of a text before it gets a number.
//! - [`people`]: who a person is, the tokens that prove it, and handles.
//!
//! What these rely on:
//!
//! - [`store`]: the DynamoDB tables, one type for each.
//! - [`delivery`]: posting frames to connections, and removing those that are gone.
//! - [`limiter`]: the rates that everyone is held to.
//! - [`edge`]: whether a request came through the stage's CloudFront, and from which address.
//! - [`aws`]: AWS clients with timeouts for chat.
//!
//! An action takes only the parts that its route may use; [`Chat`] holds them all and hands them out. It also takes the
//! time, so that tests can choose it.

pub mod aws;
pub mod bots;
mod cached;
mod chat;
pub mod conversations;
pub mod delivery;
pub mod edge;
pub mod error;
pub mod limiter;
pub mod log;
pub mod moderation;
pub mod people;
pub mod review;
pub mod rooms;
mod secret;
pub mod signed;
pub mod store;

pub use chat::Chat;
pub use error::{ChatError, Result};

use std::time::{Duration, SystemTime};

use parlor_protocol::Millis;

use people::identity::IdentityKind;

/// The connection that sent a frame, and the person behind it, as the authorizer identified them.
#[derive(Clone, Debug)]
pub struct Caller {
    pub connection_id: String,
    pub user_id: String,
    /// The person's name, unless a join gives another.
    pub name: String,
    /// `None` if the connection was accepted by an authorizer of another version, which names no kind or one unknown
    /// here. Such connections stay open for up to two hours after an update.
    pub kind: Option<IdentityKind>,
    /// A keyed hash of the address of a guest without a token, for bans. Others have none.
    pub address: Option<String>,
}

/// Concurrent reads where a function has many: more would open more connections than a small function can handle
/// quickly.
const READS_AT_ONCE: usize = 8;

/// Returns the current time.
pub fn now() -> Millis {
    millis(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}

/// Converts a duration to whole milliseconds.
pub fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}
