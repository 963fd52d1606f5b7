//! Leases: a connection that is silent for too long no longer counts, and the others are told.

use parlor_protocol::http::Visibility;
use serde_json::json;

use crate::support::{MINUTE, NOON, SECOND, caller, frame, test_env};
use crate::{here, pinged, presence, state};

#[tokio::test]
async fn a_silent_connection_leaves_when_its_lease_ends_and_both_sides_are_told() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.joined("bob-1", "r", NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let later = NOON + 5 * MINUTE;
    assert_eq!(pinged(&env, &ada, later - SECOND).await, json!({ "r": state(0, &["ada", "bob"]) }));
    assert_eq!(here(&env, later).await, ["ada-1"]);
    env.gateway.take("bob-1");

    env.send(&ada, "r", "m1", later).await.unwrap();

    let told = env.gateway.take("bob-1");
    assert_eq!(told, [json!({ "type": "left", "room": "r", "reason": "leaseExpired" })]);
    assert_eq!(env.gateway.take("ada-1").pop().unwrap(), presence("left", "bob", 1));
    assert_eq!(env.chat.connections.in_room("r").await.unwrap().len(), 1, "the row is deleted");
}

#[tokio::test]
async fn a_person_who_returns_after_their_lease_ended_is_not_announced_as_left() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.joined("ada-1", "r", NOON).await;
    let later = NOON + 6 * MINUTE;
    env.joined("bob-1", "r", later - SECOND).await;
    env.gateway.take("bob-1");

    let back = env.joined("ada-2", "r", later).await;
    assert_eq!(env.gateway.take("bob-1"), [presence("joined", "ada", 2)]);

    // Nor is a person who types on one connection while another is gone.
    env.joined("ada-3", "r", later).await;
    env.gateway.end("ada-3");
    env.chat.typing(&back, frame(r#"{"action":"typing","room":"r"}"#), later).await.unwrap();
    assert_eq!(env.gateway.take_types("bob-1"), ["typing"]);
}

#[tokio::test]
async fn whoever_deletes_a_row_whose_lease_ended_announces_the_departure() {
    let later = NOON + 6 * MINUTE;
    for how in ["leaving", "disconnecting", "disconnecting twice", "another person's ping"] {
        let env = test_env().await;
        env.room("r", Visibility::Unlisted, NOON).await;
        let ada = env.joined("ada-1", "r", NOON).await;
        let bob = env.joined("bob-1", "r", NOON + 4 * MINUTE).await;
        env.gateway.take("bob-1");
        match how {
            "leaving" => env.chat.leave(&ada, frame(r#"{"action":"leave","room":"r"}"#), later).await.map(drop),
            "another person's ping" => env.chat.ping(&bob, frame(r#"{"action":"ping"}"#), later).await.map(drop),
            _ => env.chat.disconnect("ada-1", later).await.map(drop),
        }
        .unwrap();
        if how == "disconnecting twice" {
            env.chat.disconnect("ada-1", later).await.unwrap();
        }
        let told = env.gateway.take("bob-1");
        assert_eq!(told.last(), Some(&presence("left", "ada", 1)), "{how}");
        assert_eq!(told.iter().filter(|frame| frame["type"] == "presence").count(), 1, "{how}");
        assert_eq!(env.chat.connections.in_room("r").await.unwrap().len(), 1, "{how}");
    }
}

#[tokio::test]
async fn in_a_large_silent_room_a_ping_finds_an_ended_lease_beyond_the_first_101() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let enter = async |connection: String, at| {
        let caller = caller(connection, "many", "Many");
        env.chat.connections.open(&caller, at).await.unwrap();
        env.enter(&caller, "Many", "r", at).await.unwrap();
    };
    let now = NOON + 6 * MINUTE;
    let bob = env.joined("bob-1", "r", now).await;
    for n in 0..148 {
        enter(format!("ada-{n:03}"), now).await;
    }
    enter("zoe-1".into(), NOON).await;
    pinged(&env, &bob, now).await;
    let here = env.chat.connections.in_room("r").await.unwrap();
    assert!(!here.iter().any(|occupant| occupant.connection_id == "zoe-1"));
}
