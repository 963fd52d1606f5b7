//! Makes every call of every operation fail in every way, one at a time. Whatever happens, a client that retries gets its
//! result exactly once, others are not affected, and the tables recover without intervention.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

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
use parlor_protocol::limits::{LEASE, PAGE_EVENTS, VOID_AFTER};
use parlor_protocol::log::{ChangeKind, LogEvent, LogPage, Message, NoticeKind, Reaction};
use parlor_protocol::{Millis, Seq};
use serde_json::{Value, json};
use support::faults::{Ended, Fault};
use support::{ALL, HOUR, MINUTE, NOON, SECOND, TestEnv, frame, person, test_env};
use tokio::time::Instant;

/// When the operation runs: numbers drawn at noon can be voided by then, and all leases but Dave's still count.
const START: Millis = NOON + 40 * SECOND;
/// Longer than an empty number stays open.
const OPEN: Millis = VOID_AFTER.as_millis() as Millis + SECOND;
/// When everything is settled, including numbers of the operation that are dated by what others did meanwhile.
const LATER: Millis = START + 2 * OPEN;

/// Numbers drawn before the operation.
const BEFORE: Seq = 3;

/// An operation that Ada runs once.
struct Operation {
    name: &'static str,
    run: Run,
    retry: Retry,
    /// Whether the room ends in the expected state.
    is_done: fn(&After) -> bool,
}

type Run = for<'a> fn(&'a Chat, &'a Caller, Millis) -> Pin<Box<dyn Future<Output = Result<(), ChatError>> + 'a>>;

/// How a client that got no answer retries.
#[derive(Clone, Copy, PartialEq)]
enum Retry {
    /// Over another connection, if no frame of this type was posted.
    Reconnect(&'static str),
    /// With another request, if this one had no response.
    Request,
    /// Not at all: leases end.
    Never,
}

/// The final state of the room.
struct After {
    room: Option<Room>,
    events: Vec<LogEvent>,
    /// Connections whose lease has not ended.
    here: Vec<String>,
}

macro_rules! operations {
    ($($name:ident: $retry:expr, |$chat:ident, $caller:ident, $now:ident| $run:expr, |$after:pat_param| $is_done:expr;)*) => {
        // `npm test -- quick` skips this module by its name.
        mod every_call_fails_once {
            use super::*;

            $(
                #[tokio::test]
                async fn $name() {
                    every_call_fails(Operation {
                        name: stringify!($name),
                        run: |$chat, $caller, $now| Box::pin(async move { $run.await.map(|_| ()) }),
                        retry: $retry,
                        is_done: |$after| $is_done,
                    })
                    .await;
                }
            )*
        }
    };
}

operations! {
    connecting: Retry::Never,
        |chat, caller, now| chat.connections.open(caller, now),
        |_| true;
    joining: Retry::Reconnect("joined"),
        |chat, caller, now| chat.join(caller, of(json!({ "action": "join", "room": "r" })), now),
        |after| after.has_ada();
    resuming_under_another_name: Retry::Reconnect("joined"),
        |chat, caller, now| {
            let since = json!({ "epoch": "e1", "seq": 1 });
            chat.join(caller, of(json!({ "action": "join", "room": "r", "name": "A.", "since": since })), now)
        },
        |after| after.has_ada();
    leaving: Retry::Never,
        |chat, caller, now| chat.leave(caller, of(json!({ "action": "leave", "room": "r" })), now),
        |after| !after.has_ada();
    disconnecting: Retry::Never,
        |chat, caller, now| chat.disconnect(&caller.connection_id, now),
        |after| !after.has_ada();
    sending: Retry::Reconnect("ack"),
        |chat, caller, now| {
            chat.send(caller, of(json!({ "action": "send", "room": "r", "id": "it", "text": "said" })), now)
        },
        |after| after.messages().filter(|message| message.text == "said").count() == 1;
    editing: Retry::Reconnect("ack"),
        |chat, caller, now| {
            let edit = json!({ "action": "edit", "room": "r", "seq": 1, "id": "it", "text": "better" });
            chat.edit(caller, of(edit), now)
        },
        |after| after.changes(ChangeKind::Edited) == 1 && after.message(1).text == "better";
    editing_in_a_named_epoch: Retry::Reconnect("ack"),
        |chat, caller, now| {
            let edit = json!({ "action": "edit", "room": "r", "epoch": "e1", "seq": 1, "id": "it", "text": "better" });
            chat.edit(caller, of(edit), now)
        },
        |after| after.changes(ChangeKind::Edited) == 1 && after.message(1).text == "better";
    deleting: Retry::Reconnect("ack"),
        |chat, caller, now| {
            chat.delete(caller, of(json!({ "action": "delete", "room": "r", "seq": 2, "id": "it" })), now)
        },
        |after| after.changes(ChangeKind::Deleted) == 1 && after.message(2).text.is_empty();
    deleting_in_a_named_epoch: Retry::Reconnect("ack"),
        |chat, caller, now| {
            let delete = json!({ "action": "delete", "room": "r", "epoch": "e1", "seq": 2, "id": "it" });
            chat.delete(caller, of(delete), now)
        },
        |after| after.changes(ChangeKind::Deleted) == 1 && after.message(2).text.is_empty();
    reacting: Retry::Reconnect("ack"),
        |chat, caller, now| {
            let react = json!({ "action": "react", "room": "r", "seq": 2, "id": "it", "emoji": "👍", "on": true });
            chat.react(caller, of(react), now)
        },
        |after| after.has_reaction_of_ada();
    reacting_in_a_named_epoch: Retry::Reconnect("ack"),
        |chat, caller, now| {
            let react = json!({
                "action": "react", "room": "r", "epoch": "e1", "seq": 2, "id": "it", "emoji": "👍", "on": true,
            });
            chat.react(caller, of(react), now)
        },
        |after| after.has_reaction_of_ada();
    reading: Retry::Reconnect("history"),
        |chat, caller, now| {
            chat.history(caller, of(json!({ "action": "history", "room": "r", "after": 0 })), now)
        },
        |_| true;
    typing_on: Retry::Never,
        |chat, caller, now| chat.typing(caller, of(json!({ "action": "typing", "room": "r" })), now),
        |_| true;
    pinging: Retry::Reconnect("pong"),
        |chat, caller, now| chat.ping(caller, of(json!({ "action": "ping" })), now),
        |_| true;
    renaming_the_room: Retry::Request,
        |chat, _caller, now| change(chat, r#"{"name":"Tea"}"#, now),
        |after| {
            let notices = after.events.iter().filter(|event| matches!(event, LogEvent::Notice(_))).count();
            after.room.as_ref().is_some_and(|room| room.name == "Tea") && notices == 1
        };
    changing_the_rules: Retry::Request,
        |chat, _caller, now| change(chat, r#"{"maxPeople":50,"endsWithoutOwnerAfterSeconds":3600}"#, now),
        |after| {
            let notices = after.events.iter().filter(|event| matches!(event, LogEvent::Notice(_))).count();
            let settings = after.room.as_ref().map(|room| &room.settings);
            settings.is_some_and(|settings| settings.max_people.is_some()) && notices == 1
        };
    setting_a_password: Retry::Request,
        |chat, _caller, now| change(chat, r#"{"password":"earl grey"}"#, now),
        |after| after.room.as_ref().is_some_and(|room| room.settings.pass_key.is_some());
    closing_the_room: Retry::Request,
        |chat, _caller, now| close(chat, now),
        |after| after.room.is_none() && after.events.is_empty() && after.here.is_empty();
    clearing_the_room: Retry::Request,
        |chat, _caller, now| chat.clear_room(&person("ada"), "r", Some("e1"), Instant::now(), now),
        |after| after.room.as_ref().is_some_and(|room| room.epoch != "e1") && after.messages().all(|message| message.id != "first");
    making_a_room: Retry::Request,
        |chat, _caller, now| create(chat, now),
        |_| true;
    describing_the_room: Retry::Request,
        |chat, _caller, now| describe(chat, now),
        |_| true;
    reading_a_page: Retry::Request,
        |chat, _caller, now| read_page(chat, now),
        |_| true;
    listing_rooms: Retry::Request,
        |chat, _caller, now| list(chat, now),
        |_| true;
}

async fn change(chat: &Chat, body: &str, now: Millis) -> Result<(), ChatError> {
    chat.update_room(&site(), &person("ada"), "r", &parse_body(body).unwrap(), now).await.map(|_| ())
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
    chat.describe_room(&site(), "r", None, now).await.map(|_| ())
}

async fn read_page(chat: &Chat, now: Millis) -> Result<(), ChatError> {
    chat.list_messages("r", PageRange::After(0), PAGE_EVENTS.into(), None, now).await.map(|_| ())
}

fn site() -> Site {
    Site { url: "https://chat.example".into() }
}

fn of<F: Frame>(json: Value) -> F {
    frame(&json.to_string())
}

/// Returns a room with messages of Ada and Bob. A send died after it drew number 3, Carol's connection is gone unannounced,
/// Dave's lease has ended, and Erin's posts are throttled.
async fn set_up() -> (TestEnv, Caller, Caller) {
    let mut env = test_env().await;
    env.extend_post_timeout();
    env.room("r", Visibility::Public, NOON - HOUR).await;
    let enter = async |connection_id: &str, now: Millis| {
        let caller = env.connect(connection_id, now).await;
        env.enter(&caller, &caller.name, "r", now).await.unwrap();
        caller
    };
    enter("dave-1", NOON - 5 * MINUTE + SECOND).await;
    let ada = enter("ada-1", NOON).await;
    let bob = enter("bob-1", NOON).await;
    enter("carol-1", NOON).await;
    enter("erin-1", NOON).await;
    for (seq, by) in [(1, &ada), (2, &bob)] {
        env.chat.rooms.next_seq("r", NOON).await.unwrap();
        assert_eq!(env.append("r", seq, by, "first", NOON).await, Appended::Stored);
    }
    env.chat.rooms.next_seq("r", NOON).await.unwrap();
    env.gateway.end("carol-1");
    env.gateway.throttle("erin-1");
    (env, ada, bob)
}

async fn every_call_fails(operation: Operation) {
    for fault in Fault::ALL {
        let mut n = 1;
        while fails(&operation, n, fault).await {
            n += 1;
        }
        assert!(n > 1, "{} makes no call", operation.name);
    }
}

/// Returns whether the operation made n calls, so that this fault happened.
async fn fails(operation: &Operation, n: usize, fault: Fault) -> bool {
    let (env, ada, bob) = set_up().await;
    let what = format!("{}: {fault:?} at call {n}", operation.name);
    let seen = RefCell::new(Seen::new());
    check_log(&env, &seen, NOON, &what).await;
    let meanwhile = async || {
        let later = START + OPEN;
        check_log(&env, &seen, later, &what).await;
        // The room may be closed by now, so any of these may be refused.
        let _ = env.send(&bob, "r", "meanwhile", later).await;
        for seq in [1, 2] {
            let react = json!({ "action": "react", "room": "r", "seq": seq, "id": format!("m{seq}"), "emoji": "🎉", "on": true });
            let _ = env.chat.react(&bob, of(react), later).await;
        }
        check_log(&env, &seen, later, &what).await;
    };
    let (ended, happened) = env.faults.during(n, fault, (operation.run)(&env.faulty, &ada, START), meanwhile).await;
    if let Ended::Finished(Err(error)) = &ended {
        assert_eq!(error.code(), ErrorCode::Unavailable, "{what}: {error}");
    }

    if let (Fault::Repeat | Fault::Delay, Ended::Finished(Ok(()))) = (fault, &ended)
        && let Ok(room) = env.chat.rooms.open("r", START).await
    {
        everyone_gets_each_number(&env, &room, &what).await;
    }
    let later = LATER;
    let is_answered = match operation.retry {
        Retry::Reconnect(answer) => env.gateway.take_types("ada-1").iter().any(|frame| frame == answer),
        Retry::Request | Retry::Never => matches!(ended, Ended::Finished(Ok(()))),
    };
    if !is_answered && operation.retry != Retry::Never {
        let mut caller = ada.clone();
        if let Retry::Reconnect(_) = operation.retry {
            caller = env.joined("ada-2", "r", later).await;
        }
        let again = (operation.run)(&env.chat, &caller, later).await;
        assert!(again.is_ok(), "{what}, again: {again:?}");
    }

    others_are_not_affected(&env, &bob, later, &what).await;
    let end = if operation.retry == Retry::Never { START + LEASE.as_millis() as Millis } else { later };
    let after = after(&env, end).await;
    assert!((operation.is_done)(&after), "{what}, answered: {is_answered}: {:#?}", after.events);
    check_log(&env, &seen, later + OPEN, &what).await;
    each_message_is_in_the_log_once(&after, &what);
    messages_reflect_their_changes(&after, &what);
    happened
}

/// Checks that a successful operation leaves no number open, and that Bob got each one as an event or a void.
async fn everyone_gets_each_number(env: &TestEnv, room: &Room, what: &str) {
    // The open number from before is dated by the next event, which is new.
    let before = if room.epoch == "e1" { BEFORE } else { 0 };
    let page = page(&env.chat.log, room, PageRange::After(before), ALL, START).await.unwrap();
    assert_eq!(page.to, room.seq, "{what}: the log is open at {}", page.to + 1);
    let posted = env.gateway.posted_so_far("bob-1");
    let posted = posted.iter().filter(|frame| frame["epoch"] == room.epoch.as_str());
    let received: BTreeSet<Seq> = posted
        .flat_map(|frame| {
            let lists = ["voids", "seqs"].map(|list| frame[list].as_array().cloned().unwrap_or_default());
            lists.concat().into_iter().chain([frame["seq"].clone()])
        })
        .filter_map(|seq| seq.as_u64())
        .collect();
    let missing: Vec<_> = (before + 1..=room.seq).filter(|seq| !received.contains(seq)).collect();
    assert!(missing.is_empty(), "{what}: Bob did not get {missing:?}");
}

/// Checks that Bob can still send, or learns that the room is closed, and that no lease is too long.
async fn others_are_not_affected(env: &TestEnv, bob: &Caller, now: Millis, what: &str) {
    env.gateway.take("bob-1");
    match env.send(bob, "r", "after", now).await {
        Ok(_) => assert!(env.gateway.take_types("bob-1").contains(&"ack".to_owned()), "{what}: Bob has no answer"),
        Err(error) => {
            let is_over = env.chat.rooms.open("r", now).await.is_err();
            assert!(is_over && !error.code().retryable(), "{what}: {error}");
        }
    }
    for occupant in env.chat.connections.in_room("r").await.unwrap() {
        assert!(occupant.lease_until <= now + LEASE.as_millis() as Millis, "{what}: {}", occupant.connection_id);
        assert_ne!(occupant.connection_id, "carol-1", "{what}: a post revealed that Carol is gone");
    }
}

/// What was read at each number of each epoch; `None` is a void.
type Seen = BTreeMap<(String, Seq), Option<String>>;

/// Reads the log and checks that nothing read before has changed, and that numbers are settled soon after they were drawn.
async fn check_log(env: &TestEnv, seen: &RefCell<Seen>, now: Millis, what: &str) {
    let Ok(room) = env.chat.rooms.open("r", now).await else { return };
    let page = everything(env, &room, now).await;
    let settled = now < LATER + OPEN || page.to == room.seq;
    assert!(settled, "{what}: the log ends at {} of {}", page.to, room.seq);
    for seq in page.from..=page.to {
        let event = page.events.iter().find(|event| event.seq() == seq).map(identity);
        let before = seen.borrow_mut().insert((room.epoch.clone(), seq), event.clone());
        assert!(before.is_none_or(|before| before == event), "{what}: number {seq} was something else: {event:?}");
    }
}

/// Returns the parts of an event that never change.
fn identity(event: &LogEvent) -> String {
    match event {
        LogEvent::Message(message) => format!("message {} by {}", message.id, message.from.user_id),
        LogEvent::Change(change) => format!("{:?} {} by {}", change.kind, change.of, change.by.user_id),
        LogEvent::Notice(notice) => format!("{:?} {}", notice.kind, notice.name),
    }
}

fn each_message_is_in_the_log_once(after: &After, what: &str) {
    let mut ids: Vec<_> = after.messages().map(|message| (&message.from.user_id, &message.id)).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "{what}: {:#?}", after.events);
    let closed = |event: &LogEvent| matches!(event, LogEvent::Notice(notice) if notice.kind == NoticeKind::Closed);
    assert!(!after.events.iter().any(closed), "{what}: a closed room has no log");
}

fn messages_reflect_their_changes(after: &After, what: &str) {
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
                ChangeKind::Unreacted => unreachable!("nobody in these tests removes a reaction"),
                // No two people add the same.
                ChangeKind::Reacted => expected
                    .reactions
                    .push(Reaction { emoji: change.emoji.clone().unwrap(), user_ids: vec![change.by.user_id.clone()] }),
            }
        }
        assert_eq!(*message, expected, "{what}");
    }
}

async fn everything(env: &TestEnv, room: &Room, now: Millis) -> LogPage {
    page(&env.chat.log, room, PageRange::After(0), ALL, now).await.unwrap()
}

async fn after(env: &TestEnv, now: Millis) -> After {
    let room = env.chat.rooms.open("r", now).await.ok();
    let events = match &room {
        Some(room) => everything(env, room, now + OPEN).await.events,
        // The log can no longer be read through the API; read the table.
        None => env.log_rows("r").await,
    };
    let occupants = env.chat.connections.in_room("r").await.unwrap();
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

    /// Whether the 👍 on Bob's message is Ada's alone, once.
    fn has_reaction_of_ada(&self) -> bool {
        let message = self.message(2);
        let thumbs = message.reactions.iter().find(|reaction| reaction.emoji == "👍");
        thumbs.is_some_and(|thumbs| thumbs.user_ids == ["ada"])
    }

    fn has_ada(&self) -> bool {
        self.here.iter().any(|connection_id| connection_id.starts_with("ada-"))
    }
}
