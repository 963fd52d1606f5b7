//! What things cost, measured: docs/costs.md holds these very lines.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by stopping"
)]

mod support;

use std::time::Duration;

use parlor_chat::Caller;
use parlor_chat::log::history;
use parlor_chat::log::history::{PageLimits, PageRange};
use parlor_chat::rooms::lobby::Site;
use parlor_protocol::client::{Frame, parse_body};
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::{
    CONNECTIONS_PER_ROOM, LOBBY_ROOMS, LOBBY_ROOMS_DEFAULT, PAGE_BYTES, PAGE_MESSAGES_DEFAULT, ROOMS_PER_CONNECTION,
};
use serde_json::{Value, json};
use support::meter::Cost;
use support::{MINUTE, NOON, SECOND, World, caller, frame, person, world};
use tokio::time::Instant;

/// When the rooms were made and talked in, and when the act happens: in the same minute, so that the lobby's index does not move.
const BEFORE: u64 = NOON + SECOND;
const LATER: u64 = NOON + 2 * SECOND;

/// A room of so many people in which `messages` were said; the caller is one of them.
async fn room_of(people: usize, messages: u64) -> (World, Caller) {
    let world = world().await;
    world.room("r", Visibility::Public, BEFORE).await;
    let ada = world.connect("ada-1", BEFORE).await;
    enter(&world, &ada, "Ada", "r").await;
    for n in 1..people {
        let other = world.connect(&format!("user{n}-1"), BEFORE).await;
        enter(&world, &other, &format!("User {n}"), "r").await;
    }
    for seq in 1..=messages {
        world.chat.rooms.next_seq("r", BEFORE).await.unwrap();
        world.append("r", seq, &ada, &format!("m{seq}"), BEFORE).await;
    }
    (world, ada)
}

/// Somebody comes into a room, and everyone was told.
async fn enter(world: &World, caller: &Caller, name: &str, room: &str) {
    world.chat.connections.enter(caller, name, room, BEFORE).await.unwrap();
    world.chat.connections.mark_announced(&caller.connection_id, room, name).await.unwrap();
}

/// Somebody who is in so many rooms.
async fn in_rooms(count: usize) -> (World, Caller) {
    let world = world().await;
    let ada = world.connect("ada-1", BEFORE).await;
    for n in 0..count {
        let room = format!("r{n}");
        world.room_of(&format!("owner{n}"), &room, Visibility::Unlisted, BEFORE).await;
        enter(&world, &ada, "Ada", &room).await;
    }
    (world, ada)
}

/// So many public rooms, with so many people in each.
async fn rooms_of(count: u32, people: usize) -> World {
    let world = world().await;
    for n in 0..count {
        let room = format!("r{n}");
        world.room_of(&format!("owner{n}"), &room, Visibility::Public, BEFORE).await;
        world.fill(&room, people, BEFORE).await;
    }
    world
}

fn of<F: Frame>(json: Value) -> F {
    frame(&json.to_string())
}

fn line(what: &str, Cost { reads, writes, posts, trips, trips_before_post }: Cost) -> String {
    let known = |trips: usize| if trips == 0 { "–".to_owned() } else { trips.to_string() };
    let before = if posts == 0 { 0 } else { trips_before_post };
    format!("| {what} | {writes} | {reads} | {} | {} | {posts} |", known(trips), known(before))
}

#[tokio::test]
async fn the_page_on_costs_says_what_is_measured() {
    let said = |id: &str, text: &str| of(json!({ "action": "send", "room": "r", "id": id, "text": text }));
    let mut lines = Vec::new();

    for people in [2, 20, 100] {
        let (world, ada) = room_of(people, 0).await;
        world.metered.send(&ada, said("1", "Good morning, everyone"), LATER).await.unwrap();
        lines.push(line(&format!("`send`, {people} people"), world.meter.take()));
    }
    let (world, ada) = room_of(1, 0).await;
    world.fill("r", CONNECTIONS_PER_ROOM - 1, BEFORE).await;
    world.metered.send(&ada, said("1", "Good morning, everyone"), LATER).await.unwrap();
    lines.push(line("`send`, 1,000 people, as many as a room holds", world.meter.take()));
    let (world, ada) = room_of(20, 2).await;
    world.metered.send(&ada, said("next", "Good morning"), LATER + MINUTE).await.unwrap();
    lines.push(line("`send`, the first in a minute, public room of 20 people", world.meter.take()));
    world.metered.send(&ada, said("long", &"x".repeat(4000)), LATER + MINUTE + 2 * SECOND).await.unwrap();
    lines.push(line("`send` of 4,000 letters, 20 people", world.meter.take()));
    world.metered.send(&ada, said("m1", "said m1"), LATER + MINUTE + 3 * SECOND).await.unwrap();
    lines.push(line("`send` again with the same `id`, 20 people", world.meter.take()));
    world.metered.send(&ada, said("quick", "And"), LATER + MINUTE + 3 * SECOND).await.unwrap();
    lines.push(line("`send`, the second within a fifth of a second, 20 people", world.meter.take()));
    let edit = json!({ "action": "edit", "room": "r", "epoch": "e1", "seq": 1, "id": "e", "text": "better" });
    world.metered.edit(&ada, of(edit), LATER + MINUTE + 4 * SECOND).await.unwrap();
    lines.push(line("`edit`, 20 people", world.meter.take()));
    let react =
        json!({ "action": "react", "room": "r", "epoch": "e1", "seq": 1, "id": "r", "emoji": "👍", "on": true });
    world.metered.react(&ada, of(react), LATER + MINUTE + 5 * SECOND).await.unwrap();
    lines.push(line("`react`, 20 people", world.meter.take()));
    world
        .metered
        .delete(
            &ada,
            of(json!({ "action": "delete", "room": "r", "epoch": "e1", "seq": 1, "id": "d" })),
            LATER + MINUTE + 6 * SECOND,
        )
        .await
        .unwrap();
    lines.push(line("`delete`, 20 people", world.meter.take()));
    world
        .metered
        .typing(&ada, of(json!({ "action": "typing", "room": "r" })), LATER + MINUTE + 7 * SECOND)
        .await
        .unwrap();
    lines.push(line("`typing`, 20 people", world.meter.take()));
    world.metered.ping(&ada, of(json!({ "action": "ping" })), LATER + MINUTE + 8 * SECOND).await.unwrap();
    lines.push(line("`ping`, in one room", world.meter.take()));
    let (world, ada) = in_rooms(ROOMS_PER_CONNECTION).await;
    world.metered.ping(&ada, of(json!({ "action": "ping" })), LATER).await.unwrap();
    // One room's second trip may be over before another one's first: that has no number of trips.
    let pinging = Cost { trips: 0, trips_before_post: 0, ..world.meter.take() };
    lines.push(line(&format!("`ping`, in {ROOMS_PER_CONNECTION} rooms"), pinging));

    let (world, ada) = room_of(20, 50).await;
    world.metered.history(&ada, of(json!({ "action": "history", "room": "r" })), LATER + SECOND).await.unwrap();
    lines.push(line("`history`, 50 short messages", world.meter.take()));
    let bob = caller("bob-1", "bob", "Bob");
    world.metered.connections.open(&bob, LATER + 2 * SECOND).await.unwrap();
    lines.push(line("connecting", world.meter.take()));
    world.metered.join(&bob, of(json!({ "action": "join", "room": "r" })), LATER + 3 * SECOND).await.unwrap();
    lines.push(line("`join`, 20 people and 50 short messages there", world.meter.take()));
    let since = json!({ "action": "join", "room": "r", "since": { "epoch": "e1", "seq": 40 } });
    world.metered.join(&bob, of(since), LATER + 4 * SECOND).await.unwrap();
    lines.push(line("`join` again, 10 messages missed", world.meter.take()));
    world.metered.leave(&bob, of(json!({ "action": "leave", "room": "r" })), LATER + 5 * SECOND).await.unwrap();
    lines.push(line("`leave`, 20 people remain", world.meter.take()));
    world.metered.disconnect(&ada.connection_id, LATER + 6 * SECOND).await.unwrap();
    lines.push(line("disconnecting, from one room, 19 people remain", world.meter.take()));

    let (world, _) = room_of(20, 50).await;
    let site = Site { url: "https://chat.example".into() };
    for (what, owner) in [("making a public room, with no token", None), ("with one", Some("eve".to_owned()))] {
        let body = parse_body(r#"{"name":"New","visibility":"public"}"#).unwrap();
        world.metered.create_room(&site, body, owner, LATER).await.unwrap();
        lines.push(line(what, world.meter.take()));
    }
    world.metered.describe_room(&site, "r", LATER).await.unwrap();
    lines.push(line("describing a room of 20 people", world.meter.take()));
    let room = world.metered.rooms.open("r", LATER).await.unwrap();
    let extent = PageLimits { numbers: PAGE_MESSAGES_DEFAULT.into(), bytes: PAGE_BYTES, min_events: 1 };
    history::page(&world.metered.log, &room, PageRange::Newest, extent, LATER).await.unwrap();
    lines.push(line("reading 50 short messages over HTTP", world.meter.take()));
    let body = parse_body(r#"{"name":"Tea"}"#).unwrap();
    let in_time = Instant::now() + Duration::from_secs(3600);
    world.metered.update_room(&site, &person("ada"), "r", &body, LATER).await.unwrap();
    lines.push(line("renaming a room of 20 people", world.meter.take()));
    world.metered.close_room(&person("ada"), "r", in_time, LATER).await.unwrap();
    // Rows are deleted side by side, each as soon as another is done: that has no number of trips.
    let closing = Cost { trips: 0, ..world.meter.take() };
    lines.push(line("closing a room of 20 people and 50 messages", closing));
    let (world, _) = room_of(20, 50).await;
    world.metered.clear_room(&person("ada"), "r", None, in_time, LATER).await.unwrap();
    let clearing = Cost { trips: 0, ..world.meter.take() };
    lines.push(line("clearing a room of 20 people and 50 messages", clearing));

    for (rooms, people) in [(LOBBY_ROOMS_DEFAULT, 2), (LOBBY_ROOMS, 20)] {
        let world = rooms_of(rooms, people).await;
        world.metered.list_rooms(&site, None, Some(rooms), LATER).await.unwrap();
        lines.push(line(&format!("a page of the lobby: {rooms} rooms of {people} people"), world.meter.take()));
    }

    let page = include_str!("../../../docs/costs.md");
    let missing: Vec<_> = lines.iter().filter(|line| !page.lines().any(|on_page| on_page == *line)).collect();
    assert!(missing.is_empty(), "docs/costs.md does not say\n{}", lines.join("\n"));
}
