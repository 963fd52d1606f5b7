//! Roles, kicks, bans, mutes, slow mode and locks: what they keep from whom, wherever they meet what people do.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed test may panic"
)]

mod support;

use parlor_chat::{Caller, Chat, ChatError};
use parlor_protocol::client::parse_body;
use parlor_protocol::conversations::Role;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::log::{LogEvent, NoticeKind};
use parlor_protocol::moderation::{AuditKind, Permission};
use serde_json::{Value, json};

use support::faults::{Ended, Fault};
use support::{MINUTE, NOON, SECOND, TestEnv, frame, person, site, test_env};

type Refused = Result<(), ErrorCode>;

/// A room with Ada, who owns it, and Bob.
async fn room() -> (TestEnv, Caller, Caller) {
    let env = test_env().await;
    env.room("r", Visibility::Public, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let bob = env.joined("bob-1", "r", NOON).await;
    env.gateway.take("ada-1");
    env.gateway.take("bob-1");
    (env, ada, bob)
}

async fn act(chat: &Chat, by: &str, request: Value, now: u64) -> Result<(), ChatError> {
    chat.moderate(&person(by), "r", &parse_body(&request.to_string()).unwrap(), now).await
}

fn code<T>(result: Result<T, ChatError>) -> Refused {
    result.map(drop).map_err(|error| error.code())
}

async fn may_write(env: &TestEnv, who: &Caller, id: &str, now: u64) -> Refused {
    code(env.send(who, "r", id, now).await)
}

#[tokio::test]
async fn a_banned_person_is_removed_and_can_neither_come_back_nor_read_until_the_ban_ends() {
    let (env, ada, bob) = room().await;
    let second = env.joined("bob-2", "r", NOON).await;
    let seconds = 60;
    let ban = json!({ "action": "ban", "userId": "bob", "seconds": seconds, "explanation": "Spam" });
    act(&env.chat, "ada", ban, NOON).await.unwrap();

    let until = NOON + MINUTE;
    for connection in ["bob-1", "bob-2"] {
        let posts = env.gateway.take(connection);
        let left = json!({ "type": "left", "room": "r", "reason": "banned", "until": until, "explanation": "Spam" });
        assert!(posts.contains(&left), "{posts:?}");
    }
    let notice = env.gateway.take("ada-1").into_iter().find(|post| post["type"] == "notice").unwrap();
    assert_eq!(notice["kind"], "banned");
    assert_eq!((&notice["people"][0]["userId"], &notice["until"]), (&json!("bob"), &json!(until)));
    assert_eq!(notice.get("explanation"), None, "what the moderator says is for the person and the moderators");

    for again in [&bob, &second] {
        assert_eq!(may_write(&env, again, "m", NOON + SECOND).await, Err(ErrorCode::NotJoined));
        let refused = env.join(again, "r", NOON + SECOND).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Banned);
        assert_eq!(refused.restriction().explanation.as_deref(), Some("Spam"));
    }
    let read = async |reader: Option<&str>, now| {
        let reader = reader.map(person);
        let range = parlor_chat::log::history::PageRange::Newest;
        code(env.chat.list_messages("r", range, 50, None, reader.as_ref(), now).await)
    };
    assert_eq!(read(Some("bob"), NOON + SECOND).await, Err(ErrorCode::Banned));
    assert_eq!(read(None, NOON + SECOND).await, Err(ErrorCode::Unauthorized));
    assert_eq!(read(Some("cem"), NOON + SECOND).await, Ok(()));
    let described = env.chat.describe_room(&site(), "r", None, None, NOON + SECOND).await.unwrap();
    assert_eq!(described.names, None, "whoever may be banned is not shown who is inside");

    assert_eq!(read(Some("bob"), until).await, Ok(()));
    env.join(&bob, "r", until).await.unwrap();
    assert_eq!(may_write(&env, &bob, "back", until).await, Ok(()));
    assert_eq!(may_write(&env, &ada, "hello", until).await, Ok(()));
}

#[tokio::test]
async fn a_kicked_person_may_return_and_a_lifted_ban_is_gone() {
    let (env, _, bob) = room().await;
    act(&env.chat, "ada", json!({ "action": "kick", "userId": "bob" }), NOON).await.unwrap();
    assert!(env.gateway.take("bob-1").contains(&json!({ "type": "left", "room": "r", "reason": "kicked" })));
    env.join(&bob, "r", NOON).await.unwrap();
    assert_eq!(may_write(&env, &bob, "m1", NOON).await, Ok(()));

    act(&env.chat, "ada", json!({ "action": "ban", "userId": "bob" }), NOON).await.unwrap();
    assert_eq!(code(env.join(&bob, "r", NOON + 1_000 * MINUTE).await), Err(ErrorCode::Banned));
    let later = NOON + 1_001 * MINUTE;
    act(&env.chat, "ada", json!({ "action": "unban", "userId": "bob" }), later).await.unwrap();
    env.join(&bob, "r", later).await.unwrap();
    assert_eq!(may_write(&env, &bob, "m2", later).await, Ok(()));
}

#[tokio::test]
async fn muted_people_read_and_delete_and_do_nothing_else() {
    let (env, ada, bob) = room().await;
    env.send(&bob, "r", "m1", NOON).await.unwrap();
    act(&env.chat, "ada", json!({ "action": "mute", "userId": "bob", "seconds": 600 }), NOON).await.unwrap();
    let write = |name: &str, id: &str| json!({ "action": name, "room": "r", "seq": 1, "id": id });
    let mut edit = write("edit", "e");
    edit["text"] = "New".into();
    let mut react = write("react", "x");
    react["emoji"] = "👍".into();
    react["on"] = true.into();
    assert_eq!(may_write(&env, &bob, "m2", NOON).await, Err(ErrorCode::Muted));
    assert_eq!(code(env.chat.edit(&bob, frame(&edit.to_string()), NOON).await), Err(ErrorCode::Muted));
    assert_eq!(code(env.chat.react(&bob, frame(&react.to_string()), NOON).await), Err(ErrorCode::Muted));
    assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap().seq, 2, "a refusal uses no number");
    assert_eq!(code(env.chat.delete(&bob, frame(&write("delete", "d").to_string()), NOON).await), Ok(()));
    assert_eq!(may_write(&env, &ada, "m3", NOON).await, Ok(()));

    env.gateway.take("bob-1");
    env.join(&bob, "r", NOON).await.unwrap();
    let joined = env.gateway.take("bob-1").into_iter().find(|post| post["type"] == "joined").unwrap();
    assert_eq!((&joined["role"], &joined["may"]), (&json!("member"), &json!([])));
    assert_eq!(joined["muted"], json!({ "until": NOON + 10 * MINUTE }));

    let over = NOON + 10 * MINUTE;
    env.join(&bob, "r", over).await.unwrap();
    assert_eq!(may_write(&env, &bob, "m4", over).await, Ok(()), "the mute is over");
    act(&env.chat, "ada", json!({ "action": "mute", "userId": "bob" }), over).await.unwrap();
    assert_eq!(may_write(&env, &bob, "m5", over + MINUTE).await, Err(ErrorCode::Muted));
    act(&env.chat, "ada", json!({ "action": "unmute", "userId": "bob" }), over + MINUTE).await.unwrap();
    assert_eq!(may_write(&env, &bob, "m6", over + MINUTE).await, Ok(()));
}

#[tokio::test]
async fn slow_mode_makes_all_but_moderators_wait_and_says_how_long() {
    let (env, ada, bob) = room().await;
    act(&env.chat, "ada", json!({ "action": "slowMode", "seconds": 30 }), NOON).await.unwrap();
    let notice = env.gateway.take("bob-1").pop().unwrap();
    assert_eq!((&notice["kind"], &notice["rules"]["slowModeSeconds"]), (&json!("rulesChanged"), &json!(30)));

    assert_eq!(may_write(&env, &bob, "m1", NOON).await, Ok(()));
    let refused = env.send(&bob, "r", "m2", NOON + 10 * SECOND).await.unwrap_err();
    assert_eq!((refused.code(), refused.retry_after()), (ErrorCode::SlowMode, Some(20 * SECOND)));
    env.gateway.take("bob-1");
    env.send(&bob, "r", "m1", NOON + 10 * SECOND).await.unwrap();
    let ack = env.gateway.take("bob-1").into_iter().find(|post| post["type"] == "ack").unwrap();
    assert_eq!(ack["seq"], 2, "what is stored already is acknowledged again, not counted again");
    let wait = refused.retry_after().unwrap();
    assert_eq!(may_write(&env, &bob, "m2", NOON + 10 * SECOND + wait).await, Ok(()));
    for id in ["a1", "a2"] {
        assert_eq!(may_write(&env, &ada, id, NOON + 40 * SECOND).await, Ok(()));
    }
    act(&env.chat, "ada", json!({ "action": "slowMode" }), NOON + 41 * SECOND).await.unwrap();
    assert_eq!(may_write(&env, &bob, "m3", NOON + 42 * SECOND).await, Ok(()));
    assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap().moderated.guard, None, "and nothing is asked any more");
}

#[tokio::test]
async fn in_a_locked_room_only_moderators_write_and_slow_mode_and_rules_stay() {
    let (env, ada, bob) = room().await;
    act(&env.chat, "ada", json!({ "action": "slowMode", "seconds": 5 }), NOON).await.unwrap();
    act(&env.chat, "ada", json!({ "action": "lock", "on": true }), NOON).await.unwrap();
    assert_eq!(may_write(&env, &bob, "m1", NOON).await, Err(ErrorCode::RoomLocked));
    assert_eq!(may_write(&env, &ada, "m2", NOON).await, Ok(()));
    act(&env.chat, "ada", json!({ "action": "appoint", "userId": "bob" }), NOON).await.unwrap();
    assert_eq!(may_write(&env, &bob, "m3", NOON).await, Ok(()));

    let update = parse_body(r#"{"maxPeople":20}"#).unwrap();
    let info = env.chat.update_room(&site(), &person("ada"), "r", &update, NOON).await.unwrap();
    assert!(info.rules.locked);
    assert_eq!(info.rules.slow_mode_seconds.map(|seconds| seconds.get()), Some(5));
    act(&env.chat, "bob", json!({ "action": "lock", "on": false }), NOON).await.unwrap();
    let room = env.chat.rooms.open("r", NOON).await.unwrap();
    assert_eq!(room.rules().max_people.map(|people| people.get()), Some(20));
    assert!(!room.rules().locked);
}

#[tokio::test]
async fn moderators_do_not_moderate_each_other_the_owner_or_themselves_and_only_the_owner_appoints() {
    let (env, _, bob) = room().await;
    env.joined("cem-1", "r", NOON).await;
    let dia = env.joined("dia-1", "r", NOON).await;
    env.send(&dia, "r", "m1", NOON).await.unwrap();
    let delete = json!({ "action": "delete", "room": "r", "seq": 1, "id": "d" }).to_string();
    assert_eq!(code(env.chat.delete(&bob, frame(&delete), NOON).await), Err(ErrorCode::Forbidden));
    for who in ["bob", "cem"] {
        act(&env.chat, "ada", json!({ "action": "appoint", "userId": who }), NOON).await.unwrap();
    }
    assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap().moderated.guard, None, "moderators alone cost nothing");

    for about in ["ada", "bob", "cem"] {
        for action in ["kick", "ban", "mute"] {
            let request = json!({ "action": action, "userId": about });
            assert_eq!(code(act(&env.chat, "bob", request, NOON).await), Err(ErrorCode::Forbidden), "{action} {about}");
        }
    }
    for request in [
        json!({ "action": "appoint", "userId": "dia" }),
        json!({ "action": "dismiss", "userId": "cem" }),
        json!({ "action": "handOver", "userId": "bob" }),
    ] {
        assert_eq!(code(act(&env.chat, "bob", request.clone(), NOON).await), Err(ErrorCode::Forbidden), "{request}");
    }
    for request in [
        json!({ "action": "mute", "userId": "dia" }),
        json!({ "action": "unmute", "userId": "dia" }),
        json!({ "action": "slowMode", "seconds": 5 }),
        json!({ "action": "lock", "on": true }),
        json!({ "action": "lock", "on": false }),
        json!({ "action": "kick", "userId": "dia" }),
    ] {
        assert_eq!(code(act(&env.chat, "dia", request.clone(), NOON).await), Err(ErrorCode::Forbidden), "{request}");
        assert_eq!(code(act(&env.chat, "bob", request.clone(), NOON).await), Ok(()), "{request}");
    }
    assert_eq!(code(env.chat.delete(&bob, frame(&delete), NOON).await), Ok(()), "moderators delete any message");
    let stranger = json!({ "action": "ban", "userId": "eve" });
    assert_eq!(code(act(&env.chat, "bob", stranger, NOON).await), Err(ErrorCode::PersonNotFound));
    act(&env.chat, "bob", json!({ "action": "ban", "userId": "eve", "name": "Eve" }), NOON).await.unwrap();

    act(&env.chat, "ada", json!({ "action": "dismiss", "userId": "bob" }), NOON).await.unwrap();
    let lock = json!({ "action": "lock", "on": true });
    assert_eq!(code(act(&env.chat, "bob", lock, NOON).await), Err(ErrorCode::Forbidden));
}

#[tokio::test]
async fn a_room_is_handed_over_and_its_former_owner_moderates_it() {
    let (env, ..) = room().await;
    act(&env.chat, "ada", json!({ "action": "handOver", "userId": "bob" }), NOON).await.unwrap();
    let state = env.chat.moderation(&person("ada"), "r", None, NOON).await.unwrap();
    assert!(state.may.contains(&Permission::Ban) && !state.may.contains(&Permission::Close));
    assert_eq!(state.people.iter().map(|person| person.role).collect::<Vec<_>>(), [Role::Moderator]);
    let update = parse_body(r#"{"name":"Bob's"}"#).unwrap();
    let rename = async |who| code(env.chat.update_room(&site(), &person(who), "r", &update, NOON).await);
    assert_eq!(rename("ada").await, Err(ErrorCode::Forbidden));
    assert_eq!(rename("bob").await, Ok(()));
}

#[tokio::test]
async fn moderators_see_what_was_done_in_pages_and_others_do_not() {
    let (env, ..) = room().await;
    for n in 0..101 {
        let request = json!({ "action": "mute", "userId": "bob", "explanation": format!("Reason {n}") });
        act(&env.chat, "ada", request, NOON + n).await.unwrap();
    }
    let page = async |cursor: Option<&str>| env.chat.moderation(&person("ada"), "r", cursor, NOON).await.unwrap();
    let first = page(None).await;
    assert_eq!(first.audit.len(), 100);
    let newest = &first.audit[0];
    assert_eq!((newest.kind, newest.by.user_id.as_str(), newest.at), (AuditKind::Muted, "ada", NOON + 100));
    assert_eq!(newest.restriction.explanation.as_deref(), Some("Reason 100"));
    let second = page(first.cursor.as_deref()).await;
    assert_eq!(second.audit.len(), 1);
    assert_eq!(second.cursor, None);
    assert_eq!(code(env.chat.moderation(&person("bob"), "r", None, NOON).await), Err(ErrorCode::Forbidden));
    assert_eq!(code(env.chat.moderation(&person("ada"), "r", Some("x"), NOON).await), Err(ErrorCode::InvalidField));
    assert_eq!(code(env.chat.moderation(&person("ada"), "nowhere", None, NOON).await), Err(ErrorCode::RoomNotFound));
}

/// Returns the number of the last notice of this kind, and those of what Bob wrote, changed or deleted.
async fn numbers(env: &TestEnv, kind: NoticeKind) -> (Option<u64>, Vec<u64>) {
    let log = env.log_rows("r").await;
    let notice = log.iter().rev().find_map(|event| match event {
        LogEvent::Notice(notice) if notice.kind == kind => Some(notice.seq),
        _ => None,
    });
    let messages = log.iter().filter_map(|event| match event {
        LogEvent::Message(message) if message.from.user_id == "bob" => Some(message.seq),
        LogEvent::Change(change) if change.by.user_id == "bob" => Some(change.seq),
        _ => None,
    });
    (notice, messages.collect())
}

const RESTRICTIONS: [(&str, NoticeKind); 3] = [
    (r#"{"action":"ban","userId":"bob"}"#, NoticeKind::Banned),
    (r#"{"action":"mute","userId":"bob"}"#, NoticeKind::Muted),
    (r#"{"action":"lock","on":true}"#, NoticeKind::RulesChanged),
];

/// What Bob does, and whether he may still do it when he is silenced but not banned.
const WRITES: [(&str, bool); 4] = [
    (r#"{"action":"send","room":"r","id":"m","text":"Hello"}"#, false),
    (r#"{"action":"edit","room":"r","epoch":"e1","seq":1,"id":"m","text":"Hello"}"#, false),
    (r#"{"action":"react","room":"r","epoch":"e1","seq":1,"id":"m","emoji":"👍","on":true}"#, false),
    (r#"{"action":"delete","room":"r","epoch":"e1","seq":1,"id":"m"}"#, true),
];

async fn write(chat: &Chat, by: &Caller, json: &str) -> Result<(), ChatError> {
    match serde_json::from_str::<Value>(json).unwrap()["action"].as_str() {
        Some("send") => chat.send(by, frame(json), NOON).await,
        Some("edit") => chat.edit(by, frame(json), NOON).await,
        Some("react") => chat.react(by, frame(json), NOON).await,
        _ => chat.delete(by, frame(json), NOON).await,
    }
    .map(drop)
}

/// A room in which Bob has sent one message. Whether something is moderated in it already makes a difference: then it has a
/// guard.
async fn room_with_message(is_guarded: bool) -> (TestEnv, Caller) {
    let (env, _, bob) = room().await;
    env.send(&bob, "r", "first", NOON).await.unwrap();
    if is_guarded {
        act(&env.chat, "ada", json!({ "action": "mute", "userId": "eve", "name": "Eve" }), NOON).await.unwrap();
    }
    (env, bob)
}

#[tokio::test]
async fn nothing_follows_the_notice_of_what_forbids_it_wherever_the_two_meet() {
    for (request, kind) in RESTRICTIONS {
        let request: Value = serde_json::from_str(request).unwrap();
        for (json, may_when_silenced) in WRITES {
            let is_allowed = may_when_silenced && kind != NoticeKind::Banned;
            let check = async |env: &TestEnv, what: String| {
                let (notice, written) = numbers(env, kind).await;
                let notice = notice.expect("the notice is in the log");
                assert!(is_allowed || written.iter().all(|seq| *seq < notice), "{what}: {written:?} after {notice}");
                written.len()
            };
            for is_guarded in [false, true] {
                for n in 1.. {
                    let (env, bob) = room_with_message(is_guarded).await;
                    let meanwhile = async || act(&env.chat, "ada", request.clone(), NOON).await.unwrap();
                    let writing = write(&env.faulty, &bob, json);
                    let (ended, happened) = env.faults.during(n, Fault::Delay, writing, meanwhile).await;
                    if !happened {
                        break;
                    }
                    let Ended::Finished(ended) = ended else { panic!("{request}, call {n} of {json}: it did not end") };
                    let written = check(&env, format!("{request}, call {n} of {json}")).await;
                    assert_eq!(ended.is_ok(), written == 2, "{request}, call {n} of {json}: acknowledged means stored");
                }
                for n in 1.. {
                    let (env, bob) = room_with_message(is_guarded).await;
                    let meanwhile = async || drop(write(&env.chat, &bob, json).await);
                    let acted = act(&env.faulty, "ada", request.clone(), NOON);
                    let (acted, happened) = env.faults.during(n, Fault::Delay, acted, meanwhile).await;
                    if !happened {
                        break;
                    }
                    assert!(matches!(acted, Ended::Finished(Ok(()))), "{json}, call {n} of {request}");
                    check(&env, format!("{json}, call {n} of {request}")).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn whoever_is_banned_while_joining_is_not_in_the_room_once_they_try_again_or_ping() {
    let ban = json!({ "action": "ban", "userId": "cem", "name": "Cem" });
    let is_inside = async |env: &TestEnv| {
        let occupants = env.chat.connections.in_room("r").await.unwrap();
        occupants.iter().any(|occupant| occupant.user_id == "cem")
    };
    let join = json!({ "action": "join", "room": "r" }).to_string();
    for fault in Fault::ALL {
        for n in 1.. {
            let (env, ..) = room().await;
            let cem = env.connect("cem-1", NOON).await;
            let meanwhile = async || act(&env.chat, "ada", ban.clone(), NOON).await.unwrap();
            let (joined, happened) =
                env.faults.during(n, fault, env.faulty.join(&cem, frame(&join), NOON), meanwhile).await;
            if !happened {
                break;
            }
            if fault == Fault::Delay {
                assert!(matches!(joined, Ended::Finished(_)), "call {n}");
                assert!(!is_inside(&env).await, "call {n} of the join");
            } else {
                act(&env.chat, "ada", ban.clone(), NOON).await.unwrap();
            }
            assert_eq!(code(env.chat.join(&cem, frame(&join), NOON + SECOND).await), Err(ErrorCode::Banned));
            assert!(!is_inside(&env).await, "{fault:?} at call {n} of the join, and again");
        }
        for n in 1.. {
            let (env, ..) = room().await;
            let cem = env.connect("cem-1", NOON).await;
            if fault != Fault::Delay {
                env.join(&cem, "r", NOON).await.unwrap();
            }
            let meanwhile = async || drop(env.join(&cem, "r", NOON).await);
            let acted = act(&env.faulty, "ada", ban.clone(), NOON);
            let (_, happened) = env.faults.during(n, fault, acted, meanwhile).await;
            if !happened {
                break;
            }
            let state = env.chat.moderation(&person("ada"), "r", None, NOON).await.unwrap();
            if !state.people.is_empty() {
                env.chat.ping(&cem, frame(r#"{"action":"ping"}"#), NOON + SECOND).await.unwrap();
                assert!(!is_inside(&env).await, "{fault:?} at call {n} of the ban, and a ping");
            }
        }
    }
}

#[tokio::test]
async fn slow_mode_never_lets_two_messages_through_wherever_they_meet() {
    for n in 1.. {
        let (env, _, bob) = room().await;
        act(&env.chat, "ada", json!({ "action": "slowMode", "seconds": 30 }), NOON).await.unwrap();
        let message = json!({ "action": "send", "room": "r", "id": "m1", "text": "One" }).to_string();
        let meanwhile = async || drop(env.send(&bob, "r", "m2", NOON).await);
        let send = env.faulty.send(&bob, frame(&message), NOON);
        let (_, happened) = env.faults.during(n, Fault::Delay, send, meanwhile).await;
        if !happened {
            break;
        }
        let (_, messages) = numbers(&env, NoticeKind::RulesChanged).await;
        assert_eq!(messages.len(), 1, "call {n}");
    }
}

#[tokio::test]
async fn a_message_sent_while_slow_mode_begins_counts_if_it_comes_after_it() {
    let mut after = 0;
    for n in 1.. {
        let (env, _, bob) = room().await;
        act(&env.chat, "ada", json!({ "action": "mute", "userId": "eve", "name": "Eve" }), NOON).await.unwrap();
        let message = json!({ "action": "send", "room": "r", "id": "m1", "text": "One" }).to_string();
        let slow = json!({ "action": "slowMode", "seconds": 30 });
        let slow = async || act(&env.chat, "ada", slow.clone(), NOON).await.unwrap();
        let send = env.faulty.send(&bob, frame(&message), NOON);
        let (_, happened) = env.faults.during(n, Fault::Delay, send, slow).await;
        if !happened {
            break;
        }
        let (notice, messages) = numbers(&env, NoticeKind::RulesChanged).await;
        if messages.first() > notice.as_ref() {
            after += 1;
            assert_eq!(may_write(&env, &bob, "m2", NOON).await, Err(ErrorCode::SlowMode), "call {n}");
        }
    }
    assert!(after > 0, "the message never came after slow mode");
}

#[tokio::test]
async fn handing_over_does_not_reopen_a_room_that_ends_meanwhile() {
    let mut ended = 0;
    let later = NOON + MINUTE;
    for n in 1.. {
        let (env, ada, _) = room().await;
        let update = parse_body(r#"{"endsWithoutOwnerAfterSeconds":30}"#).unwrap();
        env.chat.update_room(&site(), &person("ada"), "r", &update, NOON).await.unwrap();
        env.chat.ping(&ada, frame(r#"{"action":"ping"}"#), NOON).await.unwrap();
        let is_over = async || env.chat.rooms.open("r", later).await.is_err();
        let mut was_over = false;
        let leave = async || {
            env.chat.leave(&ada, frame(r#"{"action":"leave","room":"r"}"#), NOON).await.unwrap();
            was_over = is_over().await;
        };
        let acted = act(&env.faulty, "ada", json!({ "action": "handOver", "userId": "bob" }), later);
        let (acted, happened) = env.faults.during(n, Fault::Delay, acted, leave).await;
        if !happened {
            break;
        }
        if was_over {
            ended += 1;
            assert!(is_over().await, "call {n}");
            let Ended::Finished(acted) = acted else { panic!("call {n} stopped") };
            assert_eq!(code(acted), Err(ErrorCode::RoomClosed), "call {n}");
        }
    }
    assert!(ended > 0, "the room never ended before it was handed over");
}

#[tokio::test]
async fn an_action_that_fails_anywhere_can_be_repeated_and_then_holds() {
    for fault in Fault::ALL {
        for (request, kind) in RESTRICTIONS {
            let request: Value = serde_json::from_str(request).unwrap();
            for n in 1.. {
                let (env, _, bob) = room().await;
                let acted = act(&env.faulty, "ada", request.clone(), NOON);
                let (_, happened) = env.faults.during(n, fault, acted, async || {}).await;
                act(&env.chat, "ada", request.clone(), NOON).await.unwrap();
                assert_ne!(may_write(&env, &bob, "m", NOON + SECOND).await, Ok(()), "{request}, {fault:?} at call {n}");
                assert!(numbers(&env, kind).await.0.is_some(), "{request}, {fault:?} at call {n}");
                if !happened {
                    break;
                }
            }
        }
    }
}

#[tokio::test]
async fn ending_a_room_deletes_what_its_moderators_decided() {
    let (env, ..) = room().await;
    act(&env.chat, "ada", json!({ "action": "ban", "userId": "bob" }), NOON).await.unwrap();
    let left = async || {
        let members = &env.chat.members;
        let addresses = members.addresses_banned_with("r", "eve").await.unwrap().len();
        (members.statuses("r").await.unwrap().len(), members.audit("r", None).await.unwrap().0.len(), addresses)
    };
    let eve = Caller { address: Some("here".into()), ..support::caller("eve-1", "eve", "Eve") };
    env.chat.connections.open(&eve, NOON).await.unwrap();
    env.join(&eve, "r", NOON).await.unwrap();
    act(&env.chat, "ada", json!({ "action": "ban", "userId": "eve", "address": true }), NOON).await.unwrap();
    assert_eq!(left().await, (2, 2, 1));
    env.chat.members.delete_room("r").await.unwrap();
    assert_eq!(left().await, (0, 0, 0));
}

#[tokio::test]
async fn a_guest_without_a_token_who_comes_back_as_somebody_else_from_the_same_address_is_refused_if_that_was_chosen() {
    let (env, ..) = room().await;
    let guest = |connection: &str, user: &str, address: &str| Caller {
        address: Some(address.to_owned()),
        ..support::caller(connection, user, user)
    };
    let join = async |who: &Caller, now| {
        env.chat.connections.open(who, now).await.unwrap();
        code(env.join(who, "r", now).await)
    };
    assert_eq!(join(&guest("eve-1", "eve", "here"), NOON).await, Ok(()));
    assert_eq!(join(&guest("fay-1", "fay", "there"), NOON).await, Ok(()));
    let ban = |who: &str, address: bool| {
        json!({
            "action": "ban", "userId": who, "seconds": 60, "address": address, "explanation": "Spam",
        })
    };
    act(&env.chat, "ada", ban("fay", false), NOON).await.unwrap();
    assert_eq!(join(&guest("gil-1", "gil", "there"), NOON).await, Ok(()), "only Fay is banned");
    act(&env.chat, "ada", ban("eve", true), NOON).await.unwrap();

    let again = guest("hal-1", "hal", "here");
    env.chat.connections.open(&again, NOON).await.unwrap();
    let refused = env.join(&again, "r", NOON).await.unwrap_err();
    assert_eq!((refused.code(), refused.restriction().explanation), (ErrorCode::Banned, None), "why is about Eve");
    assert_eq!(join(&guest("ivy-1", "ivy", "elsewhere"), NOON).await, Ok(()));
    let with_token = support::caller("jan-1", "jan", "jan");
    assert_eq!(join(&with_token, NOON).await, Ok(()), "those with a token have no address");
    let state = env.chat.moderation(&person("ada"), "r", None, NOON).await.unwrap();
    let listed: Vec<_> = state.people.iter().map(|person| person.person.user_id.as_str()).collect();
    assert_eq!(listed, ["eve", "fay"], "and nobody sees addresses");

    assert_eq!(join(&again, NOON + MINUTE).await, Ok(()), "the ban is over");
    act(&env.chat, "ada", ban("eve", false), NOON + MINUTE).await.unwrap();
    assert_eq!(join(&guest("kim-1", "kim", "here"), NOON + MINUTE).await, Ok(()), "that was not chosen again");
}

#[tokio::test]
async fn an_address_stays_banned_while_any_ban_that_covers_it_holds() {
    let (env, ..) = room().await;
    let guest =
        |user: &str| Caller { address: Some("here".into()), ..support::caller(format!("{user}-1"), user, user) };
    let join = async |user: &str, now| {
        env.chat.connections.open(&guest(user), now).await.unwrap();
        code(env.join(&guest(user), "r", now).await)
    };
    for user in ["eve", "fay"] {
        join(user, NOON).await.unwrap();
    }
    act(&env.chat, "ada", json!({ "action": "ban", "userId": "eve", "address": true }), NOON).await.unwrap();
    let short = json!({ "action": "ban", "userId": "fay", "address": true, "seconds": 60 });
    act(&env.chat, "ada", short, NOON).await.unwrap();
    assert_eq!(join("gil", NOON + MINUTE).await, Err(ErrorCode::Banned));
    act(&env.chat, "ada", json!({ "action": "unban", "userId": "fay" }), NOON + MINUTE).await.unwrap();
    assert_eq!(join("gil", NOON + MINUTE).await, Err(ErrorCode::Banned));
    act(&env.chat, "ada", json!({ "action": "unban", "userId": "eve" }), NOON + MINUTE).await.unwrap();
    assert_eq!(join("gil", NOON + MINUTE).await, Ok(()));
}

#[tokio::test]
async fn a_banned_or_muted_moderator_is_none_any_more_and_who_becomes_one_may_write() {
    for action in ["ban", "mute"] {
        let (env, _, bob) = room().await;
        act(&env.chat, "ada", json!({ "action": "appoint", "userId": "bob" }), NOON).await.unwrap();
        act(&env.chat, "ada", json!({ "action": action, "userId": "bob" }), NOON).await.unwrap();
        assert!(may_write(&env, &bob, "m", NOON).await.is_err(), "{action}");
        let lock = json!({ "action": "lock", "on": true });
        assert_eq!(code(act(&env.chat, "bob", lock, NOON).await), Err(ErrorCode::Forbidden), "{action}");
        assert_eq!(code(env.chat.moderation(&person("bob"), "r", None, NOON).await), Err(ErrorCode::Forbidden));
        if action == "mute" {
            let described = env.chat.describe_room(&site(), "r", None, Some(&person("bob")), NOON).await.unwrap();
            assert_eq!(described.may, Some(Vec::new()));
            act(&env.chat, "ada", json!({ "action": "appoint", "userId": "bob" }), NOON).await.unwrap();
            assert_eq!(may_write(&env, &bob, "m2", NOON).await, Ok(()));
        }
    }
}

#[tokio::test]
async fn only_people_with_a_token_who_are_here_become_moderators_or_owners() {
    let (env, ..) = room().await;
    let eve = Caller { address: Some("here".into()), ..support::caller("eve-1", "eve", "Eve") };
    env.chat.connections.open(&eve, NOON).await.unwrap();
    env.join(&eve, "r", NOON).await.unwrap();
    for action in ["appoint", "handOver"] {
        for (user, refused) in [("eve", ErrorCode::Forbidden), ("nobody", ErrorCode::PersonNotFound)] {
            let request = json!({ "action": action, "userId": user });
            assert_eq!(code(act(&env.chat, "ada", request, NOON).await), Err(refused), "{action} {user}");
        }
    }
}

#[tokio::test]
async fn a_room_that_ends_without_its_owner_waits_for_the_new_one_when_it_is_handed_over() {
    let (env, ada, bob) = room().await;
    let update = parse_body(r#"{"endsWithoutOwnerAfterSeconds":30}"#).unwrap();
    env.chat.update_room(&site(), &person("ada"), "r", &update, NOON).await.unwrap();
    env.chat.ping(&ada, frame(r#"{"action":"ping"}"#), NOON).await.unwrap();
    env.chat.leave(&ada, frame(r#"{"action":"leave","room":"r"}"#), NOON).await.unwrap();
    let absent = env.chat.rooms.open("r", NOON).await.unwrap();
    assert_eq!(absent.owner_until, Some(NOON + 30 * SECOND));
    act(&env.chat, "ada", json!({ "action": "handOver", "userId": "bob" }), NOON + SECOND).await.unwrap();
    let later = NOON + MINUTE;
    env.chat.rooms.open("r", later).await.unwrap();
    env.chat.leave(&bob, frame(r#"{"action":"leave","room":"r"}"#), later).await.unwrap();
    let left = env.chat.rooms.open("r", later).await.unwrap();
    assert_eq!(left.owner_until, Some(later + 30 * SECOND), "Bob's does");
}

#[tokio::test]
async fn handing_over_can_be_repeated_after_every_fault() {
    let hand_over = json!({ "action": "handOver", "userId": "bob" });
    for fault in Fault::ALL {
        for n in 1.. {
            let (env, ..) = room().await;
            let acted = act(&env.faulty, "ada", hand_over.clone(), NOON);
            let (_, happened) = env.faults.during(n, fault, acted, async || {}).await;
            act(&env.chat, "ada", hand_over.clone(), NOON).await.unwrap();
            let room = env.chat.rooms.open("r", NOON).await.unwrap();
            assert_eq!(room.owner_id.as_deref(), Some("bob"), "{fault:?} at call {n}");
            let notice = env.log_rows("r").await.into_iter().rev().find_map(|event| match event {
                LogEvent::Notice(notice) if notice.kind == NoticeKind::HandedOver => Some(notice.people),
                _ => None,
            });
            assert_eq!(notice, Some(vec![person("bob")]), "{fault:?} at call {n}");
            if !happened {
                break;
            }
        }
    }
}

#[tokio::test]
async fn lowering_slow_mode_ends_the_longer_wait() {
    let (env, _, bob) = room().await;
    act(&env.chat, "ada", json!({ "action": "slowMode", "seconds": 3_600 }), NOON).await.unwrap();
    assert_eq!(may_write(&env, &bob, "m1", NOON).await, Ok(()));
    assert_eq!(may_write(&env, &bob, "m2", NOON + SECOND).await, Err(ErrorCode::SlowMode));
    act(&env.chat, "ada", json!({ "action": "slowMode", "seconds": 5 }), NOON + 2 * SECOND).await.unwrap();
    assert_eq!(may_write(&env, &bob, "m2", NOON + 3 * SECOND).await, Ok(()));
}

#[tokio::test]
async fn what_is_stored_is_acknowledged_again_whatever_was_decided_since() {
    for request in [json!({ "action": "mute", "userId": "bob" }), json!({ "action": "lock", "on": true })] {
        let (env, _, bob) = room().await;
        assert_eq!(may_write(&env, &bob, "m1", NOON).await, Ok(()));
        act(&env.chat, "ada", request.clone(), NOON).await.unwrap();
        assert_eq!(may_write(&env, &bob, "m1", NOON + SECOND).await, Ok(()), "{request}");
        assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap().seq, 2, "{request}: no other number");
    }
}
