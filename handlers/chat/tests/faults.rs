//! Every call of every act goes wrong in every way, one at a time. Whatever happens, a client that tries again has what it
//! wanted once, nobody else is harmed, and the tables heal without a person.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by stopping"
)]

mod support;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;

use parlor_chat::log::history::{PageRange, page};
use parlor_chat::rooms::lobby::Site;
use parlor_chat::store::{Appended, Room};
use parlor_chat::{Caller, Chat, ChatError};
use parlor_protocol::client::{Frame, parse_body};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::{LEASE, VOID_AFTER};
use parlor_protocol::log::{ChangeKind, LogEvent, LogPage, Message, NoticeKind, Reaction};
use parlor_protocol::{Millis, Seq};
use serde_json::{Value, json};
use support::faults::{Ended, Fault};
use support::{ALL, HOUR, MINUTE, NOON, SECOND, World, frame, person, world};
use tokio::time::Instant;

/// When the act happens: numbers given out at noon can be voided by then, and all leases but Dave's still count.
const ACT: Millis = NOON + 40 * SECOND;
/// Longer than a number with nothing at it stays open.
const OPEN: Millis = VOID_AFTER.as_millis() as Millis + SECOND;
/// When all is over: also the numbers of the act that are dated by what the others did meanwhile.
const LATER: Millis = ACT + 2 * OPEN;

/// The numbers that were given out before.
const BEFORE: Seq = 3;

/// Something that Ada does, once.
struct Act {
    name: &'static str,
    run: Run,
    tries_again: Replay,
    /// Whether the room is as it should be in the end.
    is_done: fn(&After) -> bool,
}

type Run = for<'a> fn(&'a Chat, &'a Caller, Millis) -> Pin<Box<dyn Future<Output = Result<(), ChatError>> + 'a>>;

/// How somebody tries again who has not heard that it was done.
#[derive(Clone, Copy, PartialEq)]
enum Replay {
    /// Over another connection, when no frame of this type was posted.
    Reconnecting(&'static str),
    /// By another request, when this one had no answer.
    Requesting,
    /// Not at all: leases heal it.
    Never,
}

/// The room in the end.
struct After {
    room: Option<Room>,
    events: Vec<LogEvent>,
    /// Connections whose lease has not ended.
    here: Vec<String>,
}

macro_rules! acts {
    ($($name:ident: $again:expr, |$chat:ident, $caller:ident, $now:ident| $run:expr, |$after:pat_param| $is_done:expr;)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                every_call_goes_wrong(Act {
                    name: stringify!($name),
                    run: |$chat, $caller, $now| Box::pin(async move { $run.await.map(|_| ()) }),
                    tries_again: $again,
                    is_done: |$after| $is_done,
                })
                .await;
            }
        )*
    };
}

acts! {
    connecting: Replay::Never,
        |chat, caller, now| chat.connections.open(caller, now),
        |_| true;
    joining: Replay::Reconnecting("joined"),
        |chat, caller, now| chat.join(caller, of(json!({ "action": "join", "room": "r" })), now),
        |after| after.has_ada();
    resuming_under_another_name: Replay::Reconnecting("joined"),
        |chat, caller, now| {
            let since = json!({ "epoch": "e1", "seq": 1 });
            chat.join(caller, of(json!({ "action": "join", "room": "r", "name": "A.", "since": since })), now)
        },
        |after| after.has_ada();
    leaving: Replay::Never,
        |chat, caller, now| chat.leave(caller, of(json!({ "action": "leave", "room": "r" })), now),
        |after| !after.has_ada();
    disconnecting: Replay::Never,
        |chat, caller, now| chat.disconnect(&caller.connection_id, now),
        |after| !after.has_ada();
    sending: Replay::Reconnecting("ack"),
        |chat, caller, now| {
            chat.send(caller, of(json!({ "action": "send", "room": "r", "id": "it", "text": "said" })), now)
        },
        |after| after.messages().filter(|message| message.text == "said").count() == 1;
    editing: Replay::Reconnecting("ack"),
        |chat, caller, now| {
            let edit = json!({ "action": "edit", "room": "r", "seq": 1, "id": "it", "text": "better" });
            chat.edit(caller, of(edit), now)
        },
        |after| after.changes(ChangeKind::Edited) == 1 && after.message(1).text == "better";
    deleting: Replay::Reconnecting("ack"),
        |chat, caller, now| {
            chat.delete(caller, of(json!({ "action": "delete", "room": "r", "seq": 2, "id": "it" })), now)
        },
        |after| after.changes(ChangeKind::Deleted) == 1 && after.message(2).text.is_empty();
    reacting: Replay::Reconnecting("ack"),
        |chat, caller, now| {
            let react = json!({ "action": "react", "room": "r", "seq": 2, "id": "it", "emoji": "👍", "on": true });
            chat.react(caller, of(react), now)
        },
        |after| {
            let message = after.message(2);
            let thumbs = message.reactions.iter().find(|reaction| reaction.emoji == "👍");
            thumbs.is_some_and(|thumbs| thumbs.user_ids == ["ada"])
        };
    reading: Replay::Reconnecting("history"),
        |chat, caller, now| {
            chat.history(caller, of(json!({ "action": "history", "room": "r", "after": 0 })), now)
        },
        |_| true;
    typing_on: Replay::Never,
        |chat, caller, now| chat.typing(caller, of(json!({ "action": "typing", "room": "r" })), now),
        |_| true;
    pinging: Replay::Reconnecting("pong"),
        |chat, caller, now| chat.ping(caller, of(json!({ "action": "ping" })), now),
        |_| true;
    renaming_the_room: Replay::Requesting,
        |chat, _caller, now| rename(chat, now),
        |after| {
            let notices = after.events.iter().filter(|event| matches!(event, LogEvent::Notice(_))).count();
            after.room.as_ref().is_some_and(|room| room.name == "Tea") && notices == 1
        };
    closing_the_room: Replay::Requesting,
        |chat, _caller, now| close(chat, now),
        |after| after.room.is_none() && after.events.is_empty() && after.here.is_empty();
    clearing_the_room: Replay::Requesting,
        |chat, _caller, now| chat.clear_room(&person("ada"), "r", Some("e1"), Instant::now(), now),
        |after| after.room.as_ref().is_some_and(|room| room.epoch != "e1") && after.messages().all(|message| message.id != "first");
    making_a_room: Replay::Requesting,
        |chat, _caller, now| create(chat, now),
        |_| true;
    describing_the_room: Replay::Requesting,
        |chat, _caller, now| describe(chat, now),
        |_| true;
    reading_a_page: Replay::Requesting,
        |chat, _caller, now| read_page(chat, now),
        |_| true;
    listing_rooms: Replay::Requesting,
        |chat, _caller, now| list(chat, now),
        |_| true;
}

async fn rename(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    let body = parse_body(r#"{"name":"Tea"}"#).unwrap();
    chat.update_room(&site(), &person("ada"), "r", &body, now).await.map(|_| ())
}

async fn close(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    chat.close_room(&person("ada"), "r", Instant::now(), now).await.map(|_| ())
}

async fn create(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    chat.create_room(&site(), parse_body(r#"{"name":"New"}"#).unwrap(), None, now).await.map(|_| ())
}

async fn list(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    chat.list_rooms(&site(), None, None, now).await.map(|_| ())
}

async fn describe(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    chat.describe_room(&site(), "r", now).await.map(|_| ())
}

async fn read_page(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    let room = chat.rooms.open("r", now).await?;
    page(&chat.log, &room, PageRange::After(0), ALL, now).await.map(|_| ())
}

fn site() -> Site {
    Site { url: "https://chat.example".into() }
}

fn of<F: Frame>(json: Value) -> F {
    frame(&json.to_string())
}

/// A room in which Ada and Bob have talked. A send died after it had drawn number 3; Carol's connection is gone without
/// a word, Dave's lease has ended, and Erin's posts are throttled.
async fn scene() -> (World, Caller, Caller) {
    let mut world = world().await;
    world.wait_for_posts();
    world.room("r", Visibility::Public, NOON - HOUR).await;
    let enter = async |connection_id: &str, now: Millis| {
        let caller = world.connect(connection_id, now).await;
        world.chat.connections.enter(&caller, &caller.name, "r", now).await.unwrap();
        caller
    };
    enter("dave-1", NOON - 5 * MINUTE + SECOND).await;
    let ada = enter("ada-1", NOON).await;
    let bob = enter("bob-1", NOON).await;
    enter("carol-1", NOON).await;
    enter("erin-1", NOON).await;
    for (seq, by) in [(1, &ada), (2, &bob)] {
        world.chat.rooms.next_seq("r", NOON).await.unwrap();
        assert_eq!(world.append("r", seq, by, "first", NOON).await, Appended::Stored);
    }
    world.chat.rooms.next_seq("r", NOON).await.unwrap();
    world.gateway.end("carol-1");
    world.gateway.throttle("erin-1");
    (world, ada, bob)
}

async fn every_call_goes_wrong(act: Act) {
    for fault in Fault::ALL {
        let mut n = 1;
        while goes_wrong(&act, n, fault).await {
            n += 1;
        }
        assert!(n > 1, "{} makes no call", act.name);
    }
}

/// Whether the act made so many calls that this fault happened.
async fn goes_wrong(act: &Act, n: usize, fault: Fault) -> bool {
    let (world, ada, bob) = scene().await;
    let what = format!("{}: {fault:?} at call {n}", act.name);
    let seen = RefCell::new(Seen::new());
    see(&world, &seen, NOON, &what).await;
    let meanwhile = async || {
        let later = ACT + OPEN;
        see(&world, &seen, later, &what).await;
        // Any of these may be refused: the room may be closed by now.
        let _ = world.send(&bob, "r", "meanwhile", later).await;
        for seq in [1, 2] {
            let react = json!({ "action": "react", "room": "r", "seq": seq, "id": format!("m{seq}"), "emoji": "🎉", "on": true });
            let _ = world.chat.react(&bob, of(react), later).await;
        }
        see(&world, &seen, later, &what).await;
    };
    let (ended, happened) = world.faults.during(n, fault, (act.run)(&world.faulty, &ada, ACT), meanwhile).await;
    if let Ended::Finished(Err(error)) = &ended {
        assert_eq!(error.code(), ErrorCode::Unavailable, "{what}: {error}");
    }

    if let (Fault::Repeat | Fault::Delay, Ended::Finished(Ok(()))) = (fault, &ended)
        && let Ok(room) = world.chat.rooms.open("r", ACT).await
    {
        everyone_knows_of_each_number(&world, &room, &what).await;
    }
    let later = LATER;
    let is_answered = match act.tries_again {
        Replay::Reconnecting(answer) => world.gateway.take_types("ada-1").iter().any(|frame| frame == answer),
        Replay::Requesting | Replay::Never => matches!(ended, Ended::Finished(Ok(()))),
    };
    if !is_answered && act.tries_again != Replay::Never {
        let mut caller = ada.clone();
        if let Replay::Reconnecting(_) = act.tries_again {
            caller = world.joined("ada-2", "r", later).await;
        }
        let again = (act.run)(&world.chat, &caller, later).await;
        assert!(again.is_ok(), "{what}, again: {again:?}");
    }

    nobody_is_harmed(&world, &bob, later, &what).await;
    let end = if act.tries_again == Replay::Never { ACT + LEASE.as_millis() as Millis } else { later };
    let after = after(&world, end).await;
    assert!((act.is_done)(&after), "{what}, answered: {is_answered}: {:#?}", after.events);
    see(&world, &seen, later + OPEN, &what).await;
    everything_is_in_the_log_once(&after, &what);
    messages_are_what_their_changes_made_of_them(&after, &what);
    happened
}

/// An act that ended well leaves no number open, and Bob has heard of each: as an event, or as void.
async fn everyone_knows_of_each_number(world: &World, room: &Room, what: &str) {
    // The number whose send died long ago is dated by what comes after it, which is new.
    let before = if room.epoch == "e1" { BEFORE } else { 0 };
    let page = page(&world.chat.log, room, PageRange::After(before), ALL, ACT).await.unwrap();
    assert_eq!(page.to, room.seq, "{what}: the log is open at {}", page.to + 1);
    let posted = world.gateway.posted_so_far("bob-1");
    let posted = posted.iter().filter(|frame| frame["epoch"] == room.epoch.as_str());
    let heard: BTreeSet<Seq> = posted
        .flat_map(|frame| {
            let lists = ["voids", "seqs"].map(|list| frame[list].as_array().cloned().unwrap_or_default());
            lists.concat().into_iter().chain([frame["seq"].clone()])
        })
        .filter_map(|seq| seq.as_u64())
        .collect();
    let missing: Vec<_> = (before + 1..=room.seq).filter(|seq| !heard.contains(seq)).collect();
    assert!(missing.is_empty(), "{what}: nobody told Bob of {missing:?}");
}

/// Bob can still talk, or is told that the room is closed; no lease is longer than a lease.
async fn nobody_is_harmed(world: &World, bob: &Caller, now: Millis, what: &str) {
    world.gateway.take("bob-1");
    match world.send(bob, "r", "after", now).await {
        Ok(_) => assert!(world.gateway.take_types("bob-1").contains(&"ack".to_owned()), "{what}: Bob has no answer"),
        Err(error) => {
            let is_over = world.chat.rooms.open("r", now).await.is_err();
            assert!(is_over && !error.code().retryable(), "{what}: {error}");
        }
    }
    for occupant in world.chat.connections.in_room("r").await.unwrap() {
        assert!(occupant.lease_until <= now + LEASE.as_millis() as Millis, "{what}: {}", occupant.connection_id);
        assert_ne!(occupant.connection_id, "carol-1", "{what}: a post found out that Carol is gone");
    }
}

/// What was found at each number of each epoch; nothing is a void.
type Seen = BTreeMap<(String, Seq), Option<String>>;

/// A reader sees the log: what was seen at a number before is there still, and numbers are settled soon after they were given out.
async fn see(world: &World, seen: &RefCell<Seen>, now: Millis, what: &str) {
    let Ok(room) = world.chat.rooms.open("r", now).await else { return };
    let page = everything(world, &room, now).await;
    let settled = now < LATER + OPEN || page.to == room.seq;
    assert!(settled, "{what}: the log ends at {} of {}", page.to, room.seq);
    for seq in page.from..=page.to {
        let event = page.events.iter().find(|event| event.seq() == seq).map(identity);
        let before = seen.borrow_mut().insert((room.epoch.clone(), seq), event.clone());
        assert!(before.is_none_or(|before| before == event), "{what}: number {seq} was something else: {event:?}");
    }
}

/// What never changes of an event.
fn identity(event: &LogEvent) -> String {
    match event {
        LogEvent::Message(message) => format!("message {} by {}", message.id, message.from.user_id),
        LogEvent::Change(change) => format!("{:?} {} by {}", change.kind, change.of, change.by.user_id),
        LogEvent::Notice(notice) => format!("{:?} {}", notice.kind, notice.name),
    }
}

fn everything_is_in_the_log_once(after: &After, what: &str) {
    let mut ids: Vec<_> = after.messages().map(|message| (&message.from.user_id, &message.id)).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "{what}: {:#?}", after.events);
    let closed = |event: &LogEvent| matches!(event, LogEvent::Notice(notice) if notice.kind == NoticeKind::Closed);
    assert!(!after.events.iter().any(closed), "{what}: a closed room has no log");
}

fn messages_are_what_their_changes_made_of_them(after: &After, what: &str) {
    for message in after.messages() {
        let changes = after.events.iter().filter_map(|event| match event {
            LogEvent::Change(change) if change.of == message.seq => Some(change),
            _ => None,
        });
        let mut expected = Message { version: None, reactions: Vec::new(), ..message.clone() };
        for change in changes {
            expected.version = Some(change.seq);
            match change.kind {
                ChangeKind::Edited => {}
                ChangeKind::Deleted => expected.reactions.clear(),
                // Nobody here takes one away, and no two put the same.
                ChangeKind::Reacted | ChangeKind::Unreacted => expected
                    .reactions
                    .push(Reaction { emoji: change.emoji.clone().unwrap(), user_ids: vec![change.by.user_id.clone()] }),
            }
        }
        assert_eq!(*message, expected, "{what}");
    }
}

async fn everything(world: &World, room: &Room, now: Millis) -> LogPage {
    page(&world.chat.log, room, PageRange::After(0), ALL, now).await.unwrap()
}

async fn after(world: &World, now: Millis) -> After {
    let room = world.chat.rooms.open("r", now).await.ok();
    let events = match &room {
        Some(room) => everything(world, room, now + OPEN).await.events,
        // Nobody may read it any more; here is what the table has.
        None => world.log_rows("r").await,
    };
    let occupants = world.chat.connections.in_room("r").await.unwrap();
    let here = occupants.iter().filter(|occupant| occupant.is_live(now)).map(|occupant| occupant.connection_id.clone());
    After { room, events, here: here.collect() }
}

impl After {
    fn messages(&self) -> impl Iterator<Item = &Message> {
        self.events.iter().filter_map(|event| match event {
            LogEvent::Message(message) => Some(message),
            _ => None,
        })
    }

    fn message(&self, seq: Seq) -> &Message {
        self.messages().find(|message| message.seq == seq).unwrap()
    }

    fn changes(&self, kind: ChangeKind) -> usize {
        self.events.iter().filter(|event| matches!(event, LogEvent::Change(change) if change.kind == kind)).count()
    }

    fn has_ada(&self) -> bool {
        self.here.iter().any(|connection_id| connection_id.starts_with("ada-"))
    }
}
