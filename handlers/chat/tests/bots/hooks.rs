//! Webhooks: who makes and removes them, what programs write through them, and that a message is stored once.

use parlor_chat::bots::courier::Scheme;
use parlor_protocol::http::{Hook, HookReceipt};
use parlor_protocol::limits::{HOOKS_PER_ROOM, VOID_AFTER};

use super::support::faults::{Ended, Fault};
use super::*;

/// When numbers that were left open can be voided.
const SETTLED: Millis = LATER + 2 * VOID_AFTER.as_millis() as Millis;

async fn create(chat: &Chat, by: &str, room: &str, name: &str) -> Result<Hook, ChatError> {
    let new = parse_body(&json!({ "name": name }).to_string()).expect("a valid name");
    chat.create_hook(&person(by), room, new, Scheme::Https, LATER).await
}

async fn post(chat: &Chat, hook: &Hook, body: Value, now: Millis) -> Result<HookReceipt, ChatError> {
    chat.post_hook(&hook.id, &hook.secret, parse_body(&body.to_string()).unwrap(), now).await
}

/// Removes the bot that a webhook is.
async fn remove(chat: &Chat, hook: &Hook, room: &str) {
    let name = hook.person.user_id.strip_prefix("bot:").unwrap();
    set(chat, "ada", room, name, false).await.unwrap();
}

/// Returns a room of Ada's with a webhook, with her and Bob inside, and the room's id.
async fn room_with_hook() -> (TestEnv, Caller, Hook, String) {
    let env = test_env().await;
    let room = env.create("ada", json!({})).await.room_id;
    let ada = env.joined("ada-1", &room, NOON).await;
    env.joined("bob-1", &room, NOON).await;
    let hook = create(&env.chat, "ada", &room, "Build server").await.unwrap();
    (env, ada, hook, room)
}

/// Returns the texts that webhooks have written in a room.
async fn written(env: &TestEnv, room: &str) -> Vec<String> {
    let epoch = env.chat.rooms.open(room, LATER).await.unwrap().epoch;
    let rows = env.chat.log.read(support::rows::all_of(room, &epoch)).await.unwrap();
    let texts = rows.into_iter().filter_map(|(seq, event)| {
        match event.into_wire(LogKey { room_id: room, epoch: &epoch, seq }) {
            Some(LogEvent::Message(message)) => Some(message.text),
            _ => None,
        }
    });
    texts.collect()
}

#[tokio::test]
async fn everyone_gets_what_a_program_writes_marked_as_a_bots() {
    let (env, _, hook, room) = room_with_hook().await;
    let bot = json!({ "userId": hook.person.user_id, "name": "Build server", "bot": true });
    for connection in ["ada-1", "bob-1"] {
        let notice = env.gateway.take(connection).pop().unwrap();
        assert_eq!((&notice["kind"], &notice["people"]), (&json!("botAdded"), &json!([bot])));
    }
    let receipt = post(&env.chat, &hook, json!({ "text": "Build 7 passed" }), LATER).await.unwrap();
    for connection in ["ada-1", "bob-1"] {
        let message = env.gateway.take(connection).pop().unwrap();
        assert_eq!((&message["text"], &message["from"]), (&json!("Build 7 passed"), &bot));
        assert_eq!((&message["seq"], &message["epoch"]), (&json!(receipt.seq), &json!(receipt.epoch)));
    }
    assert_eq!(receipt.room, room);
    assert_eq!(env.gateway.take_questions(), []);
}

#[tokio::test]
async fn a_message_with_an_id_is_stored_once_and_one_without_each_time() {
    let (env, _, hook, room) = room_with_hook().await;
    let first = post(&env.chat, &hook, json!({ "text": "Once", "id": "7" }), LATER).await.unwrap();
    assert_eq!(post(&env.chat, &hook, json!({ "text": "Once", "id": "7" }), LATER + SECOND).await.unwrap(), first);
    let other = post(&env.chat, &hook, json!({ "text": "Other", "id": "7" }), LATER).await;
    assert_eq!(code(other), ErrorCode::IdReused);
    for _ in 0..2 {
        post(&env.chat, &hook, json!({ "text": "Again" }), LATER).await.unwrap();
    }
    assert_eq!(written(&env, &room).await, ["Once", "Again", "Again"]);
}

#[tokio::test]
async fn only_the_secret_of_this_webhook_writes_and_only_until_it_is_removed() {
    let (env, _, hook, room) = room_with_hook().await;
    let other = create(&env.chat, "ada", &room, "Weather").await.unwrap();
    for wrong in [
        Hook { secret: other.secret.clone(), ..hook.clone() },
        Hook { secret: String::new(), ..hook.clone() },
        Hook { secret: format!("{}x", hook.secret), ..hook.clone() },
        Hook { id: format!("absent.{}", hook.person.user_id), ..hook.clone() },
        Hook { id: format!("{room}.concierge"), ..hook.clone() },
        Hook { id: room.clone(), ..hook.clone() },
        Hook { id: String::new(), ..hook.clone() },
        Hook { id: "..".into(), ..hook.clone() },
    ] {
        let refused = post(&env.chat, &wrong, json!({ "text": "Let me in" }), LATER).await;
        assert_eq!(code(refused), ErrorCode::Unauthorized, "{wrong:?}");
    }
    remove(&env.chat, &hook, &room).await;
    let settings = env.chat.rooms.open(&room, LATER).await.unwrap().settings;
    assert_eq!((settings.bots.len(), settings.hooks.len()), (1, 1), "nothing of it is left");
    assert_eq!(code(post(&env.chat, &hook, json!({ "text": "Still here" }), LATER).await), ErrorCode::Unauthorized);
    post(&env.chat, &other, json!({ "text": "Sunny" }), LATER).await.unwrap();
    assert_eq!(written(&env, &room).await, ["Sunny"]);
}

#[tokio::test]
async fn nothing_is_stored_after_the_notice_of_the_removal() {
    let mut refused = 0;
    for n in 1.. {
        let (env, _, hook, room) = room_with_hook().await;
        let posting = post(&env.faulty, &hook, json!({ "text": "Late" }), LATER);
        let removing = async || remove(&env.chat, &hook, &room).await;
        let (ended, happened) = env.faults.during(n, Fault::Delay, posting, removing).await;
        if !happened {
            break;
        }
        let removed = env.chat.rooms.open(&room, LATER).await.unwrap().noticed.unwrap();
        match ended {
            Ended::Finished(Ok(receipt)) => assert!(receipt.seq < removed, "call {n}: {receipt:?} after {removed}"),
            Ended::Finished(Err(error)) => {
                refused += 1;
                assert!([ErrorCode::Unauthorized, ErrorCode::Forbidden].contains(&error.code()), "call {n}: {error}");
                assert_eq!(written(&env, &room).await, [""; 0], "call {n}");
            }
            Ended::Stopped => panic!("nothing was stopped"),
        }
    }
    assert!(refused >= 2, "{refused} times, the removal came first");
}

#[tokio::test]
async fn only_the_owner_makes_webhooks_in_an_open_room() {
    let (env, _, _, room) = room_with_hook().await;
    assert_eq!(code(create(&env.chat, "bob", &room, "Weather").await), ErrorCode::Forbidden);
    assert_eq!(code(create(&env.chat, "ada", "absent", "Weather").await), ErrorCode::RoomNotFound);
    let (_, direct) = direct_with_bot(&env).await;
    assert_eq!(code(create(&env.chat, "bob", &direct, "Weather").await), ErrorCode::RoomNotFound);
    env.chat.close_room(&person("ada"), &room, tokio::time::Instant::now(), LATER).await.unwrap();
    assert_eq!(code(create(&env.chat, "ada", &room, "Weather").await), ErrorCode::RoomClosed);
}

#[tokio::test]
async fn a_closed_room_takes_nothing_more() {
    let (env, _, hook, room) = room_with_hook().await;
    env.chat.close_room(&person("ada"), &room, tokio::time::Instant::now(), LATER).await.unwrap();
    assert_eq!(code(post(&env.chat, &hook, json!({ "text": "Late" }), LATER).await), ErrorCode::RoomClosed);
}

#[tokio::test]
async fn no_two_bots_of_a_room_have_names_that_look_alike_and_their_number_is_limited() {
    let (env, _, _, room) = room_with_hook().await;
    for name in ["Concierge", "Build server", "BUILD SERVER"] {
        assert_eq!(code(create(&env.chat, "ada", &room, name).await), ErrorCode::InvalidField, "{name}");
    }
    for n in 1..HOOKS_PER_ROOM {
        create(&env.chat, "ada", &room, &format!("Program {}", char::from(b'a' + n as u8))).await.unwrap();
    }
    let refused = create(&env.chat, "ada", &room, "One more").await.unwrap_err();
    assert_eq!(refused.to_string(), "the room has 10 webhooks; remove one first");
}

#[tokio::test]
async fn nobody_joins_under_a_name_that_looks_like_that_of_a_webhook_of_the_room() {
    let (env, ada, hook, room) = room_with_hook().await;
    let join = async |room: &str| {
        let join = json!({ "action": "join", "room": room, "name": "Bui1d server" });
        env.chat.join(&ada, of(join), LATER).await
    };
    assert_eq!(code(join(&room).await), ErrorCode::InvalidField);
    let other = env.create("ada", json!({})).await.room_id;
    join(&other).await.unwrap();
    remove(&env.chat, &hook, &room).await;
    join(&room).await.unwrap();
}

#[tokio::test]
async fn making_a_webhook_that_fails_leaves_all_of_it_or_nothing() {
    for fault in Fault::ALL {
        for n in 1.. {
            let env = test_env().await;
            let room = env.create("ada", json!({})).await.room_id;
            let creating = create(&env.faulty, "ada", &room, "Build server");
            let (ended, happened) = env.faults.during(n, fault, creating, async || {}).await;
            let settings = env.chat.rooms.open(&room, LATER).await.unwrap().settings;
            let ids = |ids: Vec<&String>| ids.into_iter().cloned().collect::<Vec<_>>();
            let bots = ids(settings.bots.iter().map(|bot| &bot.user_id).collect());
            assert_eq!(bots, ids(settings.hooks.iter().map(|key| &key.user_id).collect()), "{fault:?} at {n}");
            if let Ended::Finished(Ok(hook)) = ended {
                assert_eq!(bots, std::slice::from_ref(&hook.person.user_id), "{fault:?} at {n}");
                post(&env.chat, &hook, json!({ "text": "Here" }), SETTLED).await.unwrap();
            }
            if !happened {
                assert_eq!(bots.len(), 1);
                break;
            }
        }
    }
}

#[tokio::test]
async fn webhooks_outlast_other_changes_of_the_room() {
    let (env, _, hook, room) = room_with_hook().await;
    let body = parse_body(r#"{"name":"Coffee","maxPeople":9}"#).unwrap();
    env.chat.update_room(&site(), &person("ada"), &room, &body, LATER).await.unwrap();
    set(&env.chat, "ada", &room, "concierge", true).await.unwrap();
    env.chat.clear_room(&person("ada"), &room, None, tokio::time::Instant::now(), LATER).await.unwrap();
    post(&env.chat, &hook, json!({ "text": "Still here" }), LATER).await.unwrap();
    assert_eq!(written(&env, &room).await, ["Still here"]);
}

#[tokio::test]
async fn moderation_applies_to_webhooks_but_slow_mode_does_not_slow_them() {
    let (env, _, hook, room) = room_with_hook().await;
    let moderate = async |body: Value| {
        env.chat.moderate(&person("ada"), &room, &parse_body(&body.to_string()).unwrap(), LATER).await.unwrap();
    };
    let text = json!({ "text": "Tick" });
    moderate(json!({ "action": "slowMode", "seconds": 60 })).await;
    for _ in 0..2 {
        post(&env.chat, &hook, text.clone(), LATER).await.unwrap();
    }
    moderate(json!({ "action": "lock", "on": true })).await;
    assert_eq!(code(post(&env.chat, &hook, text.clone(), LATER).await), ErrorCode::RoomLocked);
    moderate(json!({ "action": "lock", "on": false })).await;
    for (action, refused) in [("mute", ErrorCode::Muted), ("ban", ErrorCode::Banned)] {
        moderate(json!({ "action": action, "userId": hook.person.user_id, "name": "Somebody" })).await;
        assert_eq!(code(post(&env.chat, &hook, text.clone(), LATER).await), refused);
        let notice = env.gateway.take("bob-1").pop().unwrap();
        assert_eq!(notice["people"][0]["name"], "Build server", "nobody gives it another name");
    }
}

#[tokio::test]
async fn a_webhook_has_the_rate_of_a_person_in_the_room() {
    let (env, _, hook, room) = room_with_hook().await;
    let burst = support::rates().room_frames.burst;
    for _ in 0..burst {
        post(&env.chat, &hook, json!({ "text": "Tick" }), LATER).await.unwrap();
    }
    let refused = post(&env.chat, &hook, json!({ "text": "Tick" }), LATER).await;
    assert_eq!(code(refused), ErrorCode::RateLimited);
    assert_eq!(written(&env, &room).await.len() as u64, burst);
}

#[tokio::test]
async fn a_message_is_stored_once_whatever_fails() {
    for fault in Fault::ALL {
        for n in 1.. {
            let (env, ada, hook, room) = room_with_hook().await;
            let body = json!({ "text": "Once", "id": "7" });
            let meanwhile = async || {
                env.send(&ada, &room, "meanwhile", SETTLED).await.unwrap();
            };
            let posting = post(&env.faulty, &hook, body.clone(), LATER);
            let (ended, happened) = env.faults.during(n, fault, posting, meanwhile).await;
            if let Ended::Finished(Err(error)) = &ended {
                assert_eq!(error.code(), ErrorCode::Unavailable, "{fault:?} at {n}: {error}");
            }
            let receipt = post(&env.chat, &hook, body, SETTLED).await.unwrap();
            if let Ended::Finished(Ok(first)) = ended {
                assert_eq!(first, receipt, "{fault:?} at {n}");
            }
            let texts = written(&env, &room).await;
            assert_eq!(texts.iter().filter(|text| *text == "Once").count(), 1, "{fault:?} at {n}: {texts:?}");
            if !happened {
                assert!(n > 4, "{fault:?}: {n} calls");
                break;
            }
        }
    }
}
