//! Who is here: nobody is lost, nobody stays as a ghost, and one person is one however many tabs they have open.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by stopping"
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
use support::{MINUTE, NOON, SECOND, World, caller, frame, person, world};
use tokio::time::Instant;

async fn here(world: &World, now: Millis) -> Vec<String> {
    let occupants = world.chat.connections.in_room("r").await.unwrap();
    occupants.into_iter().filter(|occupant| occupant.is_live(now)).map(|occupant| occupant.connection_id).collect()
}

async fn pinged(world: &World, caller: &Caller, now: Millis) -> Value {
    world.gateway.take(&caller.connection_id);
    world.chat.ping(caller, frame(r#"{"action":"ping"}"#), now).await.unwrap();
    world.gateway.take(&caller.connection_id).remove(0)["rooms"].clone()
}

fn presence(event: &str, user: &str, count: usize) -> Value {
    json!({ "type": "presence", "room": "r", "event": event, "people": [{ "userId": user, "name": user }], "count": count })
}

/// What a pong says of the room `r` where these people are in it.
fn state(seq: u64, people: &[&str]) -> Value {
    let people: Vec<_> = people.iter().map(|user_id| person(user_id)).collect();
    json!({ "epoch": "e1", "seq": seq, "count": people.len(), "people": digest(&people) })
}

/// The user ids of those who were said to have left, in the frames posted to a connection since the last call.
fn gone(world: &World, connection_id: &str) -> Vec<String> {
    let frames = world.gateway.take(connection_id);
    let left = frames.iter().filter(|frame| frame["type"] == "presence" && frame["event"] == "left");
    let people = left.flat_map(|frame| frame["people"].as_array().unwrap());
    people.map(|person| person["userId"].as_str().unwrap().to_owned()).collect()
}

/// The rooms that take a place of a connection's.
async fn places(world: &World, connection_id: &str) -> Vec<String> {
    world.chat.connections.connection(connection_id).await.unwrap().rooms.into_iter().collect()
}

#[tokio::test]
async fn who_joins_is_told_who_is_here_and_the_others_are_told_of_them() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    world.joined("bob-1", "r", NOON).await;
    world.gateway.take("bob-1");
    world.joined("ada-1", "r", NOON).await;

    let joined = world.gateway.take("ada-1").remove(0);
    assert_eq!(joined["you"], json!({ "userId": "ada", "name": "ada" }));
    assert_eq!(joined["people"], json!([{ "userId": "ada", "name": "ada" }, { "userId": "bob", "name": "bob" }]));
    assert_eq!(joined["count"], 2);
    assert_eq!(world.gateway.take("bob-1"), [presence("joined", "ada", 2)]);
}

#[tokio::test]
async fn a_person_comes_with_the_first_tab_and_goes_with_the_last() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    world.joined("bob-1", "r", NOON).await;
    let first = world.joined("ada-1", "r", NOON).await;
    world.gateway.take("bob-1");
    let second = world.joined("ada-2", "r", NOON).await;
    world.chat.disconnect(&first.connection_id, NOON).await.unwrap();
    assert_eq!(world.gateway.take("bob-1"), [] as [Value; 0]);
    world.send(&second, "r", "m1", NOON).await.unwrap();
    assert_eq!(world.gateway.take_types("bob-1"), ["message"], "the second tab lives on");

    world.chat.leave(&second, frame(r#"{"action":"leave","room":"r","id":"x"}"#), NOON).await.unwrap();
    assert_eq!(world.gateway.take("bob-1"), [presence("left", "ada", 1)]);
    let left = world.gateway.take("ada-2").pop().unwrap();
    assert_eq!(left, json!({ "type": "left", "room": "r", "reason": "left", "id": "x" }));
}

#[tokio::test]
async fn another_name_is_told_and_the_same_one_is_not() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    world.joined("bob-1", "r", NOON).await;
    world.gateway.take("bob-1");
    world.join(&ada, "r", NOON).await.unwrap();
    assert_eq!(world.gateway.take("bob-1"), [] as [Value; 0]);
    let renamed = frame(r#"{"action":"join","room":"r","name":"Countess"}"#);
    world.chat.join(&ada, renamed, NOON).await.unwrap();
    let told = world.gateway.take("bob-1").remove(0);
    assert_eq!((&told["event"], &told["people"][0]["name"]), (&json!("renamed"), &json!("Countess")));
    world.send(&ada, "r", "m1", NOON).await.unwrap();
    assert_eq!(world.gateway.take("bob-1").remove(0)["from"]["name"], "Countess");
}

#[tokio::test]
async fn a_person_has_one_name_in_all_their_tabs() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    let first = world.joined("ada-1", "r", NOON).await;
    world.joined("bob-1", "r", NOON).await;
    let second = world.connect("ada-2", NOON).await;
    world.gateway.take("bob-1");

    let renamed = frame(r#"{"action":"join","room":"r","name":"Countess"}"#);
    world.chat.join(&second, renamed, NOON).await.unwrap();

    let people = world.gateway.take("ada-2").remove(0)["people"].clone();
    assert_eq!(people, json!([{ "userId": "ada", "name": "Countess" }, { "userId": "bob", "name": "bob" }]));
    let told = world.gateway.take("bob-1").remove(0);
    assert_eq!((&told["event"], &told["count"]), (&json!("renamed"), &json!(2)));
    world.send(&first, "r", "m1", NOON).await.unwrap();
    assert_eq!(world.gateway.take("bob-1").remove(0)["from"]["name"], "Countess");
}

#[tokio::test]
async fn a_dead_connection_is_forgotten_at_the_first_post_and_harms_nobody() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    for name in ["bob-1", "carol-1", "dave-1"] {
        world.joined(name, "r", NOON).await;
    }
    for name in ["ada-1", "bob-1", "carol-1", "dave-1"] {
        world.gateway.take(name);
    }
    world.gateway.end("bob-1");
    world.gateway.end("carol-1");

    let tally = world.send(&ada, "r", "m1", NOON).await.unwrap();

    assert_eq!(tally.gone, 2);
    let told = world.gateway.take("dave-1").pop().unwrap();
    assert_eq!((&told["people"], &told["count"]), (&json!([person("bob"), person("carol")]), &json!(2)));
    assert_eq!(world.gateway.take_types("ada-1"), ["message", "ack", "presence"]);
    assert_eq!(here(&world, NOON).await, ["ada-1", "dave-1"]);
}

#[tokio::test]
async fn a_throttled_or_silent_reader_is_skipped_and_stays() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    world.joined("bob-1", "r", NOON).await;
    world.joined("carol-1", "r", NOON).await;
    world.joined("dave-1", "r", NOON).await;
    for name in ["ada-1", "dave-1"] {
        world.gateway.take(name);
    }
    world.gateway.throttle("bob-1");
    world.gateway.silence("carol-1");

    let tally = world.send(&ada, "r", "m1", NOON).await.unwrap();

    assert_eq!((tally.delivered, tally.skipped, tally.gone), (2, 2, 0));
    assert_eq!(world.gateway.take_types("dave-1"), ["message"]);
    assert_eq!(world.gateway.take_types("ada-1"), ["message", "ack"]);
    assert_eq!(here(&world, NOON).await, ["ada-1", "bob-1", "carol-1", "dave-1"]);
}

#[tokio::test]
async fn an_acknowledgement_does_not_wait_for_who_does_not_answer() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    world.joined("carol-1", "r", NOON).await;
    world.gateway.silence("carol-1");
    tokio::select! {
        biased;
        sent = world.send(&ada, "r", "m1", NOON) => panic!("it waited for Carol: {sent:?}"),
        () = world.gateway.posted("ada-1", "ack") => {}
    }
}

#[tokio::test]
async fn a_connection_that_says_nothing_leaves_when_its_lease_ends_and_both_sides_are_told() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    world.joined("bob-1", "r", NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    let later = NOON + 5 * MINUTE;
    assert_eq!(pinged(&world, &ada, later - SECOND).await, json!({ "r": state(0, &["ada", "bob"]) }));
    assert_eq!(here(&world, later).await, ["ada-1"]);
    world.gateway.take("bob-1");

    world.send(&ada, "r", "m1", later).await.unwrap();

    let told = world.gateway.take("bob-1");
    assert_eq!(told, [json!({ "type": "left", "room": "r", "reason": "leaseExpired" })]);
    assert_eq!(world.gateway.take("ada-1").pop().unwrap(), presence("left", "bob", 1));
    assert_eq!(world.chat.connections.in_room("r").await.unwrap().len(), 1, "its row is gone");
}

#[tokio::test]
async fn a_ping_names_the_rooms_one_is_in_and_no_others() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    world.room("closed", Visibility::Unlisted, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    world.join(&ada, "closed", NOON).await.unwrap();
    world.send(&ada, "r", "m1", NOON).await.unwrap();
    assert_eq!(pinged(&world, &ada, NOON).await, json!({ "closed": state(0, &["ada"]), "r": state(1, &["ada"]) }));

    world.chat.close_room(&person("ada"), "closed", Instant::now(), NOON).await.unwrap();
    assert_eq!(pinged(&world, &ada, NOON).await, json!({ "r": state(1, &["ada"]) }));
    // A lease that has ended is not revived in silence: the client joins again, and the others are told.
    assert_eq!(pinged(&world, &ada, NOON + 5 * MINUTE).await, json!({}), "the lease");

    let stranger = caller("ghost-1", "ghost", "Ghost");
    let refused = world.chat.ping(&stranger, frame(r#"{"action":"ping"}"#), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ConnectionExpired);
    let refused = world.join(&stranger, "r", NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::ConnectionExpired, "a join never outlives its disconnect");
}

#[tokio::test]
async fn a_connection_is_in_fifty_rooms_at_most_and_joining_again_is_always_possible() {
    let world = world().await;
    let ada = world.connect("ada-1", NOON).await;
    for n in 0..=ROOMS_PER_CONNECTION {
        world.room_of(&format!("owner{n}"), &format!("r{n}"), Visibility::Unlisted, NOON).await;
    }
    for n in 0..ROOMS_PER_CONNECTION {
        world.join(&ada, &format!("r{n}"), NOON).await.unwrap();
    }
    let last = format!("r{ROOMS_PER_CONNECTION}");
    assert_eq!(world.join(&ada, &last, NOON).await.unwrap_err().code(), ErrorCode::TooManyRooms);
    world.join(&ada, "r0", NOON).await.unwrap();
    world.chat.leave(&ada, frame(r#"{"action":"leave","room":"r0"}"#), NOON).await.unwrap();
    world.join(&ada, &last, NOON).await.unwrap();

    let tally = world.chat.disconnect("ada-1", NOON).await.unwrap();
    assert_eq!(tally.delivered, 0);
    assert_eq!(world.chat.connections.in_room("r7").await.unwrap(), []);
}

#[tokio::test]
async fn typing_is_told_to_the_others_only() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    world.joined("bob-1", "r", NOON).await;
    let carol = world.connect("carol-1", NOON).await;
    world.gateway.take("ada-1");
    world.gateway.take("bob-1");
    let notice = || frame(r#"{"action":"typing","room":"r"}"#);

    world.chat.typing(&ada, notice(), NOON).await.unwrap();
    let told = json!({ "type": "typing", "room": "r", "from": { "userId": "ada", "name": "ada" } });
    assert_eq!(world.gateway.take("bob-1"), [told]);
    assert_eq!(world.gateway.take("ada-1"), [] as [Value; 0]);
    let refused = world.chat.typing(&carol, notice(), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotJoined);
}

#[tokio::test]
async fn who_comes_back_after_their_old_lease_ended_is_not_said_to_have_left() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    world.joined("ada-1", "r", NOON).await;
    let later = NOON + 6 * MINUTE;
    world.joined("bob-1", "r", later - SECOND).await;
    world.gateway.take("bob-1");

    let back = world.joined("ada-2", "r", later).await;
    assert_eq!(world.gateway.take("bob-1"), [presence("joined", "ada", 2)]);

    // Typing from one tab while another is dead does not end the person either.
    world.joined("ada-3", "r", later).await;
    world.gateway.end("ada-3");
    world.chat.typing(&back, frame(r#"{"action":"typing","room":"r"}"#), later).await.unwrap();
    assert_eq!(world.gateway.take_types("bob-1"), ["typing"]);
}

#[tokio::test]
async fn sockets_that_die_together_are_told_of_in_one_frame() {
    let mut world = world().await;
    world.wait_for_posts();
    world.room("r", Visibility::Unlisted, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    world.joined("bob-1", "r", NOON).await;
    world.fill("r", 30, NOON).await;
    let dead: BTreeSet<_> = (0..30).map(|n| format!("user{n}")).collect();
    for user_id in &dead {
        world.gateway.end(&format!("{user_id}-1"));
    }
    world.gateway.take("bob-1");

    world.send(&ada, "r", "m1", NOON).await.unwrap();

    let told = world.gateway.take("bob-1");
    assert_eq!(told.len(), 2, "the message, and one frame");
    assert_eq!(told[1]["count"], 2);
    let people = told[1]["people"].as_array().unwrap();
    assert_eq!(
        people.iter().map(|person| person["userId"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>(),
        dead
    );
    assert_eq!(people.len(), 30);
}

#[tokio::test]
async fn sockets_that_die_one_after_another_do_not_make_a_send_endless() {
    let mut world = world().await;
    world.wait_for_posts();
    world.room("r", Visibility::Unlisted, NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    world.fill("r", 40, NOON).await;
    for n in 0..40 {
        world.gateway.end_after(&format!("user{n}-1"), n);
    }
    world.gateway.take("ada-1");
    let mut told = Vec::new();
    for id in 0..40 {
        let said = json!({ "action": "send", "room": "r", "id": id.to_string(), "text": "Hi" });
        let here = here(&world, NOON).await.len();
        world.metered.send(&ada, frame(&said.to_string()), NOON + 5 * id * SECOND).await.unwrap();
        let posts = world.meter.take().posts;
        assert!(posts <= 3 * here + 1, "{posts} posts to {here} people");
        told.extend(gone(&world, "ada-1"));
    }
    // Whoever died, everybody heard of it, and once.
    told.sort();
    let mut dead: Vec<_> = (0..40).map(|n| format!("user{n}")).collect();
    dead.sort();
    assert_eq!(told, dead);
}

#[tokio::test]
async fn a_frame_of_departures_can_be_posted_whatever_people_are_called() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    world.joined("ada-1", "r", NOON).await;
    for letter in ["x", "\\", "語", "𝒳"] {
        for count in [1, 2, 100, 128, 129, 130, 300, CONNECTIONS_PER_ROOM - 1] {
            let user_ids: BTreeSet<_> = (0..count).map(|n| format!("{n:016}")).collect();
            let departed = user_ids.iter().map(|id| Person { user_id: id.clone(), name: letter.repeat(32) }).collect();
            let remaining = world.chat.connections.in_room("r").await.unwrap();
            let delivery = Delivery { remaining, departed, ..Delivery::default() };
            world.gateway.take("ada-1");
            let tally = world.chat.fanout().announce_departures("r", delivery, NOON).await;
            assert!(tally.delivered <= 8, "{count} times {letter}: {} frames", tally.delivered);
            let frames = world.gateway.take("ada-1");
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
async fn whose_lease_has_ended_is_said_to_have_left_by_whoever_takes_them_out() {
    let later = NOON + 6 * MINUTE;
    for how in ["leaving", "disconnecting", "disconnecting twice", "a ping of somebody else"] {
        let world = world().await;
        world.room("r", Visibility::Unlisted, NOON).await;
        let ada = world.joined("ada-1", "r", NOON).await;
        let bob = world.joined("bob-1", "r", NOON + 4 * MINUTE).await;
        world.gateway.take("bob-1");
        match how {
            "leaving" => world.chat.leave(&ada, frame(r#"{"action":"leave","room":"r"}"#), later).await.map(drop),
            "a ping of somebody else" => world.chat.ping(&bob, frame(r#"{"action":"ping"}"#), later).await.map(drop),
            _ => world.chat.disconnect("ada-1", later).await.map(drop),
        }
        .unwrap();
        if how == "disconnecting twice" {
            world.chat.disconnect("ada-1", later).await.unwrap();
        }
        let told = world.gateway.take("bob-1");
        assert_eq!(told.last(), Some(&presence("left", "ada", 1)), "{how}");
        assert_eq!(told.iter().filter(|frame| frame["type"] == "presence").count(), 1, "{how}");
        assert_eq!(world.chat.connections.in_room("r").await.unwrap().len(), 1, "{how}");
    }
}

#[tokio::test]
async fn a_join_that_failed_is_announced_when_it_is_tried_again_and_a_name_likewise() {
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

/// Whether the join made so many calls.
async fn is_announced(join: &str, event: &str, n: usize, fault: Fault) -> bool {
    let what = format!("{event}, {fault:?} at call {n}");
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    let bob = world.joined("bob-1", "r", NOON).await;
    let ada = world.connect("ada-1", NOON).await;
    if event == "renamed" {
        world.join(&ada, "r", NOON).await.unwrap();
        world.joined("ada-2", "r", NOON).await;
    }
    for name in ["ada-1", "bob-1"] {
        world.gateway.take(name);
    }
    let at = NOON + MINUTE;
    let act = world.faulty.join(&ada, frame(join), at);
    let (ended, happened) = world.faults.during(n, fault, act, async || {}).await;
    if let Ended::Finished(Err(error)) = ended {
        assert_eq!(error.code(), ErrorCode::Unavailable, "{what}: {error}");
    }
    let is_answered = world.gateway.take_types("ada-1").contains(&"joined".to_owned());
    if !is_answered {
        world.chat.join(&ada, frame(join), at).await.unwrap();
    }
    let told = world.gateway.take("bob-1");
    let is_told = told
        .iter()
        .any(|frame| frame["type"] == "presence" && frame["people"][0]["userId"] == "ada" && frame["event"] != "left");
    // The function may have died, or the post been lost, after Ada had her answer; then a pong shows it.
    assert!(is_told || is_answered, "{what}: {told:?}");
    let name = if event == "renamed" { "Countess" } else { "ada" };
    let people = [person("bob"), Person { user_id: "ada".into(), name: name.into() }];
    let expected = json!({ "epoch": "e1", "seq": 0, "count": 2, "people": digest(&people) });
    assert_eq!(pinged(&world, &bob, at).await["r"], expected, "{what}");
    happened
}

#[tokio::test]
async fn who_joins_again_is_announced_no_second_time() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    world.joined("bob-1", "r", NOON).await;
    let ada = world.joined("ada-1", "r", NOON).await;
    let tab = world.joined("ada-2", "r", NOON).await;
    world.gateway.take("bob-1");
    for caller in [&ada, &tab, &ada, &ada] {
        world.join(caller, "r", NOON).await.unwrap();
    }
    world.chat.disconnect("ada-1", NOON).await.unwrap();
    world.join(&tab, "r", NOON).await.unwrap();
    assert_eq!(world.gateway.take("bob-1"), [] as [Value; 0]);
}

#[tokio::test]
async fn a_pong_says_who_is_in_a_room_so_that_a_lost_post_is_noticed() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    let bob = world.joined("bob-1", "r", NOON).await;
    assert_eq!(pinged(&world, &bob, NOON).await["r"], state(0, &["bob"]));
    // Without a word to anybody.
    let ada = world.connect("ada-1", NOON).await;
    world.chat.connections.enter(&ada, "ada", "r", NOON).await.unwrap();
    assert_eq!(pinged(&world, &bob, NOON).await["r"], state(0, &["ada", "bob"]));
    let tab = world.connect("ada-2", NOON).await;
    world.chat.connections.enter(&tab, "ada", "r", NOON).await.unwrap();
    assert_eq!(pinged(&world, &bob, NOON).await["r"], state(0, &["ada", "bob"]), "two tabs are one person");
    for connection_id in ["ada-1", "ada-2"] {
        world.chat.connections.remove(connection_id, "r").await.unwrap();
    }
    assert_eq!(pinged(&world, &bob, NOON).await["r"], state(0, &["bob"]));

    world.fill("r", PRESENCE_CHECK_CONNECTIONS - 1, NOON).await;
    assert_eq!(pinged(&world, &bob, NOON).await["r"]["count"], PRESENCE_CHECK_CONNECTIONS);
    world.join(&ada, "r", NOON).await.unwrap();
    assert_eq!(pinged(&world, &bob, NOON).await["r"], json!({ "epoch": "e1", "seq": 0 }), "too many to read each time");
}

#[tokio::test]
async fn in_a_large_silent_room_a_ping_finds_an_ended_lease_far_behind_the_first() {
    let world = world().await;
    world.room("r", Visibility::Unlisted, NOON).await;
    let enter = async |connection: String, at| {
        let caller = caller(connection, "many", "Many");
        world.chat.connections.open(&caller, at).await.unwrap();
        world.chat.connections.enter(&caller, "Many", "r", at).await.unwrap();
    };
    let now = NOON + 6 * MINUTE;
    let bob = world.joined("bob-1", "r", now).await;
    for n in 0..148 {
        enter(format!("ada-{n:03}"), now).await;
    }
    enter("zoe-1".into(), NOON).await;
    pinged(&world, &bob, now).await;
    let here = world.chat.connections.in_room("r").await.unwrap();
    assert!(!here.iter().any(|occupant| occupant.connection_id == "zoe-1"));
}

#[tokio::test]
async fn rooms_that_are_over_take_no_place_after_a_ping_or_when_another_is_joined() {
    for pings in [true, false] {
        let world = world().await;
        let ada = world.connect("ada-1", NOON).await;
        for n in 0..=ROOMS_PER_CONNECTION {
            world.room_of(&format!("owner{n}"), &format!("r{n}"), Visibility::Unlisted, NOON).await;
        }
        for n in 0..ROOMS_PER_CONNECTION {
            world.join(&ada, &format!("r{n}"), NOON).await.unwrap();
        }
        for n in 1..ROOMS_PER_CONNECTION {
            let (owner, room) = (person(&format!("owner{n}")), format!("r{n}"));
            world.chat.close_room(&owner, &room, Instant::now(), NOON).await.unwrap();
        }
        let later = NOON + 2 * MINUTE;
        if pings {
            pinged(&world, &ada, later).await;
            assert_eq!(places(&world, "ada-1").await, ["r0"]);
        }
        world.join(&ada, &format!("r{ROOMS_PER_CONNECTION}"), later).await.unwrap();
        assert_eq!(places(&world, "ada-1").await, ["r0", &format!("r{ROOMS_PER_CONNECTION}")]);
    }
}

#[tokio::test]
async fn a_room_that_one_is_not_in_any_more_takes_no_place() {
    let world = world().await;
    for room in ["expired", "removed", "r"] {
        world.room(room, Visibility::Unlisted, NOON).await;
    }
    let ada = world.joined("ada-1", "expired", NOON - 4 * MINUTE).await;
    world.join(&ada, "removed", NOON - 4 * MINUTE).await.unwrap();
    world.join(&ada, "r", NOON).await.unwrap();
    world.chat.connections.remove("ada-1", "removed").await.unwrap();
    assert_eq!(places(&world, "ada-1").await, ["expired", "r", "removed"]);
    let later = NOON + 2 * MINUTE;
    let rooms = pinged(&world, &ada, later).await;
    assert_eq!(rooms.as_object().unwrap().keys().collect::<Vec<_>>(), ["r"]);
    assert_eq!(places(&world, "ada-1").await, ["r"]);
    // And none is freed that a lease that was renewed still needs.
    pinged(&world, &ada, later + 4 * MINUTE).await;
    assert_eq!(places(&world, "ada-1").await, ["r"]);
}

#[tokio::test]
async fn a_join_that_died_takes_no_place_and_one_that_is_under_way_keeps_it() {
    for fault in [Fault::Stop, Fault::Delay] {
        for n in 1.. {
            let what = format!("{fault:?} at call {n}");
            let world = world().await;
            world.room("r", Visibility::Unlisted, NOON).await;
            let ada = world.connect("ada-1", NOON).await;
            let act = world.faulty.join(&ada, frame(r#"{"action":"join","room":"r"}"#), NOON);
            let meanwhile = async || {
                world.chat.ping(&ada, frame(r#"{"action":"ping"}"#), NOON + SECOND).await.unwrap();
            };
            let (_, happened) = world.faults.during(n, fault, act, meanwhile).await;
            pinged(&world, &ada, NOON + 2 * MINUTE).await;
            let is_in = here(&world, NOON + 2 * MINUTE).await == ["ada-1"];
            assert_eq!(places(&world, "ada-1").await == ["r"], is_in, "{what}");
            assert!(is_in || fault == Fault::Stop, "{what}");
            world.chat.disconnect("ada-1", NOON + 2 * MINUTE).await.unwrap();
            assert_eq!(world.chat.connections.in_room("r").await.unwrap(), [], "{what}");
            if !happened {
                break;
            }
        }
    }
}
