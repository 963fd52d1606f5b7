//! The edge of the system: what API Gateway sends is read here, and answered as it expects.
//!
//! - [`frames`], [`requests`]: from events of the WebSocket and HTTP APIs to calls of `parlor-chat`, and back;
//! - [`origins`]: whose pages may connect;
//! - [`routes`]: the table of handlers.

// Calls of the SDK are futures deep inside each other.
#![recursion_limit = "256"]

mod app;
pub mod frames;
pub mod origins;
pub mod requests;
pub mod routes;
mod telemetry;
