//! Who may change a message, and in which epoch.

use parlor_chat::{Caller, ChatError};
use parlor_protocol::error::ErrorCode;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::support::faults::{Ended, Fault};
use crate::support::{NOON, SECOND, frame, person, test_env};
use crate::{delete, edit, history, react, room_with_two_messages};

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
