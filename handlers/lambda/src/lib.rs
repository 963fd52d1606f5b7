//! The Lambda side of Parlor: reads what API Gateway sends, calls `parlor-chat`, and answers in the form that API Gateway
//! expects.
//!
//! - [`frames`], [`requests`]: from events of the WebSocket and HTTP APIs to calls, and from results to answers.
//! - `events`: events that nobody waits for.
//! - [`origins`]: which sites' pages may connect.
//! - [`routes`]: the table of handlers.

// The SDK's calls are deeply nested futures.
#![recursion_limit = "256"]

mod app;
mod events;
pub mod frames;
pub mod origins;
pub mod requests;
pub mod routes;
mod telemetry;
