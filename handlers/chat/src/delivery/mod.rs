//! Posting frames to connections.
//!
//! A [`Poster`] posts a frame to one connection. A [`Fanout`] posts it to an audience, removes the connections that
//! turn out to be gone, and tells the others who has left.

mod fanout;
mod listeners;
mod poster;

pub use fanout::{CONCURRENCY, Delivery, Fanout};
pub use listeners::{Listener, online};
pub(crate) use poster::json_length;
pub use poster::{PostCounts, PostResult, Poster};
