//! Rooms with a limited number of people or unique names: never one person too many, nobody refused while there is room
//! for long, and no two names that look alike, whoever competes and whatever fails.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod support;

use std::collections::BTreeSet;

use futures_util::future::join_all;
use parlor_chat::rooms::lobby::Site;
use parlor_chat::store::{Claim, Taken};
use parlor_chat::{Caller, Chat};
use parlor_protocol::Millis;
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::LEASE;
use serde_json::{Value, json};
use support::faults::{Ended, Fault};
use support::{MINUTE, NOON, SECOND, TestEnv, frame, person, test_env};
use tokio::time::Instant;

const LEASE_MS: Millis = LEASE.as_millis() as Millis;

fn site() -> Site {
    Site { url: "https://chat.example".into() }
}

/// Creates a room of `owner`'s with these rules, and returns its id.
async fn create(env: &TestEnv, rules: Value) -> String {
    let mut body = json!({ "name": "Tea" });
    body.as_object_mut().unwrap().extend(rules.as_object().unwrap().clone());
    let body = parse_body(&body.to_string()).unwrap();
    env.chat.create_room(&site(), body, Some("owner".into()), NOON).await.unwrap().room_id
}

async fn update(env: &TestEnv, room: &str, rules: Value, now: Millis) {
    let body = parse_body(&rules.to_string()).unwrap();
    env.chat.update_room(&site(), &person("owner"), room, &body, now).await.unwrap();
}

async fn join_by(chat: &Chat, caller: &Caller, room: &str, name: Option<&str>, now: Millis) -> Result<(), ErrorCode> {
    let mut join = json!({ "action": "join", "room": room });
    if let Some(name) = name {
        join["name"] = name.into();
    }
    chat.join(caller, frame(&join.to_string()), now).await.map(drop).map_err(|error| error.code())
}

/// Opens a connection that joins. The person is the part of its id before `-`.
async fn enter(env: &TestEnv, connection_id: &str, room: &str, now: Millis) -> Result<Caller, ErrorCode> {
    let caller = env.connect(connection_id, now).await;
    join_by(&env.chat, &caller, room, None, now).await.map(|()| caller)
}

/// The same, under this name.
async fn enter_as(env: &TestEnv, id: &str, name: &str, room: &str, now: Millis) -> Result<Caller, ErrorCode> {
    let caller = env.connect(id, now).await;
    join_by(&env.chat, &caller, room, Some(name), now).await.map(|()| caller)
}

async fn refused(env: &TestEnv, connection_id: &str, room: &str, now: Millis) -> ErrorCode {
    enter(env, connection_id, room, now).await.map(drop).unwrap_err()
}

async fn leave(env: &TestEnv, caller: &Caller, room: &str, now: Millis) {
    let leave = json!({ "action": "leave", "room": room });
    env.chat.leave(caller, frame(&leave.to_string()), now).await.unwrap();
}

/// Pings, and returns whether the connection is still in the room.
async fn ping(env: &TestEnv, caller: &Caller, room: &str, now: Millis) -> bool {
    env.gateway.take(&caller.connection_id);
    env.chat.ping(caller, frame(r#"{"action":"ping"}"#), now).await.unwrap();
    let pong = env.gateway.take(&caller.connection_id).into_iter().find(|frame| frame["type"] == "pong").unwrap();
    pong["rooms"].get(room).is_some()
}

/// Returns the people in a room.
async fn people(env: &TestEnv, room: &str, now: Millis) -> BTreeSet<String> {
    let occupants = env.chat.connections.in_room(room).await.unwrap();
    occupants.into_iter().filter(|occupant| occupant.is_live(now)).map(|occupant| occupant.user_id).collect()
}

/// Returns the seats that are held.
async fn seats(env: &TestEnv, room: &str, now: Millis) -> Vec<Claim> {
    let seats = env.chat.members.seats(room).await.unwrap();
    seats.into_iter().filter(|seat| seat.is_held(now)).collect()
}

#[tokio::test]
async fn a_room_holds_as_many_people_as_it_says() {
    let env = test_env().await;
    let room = &create(&env, json!({ "maxPeople": 2 })).await;
    let ada = enter(&env, "ada-1", room, NOON).await.unwrap();
    let bob = enter(&env, "bob-1", room, NOON).await.unwrap();
    env.gateway.take("ada-1");
    let refused_code = refused(&env, "carol-1", room, NOON).await;
    assert_eq!((refused_code, refused_code.retryable(), refused_code.status()), (ErrorCode::RoomFull, true, 409));
    assert_eq!(env.gateway.take("ada-1"), Vec::<Value>::new(), "a refused join is not announced");
    let described = env.chat.describe_room(&site(), room, None, NOON).await.unwrap();
    assert_eq!((described.people, described.is_full), (2, true));

    leave(&env, &bob, room, NOON).await;
    let carol = enter(&env, "carol-2", room, NOON).await.unwrap();
    assert_eq!(refused(&env, "bob-2", room, NOON).await, ErrorCode::RoomFull);
    env.chat.disconnect(&carol.connection_id, NOON).await.unwrap();
    enter(&env, "bob-3", room, NOON).await.unwrap();
    join_by(&env.chat, &ada, room, None, NOON).await.unwrap();
    assert_eq!(people(&env, room, NOON).await.len(), 2);
}

#[tokio::test]
async fn a_persons_tabs_share_a_seat_until_the_last_has_left() {
    let env = test_env().await;
    let room = &create(&env, json!({ "maxPeople": 2 })).await;
    enter(&env, "bob-1", room, NOON).await.unwrap();
    let first = enter(&env, "ada-1", room, NOON).await.unwrap();
    let second = enter(&env, "ada-2", room, NOON).await.unwrap();
    assert_eq!(seats(&env, room, NOON).await.len(), 2);
    leave(&env, &first, room, NOON).await;
    assert_eq!(refused(&env, "carol-1", room, NOON).await, ErrorCode::RoomFull);
    join_by(&env.chat, &first, room, None, NOON).await.unwrap();
    env.chat.disconnect(&second.connection_id, NOON).await.unwrap();
    assert_eq!(refused(&env, "carol-2", room, NOON).await, ErrorCode::RoomFull);
    env.chat.disconnect(&first.connection_id, NOON).await.unwrap();
    enter(&env, "carol-3", room, NOON).await.unwrap();
}

#[tokio::test]
async fn tabs_that_join_at_once_take_one_seat() {
    let env = test_env().await;
    let room = &create(&env, json!({ "maxPeople": 5, "uniqueNames": true })).await;
    let tabs: Vec<_> = (0..8).map(|n| format!("ada-{n}")).collect();
    for joined in join_all(tabs.iter().map(|tab| enter(&env, tab, room, NOON))).await {
        joined.unwrap();
    }
    let seats = seats(&env, room, NOON).await;
    assert_eq!(seats.len(), 1, "{seats:?}");
    assert_eq!(seats[0].connections.len(), 8);
}

#[tokio::test]
async fn pings_keep_a_seat_and_a_silent_death_frees_it_after_one_lease() {
    let env = test_env().await;
    let room = &create(&env, json!({ "maxPeople": 2 })).await;
    let ada = enter(&env, "ada-1", room, NOON).await.unwrap();
    let bob = enter(&env, "bob-1", room, NOON).await.unwrap();
    assert!(ping(&env, &ada, room, NOON + 4 * MINUTE).await);
    assert!(ping(&env, &bob, room, NOON + 4 * MINUTE).await);
    assert!(ping(&env, &ada, room, NOON + 8 * MINUTE).await);
    assert_eq!(refused(&env, "carol-1", room, NOON + 9 * MINUTE - 1).await, ErrorCode::RoomFull);
    enter(&env, "carol-2", room, NOON + 9 * MINUTE).await.unwrap();
    assert_eq!(people(&env, room, NOON + 9 * MINUTE).await, BTreeSet::from(["ada".into(), "carol".into()]));
    // What arrives late does not bring the end forward.
    let seat = seats(&env, room, NOON + 9 * MINUTE).await.into_iter().find(|seat| seat.user_id == "ada").unwrap();
    assert!(env.chat.members.renew(room, &seat.key, &ada, NOON + 7 * MINUTE).await.unwrap());
    let shared = env.chat.members.take(room, &seat.key, &ada, NOON + 7 * MINUTE).await.unwrap();
    assert!(matches!(shared, Taken::Held { is_new: false }));
    assert_eq!(seat.lease_until, NOON + 13 * MINUTE);
    assert!(seats(&env, room, NOON + 9 * MINUTE).await.contains(&seat));
}

#[tokio::test]
async fn a_tab_that_died_silently_does_not_keep_the_seat_once_the_others_have_left() {
    let env = test_env().await;
    let room = &create(&env, json!({ "maxPeople": 2, "uniqueNames": true })).await;
    enter(&env, "ada-1", room, NOON).await.unwrap();
    let tab = enter(&env, "ada-2", room, NOON).await.unwrap();
    let later = NOON + 4 * MINUTE;
    let bob = enter(&env, "bob-1", room, later).await.unwrap();
    assert!(ping(&env, &tab, room, later).await);
    let end = NOON + LEASE_MS;
    leave(&env, &tab, room, end).await;
    assert!(ping(&env, &bob, room, end).await);
    enter_as(&env, "carol-1", "Ada", room, end).await.unwrap();
}

#[tokio::test]
async fn a_lower_capacity_removes_nobody_and_a_higher_one_lets_people_in() {
    let env = test_env().await;
    let room = &create(&env, json!({ "maxPeople": 4 })).await;
    let mut inside = Vec::new();
    for id in ["ada-1", "bob-1", "carol-1", "dave-1"] {
        inside.push(enter(&env, id, room, NOON).await.unwrap());
    }
    let at = NOON + MINUTE;
    update(&env, room, json!({ "maxPeople": 2 }), at).await;
    for caller in &inside {
        assert!(ping(&env, caller, room, at).await);
    }
    enter(&env, "ada-2", room, at).await.unwrap();
    for (n, caller) in inside.iter().enumerate().skip(1).take(2) {
        leave(&env, caller, room, at).await;
        assert_eq!(refused(&env, &format!("erin-{n}"), room, at).await, ErrorCode::RoomFull);
    }
    leave(&env, &inside[3], room, at).await;
    enter(&env, "erin-9", room, at).await.unwrap();
    assert_eq!(refused(&env, "bob-2", room, at).await, ErrorCode::RoomFull);
    update(&env, room, json!({ "maxPeople": 3 }), at).await;
    enter(&env, "bob-3", room, at).await.unwrap();
    assert_eq!(refused(&env, "carol-2", room, at).await, ErrorCode::RoomFull);
    update(&env, room, json!({ "maxPeople": null }), at).await;
    enter(&env, "carol-3", room, at).await.unwrap();
    assert_eq!(people(&env, room, at).await.len(), 4);
}

#[tokio::test]
async fn people_who_are_inside_when_a_capacity_is_set_count_and_stay() {
    for pings in [false, true] {
        let env = test_env().await;
        let room = &create(&env, json!({})).await;
        let mut inside = Vec::new();
        for id in ["ada-1", "bob-1", "carol-1"] {
            inside.push(enter(&env, id, room, NOON).await.unwrap());
        }
        update(&env, room, json!({ "maxPeople": 2 }), NOON).await;
        let at = NOON + MINUTE;
        if pings {
            for caller in &inside {
                assert!(ping(&env, caller, room, at).await);
            }
            assert_eq!(seats(&env, room, at).await.len(), 3);
        }
        assert_eq!(refused(&env, "dave-1", room, at).await, ErrorCode::RoomFull);
        enter(&env, "ada-2", room, at).await.unwrap();
        leave(&env, &inside[1], room, at).await;
        assert_eq!(refused(&env, "dave-2", room, at).await, ErrorCode::RoomFull, "{pings}");
        leave(&env, &inside[2], room, at).await;
        enter(&env, "dave-3", room, at).await.unwrap();
        assert_eq!(refused(&env, "bob-2", room, at).await, ErrorCode::RoomFull);
        // Once everyone has had a lease's time to ping, only seats count.
        let later = NOON + LEASE_MS;
        let ada = env.connect("ada-3", later).await;
        join_by(&env.chat, &ada, room, None, later).await.unwrap();
        assert_eq!(people(&env, room, later).await.len(), 2);
        assert_eq!(seats(&env, room, later).await.len(), 2);
    }
}

#[tokio::test]
async fn of_two_people_who_come_while_others_are_inside_without_seats_one_gets_the_last() {
    let env = test_env().await;
    let room = &create(&env, json!({})).await;
    enter(&env, "ada-1", room, NOON).await.unwrap();
    enter(&env, "bob-1", room, NOON).await.unwrap();
    update(&env, room, json!({ "maxPeople": 3 }), NOON).await;
    let ids: Vec<_> = (0..8).map(|n| format!("user{n}-1")).collect();
    let joined = join_all(ids.iter().map(|id| enter(&env, id, room, NOON))).await;
    assert_eq!(joined.iter().filter(|joined| joined.is_ok()).count(), 1);
    for joined in joined {
        assert!(matches!(joined, Ok(_) | Err(ErrorCode::RoomFull)), "{:?}", joined.map(drop));
    }
}

#[tokio::test]
async fn names_that_look_alike_are_taken() {
    let env = test_env().await;
    let room = &create(&env, json!({ "uniqueNames": true })).await;
    let ada = enter_as(&env, "ada-1", "Alice", room, NOON).await.unwrap();
    for (n, name) in ["Alice", "ALICE", "alice", "AIice", "Аlice", "А1ICE", " Alice "].into_iter().enumerate() {
        let refused = enter_as(&env, &format!("bob-{n}"), name, room, NOON).await.map(drop).unwrap_err();
        assert_eq!(refused, ErrorCode::NameTaken, "{name}");
        assert_eq!((refused.retryable(), refused.status()), (false, 409));
    }
    let bob = enter_as(&env, "bob-9", "Alicia", room, NOON).await.unwrap();
    enter_as(&env, "ada-2", "ALICE", room, NOON).await.unwrap();
    // Whoever cannot have a new name keeps the old one.
    assert_eq!(join_by(&env.chat, &bob, room, Some("alice"), NOON).await, Err(ErrorCode::NameTaken));
    assert!(ping(&env, &bob, room, NOON).await);
    assert_eq!(enter_as(&env, "carol-1", "Alicia", room, NOON).await.map(drop), Err(ErrorCode::NameTaken));

    leave(&env, &ada, room, NOON).await;
    assert_eq!(enter_as(&env, "carol-2", "Alice", room, NOON).await.map(drop), Err(ErrorCode::NameTaken));
    env.chat.disconnect("ada-2", NOON).await.unwrap();
    enter_as(&env, "carol-3", "Alice", room, NOON).await.unwrap();
}

#[tokio::test]
async fn a_new_name_is_held_for_all_tabs_and_frees_the_old_one() {
    for tabs in [1, 2] {
        let env = test_env().await;
        let room = &create(&env, json!({ "uniqueNames": true })).await;
        let first = enter_as(&env, "ada-1", "Alice", room, NOON).await.unwrap();
        let second = env.connect("ada-2", NOON).await;
        if tabs == 2 {
            join_by(&env.chat, &second, room, Some("Alice"), NOON).await.unwrap();
        }
        join_by(&env.chat, &first, room, Some("Countess"), NOON).await.unwrap();
        enter_as(&env, "bob-1", "Alice", room, NOON).await.unwrap();
        let is_taken = async |id: &str, now| {
            enter_as(&env, id, "Countess", room, now).await.map(drop) == Err(ErrorCode::NameTaken)
        };
        assert!(is_taken("carol-1", NOON).await);
        if tabs == 2 {
            leave(&env, &first, room, NOON).await;
            assert!(is_taken("carol-2", NOON).await);
            for minute in [2, 4, 6] {
                assert!(ping(&env, &second, room, NOON + minute * MINUTE).await);
            }
            assert!(is_taken("carol-3", NOON + 6 * MINUTE).await);
            env.chat.disconnect("ada-2", NOON + 6 * MINUTE).await.unwrap();
        } else {
            env.chat.disconnect("ada-1", NOON).await.unwrap();
        }
        assert!(!is_taken("carol-4", NOON + 6 * MINUTE).await);
    }
}

#[tokio::test]
async fn people_whose_names_are_alike_when_names_become_unique_keep_them() {
    let env = test_env().await;
    let room = &create(&env, json!({})).await;
    let ada = enter_as(&env, "ada-1", "Alice", room, NOON).await.unwrap();
    let bob = enter_as(&env, "bob-1", "ALICE", room, NOON).await.unwrap();
    update(&env, room, json!({ "uniqueNames": true }), NOON).await;
    let is_taken =
        async |id: &str, now| enter_as(&env, id, "alice", room, now).await.map(drop) == Err(ErrorCode::NameTaken);
    assert!(is_taken("carol-1", NOON).await);
    for minute in [2, 4, 6, 8] {
        assert!(ping(&env, &ada, room, NOON + minute * MINUTE).await);
        assert!(ping(&env, &bob, room, NOON + minute * MINUTE).await);
        assert!(is_taken(&format!("carol-{minute}"), NOON + minute * MINUTE).await);
    }
    let later = NOON + 8 * MINUTE;
    // Only one of them holds the name; while the other is there, nobody else gets it.
    leave(&env, &ada, room, later).await;
    assert!(is_taken("carol-9", later).await);
    leave(&env, &bob, room, later).await;
    assert!(!is_taken("carol-10", later).await);
}

#[tokio::test]
async fn whoever_is_refused_keeps_nothing() {
    let env = test_env().await;
    let room = &create(&env, json!({ "maxPeople": 2, "uniqueNames": true })).await;
    enter_as(&env, "ada-1", "Alice", room, NOON).await.unwrap();
    assert_eq!(enter_as(&env, "bob-1", "Alice", room, NOON).await.map(drop), Err(ErrorCode::NameTaken));
    let carol = enter_as(&env, "carol-1", "Carol", room, NOON).await.unwrap();
    assert_eq!(enter_as(&env, "dave-1", "Dave", room, NOON).await.map(drop), Err(ErrorCode::RoomFull));
    leave(&env, &carol, room, NOON).await;
    let erin = enter_as(&env, "erin-1", "Dave", room, NOON).await.unwrap();
    // Nor does a connection that is unknown.
    let unknown = support::caller("x-1", "x", "X");
    leave(&env, &erin, room, NOON).await;
    assert_eq!(join_by(&env.chat, &unknown, room, None, NOON).await, Err(ErrorCode::ConnectionExpired));
    enter_as(&env, "dave-2", "X", room, NOON).await.map(drop).unwrap();
}

#[tokio::test]
async fn whoever_loses_a_claim_is_taken_out_of_the_room_and_may_join_again() {
    let env = test_env().await;
    let room = &create(&env, json!({ "maxPeople": 3, "uniqueNames": true })).await;
    let ada = enter(&env, "ada-1", room, NOON).await.unwrap();
    let bob = enter(&env, "bob-1", room, NOON).await.unwrap();
    let seat = seats(&env, room, NOON).await.into_iter().find(|seat| seat.user_id == "ada").unwrap();
    env.chat.members.evict(room, &seat).await.unwrap();
    env.gateway.take("bob-1");
    env.gateway.take("ada-1");
    env.chat.ping(&ada, frame(r#"{"action":"ping"}"#), NOON).await.unwrap();
    let told = env.gateway.take("ada-1");
    assert_eq!((&told[0]["type"], &told[0]["reason"]), (&json!("left"), &json!("leaseExpired")));
    assert_eq!(told[1]["rooms"], json!({}));
    assert_eq!(env.gateway.take("bob-1")[0]["event"], "left");
    assert_eq!(people(&env, room, NOON).await, BTreeSet::from(["bob".to_owned()]));
    join_by(&env.chat, &ada, room, None, NOON).await.unwrap();
    assert!(ping(&env, &ada, room, NOON).await);
    assert!(ping(&env, &bob, room, NOON).await);
    assert_eq!(seats(&env, room, NOON).await.len(), 2);
}

#[tokio::test]
async fn a_join_that_overlaps_a_new_rule_is_repeated() {
    let env = test_env().await;
    for rule in [json!({ "maxPeople": 2 }), json!({ "uniqueNames": true })] {
        let room = &create(&env, json!({})).await;
        let id = format!("{room}-1");
        let caller = env.connect(&id, NOON).await;
        let join = json!({ "action": "join", "room": room }).to_string();
        // Two rates and the room, then the connection's own row.
        let join = env.faulty.join(&caller, frame(&join), NOON);
        let (ended, _) = env.faults.during(4, Fault::Delay, join, async || update(&env, room, rule, NOON).await).await;
        let Ended::Finished(Err(error)) = ended else { unreachable!("{ended:?}") };
        assert_eq!(error.code(), ErrorCode::Unavailable);
        assert_eq!(people(&env, room, NOON).await, BTreeSet::new());
        join_by(&env.chat, &caller, room, None, NOON).await.unwrap();
    }
}

#[tokio::test]
async fn somebody_who_leaves_while_they_join_is_not_one_too_many_afterwards() {
    for (rules, name) in [(json!({ "maxPeople": 2 }), "carol"), (json!({ "uniqueNames": true }), "Ada")] {
        let mut was_refused = false;
        for n in 1.. {
            let env = test_env().await;
            let room = &create(&env, rules.clone()).await;
            enter(&env, "bob-1", room, NOON).await.unwrap();
            let ada = env.connect("ada-1", NOON).await;
            let meanwhile = async || {
                leave(&env, &ada, room, NOON).await;
                let _ = enter_as(&env, "carol-1", name, room, NOON).await;
            };
            let join = join_by(&env.faulty, &ada, room, None, NOON);
            let (ended, happened) = env.faults.during(n, Fault::Delay, join, meanwhile).await;
            let Ended::Finished(own) = ended else { unreachable!("{ended:?}") };
            was_refused |= own.is_err();
            let inside = people(&env, room, NOON).await;
            let is_carol_in = inside.contains("carol");
            assert!(inside.len() <= 2 && !(is_carol_in && inside.contains("ada")), "{rules}, call {n}: {inside:?}");
            if !happened {
                break;
            }
        }
        assert!(was_refused, "{rules}: no join came too late");
    }
}

#[tokio::test]
async fn a_closed_room_leaves_no_claims() {
    let env = test_env().await;
    let room = &create(&env, json!({ "maxPeople": 3, "uniqueNames": true })).await;
    enter(&env, "ada-1", room, NOON).await.unwrap();
    enter(&env, "bob-1", room, NOON).await.unwrap();
    env.chat.close_room(&person("owner"), room, Instant::now(), NOON).await.unwrap();
    let until = Instant::now() + std::time::Duration::from_secs(600);
    env.chat.sweeper().delete_rooms(until, NOON).await.unwrap();
    let members = &env.chat.members;
    let left = members.db.scan().table_name(&members.table).send().await.unwrap().items.unwrap_or_default();
    assert_eq!(left, []);
    assert!(env.chat.connections.connection("ada-1").await.unwrap().claims.is_empty());
}

/// What a person does in the room while each of its calls fails.
async fn every_call_fails(what: &str, run: impl AsyncFn(&Chat, &Caller, &str) -> Result<(), ErrorCode>) {
    for fault in [Fault::Outage, Fault::OutageAfter, Fault::Repeat, Fault::Stop] {
        for n in 1.. {
            let what = format!("{what}, {fault:?} at call {n}");
            let env = test_env().await;
            let room = &create(&env, json!({ "maxPeople": 3, "uniqueNames": true })).await;
            enter(&env, "bob-1", room, NOON).await.unwrap();
            let tab = enter_as(&env, "ada-1", "Ada", room, NOON).await.unwrap();
            let ada = if what.starts_with("joining") { env.connect("ada-2", NOON).await } else { tab };
            if what.starts_with("joining alone") {
                env.chat.disconnect("ada-1", NOON).await.unwrap();
            }
            let run = run(&env.faulty, &ada, room);
            let (ended, happened) = env.faults.during(n, fault, run, async || {}).await;
            if let Ended::Finished(Err(error)) = ended {
                assert_eq!(error, ErrorCode::Unavailable, "{what}");
            }
            // Others compete for what is left: at once, when nothing can be under way any more, and after a lease.
            for (at, others) in [(NOON, 1), (NOON + 10 * SECOND, 2), (NOON + 10 * SECOND + LEASE_MS, 3)] {
                for n in 0..others {
                    let joined = enter(&env, &format!("user{n}-{at}"), room, at).await.map(drop);
                    assert!(matches!(joined, Ok(()) | Err(ErrorCode::RoomFull)), "{what}: {joined:?}");
                    assert!(people(&env, room, at).await.len() <= 3, "{what}");
                }
                if at > NOON {
                    assert_eq!(people(&env, room, at).await.len(), 3, "{what}: a seat is lost");
                }
            }
            if !happened {
                break;
            }
        }
    }
}

mod every_call_fails_once {
    use super::*;

    #[tokio::test]
    async fn joining_alone() {
        every_call_fails("joining alone", async |chat, caller, room| join_by(chat, caller, room, None, NOON).await)
            .await;
    }

    #[tokio::test]
    async fn joining_as_another_tab_under_another_name() {
        let join = async |chat: &Chat, caller: &Caller, room: &str| join_by(chat, caller, room, Some("A."), NOON).await;
        every_call_fails("joining as another tab", join).await;
    }

    #[tokio::test]
    async fn leaving() {
        every_call_fails("leaving", async |chat, caller, room| {
            let leave = json!({ "action": "leave", "room": room });
            chat.leave(caller, frame(&leave.to_string()), NOON).await.map(drop).map_err(|error| error.code())
        })
        .await;
    }

    #[tokio::test]
    async fn disconnecting() {
        every_call_fails("disconnecting", async |chat, caller, _| {
            chat.disconnect(&caller.connection_id, NOON).await.map(drop).map_err(|error| error.code())
        })
        .await;
    }
}

#[tokio::test]
async fn of_100_people_who_compete_for_the_last_seats_while_functions_die_none_is_too_many() {
    for (capacity, faults) in [(2, vec![Fault::Stop]), (4, vec![Fault::Stop, Fault::Outage, Fault::OutageAfter])] {
        let env = &test_env().await;
        let room = &create(env, json!({ "maxPeople": capacity, "uniqueNames": true })).await;
        enter(env, "ada-1", room, NOON).await.unwrap();
        let compete = |n: usize| {
            let faults = &faults;
            async move {
                let (chat, injected) = env.another_faulty();
                let caller = env.connect(&format!("user{n}-1"), NOON).await;
                let (call, fault) = (n * 7 % 25 + 1, faults[n % faults.len()]);
                let join = join_by(&chat, &caller, room, None, NOON);
                let (ended, _) = injected.during(call, fault, join, async || {}).await;
                matches!(ended, Ended::Finished(Ok(())))
            }
        };
        let let_in = join_all((0..100).map(compete)).await.into_iter().filter(|let_in| *let_in).count();
        let inside = people(env, room, NOON).await.len();
        assert!(let_in <= inside && inside <= capacity, "{let_in} let in, {inside} inside, of {capacity}");
        // What the dead left blocks nothing once it is clear that they are dead, or at the latest after a lease.
        for at in [NOON + 10 * SECOND, NOON + 10 * SECOND + LEASE_MS] {
            let next: Vec<_> = (0..2 * capacity).map(|n| format!("next{n}-{at}")).collect();
            let mut next: Vec<_> = join_all(next.iter().map(|id| enter(env, id, room, at))).await;
            next.retain(|joined| !matches!(joined, Err(ErrorCode::RoomFull)));
            assert!(next.iter().all(Result::is_ok), "{next:?}");
            assert_eq!(people(env, room, at).await.len(), capacity);
        }
    }
}
