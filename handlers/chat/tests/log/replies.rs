//! Replies name a number that is in the log, and mentions of the whole room are the owner's.

use parlor_chat::{Caller, ChatError};
use parlor_protocol::client::{Send, parse, parse_body};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::MENTIONS;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::support::{NOON, TestEnv, frame, person, site, test_env};

/// Sends a message with these fields more.
async fn send(env: &TestEnv, by: &Caller, id: &str, more: Value) -> Result<(), ChatError> {
    let mut send = json!({ "action": "send", "room": "r", "id": id, "text": format!("said {id}") });
    send.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    env.chat.send(by, frame(&send.to_string()), NOON).await.map(drop)
}

/// Ada, who owns the room, and Bob have joined. Ada's message `m1` is at 1.
async fn room_with_a_message(env: &TestEnv) -> (Caller, Caller) {
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let bob = env.joined("bob-1", "r", NOON).await;
    send(env, &ada, "m1", json!({})).await.unwrap();
    env.gateway.take("ada-1");
    env.gateway.take("bob-1");
    (ada, bob)
}

#[tokio::test]
async fn a_reply_and_its_mentions_are_posted_and_stored_with_the_message() {
    let env = test_env().await;
    let (ada, _) = room_with_a_message(&env).await;
    let fields = json!({ "replyTo": 1, "mentions": ["bob", "nobody"], "mentionsRoom": true });
    send(&env, &ada, "m2", fields).await.unwrap();
    let posted = env.gateway.take("bob-1").remove(0);
    assert_eq!(
        posted,
        json!({
            "type": "message", "room": "r", "epoch": "e1", "seq": 2, "id": "m2",
            "from": { "userId": "ada", "name": "ada" }, "text": "said m2", "at": NOON,
            "replyTo": 1, "mentions": ["bob", "nobody"], "mentionsRoom": true,
        })
    );
    assert_eq!(serde_json::to_value(&env.log_rows("r").await[1]).unwrap(), posted);
}

#[tokio::test]
async fn a_reply_to_a_number_that_is_not_in_the_log_is_refused_and_its_number_is_void() {
    let env = test_env().await;
    let (_, bob) = room_with_a_message(&env).await;
    for (n, number) in [0, 3, 5, u64::MAX].into_iter().enumerate() {
        let refused = send(&env, &bob, &format!("no-{n}"), json!({ "replyTo": number })).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::MessageNotFound, "{number}");
        let voids = json!({ "type": "voids", "room": "r", "epoch": "e1", "seqs": [n + 2] });
        assert_eq!(env.gateway.take("bob-1"), [voids], "{number}");
    }
    // Nobody checks what is there: this is a void.
    send(&env, &bob, "m2", json!({ "replyTo": 5 })).await.unwrap();
}

#[tokio::test]
async fn a_reply_that_names_an_epoch_is_only_for_that_epoch() {
    let env = test_env().await;
    let (_, bob) = room_with_a_message(&env).await;
    let reply = json!({ "replyTo": 1, "epoch": "e1" });
    send(&env, &bob, "m2", reply.clone()).await.unwrap();
    env.chat.clear_room(&person("ada"), "r", None, Instant::now(), NOON).await.unwrap();
    // The notice that the room was cleared is at 1.
    for id in ["m2", "m3"] {
        let refused = send(&env, &bob, id, reply.clone()).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::MessageNotFound, "{id}");
    }
    send(&env, &bob, "m4", json!({ "replyTo": 1 })).await.unwrap();
}

#[tokio::test]
async fn a_retry_must_answer_the_same_number_even_if_the_text_has_changed_since() {
    let env = test_env().await;
    let (ada, bob) = room_with_a_message(&env).await;
    send(&env, &bob, "m2", json!({ "replyTo": 1 })).await.unwrap();
    let edit = json!({ "action": "edit", "room": "r", "seq": 2, "id": "e", "text": "better" });
    env.chat.edit(&bob, frame(&edit.to_string()), NOON).await.unwrap();
    env.gateway.take("bob-1");
    send(&env, &bob, "m2", json!({ "replyTo": 1 })).await.unwrap();
    let posted = env.gateway.take("bob-1").remove(0);
    assert_eq!((&posted["seq"], &posted["replyTo"], &posted["text"]), (&json!(2), &json!(1), &json!("better")));
    for other in [json!({}), json!({ "replyTo": 2 })] {
        assert_eq!(send(&env, &bob, "m2", other).await.unwrap_err().code(), ErrorCode::IdReused);
    }
    assert_eq!(send(&env, &ada, "m1", json!({ "replyTo": 1 })).await.unwrap_err().code(), ErrorCode::IdReused);
}

#[tokio::test]
async fn only_the_owner_mentions_the_room_and_whoever_is_refused_draws_no_number() {
    let env = test_env().await;
    let (_, bob) = room_with_a_message(&env).await;
    let eve = env.connect("eve-1", NOON).await;
    let everyone = json!({ "mentionsRoom": true });
    let refused = async |by, more| send(&env, by, "no", more).await.unwrap_err().code();
    assert_eq!(refused(&bob, everyone.clone()).await, ErrorCode::Forbidden);
    assert_eq!(refused(&eve, everyone).await, ErrorCode::NotJoined);
    assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap().seq, 1);
    send(&env, &bob, "m2", json!({ "mentionsRoom": false })).await.unwrap();
}

#[tokio::test]
async fn a_room_without_an_owner_is_mentioned_by_nobody() {
    let env = test_env().await;
    let body = parse_body(r#"{"name":"Tea"}"#).unwrap();
    let room = env.chat.create_room(&site(), body, None, NOON).await.unwrap().room_id;
    let ada = env.joined("ada-1", &room, NOON).await;
    let refused = send(&env, &ada, "m1", json!({ "room": room, "mentionsRoom": true })).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Forbidden);
}

#[test]
fn mentions_are_few_distinct_and_short() {
    let send = |mentions: Value| {
        let send = json!({ "action": "send", "room": "r", "id": "1", "text": "hi", "mentions": mentions });
        let parsed = parse::<Send>(&send.to_string());
        parsed.map(drop).map_err(|error| (error.code, error.message.starts_with("mentions")))
    };
    let people = |count: usize| json!((0..count).map(|n| format!("user{n}")).collect::<Vec<_>>());
    assert_eq!(send(people(MENTIONS)), Ok(()));
    assert_eq!(send(json!(["x".repeat(64)])), Ok(()));
    for wrong in [people(MENTIONS + 1), json!(["ada", "ada"]), json!([""]), json!(["x".repeat(65)]), json!("ada")] {
        assert_eq!(send(wrong.clone()), Err((ErrorCode::InvalidField, true)), "{wrong}");
    }
}
