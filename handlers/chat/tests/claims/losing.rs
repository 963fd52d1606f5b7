//! Whoever is refused, loses a claim or was in a room that is closed keeps nothing of it.

use std::collections::BTreeSet;

use parlor_protocol::error::ErrorCode;
use serde_json::json;
use tokio::time::Instant;

use crate::support::{NOON, frame, person, test_env};
use crate::{create, enter, enter_as, join_by, leave, people, ping, seats};

#[tokio::test]
async fn whoever_is_refused_keeps_nothing() {
    let env = test_env().await;
    let room = &create(&env, json!({ "maxPeople": 2, "uniqueNames": true })).await;
    enter_as(&env, "ada-1", "Alice", room, NOON).await.unwrap();
    assert_eq!(enter_as(&env, "bob-1", "Alice", room, NOON).await.map(drop), Err(ErrorCode::NameTaken));
    let carol = enter_as(&env, "carol-1", "Carol", room, NOON).await.unwrap();
    assert_eq!(enter_as(&env, "dave-1", "Dave", room, NOON).await.map(drop), Err(ErrorCode::RoomFull));
    leave(&env, &carol, room, NOON).await;
    let erin = enter_as(&env, "erin-1", "Dave", room, NOON).await.unwrap();
    // Nor does a connection that is unknown.
    let unknown = crate::support::caller("x-1", "x", "X");
    leave(&env, &erin, room, NOON).await;
    assert_eq!(join_by(&env.chat, &unknown, room, None, NOON).await, Err(ErrorCode::ConnectionExpired));
    enter_as(&env, "dave-2", "X", room, NOON).await.map(drop).unwrap();
}

#[tokio::test]
async fn whoever_loses_a_claim_is_taken_out_of_the_room_and_may_join_again() {
    let env = test_env().await;
    let room = &create(&env, json!({ "maxPeople": 3, "uniqueNames": true })).await;
    let ada = enter(&env, "ada-1", room, NOON).await.unwrap();
    let bob = enter(&env, "bob-1", room, NOON).await.unwrap();
    let seat = seats(&env, room, NOON).await.into_iter().find(|seat| seat.user_id == "ada").unwrap();
    env.chat.members.evict(room, &seat).await.unwrap();
    env.gateway.take("bob-1");
    env.gateway.take("ada-1");
    env.chat.ping(&ada, frame(r#"{"action":"ping"}"#), NOON).await.unwrap();
    let told = env.gateway.take("ada-1");
    assert_eq!((&told[0]["type"], &told[0]["reason"]), (&json!("left"), &json!("leaseExpired")));
    assert_eq!(told[1]["rooms"], json!({}));
    assert_eq!(env.gateway.take("bob-1")[0]["event"], "left");
    assert_eq!(people(&env, room, NOON).await, BTreeSet::from(["bob".to_owned()]));
    join_by(&env.chat, &ada, room, None, NOON).await.unwrap();
    assert!(ping(&env, &ada, room, NOON).await);
    assert!(ping(&env, &bob, room, NOON).await);
    assert_eq!(seats(&env, room, NOON).await.len(), 2);
}

#[tokio::test]
async fn a_closed_room_leaves_no_claims() {
    let env = test_env().await;
    let room = &create(&env, json!({ "maxPeople": 3, "uniqueNames": true })).await;
    enter(&env, "ada-1", room, NOON).await.unwrap();
    enter(&env, "bob-1", room, NOON).await.unwrap();
    env.chat.close_room(&person("owner"), room, Instant::now(), NOON).await.unwrap();
    let until = Instant::now() + std::time::Duration::from_secs(600);
    env.chat.sweeper().end_rooms(until, NOON).await.unwrap();
    env.chat.sweeper().delete_rooms(until, NOON).await.unwrap();
    let members = &env.chat.members;
    let left = members.db.scan().table_name(&members.table).send().await.unwrap().items.unwrap_or_default();
    assert_eq!(left, []);
    assert!(env.chat.connections.connection("ada-1").await.unwrap().claims.is_empty());
}
