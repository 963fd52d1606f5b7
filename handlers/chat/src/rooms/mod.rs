//! Rooms and who is in them.
//!
//! - [`lobby`], [`update`], [`close`]: creating, listing and describing rooms, and what their owners do.
//! - [`settings`], [`pass`]: what an owner decides about the room's end and about who may join.
//! - [`connect`]: accepting a connection.
//! - [`join`], [`ping`], [`leave`]: a connection's presence in a room, which is a lease; [`owner`]: that of the room's
//!   owner; [`claims`]: the seats and names that go with it.
//! - [`expel`], [`sweep`]: the end of a room.
//! - [`typing`]: typing indicators.
//! - [`occupants`]: the people behind the connections in a room.

mod claims;
pub mod close;
pub mod connect;
mod expel;
pub mod join;
pub mod leave;
pub mod lobby;
pub mod occupants;
mod owner;
pub mod pass;
pub mod ping;
pub mod settings;
pub mod sweep;
pub mod typing;
pub mod update;

use crate::bots::Bots;
use crate::delivery::Fanout;
use crate::store::{Members, Rooms};

/// The parts that joining, staying and leaving use.
#[derive(Clone, Copy)]
pub struct Attendance<'a> {
    pub rooms: &'a Rooms,
    pub members: &'a Members,
    pub fanout: Fanout<'a>,
    pub bots: &'a Bots,
}
