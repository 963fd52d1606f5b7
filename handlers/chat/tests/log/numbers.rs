//! Numbers: how they are drawn, when readers wait for an open one, and when they void it.

use parlor_chat::Caller;
use parlor_chat::log::history::PageRange;
use parlor_chat::store::{Appended, DRAWS, Event, Gate, VoidRow};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use tokio::time::Instant;

use crate::support::{NOON, SECOND, TestEnv, test_env};
use crate::{append, at, message, read, seqs};

/// A room with a message at 1, 2 drawn and open, and a message of a second later at 3; and their sender.
async fn open_number_between_messages() -> (TestEnv, Caller) {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    env.chat.rooms.next_seq("r", Gate::Unchecked, NOON).await.unwrap();
    env.send(&ada, "r", "m3", NOON + SECOND).await.unwrap();
    (env, ada)
}

/// A room with 1 drawn and open, and 2 void; and a caller in it.
async fn open_number_before_a_void() -> (TestEnv, Caller) {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.chat.rooms.next_seq("r", Gate::Unchecked, NOON).await.unwrap();
    env.chat.rooms.next_seq("r", Gate::Unchecked, NOON).await.unwrap();
    env.chat.log.void(at(2), NOON).await.unwrap();
    (env, ada)
}

#[tokio::test]
async fn a_number_that_a_reader_voided_stays_void_and_the_late_sender_draws_another() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let drawn = env.chat.rooms.next_seq("r", Gate::Unchecked, NOON).await.unwrap().number().unwrap();
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
        env.chat.rooms.next_seq("r", Gate::Unchecked, NOON).await.unwrap();
        let draw =
            async || env.chat.rooms.draw("r", Gate::Unchecked, "mine", NOON).await.unwrap().number().unwrap().seq;
        assert_eq!(draw().await, 2);
        for _ in 0..others {
            env.chat.rooms.next_seq("r", Gate::Unchecked, NOON).await.unwrap();
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
        env.chat.rooms.draw("r", Gate::Unchecked, "mine", NOON).await.unwrap();
    }
    assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap().seq, 1);
    env.chat.rooms.start_epoch(&room, "e2", &env.chat.log, NOON).await.unwrap();
    let drawn = env.chat.rooms.draw("r", Gate::Unchecked, "mine", NOON).await.unwrap().number().unwrap();
    assert_eq!((drawn.epoch.as_str(), drawn.seq), ("e2", 1));
    env.chat.close_room(&crate::support::person("ada"), "r", Instant::now(), NOON).await.unwrap();
    let refused = env.chat.rooms.draw("r", Gate::Unchecked, "mine", NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::RoomClosed);
}
