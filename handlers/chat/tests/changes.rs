//! Changes of messages: who may make them, that they are idempotent, and that log pages show messages in their current state.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod support;

use parlor_chat::log::change;
use parlor_chat::{Caller, ChatError};
use parlor_protocol::client::React;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::{EMOJI_PER_MESSAGE, REACTIONS_PER_MESSAGE};
use serde_json::{Value, json};
use support::faults::{Ended, Fault};
use support::{NOON, SECOND, TestEnv, frame, person, test_env};
use tokio::time::Instant;

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

#[tokio::test]
async fn an_edit_is_posted_to_everyone_with_the_edited_message() {
    let env = test_env().await;
    let (_, bob) = room_with_two_messages(&env).await;
    edit(&env, &bob, 1, "e1", "better").await.unwrap();
    let change = json!({
        "type": "change", "room": "r", "epoch": "e1", "seq": 3, "of": 1, "kind": "edited",
        "by": { "userId": "bob", "name": "bob" }, "at": NOON + SECOND,
        "message": {
            "room": "r", "epoch": "e1", "seq": 1, "id": "b1", "from": { "userId": "bob", "name": "bob" },
            "text": "better", "at": NOON, "version": 3, "editedAt": NOON + SECOND,
        },
    });
    assert_eq!(env.gateway.take("ada-1"), std::slice::from_ref(&change));
    let ack = json!({ "type": "ack", "room": "r", "epoch": "e1", "id": "e1", "seq": 3, "at": NOON + SECOND });
    assert_eq!(env.gateway.take("bob-1"), [change, ack]);
}

#[tokio::test]
async fn an_outsider_gets_not_joined_whether_or_not_the_room_exists() {
    let env = test_env().await;
    let eve = env.connect("eve-1", NOON).await;
    let delete = frame(&json!({ "action": "delete", "room": "nowhere", "seq": 1, "id": "1" }).to_string());
    // The read of the room finishes long before the read of the occupant.
    let meanwhile = async || {
        for _ in 0..10 {
            env.chat.rooms.open("nowhere", NOON).await.unwrap_err();
        }
    };
    let act = env.faulty.delete(&eve, delete, NOON);
    let (ended, happened) = env.faults.during(1, Fault::Delay, act, meanwhile).await;
    let Ended::Finished(Err(refused)) = ended else { panic!("{ended:?}") };
    assert_eq!((refused.code(), happened), (ErrorCode::NotJoined, true));
}

#[tokio::test]
async fn only_the_author_edits_and_only_the_author_or_the_owner_deletes() {
    let env = test_env().await;
    let (ada, bob) = room_with_two_messages(&env).await;
    let outsider = env.connect("eve-1", NOON).await;
    let code = |result: Result<(), ChatError>| result.unwrap_err().code();

    assert_eq!(
        code(edit(&env, &ada, 1, "1", "x").await),
        ErrorCode::Forbidden,
        "the owner may not edit others' messages"
    );
    assert_eq!(code(delete(&env, &bob, 2, "2").await), ErrorCode::Forbidden);
    assert_eq!(code(edit(&env, &bob, 3, "3", "x").await), ErrorCode::MessageNotFound);
    assert_eq!(code(react(&env, &bob, u64::MAX, "4", "👍", true).await), ErrorCode::MessageNotFound);
    for refused in [
        edit(&env, &outsider, 1, "5", "x").await,
        delete(&env, &outsider, 1, "6").await,
        react(&env, &outsider, 1, "7", "👍", true).await,
    ] {
        assert_eq!(code(refused), ErrorCode::NotJoined);
    }
    assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap().seq, 2, "refused changes use up no number");

    delete(&env, &ada, 1, "8").await.unwrap();
    assert_eq!(code(edit(&env, &bob, 1, "9", "x").await), ErrorCode::MessageDeleted);
    assert_eq!(code(react(&env, &ada, 1, "10", "👍", true).await), ErrorCode::MessageDeleted);
    assert_eq!(code(edit(&env, &bob, 3, "11", "x").await), ErrorCode::MessageNotFound, "a change is not a message");
}

#[tokio::test]
async fn a_change_that_names_an_epoch_applies_only_to_the_message_of_that_epoch() {
    let env = test_env().await;
    let (ada, bob) = room_with_two_messages(&env).await;
    let outsider = env.connect("eve-1", NOON).await;
    let named = |action: &str, epoch: &str, seq: u64| {
        let id = format!("{action} {epoch}");
        json!({ "action": action, "room": "r", "epoch": epoch, "seq": seq, "id": id })
    };
    let edit = async |by: &Caller, epoch: &str, seq: u64| {
        let mut edit = named("edit", epoch, seq);
        edit["text"] = "better".into();
        env.chat.edit(by, frame(&edit.to_string()), NOON + SECOND).await.map_err(|error| error.code())
    };
    let delete = async |by: &Caller, epoch: &str, seq: u64| {
        let delete = named("delete", epoch, seq);
        env.chat.delete(by, frame(&delete.to_string()), NOON + SECOND).await.map_err(|error| error.code())
    };
    let react = async |by: &Caller, epoch: &str, seq: u64| {
        let mut react = named("react", epoch, seq);
        react["emoji"] = "👍".into();
        react["on"] = true.into();
        env.chat.react(by, frame(&react.to_string()), NOON + SECOND).await.map_err(|error| error.code())
    };
    let not_joined = Some(ErrorCode::NotJoined);
    for epoch in ["e1", "e0"] {
        assert_eq!(edit(&outsider, epoch, 1).await.err(), not_joined);
        assert_eq!(delete(&outsider, epoch, 1).await.err(), not_joined);
        assert_eq!(react(&outsider, epoch, 1).await.err(), not_joined);
    }
    edit(&bob, "e1", 1).await.unwrap();

    env.chat.clear_room(&person("ada"), "r", None, Instant::now(), NOON).await.unwrap();
    let epoch = env.chat.rooms.open("r", NOON).await.unwrap().epoch;
    env.send(&bob, "r", "b2", NOON).await.unwrap();
    // The notice that the room was cleared is at 1, so Bob's new message has the number of Ada's old one.
    let not_found = Some(ErrorCode::MessageNotFound);
    assert_eq!(edit(&bob, "e1", 2).await.err(), not_found);
    assert_eq!(delete(&ada, "e1", 2).await.err(), not_found);
    assert_eq!(react(&ada, "e1", 2).await.err(), not_found);
    assert_eq!(history(&env, &ada, json!({})).await["events"][1]["version"], Value::Null);
    edit(&bob, &epoch, 2).await.unwrap();
    assert_eq!(history(&env, &ada, json!({})).await["events"][1]["text"], "better");
}

#[tokio::test]
async fn a_repeated_change_is_stored_once() {
    let env = test_env().await;
    let (_, bob) = room_with_two_messages(&env).await;
    let ack = |env: &TestEnv| env.gateway.take("bob-1").pop().unwrap()["seq"].clone();

    edit(&env, &bob, 1, "e1", "better").await.unwrap();
    assert_eq!(ack(&env), 3);
    edit(&env, &bob, 1, "e2", "best").await.unwrap();
    assert_eq!(ack(&env), 4);
    env.gateway.take("ada-1");
    // A late retry of the first edit.
    edit(&env, &bob, 1, "e1", "better").await.unwrap();
    assert_eq!(ack(&env), 3);
    assert_eq!(
        env.gateway.take("ada-1")[0]["message"]["text"],
        "best",
        "posted again, with the message in its current state"
    );

    react(&env, &bob, 2, "r1", "👍", true).await.unwrap();
    let reacted = ack(&env);
    react(&env, &bob, 2, "r2", "👍", true).await.unwrap();
    assert_eq!(ack(&env), reacted);
    react(&env, &bob, 2, "r3", "👎", false).await.unwrap();
    assert_eq!(ack(&env), reacted);
    delete(&env, &bob, 1, "d1").await.unwrap();
    let deleted = ack(&env);
    delete(&env, &bob, 1, "d2").await.unwrap();
    assert_eq!(ack(&env), deleted);

    // A retry of a change from before the deletion still gets its number.
    edit(&env, &bob, 1, "e1", "better").await.unwrap();
    assert_eq!(ack(&env), 3);

    let page = history(&env, &bob, json!({})).await;
    let kinds: Vec<&str> =
        page["events"].as_array().unwrap().iter().filter_map(|event| event["kind"].as_str()).collect();
    assert_eq!(kinds, ["edited", "edited", "reacted", "deleted"]);
}

#[tokio::test]
async fn a_deleted_message_keeps_its_number_and_its_former_text_is_in_no_answer() {
    let env = test_env().await;
    let (ada, bob) = room_with_two_messages(&env).await;
    edit(&env, &bob, 1, "e1", "a secret").await.unwrap();
    react(&env, &ada, 1, "r1", "👍", true).await.unwrap();
    delete(&env, &bob, 1, "d1").await.unwrap();
    for bounds in [json!({}), json!({ "after": 0 }), json!({ "after": 2 })] {
        let page = history(&env, &ada, bounds).await;
        assert!(!page.to_string().contains("a secret") && !page.to_string().contains("said b1"), "{page}");
    }
    let message = history(&env, &ada, json!({})).await["events"][0].clone();
    let deleted_at = NOON + SECOND;
    assert_eq!(
        message,
        json!({
            "type": "message", "room": "r", "epoch": "e1", "seq": 1, "id": "b1", "text": "", "at": NOON,
            "from": { "userId": "bob", "name": "bob" }, "version": 5, "editedAt": NOON + SECOND, "deletedAt": deleted_at,
        })
    );
}

#[tokio::test]
async fn a_client_that_resumes_learns_the_current_state_of_earlier_messages() {
    let env = test_env().await;
    let (ada, bob) = room_with_two_messages(&env).await;
    edit(&env, &bob, 1, "e1", "better").await.unwrap();
    react(&env, &ada, 1, "r1", "🇩🇪", true).await.unwrap();
    react(&env, &ada, 2, "r2", "👍", true).await.unwrap();
    env.send(&bob, "r", "b2", NOON).await.unwrap();
    edit(&env, &bob, 6, "e2", "new").await.unwrap();

    env.gateway.take("ada-1");
    let join = frame(r#"{"action":"join","room":"r","since":{"epoch":"e1","seq":2}}"#);
    env.chat.join(&ada, join, NOON + SECOND).await.unwrap();
    let joined = env.gateway.take("ada-1").remove(0);
    assert_eq!((&joined["recovered"], &joined["from"], &joined["to"]), (&json!(true), &json!(3), &json!(7)));
    let events = joined["events"].as_array().unwrap();
    let state = |event: &Value| json!([event["seq"], event["kind"], event["message"]["version"], event["text"]]);
    assert_eq!(
        events.iter().map(state).collect::<Vec<_>>(),
        [
            json!([3, "edited", null, null]),
            json!([4, "reacted", 4, null]),
            json!([5, "reacted", 5, null]),
            json!([6, null, null, "new"]),
            json!([7, "edited", null, null]),
        ],
        "the last change of each earlier message carries it; messages on the page are in their current state"
    );
    assert_eq!(events[1]["message"]["text"], "better");
    assert_eq!(events[1]["message"]["reactions"], json!([{ "emoji": "🇩🇪", "userIds": ["ada"] }]));
}

#[tokio::test]
async fn reactions_can_be_added_and_removed_up_to_a_limit() {
    let env = test_env().await;
    let (ada, bob) = room_with_two_messages(&env).await;
    react(&env, &ada, 1, "1", "👍", true).await.unwrap();
    react(&env, &bob, 1, "2", "👍", true).await.unwrap();
    react(&env, &bob, 1, "3", "👩‍👩‍👧", true).await.unwrap();
    react(&env, &ada, 1, "4", "👍", false).await.unwrap();
    let message = history(&env, &ada, json!({})).await["events"][0].clone();
    assert_eq!(
        message["reactions"],
        json!([{ "emoji": "👍", "userIds": ["bob"] }, { "emoji": "👩‍👩‍👧", "userIds": ["bob"] }])
    );
    let emoji = |n: usize| char::from_u32(0x1F600 + n as u32).unwrap().to_string();
    for n in 0..EMOJI_PER_MESSAGE - 2 {
        react(&env, &ada, 1, &format!("many-{n}"), &emoji(n), true).await.unwrap();
    }
    let refused = react(&env, &ada, 1, "too-many", &emoji(EMOJI_PER_MESSAGE), true).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::TooManyReactions);
    react(&env, &ada, 1, "existing-emoji", "👍", true).await.unwrap();
}

#[tokio::test]
async fn emoji_that_look_alike_are_one_reaction_and_other_texts_are_refused() {
    let env = test_env().await;
    let (ada, bob) = room_with_two_messages(&env).await;
    react(&env, &ada, 1, "1", "❤", true).await.unwrap();
    react(&env, &bob, 1, "2", "❤\u{FE0F}", true).await.unwrap();
    react(&env, &ada, 1, "3", "👍\u{FE0E}", true).await.unwrap();
    react(&env, &ada, 1, "4", "👍\u{FE0F}", false).await.unwrap();
    for (n, text) in ["a", "1\u{301}", "🙂\u{301}", "👍👍", "\u{FE0F}", "🇽🇽"].into_iter().enumerate() {
        let refused = react(&env, &bob, 1, &format!("no-{n}"), text, true).await.unwrap_err();
        assert_eq!(
            (refused.code(), refused.public_message()),
            (ErrorCode::InvalidField, "emoji: must be one emoji".into())
        );
    }
    let events = history(&env, &ada, json!({})).await["events"].clone();
    assert_eq!(events[0]["reactions"], json!([{ "emoji": "❤\u{FE0F}", "userIds": ["ada", "bob"] }]));
    let emoji: Vec<_> = events.as_array().unwrap().iter().filter_map(|event| event["emoji"].as_str()).collect();
    assert_eq!(emoji, ["❤\u{FE0F}", "❤\u{FE0F}", "👍", "👍"]);
}

#[test]
fn reactions_in_older_rows_are_merged_and_can_be_removed() {
    let row = json!({
        "id": "1", "userId": "ada", "name": "Ada", "text": "hi", "at": NOON,
        "reactions": [
            { "emoji": "❤", "userIds": ["ada", "bob"] },
            { "emoji": "1\u{301}", "userIds": ["ada"] },
            { "emoji": "❤\u{FE0F}", "userIds": ["bob", "eve"] },
        ],
    });
    let mut message: parlor_chat::store::MessageRow = serde_json::from_value(row).unwrap();
    let reactions = |message: &parlor_chat::store::MessageRow| serde_json::to_value(&message.reactions).unwrap();
    assert_eq!(
        reactions(&message),
        json!([
            { "emoji": "❤\u{FE0F}", "userIds": ["ada", "bob", "eve"] },
            { "emoji": "1\u{301}", "userIds": ["ada"] },
        ])
    );
    for emoji in ["❤", "1\u{301}"] {
        let react = json!({ "action": "react", "room": "r", "seq": 1, "id": "1", "emoji": emoji, "on": false });
        let React { emoji, on, .. } = frame(&react.to_string());
        let mutation = change::Mutation::React { emoji: emoji.into(), on };
        message = mutation.apply(&message, "ada", false, NOON).unwrap().unwrap();
    }
    assert_eq!(reactions(&message), json!([{ "emoji": "❤\u{FE0F}", "userIds": ["bob", "eve"] }]));
}

#[test]
fn the_number_of_reactions_to_a_message_is_limited() {
    let row = |text: &str| -> parlor_chat::store::MessageRow {
        serde_json::from_value(json!({ "id": "1", "userId": "ada", "name": "Ada", "text": text, "at": NOON })).unwrap()
    };
    let mutation = change::Mutation::React { emoji: "👍".into(), on: true };
    let mut message = row("hi");
    for n in 0..REACTIONS_PER_MESSAGE {
        message = mutation.apply(&message, &format!("user-{n}"), false, NOON).unwrap().unwrap();
    }
    let refused = mutation.apply(&message, "one-more", false, NOON).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::TooManyReactions);
    assert_eq!(mutation.apply(&message, "user-0", false, NOON).unwrap(), None, "an existing reaction is no change");
}

#[tokio::test]
async fn two_simultaneous_changes_of_one_message_are_both_stored() {
    let env = test_env().await;
    let (ada, bob) = room_with_two_messages(&env).await;
    let (one, two) = tokio::join!(react(&env, &ada, 1, "1", "👍", true), react(&env, &bob, 1, "2", "👍", true));
    one.unwrap();
    two.unwrap();
    let page = history(&env, &ada, json!({ "after": 0 })).await;
    let users = page["events"][0]["reactions"][0]["userIds"].as_array().unwrap().len();
    assert_eq!(users, 2);
    let changes = page["events"].as_array().unwrap().iter().filter(|event| event["type"] == "change").count();
    assert_eq!(changes, 2, "each is stored once");
}
