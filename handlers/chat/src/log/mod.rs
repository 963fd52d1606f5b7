//! A room's log: recording events in it, reading it, and ending it.

pub mod change;
pub mod clear;
pub mod history;
pub mod record;
pub mod send;
