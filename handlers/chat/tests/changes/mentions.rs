//! Whom a message mentions, after it was changed.

use parlor_chat::{Caller, ChatError};
use parlor_protocol::error::ErrorCode;
use serde_json::{Value, json};

use crate::support::{NOON, TestEnv, frame, test_env};
use crate::{delete, history, react, room_with_two_messages};

/// Edits the message at this number, with these fields.
async fn edit(env: &TestEnv, by: &Caller, seq: u64, id: &str, fields: Value) -> Result<(), ChatError> {
    let mut edit = json!({ "action": "edit", "room": "r", "seq": seq, "id": id, "text": "hi" });
    edit.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    env.chat.edit(by, frame(&edit.to_string()), NOON).await.map(drop)
}

async fn mentioned(env: &TestEnv, by: &Caller, seq: usize) -> Value {
    let message = history(env, by, json!({ "after": 0 })).await["events"][seq - 1].clone();
    json!([message["mentions"], message["mentionsRoom"], message["version"]])
}

#[tokio::test]
async fn an_edit_replaces_the_mentions_and_one_without_any_removes_them() {
    let env = test_env().await;
    let (_, bob) = room_with_two_messages(&env).await;
    edit(&env, &bob, 1, "e1", json!({ "mentions": ["ada"] })).await.unwrap();
    assert_eq!(mentioned(&env, &bob, 1).await, json!([["ada"], null, 3]));
    edit(&env, &bob, 1, "e2", json!({ "mentions": ["ada"] })).await.unwrap();
    assert_eq!(mentioned(&env, &bob, 1).await, json!([["ada"], null, 3]), "nothing changed");
    edit(&env, &bob, 1, "e3", json!({ "mentions": ["eve", "ada"] })).await.unwrap();
    react(&env, &bob, 1, "r", "👍", true).await.unwrap();
    assert_eq!(mentioned(&env, &bob, 1).await, json!([["eve", "ada"], null, 5]));
    edit(&env, &bob, 1, "e4", json!({})).await.unwrap();
    assert_eq!(mentioned(&env, &bob, 1).await, json!([null, null, 6]));
}

#[tokio::test]
async fn only_the_owner_mentions_the_room_in_an_edit() {
    let env = test_env().await;
    let (ada, bob) = room_with_two_messages(&env).await;
    let refused = edit(&env, &bob, 1, "e1", json!({ "mentionsRoom": true })).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Forbidden);
    edit(&env, &ada, 2, "e2", json!({ "mentionsRoom": true })).await.unwrap();
    assert_eq!(mentioned(&env, &bob, 2).await, json!([null, true, 3]));
}

#[tokio::test]
async fn a_deleted_message_mentions_nobody_but_still_answers_its_number() {
    let env = test_env().await;
    let (ada, bob) = room_with_two_messages(&env).await;
    let reply = json!({
        "action": "send", "room": "r", "id": "m3", "text": "hi", "replyTo": 1, "mentions": ["bob"], "mentionsRoom": true,
    });
    env.chat.send(&ada, frame(&reply.to_string()), NOON).await.unwrap();
    delete(&env, &ada, 3, "d").await.unwrap();
    assert_eq!(mentioned(&env, &bob, 3).await, json!([null, null, 4]));
    assert_eq!(history(&env, &bob, json!({ "after": 0 })).await["events"][2]["replyTo"], 1);
}
