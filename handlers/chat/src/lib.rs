//! What the system knows: rooms, their logs, who is in them, and how to reach them. Nothing here knows of Lambda;
//! `parlor-lambda` turns events into calls of these functions.
//!
//! - [`store`]: the tables. [`store::Rooms`], [`store::Connections`], [`store::Log`] and [`store::Limits`] each know one of
//!   them, so that a role can be confined to the ones that its route needs.
//! - [`fanout`]: posting a frame to everyone in a room, and what a dead connection leads to.
//! - [`record`]: putting something into a room's log, once.
//! - [`send`], [`change`], [`join`], [`leave`], [`history`], [`typing`], [`ping`], [`lobby`], [`update`],
//!   [`clear`], [`close`]: what people do.
//! - [`limiter`]: how much of it in a time.
//! - [`identity`]: who somebody is, and the tokens that prove it.
//! - [`edge`]: whether a request came through the stage's CloudFront, and from whose address.
//! - [`aws`]: clients tuned for chat: a second attempt soon rather than a third one late.
//!
//! Everything takes the time as an argument, so that a test can be at any time it likes.

pub mod aws;
mod cached;
pub mod delivery;
pub mod edge;
pub mod error;
pub mod limiter;
pub mod log;
pub mod people;
pub mod rooms;
mod secret;
pub mod store;

pub use error::{ChatError, Result};

use std::time::{Duration, SystemTime};

use parlor_protocol::Millis;

/// What the functions of this crate work with.
pub struct Chat {
    pub rooms: store::Rooms,
    pub connections: store::Connections,
    pub log: store::Log,
    pub poster: delivery::fanout::Poster,
    pub limiter: limiter::Limiter,
}

/// Where a frame came from: the connection, and who the authorizer found at its other end.
#[derive(Clone, Debug)]
pub struct Caller {
    pub connection_id: String,
    pub user_id: String,
    /// What they are called where a join does not say.
    pub name: String,
}

/// The time now.
pub fn now() -> Millis {
    millis(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}

/// Reads under way at once, where there are many: more would open more connections than a small function is quick at.
const READS_AT_ONCE: usize = 8;

/// A duration in whole milliseconds.
pub fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}
