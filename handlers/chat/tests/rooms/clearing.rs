//! Clearing a room starts a new epoch, and touches nothing of a newer one.

use parlor_chat::Chat;
use parlor_chat::log::history::{PageRange, page};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::log::LogEvent;
use serde_json::json;
use tokio::time::Instant;

use crate::far_deadline;
use crate::support::faults::{Ended, Fault};
use crate::support::{ALL, HOUR, MINUTE, NOON, person, test_env};

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
    let join = crate::support::frame(r#"{"action":"join","room":"r","since":{"epoch":"e1","seq":1}}"#);
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
        let page = page(&env.chat.log, &room, 1, PageRange::After(0), ALL, NOON).await.unwrap();
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
    let delete = crate::support::frame(r#"{"action":"delete","room":"r","epoch":"e1","seq":2,"id":"d"}"#);
    let refused = env.chat.delete(&ada, delete, NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::MessageNotFound);
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
        let events = page(&env.chat.log, &room, 1, PageRange::After(0), ALL, NOON).await.unwrap().events;
        let notices = events.iter().filter(|event| matches!(event, LogEvent::Notice(_))).count();
        assert_eq!((events.len(), notices), (2, 1), "call {n}: {events:?}");
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
