//! A log that is over is deleted to the last row, page by page, whatever interrupts it.

use aws_sdk_dynamodb::types::AttributeValue;
use parlor_chat::Chat;
use parlor_chat::store::LATE;
use parlor_protocol::http::Visibility;
use tokio::time::Instant;

use crate::far_deadline;
use crate::support::faults::Fault;
use crate::support::{MINUTE, NOON, TestEnv, person, test_env};

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
async fn the_row_of_a_closed_room_becomes_a_tombstone_only_after_its_log_is_deleted() {
    let env = long_log().await;
    assert!(!env.chat.close_room(&person("ada"), "r", Instant::now(), NOON).await.unwrap());
    let sweep = async |until, now| {
        env.chat.sweeper().end_rooms(far_deadline(), now).await.unwrap();
        env.chat.sweeper().delete_rooms(until, now).await.unwrap().deleted
    };
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
