//! Rooms and who is in them.
//!
//! - [`lobby`], [`update`], [`close`]: creating, listing and describing rooms, and what their owners do.
//! - [`join`], [`ping`], [`leave`]: a connection's presence in a room, which is a lease.
//! - [`typing`]: typing indicators.
//! - [`occupants`]: the people behind the connections in a room.

pub mod close;
pub mod join;
pub mod leave;
pub mod lobby;
pub mod occupants;
pub mod ping;
pub mod typing;
pub mod update;
