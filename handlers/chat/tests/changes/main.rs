//! Changes of messages: who may make them, that they are idempotent, and that log pages show messages in their current state.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod mentions;
mod permissions;
mod reactions;
mod state;

use parlor_chat::{Caller, ChatError};
use parlor_protocol::http::Visibility;
use serde_json::{Value, json};
use support::{NOON, SECOND, TestEnv, frame};

async fn edit(env: &TestEnv, by: &Caller, seq: u64, id: &str, text: &str) -> Result<(), ChatError> {
    let edit = json!({ "action": "edit", "room": "r", "seq": seq, "id": id, "text": text });
    env.chat.edit(by, frame(&edit.to_string()), NOON + SECOND).await.map(|_| ())
}

async fn delete(env: &TestEnv, by: &Caller, seq: u64, id: &str) -> Result<(), ChatError> {
    let delete = json!({ "action": "delete", "room": "r", "seq": seq, "id": id });
    env.chat.delete(by, frame(&delete.to_string()), NOON + SECOND).await.map(|_| ())
}

async fn react(env: &TestEnv, by: &Caller, seq: u64, id: &str, emoji: &str, on: bool) -> Result<(), ChatError> {
    let react = json!({ "action": "react", "room": "r", "seq": seq, "id": id, "emoji": emoji, "on": on });
    env.chat.react(by, frame(&react.to_string()), NOON + SECOND).await.map(|_| ())
}

/// Returns the answer to `history` with these bounds; without any, the newest page.
async fn history(env: &TestEnv, by: &Caller, bounds: Value) -> Value {
    let mut ask = json!({ "action": "history", "room": "r" });
    ask.as_object_mut().unwrap().extend(bounds.as_object().unwrap().clone());
    env.gateway.take(&by.connection_id);
    env.chat.history(by, frame(&ask.to_string()), NOON + SECOND).await.unwrap();
    env.gateway.take(&by.connection_id).remove(0)
}

/// Ada, who owns the room, and Bob have joined. Bob's message `b1` is at 1, Ada's `a1` at 2.
async fn room_with_two_messages(env: &TestEnv) -> (Caller, Caller) {
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let bob = env.joined("bob-1", "r", NOON).await;
    env.send(&bob, "r", "b1", NOON).await.unwrap();
    env.send(&ada, "r", "a1", NOON).await.unwrap();
    env.gateway.take("ada-1");
    env.gateway.take("bob-1");
    (ada, bob)
}
