//! Conversations: who may read and write, who receives what, and what one's list shows.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test may panic"
)]

#[path = "../support/mod.rs"]
mod support;

mod access;
mod every_call_fails_once;
mod interleavings;
mod lists;
mod members;

use parlor_chat::{Caller, Chat, ChatError};
use parlor_protocol::Millis;
use parlor_protocol::client::parse_body;
use parlor_protocol::conversations::{Conversation, ConversationList};
use parlor_protocol::error::ErrorCode;
use serde_json::{Value, json};

use support::{NOON, TestEnv, frame, person, test_env};

/// Returns an environment in which these connections are open.
async fn connected<const N: usize>(ids: [&str; N]) -> (TestEnv, [Caller; N]) {
    let env = test_env().await;
    let mut callers = Vec::new();
    for id in ids {
        callers.push(env.connect(id, NOON).await);
    }
    (env, callers.try_into().unwrap_or_else(|_| unreachable!()))
}

async fn create(chat: &Chat, by: &str, body: Value) -> Result<Conversation, ChatError> {
    chat.create_conversation(&person(by), parse_body(&body.to_string()).unwrap(), NOON).await
}

async fn direct(env: &TestEnv, by: &str, with: &str) -> String {
    create(&env.chat, by, json!({ "with": with })).await.unwrap().room
}

async fn group(env: &TestEnv, by: &str, members: &[&str]) -> String {
    create(&env.chat, by, json!({ "title": "Tea", "members": members })).await.unwrap().room
}

async fn list(env: &TestEnv, who: &str) -> ConversationList {
    env.chat.list_conversations(who, None, None, false, NOON).await.unwrap()
}

async fn add(chat: &Chat, by: &str, room: &str, who: &[&str], now: Millis) -> Result<Conversation, ChatError> {
    let body = json!({ "members": who }).to_string();
    chat.add_members(&person(by), room, &parse_body(&body).unwrap(), now).await
}

fn code<T>(result: Result<T, ChatError>) -> Option<ErrorCode> {
    result.err().map(|error| error.code())
}
