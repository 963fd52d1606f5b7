//! Rooms: the lobby lists open public rooms only, only the owner may update, clear or close a room, and a log that is over is
//! deleted.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod support;

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use parlor_chat::Chat;
use parlor_chat::log::history::{PageRange, page};
use parlor_chat::rooms::lobby::Site;
use parlor_chat::store::{LATE, LogKey};
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::log::LogEvent;
use serde_json::json;
use support::faults::{Ended, Fault};
use support::{ALL, HOUR, MINUTE, NOON, TestEnv, person, test_env};
use tokio::time::Instant;

fn site() -> Site {
    Site { url: "https://chat.example/".into() }
}

#[tokio::test]
async fn the_lobby_lists_open_public_rooms_in_pages_most_recently_active_first() {
    let env = test_env().await;
    for n in 0..7 {
        env.room(&format!("public-{n}"), Visibility::Public, NOON + n * MINUTE).await;
    }
    env.room("unlisted", Visibility::Unlisted, NOON + 10 * MINUTE).await;
    env.room("closed", Visibility::Public, NOON + 10 * MINUTE).await;
    env.chat.close_room(&person("ada"), "closed", Instant::now(), NOON + 10 * MINUTE).await.unwrap();
    // An event moves a room to the top.
    env.chat.rooms.next_seq("public-0", NOON + 20 * MINUTE).await.unwrap();
    env.joined("ada-1", "public-0", NOON + 20 * MINUTE).await;
    env.joined("ada-2", "public-0", NOON + 20 * MINUTE).await;

    let now = NOON + 21 * MINUTE;
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = env.chat.list_rooms(&site(), cursor.as_deref(), Some(3), now).await.unwrap();
        assert!(page.rooms.len() <= 3);
        seen.extend(page.rooms.into_iter().map(|room| (room.room_id, room.people)));
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    let expected = ["public-0", "public-6", "public-5", "public-4", "public-3", "public-2", "public-1"];
    assert_eq!(seen.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), expected);
    assert_eq!(seen[0].1, 1, "two connections of one person count once");

    let next_day = NOON + 24 * HOUR + 7 * MINUTE;
    let left = env.chat.list_rooms(&site(), None, None, next_day).await.unwrap();
    assert_eq!(left.rooms.iter().map(|room| room.room_id.as_str()).collect::<Vec<_>>(), ["public-0"]);
}

#[tokio::test]
async fn invalid_limits_and_cursors_are_refused() {
    let env = test_env().await;
    let table = [(None, Some(0)), (None, Some(51)), (Some(""), None), (Some("x"), None), (Some("12-abc"), None)];
    for (cursor, limit) in table {
        let refused = env.chat.list_rooms(&site(), cursor, limit, NOON).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidField, "{cursor:?} {limit:?}");
    }
}

#[tokio::test]
async fn a_new_room_has_an_unguessable_link() {
    let env = test_env().await;
    let body = parse_body(r#"{"name":"  Ada's café ","topic":"","visibility":"public"}"#).unwrap();
    let made = env.chat.create_room(&site(), body, None, NOON).await.unwrap();
    assert_eq!(made.room_id.len(), 16);
    assert_eq!(made.link, format!("https://chat.example/#/rooms/{}", made.room_id));
    assert_eq!(made.name, "Ada's caf\u{e9}");
    assert_eq!((made.topic.as_deref(), made.people), (None, 0));
    assert_eq!(env.chat.describe_room(&site(), &made.room_id, None, NOON).await.unwrap(), made);
}

#[tokio::test]
async fn only_the_owner_closes_a_room_and_everyone_then_leaves_it() {
    let env = test_env().await;
    env.room("r", Visibility::Public, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.joined("bob-1", "r", NOON).await;
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    env.gateway.take("bob-1");

    let close = async |user: &str, room: &str| env.chat.close_room(&person(user), room, Instant::now(), NOON).await;
    assert_eq!(close("bob", "r").await.unwrap_err().code(), ErrorCode::Forbidden);
    assert_eq!(close("ada", "nowhere").await.unwrap_err().code(), ErrorCode::RoomNotFound);
    close("ada", "r").await.unwrap();

    let notice = json!({
        "type": "notice", "room": "r", "epoch": "e1", "seq": 2, "kind": "closed", "name": "Room r",
        "by": { "userId": "ada", "name": "ada" }, "at": NOON,
    });
    assert_eq!(
        env.gateway.take("bob-1"),
        [notice, json!({ "type": "left", "room": "r", "reason": "closed" })],
        "everyone gets the notice and leaves"
    );
    assert_eq!(env.chat.connections.in_room("r").await.unwrap(), []);
    assert_eq!(
        env.chat.log.get(LogKey { room_id: "r", epoch: "e1", seq: 1 }).await.unwrap(),
        None,
        "messages are deleted"
    );
    assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap_err().code(), ErrorCode::RoomClosed);
    assert_eq!(env.chat.rooms.next_seq("r", NOON).await.unwrap_err().code(), ErrorCode::RoomClosed);
    close("ada", "r").await.unwrap();
}

#[tokio::test]
async fn nobody_can_close_a_room_without_an_owner() {
    let env = test_env().await;
    let body = parse_body(r#"{"name":"Nobody's"}"#).unwrap();
    let made = env.chat.create_room(&site(), body, None, NOON).await.unwrap();
    let refused = env.chat.close_room(&person(""), &made.room_id, Instant::now(), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Forbidden);
}

#[tokio::test]
async fn renaming_a_room_stores_and_posts_a_notice() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.joined("bob-1", "r", NOON).await;
    env.gateway.take("bob-1");
    let rename = async |user: &str, body: &str| {
        env.chat.update_room(&site(), &person(user), "r", &parse_body(body).unwrap(), NOON).await
    };

    assert_eq!(rename("bob", r#"{"name":"Bob's"}"#).await.unwrap_err().code(), ErrorCode::Forbidden);
    assert_eq!(rename("ada", "{}").await.unwrap_err().code(), ErrorCode::InvalidField);
    let room = rename("ada", r#"{"name":"Tea","topic":"Green"}"#).await.unwrap();
    assert_eq!((room.name.as_str(), room.topic.as_deref()), ("Tea", Some("Green")));
    let notice = json!({
        "type": "notice", "room": "r", "epoch": "e1", "seq": 1, "kind": "renamed", "name": "Tea", "topic": "Green",
        "by": { "userId": "ada", "name": "ada" }, "at": NOON,
    });
    assert_eq!(env.gateway.take("bob-1"), [notice]);

    rename("ada", r#"{"name":"Tea"}"#).await.unwrap();
    assert_eq!(env.gateway.take("bob-1"), Vec::<serde_json::Value>::new(), "an unchanged room has no notice");
    let room = rename("ada", r#"{"topic":""}"#).await.unwrap();
    assert_eq!((room.name.as_str(), room.topic), ("Tea", None));
    assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap().seq, 2);

    for (body, name) in [(r#"{"topic":null}"#, "Tea"), (r#"{"name":"Coffee","topic":null}"#, "Coffee")] {
        rename("ada", r#"{"topic":"Black"}"#).await.unwrap();
        let room = rename("ada", body).await.unwrap();
        assert_eq!((room.name.as_str(), room.topic), (name, None), "{body}");
    }
}

#[tokio::test]
async fn clearing_starts_an_epoch_in_which_earlier_positions_are_invalid() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    for id in ["m1", "m2", "m3"] {
        env.send(&ada, "r", id, NOON).await.unwrap();
    }
    let refused = env.chat.clear_room(&person("bob"), "r", None, Instant::now(), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Forbidden);
    env.gateway.take("ada-1");
    env.chat.clear_room(&person("ada"), "r", None, Instant::now(), NOON).await.unwrap();
    let notice = env.gateway.take("ada-1").remove(0);
    assert_eq!((&notice["kind"], &notice["seq"]), (&json!("cleared"), &json!(1)));
    let epoch = env.chat.rooms.open("r", NOON).await.unwrap().epoch;
    assert_eq!(notice["epoch"], epoch.as_str());
    assert_eq!(env.log_rows("r").await, [], "messages are deleted");

    // A number drawn before the clear belongs to the old epoch. The same id is another message in the new one.
    env.append("r", 4, &ada, "late", NOON).await;
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    env.send(&ada, "r", "late", NOON).await.unwrap();
    env.gateway.take("ada-1");
    let join = support::frame(r#"{"action":"join","room":"r","since":{"epoch":"e1","seq":1}}"#);
    env.chat.join(&ada, join, NOON).await.unwrap();
    let joined = env.gateway.take("ada-1").remove(0);
    assert_eq!((&joined["recovered"], &joined["from"], &joined["to"]), (&json!(false), &json!(1), &json!(3)));
    assert_eq!(joined["events"][1]["text"], "said m1");
}

#[tokio::test]
async fn a_slow_clear_deletes_nothing_that_was_sent_after_a_later_clear() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.send(&ada, "r", "old", NOON).await.unwrap();
    // While the first clear is delayed, another one begins and ends, and people go on sending.
    let owner = person("ada");
    let meanwhile = async || {
        env.chat.clear_room(&owner, "r", None, Instant::now(), NOON).await.unwrap();
        env.send(&ada, "r", "new", NOON).await.unwrap();
    };
    for n in 1.. {
        let (ended, happened) = env
            .faults
            .during(n, Fault::Delay, env.faulty.clear_room(&owner, "r", None, Instant::now(), NOON), meanwhile)
            .await;
        assert!(matches!(ended, Ended::Finished(Ok(_))), "call {n}");
        if !happened {
            break;
        }
        let room = env.chat.rooms.open("r", NOON).await.unwrap();
        // Too early for a reader to void anything: a page that reaches the end found an event at each number.
        let page = page(&env.chat.log, &room, PageRange::After(0), ALL, NOON).await.unwrap();
        assert_eq!(page.to, room.seq, "call {n}: {:?}", page.events);
    }
}

#[tokio::test]
async fn a_change_that_names_a_cleared_epoch_is_refused() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    env.chat.clear_room(&person("ada"), "r", None, Instant::now(), NOON).await.unwrap();
    env.send(&ada, "r", "m2", NOON).await.unwrap();
    let delete = support::frame(r#"{"action":"delete","room":"r","epoch":"e1","seq":2,"id":"d"}"#);
    let refused = env.chat.delete(&ada, delete, NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::MessageNotFound);
}

#[tokio::test]
async fn two_simultaneous_updates_of_a_room_both_take_effect() {
    let owner = person("ada");
    for n in 1.. {
        let env = test_env().await;
        env.room("r", Visibility::Unlisted, NOON).await;
        let rename =
            async |chat: &Chat, body| chat.update_room(&site(), &owner, "r", &parse_body(body).unwrap(), NOON).await;
        let meanwhile = async || {
            rename(&env.chat, r#"{"topic":"Green"}"#).await.unwrap();
        };
        let renamed = rename(&env.faulty, r#"{"name":"Tea"}"#);
        let (ended, happened) = env.faults.during(n, Fault::Delay, renamed, meanwhile).await;
        assert!(matches!(ended, Ended::Finished(Ok(_))), "call {n}");
        if !happened {
            break;
        }
        let room = env.chat.rooms.open("r", NOON).await.unwrap();
        assert_eq!((room.name.as_str(), room.topic.as_deref()), ("Tea", Some("Green")), "call {n}");
    }
}

/// A deadline that no test reaches.
fn far_deadline() -> Instant {
    Instant::now() + Duration::from_secs(3600)
}

/// Returns a room whose log takes several pages to delete.
async fn long_log() -> TestEnv {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    // Numbers far beyond those drawn in these tests.
    for seq in 1_001..=1_250 {
        env.append("r", seq, &ada, &format!("m{seq}"), NOON).await;
    }
    assert_eq!(env.rows("r").await, 500);
    env
}

#[tokio::test]
async fn a_long_log_is_deleted_over_several_requests() {
    let env = long_log().await;
    let owner = person("ada");
    let close = async || env.chat.close_room(&owner, "r", Instant::now(), NOON).await.unwrap();
    for left in [301, 250, 50] {
        assert!(!close().await, "each request has time for one page");
        assert_eq!((env.rows("r").await, env.rows("remains").await), (left, 1));
    }
    assert!(close().await);
    assert_eq!((env.rows("r").await, env.rows("remains").await), (0, 1));
    let other = long_log().await;
    assert!(other.chat.close_room(&owner, "r", far_deadline(), NOON).await.unwrap());
    assert_eq!(other.rows("r").await, 0);
}

#[tokio::test]
async fn repeating_a_clear_deletes_the_rest_of_its_epoch_and_nothing_newer() {
    let env = long_log().await;
    let (ada, owner) = (env.joined("ada-2", "r", NOON).await, person("ada"));
    let clear = async |epoch, until| env.chat.clear_room(&owner, "r", epoch, until, NOON).await.unwrap();
    let left = clear(None, Instant::now()).await.unwrap();
    assert_eq!(left.epoch, "e1");
    env.send(&ada, "r", "new", NOON).await.unwrap();
    assert_eq!(clear(Some("e1"), Instant::now()).await, Some(left));
    assert_eq!(clear(Some("e1"), far_deadline()).await, None);
    assert_eq!(clear(Some("e1"), far_deadline()).await, None, "repeating it is harmless");
    assert_eq!(clear(Some("never"), far_deadline()).await, None);
    let now = env.chat.rooms.open("r", NOON).await.unwrap();
    assert_eq!((now.seq, env.rows("r").await), (2, 3), "the notice, and the new message with its marker");
    // The current epoch can be given, too.
    assert_eq!(clear(Some(&now.epoch), far_deadline()).await, None);
    assert_ne!(env.chat.rooms.open("r", NOON).await.unwrap().epoch, now.epoch);
}

#[tokio::test]
async fn of_two_simultaneous_clears_of_an_epoch_one_takes_effect_and_later_messages_stay() {
    let owner = person("ada");
    for n in 1.. {
        let env = test_env().await;
        env.room("r", Visibility::Unlisted, NOON).await;
        let ada = env.joined("ada-1", "r", NOON).await;
        env.send(&ada, "r", "old", NOON).await.unwrap();
        let clear = async |chat: &Chat| chat.clear_room(&owner, "r", Some("e1"), far_deadline(), NOON).await;
        let meanwhile = async || {
            clear(&env.chat).await.unwrap();
            env.send(&ada, "r", "new", NOON).await.unwrap();
        };
        let (ended, happened) = env.faults.during(n, Fault::Delay, clear(&env.faulty), meanwhile).await;
        assert!(matches!(ended, Ended::Finished(Ok(None))), "call {n}");
        if !happened {
            break;
        }
        let room = env.chat.rooms.open("r", NOON).await.unwrap();
        let events = page(&env.chat.log, &room, PageRange::After(0), ALL, NOON).await.unwrap().events;
        let notices = events.iter().filter(|event| matches!(event, LogEvent::Notice(_))).count();
        assert_eq!((events.len(), notices), (2, 1), "call {n}: {events:?}");
    }
}

#[tokio::test]
async fn the_row_of_a_closed_room_becomes_a_tombstone_only_after_its_log_is_deleted() {
    let env = long_log().await;
    assert!(!env.chat.close_room(&person("ada"), "r", Instant::now(), NOON).await.unwrap());
    let sweep = async |until, now| env.chat.sweeper().delete_rooms(until, now).await.unwrap().deleted;
    assert_eq!(sweep(Instant::now(), NOON + LATE).await, 0);
    assert!(env.chat.rooms.owned("r", "ada").await.is_ok(), "the owner can still delete the rest");
    assert_eq!(sweep(far_deadline(), NOON + LATE).await, 1);
    let rooms = &env.chat.rooms;
    let key = AttributeValue::S("r".into());
    let read = rooms.db.get_item().table_name(&rooms.table).key("roomId", key).send().await.unwrap();
    let week = (NOON + LATE) / 1000 + 7 * 24 * 3600;
    assert_eq!(read.item.unwrap().get("ttl"), Some(&AttributeValue::N(week.to_string())));
    assert_eq!(env.rows("r").await, 0);
}

#[tokio::test]
async fn a_deletion_that_is_killed_leaves_a_remains_row_and_can_be_continued() {
    for operation in ["clear", "close"] {
        for n in 1.. {
            let env = test_env().await;
            env.room("r", Visibility::Unlisted, NOON).await;
            let ada = env.joined("ada-1", "r", NOON).await;
            for id in ["m1", "m2", "m3"] {
                env.send(&ada, "r", id, NOON).await.unwrap();
            }
            let owner = person("ada");
            let end = async |chat: &Chat, now| match operation {
                "clear" => chat.clear_room(&owner, "r", None, far_deadline(), now).await.map(|left| left.is_none()),
                _ => chat.close_room(&owner, "r", far_deadline(), now).await,
            };
            let (_, happened) = env.faults.during(n, Fault::Stop, end(&env.faulty, NOON), async || {}).await;
            let is_over = env.chat.rooms.open("r", NOON).await.map(|room| room.epoch).ok().as_deref() != Some("e1");
            let is_left = !env.log_rows("r").await.is_empty();
            assert!(
                !is_over || !is_left || env.rows("remains").await > 0,
                "{operation}, call {n}: no remains row names the rest"
            );
            assert!(end(&env.chat, NOON + MINUTE).await.unwrap());
            assert_eq!(env.log_rows("r").await, [], "{operation}, call {n}");
            if !happened {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_late_event_in_a_log_that_is_over_is_deleted_by_a_later_request() {
    for operation in ["clear", "close"] {
        let env = test_env().await;
        env.room("r", Visibility::Unlisted, NOON).await;
        let ada = env.joined("ada-1", "r", NOON).await;
        let end = async |now| match operation {
            "clear" => env.chat.clear_room(&person("ada"), "r", None, far_deadline(), now).await.unwrap().is_none(),
            _ => env.chat.close_room(&person("ada"), "r", far_deadline(), now).await.unwrap(),
        };
        assert!(end(NOON).await);
        env.append("r", 1, &ada, "late", NOON).await;
        assert_eq!(env.rows("remains").await, 1, "{operation}: the remains row stays while events may still arrive");
        assert!(end(NOON + MINUTE).await);
        assert_eq!(env.log_rows("r").await, [], "{operation}");
        assert_eq!(
            env.rows("remains").await,
            usize::from(operation == "clear"),
            "{operation}: only the row of the latest clear"
        );
    }
}

#[tokio::test]
async fn clearing_an_expired_room_is_refused_and_changes_nothing() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    let before = env.chat.rooms.owned("r", "ada").await.unwrap();
    let rows = env.rows("r").await;

    let next_day = NOON + 24 * HOUR + MINUTE;
    let refused = env.chat.clear_room(&person("ada"), "r", None, Instant::now(), next_day).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::RoomClosed);
    assert_eq!(env.chat.rooms.owned("r", "ada").await.unwrap(), before);
    assert_eq!((env.rows("r").await, env.rows("remains").await), (rows, 0));

    // Closing it is possible, and deletes its log.
    let owner = person("ada");
    assert!(env.chat.close_room(&owner, "r", far_deadline(), next_day).await.unwrap());
    assert_eq!(env.rows("r").await, 0);
}
