//! Each call of each act goes wrong in each way, and the act is repeated if it was not answered. Afterwards it is done once.
//! `npm test -- quick` skips this module by its name.

use std::pin::Pin;

use parlor_chat::log::history::PageRange;
use parlor_protocol::log::{LogEvent, NoticeKind};

use super::support::faults::{Ended, Fault};
use super::*;

type Run = for<'a> fn(&'a Chat, &'a Caller, &'a str) -> Pin<Box<dyn Future<Output = Result<(), ChatError>> + 'a>>;

/// Something that Ada does in a group of hers with Bob, while Cat is connected.
struct Act {
    run: Run,
    /// Whether it has happened, once.
    is_done: fn(&[LogEvent], &Conversation) -> bool,
}

/// Late enough that every number is settled.
const LATER: Millis = NOON + support::HOUR;

async fn every_call_fails(act: Act) {
    for fault in Fault::ALL {
        let mut n = 1;
        while fails(&act, n, fault).await {
            n += 1;
        }
        assert!(n > 1, "the act makes no call");
    }
}

/// Returns whether the act made n calls, so that this fault happened.
async fn fails(act: &Act, n: usize, fault: Fault) -> bool {
    let (mut env, [ada, bob, _]) = connected(["ada-1", "bob-1", "cat-1"]).await;
    env.extend_post_timeout();
    let room = group(&env, "ada", &["bob"]).await;
    let what = format!("{fault:?} at call {n}");
    let meanwhile = async || drop(env.send(&bob, &room, "meanwhile", NOON).await);
    let (ended, happened) = env.faults.during(n, fault, (act.run)(&env.faulty, &ada, &room), meanwhile).await;
    let is_answered = matches!(ended, Ended::Finished(Ok(())));
    if let Ended::Finished(Err(error)) = &ended {
        assert_eq!(error.code(), ErrorCode::Unavailable, "{what}: {error}");
    }
    if !is_answered {
        let again = (act.run)(&env.chat, &ada, &room).await;
        assert!(again.is_ok(), "{what}, again: {again:?}");
    }
    let page = env.chat.list_conversation_messages("bob", &room, PageRange::After(0), 100, LATER).await.unwrap();
    assert_eq!(page.to, page.seq, "{what}");
    let described = env.chat.describe_conversation("bob", &room, LATER).await.unwrap();
    assert!((act.is_done)(&page.events, &described), "{what}, answered: {is_answered}: {:#?}", page.events);
    the_tables_agree(&env, &room, &what).await;
    happened
}

/// The room's row, the roster and everyone's list say the same.
async fn the_tables_agree(env: &TestEnv, room: &str, what: &str) {
    let roster = env.chat.members.roster(room).await.unwrap();
    let row = env.chat.rooms.conversation(room, NOON).await.unwrap();
    assert_eq!(row.members_version, Some(roster.version()), "{what}");
    for person in ["ada", "bob", "cat"] {
        let listed = env.chat.members.conversations(person).await.unwrap();
        let is_listed = listed.iter().any(|listed| listed.room_id == room);
        assert_eq!(is_listed, roster.member(person).is_some(), "{what}: {person}");
    }
}

fn notices(events: &[LogEvent], kind: NoticeKind) -> usize {
    events.iter().filter(|event| matches!(event, LogEvent::Notice(notice) if notice.kind == kind)).count()
}

fn has(conversation: &Conversation, user_id: &str) -> bool {
    conversation.members.iter().any(|member| member.person.user_id == user_id)
}

macro_rules! acts {
    ($($name:ident: |$chat:ident, $caller:ident, $room:ident| $run:expr, |$events:ident, $after:ident| $is_done:expr;)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                every_call_fails(Act {
                    run: |$chat, $caller, $room| Box::pin(async move { $run.await.map(|_| ()) }),
                    is_done: |$events, $after| $is_done,
                })
                .await;
            }
        )*
    };
}

acts! {
    sending: |chat, caller, room| {
            chat.send(caller, of(json!({ "action": "send", "room": room, "id": "it", "text": "said" })), NOON)
        },
        |events, _after| {
            events.iter().filter(|event| matches!(event, LogEvent::Message(message) if message.text == "said")).count() == 1
        };
    adding: |chat, _caller, room| add(chat, "ada", room, &["cat"], NOON),
        |events, after| notices(events, NoticeKind::Added) == 2 && has(after, "cat");
    renaming: |chat, _caller, room| rename(chat, room),
        |events, after| notices(events, NoticeKind::Renamed) == 1 && after.title.as_deref() == Some("Coffee");
    reading: |chat, caller, room| chat.read(caller, of(json!({ "action": "read", "room": room, "seq": 1 })), NOON),
        |_events, after| after.members.iter().any(|member| member.person.user_id == "ada" && member.read == Some(1));
    opening: |chat, caller, room| chat.join(caller, of(json!({ "action": "join", "room": room })), NOON),
        |events, _after| notices(events, NoticeKind::Added) == 1;
    leaving: |chat, _caller, room| leave(chat, room),
        |events, after| {
            notices(events, NoticeKind::MemberLeft) == 1
                && !has(after, "ada")
                && after.members.iter().all(|member| member.role == parlor_protocol::conversations::Role::Owner)
        };
    blocking: |chat, _caller, _room| block(chat),
        |_events, _after| true;
    listing: |chat, _caller, _room| chat.list_conversations("ada", None, None, false, NOON),
        |_events, _after| true;
    creating_another: |chat, _caller, _room| create(chat, "ada", json!({ "title": "More", "members": ["bob"] })),
        |events, _after| notices(events, NoticeKind::Added) == 1;
    writing_to_cat: |chat, _caller, _room| create(chat, "ada", json!({ "with": "cat" })),
        |_events, _after| true;
}

/// An act in no group that exists.
#[tokio::test]
async fn a_group_with_an_id_is_created_once() {
    let body = || json!({ "title": "Once", "members": ["bob", "cat"], "id": "1" });
    for fault in Fault::ALL {
        for n in 1.. {
            let (env, _) = connected(["ada-1", "bob-1", "cat-1"]).await;
            let what = format!("{fault:?} at call {n}");
            // The retry of an impatient client comes before the first request has ended.
            let meanwhile = async || drop(create(&env.chat, "ada", body()).await);
            let (_, happened) = env.faults.during(n, fault, create(&env.faulty, "ada", body()), meanwhile).await;
            let room = create(&env.chat, "ada", body()).await.unwrap().room;
            for who in ["ada", "bob", "cat"] {
                let listed = env.chat.members.conversations(who).await.unwrap();
                assert_eq!(listed.iter().map(|listed| &listed.room_id).collect::<Vec<_>>(), [&room], "{what}: {who}");
            }
            the_tables_agree(&env, &room, &what).await;
            if !happened {
                break;
            }
        }
    }
}

fn of<F: parlor_protocol::client::Frame>(json: Value) -> F {
    frame(&json.to_string())
}

async fn rename(chat: &Chat, room: &str) -> Result<Conversation, ChatError> {
    chat.update_conversation(&person("ada"), room, &parse_body(r#"{"title":"Coffee"}"#).unwrap(), NOON).await
}

async fn leave(chat: &Chat, room: &str) -> Result<(), ChatError> {
    chat.remove_member(&person("ada"), room, "ada", NOON).await
}

/// Succeeds once the other is listed as blocked, and refused.
async fn block(chat: &Chat) -> Result<(), ChatError> {
    chat.block(&person("ada"), &"bob".to_owned().try_into().unwrap(), NOON).await?;
    assert_eq!(chat.blocked("ada").await?, ["bob"]);
    Ok(())
}
