//! The one binary of all routes. Each function has its route's name in `ROUTE`; least privilege comes from its role.

// Calls of the SDK are futures deep inside each other.
#![recursion_limit = "256"]

mod app;
mod frames;
mod origins;
mod requests;
mod routes;
mod telemetry;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    routes::run().await
}
