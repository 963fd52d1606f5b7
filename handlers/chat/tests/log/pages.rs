//! Log pages: which numbers each covers, and how a client resumes.

use parlor_chat::log::history::{PageLimits, PageRange, page};
use parlor_chat::store::{Gate, MessageRow};
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::PAGE_BYTES;

use crate::support::{NOON, frame, test_env};
use crate::{append, message, read, seqs};

#[tokio::test]
async fn log_pages_cover_exactly_the_requested_numbers() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    for n in 1..=10 {
        env.send(&ada, "r", &format!("m{n}"), NOON).await.unwrap();
    }
    let table = [
        (PageRange::Newest, 3, (8, 10)),
        (PageRange::Newest, 100, (1, 10)),
        (PageRange::Before(8), 3, (5, 7)),
        (PageRange::Before(2), 3, (1, 1)),
        (PageRange::Before(1), 3, (1, 0)),
        (PageRange::Before(0), 3, (1, 0)),
        (PageRange::Before(u64::MAX), 3, (8, 10)),
        (PageRange::After(0), 3, (1, 3)),
        (PageRange::After(8), 3, (9, 10)),
        (PageRange::After(10), 3, (11, 10)),
        (PageRange::After(u64::MAX), 3, (11, 10)),
    ];
    for (range, length, (from, to)) in table {
        let page = read(&env, range, length, NOON).await;
        assert_eq!((page.from, page.to), (from, to), "{range:?} {length}");
        assert_eq!(seqs(&page), (from..=to).collect::<Vec<_>>(), "{range:?} {length}");
    }
}

#[tokio::test]
async fn a_log_page_stays_within_its_size_and_states_its_range() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    for n in 1..=20u64 {
        env.chat.rooms.next_seq("r", Gate::Unchecked, NOON).await.unwrap();
        let long = MessageRow { text: "\u{1F600}".repeat(4000), ..message(&format!("m{n}"), NOON) };
        append(&env, n, long, NOON).await;
    }
    for range in [PageRange::Newest, PageRange::After(0)] {
        let page = read(&env, range, 20, NOON).await;
        assert!(serde_json::to_vec(&page.events).unwrap().len() <= PAGE_BYTES);
        assert_eq!(seqs(&page), (page.from..=page.to).collect::<Vec<_>>());
        let expected = if range == PageRange::Newest { (15, 20) } else { (1, 6) };
        assert_eq!((page.from, page.to), expected, "six messages of 16 KB");
    }
}

#[tokio::test]
async fn resuming_continues_after_the_position_or_reports_that_it_cannot() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    for n in 1..=301 {
        env.chat.rooms.next_seq("r", Gate::Unchecked, NOON).await.unwrap();
        append(&env, n, message(&format!("m{n}"), NOON), NOON).await;
    }
    let table = [
        (r#"{"epoch":"e1","seq":301}"#, true, (302, 301)),
        (r#"{"epoch":"e1","seq":299}"#, true, (300, 301)),
        (r#"{"epoch":"e1","seq":1}"#, true, (2, 101)),
        (r#"{"epoch":"e1","seq":0}"#, false, (252, 301)),
        (r#"{"epoch":"e1","seq":302}"#, false, (252, 301)),
        (r#"{"epoch":"e0","seq":300}"#, false, (252, 301)),
    ];
    for (since, recovered, (from, to)) in table {
        env.gateway.take("ada-1");
        let join = frame(&format!(r#"{{"action":"join","room":"r","since":{since}}}"#));
        env.chat.join(&ada, join, NOON).await.unwrap();
        let joined = env.gateway.take("ada-1").remove(0);
        assert_eq!(joined["recovered"], recovered, "{since}");
        assert_eq!((joined["from"].as_u64(), joined["to"].as_u64()), (Some(from), Some(to)), "{since}");
        assert_eq!(joined["events"].as_array().unwrap().len() as u64, to + 1 - from, "{since}");
    }
}

#[tokio::test]
async fn a_newest_page_too_small_for_the_newest_event_is_empty() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    for n in 1..=3 {
        env.send(&ada, "r", &format!("m{n}"), NOON).await.unwrap();
    }
    let room = env.chat.rooms.open("r", NOON).await.unwrap();
    let table = [
        (PageRange::Newest, 0, 0, (3, 2)),
        (PageRange::Newest, 0, 1, (3, 3)),
        (PageRange::Before(3), 0, 1, (2, 2)),
        (PageRange::After(1), 0, 0, (2, 1)),
        (PageRange::After(1), 0, 1, (2, 2)),
        (PageRange::After(1), 1000, 0, (2, 3)),
    ];
    for (range, bytes, events, expected) in table {
        let limits = PageLimits { numbers: 50, bytes, min_events: events };
        let page = page(&env.chat.log, &room, 1, range, limits, NOON).await.unwrap();
        assert_eq!((page.from, page.to), expected, "{range:?}, {bytes} bytes, {events} events");
        assert_eq!(page.events.len() as u64, page.to + 1 - page.from);
    }
}
