//! Sweeps that fail, die, run twice or late, or have much to do.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use parlor_chat::store::LATE;
use parlor_protocol::Millis;
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::END_TOLD_WITHIN;
use serde_json::json;
use tokio::time::Instant;

use crate::support::faults::Fault;
use crate::support::{MINUTE, NOON, SECOND, frame, site, test_env};
use crate::{END, assert_buried, busy_room, reasons, sweep};

#[tokio::test]
async fn whatever_fails_everyone_is_told_in_time_and_nothing_is_left() {
    let told_by = END + END_TOLD_WITHIN.as_millis() as Millis;
    for fault in Fault::ALL {
        // A sweep at the end, with the fault; then one each minute.
        let mut n = 1;
        loop {
            let env = test_env().await;
            let (room, bob) = busy_room(&env).await;
            let id = room.room_id.as_str();
            let meanwhile = async || {
                let _ = sweep(&env.chat, END + 30 * SECOND).await;
                assert!(env.send(&bob, id, "late", END + 30 * SECOND).await.is_err());
                assert!(env.join(&bob, id, END + 30 * SECOND).await.is_err());
            };
            let (_, happened) = env.faults.during(n, fault, sweep(&env.faulty, END), meanwhile).await;
            let what = format!("{fault:?} at call {n}");
            sweep(&env.chat, END + MINUTE).await.unwrap();
            assert!(END + MINUTE <= told_by);
            for connection in ["ada-1", "bob-1"] {
                let reasons = reasons(&env, connection);
                assert!(!reasons.is_empty() && reasons.iter().all(|reason| reason == "expired"), "{what}: {reasons:?}");
            }
            assert_eq!(env.chat.connections.in_room(id).await.unwrap(), [], "{what}");
            for minutes in 2..=4 {
                sweep(&env.chat, END + minutes * MINUTE).await.unwrap();
            }
            assert_buried(&env, id, &what).await;
            if !happened {
                break;
            }
            n += 1;
        }
        assert!(n > 10, "{fault:?}: a sweep makes more calls than {n}");
    }
}

#[tokio::test]
async fn two_sweeps_at_once_do_what_one_does() {
    let env = test_env().await;
    let (room, _) = busy_room(&env).await;
    for now in [END, END + LATE] {
        let (one, other) = tokio::join!(sweep(&env.chat, now), sweep(&env.chat, now));
        assert!(one.is_ok() && other.is_ok());
    }
    assert_buried(&env, &room.room_id, "both").await;
}

#[tokio::test]
async fn a_sweep_that_goes_on_while_a_later_one_finishes_leaves_nothing() {
    for n in 1.. {
        let env = test_env().await;
        let (room, _) = busy_room(&env).await;
        let id = room.room_id.as_str();
        let later = async || sweep(&env.chat, END + LATE).await.unwrap();
        let (_, happened) = env.faults.during(n, Fault::Delay, sweep(&env.faulty, END), later).await;
        for now in [END + 2 * LATE, END + 3 * LATE] {
            sweep(&env.chat, now).await.unwrap();
        }
        assert_buried(&env, id, &format!("at call {n}")).await;
        if !happened {
            break;
        }
    }
}

#[tokio::test]
async fn a_sweep_does_not_restore_an_owners_list_of_rooms_that_has_expired() {
    let env = test_env().await;
    let (room, _) = busy_room(&env).await;
    let limits = &env.chat.limiter.limits;
    let deletion = limits.db.delete_item().table_name(&limits.table);
    deletion.key("limitId", AttributeValue::S("owned#ada".into())).send().await.unwrap();
    for now in [END, END + LATE] {
        sweep(&env.chat, now).await.unwrap();
    }
    let rows = limits.db.scan().table_name(&limits.table).send().await.unwrap().items.unwrap_or_default();
    assert!(rows.iter().all(|row| row.contains_key("ttl")), "{rows:?}");
    assert_buried(&env, &room.room_id, "without the list").await;
}

#[tokio::test]
async fn a_join_that_was_under_way_when_the_room_ended_leaves_nothing() {
    for fault in [Fault::Delay, Fault::Stop] {
        let mut n = 1;
        loop {
            let env = test_env().await;
            let room = env.create("ada", json!({ "name": "Tea", "expiresInSeconds": 600 })).await;
            let id = room.room_id.as_str();
            let bob = env.connect("bob-1", END - MINUTE).await;
            let join = frame(&json!({ "action": "join", "room": id }).to_string());
            let (_, happened) = env
                .faults
                .during(n, fault, env.faulty.join(&bob, join, END - 1), async || sweep(&env.chat, END).await.unwrap())
                .await;
            env.chat.disconnect("bob-1", END + SECOND).await.unwrap();
            for now in [END, END + LATE, END + 2 * LATE] {
                sweep(&env.chat, now).await.unwrap();
            }
            assert_buried(&env, id, &format!("{fault:?} at call {n}")).await;
            if !happened {
                break;
            }
            n += 1;
        }
    }
}

#[tokio::test]
async fn a_sweep_works_through_more_rooms_than_one_page_and_reports_its_backlog() {
    const ROOMS: usize = 230;
    let env = test_env().await;
    for n in 0..ROOMS {
        let body = parse_body(&json!({ "name": format!("Room {n}"), "expiresInSeconds": 60 }).to_string()).unwrap();
        env.chat.create_room(&site(), body, None, NOON).await.unwrap();
    }
    let until = Instant::now() + Duration::from_secs(600);
    let ended = env.chat.sweeper().end_rooms(until, NOON + 3 * MINUTE).await.unwrap();
    assert_eq!((ended.ended, ended.failed, ended.backlog), (ROOMS, 0, 2 * MINUTE));
    let deleted = env.chat.sweeper().delete_rooms(until, NOON + 3 * MINUTE + LATE).await.unwrap();
    assert_eq!((deleted.deleted, deleted.failed), (ROOMS, 0));
}

#[tokio::test]
async fn a_sweep_without_time_left_leaves_the_rest_to_the_next() {
    let env = test_env().await;
    let (room, _) = busy_room(&env).await;
    let swept = env.chat.sweeper().end_rooms(Instant::now(), END).await.unwrap();
    assert_eq!((swept.ended, swept.backlog), (0, 0));
    let next = env.chat.sweeper().next(END + MINUTE).await.unwrap();
    assert_eq!(next, Some(END));
    sweep(&env.chat, END + 20 * SECOND).await.unwrap();
    assert_eq!(env.chat.rooms.open(&room.room_id, END).await.unwrap_err().code(), ErrorCode::RoomClosed);
}
