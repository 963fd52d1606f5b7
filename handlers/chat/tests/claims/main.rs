//! Rooms with a limit on people or unique names. Even if people compete and calls fail, the limit is never exceeded,
//! nobody is refused for long while there is room, and no two names look alike.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod capacity;
mod faults;
mod losing;
mod names;
mod races;
mod seats;

use std::collections::BTreeSet;

use parlor_chat::store::Claim;
use parlor_chat::{Caller, Chat};
use parlor_protocol::Millis;
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::LEASE;
use serde_json::{Value, json};
use support::{TestEnv, frame, person, site};

const LEASE_MS: Millis = LEASE.as_millis() as Millis;

/// Creates a room of `owner`'s with these rules, and returns its id.
async fn create(env: &TestEnv, rules: Value) -> String {
    env.create("owner", rules).await.room_id
}

async fn update(env: &TestEnv, room: &str, rules: Value, now: Millis) {
    let body = parse_body(&rules.to_string()).unwrap();
    env.chat.update_room(&site(), &person("owner"), room, &body, now).await.unwrap();
}

async fn join_by(chat: &Chat, caller: &Caller, room: &str, name: Option<&str>, now: Millis) -> Result<(), ErrorCode> {
    let mut join = json!({ "action": "join", "room": room });
    if let Some(name) = name {
        join["name"] = name.into();
    }
    chat.join(caller, frame(&join.to_string()), now).await.map(drop).map_err(|error| error.code())
}

/// Opens a connection that joins. The person is the part of its id before `-`.
async fn enter(env: &TestEnv, connection_id: &str, room: &str, now: Millis) -> Result<Caller, ErrorCode> {
    let caller = env.connect(connection_id, now).await;
    join_by(&env.chat, &caller, room, None, now).await.map(|()| caller)
}

/// The same, under this name.
async fn enter_as(env: &TestEnv, id: &str, name: &str, room: &str, now: Millis) -> Result<Caller, ErrorCode> {
    let caller = env.connect(id, now).await;
    join_by(&env.chat, &caller, room, Some(name), now).await.map(|()| caller)
}

async fn refused(env: &TestEnv, connection_id: &str, room: &str, now: Millis) -> ErrorCode {
    enter(env, connection_id, room, now).await.map(drop).unwrap_err()
}

async fn leave(env: &TestEnv, caller: &Caller, room: &str, now: Millis) {
    let leave = json!({ "action": "leave", "room": room });
    env.chat.leave(caller, frame(&leave.to_string()), now).await.unwrap();
}

/// Pings, and returns whether the connection is still in the room.
async fn ping(env: &TestEnv, caller: &Caller, room: &str, now: Millis) -> bool {
    env.gateway.take(&caller.connection_id);
    env.chat.ping(caller, frame(r#"{"action":"ping"}"#), now).await.unwrap();
    let pong = env.gateway.take(&caller.connection_id).into_iter().find(|frame| frame["type"] == "pong").unwrap();
    pong["rooms"].get(room).is_some()
}

/// Returns the people in a room.
async fn people(env: &TestEnv, room: &str, now: Millis) -> BTreeSet<String> {
    let occupants = env.chat.connections.in_room(room).await.unwrap();
    occupants.into_iter().filter(|occupant| occupant.is_live(now)).map(|occupant| occupant.user_id).collect()
}

/// Returns the seats that are held.
async fn seats(env: &TestEnv, room: &str, now: Millis) -> Vec<Claim> {
    let seats = env.chat.members.seats(room).await.unwrap();
    seats.into_iter().filter(|seat| seat.is_held(now)).collect()
}
