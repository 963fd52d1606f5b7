//! The wire: every frame, body and limit of Parlor, defined once.
//!
//! - [`client`]: frames that a client sends, and [`client::parse`], the only way from bytes to one of them;
//! - [`server`]: frames that Parlor sends;
//! - [`log`]: what happens in a room, live and on pages;
//! - [`http`]: bodies of the HTTP API;
//! - [`person`]: somebody, as the others see them;
//! - [`emoji`], [`blank`]: which emoji there are, and which characters show nothing;
//! - [`text`]: strings that have limits, valid by construction;
//! - [`error`]: the closed list of failures;
//! - [`limits`]: every number a client can run into.
//!
//! `docs/protocol.md` describes them to people. JSON Schema, OpenAPI, AsyncAPI and the TypeScript types are
//! generated from here by `npm run generate`.

pub mod blank;
pub mod client;
pub mod emoji;
pub mod error;
pub mod http;
mod joiners;
pub mod limits;
pub mod log;
mod names;
pub mod person;
pub mod server;
pub mod text;

/// Milliseconds since 1970-01-01 UTC.
pub type Millis = u64;

/// The number of an event in a room's log: 1, 2, 3, …
pub type Seq = u64;
