//! Nobody may do more in a time than the stage's rates say, nobody owns more rooms than one may, and no room holds more
//! connections than it may.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by stopping"
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
use support::{HOUR, MINUTE, NOON, SECOND, World, caller, frame, person, rates, world};

const SLOW: Rate = Rate { per_minute: 60, burst: 3 };

/// How long somebody is to wait; nothing where they may go on.
fn wait(taken: &Result<()>) -> Option<Millis> {
    taken.as_ref().err().map(|error| error.retry_after().expect("nothing else can be wrong"))
}

#[tokio::test]
async fn a_burst_passes_and_the_rest_is_told_exactly_how_long_to_wait() {
    let World { chat: Chat { limiter, .. }, .. } = world().await;
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
    fn in_any_time_no_more_passes_than_the_burst_and_what_was_earned(
        draughts in vec((0u64..1_500, 0u64..6), 1..40),
        per_minute in 30u64..600,
        burst in 1u64..6,
    ) {
        let rate = Rate { per_minute, burst };
        let interval = 60_000 / per_minute;
        let passed = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let World { chat: Chat { limiter, .. }, .. } = world().await;
            let (mut now, mut passed) = (NOON, Vec::new());
            for (pause, size) in draughts {
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
async fn what_is_more_than_a_burst_passes_out_of_a_full_bucket_and_is_paid_for_whole() {
    let World { chat: Chat { limiter, .. }, .. } = world().await;
    let take = async |count, now| wait(&limiter.limits.take("b", count, SLOW, now).await);
    assert_eq!(take(10, NOON).await, None);
    assert_eq!(take(1, NOON).await, Some(8 * SECOND), "ten, of which the bucket held three");
    assert_eq!(take(1, NOON + 8 * SECOND).await, None);
    assert_eq!(take(10, NOON + 10 * SECOND).await, Some(SECOND));
    assert_eq!(take(10, NOON + 11 * SECOND).await, None);
}

#[tokio::test]
async fn of_many_at_the_same_moment_exactly_the_burst_passes() {
    let World { chat: Chat { limiter, .. }, .. } = world().await;
    let rate = Rate { per_minute: 60, burst: 20 };
    let taken = join_all((0..60).map(|_| limiter.limits.take("b", 1, rate, NOON))).await;
    assert_eq!(taken.iter().filter(|taken| taken.is_ok()).count(), 20);
}

/// Does an action once. What else is wrong with it does not matter here.
async fn act(chat: &Chat, by: &Caller, action: &str, room: &str, now: Millis) -> Result<()> {
    let about = |more: serde_json::Value| {
        let mut about = json!({ "action": action, "room": room });
        about.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        about.to_string()
    };
    let of_first = json!({ "seq": 1, "id": "x" });
    let tally = match action {
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
        other => panic!("no way to do {other} is known here"),
    };
    tally.map(drop)
}

fn is_limited(result: &Result<()>) -> bool {
    matches!(result, Err(ChatError::RateLimited { .. }))
}

#[tokio::test]
async fn every_action_counts_whether_or_not_one_is_in_the_room() {
    let mut world = world().await;
    world.room("r", Visibility::Public, NOON).await;
    for (n, action) in ACTIONS.iter().enumerate() {
        let (inside, outside) = (format!("in{n}-1"), format!("out{n}-1"));
        for by in [world.joined(&inside, "r", NOON).await, world.connect(&outside, NOON).await] {
            // Whatever is about a room counts for the person there, not only for the connection.
            let few = if *action == "ping" {
                Rates { frames: SLOW, ..rates() }
            } else {
                Rates { room_frames: SLOW, ..rates() }
            };
            world.chat.limiter.rates = Some(few);
            for _ in 0..SLOW.burst {
                assert!(!is_limited(&act(&world.chat, &by, action, "r", NOON + MINUTE).await), "{action} {by:?}");
            }
            assert!(is_limited(&act(&world.chat, &by, action, "r", NOON + MINUTE).await), "{action} {by:?}: too many");
            world.chat.limiter.rates = Some(rates());
        }
    }
}

#[tokio::test]
async fn another_connection_does_not_help_in_the_room_and_another_room_not_the_connection() {
    let world = world().await;
    for room in ["r1", "r2", "r3"] {
        world.room(room, Visibility::Public, NOON).await;
    }
    let (one, other) = (world.connect("ada-1", NOON).await, world.connect("ada-2", NOON).await);
    for _ in 0..rates().room_frames.burst {
        assert!(!is_limited(&act(&world.chat, &one, "history", "r1", NOON).await));
    }
    assert!(is_limited(&act(&world.chat, &other, "history", "r1", NOON).await));
    assert!(!is_limited(&act(&world.chat, &other, "history", "r2", NOON).await));
    for _ in 0..rates().frames.burst - rates().room_frames.burst {
        assert!(!is_limited(&act(&world.chat, &one, "history", "r3", NOON).await));
    }
    assert!(is_limited(&act(&world.chat, &one, "history", "r3", NOON).await));
    assert!(!is_limited(&act(&world.chat, &world.connect("bob-1", NOON).await, "history", "r1", NOON).await));
}

#[tokio::test]
async fn what_is_refused_is_not_done() {
    let world = world().await;
    world.room("r", Visibility::Public, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    let burst = usize::try_from(rates().room_frames.burst).unwrap();
    for n in 1..burst {
        world.send(&ada, "r", &n.to_string(), NOON).await.unwrap();
    }
    let refused = world.send(&ada, "r", "too many", NOON).await.unwrap_err();
    assert_eq!((refused.code(), refused.retry_after()), (ErrorCode::RateLimited, Some(200)));
    assert_eq!(world.log_rows("r").await.len(), burst - 1);
    world.send(&ada, "r", "too many", NOON + 200).await.unwrap();
    assert_eq!(world.log_rows("r").await.len(), burst);
}

#[tokio::test]
async fn an_owner_is_limited_over_all_rooms_and_an_address_over_all_people() {
    let World { chat: Chat { limiter, .. }, .. } = world().await;
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
async fn a_ping_counts_as_a_frame_for_each_room_and_is_not_done_where_they_are_too_many() {
    let mut world = world().await;
    let ada = world.connect("ada-1", NOON).await;
    for n in 0..ROOMS_PER_CONNECTION {
        let room = format!("r{n}");
        world.room_of(&format!("owner{n}"), &room, Visibility::Unlisted, NOON).await;
        world.join(&ada, &room, NOON).await.unwrap();
    }
    let ping = async |world: &World, now| act(&world.chat, &ada, "ping", "", now).await;
    assert_eq!(wait(&ping(&world, NOON).await), None, "after all the joins of one who comes back");
    assert_eq!(wait(&ping(&world, NOON).await), Some(5 * SECOND));
    assert_eq!(wait(&ping(&world, NOON + 5 * SECOND - 1).await), Some(1));
    let lease = world.chat.connections.occupant("ada-1", "r0", NOON).await.unwrap().lease_until;
    assert_eq!(lease, NOON + 5 * MINUTE, "what is refused renews nothing");
    for heartbeat in 1..=10 {
        assert_eq!(wait(&ping(&world, NOON + heartbeat * MINUTE).await), None);
    }

    world.chat.limiter.rates = Some(Rates { frames: SLOW, ..rates() });
    let ghost = caller("ghost-1", "ghost", "Ghost");
    for _ in 0..SLOW.burst {
        let unknown = act(&world.chat, &ghost, "ping", "", NOON).await.unwrap_err();
        assert_eq!(unknown.code(), ErrorCode::ConnectionExpired);
    }
    assert!(is_limited(&act(&world.chat, &ghost, "ping", "", NOON).await), "who is nowhere counts as well");
}

#[tokio::test]
async fn of_two_limits_the_longer_wait_counts() {
    let mut world = world().await;
    let ada = world.connect("ada-1", NOON).await;
    let rate = |per_minute| Rate { per_minute, burst: 1 };
    for (at, frames, room_frames) in [(NOON, 60, 30), (NOON + HOUR, 30, 60)] {
        world.chat.limiter.rates = Some(Rates { frames: rate(frames), room_frames: rate(room_frames), ..rates() });
        let room = format!("r{frames}");
        world.chat.limiter.frame(&ada, Some(&room), at).await.unwrap();
        let refused = world.chat.limiter.frame(&ada, Some(&room), at).await;
        assert_eq!(wait(&refused), Some(2 * SECOND));
    }
}

#[tokio::test]
async fn who_goes_on_after_many_refusals_is_disconnected_and_who_waits_is_not() {
    let world = world().await;
    let (eager, patient) = ("eager-1", "patient-1");
    for _ in 0..rates().refusals.burst {
        world.chat.count_refusal(eager, NOON).await;
        assert!(!world.gateway.is_ended(eager));
    }
    world.chat.count_refusal(eager, NOON).await;
    assert!(world.gateway.is_ended(eager));

    // Refused as often as frames pass.
    let interval = MINUTE / rates().frames.per_minute;
    for n in 0..3 * rates().refusals.burst {
        world.chat.count_refusal(patient, NOON + n * interval).await;
    }
    assert!(!world.gateway.is_ended(patient));
}

async fn make(world: &World, owner: Option<&str>, now: Millis) -> Result<String> {
    let site = Site { url: "https://chat.example".into() };
    let body = parse_body(r#"{"name":"Tea"}"#).unwrap();
    world.chat.create_room(&site, body, owner.map(str::to_owned), now).await.map(|room| room.room_id)
}

#[tokio::test]
async fn a_person_owns_so_many_open_rooms_and_no_more() {
    let world = world().await;
    let mut rooms = Vec::new();
    for _ in 0..ROOMS_PER_PERSON {
        rooms.push(make(&world, Some("ada"), NOON).await.unwrap());
    }
    let too_many = async |now| make(&world, Some("ada"), now).await.unwrap_err().code();
    assert_eq!(too_many(NOON).await, ErrorCode::TooManyRooms);
    make(&world, Some("bob"), NOON).await.unwrap();
    make(&world, None, NOON).await.unwrap();

    world.chat.close_room(&person("ada"), &rooms[0], tokio::time::Instant::now(), NOON).await.unwrap();
    make(&world, Some("ada"), NOON).await.unwrap();
    assert_eq!(too_many(NOON).await, ErrorCode::TooManyRooms);

    // In one of them somebody talks; the others expire.
    let ada = world.joined("ada-1", &rooms[1], NOON + 20 * HOUR).await;
    world.send(&ada, &rooms[1], "1", NOON + 20 * HOUR).await.unwrap();
    for _ in 1..ROOMS_PER_PERSON {
        make(&world, Some("ada"), NOON + 30 * HOUR).await.unwrap();
    }
    assert_eq!(too_many(NOON + 30 * HOUR).await, ErrorCode::TooManyRooms);
}

#[tokio::test]
async fn rooms_made_at_the_same_moment_are_all_counted() {
    let world = world().await;
    let made = join_all((0..ROOMS_PER_PERSON + 10).map(|_| async {
        loop {
            match make(&world, Some("ada"), NOON).await {
                Err(error) if error.code() == ErrorCode::Unavailable => {}
                result => return result,
            }
        }
    }))
    .await;
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), ROOMS_PER_PERSON);
}

#[tokio::test]
async fn a_room_holds_so_many_connections_and_whoever_is_in_it_is_never_refused() {
    let world = world().await;
    world.room("r", Visibility::Public, NOON).await;
    world.fill("r", CONNECTIONS_PER_ROOM - 2, NOON).await;
    let late = world.connect("late-1", NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    let bob = world.joined("bob-1", "r", NOON).await;
    world.gateway.take("ada-1");

    let refused = world.join(&late, "r", NOON).await.unwrap_err();
    assert_eq!((refused.code(), refused.code().retryable()), (ErrorCode::RoomFull, true));
    assert_eq!(world.gateway.take("late-1"), [] as [Value; 0]);
    assert_eq!(world.gateway.take("ada-1"), [] as [Value; 0], "nobody is told of who did not get in");
    assert_eq!(world.chat.connections.in_room("r").await.unwrap().len(), CONNECTIONS_PER_ROOM);
    assert_eq!(act(&world.chat, &late, "history", "r", NOON).await.unwrap_err().code(), ErrorCode::NotJoined);
    let rooms = world.chat.connections.connection("late-1").await.unwrap().rooms;
    assert!(rooms.is_empty(), "no ping keeps what was not had: {rooms:?}");

    // At a moment when another one is being refused.
    world.chat.connections.enter(&late, "late", "r", NOON).await.unwrap();
    world.join(&ada, "r", NOON).await.unwrap();
    let renamed = frame(r#"{"action":"join","room":"r","name":"Countess"}"#);
    world.chat.join(&ada, renamed, NOON).await.unwrap();
    world.chat.connections.exit("late-1", "r").await.unwrap();
    world.gateway.take("late-1");

    world.chat.disconnect(&bob.connection_id, NOON).await.unwrap();
    world.join(&late, "r", NOON).await.unwrap();
    assert_eq!(world.gateway.take("late-1")[0]["count"], CONNECTIONS_PER_ROOM);
}

#[tokio::test]
async fn connections_whose_lease_has_ended_take_no_place() {
    let world = world().await;
    world.room("r", Visibility::Public, NOON).await;
    let ada = world.joined("ada-1", "r", NOON - 5 * MINUTE).await;
    let bob = world.joined("bob-1", "r", NOON - MINUTE).await;
    world.fill("r", CONNECTIONS_PER_ROOM - 1, NOON).await;
    world.gateway.take("bob-1");

    let refused = world.join(&ada, "r", NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::RoomFull, "who let it end has lost the place");
    let told = json!({ "type": "presence", "room": "r", "event": "left", "people": [{ "userId": "ada", "name": "ada" }], "count": CONNECTIONS_PER_ROOM });
    assert_eq!(world.gateway.take("bob-1"), [told]);

    world.chat.disconnect(&bob.connection_id, NOON).await.unwrap();
    world.joined("carol-1", "r", NOON).await;
}

#[tokio::test]
async fn of_many_who_come_for_the_last_place_at_most_one_gets_it() {
    let world = world().await;
    world.room("r", Visibility::Public, NOON).await;
    world.fill("r", CONNECTIONS_PER_ROOM - 1, NOON).await;
    let joined = join_all((0..8).map(|n| {
        let world = &world;
        async move { world.join(&world.connect(&format!("late{n}-1"), NOON).await, "r", NOON).await }
    }))
    .await;
    assert!(joined.iter().filter(|joined| joined.is_ok()).count() <= 1);
    let refused = joined.iter().filter_map(|joined| joined.as_ref().err());
    assert!(refused.clone().all(|error| error.code() == ErrorCode::RoomFull), "{:?}", refused.collect::<Vec<_>>());
    let there = world.chat.connections.in_room("r").await.unwrap().len();
    assert_eq!(there, CONNECTIONS_PER_ROOM - 1 + joined.iter().filter(|joined| joined.is_ok()).count());
}
