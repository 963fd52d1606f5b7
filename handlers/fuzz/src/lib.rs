//! Fuzz targets for everything that parses untrusted input.
//!
//! Each module has one function, `read`, that takes any bytes. It must neither panic nor accept invalid input: whatever the
//! parser accepts is checked a second way.
//!
//! - [`frames`]: frames and HTTP bodies.
//! - [`events`]: the events that API Gateway passes to the functions.
//! - [`cursors`]: lobby cursors.
//! - [`tokens`]: guest tokens and an identity provider's tokens.
//! - [`keys`]: an identity provider's key set, and the secret with the keys of guest tokens.
//! - [`rows`]: DynamoDB's responses to every operation.
//!
//! `fuzz_targets` runs them with libFuzzer. `tests/corpus.rs` runs them over the corpus and random mutations of it.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is a finding"
)]

pub mod cursors;
pub mod events;
pub mod frames;
pub mod keys;
pub mod rows;
pub mod signers;
pub mod tokens;
