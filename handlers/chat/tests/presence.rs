//! Who is here: nobody is lost, nobody stays as a ghost, and one person is one however many tabs they have open.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by stopping"
)]

mod support;

use parlor_chat::{Caller, leave, ping, typing};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::ROOMS_PER_CONNECTION;
use serde_json::{Value, json};
use support::{MINUTE, NOON, SECOND, World, frame, person, world};

async fn here(world: &World, now: Millis) -> Vec<String> {
    let occupants = world.chat.connections.in_room("r").await.unwrap();
    occupants.into_iter().filter(|occupant| occupant.is_live(now)).map(|occupant| occupant.connection_id).collect()
}

async fn pinged(world: &World, caller: &Caller, now: Millis) -> Value {
    world.gateway.take(&caller.connection_id);
    ping::ping(&world.chat, caller, frame(r#"{"action":"ping"}"#), now).await.unwrap();
    world.gateway.take(&caller.connection_id).remove(0)["rooms"].clone()
}

fn presence(event: &str, user: &str, count: usize) -> Value {
    json!({ "type": "presence", "room": "r", "event": event, "people": [{ "userId": user, "name": user }], "count": count })
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
    leave::disconnect(&world.chat, &first.connection_id, NOON).await.unwrap();
    assert_eq!(world.gateway.take("bob-1"), [] as [Value; 0]);
    world.send(&second, "r", "m1", NOON).await.unwrap();
    assert_eq!(world.gateway.take_types("bob-1"), ["message"], "the second tab lives on");

    leave::leave(&world.chat, &second, frame(r#"{"action":"leave","room":"r","id":"x"}"#), NOON).await.unwrap();
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
    parlor_chat::join::join(&world.chat, &ada, renamed, NOON).await.unwrap();
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
    parlor_chat::join::join(&world.chat, &second, renamed, NOON).await.unwrap();

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
    assert_eq!(world.gateway.take_types("dave-1"), ["message", "presence", "presence"]);
    assert_eq!(world.gateway.take_types("ada-1"), ["message", "ack", "presence", "presence"]);
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
    assert_eq!(pinged(&world, &ada, later - SECOND).await, json!({ "r": { "epoch": "e1", "seq": 0 } }));
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
    assert_eq!(
        pinged(&world, &ada, NOON).await,
        json!({ "closed": { "epoch": "e1", "seq": 0 }, "r": { "epoch": "e1", "seq": 1 } })
    );

    parlor_chat::close::close(&world.chat, &person("ada"), "closed", tokio::time::Instant::now(), NOON).await.unwrap();
    assert_eq!(pinged(&world, &ada, NOON).await, json!({ "r": { "epoch": "e1", "seq": 1 } }));
    // A lease that has ended is not revived in silence: the client joins again, and the others are told.
    assert_eq!(pinged(&world, &ada, NOON + 5 * MINUTE).await, json!({}), "the lease");

    let stranger = Caller { connection_id: "ghost-1".into(), user_id: "ghost".into(), name: "Ghost".into() };
    let refused = ping::ping(&world.chat, &stranger, frame(r#"{"action":"ping"}"#), NOON).await.unwrap_err();
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
    leave::leave(&world.chat, &ada, frame(r#"{"action":"leave","room":"r0"}"#), NOON).await.unwrap();
    world.join(&ada, &last, NOON).await.unwrap();

    let tally = leave::disconnect(&world.chat, "ada-1", NOON).await.unwrap();
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

    typing::typing(&world.chat, &ada, notice(), NOON).await.unwrap();
    let told = json!({ "type": "typing", "room": "r", "from": { "userId": "ada", "name": "ada" } });
    assert_eq!(world.gateway.take("bob-1"), [told]);
    assert_eq!(world.gateway.take("ada-1"), [] as [Value; 0]);
    let refused = typing::typing(&world.chat, &carol, notice(), NOON).await.unwrap_err();
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
    typing::typing(&world.chat, &back, frame(r#"{"action":"typing","room":"r"}"#), later).await.unwrap();
    assert_eq!(world.gateway.take_types("bob-1"), ["typing"]);
}
