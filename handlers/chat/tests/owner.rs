//! Rooms that end without their owner, while the owner comes or goes and rules change at the same moment.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod support;

use parlor_chat::store::Room;
use parlor_chat::{Caller, Chat};
use parlor_protocol::Millis;
use parlor_protocol::client::parse_body;
use parlor_protocol::limits::LEASE;
use serde_json::{Value, json};
use support::faults::Fault;
use support::{MINUTE, NOON, SECOND, TestEnv, frame, person, site, test_env};

const LEASE_MS: Millis = LEASE.as_millis() as Millis;
/// When things happen.
const AT: Millis = NOON + 2 * MINUTE;

/// Creates a room of Ada's with these rules, and returns its id.
async fn create(env: &TestEnv, rules: Value) -> String {
    env.create("ada", rules).await.room_id
}

async fn update(chat: &Chat, room: &str, rules: Value) {
    let body = parse_body(&rules.to_string()).unwrap();
    chat.update_room(&site(), &person("ada"), room, &body, AT).await.unwrap();
}

async fn leave(chat: &Chat, caller: &Caller, room: &str) {
    let leave = json!({ "action": "leave", "room": room });
    chat.leave(caller, frame(&leave.to_string()), AT).await.unwrap();
}

/// Reads the room, and checks that the sweeper looks at it no later than it ends.
async fn row(env: &TestEnv, room: &str) -> Room {
    let row = env.chat.rooms.find(room).await.unwrap().unwrap();
    assert!(row.sweep_at.unwrap() <= row.end().0, "{row:?}");
    row
}

#[tokio::test]
async fn a_change_of_rules_does_not_undo_that_the_owner_has_come() {
    for n in 1.. {
        let env = test_env().await;
        let room = &create(&env, json!({ "endsWithoutOwnerAfterSeconds": 60 })).await;
        let ada = env.connect("ada-1", NOON).await;
        let change = update(&env.faulty, room, json!({ "maxPeople": 5 }));
        let come = async || env.join(&ada, room, AT).await.map(drop).unwrap();
        let (_, happened) = env.faults.during(n, Fault::Delay, change, come).await;
        if !happened {
            break;
        }
        assert_eq!(row(&env, room).await.owner_until, Some(AT + LEASE_MS + MINUTE), "call {n}");
    }
}

#[tokio::test]
async fn a_change_of_rules_does_not_undo_that_the_owner_has_left() {
    for change in [json!({ "maxPeople": 5 }), json!({ "expiresInSeconds": 60 })] {
        for n in 1.. {
            let env = test_env().await;
            let room = &create(&env, json!({ "endsWithoutOwnerAfterSeconds": 3600 })).await;
            let ada = env.joined("ada-1", room, NOON).await;
            let changing = update(&env.faulty, room, change.clone());
            let go = async || leave(&env.chat, &ada, room).await;
            let (_, happened) = env.faults.during(n, Fault::Delay, changing, go).await;
            if !happened {
                break;
            }
            assert_eq!(row(&env, room).await.owner_until, Some(AT + 60 * MINUTE), "{change}, call {n}");
        }
    }
}

#[tokio::test]
async fn an_owner_who_leaves_while_rules_change_starts_the_time_and_the_room_is_swept_when_it_ends() {
    for change in [json!({ "maxPeople": 5 }), json!({ "expiresInSeconds": 60 })] {
        for n in 1.. {
            let env = test_env().await;
            let room = &create(&env, json!({ "endsWithoutOwnerAfterSeconds": 3600 })).await;
            let ada = env.joined("ada-1", room, NOON).await;
            let change = async || update(&env.chat, room, change.clone()).await;
            let (_, happened) = env.faults.during(n, Fault::Delay, leave(&env.faulty, &ada, room), change).await;
            if !happened {
                break;
            }
            assert_eq!(row(&env, room).await.owner_until, Some(AT + 60 * MINUTE), "call {n}");
        }
    }
}

#[tokio::test]
async fn an_owner_who_sets_the_rule_while_inside_starts_the_time_by_leaving() {
    let env = test_env().await;
    let room = &create(&env, json!({})).await;
    let ada = env.joined("ada-1", room, NOON).await;
    update(&env.chat, room, json!({ "endsWithoutOwnerAfterSeconds": 60 })).await;
    env.chat.ping(&ada, frame(r#"{"action":"ping"}"#), AT + SECOND).await.unwrap();
    env.chat.disconnect("ada-1", AT + 2 * SECOND).await.unwrap();
    assert_eq!(row(&env, room).await.owner_until, Some(AT + 2 * SECOND + MINUTE));
}
