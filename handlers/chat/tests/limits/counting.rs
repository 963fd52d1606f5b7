//! What counts against which rate.

use parlor_chat::error::{ChatError, Result};
use parlor_chat::limiter::Rates;
use parlor_chat::store::Rate;
use parlor_chat::{Caller, Chat};
use parlor_protocol::Millis;
use parlor_protocol::client::ACTIONS;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::ROOMS_PER_CONNECTION;
use serde_json::json;

use crate::support::{HOUR, MINUTE, NOON, SECOND, TestEnv, caller, frame, rates, test_env};
use crate::{SLOW, act, wait};

fn is_limited(result: &Result<()>) -> bool {
    matches!(result, Err(ChatError::RateLimited { .. }))
}

#[tokio::test]
async fn every_action_counts_whether_or_not_the_caller_has_joined() {
    let mut env = test_env().await;
    env.room("r", Visibility::Public, NOON).await;
    for (n, action) in ACTIONS.iter().enumerate() {
        let (inside, outside) = (format!("in{n}-1"), format!("out{n}-1"));
        for by in [env.joined(&inside, "r", NOON).await, env.connect(&outside, NOON).await] {
            // A frame about a room counts for the person in that room as well as for the connection.
            let slow = if *action == "ping" {
                Rates { frames: SLOW, ..rates() }
            } else {
                Rates { room_frames: SLOW, ..rates() }
            };
            env.chat.limiter.rates = Some(slow);
            for _ in 0..SLOW.burst {
                assert!(!is_limited(&act(&env.chat, &by, action, "r", NOON + MINUTE).await), "{action} {by:?}");
            }
            assert!(is_limited(&act(&env.chat, &by, action, "r", NOON + MINUTE).await), "{action} {by:?}: too many");
            env.chat.limiter.rates = Some(rates());
        }
    }
}

#[tokio::test]
async fn a_second_connection_shares_the_rate_in_a_room_and_rooms_share_the_rate_of_a_connection() {
    let env = test_env().await;
    for room in ["r1", "r2", "r3"] {
        env.room(room, Visibility::Public, NOON).await;
    }
    let (one, other) = (env.connect("ada-1", NOON).await, env.connect("ada-2", NOON).await);
    for _ in 0..rates().room_frames.burst {
        assert!(!is_limited(&act(&env.chat, &one, "history", "r1", NOON).await));
    }
    assert!(is_limited(&act(&env.chat, &other, "history", "r1", NOON).await));
    assert!(!is_limited(&act(&env.chat, &other, "history", "r2", NOON).await));
    for _ in 0..rates().frames.burst - rates().room_frames.burst {
        assert!(!is_limited(&act(&env.chat, &one, "history", "r3", NOON).await));
    }
    assert!(is_limited(&act(&env.chat, &one, "history", "r3", NOON).await));
    assert!(!is_limited(&act(&env.chat, &env.connect("bob-1", NOON).await, "history", "r1", NOON).await));
}

#[tokio::test]
async fn a_refused_send_stores_nothing() {
    let env = test_env().await;
    env.room("r", Visibility::Public, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let burst = usize::try_from(rates().room_frames.burst).unwrap();
    for n in 1..burst {
        env.send(&ada, "r", &n.to_string(), NOON).await.unwrap();
    }
    let refused = env.send(&ada, "r", "too many", NOON).await.unwrap_err();
    assert_eq!((refused.code(), refused.retry_after()), (ErrorCode::RateLimited, Some(200)));
    assert_eq!(env.log_rows("r").await.len(), burst - 1);
    env.send(&ada, "r", "too many", NOON + 200).await.unwrap();
    assert_eq!(env.log_rows("r").await.len(), burst);
}

#[tokio::test]
async fn an_owners_rate_covers_all_their_rooms_and_an_addresss_rate_all_its_people() {
    let TestEnv { chat: Chat { limiter, .. }, .. } = test_env().await;
    for _ in 0..rates().room_frames.burst {
        assert!(!is_limited(&limiter.owner("ada", NOON).await));
    }
    assert!(is_limited(&limiter.owner("ada", NOON).await));
    assert!(!is_limited(&limiter.owner("bob", NOON).await));

    for n in 0..rates().connections.burst {
        assert!(!is_limited(&limiter.connect(&format!("user{n}"), "192.0.2.1", NOON).await));
    }
    assert!(is_limited(&limiter.connect("another", "192.0.2.1", NOON).await));
    assert!(!is_limited(&limiter.connect("another", "192.0.2.2", NOON).await));
}

#[tokio::test]
async fn a_handle_counts_for_its_person_and_a_look_up_for_its_address() {
    let env = test_env().await;
    let (one, other) = (env.connect("ada-1", NOON).await, env.connect("ada-2", NOON).await);
    for _ in 0..rates().room_frames.burst {
        assert!(!is_limited(&act(&env.chat, &one, "register", "", NOON).await));
    }
    assert!(is_limited(&act(&env.chat, &other, "register", "", NOON).await));
    assert!(is_limited(&env.chat.limiter.owner("ada", NOON).await), "requests share the rate");

    for _ in 0..rates().lookups.burst {
        assert!(!is_limited(&env.chat.limiter.lookup("192.0.2.1", NOON).await));
    }
    assert!(is_limited(&env.chat.limiter.lookup("192.0.2.1", NOON).await));
    assert!(!is_limited(&env.chat.limiter.lookup("192.0.2.2", NOON).await));
}

#[tokio::test]
async fn a_ping_counts_once_per_room_and_renews_nothing_if_refused() {
    let mut env = test_env().await;
    let ada = env.connect("ada-1", NOON).await;
    for n in 0..ROOMS_PER_CONNECTION {
        let room = format!("r{n}");
        env.room_of(&format!("owner{n}"), &room, Visibility::Unlisted, NOON).await;
        env.join(&ada, &room, NOON).await.unwrap();
    }
    let ping = async |env: &TestEnv, now| act(&env.chat, &ada, "ping", "", now).await;
    assert_eq!(wait(&ping(&env, NOON).await), None, "passes right after rejoining every room");
    assert_eq!(wait(&ping(&env, NOON).await), Some(5 * SECOND));
    assert_eq!(wait(&ping(&env, NOON + 5 * SECOND - 1).await), Some(1));
    let lease = env.chat.connections.occupant("ada-1", "r0", NOON).await.unwrap().lease_until;
    assert_eq!(lease, NOON + 5 * MINUTE, "a refused ping renews nothing");
    for heartbeat in 1..=10 {
        assert_eq!(wait(&ping(&env, NOON + heartbeat * MINUTE).await), None);
    }

    env.chat.limiter.rates = Some(Rates { frames: SLOW, ..rates() });
    let ghost = caller("ghost-1", "ghost", "Ghost");
    for _ in 0..SLOW.burst {
        let unknown = act(&env.chat, &ghost, "ping", "", NOON).await.unwrap_err();
        assert_eq!(unknown.code(), ErrorCode::ConnectionExpired);
    }
    assert!(is_limited(&act(&env.chat, &ghost, "ping", "", NOON).await), "an unknown connection counts as well");
}

#[tokio::test]
async fn of_two_waits_the_longer_one_is_returned() {
    let mut env = test_env().await;
    let ada = env.connect("ada-1", NOON).await;
    let rate = |per_minute| Rate { per_minute, burst: 1 };
    for (at, frames, room_frames) in [(NOON, 60, 30), (NOON + HOUR, 30, 60)] {
        env.chat.limiter.rates = Some(Rates { frames: rate(frames), room_frames: rate(room_frames), ..rates() });
        let room = format!("r{frames}");
        env.chat.limiter.frame(&ada, Some(&room), at).await.unwrap();
        let refused = env.chat.limiter.frame(&ada, Some(&room), at).await;
        assert_eq!(wait(&refused), Some(2 * SECOND));
    }
}

#[tokio::test]
async fn a_connection_with_too_many_refusals_is_ended_unless_it_waits() {
    let env = test_env().await;
    let (eager, patient) = ("eager-1", "patient-1");
    for _ in 0..rates().refusals.burst {
        env.chat.count_refusal(eager, NOON).await;
        assert!(!env.gateway.is_ended(eager));
    }
    env.chat.count_refusal(eager, NOON).await;
    assert!(env.gateway.is_ended(eager));

    // Refused at the rate at which frames pass.
    let interval = MINUTE / rates().frames.per_minute;
    for n in 0..3 * rates().refusals.burst {
        env.chat.count_refusal(patient, NOON + n * interval).await;
    }
    assert!(!env.gateway.is_ended(patient));
}

/// What counts in two steps must not take the first step's token from the second one for ever.
#[tokio::test]
async fn whoever_repeats_what_counts_twice_as_soon_as_they_may_gets_through() {
    let mut env = test_env().await;
    env.chat.limiter.rates = Some(Rates { frames: SLOW, room_frames: Rate { per_minute: 60, burst: 12 }, ..rates() });
    let ada = env.connect("ada-1", NOON).await;
    act(&env.chat, &env.connect("bob-1", NOON).await, "register", "", NOON).await.unwrap();
    let limiter = &env.chat.limiter;
    let creation = async |now| {
        limiter.owner("ada", now).await?;
        limiter.creation("ada", 1, now).await
    };
    let walk = async |now| {
        limiter.owner("ada", now).await?;
        limiter.walk("ada", now).await
    };
    let to = r#"{"action":"send","to":"@ada","id":"1","text":"Hi"}"#;
    let send = async |now| env.chat.send(&ada, frame(to), now).await.map(drop);
    let mut now = NOON + HOUR;
    for round in 0..20 {
        let mut tries = 0;
        loop {
            let result = match round % 3 {
                0 => creation(now).await,
                1 => walk(now).await,
                _ => send(now).await,
            };
            let Some(pause) = wait(&result) else { break };
            now += pause;
            tries += 1;
            assert!(tries <= 2, "round {round}: {tries} waits");
        }
    }
}

#[tokio::test]
async fn links_and_mentions_by_the_dozen_slow_their_author_down_in_all_rooms_and_nobody_else() {
    let env = test_env().await;
    let (first, second) = (env.create("ada", json!({})).await.room_id, env.create("ada", json!({})).await.room_id);
    let eve = env.joined("eve-1", &first, NOON).await;
    env.join(&eve, &second, NOON).await.unwrap();
    let bob = env.joined("bob-1", &first, NOON).await;
    let links = "https://shop.example ".repeat(8);
    let send = async |by: &Caller, room: &str, id: &str, text: &str, now: Millis| {
        let send = json!({ "action": "send", "room": room, "id": id, "text": text });
        env.chat.send(by, frame(&send.to_string()), now).await.map(|_| ())
    };
    // 25 of 50 each.
    send(&eve, &first, "1", &links, NOON).await.unwrap();
    send(&eve, &second, "2", &links, NOON).await.unwrap();
    let refused = send(&eve, &first, "3", &links, NOON).await;
    let retry_after = wait(&refused).unwrap();
    assert!((4_000..=5_000).contains(&retry_after), "{retry_after}");
    for (by, text) in [(&eve, "Good morning"), (&bob, &links)] {
        send(by, &first, "4", text, NOON).await.unwrap();
    }
    assert!(is_limited(&send(&eve, &first, "3", &links, NOON + retry_after - 1).await));
    // The refusal took nothing.
    send(&eve, &first, "3", &links, NOON + retry_after).await.unwrap();
    let most = "https://a.example ".repeat(200);
    send(&eve, &first, "5", &most, NOON + 60_000).await.unwrap();
}

#[tokio::test]
async fn who_says_the_same_in_a_third_room_gets_slower_however_it_is_written_and_nobody_else_does() {
    let mut env = test_env().await;
    env.chat.limiter.counts_texts = true;
    let mut rooms = Vec::new();
    for _ in 0..8 {
        rooms.push(env.create("ada", json!({})).await.room_id);
    }
    let (eve, bob) = (env.joined("eve-1", &rooms[0], NOON).await, env.joined("bob-1", &rooms[0], NOON).await);
    for room in &rooms[1..] {
        for person in [&eve, &bob] {
            env.join(person, room, NOON).await.unwrap();
        }
    }
    let send = async |by: &Caller, room: &str, id: &str, text: &str, now: Millis| {
        let send = json!({ "action": "send", "room": room, "id": id, "text": text });
        env.chat.send(by, frame(&send.to_string()), now).await.map(|_| ())
    };
    let texts = ["Buy cheap teapots now!", "buy CHEAP teapots, now", "Buy, cheap, teapots, now?!"];
    // Retries count their room once: otherwise the second of them would cost 10 of 50 already. The rooms after it cost 10, 20
    // and 30.
    for room in [&rooms[0], &rooms[1], &rooms[0], &rooms[1], &rooms[2], &rooms[3]] {
        let at = rooms.iter().position(|other| other == room).unwrap();
        send(&eve, room, "1", texts[at % 3], NOON).await.unwrap();
    }
    let refused = send(&eve, &rooms[4], "1", texts[1], NOON).await;
    assert!(wait(&refused).is_some(), "{refused:?}");
    // Greetings, other texts, and other people.
    for room in &rooms {
        send(&eve, room, "2", "Good morning", NOON).await.unwrap();
        send(&eve, room, "3", &format!("Something else in {room}"), NOON).await.unwrap();
    }
    send(&bob, &rooms[4], "1", texts[1], NOON).await.unwrap();
    // It is forgotten.
    let later = NOON + 20 * MINUTE;
    env.join(&eve, &rooms[5], later).await.unwrap();
    send(&eve, &rooms[5], "1", texts[1], later).await.unwrap();
}
