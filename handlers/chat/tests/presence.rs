//! Presence: who is in a room, with one entry per person whatever the number of their connections.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed test may panic"
)]

mod support;

use std::collections::BTreeSet;

use parlor_chat::Caller;
use parlor_chat::delivery::Delivery;
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::{CONNECTIONS_PER_ROOM, PRESENCE_CHECK_CONNECTIONS, ROOMS_PER_CONNECTION};
use parlor_protocol::person::{Person, digest};
use serde_json::{Value, json};
use support::faults::{Ended, Fault};
use support::{MINUTE, NOON, SECOND, TestEnv, caller, frame, person, test_env};
use tokio::time::Instant;

async fn here(env: &TestEnv, now: Millis) -> Vec<String> {
    let occupants = env.chat.connections.in_room("r").await.unwrap();
    occupants.into_iter().filter(|occupant| occupant.is_live(now)).map(|occupant| occupant.connection_id).collect()
}

async fn pinged(env: &TestEnv, caller: &Caller, now: Millis) -> Value {
    env.gateway.take(&caller.connection_id);
    env.chat.ping(caller, frame(r#"{"action":"ping"}"#), now).await.unwrap();
    env.gateway.take(&caller.connection_id).remove(0)["rooms"].clone()
}

fn presence(event: &str, user: &str, count: usize) -> Value {
    json!({ "type": "presence", "room": "r", "event": event, "people": [{ "userId": user, "name": user }], "count": count })
}

/// Returns what a pong reports for the room `r` with these people in it.
fn state(seq: u64, people: &[&str]) -> Value {
    let people: Vec<_> = people.iter().map(|user_id| person(user_id)).collect();
    json!({ "epoch": "e1", "seq": seq, "count": people.len(), "people": digest(&people) })
}

/// Returns the user ids of the departures posted to a connection since the last call.
fn departures(env: &TestEnv, connection_id: &str) -> Vec<String> {
    let frames = env.gateway.take(connection_id);
    let left = frames.iter().filter(|frame| frame["type"] == "presence" && frame["event"] == "left");
    let people = left.flat_map(|frame| frame["people"].as_array().unwrap());
    people.map(|person| person["userId"].as_str().unwrap().to_owned()).collect()
}

/// Returns the rooms listed in a connection's row.
async fn rooms_of_connection(env: &TestEnv, connection_id: &str) -> Vec<String> {
    env.chat.connections.connection(connection_id).await.unwrap().rooms.into_iter().collect()
}

#[tokio::test]
async fn joining_returns_the_people_and_announces_the_new_person_to_the_others() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.joined("bob-1", "r", NOON).await;
    env.gateway.take("bob-1");
    env.joined("ada-1", "r", NOON).await;

    let joined = env.gateway.take("ada-1").remove(0);
    assert_eq!(joined["you"], json!({ "userId": "ada", "name": "ada" }));
    assert_eq!(joined["people"], json!([{ "userId": "ada", "name": "ada" }, { "userId": "bob", "name": "bob" }]));
    assert_eq!(joined["count"], 2);
    assert_eq!(env.gateway.take("bob-1"), [presence("joined", "ada", 2)]);
}

#[tokio::test]
async fn a_person_joins_with_the_first_connection_and_leaves_with_the_last() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.joined("bob-1", "r", NOON).await;
    let first = env.joined("ada-1", "r", NOON).await;
    env.gateway.take("bob-1");
    let second = env.joined("ada-2", "r", NOON).await;
    env.chat.disconnect(&first.connection_id, NOON).await.unwrap();
    assert_eq!(env.gateway.take("bob-1"), [] as [Value; 0]);
    env.send(&second, "r", "m1", NOON).await.unwrap();
    assert_eq!(env.gateway.take_types("bob-1"), ["message"], "the second connection remains");

    env.chat.leave(&second, frame(r#"{"action":"leave","room":"r","id":"x"}"#), NOON).await.unwrap();
    assert_eq!(env.gateway.take("bob-1"), [presence("left", "ada", 1)]);
    let left = env.gateway.take("ada-2").pop().unwrap();
    assert_eq!(left, json!({ "type": "left", "room": "r", "reason": "left", "id": "x" }));
}

#[tokio::test]
async fn joining_again_announces_a_new_name_and_nothing_else() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.joined("bob-1", "r", NOON).await;
    env.gateway.take("bob-1");
    env.join(&ada, "r", NOON).await.unwrap();
    assert_eq!(env.gateway.take("bob-1"), [] as [Value; 0]);
    let renamed = frame(r#"{"action":"join","room":"r","name":"Countess"}"#);
    env.chat.join(&ada, renamed, NOON).await.unwrap();
    let told = env.gateway.take("bob-1").remove(0);
    assert_eq!((&told["event"], &told["people"][0]["name"]), (&json!("renamed"), &json!("Countess")));
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    assert_eq!(env.gateway.take("bob-1").remove(0)["from"]["name"], "Countess");
}

#[tokio::test]
async fn a_person_has_one_name_on_all_their_connections() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let first = env.joined("ada-1", "r", NOON).await;
    env.joined("bob-1", "r", NOON).await;
    let second = env.connect("ada-2", NOON).await;
    env.gateway.take("bob-1");

    let renamed = frame(r#"{"action":"join","room":"r","name":"Countess"}"#);
    env.chat.join(&second, renamed, NOON).await.unwrap();

    let people = env.gateway.take("ada-2").remove(0)["people"].clone();
    assert_eq!(people, json!([{ "userId": "ada", "name": "Countess" }, { "userId": "bob", "name": "bob" }]));
    let told = env.gateway.take("bob-1").remove(0);
    assert_eq!((&told["event"], &told["count"]), (&json!("renamed"), &json!(2)));
    env.send(&first, "r", "m1", NOON).await.unwrap();
    assert_eq!(env.gateway.take("bob-1").remove(0)["from"]["name"], "Countess");
}

#[tokio::test]
async fn a_gone_connection_is_removed_at_the_first_post_and_announced() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    for name in ["bob-1", "carol-1", "dave-1"] {
        env.joined(name, "r", NOON).await;
    }
    for name in ["ada-1", "bob-1", "carol-1", "dave-1"] {
        env.gateway.take(name);
    }
    env.gateway.end("bob-1");
    env.gateway.end("carol-1");

    let counts = env.send(&ada, "r", "m1", NOON).await.unwrap();

    assert_eq!(counts.gone, 2);
    let told = env.gateway.take("dave-1").pop().unwrap();
    assert_eq!((&told["people"], &told["count"]), (&json!([person("bob"), person("carol")]), &json!(2)));
    assert_eq!(env.gateway.take_types("ada-1"), ["message", "ack", "presence"]);
    assert_eq!(here(&env, NOON).await, ["ada-1", "dave-1"]);
}

#[tokio::test]
async fn a_throttled_or_unresponsive_reader_is_skipped_and_stays() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.joined("bob-1", "r", NOON).await;
    env.joined("carol-1", "r", NOON).await;
    env.joined("dave-1", "r", NOON).await;
    for name in ["ada-1", "dave-1"] {
        env.gateway.take(name);
    }
    env.gateway.throttle("bob-1");
    env.gateway.silence("carol-1");

    let counts = env.send(&ada, "r", "m1", NOON).await.unwrap();

    assert_eq!((counts.delivered, counts.skipped, counts.gone), (2, 2, 0));
    assert_eq!(env.gateway.take_types("dave-1"), ["message"]);
    assert_eq!(env.gateway.take_types("ada-1"), ["message", "ack"]);
    assert_eq!(here(&env, NOON).await, ["ada-1", "bob-1", "carol-1", "dave-1"]);
}

#[tokio::test]
async fn an_ack_does_not_wait_for_an_unresponsive_reader() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.joined("carol-1", "r", NOON).await;
    env.gateway.silence("carol-1");
    tokio::select! {
        biased;
        sent = env.send(&ada, "r", "m1", NOON) => panic!("it waited for Carol: {sent:?}"),
        () = env.gateway.posted("ada-1", "ack") => {}
    }
}

#[tokio::test]
async fn a_silent_connection_leaves_when_its_lease_ends_and_both_sides_are_told() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.joined("bob-1", "r", NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let later = NOON + 5 * MINUTE;
    assert_eq!(pinged(&env, &ada, later - SECOND).await, json!({ "r": state(0, &["ada", "bob"]) }));
    assert_eq!(here(&env, later).await, ["ada-1"]);
    env.gateway.take("bob-1");

    env.send(&ada, "r", "m1", later).await.unwrap();

    let told = env.gateway.take("bob-1");
    assert_eq!(told, [json!({ "type": "left", "room": "r", "reason": "leaseExpired" })]);
    assert_eq!(env.gateway.take("ada-1").pop().unwrap(), presence("left", "bob", 1));
    assert_eq!(env.chat.connections.in_room("r").await.unwrap().len(), 1, "the row is deleted");
}

#[tokio::test]
async fn a_pong_lists_the_rooms_of_the_connection_and_no_others() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.room("closed", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.join(&ada, "closed", NOON).await.unwrap();
    env.send(&ada, "r", "m1", NOON).await.unwrap();
    assert_eq!(pinged(&env, &ada, NOON).await, json!({ "closed": state(0, &["ada"]), "r": state(1, &["ada"]) }));

    env.chat.close_room(&person("ada"), "closed", Instant::now(), NOON).await.unwrap();
    assert_eq!(pinged(&env, &ada, NOON).await, json!({ "r": state(1, &["ada"]) }));
    // A ping does not revive a lease that has ended: the client joins again, which is announced.
    assert_eq!(pinged(&env, &ada, NOON + 5 * MINUTE).await, json!({}), "the lease has ended");

    let unknown = caller("ghost-1", "ghost", "Ghost");
    let refused = env.chat.ping(&unknown, frame(r#"{"action":"ping"}"#), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ConnectionExpired);
    let refused = env.join(&unknown, "r", NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ConnectionExpired, "a connection that has ended cannot join");
}

#[tokio::test]
async fn a_connection_is_in_at_most_50_rooms_and_can_always_rejoin_one() {
    let env = test_env().await;
    let ada = env.connect("ada-1", NOON).await;
    for n in 0..=ROOMS_PER_CONNECTION {
        env.room_of(&format!("owner{n}"), &format!("r{n}"), Visibility::Unlisted, NOON).await;
    }
    for n in 0..ROOMS_PER_CONNECTION {
        env.join(&ada, &format!("r{n}"), NOON).await.unwrap();
    }
    let last = format!("r{ROOMS_PER_CONNECTION}");
    assert_eq!(env.join(&ada, &last, NOON).await.unwrap_err().code(), ErrorCode::TooManyRooms);
    env.join(&ada, "r0", NOON).await.unwrap();
    env.chat.leave(&ada, frame(r#"{"action":"leave","room":"r0"}"#), NOON).await.unwrap();
    env.join(&ada, &last, NOON).await.unwrap();

    let counts = env.chat.disconnect("ada-1", NOON).await.unwrap();
    assert_eq!(counts.delivered, 0);
    assert_eq!(env.chat.connections.in_room("r7").await.unwrap(), []);
}

#[tokio::test]
async fn typing_is_posted_to_the_others_only() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    env.joined("bob-1", "r", NOON).await;
    let carol = env.connect("carol-1", NOON).await;
    env.gateway.take("ada-1");
    env.gateway.take("bob-1");
    let typing = || frame(r#"{"action":"typing","room":"r"}"#);

    env.chat.typing(&ada, typing(), NOON).await.unwrap();
    let told = json!({ "type": "typing", "room": "r", "from": { "userId": "ada", "name": "ada" } });
    assert_eq!(env.gateway.take("bob-1"), [told]);
    assert_eq!(env.gateway.take("ada-1"), [] as [Value; 0]);
    let refused = env.chat.typing(&carol, typing(), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotJoined);
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
async fn a_person_who_returns_after_their_lease_ended_is_not_announced_as_left() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.joined("ada-1", "r", NOON).await;
    let later = NOON + 6 * MINUTE;
    env.joined("bob-1", "r", later - SECOND).await;
    env.gateway.take("bob-1");

    let back = env.joined("ada-2", "r", later).await;
    assert_eq!(env.gateway.take("bob-1"), [presence("joined", "ada", 2)]);

    // Nor is a person who types on one connection while another is gone.
    env.joined("ada-3", "r", later).await;
    env.gateway.end("ada-3");
    env.chat.typing(&back, frame(r#"{"action":"typing","room":"r"}"#), later).await.unwrap();
    assert_eq!(env.gateway.take_types("bob-1"), ["typing"]);
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

#[tokio::test]
async fn whoever_deletes_a_row_whose_lease_ended_announces_the_departure() {
    let later = NOON + 6 * MINUTE;
    for how in ["leaving", "disconnecting", "disconnecting twice", "another person's ping"] {
        let env = test_env().await;
        env.room("r", Visibility::Unlisted, NOON).await;
        let ada = env.joined("ada-1", "r", NOON).await;
        let bob = env.joined("bob-1", "r", NOON + 4 * MINUTE).await;
        env.gateway.take("bob-1");
        match how {
            "leaving" => env.chat.leave(&ada, frame(r#"{"action":"leave","room":"r"}"#), later).await.map(drop),
            "another person's ping" => env.chat.ping(&bob, frame(r#"{"action":"ping"}"#), later).await.map(drop),
            _ => env.chat.disconnect("ada-1", later).await.map(drop),
        }
        .unwrap();
        if how == "disconnecting twice" {
            env.chat.disconnect("ada-1", later).await.unwrap();
        }
        let told = env.gateway.take("bob-1");
        assert_eq!(told.last(), Some(&presence("left", "ada", 1)), "{how}");
        assert_eq!(told.iter().filter(|frame| frame["type"] == "presence").count(), 1, "{how}");
        assert_eq!(env.chat.connections.in_room("r").await.unwrap().len(), 1, "{how}");
    }
}

#[tokio::test]
async fn retrying_a_failed_join_announces_the_person_or_the_new_name() {
    for (join, event) in [
        (r#"{"action":"join","room":"r"}"#, "joined"),
        (r#"{"action":"join","room":"r","name":"Countess"}"#, "renamed"),
    ] {
        for fault in [Fault::Outage, Fault::OutageAfter, Fault::Stop] {
            for n in 1.. {
                if !is_announced(join, event, n, fault).await {
                    break;
                }
            }
        }
    }
}

/// Returns whether the join made n calls.
async fn is_announced(join: &str, event: &str, n: usize, fault: Fault) -> bool {
    let what = format!("{event}, {fault:?} at call {n}");
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let bob = env.joined("bob-1", "r", NOON).await;
    let ada = env.connect("ada-1", NOON).await;
    if event == "renamed" {
        env.join(&ada, "r", NOON).await.unwrap();
        env.joined("ada-2", "r", NOON).await;
    }
    for name in ["ada-1", "bob-1"] {
        env.gateway.take(name);
    }
    let at = NOON + MINUTE;
    let act = env.faulty.join(&ada, frame(join), at);
    let (ended, happened) = env.faults.during(n, fault, act, async || {}).await;
    if let Ended::Finished(Err(error)) = ended {
        assert_eq!(error.code(), ErrorCode::Unavailable, "{what}: {error}");
    }
    let is_answered = env.gateway.take_types("ada-1").contains(&"joined".to_owned());
    if !is_answered {
        env.chat.join(&ada, frame(join), at).await.unwrap();
    }
    let told = env.gateway.take("bob-1");
    let is_told = told
        .iter()
        .any(|frame| frame["type"] == "presence" && frame["people"][0]["userId"] == "ada" && frame["event"] != "left");
    // If the function was killed or the post was lost after Ada's answer, a pong reveals it.
    assert!(is_told || is_answered, "{what}: {told:?}");
    let name = if event == "renamed" { "Countess" } else { "ada" };
    let people = [person("bob"), Person { user_id: "ada".into(), name: name.into() }];
    let expected = json!({ "epoch": "e1", "seq": 0, "count": 2, "people": digest(&people) });
    assert_eq!(pinged(&env, &bob, at).await["r"], expected, "{what}");
    happened
}

#[tokio::test]
async fn joining_again_is_not_announced_twice() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    env.joined("bob-1", "r", NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let tab = env.joined("ada-2", "r", NOON).await;
    env.gateway.take("bob-1");
    for caller in [&ada, &tab, &ada, &ada] {
        env.join(caller, "r", NOON).await.unwrap();
    }
    env.chat.disconnect("ada-1", NOON).await.unwrap();
    env.join(&tab, "r", NOON).await.unwrap();
    assert_eq!(env.gateway.take("bob-1"), [] as [Value; 0]);
}

#[tokio::test]
async fn a_pong_states_who_is_in_a_room_so_that_a_lost_post_is_noticed() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let bob = env.joined("bob-1", "r", NOON).await;
    assert_eq!(pinged(&env, &bob, NOON).await["r"], state(0, &["bob"]));
    // Ada enters without an announcement.
    let ada = env.connect("ada-1", NOON).await;
    env.enter(&ada, "ada", "r", NOON).await.unwrap();
    assert_eq!(pinged(&env, &bob, NOON).await["r"], state(0, &["ada", "bob"]));
    let tab = env.connect("ada-2", NOON).await;
    env.enter(&tab, "ada", "r", NOON).await.unwrap();
    assert_eq!(
        pinged(&env, &bob, NOON).await["r"],
        state(0, &["ada", "bob"]),
        "two connections of one person count once"
    );
    for connection_id in ["ada-1", "ada-2"] {
        env.chat.connections.remove(connection_id, "r").await.unwrap();
    }
    assert_eq!(pinged(&env, &bob, NOON).await["r"], state(0, &["bob"]));

    env.fill("r", PRESENCE_CHECK_CONNECTIONS - 1, NOON).await;
    assert_eq!(pinged(&env, &bob, NOON).await["r"]["count"], PRESENCE_CHECK_CONNECTIONS);
    env.join(&ada, "r", NOON).await.unwrap();
    assert_eq!(
        pinged(&env, &bob, NOON).await["r"],
        json!({ "epoch": "e1", "seq": 0 }),
        "too many connections to count on each ping"
    );
}

#[tokio::test]
async fn in_a_large_silent_room_a_ping_finds_an_ended_lease_beyond_the_first_101() {
    let env = test_env().await;
    env.room("r", Visibility::Unlisted, NOON).await;
    let enter = async |connection: String, at| {
        let caller = caller(connection, "many", "Many");
        env.chat.connections.open(&caller, at).await.unwrap();
        env.enter(&caller, "Many", "r", at).await.unwrap();
    };
    let now = NOON + 6 * MINUTE;
    let bob = env.joined("bob-1", "r", now).await;
    for n in 0..148 {
        enter(format!("ada-{n:03}"), now).await;
    }
    enter("zoe-1".into(), NOON).await;
    pinged(&env, &bob, now).await;
    let here = env.chat.connections.in_room("r").await.unwrap();
    assert!(!here.iter().any(|occupant| occupant.connection_id == "zoe-1"));
}

#[tokio::test]
async fn closed_rooms_stop_counting_after_a_ping_or_when_another_room_is_joined() {
    for pings in [true, false] {
        let env = test_env().await;
        let ada = env.connect("ada-1", NOON).await;
        for n in 0..=ROOMS_PER_CONNECTION {
            env.room_of(&format!("owner{n}"), &format!("r{n}"), Visibility::Unlisted, NOON).await;
        }
        for n in 0..ROOMS_PER_CONNECTION {
            env.join(&ada, &format!("r{n}"), NOON).await.unwrap();
        }
        for n in 1..ROOMS_PER_CONNECTION {
            let (owner, room) = (person(&format!("owner{n}")), format!("r{n}"));
            env.chat.close_room(&owner, &room, Instant::now(), NOON).await.unwrap();
        }
        let later = NOON + 2 * MINUTE;
        if pings {
            pinged(&env, &ada, later).await;
            assert_eq!(rooms_of_connection(&env, "ada-1").await, ["r0"]);
        }
        env.join(&ada, &format!("r{ROOMS_PER_CONNECTION}"), later).await.unwrap();
        assert_eq!(rooms_of_connection(&env, "ada-1").await, ["r0", &format!("r{ROOMS_PER_CONNECTION}")]);
    }
}

#[tokio::test]
async fn rooms_that_the_connection_is_no_longer_in_stop_counting() {
    let env = test_env().await;
    for room in ["expired", "removed", "r"] {
        env.room(room, Visibility::Unlisted, NOON).await;
    }
    let ada = env.joined("ada-1", "expired", NOON - 4 * MINUTE).await;
    env.join(&ada, "removed", NOON - 4 * MINUTE).await.unwrap();
    env.join(&ada, "r", NOON).await.unwrap();
    env.chat.connections.remove("ada-1", "removed").await.unwrap();
    assert_eq!(rooms_of_connection(&env, "ada-1").await, ["expired", "r", "removed"]);
    let later = NOON + 2 * MINUTE;
    let rooms = pinged(&env, &ada, later).await;
    assert_eq!(rooms.as_object().unwrap().keys().collect::<Vec<_>>(), ["r"]);
    assert_eq!(rooms_of_connection(&env, "ada-1").await, ["r"]);
    // A room whose lease was renewed still counts.
    pinged(&env, &ada, later + 4 * MINUTE).await;
    assert_eq!(rooms_of_connection(&env, "ada-1").await, ["r"]);
}

#[tokio::test]
async fn a_killed_join_frees_its_place_and_one_in_progress_keeps_it() {
    for fault in [Fault::Stop, Fault::Delay] {
        for n in 1.. {
            let what = format!("{fault:?} at call {n}");
            let env = test_env().await;
            env.room("r", Visibility::Unlisted, NOON).await;
            let ada = env.connect("ada-1", NOON).await;
            let act = env.faulty.join(&ada, frame(r#"{"action":"join","room":"r"}"#), NOON);
            let meanwhile = async || {
                env.chat.ping(&ada, frame(r#"{"action":"ping"}"#), NOON + SECOND).await.unwrap();
            };
            let (_, happened) = env.faults.during(n, fault, act, meanwhile).await;
            pinged(&env, &ada, NOON + 2 * MINUTE).await;
            let is_in = here(&env, NOON + 2 * MINUTE).await == ["ada-1"];
            assert_eq!(rooms_of_connection(&env, "ada-1").await == ["r"], is_in, "{what}");
            assert!(is_in || fault == Fault::Stop, "{what}");
            env.chat.disconnect("ada-1", NOON + 2 * MINUTE).await.unwrap();
            assert_eq!(env.chat.connections.in_room("r").await.unwrap(), [], "{what}");
            if !happened {
                break;
            }
        }
    }
}
