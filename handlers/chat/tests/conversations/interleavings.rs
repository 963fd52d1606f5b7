//! Two things at the same moment: one is stopped before each of its calls in turn, until the other is done.

use std::cell::Cell;

use parlor_protocol::conversations::Role;
use parlor_protocol::log::{LogEvent, NoticeKind};

use super::support::faults::Fault;
use super::*;

/// Runs `one` and `other` in every order of `one`'s calls and the whole of `other`. Then `check` looks at what happened.
async fn in_every_order(set_up: impl AsyncFn() -> Scene, one: &str, other: &str, check: impl AsyncFn(&Scene, &str)) {
    for (slow, quick) in [(one, other), (other, one)] {
        let mut n = 1;
        loop {
            let scene = set_up().await;
            let what = format!("{quick} before call {n} of {slow}");
            let operation = scene.act(&scene.env.faulty, slow);
            let meanwhile = async || scene.act(&scene.env.chat, quick).await;
            let (_, happened) = scene.env.faults.during(n, Fault::Delay, operation, meanwhile).await;
            if !happened {
                break;
            }
            check(&scene, &what).await;
            n += 1;
        }
        assert!(n > 1, "{slow} makes no call");
    }
}

/// A group of Ada and Bob; Cat is connected.
struct Scene {
    env: TestEnv,
    ada: Caller,
    room: String,
    /// The number that somebody who had just connected saw.
    listed: Cell<u64>,
    /// Whether the send was acknowledged.
    refused: Cell<bool>,
}

async fn scene() -> Scene {
    let (mut env, [ada, _, _]) = connected(["ada-1", "bob-1", "cat-1"]).await;
    env.extend_post_timeout();
    let room = group(&env, "ada", &["bob"]).await;
    for connection in ["ada-1", "bob-1", "cat-1"] {
        env.gateway.take(connection);
    }
    Scene { env, ada, room, listed: Cell::new(0), refused: Cell::new(false) }
}

impl Scene {
    async fn act(&self, chat: &Chat, what: &str) {
        let (room, ada) = (&self.room, person("ada"));
        match what {
            "sending" => {
                let send = format!(r#"{{"action":"send","room":"{room}","id":"it","text":"hello"}}"#);
                self.refused.set(chat.send(&self.ada, frame(&send), NOON).await.is_err());
            }
            "adding" => drop(add(chat, "ada", room, &["cat"], NOON).await.unwrap()),
            "removing" => drop(chat.remove_member(&ada, room, "bob", NOON).await),
            "other writes" => {
                let send = format!(r#"{{"action":"send","room":"{room}","id":"it","text":"hello"}}"#);
                let bob = support::caller("bob-1", "bob", "bob");
                self.refused.set(chat.send(&bob, frame(&send), NOON).await.is_err());
            }
            "owner leaves" => drop(chat.remove_member(&ada, room, "ada", NOON).await),
            "other leaves" => drop(chat.remove_member(&person("bob"), room, "bob", NOON).await),
            "other adds" => drop(add(chat, "bob", room, &["cat"], NOON).await),
            "connecting" => {
                let caller = support::caller("bob-2", "bob", "bob");
                chat.connect(&caller, NOON).await.unwrap();
                self.listed.set(chat.describe_conversation("bob", room, NOON).await.unwrap().seq);
            }
            other => unreachable!("{other}"),
        }
    }

    /// Returns the numbers of the messages that a connection received.
    fn received(&self, connection: &str) -> Vec<u64> {
        let frames = self.env.gateway.take(connection).into_iter();
        frames.filter(|frame| frame["type"] == "message").map(|frame| frame["seq"].as_u64().unwrap()).collect()
    }

    /// Returns the numbers of the messages in the log, and that of the notice of this kind.
    async fn log(&self, kind: NoticeKind) -> (Vec<u64>, Option<u64>) {
        let range = parlor_chat::log::history::PageRange::After(0);
        let page = self.env.chat.list_conversation_messages("ada", &self.room, range, 50, NOON + support::HOUR);
        let events = page.await.unwrap().events;
        let messages = events.iter().filter(|event| matches!(event, LogEvent::Message(_))).map(LogEvent::seq);
        let notice = events.iter().rev().find(|event| matches!(event, LogEvent::Notice(notice) if notice.kind == kind));
        (messages.collect(), notice.map(LogEvent::seq))
    }
}

#[tokio::test]
async fn who_is_added_receives_exactly_what_follows() {
    in_every_order(scene, "sending", "adding", async |scene, what| {
        let (messages, added) = scene.log(NoticeKind::Added).await;
        let expected: Vec<_> = messages.iter().copied().filter(|seq| *seq > added.unwrap()).collect();
        assert_eq!((messages.len(), scene.refused.get()), (1, false), "{what}");
        assert_eq!(scene.received("cat-1"), expected, "{what}");
        assert_eq!(scene.received("bob-1"), messages, "{what}");
    })
    .await;
}

#[tokio::test]
async fn who_is_removed_receives_nothing_that_follows_and_everything_before() {
    in_every_order(scene, "sending", "removing", async |scene, what| {
        let (messages, removed) = scene.log(NoticeKind::Removed).await;
        let expected: Vec<_> = messages.iter().copied().filter(|seq| *seq < removed.unwrap()).collect();
        assert_eq!((messages.len(), scene.refused.get()), (1, false), "{what}");
        assert_eq!(scene.received("bob-1"), expected, "{what}");
    })
    .await;
}

#[tokio::test]
async fn two_changes_of_members_at_once_leave_a_roster_that_the_room_agrees_with() {
    let pairs = [
        ("owner leaves", "other leaves"),
        ("owner leaves", "other adds"),
        ("removing", "other adds"),
        ("adding", "other adds"),
        ("removing", "other leaves"),
        ("removing", "owner leaves"),
    ];
    for (one, other) in pairs {
        in_every_order(scene, one, other, async |scene, what| {
            let roster = scene.env.chat.members.roster(&scene.room).await.unwrap();
            let Ok(room) = scene.env.chat.rooms.conversation(&scene.room, NOON).await else {
                assert_eq!(roster.current().count(), 0, "{what}");
                return;
            };
            assert!(room.has(&roster) && roster.current().count() > 0, "{what}: {roster:?}");
            let owners = roster.current().filter(|member| member.role == Role::Owner).count();
            assert_eq!(owners, 1, "{what}");
        })
        .await;
    }
}

#[tokio::test]
async fn nobody_writes_after_their_removal() {
    in_every_order(scene, "other writes", "removing", async |scene, what| {
        let (messages, removed) = scene.log(NoticeKind::Removed).await;
        assert!(messages.iter().all(|seq| *seq < removed.unwrap()), "{what}");
        assert_eq!(messages.is_empty(), scene.refused.get(), "{what}");
    })
    .await;
}

#[tokio::test]
async fn a_new_connection_receives_what_the_list_does_not_cover() {
    in_every_order(scene, "sending", "connecting", async |scene, what| {
        let (messages, _) = scene.log(NoticeKind::Added).await;
        let received = scene.received("bob-2");
        for seq in messages {
            assert!(seq <= scene.listed.get() || received.contains(&seq), "{what}");
        }
        assert_eq!(scene.received("bob-1").len(), 1, "{what}");
    })
    .await;
}
