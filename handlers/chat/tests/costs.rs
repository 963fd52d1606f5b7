//! Measures what each operation costs. `docs/costs.md` contains exactly these lines.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

#[allow(dead_code, reason = "this file uses a part of it")]
#[path = "bots/fake_bedrock/mod.rs"]
mod fake_bedrock;
mod support;

use std::time::Duration;

use aws_credential_types::Credentials;
use fake_bedrock::{FakeBedrock, MODEL, Part};
use parlor_chat::bots::allow::Decision;
use parlor_chat::bots::answer::Reply;
use parlor_chat::bots::ask::Question;
use parlor_chat::bots::bedrock::{Bedrock, BedrockBot};
use parlor_chat::bots::courier::Scheme;
use parlor_chat::log::history::PageRange;
use parlor_chat::people::identity::IdentityKind;
use parlor_chat::review::{OnFailure, Review};
use parlor_chat::rooms::lobby::Site;
use parlor_chat::signed::Service;
use parlor_chat::store::{Budgets, Gate, Settings};
use parlor_chat::{Caller, Chat};
use parlor_protocol::Millis;
use parlor_protocol::client::{Frame, parse_body};
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::{
    CONNECTIONS_PER_ROOM, LOBBY_ROOMS, LOBBY_ROOMS_DEFAULT, PAGE_EVENTS_DEFAULT, ROOMS_PER_CONNECTION,
};
use parlor_protocol::person::Person;
use parlor_protocol::rules::Capacity;
use parlor_protocol::text::Handle;
use serde_json::{Value, json};
use support::meter::Cost;
use support::signature::{KEY, REGION, SECRET};
use support::{MINUTE, NOON, SECOND, TestEnv, caller, connector, frame, person, test_env};
use tokio::time::Instant;

/// When the rooms were set up, and when the operation runs: within one minute, so that the lobby's index is not updated.
const BEFORE: u64 = NOON + SECOND;
const LATER: u64 = NOON + 2 * SECOND;

/// Returns a room with this many people and messages, and a caller who is one of the people.
async fn room_of(people: usize, messages: u64) -> (TestEnv, Caller) {
    let env = test_env().await;
    env.room("r", Visibility::Public, BEFORE).await;
    let ada = env.connect("ada-1", BEFORE).await;
    enter(&env, &ada, "Ada", "r").await;
    for n in 1..people {
        let other = env.connect(&format!("user{n}-1"), BEFORE).await;
        enter(&env, &other, &format!("User {n}"), "r").await;
    }
    for seq in 1..=messages {
        env.chat.rooms.next_seq("r", Gate::Unchecked, BEFORE).await.unwrap();
        env.append("r", seq, &ada, &format!("m{seq}"), BEFORE).await;
    }
    (env, ada)
}

/// Returns a room of 20 people and 50 messages, whose number of people is limited and whose names are unique, and a
/// caller who is one of the people.
async fn room_with_claims() -> (TestEnv, Caller) {
    let env = test_env().await;
    let settings = Settings { max_people: Capacity::try_from(50).ok(), unique_names: true, ..Settings::default() };
    env.room_with("ada", "r", Visibility::Public, settings, BEFORE).await;
    let ada = env.joined("ada-1", "r", BEFORE).await;
    for n in 1..20 {
        env.joined(&format!("user{n}-1"), "r", BEFORE).await;
    }
    for seq in 1..=50 {
        env.chat.rooms.next_seq("r", Gate::Unchecked, BEFORE).await.unwrap();
        env.append("r", seq, &ada, &format!("m{seq}"), BEFORE).await;
    }
    (env, ada)
}

/// Puts a connection into a room, already announced.
async fn enter(env: &TestEnv, caller: &Caller, name: &str, room: &str) {
    env.enter(caller, name, room, BEFORE).await.unwrap();
    env.chat.connections.mark_announced(&caller.connection_id, room, name).await.unwrap();
}

/// Returns a caller who is in this many rooms.
async fn in_rooms(count: usize) -> (TestEnv, Caller) {
    let env = test_env().await;
    let ada = env.connect("ada-1", BEFORE).await;
    for n in 0..count {
        let room = format!("r{n}");
        env.room_of(&format!("owner{n}"), &room, Visibility::Unlisted, BEFORE).await;
        enter(&env, &ada, "Ada", &room).await;
    }
    (env, ada)
}

/// Returns a group of this many members, each with two connections, and one of them. Eve is connected too.
async fn group_of(members: usize) -> (TestEnv, Caller, String) {
    let env = test_env().await;
    let ada = env.connect("ada-1", BEFORE).await;
    env.connect("ada-2", BEFORE).await;
    env.connect("eve-1", BEFORE).await;
    let others: Vec<_> = (1..members).map(|n| format!("user{n}")).collect();
    for connection in others.iter().flat_map(|id| [format!("{id}-1"), format!("{id}-2")]) {
        env.connect(&connection, BEFORE).await;
    }
    let body = parse_body(&json!({ "title": "Tea", "members": others }).to_string()).unwrap();
    let room = env.chat.create_conversation(&person("ada"), body, BEFORE).await.unwrap().room;
    (env, ada, room)
}

/// Returns a person who has this many direct conversations with one unread message each.
async fn in_conversations(count: usize) -> (TestEnv, Person) {
    let env = test_env().await;
    env.connect("ada-1", BEFORE).await;
    for n in 1..=count {
        let other = env.connect(&format!("user{n}-1"), BEFORE).await;
        let body = parse_body(r#"{"with":"ada"}"#).unwrap();
        let room = env.chat.create_conversation(&person(&other.user_id), body, BEFORE).await.unwrap().room;
        env.send(&other, &room, "1", BEFORE).await.unwrap();
    }
    (env, person("ada"))
}

/// Creates this many public rooms with this many people in each.
async fn rooms_of(count: u32, people: usize) -> TestEnv {
    let env = test_env().await;
    for n in 0..count {
        let room = format!("r{n}");
        env.room_of(&format!("owner{n}"), &room, Visibility::Public, BEFORE).await;
        env.fill(&room, people, BEFORE).await;
    }
    env
}

fn of<F: Frame>(json: Value) -> F {
    frame(&json.to_string())
}

fn line(what: &str, Cost { reads, writes, posts, invocations, trips, trips_before_post }: Cost) -> String {
    let known = |trips: usize| if trips == 0 { "–".to_owned() } else { trips.to_string() };
    let before = if posts == 0 { 0 } else { trips_before_post };
    let what = if invocations == 0 { what.to_owned() } else { format!("{what}, and {invocations} invocation") };
    format!("| {what} | {writes} | {reads} | {} | {} | {posts} |", known(trips), known(before))
}

async fn costs_of_handles() -> Vec<String> {
    let mut lines = Vec::new();
    let env = test_env().await;
    let ada = env.connect("ada-1", BEFORE).await;
    let register = |handle: &str| of(json!({ "action": "register", "handle": handle }));
    for (n, what) in
        ["`register`, the first handle of a guest without a token", "`register` again"].into_iter().enumerate()
    {
        env.metered.register(&ada, register("ada"), LATER + n as u64 * SECOND).await.unwrap();
        lines.push(line(what, env.meter.take()));
    }
    env.metered.register(&ada, register("countess"), LATER + 2 * SECOND).await.unwrap();
    lines.push(line("`register`, another handle", env.meter.take()));
    env.metered.disconnect(&ada.connection_id, LATER + 3 * SECOND).await.unwrap();
    lines.push(line("disconnecting, from no room, with a handle", env.meter.take()));
    let handle = |handle: &str| Handle::try_from(handle.to_owned()).unwrap();
    for (what, new) in [("claiming a handle over HTTP", "ada"), ("claiming another one", "countess")] {
        env.metered.claim_handle(person("ada"), IdentityKind::SignedIn, handle(new), LATER).await.unwrap();
        lines.push(line(what, env.meter.take()));
    }
    env.metered.describe_me(person("ada"), LATER).await.unwrap();
    lines.push(line("describing oneself", env.meter.take()));
    env.metered.limiter.lookup("192.0.2.1", LATER).await.unwrap();
    env.metered.find_person(&handle("countess"), LATER).await.unwrap();
    lines.push(line("looking up a handle", env.meter.take()));
    env.metered.release_handle("ada", LATER).await.unwrap();
    lines.push(line("releasing a handle", env.meter.take()));
    lines
}

#[tokio::test]
async fn docs_costs_matches_the_measurements() {
    let message = |id: &str, text: &str| of(json!({ "action": "send", "room": "r", "id": id, "text": text }));
    let mut lines = Vec::new();

    for people in [2, 20, 100] {
        let (env, ada) = room_of(people, 0).await;
        env.metered.send(&ada, message("1", "Good morning, everyone"), LATER).await.unwrap();
        lines.push(line(&format!("`send`, {people} people"), env.meter.take()));
    }
    let (env, ada) = room_of(1, 0).await;
    env.fill("r", CONNECTIONS_PER_ROOM - 1, BEFORE).await;
    env.metered.send(&ada, message("1", "Good morning, everyone"), LATER).await.unwrap();
    lines.push(line("`send`, 1,000 people, as many as a room holds", env.meter.take()));
    let (env, ada) = room_of(20, 2).await;
    env.metered.send(&ada, message("next", "Good morning"), LATER + MINUTE).await.unwrap();
    lines.push(line("`send`, the first in a minute, public room of 20 people", env.meter.take()));
    env.metered.send(&ada, message("long", &"x".repeat(4000)), LATER + MINUTE + 2 * SECOND).await.unwrap();
    lines.push(line("`send` of 4,000 letters, 20 people", env.meter.take()));
    env.metered.send(&ada, message("m1", "said m1"), LATER + MINUTE + 3 * SECOND).await.unwrap();
    lines.push(line("`send` again with the same `id`, 20 people", env.meter.take()));
    env.metered.send(&ada, message("quick", "And"), LATER + MINUTE + 3 * SECOND).await.unwrap();
    lines.push(line("`send`, the second within a fifth of a second, 20 people", env.meter.take()));
    let everyone = json!({ "action": "send", "room": "r", "id": "all", "text": "@room, tea", "mentionsRoom": true });
    env.metered.send(&ada, of(everyone), LATER + MINUTE + 3 * SECOND + SECOND / 2).await.unwrap();
    lines.push(line("`send` that mentions the room, 20 people", env.meter.take()));
    let edit = json!({ "action": "edit", "room": "r", "epoch": "e1", "seq": 1, "id": "e", "text": "better" });
    env.metered.edit(&ada, of(edit), LATER + MINUTE + 4 * SECOND).await.unwrap();
    lines.push(line("`edit`, 20 people", env.meter.take()));
    let react =
        json!({ "action": "react", "room": "r", "epoch": "e1", "seq": 1, "id": "r", "emoji": "👍", "on": true });
    env.metered.react(&ada, of(react), LATER + MINUTE + 5 * SECOND).await.unwrap();
    lines.push(line("`react`, 20 people", env.meter.take()));
    env.metered
        .delete(
            &ada,
            of(json!({ "action": "delete", "room": "r", "epoch": "e1", "seq": 1, "id": "d" })),
            LATER + MINUTE + 6 * SECOND,
        )
        .await
        .unwrap();
    lines.push(line("`delete`, 20 people", env.meter.take()));
    env.metered
        .typing(&ada, of(json!({ "action": "typing", "room": "r" })), LATER + MINUTE + 7 * SECOND)
        .await
        .unwrap();
    lines.push(line("`typing`, 20 people", env.meter.take()));
    env.metered.ping(&ada, of(json!({ "action": "ping" })), LATER + MINUTE + 8 * SECOND).await.unwrap();
    lines.push(line("`ping`, in one room", env.meter.take()));
    let (env, ada) = in_rooms(ROOMS_PER_CONNECTION).await;
    env.metered.ping(&ada, of(json!({ "action": "ping" })), LATER).await.unwrap();
    // Trips of different rooms overlap, so their number is not defined.
    let pinging = Cost { trips: 0, trips_before_post: 0, ..env.meter.take() };
    lines.push(line(&format!("`ping`, in {ROOMS_PER_CONNECTION} rooms"), pinging));

    let (env, ada) = room_of(20, 50).await;
    env.metered.history(&ada, of(json!({ "action": "history", "room": "r" })), LATER + SECOND).await.unwrap();
    lines.push(line("`history`, 50 short messages", env.meter.take()));
    let bob = caller("bob-1", "bob", "Bob");
    env.metered.connect(&bob, LATER + 2 * SECOND).await.unwrap();
    lines.push(line("connecting", env.meter.take()));
    let eve = Caller { kind: Some(IdentityKind::GuestWithToken), ..caller("eve-1", "eve", "Eve") };
    env.metered.connect(&eve, LATER + 2 * SECOND).await.unwrap();
    lines.push(line("connecting with a token", env.meter.take()));
    env.metered.join(&bob, of(json!({ "action": "join", "room": "r" })), LATER + 3 * SECOND).await.unwrap();
    lines.push(line("`join`, 20 people and 50 short messages there", env.meter.take()));
    env.metered.join(&eve, of(json!({ "action": "join", "room": "r" })), LATER + 3 * SECOND).await.unwrap();
    lines.push(line("`join` with a token, 21 people and 50 short messages there", env.meter.take()));
    env.chat.leave(&eve, of(json!({ "action": "leave", "room": "r" })), LATER + 3 * SECOND).await.unwrap();
    let since = json!({ "action": "join", "room": "r", "since": { "epoch": "e1", "seq": 40 } });
    env.metered.join(&bob, of(since), LATER + 4 * SECOND).await.unwrap();
    lines.push(line("`join` again, 10 messages missed", env.meter.take()));
    env.metered.leave(&bob, of(json!({ "action": "leave", "room": "r" })), LATER + 5 * SECOND).await.unwrap();
    lines.push(line("`leave`, 20 people remain", env.meter.take()));
    env.metered.disconnect(&ada.connection_id, LATER + 6 * SECOND).await.unwrap();
    lines.push(line("disconnecting, from one room, 19 people remain", env.meter.take()));

    let (env, ada) = room_with_claims().await;
    env.metered.send(&ada, message("1", "Good morning, everyone"), LATER).await.unwrap();
    let sending = line("`send`, 20 people", env.meter.take());
    assert!(lines.contains(&sending), "a room with claims costs more to send in: {sending}");
    env.metered.ping(&ada, of(json!({ "action": "ping" })), LATER + SECOND).await.unwrap();
    lines.push(line("`ping`, in one room with both claims", env.meter.take()));
    env.chat.connections.open(&bob, LATER + 2 * SECOND).await.unwrap();
    env.metered.join(&bob, of(json!({ "action": "join", "room": "r" })), LATER + 3 * SECOND).await.unwrap();
    lines.push(line("`join` with both claims, 20 people and 50 short messages there", env.meter.take()));
    let since = json!({ "action": "join", "room": "r", "since": { "epoch": "e1", "seq": 40 } });
    env.metered.join(&bob, of(since), LATER + 4 * SECOND).await.unwrap();
    lines.push(line("`join` again with both claims, 11 messages missed", env.meter.take()));
    env.metered.leave(&bob, of(json!({ "action": "leave", "room": "r" })), LATER + 5 * SECOND).await.unwrap();
    lines.push(line("`leave` with both claims, 20 people remain", env.meter.take()));
    env.metered.disconnect(&ada.connection_id, LATER + 6 * SECOND).await.unwrap();
    lines.push(line("disconnecting with both claims, 19 people remain", env.meter.take()));

    let (env, _) = room_of(20, 50).await;
    let site = Site { url: "https://chat.example".into(), commons: None };
    for (what, owner) in [("creating a public room, without a token", None), ("with a token", Some("eve".to_owned()))] {
        let body = parse_body(r#"{"name":"New","visibility":"public"}"#).unwrap();
        env.metered.create_room(&site, body, owner, LATER).await.unwrap();
        lines.push(line(what, env.meter.take()));
    }
    env.metered.describe_room(&site, "r", None, None, LATER).await.unwrap();
    lines.push(line("describing a room of 20 people", env.meter.take()));
    env.metered.list_messages("r", PageRange::Newest, PAGE_EVENTS_DEFAULT.into(), None, None, LATER).await.unwrap();
    lines.push(line("reading 50 short messages over HTTP", env.meter.take()));
    let body = parse_body(r#"{"name":"Tea"}"#).unwrap();
    let in_time = Instant::now() + Duration::from_secs(3600);
    env.metered.update_room(&site, &person("ada"), "r", &body, LATER).await.unwrap();
    lines.push(line("renaming a room of 20 people", env.meter.take()));
    env.metered.close_room(&person("ada"), "r", in_time, LATER).await.unwrap();
    // Rows are deleted concurrently, so the number of trips is not defined.
    let closing = Cost { trips: 0, ..env.meter.take() };
    lines.push(line("closing a room of 20 people and 50 messages", closing));
    let (env, _) = room_of(20, 50).await;
    env.metered.clear_room(&person("ada"), "r", None, in_time, LATER).await.unwrap();
    let clearing = Cost { trips: 0, ..env.meter.take() };
    lines.push(line("clearing a room of 20 people and 50 messages", clearing));

    for (rooms, people) in [(LOBBY_ROOMS_DEFAULT, 2), (LOBBY_ROOMS, 20)] {
        let env = rooms_of(rooms, people).await;
        env.metered.list_rooms(&site, None, Some(rooms), LATER).await.unwrap();
        lines.push(line(&format!("a page of the lobby: {rooms} rooms of {people} people"), env.meter.take()));
    }

    lines.extend(Box::pin(of_conversations()).await);
    lines.extend(Box::pin(of_moderation()).await);
    lines.extend(Box::pin(of_review()).await);
    lines.extend(Box::pin(of_bots()).await);
    // Boxed, for the stack.
    lines.extend(Box::pin(costs_of_handles()).await);

    let page = include_str!("../../../docs/costs.md");
    let missing: Vec<_> = lines.iter().filter(|line| !page.lines().any(|on_page| on_page == *line)).collect();
    assert!(missing.is_empty(), "docs/costs.md lacks these lines:\n{missing:#?}");
}

async fn of_moderation() -> Vec<String> {
    let mut lines = Vec::new();
    let (env, _) = room_of(20, 50).await;
    let act = async |chat: &Chat, request: Value, at: Millis| {
        let request = parse_body(&request.to_string()).unwrap();
        chat.moderate(&person("ada"), "r", &request, at).await.unwrap();
    };
    act(&env.metered, json!({ "action": "appoint", "userId": "user1" }), LATER).await;
    lines.push(line("making somebody a moderator, 20 people", env.meter.take()));
    let user = caller("user2-1", "user2", "user2");
    let message = |id: &str| of(json!({ "action": "send", "room": "r", "id": id, "text": "Good morning, everyone" }));
    env.metered.send(&user, message("1"), LATER + SECOND).await.unwrap();
    let sending = line("`send`, 20 people", env.meter.take());
    let page = include_str!("../../../docs/costs.md");
    assert!(page.lines().any(|on_page| on_page == sending), "moderators make sending dearer: {sending}");
    act(&env.metered, json!({ "action": "mute", "userId": "user3" }), LATER + 2 * SECOND).await;
    lines.push(line("muting somebody, 20 people", env.meter.take()));
    env.metered.send(&user, message("2"), LATER + 3 * SECOND).await.unwrap();
    lines.push(line("`send` where somebody is muted or banned, 20 people", env.meter.take()));
    act(&env.metered, json!({ "action": "slowMode", "seconds": 5 }), LATER + 4 * SECOND).await;
    lines.push(line("turning slow mode on, 20 people", env.meter.take()));
    env.metered.send(&user, message("3"), LATER + 5 * SECOND).await.unwrap();
    lines.push(line("`send` in slow mode, 20 people", env.meter.take()));
    act(&env.metered, json!({ "action": "ban", "userId": "user3" }), LATER + 6 * SECOND).await;
    lines.push(line("banning somebody who is there, 19 people remain", env.meter.take()));
    env.metered.moderation(&person("ada"), "r", None, LATER + 6 * SECOND).await.unwrap();
    lines.push(line("reading the state of moderation: 2 people, 4 entries", env.meter.take()));
    let epoch = env.chat.rooms.open("r", LATER).await.unwrap().epoch;
    let report = parse_body(&json!({ "epoch": epoch, "seq": 1, "reason": "spam" }).to_string()).unwrap();
    env.metered.report(&person("user4"), "r", &report, None, LATER + 7 * SECOND).await.unwrap();
    lines.push(line("reporting a message where nothing else is reported", env.meter.take()));
    env.metered.reports(&person("ada"), "r", None, LATER + 7 * SECOND).await.unwrap();
    lines.push(line("reading the reports: 1 message", env.meter.take()));
    let reported = json!({ "epoch": epoch, "seq": 1 });
    act(&env.metered, json!({ "action": "deleteReported", "report": reported }), LATER + 8 * SECOND).await;
    lines.push(line("deleting a reported message, 19 people", env.meter.take()));
    act(&env.metered, json!({ "action": "dismissReport", "report": reported }), LATER + 9 * SECOND).await;
    lines.push(line("dismissing a report", env.meter.take()));
    lines
}

async fn of_review() -> Vec<String> {
    let mut lines = Vec::new();
    let (mut env, ada) = room_of(20, 50).await;
    let mut review = Review::new(Duration::from_secs(60), OnFailure::Hold, false);
    review.words.add("hold: lottery\n").unwrap();
    env.metered.review = Some(review);
    let say = |id: &str, text: &str| of(json!({ "action": "send", "room": "r", "id": id, "text": text }));
    let user = caller("user2-1", "user2", "user2");
    env.metered.send(&user, say("1", "Good morning, everyone"), LATER).await.unwrap();
    let sending = line("`send`, 20 people", env.meter.take());
    let page = include_str!("../../../docs/costs.md");
    assert!(page.lines().any(|on_page| on_page == sending), "a stage's reviewers make other rooms dearer: {sending}");
    let act = async |chat: &Chat, request: Value| {
        let request = parse_body(&request.to_string()).unwrap();
        chat.moderate(&person(&ada.user_id), "r", &request, LATER + SECOND).await.unwrap();
    };
    act(&env.metered, json!({ "action": "review", "on": true })).await;
    env.meter.take();
    env.metered.send(&user, say("2", "Good morning, everyone"), LATER + SECOND).await.unwrap();
    lines.push(line("`send` in a reviewed room, 20 people", env.meter.take()));
    env.metered.send(&user, say("3", "Win the lottery"), LATER + SECOND).await.unwrap_err();
    lines.push(line("`send` of a message that is held", env.meter.take()));
    env.metered.held(&person("ada"), "r", None, LATER + SECOND).await.unwrap();
    lines.push(line("reading the messages that wait: 1 message", env.meter.take()));
    let epoch = env.chat.rooms.open("r", LATER).await.unwrap().epoch;
    let held = json!({ "epoch": epoch, "userId": "user2", "id": "3" });
    act(&env.metered, json!({ "action": "approveHeld", "held": held })).await;
    lines.push(line("approving a message, 20 people", env.meter.take()));
    lines
}

async fn reply(chat: &Chat, question: &Question, now: Millis) {
    let mut asked = chat.asked(question.clone(), now).await.unwrap().unwrap();
    let good_morning = || Reply { text: "Good morning, Ada".into(), ..Reply::default() };
    let reply = asked.answered.take().unwrap_or_else(good_morning);
    chat.answer(&asked, Ok(reply), now).await.unwrap();
}

/// Answers with a model that says everything at once.
async fn converse(chat: &Chat, question: &Question, now: Millis) {
    let fake = FakeBedrock::default();
    fake.say(&[Part::Text("Good morning, Ada".into()), Part::Stop("end_turn"), Part::Usage(500)]);
    let credentials = Credentials::new(KEY, SECRET, None, None, "fixed");
    let service = Service::new(fake.serve().await, "bedrock", REGION.into(), credentials).over(connector());
    let budgets = Budgets { person: 50_000, room: 200_000, stage: 1_000_000 };
    let bot = BedrockBot { model_id: MODEL.into(), region: None, max_tokens: 800, context_messages: 20, budgets };
    let bedrock = Bedrock { service, bot, prompt: "You know the house.".into() };
    let asked = chat.asked(question.clone(), now).await.unwrap().unwrap();
    let reply = chat.converse(&bedrock, &asked, now).await.unwrap().unwrap();
    chat.answer(&asked, Ok(reply), now).await.unwrap();
}

async fn of_bots() -> Vec<String> {
    let mut lines = Vec::new();
    let (env, ada) = room_of(20, 0).await;
    let site = Site { url: "https://chat.example".into(), commons: None };
    let decision = Decision { room_id: "r", name: "concierge", is_allowed: true };
    env.metered.set_bot(&site, &person("ada"), decision, BEFORE).await.unwrap();
    lines.push(line("allowing a bot in a room of 20 people", env.meter.take()));
    let send = |id: &str, bot: &str| {
        let mentions = [bot];
        of(json!({ "action": "send", "room": "r", "id": id, "text": "Good morning, everyone", "mentions": mentions }))
    };
    env.metered.send(&ada, send("1", "user1"), LATER).await.unwrap();
    let sending = env.meter.take();
    lines.push(line("`send`, 20 people", sending.clone()));
    env.metered.send(&ada, send("2", "bot:concierge"), LATER + SECOND).await.unwrap();
    let asking = env.meter.take();
    assert_eq!(Cost { invocations: 0, ..asking.clone() }, sending, "asking a bot takes an invocation and nothing else");
    lines.push(line("`send` that mentions a bot, 20 people", asking));
    let answer = async |question: &Question| {
        reply(&env.metered, question, LATER + 2 * SECOND).await;
        env.meter.take()
    };
    let [question] = env.gateway.take_questions().try_into().unwrap();
    lines.push(line("its answer, 20 people", answer(&question).await));
    lines.push(line("its answer again, if the job is repeated", answer(&question).await));
    env.chat.send(&ada, send("3", "bot:concierge"), LATER + 2 * SECOND).await.unwrap();
    let [question] = env.gateway.take_questions().try_into().unwrap();
    converse(&env.metered, &question, LATER + 2 * SECOND).await;
    lines.push(line("its answer of the kind `bedrock`, with one draft, 20 people", env.meter.take()));
    let new = parse_body(r#"{"name":"Build server"}"#).unwrap();
    let hook = env.metered.create_hook(&person("ada"), "r", new, Scheme::Https, LATER + 3 * SECOND).await.unwrap();
    lines.push(line("making a webhook in a room of 20 people", env.meter.take()));
    let message = parse_body(r#"{"text":"Build 7 passed","id":"7"}"#).unwrap();
    env.metered.post_hook(&hook.id, &hook.secret, message, LATER + 4 * SECOND).await.unwrap();
    lines.push(line("a message of the webhook, 20 people", env.meter.take()));
    env.metered.send(&ada, send("4", "user1"), LATER + 5 * SECOND).await.unwrap();
    assert_eq!(env.meter.take(), sending, "a webhook that only writes costs `send` nothing");
    let new = parse_body(r#"{"name":"Echo","url":"https://bots.example.com/parlor/told"}"#).unwrap();
    env.chat.create_hook(&person("ada"), "r", new, Scheme::Https, LATER + 6 * SECOND).await.unwrap();
    env.metered.send(&ada, send("5", "user1"), LATER + 7 * SECOND).await.unwrap();
    let telling = env.meter.take();
    assert_eq!(Cost { invocations: 0, ..telling.clone() }, sending, "it takes an invocation and nothing else");
    lines.push(line("`send` where a webhook is told, 20 people", telling));
    let news = env.gateway.take_news();
    let links = "https://shop.example ".repeat(4);
    let suspicious = json!({ "action": "send", "room": "r", "id": "6", "text": links });
    env.metered.send(&ada, of(suspicious), LATER + 8 * SECOND).await.unwrap();
    lines.push(line("`send` with 4 links where a webhook is told, 20 people", env.meter.take()));
    let [news] = news.try_into().unwrap();
    env.metered.letter(&news, LATER + 7 * SECOND).await.unwrap().unwrap();
    lines.push(line("telling it", env.meter.take()));

    let (env, ada) = room_of(2, 0).await;
    let with = parse_body(r#"{"with":"@concierge"}"#).unwrap();
    let direct = env.chat.create_conversation(&person("ada"), with, BEFORE).await.unwrap().room;
    let send = json!({ "action": "send", "room": direct, "id": "1", "text": "Good morning" });
    env.metered.send(&ada, of(send), LATER).await.unwrap();
    lines.push(line("`send` to a direct conversation with a bot", env.meter.take()));
    let [question] = env.gateway.take_questions().try_into().unwrap();
    reply(&env.metered, &question, LATER + SECOND).await;
    lines.push(line("its answer there", env.meter.take()));
    lines
}

/// A function of its own, because one future with all operations would not fit the stack.
async fn of_conversations() -> Vec<String> {
    let mut lines = Vec::new();
    let (env, ada, room) = group_of(20).await;
    let message = |id: &str| of(json!({ "action": "send", "room": room, "id": id, "text": "Good morning, everyone" }));
    env.metered.send(&ada, message("1"), LATER).await.unwrap();
    lines.push(line("`send` to a group of 20 members with 2 connections each", env.meter.take()));
    env.metered.read(&ada, of(json!({ "action": "read", "room": room, "seq": 2 })), LATER + SECOND).await.unwrap();
    lines.push(line("`read` in that group", env.meter.take()));
    env.metered.join(&ada, of(json!({ "action": "join", "room": room })), LATER + 2 * SECOND).await.unwrap();
    lines.push(line("`join` of that group", env.meter.take()));
    env.metered.ping(&ada, of(json!({ "action": "ping" })), LATER + 3 * SECOND).await.unwrap();
    lines.push(line("`ping`, in that group", env.meter.take()));
    let body = parse_body(r#"{"members":["eve"]}"#).unwrap();
    env.metered.add_members(&person("ada"), &room, &body, LATER + 2 * MINUTE).await.unwrap();
    lines.push(line("adding a person to that group", env.meter.take()));
    env.metered.remove_member(&person("ada"), &room, "eve", LATER + 3 * MINUTE).await.unwrap();
    lines.push(line("removing them", env.meter.take()));
    for count in [1, 50] {
        let (env, _) = in_conversations(count).await;
        env.metered.list_conversations("ada", None, Some(50), false, LATER + SECOND).await.unwrap();
        // Trips of different conversations overlap, so their number is not defined.
        let cost = env.meter.take();
        let cost = if count == 1 { cost } else { Cost { trips: 0, ..cost } };
        lines.push(line(&format!("listing direct conversations with an unread message each: {count}"), cost));
    }
    let (env, ada) = in_conversations(1).await;
    let with = parse_body(r#"{"with":"user1"}"#).unwrap();
    env.metered.create_conversation(&ada, with, LATER + 2 * SECOND).await.unwrap();
    lines.push(line("finding a direct conversation", env.meter.take()));
    lines
}
