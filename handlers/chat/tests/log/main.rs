//! The log: an acknowledged event is stored exactly once, and what was read at a number never changes.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod numbers;
mod pages;
mod replies;
mod sending;
mod sizes;

use parlor_chat::log::history::{PageLimits, PageRange, page};
use parlor_chat::store::{Appended, Companion, Entry, Event, IdempotencyKey, LogKey, MessageRow};
use parlor_protocol::limits::PAGE_BYTES;
use parlor_protocol::log::{LogEvent, LogPage};
use parlor_protocol::person::Person;
use parlor_protocol::{Millis, Seq};
use support::TestEnv;

fn message(id: &str, at: Millis) -> MessageRow {
    let ada = Person { user_id: "ada".into(), name: "Ada".into() };
    MessageRow::new(id.into(), ada, format!("said {id}"), at)
}

fn at(seq: Seq) -> LogKey<'static> {
    LogKey { room_id: "r", epoch: "e1", seq }
}

async fn append(env: &TestEnv, seq: Seq, message: MessageRow, now: Millis) -> Appended {
    let marker = Companion::Marker(IdempotencyKey { user_id: message.user_id.clone(), id: message.id.clone() });
    let entry = Entry { event: Event::Message(message), epoch: None, companions: vec![marker] };
    env.chat.log.append(at(seq), &entry, &env.chat.rooms, now).await.unwrap()
}

async fn read(env: &TestEnv, range: PageRange, length: u64, now: Millis) -> LogPage {
    let room = env.chat.rooms.open("r", now).await.unwrap();
    let limits = PageLimits { numbers: length, bytes: PAGE_BYTES, min_events: 1 };
    page(&env.chat.log, &room, 1, range, limits, now).await.unwrap()
}

fn seqs(page: &LogPage) -> Vec<u64> {
    page.events.iter().map(LogEvent::seq).collect()
}
