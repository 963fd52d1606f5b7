//! Posting frames to the connections in a room.

pub mod fanout;
