//! The end of a room: from that moment nobody writes, joins or reads; everyone inside is told and removed; and in the end
//! nothing is left but a tombstone. Whatever fails, and however often the sweep runs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod sweeps;

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use parlor_chat::log::history::PageRange;
use parlor_chat::store::{Gate, LATE, Queue};
use parlor_chat::{Caller, Chat, ChatError};
use parlor_protocol::Millis;
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::RoomInfo;
use parlor_protocol::limits::ROOM_IDLE_TIMEOUT;
use serde_json::{Value, json};
use support::{HOUR, MINUTE, NOON, SECOND, TestEnv, frame, person, site, test_env};
use tokio::time::Instant;

/// When the test's room ends.
const END: Millis = NOON + 10 * MINUTE;

/// Creates a room of Ada's that ends at [`END`] and has a password, with Ada and Bob in it and three messages.
async fn busy_room(env: &TestEnv) -> (RoomInfo, Caller) {
    let rules = json!({ "name": "Tea", "visibility": "public", "expiresInSeconds": 600, "password": "earl grey" });
    let room = env.create("ada", rules).await;
    let body = parse_body(r#"{"password":"earl grey"}"#).unwrap();
    let pass = env.chat.create_pass("192.0.2.1", &room.room_id, &body, NOON).await.unwrap().pass;
    let join = json!({ "action": "join", "room": room.room_id, "pass": pass }).to_string();
    let bob = env.connect("bob-1", END - MINUTE).await;
    let ada = env.connect("ada-1", END - MINUTE).await;
    for caller in [&bob, &ada] {
        env.chat.join(caller, frame(&join), END - MINUTE).await.unwrap();
    }
    for id in ["m1", "m2", "m3"] {
        env.send(&bob, &room.room_id, id, END - MINUTE).await.unwrap();
    }
    (room, bob)
}

/// Runs one whole sweep.
async fn sweep(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    let until = Instant::now() + Duration::from_secs(600);
    chat.sweeper().end_rooms(until, now).await?;
    chat.sweeper().delete_rooms(until, now).await?;
    Ok(())
}

/// Returns every row that mentions the room, except the rate limiter's buckets, which expire within minutes.
async fn rows(env: &TestEnv, room_id: &str) -> Vec<String> {
    let db = &env.chat.rooms.db;
    let mut found = Vec::new();
    for table in ["rooms", "connections", "messages", "members", "limits"] {
        let rows = db.scan().table_name(table).send().await.unwrap().items.unwrap_or_default();
        let rows = rows.into_iter().filter(|row| format!("{row:?}").contains(room_id));
        let kept = rows.filter(|row| !row.contains_key("fullAt"));
        found.extend(kept.map(|row| format!("{table}: {row:?}")));
    }
    found
}

/// Checks that nothing but a tombstone is left.
async fn assert_buried(env: &TestEnv, room_id: &str, what: &str) {
    let rows = rows(env, room_id).await;
    assert_eq!(rows.len(), 1, "{what}: {rows:#?}");
    assert!(rows[0].starts_with("rooms: ") && rows[0].contains("\"ttl\""), "{what}: {rows:?}");
    assert!(!rows[0].contains("Tea"), "{what}: {rows:?}");
}

fn reasons(env: &TestEnv, connection_id: &str) -> Vec<Value> {
    let frames = env.gateway.posted_so_far(connection_id);
    frames.into_iter().filter(|frame| frame["type"] == "left").map(|frame| frame["reason"].clone()).collect()
}

#[tokio::test]
async fn from_the_second_a_room_ends_nobody_writes_joins_or_reads() {
    let env = test_env().await;
    let (room, bob) = busy_room(&env).await;
    let id = room.room_id.as_str();
    env.send(&bob, id, "last", END - 1).await.unwrap();
    let seq = env.chat.rooms.find(id).await.unwrap().unwrap().seq;
    // Even if no sweep has come by.
    for now in [END, END + SECOND, END + 2 * MINUTE] {
        let code = |refused: Result<(), ChatError>| refused.unwrap_err().code();
        assert_eq!(code(env.send(&bob, id, "late", now).await.map(drop)), ErrorCode::RoomClosed);
        assert_eq!(code(env.join(&bob, id, now).await.map(drop)), ErrorCode::RoomClosed);
        let page = env.chat.list_messages(id, PageRange::Newest, 10, None, None, now).await;
        assert_eq!(code(page.map(drop)), ErrorCode::RoomClosed);
        assert_eq!(code(env.chat.describe_room(&site(), id, None, None, now).await.map(drop)), ErrorCode::RoomClosed);
        let rename = parse_body(r#"{"name":"X"}"#).unwrap();
        let renamed = env.chat.update_room(&site(), &person("ada"), id, &rename, now).await;
        assert_eq!(code(renamed.map(drop)), ErrorCode::RoomClosed);
        let cleared = env.chat.clear_room(&person("ada"), id, None, Instant::now(), now).await;
        assert_eq!(code(cleared.map(drop)), ErrorCode::RoomClosed);
        assert_eq!(env.chat.list_rooms(&site(), None, None, now).await.unwrap().rooms, []);
    }
    assert_eq!(env.chat.rooms.find(id).await.unwrap().unwrap().seq, seq, "no number was drawn");
}

#[tokio::test]
async fn a_sweep_tells_and_removes_everyone_and_the_next_ones_leave_only_a_tombstone() {
    let env = test_env().await;
    let (room, _) = busy_room(&env).await;
    let id = room.room_id.as_str();
    sweep(&env.chat, END - 1).await.unwrap();
    assert!(env.chat.rooms.open(id, END - 1).await.is_ok());
    sweep(&env.chat, END).await.unwrap();
    for connection in ["ada-1", "bob-1"] {
        assert_eq!(reasons(&env, connection), [json!("expired")]);
    }
    assert_eq!(env.chat.connections.in_room(id).await.unwrap(), []);
    assert_eq!(env.log_rows(id).await, []);
    sweep(&env.chat, END + LATE).await.unwrap();
    assert_buried(&env, id, "after a minute").await;
    let refused = env.chat.rooms.open(id, END + HOUR).await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.public_message().as_str()),
        (ErrorCode::RoomClosed, "the room reached its end")
    );
    assert_eq!(
        env.chat.rooms.next_seq(id, Gate::Unchecked, END + HOUR).await.unwrap_err().code(),
        ErrorCode::RoomClosed
    );
    let close = env.chat.close_room(&person("ada"), id, Instant::now(), END + HOUR).await;
    assert_eq!(close.unwrap_err().code(), ErrorCode::RoomClosed);
}

#[tokio::test]
async fn idle_rooms_closed_rooms_and_rooms_without_their_owner_end_the_same_way() {
    for (body, reason, ends) in [
        (json!({ "name": "Tea" }), "idle", NOON + ROOM_IDLE_TIMEOUT.as_millis() as Millis),
        (json!({ "name": "Tea", "endsWithoutOwnerAfterSeconds": 30 }), "ownerAway", NOON + 5 * MINUTE + 30 * SECOND),
        (json!({ "name": "Tea" }), "closed", NOON + MINUTE),
    ] {
        let env = test_env().await;
        let room = env.create("ada", body).await;
        let id = room.room_id.as_str();
        // Not the owner; and a lease that still counts.
        let bob = env.connect("bob-1", ends - MINUTE).await;
        env.join(&bob, id, ends - MINUTE).await.unwrap();
        if reason == "closed" {
            env.chat.close_room(&person("ada"), id, Instant::now(), ends).await.unwrap();
        }
        sweep(&env.chat, ends).await.unwrap();
        assert_eq!(reasons(&env, "bob-1"), [json!(reason)]);
        sweep(&env.chat, ends + LATE).await.unwrap();
        assert_buried(&env, id, reason).await;
    }
}

#[tokio::test]
async fn closing_a_room_that_has_ended_otherwise_tells_people_why_it_ended() {
    let env = test_env().await;
    let room = env.create("ada", json!({ "expiresInSeconds": 600 })).await;
    let bob = env.connect("bob-1", END - MINUTE).await;
    env.join(&bob, &room.room_id, END - MINUTE).await.unwrap();
    env.chat.close_room(&person("ada"), &room.room_id, Instant::now(), END).await.unwrap();
    assert_eq!(reasons(&env, "bob-1"), [json!("expired")]);
}

#[tokio::test]
async fn activity_and_the_owner_put_off_a_rooms_end() {
    let env = test_env().await;
    let room = env.create("ada", json!({ "name": "Tea", "expiresInSeconds": 600 })).await;
    let id = room.room_id.as_str();
    let quiet = env.create("ada", json!({ "name": "Quiet" })).await;
    let bob = env.joined("bob-1", &quiet.room_id, NOON).await;
    env.send(&bob, &quiet.room_id, "m1", NOON + 4 * MINUTE).await.unwrap();
    let extend = parse_body(r#"{"expiresInSeconds":1200}"#).unwrap();
    env.chat.update_room(&site(), &person("ada"), id, &extend, END - 1).await.unwrap();
    sweep(&env.chat, END).await.unwrap();
    assert!(env.chat.rooms.open(id, END).await.is_ok());
    let idle = NOON + ROOM_IDLE_TIMEOUT.as_millis() as Millis;
    sweep(&env.chat, idle + MINUTE).await.unwrap();
    assert!(env.chat.rooms.open(&quiet.room_id, idle + MINUTE).await.is_ok(), "it was active after its creation");
    assert_eq!(env.chat.rooms.due(Queue::Open, 10, idle + MINUTE).await.unwrap(), [], "the sweep put it off");
    sweep(&env.chat, idle + 5 * MINUTE).await.unwrap();
    assert_eq!(env.chat.rooms.open(&quiet.room_id, idle).await.unwrap_err().code(), ErrorCode::RoomClosed);
}

#[tokio::test]
async fn a_room_from_before_there_was_a_sweep_is_swept_once_something_has_happened_in_it() {
    let env = test_env().await;
    let (room, bob) = busy_room(&env).await;
    let id = room.room_id.as_str();
    let rooms = &env.chat.rooms;
    let update = rooms.db.update_item().table_name(&rooms.table).key("roomId", AttributeValue::S(id.into()));
    let update = update.update_expression("REMOVE sweepQueue, sweepAt, endsAt");
    update.send().await.unwrap();
    env.send(&bob, id, "m4", END - MINUTE).await.unwrap();
    let ends = END - MINUTE + ROOM_IDLE_TIMEOUT.as_millis() as Millis;
    assert_eq!(env.chat.sweeper().next(ends + MINUTE).await.unwrap(), Some(ends));
    for now in [ends, ends + LATE] {
        sweep(&env.chat, now).await.unwrap();
    }
    assert_buried(&env, id, "an old room").await;
}

#[tokio::test]
async fn a_closed_room_in_any_shard_of_its_queue_is_swept() {
    for shard in 0..4 {
        let env = test_env().await;
        let room = env.create("ada", json!({ "name": "Tea" })).await;
        env.chat.close_room(&person("ada"), &room.room_id, Instant::now(), END).await.unwrap();
        let rooms = &env.chat.rooms;
        let key = AttributeValue::S(room.room_id.clone());
        let update = rooms.db.update_item().table_name(&rooms.table).key("roomId", key);
        let update = update.update_expression("SET sweepQueue = :queue");
        let update = update.expression_attribute_values(":queue", AttributeValue::S(format!("open#{shard}")));
        update.send().await.unwrap();
        for now in [END, END + LATE] {
            sweep(&env.chat, now).await.unwrap();
        }
        assert_buried(&env, &room.room_id, &format!("shard {shard}")).await;
    }
}

#[tokio::test]
async fn a_sweep_that_has_read_an_outdated_row_ends_nothing() {
    let env = test_env().await;
    let room = env.create("ada", json!({ "name": "Tea", "expiresInSeconds": 600 })).await;
    let read = env.chat.rooms.find(&room.room_id).await.unwrap().unwrap();
    let extend = parse_body(r#"{"expiresInSeconds":1200}"#).unwrap();
    env.chat.update_room(&site(), &person("ada"), &room.room_id, &extend, END - 1).await.unwrap();
    assert!(!env.chat.rooms.end(&read, &env.chat.log, END).await.unwrap());
    env.chat.rooms.postpone(&read, END + HOUR).await.unwrap();
    assert!(env.chat.rooms.open(&room.room_id, END).await.is_ok());
    let due = env.chat.rooms.due(Queue::Open, 10, END + 20 * MINUTE).await.unwrap();
    assert_eq!(due.len(), 1, "nor does it put off the new end: {due:?}");
}
