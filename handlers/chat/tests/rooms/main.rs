//! Rooms: the lobby lists open public rooms only, only the owner may update, clear or close a room, and a log that is over is
//! deleted.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod clearing;
mod commons;
mod deleting;
mod lobby;
mod owner;

use std::time::Duration;

use tokio::time::Instant;

/// A deadline that no test reaches.
fn far_deadline() -> Instant {
    Instant::now() + Duration::from_secs(3600)
}
