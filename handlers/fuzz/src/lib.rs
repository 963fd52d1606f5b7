//! What anybody can send, thrown at whatever reads it. Each module has one function, `read`, that takes any bytes. It may
//! neither panic nor believe what it must not: what is accepted is held against a second way of knowing it.
//!
//! - [`frames`]: frames and HTTP bodies;
//! - [`events`]: what API Gateway hands to the functions;
//! - [`cursors`]: positions in the lobby that clients carry;
//! - [`tokens`]: tokens of guests and of an identity provider;
//! - [`keys`]: what an identity provider publishes, and the secret with the keys of guests;
//! - [`rows`]: what DynamoDB answers, to whatever people do.
//!
//! `fuzz_targets` gives them to libFuzzer; `tests/corpus.rs` throws the corpus at them, and changes of it.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "stopping is how a finding shows"
)]

pub mod cursors;
pub mod events;
pub mod frames;
pub mod keys;
pub mod rows;
pub mod signers;
pub mod tokens;
