//! What must hold after every fault.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use parlor_chat::Caller;
use parlor_chat::log::history::{PageRange, page};
use parlor_chat::store::Room;
use parlor_protocol::limits::LEASE;
use parlor_protocol::log::{ChangeKind, LogEvent, Message, NoticeKind, Reaction};
use parlor_protocol::{Millis, Seq};

use crate::outcome::{After, everything};
use crate::support::{ALL, TestEnv};
use crate::{BEFORE, LATER, OPEN, START};

/// Checks that a successful operation leaves no number open, and that Bob got each one as an event or a void.
pub async fn everyone_gets_each_number(env: &TestEnv, room: &Room, what: &str) {
    // The open number from before is dated by the next event, which is new.
    let before = if room.epoch == "e1" { BEFORE } else { 0 };
    let page = page(&env.chat.log, room, 1, PageRange::After(before), ALL, START).await.unwrap();
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
pub async fn others_are_not_affected(env: &TestEnv, bob: &Caller, now: Millis, what: &str) {
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
pub type Seen = BTreeMap<(String, Seq), Option<String>>;

/// Reads the log and checks that nothing read before has changed, and that numbers are settled soon after they were drawn.
pub async fn check_log(env: &TestEnv, seen: &RefCell<Seen>, now: Millis, what: &str) {
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

pub fn each_message_is_in_the_log_once(after: &After, what: &str) {
    let mut ids: Vec<_> = after.messages().map(|message| (&message.from.user_id, &message.id)).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "{what}: {:#?}", after.events);
    let closed = |event: &LogEvent| matches!(event, LogEvent::Notice(notice) if notice.kind == NoticeKind::Closed);
    assert!(!after.events.iter().any(closed), "{what}: a closed room has no log");
}

pub fn messages_reflect_their_changes(after: &After, what: &str) {
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
