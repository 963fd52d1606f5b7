//! Presence: who is in a room, with one entry per person whatever the number of their connections.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test may panic"
)]

#[path = "../support/mod.rs"]
mod support;

mod departing;
mod joining;
mod leases;
mod pongs;
mod readers;
mod rooms_per_connection;

use parlor_chat::Caller;
use parlor_protocol::Millis;
use parlor_protocol::person::digest;
use serde_json::{Value, json};
use support::{TestEnv, frame, person};

async fn here(env: &TestEnv, now: Millis) -> Vec<String> {
    let occupants = env.chat.connections.in_room("r").await.unwrap();
    occupants.into_iter().filter(|occupant| occupant.is_live(now)).map(|occupant| occupant.connection_id).collect()
}

async fn pinged(env: &TestEnv, caller: &Caller, now: Millis) -> Value {
    env.gateway.take(&caller.connection_id);
    env.chat.ping(caller, frame(r#"{"action":"ping"}"#), now).await.unwrap();
    env.gateway.take(&caller.connection_id).remove(0)["rooms"].clone()
}

fn presence(event: &str, user: &str, count: usize) -> Value {
    json!({ "type": "presence", "room": "r", "event": event, "people": [{ "userId": user, "name": user }], "count": count })
}

/// Returns what a pong reports for the room `r` with these people in it.
fn state(seq: u64, people: &[&str]) -> Value {
    let people: Vec<_> = people.iter().map(|user_id| person(user_id)).collect();
    json!({ "epoch": "e1", "seq": seq, "count": people.len(), "people": digest(&people) })
}
