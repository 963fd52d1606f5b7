//! Rooms: the lobby shows the open public ones and no others; only the owner closes one, and then it is over.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by stopping"
)]

mod support;

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use parlor_chat::Chat;
use parlor_chat::log::history::{PageRange, page};
use parlor_chat::rooms::lobby::Site;
use parlor_chat::store::LogKey;
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::log::LogEvent;
use serde_json::json;
use support::faults::{Ended, Fault};
use support::{ALL, HOUR, MINUTE, NOON, World, person, world};
use tokio::time::Instant;

fn site() -> Site {
    Site { url: "https://chat.example/".into() }
}

#[tokio::test]
async fn the_lobby_lists_open_public_rooms_most_recently_active_first_page_by_page() {
    let world = world().await;
    for n in 0..7 {
        world.room(&format!("public-{n}"), Visibility::Public, NOON + n * MINUTE).await;
    }
    world.room("unlisted", Visibility::Unlisted, NOON + 10 * MINUTE).await;
    world.room("closed", Visibility::Public, NOON + 10 * MINUTE).await;
    world.chat.close_room(&person("ada"), "closed", Instant::now(), NOON + 10 * MINUTE).await.unwrap();
    // Talk moves a room to the top.
    world.chat.rooms.next_seq("public-0", NOON + 20 * MINUTE).await.unwrap();
    world.joined("ada-1", "public-0", NOON + 20 * MINUTE).await;
    world.joined("ada-2", "public-0", NOON + 20 * MINUTE).await;

    let now = NOON + 21 * MINUTE;
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = world.chat.list_rooms(&site(), cursor.as_deref(), Some(3), now).await.unwrap();
        assert!(page.rooms.len() <= 3);
        seen.extend(page.rooms.into_iter().map(|room| (room.room_id, room.people)));
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    let expected = ["public-0", "public-6", "public-5", "public-4", "public-3", "public-2", "public-1"];
    assert_eq!(seen.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), expected);
    assert_eq!(seen[0].1, 1, "two connections of one person are one");

    let next_day = NOON + 24 * HOUR + 7 * MINUTE;
    let left = world.chat.list_rooms(&site(), None, None, next_day).await.unwrap();
    assert_eq!(left.rooms.iter().map(|room| room.room_id.as_str()).collect::<Vec<_>>(), ["public-0"]);
}

#[tokio::test]
async fn a_limit_or_cursor_that_is_none_is_refused() {
    let world = world().await;
    let table = [(None, Some(0)), (None, Some(51)), (Some(""), None), (Some("x"), None), (Some("12-abc"), None)];
    for (cursor, limit) in table {
        let refused = world.chat.list_rooms(&site(), cursor, limit, NOON).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidField, "{cursor:?} {limit:?}");
    }
}

#[tokio::test]
async fn a_new_room_has_a_link_that_nobody_guesses() {
    let world = world().await;
    let body = parse_body(r#"{"name":"  Ada's café ","topic":"","visibility":"public"}"#).unwrap();
    let made = world.chat.create_room(&site(), body, None, NOON).await.unwrap();
    assert_eq!(made.room_id.len(), 16);
    assert_eq!(made.link, format!("https://chat.example/#/rooms/{}", made.room_id));
    assert_eq!(made.name, "Ada's caf\u{e9}");
    assert_eq!((made.topic.as_deref(), made.people), (None, 0));
    assert_eq!(world.chat.describe_room(&site(), &made.room_id, NOON).await.unwrap(), made);
}

#[tokio::test]
async fn only_the_owner_closes_a_room_and_then_it_is_over_for_everyone() {
    let world = world().await;
    world.room("r", Visibility::Public, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    world.joined("bob-1", "r", NOON).await;
    world.send(&ada, "r", "m1", NOON).await.unwrap();
    world.gateway.take("bob-1");

    let close = async |user: &str, room: &str| world.chat.close_room(&person(user), room, Instant::now(), NOON).await;
    assert_eq!(close("bob", "r").await.unwrap_err().code(), ErrorCode::Forbidden);
    assert_eq!(close("ada", "nowhere").await.unwrap_err().code(), ErrorCode::RoomNotFound);
    close("ada", "r").await.unwrap();

    let notice = json!({
        "type": "notice", "room": "r", "epoch": "e1", "seq": 2, "kind": "closed", "name": "Room r",
        "by": { "userId": "ada", "name": "ada" }, "at": NOON,
    });
    assert_eq!(
        world.gateway.take("bob-1"),
        [notice, json!({ "type": "left", "room": "r", "reason": "closed" })],
        "everyone is told, and out"
    );
    assert_eq!(world.chat.connections.in_room("r").await.unwrap(), []);
    assert_eq!(
        world.chat.log.get(LogKey { room_id: "r", epoch: "e1", seq: 1 }).await.unwrap(),
        None,
        "what was said is deleted"
    );
    assert_eq!(world.chat.rooms.open("r", NOON).await.unwrap_err().code(), ErrorCode::RoomClosed);
    assert_eq!(world.chat.rooms.next_seq("r", NOON).await.unwrap_err().code(), ErrorCode::RoomClosed);
    close("ada", "r").await.unwrap();
}

#[tokio::test]
async fn a_room_that_nobody_owns_is_closed_by_nobody() {
    let world = world().await;
    let body = parse_body(r#"{"name":"Nobody's"}"#).unwrap();
    let made = world.chat.create_room(&site(), body, None, NOON).await.unwrap();
    let refused = world.chat.close_room(&person(""), &made.room_id, Instant::now(), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Forbidden);
}

#[tokio::test]
async fn the_owner_renames_a_room_and_everyone_learns_it_in_the_log() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    world.joined("bob-1", "r", NOON).await;
    world.gateway.take("bob-1");
    let rename = async |user: &str, body: &str| {
        world.chat.update_room(&site(), &person(user), "r", &parse_body(body).unwrap(), NOON).await
    };

    assert_eq!(rename("bob", r#"{"name":"Bob's"}"#).await.unwrap_err().code(), ErrorCode::Forbidden);
    assert_eq!(rename("ada", "{}").await.unwrap_err().code(), ErrorCode::InvalidField);
    let room = rename("ada", r#"{"name":"Tea","topic":"Green"}"#).await.unwrap();
    assert_eq!((room.name.as_str(), room.topic.as_deref()), ("Tea", Some("Green")));
    let notice = json!({
        "type": "notice", "room": "r", "epoch": "e1", "seq": 1, "kind": "renamed", "name": "Tea", "topic": "Green",
        "by": { "userId": "ada", "name": "ada" }, "at": NOON,
    });
    assert_eq!(world.gateway.take("bob-1"), [notice]);

    rename("ada", r#"{"name":"Tea"}"#).await.unwrap();
    assert_eq!(world.gateway.take("bob-1"), Vec::<serde_json::Value>::new(), "nothing changed, nothing happened");
    let room = rename("ada", r#"{"topic":""}"#).await.unwrap();
    assert_eq!((room.name.as_str(), room.topic), ("Tea", None));
    assert_eq!(world.chat.rooms.open("r", NOON).await.unwrap().seq, 2);

    for (body, name) in [(r#"{"topic":null}"#, "Tea"), (r#"{"name":"Coffee","topic":null}"#, "Coffee")] {
        rename("ada", r#"{"topic":"Black"}"#).await.unwrap();
        let room = rename("ada", body).await.unwrap();
        assert_eq!((room.name.as_str(), room.topic), (name, None), "{body}");
    }
}

#[tokio::test]
async fn a_cleared_room_has_another_epoch_and_no_position_of_before_counts() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    for id in ["m1", "m2", "m3"] {
        world.send(&ada, "r", id, NOON).await.unwrap();
    }
    let refused = world.chat.clear_room(&person("bob"), "r", None, Instant::now(), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Forbidden);
    world.gateway.take("ada-1");
    world.chat.clear_room(&person("ada"), "r", None, Instant::now(), NOON).await.unwrap();
    let notice = world.gateway.take("ada-1").remove(0);
    assert_eq!((&notice["kind"], &notice["seq"]), (&json!("cleared"), &json!(1)));
    let epoch = world.chat.rooms.open("r", NOON).await.unwrap().epoch;
    assert_eq!(notice["epoch"], epoch.as_str());
    assert_eq!(world.log_rows("r").await, [], "what was said is deleted");

    // A number of the old log that was drawn in time is in the old log; the same id is another message in the new one.
    world.append("r", 4, &ada, "late", NOON).await;
    world.send(&ada, "r", "m1", NOON).await.unwrap();
    world.send(&ada, "r", "late", NOON).await.unwrap();
    world.gateway.take("ada-1");
    let join = support::frame(r#"{"action":"join","room":"r","since":{"epoch":"e1","seq":1}}"#);
    world.chat.join(&ada, join, NOON).await.unwrap();
    let joined = world.gateway.take("ada-1").remove(0);
    assert_eq!((&joined["recovered"], &joined["from"], &joined["to"]), (&json!(false), &json!(1), &json!(3)));
    assert_eq!(joined["events"][1]["text"], "said m1");
}

#[tokio::test]
async fn a_clear_that_takes_long_deletes_nothing_of_what_was_said_after_the_next() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    world.send(&ada, "r", "old", NOON).await.unwrap();
    // The first one has everything before it but its end; meanwhile another one begins and ends, and people talk on.
    let owner = person("ada");
    let meanwhile = async || {
        world.chat.clear_room(&owner, "r", None, Instant::now(), NOON).await.unwrap();
        world.send(&ada, "r", "new", NOON).await.unwrap();
    };
    for n in 1.. {
        let (ended, happened) = world
            .faults
            .during(n, Fault::Delay, world.faulty.clear_room(&owner, "r", None, Instant::now(), NOON), meanwhile)
            .await;
        assert!(matches!(ended, Ended::Finished(Ok(_))), "call {n}");
        if !happened {
            break;
        }
        let room = world.chat.rooms.open("r", NOON).await.unwrap();
        // Too early for a reader to void anything: a page that reaches the end found something at each number.
        let page = page(&world.chat.log, &room, PageRange::After(0), ALL, NOON).await.unwrap();
        assert_eq!(page.to, room.seq, "call {n}: {:?}", page.events);
    }
}

#[tokio::test]
async fn a_change_of_a_log_that_was_cleared_changes_nothing_in_the_next() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    world.send(&ada, "r", "m1", NOON).await.unwrap();
    world.chat.clear_room(&person("ada"), "r", None, Instant::now(), NOON).await.unwrap();
    world.send(&ada, "r", "m2", NOON).await.unwrap();
    let delete = support::frame(r#"{"action":"delete","room":"r","epoch":"e1","seq":2,"id":"d"}"#);
    let refused = world.chat.delete(&ada, delete, NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::MessageNotFound);
}

#[tokio::test]
async fn of_two_who_rename_a_room_at_once_neither_undoes_the_other() {
    let owner = person("ada");
    for n in 1.. {
        let world = world().await;
        world.room("r", Visibility::Unlisted, NOON).await;
        let rename =
            async |chat: &Chat, body| chat.update_room(&site(), &owner, "r", &parse_body(body).unwrap(), NOON).await;
        let meanwhile = async || {
            rename(&world.chat, r#"{"topic":"Green"}"#).await.unwrap();
        };
        let named = rename(&world.faulty, r#"{"name":"Tea"}"#);
        let (ended, happened) = world.faults.during(n, Fault::Delay, named, meanwhile).await;
        assert!(matches!(ended, Ended::Finished(Ok(_))), "call {n}");
        if !happened {
            break;
        }
        let room = world.chat.rooms.open("r", NOON).await.unwrap();
        assert_eq!((room.name.as_str(), room.topic.as_deref()), ("Tea", Some("Green")), "call {n}");
    }
}

/// Later than any test takes.
fn in_time() -> Instant {
    Instant::now() + Duration::from_secs(3600)
}

/// A room in which so much was said that its log takes several pages to delete.
async fn long_log() -> World {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    // Numbers far beyond those that are given out here.
    for seq in 1_001..=1_250 {
        world.append("r", seq, &ada, &format!("m{seq}"), NOON).await;
    }
    assert_eq!(world.rows("r").await, 500);
    world
}

#[tokio::test]
async fn a_long_log_is_deleted_in_as_many_requests_as_it_takes() {
    let world = long_log().await;
    let owner = person("ada");
    let close = async || world.chat.close_room(&owner, "r", Instant::now(), NOON).await.unwrap();
    for left in [301, 250, 50] {
        assert!(!close().await, "each request has time for one page");
        assert_eq!((world.rows("r").await, world.rows("remains").await), (left, 1));
    }
    assert!(close().await);
    assert_eq!((world.rows("r").await, world.rows("remains").await), (0, 1));
    let other = long_log().await;
    assert!(other.chat.close_room(&owner, "r", in_time(), NOON).await.unwrap());
    assert_eq!(other.rows("r").await, 0);
}

#[tokio::test]
async fn clearing_a_log_again_deletes_what_an_earlier_request_left_and_nothing_newer() {
    let world = long_log().await;
    let (ada, owner) = (world.joined("ada-2", "r", NOON).await, person("ada"));
    let clear = async |epoch, until| world.chat.clear_room(&owner, "r", epoch, until, NOON).await.unwrap();
    let left = clear(None, Instant::now()).await.unwrap();
    assert_eq!(left.epoch, "e1");
    world.send(&ada, "r", "new", NOON).await.unwrap();
    assert_eq!(clear(Some("e1"), Instant::now()).await, Some(left));
    assert_eq!(clear(Some("e1"), in_time()).await, None);
    assert_eq!(clear(Some("e1"), in_time()).await, None, "nor does it matter how often");
    assert_eq!(clear(Some("never"), in_time()).await, None);
    let now = world.chat.rooms.open("r", NOON).await.unwrap();
    assert_eq!((now.seq, world.rows("r").await), (2, 3), "the notice, and the new message with its marker");
    // The present one can be named, too.
    assert_eq!(clear(Some(&now.epoch), in_time()).await, None);
    assert_ne!(world.chat.rooms.open("r", NOON).await.unwrap().epoch, now.epoch);
}

#[tokio::test]
async fn of_two_who_clear_a_log_at_once_one_does_and_what_is_said_then_stays() {
    let owner = person("ada");
    for n in 1.. {
        let world = world().await;
        world.room("r", Visibility::Unlisted, NOON).await;
        let ada = world.joined("ada-1", "r", NOON).await;
        world.send(&ada, "r", "old", NOON).await.unwrap();
        let clear = async |chat: &Chat| chat.clear_room(&owner, "r", Some("e1"), in_time(), NOON).await;
        let meanwhile = async || {
            clear(&world.chat).await.unwrap();
            world.send(&ada, "r", "new", NOON).await.unwrap();
        };
        let (ended, happened) = world.faults.during(n, Fault::Delay, clear(&world.faulty), meanwhile).await;
        assert!(matches!(ended, Ended::Finished(Ok(None))), "call {n}");
        if !happened {
            break;
        }
        let room = world.chat.rooms.open("r", NOON).await.unwrap();
        let events = page(&world.chat.log, &room, PageRange::After(0), ALL, NOON).await.unwrap().events;
        let notices = events.iter().filter(|event| matches!(event, LogEvent::Notice(_))).count();
        assert_eq!((events.len(), notices), (2, 1), "call {n}: {events:?}");
    }
}

#[tokio::test]
async fn the_row_of_a_closed_room_stays_until_its_log_is_deleted() {
    let world = long_log().await;
    let owner = person("ada");
    let close = async |until| world.chat.close_room(&owner, "r", until, NOON).await.unwrap();
    let ttl = async || {
        let rooms = &world.chat.rooms;
        let key = AttributeValue::S("r".into());
        let read = rooms.db.get_item().table_name(&rooms.table).key("roomId", key).send().await.unwrap();
        read.item.unwrap().get("ttl").cloned()
    };
    assert!(!close(Instant::now()).await);
    assert_eq!(ttl().await, None, "its owner must still be able to delete the rest");
    assert!(close(in_time()).await);
    let week = (NOON / 1000 + 7 * 24 * 3600).to_string();
    assert_eq!(ttl().await, Some(AttributeValue::N(week)));
}

#[tokio::test]
async fn a_request_that_dies_while_it_deletes_loses_track_of_nothing() {
    for ends in ["clear", "close"] {
        for n in 1.. {
            let world = world().await;
            world.room("r", Visibility::Unlisted, NOON).await;
            let ada = world.joined("ada-1", "r", NOON).await;
            for id in ["m1", "m2", "m3"] {
                world.send(&ada, "r", id, NOON).await.unwrap();
            }
            let owner = person("ada");
            let end = async |chat: &Chat, now| match ends {
                "clear" => chat.clear_room(&owner, "r", None, in_time(), now).await.map(|left| left.is_none()),
                _ => chat.close_room(&owner, "r", in_time(), now).await,
            };
            let (_, happened) = world.faults.during(n, Fault::Stop, end(&world.faulty, NOON), async || {}).await;
            let is_over = world.chat.rooms.open("r", NOON).await.map(|room| room.epoch).ok().as_deref() != Some("e1");
            let is_left = !world.log_rows("r").await.is_empty();
            assert!(
                !is_over || !is_left || world.rows("remains").await > 0,
                "{ends}, call {n}: nothing names what is left"
            );
            assert!(end(&world.chat, NOON + MINUTE).await.unwrap());
            assert_eq!(world.log_rows("r").await, [], "{ends}, call {n}");
            if !happened {
                break;
            }
        }
    }
}

#[tokio::test]
async fn what_arrives_in_a_log_that_is_over_is_deleted_when_nothing_can_arrive_any_more() {
    for ends in ["clear", "close"] {
        let world = world().await;
        world.room("r", Visibility::Unlisted, NOON).await;
        let ada = world.joined("ada-1", "r", NOON).await;
        let end = async |now| match ends {
            "clear" => world.chat.clear_room(&person("ada"), "r", None, in_time(), now).await.unwrap().is_none(),
            _ => world.chat.close_room(&person("ada"), "r", in_time(), now).await.unwrap(),
        };
        assert!(end(NOON).await);
        world.append("r", 1, &ada, "late", NOON).await;
        assert_eq!(world.rows("remains").await, 1, "{ends}: it is known that something may come");
        assert!(end(NOON + MINUTE).await);
        assert_eq!(world.log_rows("r").await, [], "{ends}");
        assert_eq!(world.rows("remains").await, usize::from(ends == "clear"), "{ends}: only what was cleared just now");
    }
}

#[tokio::test]
async fn a_room_that_has_expired_is_not_cleared_and_stays_as_it_is() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    world.send(&ada, "r", "m1", NOON).await.unwrap();
    let before = world.chat.rooms.owned("r", "ada").await.unwrap();
    let rows = world.rows("r").await;

    let next_day = NOON + 24 * HOUR + MINUTE;
    let refused = world.chat.clear_room(&person("ada"), "r", None, Instant::now(), next_day).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::RoomClosed);
    assert_eq!(world.chat.rooms.owned("r", "ada").await.unwrap(), before);
    assert_eq!((world.rows("r").await, world.rows("remains").await), (rows, 0));

    // It can be closed, which deletes its log.
    let owner = person("ada");
    assert!(world.chat.close_room(&owner, "r", in_time(), next_day).await.unwrap());
    assert_eq!((world.rows("r").await, world.rows("remains").await), (0, 0));
}
