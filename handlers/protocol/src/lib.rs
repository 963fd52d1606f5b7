//! The wire protocol, defined once: every frame, HTTP body, error code and limit.
//!
//! - [`client`]: frames that clients send. [`client::parse`] is the only way from bytes to a frame.
//! - [`server`]: frames that Parlor sends.
//! - [`log`]: events, as they are posted and as they appear on log pages.
//! - [`http`]: bodies of the HTTP API.
//! - [`conversations`]: rooms that only their members read and write.
//! - [`moderation`]: what moderators do, and [`reports`]: what people tell them about messages.
//! - [`held`]: messages that wait for a moderator.
//! - [`mentions`]: whom a message mentions.
//! - [`rules`]: what the owner of a room decides about its end and about who may join.
//! - [`names`]: names that look alike, or that no person may have.
//! - [`person`]: people, and the digest that compares two lists of them.
//! - [`text`]: strings with limits, validated when they are parsed.
//! - [`emoji`], [`blank`]: which emoji exist, and which characters are blank.
//! - [`error`]: the closed list of error codes.
//! - [`limits`]: every number that a client can run into.
//!
//! `docs/protocol.md` explains the protocol. `npm run generate` derives JSON Schema, OpenAPI, AsyncAPI and the TypeScript
//! types from this crate, doc comments included.

pub mod blank;
pub mod client;
pub mod conversations;
pub mod emoji;
pub mod error;
pub mod held;
pub mod http;
mod joiners;
pub mod limits;
pub mod log;
pub mod mentions;
pub mod moderation;
pub mod names;
pub mod person;
pub mod reports;
pub mod rules;
pub mod server;
pub mod text;

/// Milliseconds since 1970-01-01 UTC.
pub type Millis = u64;

/// The number of an event within its epoch: 1, 2, 3, …
pub type Seq = u64;
