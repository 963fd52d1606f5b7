//! Rooms and who is in them: creating, listing and changing rooms, and joining, staying in and leaving them.

pub mod close;
pub mod join;
pub mod leave;
pub mod lobby;
pub mod occupants;
pub mod ping;
pub mod typing;
pub mod update;
