//! Conversations: rooms that only their members read and write, and that reach them on every connection.
//!
//! - [`standing`]: what a caller is in a room of either kind.
//! - [`direct`], [`group`]: creating conversations, and who is a member of them.
//! - `change`: changing who is a member, with its event.
//! - [`read`], [`block`]: read markers, and people from whom one wants nothing.
//! - [`open`]: opening a conversation with `join`.
//! - [`describe`]: describing and listing conversations, and reading their logs over HTTP.

pub mod block;
mod change;
pub mod describe;
pub mod direct;
pub mod group;
pub mod open;
pub mod people;
pub mod read;
pub mod standing;
