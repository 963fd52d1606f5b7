//! Changes of messages: who may make them, that twice is once, and that pages show messages as they now are.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by stopping"
)]

mod support;

use parlor_chat::log::change;
use parlor_chat::{Caller, ChatError};
use parlor_protocol::client::React;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::{EMOJI_PER_MESSAGE, REACTIONS_PER_MESSAGE};
use serde_json::{Value, json};
use support::faults::{Ended, Fault};
use support::{NOON, SECOND, World, frame, world};

async fn edit(world: &World, by: &Caller, seq: u64, id: &str, text: &str) -> Result<(), ChatError> {
    let edit = json!({ "action": "edit", "room": "r", "seq": seq, "id": id, "text": text });
    world.chat.edit(by, frame(&edit.to_string()), NOON + SECOND).await.map(|_| ())
}

async fn delete(world: &World, by: &Caller, seq: u64, id: &str) -> Result<(), ChatError> {
    let delete = json!({ "action": "delete", "room": "r", "seq": seq, "id": id });
    world.chat.delete(by, frame(&delete.to_string()), NOON + SECOND).await.map(|_| ())
}

async fn react(world: &World, by: &Caller, seq: u64, id: &str, emoji: &str, on: bool) -> Result<(), ChatError> {
    let react = json!({ "action": "react", "room": "r", "seq": seq, "id": id, "emoji": emoji, "on": on });
    world.chat.react(by, frame(&react.to_string()), NOON + SECOND).await.map(|_| ())
}

/// The answer to asking for the log with these bounds: everything from the first number on, where there are none.
async fn history(world: &World, by: &Caller, bounds: Value) -> Value {
    let mut ask = json!({ "action": "history", "room": "r" });
    ask.as_object_mut().unwrap().extend(bounds.as_object().unwrap().clone());
    world.gateway.take(&by.connection_id);
    world.chat.history(by, frame(&ask.to_string()), NOON + SECOND).await.unwrap();
    world.gateway.take(&by.connection_id).remove(0)
}

/// Ada, who owns the room, and Bob have joined; Bob has said `b1` at 1, Ada `a1` at 2.
async fn talk(world: &World) -> (Caller, Caller) {
    world.room("r", Visibility::Unlisted, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    let bob = world.joined("bob-1", "r", NOON).await;
    world.send(&bob, "r", "b1", NOON).await.unwrap();
    world.send(&ada, "r", "a1", NOON).await.unwrap();
    world.gateway.take("ada-1");
    world.gateway.take("bob-1");
    (ada, bob)
}

#[tokio::test]
async fn an_edit_is_an_event_that_everyone_gets_with_the_message_as_it_now_is() {
    let world = world().await;
    let (_, bob) = talk(&world).await;
    edit(&world, &bob, 1, "e1", "better").await.unwrap();
    let change = json!({
        "type": "change", "room": "r", "epoch": "e1", "seq": 3, "of": 1, "kind": "edited",
        "by": { "userId": "bob", "name": "bob" }, "at": NOON + SECOND,
        "message": {
            "room": "r", "epoch": "e1", "seq": 1, "id": "b1", "from": { "userId": "bob", "name": "bob" },
            "text": "better", "at": NOON, "version": 3, "editedAt": NOON + SECOND,
        },
    });
    assert_eq!(world.gateway.take("ada-1"), std::slice::from_ref(&change));
    let ack = json!({ "type": "ack", "room": "r", "epoch": "e1", "id": "e1", "seq": 3, "at": NOON + SECOND });
    assert_eq!(world.gateway.take("bob-1"), [change, ack]);
}

#[tokio::test]
async fn who_is_not_in_a_room_is_not_told_whether_there_is_one() {
    let world = world().await;
    let eve = world.connect("eve-1", NOON).await;
    let delete = frame(&json!({ "action": "delete", "room": "nowhere", "seq": 1, "id": "1" }).to_string());
    // That there is no such room is known long before whether she is in it.
    let meanwhile = async || {
        for _ in 0..10 {
            world.chat.rooms.open("nowhere", NOON).await.unwrap_err();
        }
    };
    let act = world.faulty.delete(&eve, delete, NOON);
    let (ended, happened) = world.faults.during(1, Fault::Delay, act, meanwhile).await;
    let Ended::Finished(Err(refused)) = ended else { panic!("{ended:?}") };
    assert_eq!((refused.code(), happened), (ErrorCode::NotJoined, true));
}

#[tokio::test]
async fn who_may_change_what() {
    let world = world().await;
    let (ada, bob) = talk(&world).await;
    let outsider = world.connect("eve-1", NOON).await;
    let code = |result: Result<(), ChatError>| result.unwrap_err().code();

    assert_eq!(code(edit(&world, &ada, 1, "1", "x").await), ErrorCode::Forbidden, "the owner edits nobody's words");
    assert_eq!(code(delete(&world, &bob, 2, "2").await), ErrorCode::Forbidden);
    assert_eq!(code(edit(&world, &bob, 3, "3", "x").await), ErrorCode::MessageNotFound);
    assert_eq!(code(react(&world, &bob, u64::MAX, "4", "👍", true).await), ErrorCode::MessageNotFound);
    for refused in [
        edit(&world, &outsider, 1, "5", "x").await,
        delete(&world, &outsider, 1, "6").await,
        react(&world, &outsider, 1, "7", "👍", true).await,
    ] {
        assert_eq!(code(refused), ErrorCode::NotJoined);
    }
    assert_eq!(world.chat.rooms.open("r", NOON).await.unwrap().seq, 2, "what is refused uses up no number");

    delete(&world, &ada, 1, "8").await.unwrap();
    assert_eq!(code(edit(&world, &bob, 1, "9", "x").await), ErrorCode::MessageDeleted);
    assert_eq!(code(react(&world, &ada, 1, "10", "👍", true).await), ErrorCode::MessageDeleted);
    assert_eq!(code(edit(&world, &bob, 3, "11", "x").await), ErrorCode::MessageNotFound, "a change is no message");
}

#[tokio::test]
async fn done_twice_is_done_once() {
    let world = world().await;
    let (_, bob) = talk(&world).await;
    let ack = |world: &World| world.gateway.take("bob-1").pop().unwrap()["seq"].clone();

    edit(&world, &bob, 1, "e1", "better").await.unwrap();
    assert_eq!(ack(&world), 3);
    edit(&world, &bob, 1, "e2", "best").await.unwrap();
    assert_eq!(ack(&world), 4);
    world.gateway.take("ada-1");
    // The first one again, late: it has been.
    edit(&world, &bob, 1, "e1", "better").await.unwrap();
    assert_eq!(ack(&world), 3);
    assert_eq!(world.gateway.take("ada-1")[0]["message"]["text"], "best", "told again, with the message as it now is");

    react(&world, &bob, 2, "r1", "👍", true).await.unwrap();
    let reacted = ack(&world);
    react(&world, &bob, 2, "r2", "👍", true).await.unwrap();
    assert_eq!(ack(&world), reacted);
    react(&world, &bob, 2, "r3", "👎", false).await.unwrap();
    assert_eq!(ack(&world), reacted);
    delete(&world, &bob, 1, "d1").await.unwrap();
    let deleted = ack(&world);
    delete(&world, &bob, 1, "d2").await.unwrap();
    assert_eq!(ack(&world), deleted);

    // What was done before the message was deleted was done, whoever asks again.
    edit(&world, &bob, 1, "e1", "better").await.unwrap();
    assert_eq!(ack(&world), 3);

    let page = history(&world, &bob, json!({})).await;
    let kinds: Vec<&str> =
        page["events"].as_array().unwrap().iter().filter_map(|event| event["kind"].as_str()).collect();
    assert_eq!(kinds, ["edited", "edited", "reacted", "deleted"]);
}

#[tokio::test]
async fn a_deleted_text_is_nowhere_any_more_and_its_place_stays() {
    let world = world().await;
    let (ada, bob) = talk(&world).await;
    edit(&world, &bob, 1, "e1", "a secret").await.unwrap();
    react(&world, &ada, 1, "r1", "👍", true).await.unwrap();
    delete(&world, &bob, 1, "d1").await.unwrap();
    for bounds in [json!({}), json!({ "after": 0 }), json!({ "after": 2 })] {
        let page = history(&world, &ada, bounds).await;
        assert!(!page.to_string().contains("a secret") && !page.to_string().contains("said b1"), "{page}");
    }
    let message = history(&world, &ada, json!({})).await["events"][0].clone();
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
async fn who_comes_back_learns_what_became_of_messages_they_have() {
    let world = world().await;
    let (ada, bob) = talk(&world).await;
    edit(&world, &bob, 1, "e1", "better").await.unwrap();
    react(&world, &ada, 1, "r1", "🇩🇪", true).await.unwrap();
    react(&world, &ada, 2, "r2", "👍", true).await.unwrap();
    world.send(&bob, "r", "b2", NOON).await.unwrap();
    edit(&world, &bob, 6, "e2", "new").await.unwrap();

    world.gateway.take("ada-1");
    let join = frame(r#"{"action":"join","room":"r","since":{"epoch":"e1","seq":2}}"#);
    world.chat.join(&ada, join, NOON + SECOND).await.unwrap();
    let joined = world.gateway.take("ada-1").remove(0);
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
        "the last change of each older message has it, a message on the page is as it now is"
    );
    assert_eq!(events[1]["message"]["text"], "better");
    assert_eq!(events[1]["message"]["reactions"], json!([{ "emoji": "🇩🇪", "userIds": ["ada"] }]));
}

#[tokio::test]
async fn reactions_come_and_go_and_have_limits() {
    let world = world().await;
    let (ada, bob) = talk(&world).await;
    react(&world, &ada, 1, "1", "👍", true).await.unwrap();
    react(&world, &bob, 1, "2", "👍", true).await.unwrap();
    react(&world, &bob, 1, "3", "👩‍👩‍👧", true).await.unwrap();
    react(&world, &ada, 1, "4", "👍", false).await.unwrap();
    let message = history(&world, &ada, json!({})).await["events"][0].clone();
    assert_eq!(
        message["reactions"],
        json!([{ "emoji": "👍", "userIds": ["bob"] }, { "emoji": "👩‍👩‍👧", "userIds": ["bob"] }])
    );
    let emoji = |n: usize| char::from_u32(0x1F600 + n as u32).unwrap().to_string();
    for n in 0..EMOJI_PER_MESSAGE - 2 {
        react(&world, &ada, 1, &format!("many-{n}"), &emoji(n), true).await.unwrap();
    }
    let refused = react(&world, &ada, 1, "too-many", &emoji(EMOJI_PER_MESSAGE), true).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::TooManyReactions);
    react(&world, &ada, 1, "one-more-of-a-kind", "👍", true).await.unwrap();
}

#[tokio::test]
async fn reactions_that_look_alike_are_one_and_only_emoji_are_put() {
    let world = world().await;
    let (ada, bob) = talk(&world).await;
    react(&world, &ada, 1, "1", "❤", true).await.unwrap();
    react(&world, &bob, 1, "2", "❤\u{FE0F}", true).await.unwrap();
    react(&world, &ada, 1, "3", "👍\u{FE0E}", true).await.unwrap();
    react(&world, &ada, 1, "4", "👍\u{FE0F}", false).await.unwrap();
    for (n, text) in ["a", "1\u{301}", "🙂\u{301}", "👍👍", "\u{FE0F}", "🇽🇽"].into_iter().enumerate() {
        let refused = react(&world, &bob, 1, &format!("no-{n}"), text, true).await.unwrap_err();
        assert_eq!(
            (refused.code(), refused.public_message()),
            (ErrorCode::InvalidField, "emoji: must be one emoji".into())
        );
    }
    let events = history(&world, &ada, json!({})).await["events"].clone();
    assert_eq!(events[0]["reactions"], json!([{ "emoji": "❤\u{FE0F}", "userIds": ["ada", "bob"] }]));
    let told: Vec<_> = events.as_array().unwrap().iter().filter_map(|event| event["emoji"].as_str()).collect();
    assert_eq!(told, ["❤\u{FE0F}", "❤\u{FE0F}", "👍", "👍"]);
}

#[test]
fn reactions_of_older_rows_are_read_together_and_can_be_taken_away() {
    let row = json!({
        "id": "1", "userId": "ada", "name": "Ada", "text": "hi", "at": NOON,
        "reactions": [
            { "emoji": "❤", "userIds": ["ada", "bob"] },
            { "emoji": "1\u{301}", "userIds": ["ada"] },
            { "emoji": "❤\u{FE0F}", "userIds": ["bob", "eve"] },
        ],
    });
    let mut said: parlor_chat::store::MessageRow = serde_json::from_value(row).unwrap();
    let reactions = |said: &parlor_chat::store::MessageRow| serde_json::to_value(&said.reactions).unwrap();
    assert_eq!(
        reactions(&said),
        json!([
            { "emoji": "❤\u{FE0F}", "userIds": ["ada", "bob", "eve"] },
            { "emoji": "1\u{301}", "userIds": ["ada"] },
        ])
    );
    for emoji in ["❤", "1\u{301}"] {
        let react = json!({ "action": "react", "room": "r", "seq": 1, "id": "1", "emoji": emoji, "on": false });
        let React { emoji, on, .. } = frame(&react.to_string());
        let mutation = change::Mutation::React { emoji: emoji.into(), on };
        said = mutation.apply(&said, "ada", false, NOON).unwrap().unwrap();
    }
    assert_eq!(reactions(&said), json!([{ "emoji": "❤\u{FE0F}", "userIds": ["bob", "eve"] }]));
}

#[test]
fn a_message_has_at_most_so_many_reactions_in_all() {
    let said = |text: &str| -> parlor_chat::store::MessageRow {
        serde_json::from_value(json!({ "id": "1", "userId": "ada", "name": "Ada", "text": text, "at": NOON })).unwrap()
    };
    let mutation = change::Mutation::React { emoji: "👍".into(), on: true };
    let mut message = said("hi");
    for n in 0..REACTIONS_PER_MESSAGE {
        message = mutation.apply(&message, &format!("user-{n}"), false, NOON).unwrap().unwrap();
    }
    let refused = mutation.apply(&message, "one-more", false, NOON).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::TooManyReactions);
    assert_eq!(mutation.apply(&message, "user-0", false, NOON).unwrap(), None, "who has reacted has reacted");
}

#[tokio::test]
async fn two_who_change_one_message_at_once_are_both_heard() {
    let world = world().await;
    let (ada, bob) = talk(&world).await;
    let (one, two) = tokio::join!(react(&world, &ada, 1, "1", "👍", true), react(&world, &bob, 1, "2", "👍", true));
    one.unwrap();
    two.unwrap();
    let page = history(&world, &ada, json!({ "after": 0 })).await;
    let users = page["events"][0]["reactions"][0]["userIds"].as_array().unwrap().len();
    assert_eq!(users, 2);
    let changes = page["events"].as_array().unwrap().iter().filter(|event| event["type"] == "change").count();
    assert_eq!(changes, 2, "each once");
}
