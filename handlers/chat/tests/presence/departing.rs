//! Departures: each is announced once, in few frames that fit, and not for a person who is still there.

use std::collections::BTreeSet;

use parlor_chat::delivery::Delivery;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::CONNECTIONS_PER_ROOM;
use parlor_protocol::person::Person;
use serde_json::json;

use crate::here;
use crate::support::faults::Fault;
use crate::support::{NOON, SECOND, TestEnv, frame, test_env};

/// Returns the user ids of the departures posted to a connection since the last call.
fn departures(env: &TestEnv, connection_id: &str) -> Vec<String> {
    let frames = env.gateway.take(connection_id);
    let left = frames.iter().filter(|frame| frame["type"] == "presence" && frame["event"] == "left");
    let people = left.flat_map(|frame| frame["people"].as_array().unwrap());
    people.map(|person| person["userId"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn typing_does_not_announce_the_departure_of_a_person_who_has_joined_again_meanwhile() {
    let mut env = test_env().await;
    env.extend_post_timeout();
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.joined("bob-1", "r", NOON).await;
    env.joined("carol-1", "r", NOON).await;
    env.gateway.end("bob-1");
    env.gateway.take("carol-1");

    let later = NOON + SECOND;
    let typing = env.faulty.typing(&ada, frame(r#"{"action":"typing","room":"r"}"#), later);
    let join_again = async || drop(env.joined("bob-2", "r", later).await);
    // The buckets are full by then, so each takes one call. After these two and two reads, the fifth call is a post.
    let (_, was_delayed) = env.faults.during(5, Fault::Delay, typing, join_again).await;
    assert!(was_delayed);
    assert_eq!(env.gateway.take_types("carol-1"), ["typing"]);
    assert_eq!(here(&env, later).await, ["ada-1", "bob-2", "carol-1"]);
}

#[tokio::test]
async fn simultaneous_departures_share_one_frame() {
    let mut env = test_env().await;
    env.extend_post_timeout();
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.joined("bob-1", "r", NOON).await;
    env.fill("r", 30, NOON).await;
    let dead: BTreeSet<_> = (0..30).map(|n| format!("user{n}")).collect();
    for user_id in &dead {
        env.gateway.end(&format!("{user_id}-1"));
    }
    env.gateway.take("bob-1");

    env.send(&ada, "r", "m1", NOON).await.unwrap();

    let told = env.gateway.take("bob-1");
    assert_eq!(told.len(), 2, "the message and one presence frame");
    assert_eq!(told[1]["count"], 2);
    let people = told[1]["people"].as_array().unwrap();
    assert_eq!(
        people.iter().map(|person| person["userId"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>(),
        dead
    );
    assert_eq!(people.len(), 30);
}

#[tokio::test]
async fn connections_that_close_one_after_another_cause_a_bounded_number_of_posts() {
    let mut env = test_env().await;
    env.extend_post_timeout();
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.fill("r", 40, NOON).await;
    for n in 0..40 {
        env.gateway.end_after(&format!("user{n}-1"), n);
    }
    env.gateway.take("ada-1");
    let mut told = Vec::new();
    for id in 0..40 {
        let said = json!({ "action": "send", "room": "r", "id": id.to_string(), "text": "Hi" });
        let here = here(&env, NOON).await.len();
        env.metered.send(&ada, frame(&said.to_string()), NOON + 5 * id * SECOND).await.unwrap();
        let posts = env.meter.take().posts;
        assert!(posts <= 3 * here + 1, "{posts} posts to {here} people");
        told.extend(departures(&env, "ada-1"));
    }
    // Each departure is announced once.
    told.sort();
    let mut dead: Vec<_> = (0..40).map(|n| format!("user{n}")).collect();
    dead.sort();
    assert_eq!(told, dead);
}

#[tokio::test]
async fn a_frame_of_departures_fits_whatever_the_names() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.joined("ada-1", "r", NOON).await;
    for letter in ["x", "\\", "語", "𝒳"] {
        for count in [1, 2, 100, 128, 129, 130, 300, CONNECTIONS_PER_ROOM - 1] {
            let user_ids: BTreeSet<_> = (0..count).map(|n| format!("{n:016}")).collect();
            let removed = user_ids.iter().map(|id| Person { user_id: id.clone(), name: letter.repeat(32) }).collect();
            let remaining = env.chat.connections.in_room("r").await.unwrap();
            let delivery = Delivery { remaining, removed, ..Delivery::default() };
            env.gateway.take("ada-1");
            let counts = env.chat.fanout().announce_departures("r", delivery, NOON).await;
            assert!(counts.delivered <= 8, "{count} times {letter}: {} frames", counts.delivered);
            let frames = env.gateway.take("ada-1");
            for frame in &frames {
                assert!(frame.to_string().len() < 28 * 1024, "{letter}: {} bytes", frame.to_string().len());
            }
            let told: Vec<_> = frames.iter().flat_map(|frame| frame["people"].as_array().unwrap()).collect();
            let told_ids: BTreeSet<_> =
                told.iter().map(|person| person["userId"].as_str().unwrap().to_owned()).collect();
            assert_eq!((told.len(), told_ids), (count, user_ids), "{letter}");
        }
    }
}
