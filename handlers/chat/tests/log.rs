//! The log: an acknowledged event is stored exactly once, and what was read at a number never changes.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod support;

use parlor_chat::Caller;
use parlor_chat::log::history::{PageLimits, PageRange, page};
use parlor_chat::store::{Appended, Companion, DRAWS, Entry, Event, IdempotencyKey, LogKey, MessageRow, VoidRow};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::{EMOJI_PER_MESSAGE, PAGE_BYTES, PEOPLE_LISTED, POST_BYTES, REACTIONS_PER_MESSAGE};
use parlor_protocol::log::{LogEvent, LogPage, Reaction};
use parlor_protocol::person::Person;
use parlor_protocol::{Millis, Seq};
use serde_json::Value;
use support::{HOUR, MINUTE, NOON, SECOND, TestEnv, caller, frame, test_env};
use tokio::time::Instant;

fn message(id: &str, at: Millis) -> MessageRow {
    let ada = Person { user_id: "ada".into(), name: "Ada".into() };
    MessageRow::new(id.into(), ada, format!("said {id}"), at)
}

fn at(seq: Seq) -> LogKey<'static> {
    LogKey { room_id: "r", epoch: "e1", seq }
}

async fn append(env: &TestEnv, seq: Seq, message: MessageRow, now: Millis) -> Appended {
    let marker = Companion::Marker(IdempotencyKey { user_id: message.user_id.clone(), id: message.id.clone() });
    let entry = Entry { event: Event::Message(message), companions: vec![marker] };
    env.chat.log.append(at(seq), &entry, &env.chat.rooms, now).await.unwrap()
}

async fn read(env: &TestEnv, range: PageRange, length: u64, now: Millis) -> LogPage {
    let room = env.chat.rooms.open("r", now).await.unwrap();
    let limits = PageLimits { numbers: length, bytes: PAGE_BYTES, min_events: 1 };
    page(&env.chat.log, &room, range, limits, now).await.unwrap()
}

fn seqs(page: &LogPage) -> Vec<u64> {
    page.events.iter().map(LogEvent::seq).collect()
}

/// A room with a message at 1, 2 drawn and open, and a message of a second later at 3; and their sender.
async fn open_number_between_messages() -> (TestEnv, Caller) {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    env.chat.rooms.next_seq("r", NOON).await.unwrap();
    env.send(&ada, "r", "m3", NOON + SECOND).await.unwrap();
    (env, ada)
}

/// A room with 1 drawn and open, and 2 void; and a caller in it.
async fn open_number_before_a_void() -> (TestEnv, Caller) {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.chat.rooms.next_seq("r", NOON).await.unwrap();
    env.chat.rooms.next_seq("r", NOON).await.unwrap();
    env.chat.log.void(at(2), NOON).await.unwrap();
    (env, ada)
}

#[tokio::test]
async fn a_message_is_stored_posted_to_everyone_and_acknowledged() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.joined("bob-1", "r", NOON).await;
    env.gateway.take("ada-1");
    env.gateway.take("bob-1");

    env.send(&ada, "r", "m1", NOON).await.unwrap();

    let bobs = env.gateway.take("bob-1");
    assert_eq!(bobs.len(), 1);
    assert_eq!(
        bobs[0],
        serde_json::json!({
            "type": "message", "room": "r", "epoch": "e1", "seq": 1, "id": "m1",
            "from": { "userId": "ada", "name": "ada" }, "text": "said m1", "at": NOON,
        })
    );
    let adas = env.gateway.take("ada-1");
    assert_eq!(adas[0], bobs[0]);
    assert_eq!(
        adas[1],
        serde_json::json!({ "type": "ack", "room": "r", "epoch": "e1", "id": "m1", "seq": 1, "at": NOON })
    );
    assert_eq!(seqs(&read(&env, PageRange::Newest, 50, NOON).await), [1]);
}

#[tokio::test]
async fn a_repeated_id_is_the_same_message_and_is_posted_again() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let bob = env.joined("bob-1", "r", NOON).await;
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    env.gateway.take("ada-1");
    env.gateway.take("bob-1");

    // From another connection of the same person.
    let ada_again = env.joined("ada-2", "r", NOON).await;
    env.gateway.take("bob-1");
    env.send(&ada_again, "r", "m1", NOON + SECOND).await.unwrap();

    let bobs = env.gateway.take("bob-1");
    assert_eq!((bobs[0]["seq"].as_u64(), bobs[0]["text"].as_str()), (Some(1), Some("said m1")));
    assert_eq!(bobs[0]["voids"], serde_json::json!([2]), "the number that the retry drew");
    let ack = env.gateway.take("ada-2").pop().unwrap();
    assert_eq!((ack["type"].as_str(), ack["seq"].as_u64()), (Some("ack"), Some(1)));

    // The number that the retry drew is void, so readers do not wait for it.
    let page = read(&env, PageRange::Newest, 50, NOON + SECOND).await;
    assert_eq!((page.seq, page.from, page.to, seqs(&page)), (2, 1, 2, vec![1]));

    // The same id from another person is another message.
    env.send(&bob, "r", "m1", NOON + SECOND).await.unwrap();
    assert_eq!(seqs(&read(&env, PageRange::Newest, 50, NOON + SECOND).await), [1, 3]);
}

#[tokio::test]
async fn an_id_can_be_reused_after_its_marker_has_expired() {
    let env = test_env().await;
    assert_eq!(append(&env, 1, message("m1", NOON), NOON).await, Appended::Stored);
    let just_before = NOON + 24 * HOUR - SECOND;
    assert_eq!(append(&env, 2, message("m1", NOON), just_before).await, Appended::Duplicate(1));
    let after = NOON + 24 * HOUR;
    assert_eq!(append(&env, 3, message("m1", NOON), after).await, Appended::Stored);
}

#[tokio::test]
async fn a_retried_append_whose_response_was_lost_is_a_duplicate() {
    let env = test_env().await;
    append(&env, 1, message("m1", NOON), NOON).await;
    assert_eq!(append(&env, 1, message("m1", NOON), NOON).await, Appended::Duplicate(1));
    assert!(!env.chat.log.void(at(1), NOON).await.unwrap(), "nothing voids it");
}

#[tokio::test]
async fn an_id_used_for_a_different_request_is_refused_and_its_number_is_voided() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    env.gateway.take("ada-1");
    let other = frame(r#"{"action":"send","room":"r","id":"m1","text":"other"}"#);
    let refused = env.chat.send(&ada, other, NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::IdReused);
    let voids = serde_json::json!({ "type": "voids", "room": "r", "epoch": "e1", "seqs": [2] });
    assert_eq!(env.gateway.take("ada-1"), [voids], "everyone is told of the number that this used up");
    let edit = frame(r#"{"action":"edit","room":"r","seq":1,"id":"m1","text":"better"}"#);
    let refused = env.chat.edit(&ada, edit, NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::IdReused);
    assert_eq!(seqs(&read(&env, PageRange::Newest, 50, NOON).await), [1]);
}

#[tokio::test]
async fn a_number_that_a_reader_voided_stays_void_and_the_late_sender_draws_another() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let drawn = env.chat.rooms.next_seq("r", NOON).await.unwrap().unwrap();
    assert_eq!(drawn.seq, 1);

    let later = NOON + 5 * SECOND;
    let page = read(&env, PageRange::Newest, 50, later).await;
    assert_eq!((page.from, page.to, seqs(&page)), (1, 1, vec![]));

    assert_eq!(append(&env, 1, message("late", NOON), later).await, Appended::Voided);
    assert_eq!(env.chat.log.get(at(1)).await.unwrap(), Some(Event::Void(VoidRow { at: later })));
    env.send(&ada, "r", "late", later).await.unwrap();
    assert_eq!(seqs(&read(&env, PageRange::Newest, 50, later).await), [2]);
}

#[tokio::test]
async fn a_log_page_ends_before_a_number_that_is_still_open() {
    let (env, _) = open_number_between_messages().await;

    for range in [PageRange::Newest, PageRange::After(0), PageRange::Before(4)] {
        let page = read(&env, range, 50, NOON + 4 * SECOND).await;
        assert_eq!((page.seq, page.from, page.to, seqs(&page)), (3, 1, 1, vec![1]), "{range:?}");
    }
    // The next message bounds when the open number was drawn.
    let page = read(&env, PageRange::After(0), 50, NOON + 6 * SECOND).await;
    assert_eq!((page.from, page.to, seqs(&page)), (1, 3, vec![1, 3]));
}

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
        env.chat.rooms.next_seq("r", NOON).await.unwrap();
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
        env.chat.rooms.next_seq("r", NOON).await.unwrap();
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
async fn sending_needs_a_live_occupant_and_an_open_room() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let bob = env.connect("bob-1", NOON).await;
    let refused = |result: Result<_, parlor_chat::ChatError>| result.unwrap_err().code();

    assert_eq!(refused(env.send(&bob, "r", "m1", NOON).await), ErrorCode::NotJoined);
    assert_eq!(refused(env.join(&bob, "nowhere", NOON).await), ErrorCode::RoomNotFound);
    // Neither another person's connection nor one whose lease has ended counts as joined.
    assert_eq!(refused(env.send(&ada, "r", "m1", NOON + 5 * MINUTE).await), ErrorCode::NotJoined);
    let next_day = NOON + 24 * HOUR + MINUTE;
    let carol = env.connect("carol-1", next_day).await;
    assert_eq!(refused(env.join(&carol, "r", next_day).await), ErrorCode::RoomClosed);
    assert_eq!(
        refused(env.chat.rooms.next_seq("r", next_day).await.map(|_| Default::default())),
        ErrorCode::RoomClosed
    );
    assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap().seq, 0, "no number was drawn");
}

#[tokio::test]
async fn an_open_number_before_a_void_is_voided_in_a_busy_room_too() {
    let (env, ada) = open_number_before_a_void().await;
    env.send(&ada, "r", "m3", NOON + SECOND).await.unwrap();
    env.send(&ada, "r", "m4", NOON + 40 * SECOND).await.unwrap();

    let now = NOON + 41 * SECOND;
    let page = read(&env, PageRange::After(0), 50, now).await;
    assert_eq!((page.from, page.to, seqs(&page)), (1, 4, vec![3, 4]));
}

#[tokio::test]
async fn an_open_number_at_the_end_of_a_page_is_dated_by_the_next_event() {
    let (env, ada) = open_number_between_messages().await;
    env.send(&ada, "r", "m4", NOON + 40 * SECOND).await.unwrap();

    let page = read(&env, PageRange::Before(3), 50, NOON + 41 * SECOND).await;
    assert_eq!((page.from, page.to, seqs(&page)), (1, 2, vec![1]));
}

#[tokio::test]
async fn a_reaction_to_a_message_does_not_free_its_id_for_another_text() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    let react = frame(r#"{"action":"react","room":"r","seq":1,"id":"r1","emoji":"👍","on":true}"#);
    env.chat.react(&ada, react, NOON).await.unwrap();
    let other = frame(r#"{"action":"send","room":"r","id":"m1","text":"other"}"#);
    let refused = env.chat.send(&ada, other, NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::IdReused);
    env.send(&ada, "r", "m1", NOON).await.unwrap();
}

#[tokio::test]
async fn an_open_number_is_dated_by_a_void_beyond_the_page() {
    let (env, ada) = open_number_before_a_void().await;
    env.send(&ada, "r", "m3", NOON + 40 * SECOND).await.unwrap();
    let page = read(&env, PageRange::After(0), 1, NOON + 41 * SECOND).await;
    assert_eq!((page.from, page.to, seqs(&page)), (1, 1, vec![]));
}

#[tokio::test]
async fn a_repeated_draw_finds_its_number_unless_too_many_draws_came_in_between() {
    for others in 0..=DRAWS {
        let env = test_env().await;
        env.room("r", Visibility::Unlisted, NOON).await;
        env.chat.rooms.next_seq("r", NOON).await.unwrap();
        let draw = async || env.chat.rooms.draw("r", "mine", NOON).await.unwrap().unwrap().seq;
        assert_eq!(draw().await, 2);
        for _ in 0..others {
            env.chat.rooms.next_seq("r", NOON).await.unwrap();
        }
        let (again, top) = if others < DRAWS { (2, 2 + others) } else { (3 + others, 3 + others) };
        assert_eq!(draw().await, again, "{others} others");
        assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap().seq, top, "{others} others");
    }
}

#[tokio::test]
async fn a_repeated_draw_finds_nothing_in_another_epoch_or_a_closed_room() {
    let env = test_env().await;
    let room = env.room("r", Visibility::Unlisted, NOON).await;
    for _ in 0..3 {
        env.chat.rooms.draw("r", "mine", NOON).await.unwrap();
    }
    assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap().seq, 1);
    env.chat.rooms.start_epoch(&room, "e2", &env.chat.log, NOON).await.unwrap();
    let drawn = env.chat.rooms.draw("r", "mine", NOON).await.unwrap().unwrap();
    assert_eq!((drawn.epoch.as_str(), drawn.seq), ("e2", 1));
    env.chat.close_room(&support::person("ada"), "r", Instant::now(), NOON).await.unwrap();
    let refused = env.chat.rooms.draw("r", "mine", NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::RoomClosed);
}

/// Returns an id of 16 characters, like all user ids.
fn user_id(n: usize) -> String {
    format!("user{n:012}")
}

/// Returns the longest message that the limits allow, with the most reactions.
fn longest(at: Millis) -> MessageRow {
    let users = REACTIONS_PER_MESSAGE / EMOJI_PER_MESSAGE;
    let reactions = (0..EMOJI_PER_MESSAGE).map(|n| Reaction {
        emoji: format!("{}{n:02}", "\u{1F600}".repeat(16)),
        user_ids: (0..users).map(user_id).collect(),
    });
    MessageRow {
        id: "\u{1F600}".repeat(64),
        user_id: user_id(0),
        name: "\u{1F600}".repeat(32),
        text: "\u{1F600}".repeat(4000),
        edited_at: Some(at),
        version: None,
        reactions: reactions.collect(),
        ..message("m", at)
    }
}

fn bytes(frame: &Value) -> usize {
    serde_json::to_vec(frame).unwrap().len()
}

#[tokio::test]
async fn no_frame_exceeds_the_documented_size_and_the_rest_of_a_join_follows_by_history() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let name = "\u{1F600}".repeat(32);
    for n in 0..PEOPLE_LISTED - 1 {
        let caller = caller(format!("c{n}"), user_id(n), name.clone());
        env.chat.connections.open(&caller, NOON).await.unwrap();
        env.enter(&caller, &name, "r", NOON).await.unwrap();
    }
    for n in 1..=3 {
        env.chat.rooms.next_seq("r", NOON).await.unwrap();
        append(&env, n, MessageRow { id: format!("m{n}"), ..longest(NOON) }, NOON).await;
    }
    let room = format!(r#""room":"r","id":"{}""#, "\u{1F600}".repeat(64));
    let author = caller("c0", user_id(0), name.clone());
    let edit = format!(r#"{{"action":"edit",{room},"seq":1,"text":"{}"}}"#, "\u{1F601}".repeat(3990));
    env.chat.edit(&author, frame(&edit), NOON).await.unwrap();
    let change = env.gateway.take("c0").into_iter().find(|frame| frame["type"] == "change").unwrap();
    assert!(bytes(&change) <= POST_BYTES, "{}", bytes(&change));

    let ada = env.connect("ada-1", NOON).await;
    for (since, recovered) in [("", false), (r#","since":{"epoch":"e1","seq":0}"#, true)] {
        let join = frame(&format!(r#"{{"action":"join",{room}{since}}}"#));
        env.chat.join(&ada, join, NOON).await.unwrap();
        let joined = env.gateway.take("ada-1").remove(0);
        assert_eq!((&joined["type"], &joined["recovered"]), (&"joined".into(), &recovered.into()));
        assert!(bytes(&joined) <= POST_BYTES, "{}", bytes(&joined));
        let mut from = joined["from"].as_u64().unwrap();
        let mut to = joined["to"].as_u64().unwrap();
        assert_eq!(
            (from, to),
            if recovered { (1, 0) } else { (4, 4) },
            "the events that fit next to the list of people"
        );
        while to < 4 {
            let history = format!(r#"{{"action":"history",{room},"after":{to}}}"#);
            env.chat.history(&ada, frame(&history), NOON).await.unwrap();
            let page = env.gateway.take("ada-1").remove(0);
            assert!(bytes(&page) <= POST_BYTES, "{}", bytes(&page));
            (from, to) = (page["from"].as_u64().unwrap(), page["to"].as_u64().unwrap());
            assert_eq!(page["events"].as_array().unwrap().len() as u64, to + 1 - from);
            assert!(from <= to, "each page covers at least one number");
        }
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
        let page = page(&env.chat.log, &room, range, limits, NOON).await.unwrap();
        assert_eq!((page.from, page.to), expected, "{range:?}, {bytes} bytes, {events} events");
        assert_eq!(page.events.len() as u64, page.to + 1 - page.from);
    }
}
