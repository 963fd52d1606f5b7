//! Rates and limits: nobody exceeds the stage's rates, owns too many rooms or joins a full room.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed test may panic"
)]

mod support;

use futures_util::future::join_all;
use parlor_chat::error::{ChatError, Result};
use parlor_chat::limiter::Rates;
use parlor_chat::rooms::lobby::Site;
use parlor_chat::store::Rate;
use parlor_chat::{Caller, Chat};
use parlor_protocol::Millis;
use parlor_protocol::client::{ACTIONS, parse_body};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::{CONNECTIONS_PER_ROOM, ROOMS_PER_CONNECTION, ROOMS_PER_PERSON};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{HOUR, MINUTE, NOON, SECOND, TestEnv, caller, frame, person, rates, test_env};

const SLOW: Rate = Rate { per_minute: 60, burst: 3 };

/// Returns the wait of a refusal; `None` if it passed.
fn wait(taken: &Result<()>) -> Option<Millis> {
    taken.as_ref().err().map(|error| error.retry_after().expect("only rateLimited is possible"))
}

#[tokio::test]
async fn a_burst_passes_and_the_rest_gets_the_exact_wait() {
    let TestEnv { chat: Chat { limiter, .. }, .. } = test_env().await;
    let take = async |now| wait(&limiter.limits.take("b", 1, SLOW, now).await);
    for _ in 0..3 {
        assert_eq!(take(NOON).await, None);
    }
    assert_eq!(take(NOON).await, Some(SECOND));
    assert_eq!(take(NOON + 400).await, Some(600));
    assert_eq!(take(NOON + 999).await, Some(1));
    assert_eq!(take(NOON + 1000).await, None);
    assert_eq!(take(NOON + 1000).await, Some(SECOND));
    assert_eq!(wait(&limiter.limits.take("another", 1, SLOW, NOON + 1000).await), None);
    for _ in 0..3 {
        assert_eq!(take(NOON + HOUR).await, None);
    }
    assert_eq!(take(NOON + HOUR).await, Some(SECOND));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_interval_passes_more_than_the_burst_and_the_refill(
        takes in vec((0u64..1_500, 0u64..6), 1..40),
        per_minute in 30u64..600,
        burst in 1u64..6,
    ) {
        let rate = Rate { per_minute, burst };
        let interval = 60_000 / per_minute;
        let passed = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let TestEnv { chat: Chat { limiter, .. }, .. } = test_env().await;
            let (mut now, mut passed) = (NOON, Vec::new());
            for (pause, size) in takes {
                now += pause;
                let count = 1 + size % burst;
                match wait(&limiter.limits.take("b", count, rate, now).await) {
                    None => passed.push((now, count)),
                    Some(wait) => {
                        assert!((1..=count * interval).contains(&wait), "a wait of {wait}");
                        assert_eq!(self::wait(&limiter.limits.take("b", count, rate, now + wait - 1).await), Some(1));
                    }
                }
            }
            passed
        });
        for (first, (from, _)) in passed.iter().enumerate() {
            let mut taken = 0;
            for (to, count) in &passed[first..] {
                taken += count;
                let allowed = burst + (to - from) / interval;
                prop_assert!(taken <= allowed, "from {from} to {to}: {taken}, more than {allowed}");
            }
        }
    }
}

#[tokio::test]
async fn a_take_larger_than_the_burst_passes_a_full_bucket_and_is_charged_in_full() {
    let TestEnv { chat: Chat { limiter, .. }, .. } = test_env().await;
    let take = async |count, now| wait(&limiter.limits.take("b", count, SLOW, now).await);
    assert_eq!(take(10, NOON).await, None);
    assert_eq!(take(1, NOON).await, Some(8 * SECOND), "ten were taken, of which the bucket held three");
    assert_eq!(take(1, NOON + 8 * SECOND).await, None);
    assert_eq!(take(10, NOON + 10 * SECOND).await, Some(SECOND));
    assert_eq!(take(10, NOON + 11 * SECOND).await, None);
}

#[tokio::test]
async fn of_many_simultaneous_takes_exactly_the_burst_passes() {
    let TestEnv { chat: Chat { limiter, .. }, .. } = test_env().await;
    let rate = Rate { per_minute: 60, burst: 20 };
    let taken = join_all((0..60).map(|_| limiter.limits.take("b", 1, rate, NOON))).await;
    assert_eq!(taken.iter().filter(|taken| taken.is_ok()).count(), 20);
}

/// Runs an action once. Errors other than `rateLimited` do not matter here.
async fn act(chat: &Chat, by: &Caller, action: &str, room: &str, now: Millis) -> Result<()> {
    let about = |more: serde_json::Value| {
        let mut about = json!({ "action": action, "room": room });
        about.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        about.to_string()
    };
    let of_first = json!({ "seq": 1, "id": "x" });
    let counts = match action {
        "join" => chat.join(by, frame(&about(json!({}))), now).await,
        "leave" => chat.leave(by, frame(&about(json!({}))), now).await,
        "send" => chat.send(by, frame(&about(json!({ "id": "x", "text": "again" }))), now).await,
        "edit" => {
            let mut edit = of_first;
            edit["text"] = json!("better");
            chat.edit(by, frame(&about(edit)), now).await
        }
        "delete" => chat.delete(by, frame(&about(of_first)), now).await,
        "react" => {
            let mut react = of_first;
            react["emoji"] = json!("👍");
            react["on"] = json!(true);
            chat.react(by, frame(&about(react)), now).await
        }
        "history" => chat.history(by, frame(&about(json!({}))), now).await,
        "typing" => chat.typing(by, frame(&about(json!({}))), now).await,
        "ping" => chat.ping(by, frame(r#"{"action":"ping"}"#), now).await,
        other => panic!("unknown action {other}"),
    };
    counts.map(drop)
}

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

async fn create(env: &TestEnv, owner: Option<&str>, now: Millis) -> Result<String> {
    let site = Site { url: "https://chat.example".into() };
    let body = parse_body(r#"{"name":"Tea"}"#).unwrap();
    env.chat.create_room(&site, body, owner.map(str::to_owned), now).await.map(|room| room.room_id)
}

#[tokio::test]
async fn the_number_of_open_rooms_per_owner_is_limited() {
    let env = test_env().await;
    let mut rooms = Vec::new();
    for _ in 0..ROOMS_PER_PERSON {
        rooms.push(create(&env, Some("ada"), NOON).await.unwrap());
    }
    let too_many = async |now| create(&env, Some("ada"), now).await.unwrap_err().code();
    assert_eq!(too_many(NOON).await, ErrorCode::TooManyRooms);
    create(&env, Some("bob"), NOON).await.unwrap();
    create(&env, None, NOON).await.unwrap();

    env.chat.close_room(&person("ada"), &rooms[0], tokio::time::Instant::now(), NOON).await.unwrap();
    create(&env, Some("ada"), NOON).await.unwrap();
    assert_eq!(too_many(NOON).await, ErrorCode::TooManyRooms);

    // One room stays active; the others expire.
    let ada = env.joined("ada-1", &rooms[1], NOON + 20 * HOUR).await;
    env.send(&ada, &rooms[1], "1", NOON + 20 * HOUR).await.unwrap();
    for _ in 1..ROOMS_PER_PERSON {
        create(&env, Some("ada"), NOON + 30 * HOUR).await.unwrap();
    }
    assert_eq!(too_many(NOON + 30 * HOUR).await, ErrorCode::TooManyRooms);
}

#[tokio::test]
async fn rooms_created_simultaneously_are_all_counted() {
    let env = test_env().await;
    let created = join_all((0..ROOMS_PER_PERSON + 10).map(|_| async {
        loop {
            match create(&env, Some("ada"), NOON).await {
                Err(error) if error.code() == ErrorCode::Unavailable => {}
                result => return result,
            }
        }
    }))
    .await;
    assert_eq!(created.iter().filter(|created| created.is_ok()).count(), ROOMS_PER_PERSON);
}

#[tokio::test]
async fn a_full_room_refuses_new_connections_and_never_one_that_has_joined() {
    let env = test_env().await;
    env.room("r", Visibility::Public, NOON).await;
    env.fill("r", CONNECTIONS_PER_ROOM - 2, NOON).await;
    let late = env.connect("late-1", NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let bob = env.joined("bob-1", "r", NOON).await;
    env.gateway.take("ada-1");

    let refused = env.join(&late, "r", NOON).await.unwrap_err();
    assert_eq!((refused.code(), refused.code().retryable()), (ErrorCode::RoomFull, true));
    assert_eq!(env.gateway.take("late-1"), [] as [Value; 0]);
    assert_eq!(env.gateway.take("ada-1"), [] as [Value; 0], "a refused join is not announced");
    assert_eq!(env.chat.connections.in_room("r").await.unwrap().len(), CONNECTIONS_PER_ROOM);
    assert_eq!(act(&env.chat, &late, "history", "r", NOON).await.unwrap_err().code(), ErrorCode::NotJoined);
    let rooms = env.chat.connections.connection("late-1").await.unwrap().rooms;
    assert!(rooms.is_empty(), "a refused join leaves no room on the connection: {rooms:?}");

    // While another join is being refused.
    env.enter(&late, "late", "r", NOON).await.unwrap();
    env.join(&ada, "r", NOON).await.unwrap();
    let renamed = frame(r#"{"action":"join","room":"r","name":"Countess"}"#);
    env.chat.join(&ada, renamed, NOON).await.unwrap();
    env.chat.connections.exit("late-1", "r").await.unwrap();
    env.gateway.take("late-1");

    env.chat.disconnect(&bob.connection_id, NOON).await.unwrap();
    env.join(&late, "r", NOON).await.unwrap();
    assert_eq!(env.gateway.take("late-1")[0]["count"], CONNECTIONS_PER_ROOM);
}

#[tokio::test]
async fn connections_whose_lease_has_ended_do_not_count_toward_the_limit() {
    let env = test_env().await;
    env.room("r", Visibility::Public, NOON).await;
    let ada = env.joined("ada-1", "r", NOON - 5 * MINUTE).await;
    let bob = env.joined("bob-1", "r", NOON - MINUTE).await;
    env.fill("r", CONNECTIONS_PER_ROOM - 1, NOON).await;
    env.gateway.take("bob-1");

    let refused = env.join(&ada, "r", NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::RoomFull, "a connection whose lease ended has lost its place");
    let departure = json!({ "type": "presence", "room": "r", "event": "left", "people": [{ "userId": "ada", "name": "ada" }], "count": CONNECTIONS_PER_ROOM });
    assert_eq!(env.gateway.take("bob-1"), [departure]);

    env.chat.disconnect(&bob.connection_id, NOON).await.unwrap();
    env.joined("carol-1", "r", NOON).await;
}

#[tokio::test]
async fn of_several_simultaneous_joins_for_the_last_place_at_most_one_succeeds() {
    let env = test_env().await;
    env.room("r", Visibility::Public, NOON).await;
    env.fill("r", CONNECTIONS_PER_ROOM - 1, NOON).await;
    let joined = join_all((0..8).map(|n| {
        let env = &env;
        async move { env.join(&env.connect(&format!("late{n}-1"), NOON).await, "r", NOON).await }
    }))
    .await;
    assert!(joined.iter().filter(|joined| joined.is_ok()).count() <= 1);
    let refused = joined.iter().filter_map(|joined| joined.as_ref().err());
    assert!(refused.clone().all(|error| error.code() == ErrorCode::RoomFull), "{:?}", refused.collect::<Vec<_>>());
    let there = env.chat.connections.in_room("r").await.unwrap().len();
    assert_eq!(there, CONNECTIONS_PER_ROOM - 1 + joined.iter().filter(|joined| joined.is_ok()).count());
}
