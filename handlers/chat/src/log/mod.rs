//! A room's log: recording events in it, reading it, and ending it.
//!
//! - [`record`]: draws a number and stores an event there, exactly once. [`send`], [`change`], [`clear`] and the
//!   notices of [`rooms`](crate::rooms) all go through it.
//! - [`history`]: pages of a log, without gaps.

pub mod change;
pub mod clear;
pub mod history;
pub mod record;
pub mod send;
