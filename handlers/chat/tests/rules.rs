//! What an owner decides about a room: its end, its password, and whether it outlasts their absence.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod support;

use parlor_chat::log::history::PageRange;
use parlor_chat::{Caller, ChatError};
use parlor_protocol::Millis;
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::RoomInfo;
use parlor_protocol::limits::{LEASE, PASS_LIFETIME};
use serde_json::{Value, json};
use support::faults::{Ended, Fault};
use support::{HOUR, MINUTE, NOON, SECOND, TestEnv, frame, person, site, test_env};

const LEASE_MS: Millis = LEASE.as_millis() as Millis;

async fn update(env: &TestEnv, room: &RoomInfo, body: Value, now: Millis) -> Result<RoomInfo, ChatError> {
    let body = parse_body(&body.to_string()).unwrap();
    env.chat.update_room(&site(), &person("ada"), &room.room_id, &body, now).await
}

async fn pass(env: &TestEnv, room: &RoomInfo, password: &str, now: Millis) -> Result<String, ErrorCode> {
    let body = parse_body(&json!({ "password": password }).to_string()).unwrap();
    let pass = env.chat.create_pass("192.0.2.1", &room.room_id, &body, now).await;
    pass.map(|pass| pass.pass).map_err(|error| error.code())
}

async fn join(
    env: &TestEnv,
    caller: &Caller,
    room: &RoomInfo,
    pass: Option<&str>,
    now: Millis,
) -> Result<(), ErrorCode> {
    let join = match pass {
        Some(pass) => json!({ "action": "join", "room": room.room_id, "pass": pass }),
        None => json!({ "action": "join", "room": room.room_id }),
    };
    env.chat.join(caller, frame(&join.to_string()), now).await.map(drop).map_err(|error| error.code())
}

#[tokio::test]
async fn a_room_states_its_rules_wherever_it_is_described() {
    let env = test_env().await;
    let room = env
        .create(
            "ada",
            json!({
                "name": "Tea", "visibility": "public", "expiresInSeconds": 600, "maxPeople": 20, "uniqueNames": true,
                "endsWithoutOwnerAfterSeconds": 60,
            }),
        )
        .await;
    assert_eq!(room.rules.ends_at, Some(NOON + 600 * SECOND));
    assert_eq!(room.rules.max_people.map(u32::from), Some(20));
    assert!(room.rules.unique_names && !room.rules.password_required && !room.is_full);
    assert_eq!(room.rules.ends_without_owner_after_seconds.map(u32::from), Some(60));
    let ada = env.connect("ada-1", NOON).await;
    join(&env, &ada, &room, None, NOON).await.unwrap();
    let joined = env.gateway.take("ada-1").remove(0);
    assert_eq!(
        (&joined["endsAt"], &joined["maxPeople"], &joined["at"]),
        (&json!(NOON + 600 * SECOND), &json!(20), &json!(NOON))
    );
    let listed = env.chat.list_rooms(&site(), None, None, NOON).await.unwrap().rows();
    assert_eq!(listed, [(room.rules.clone(), None)]);
    let described = env.chat.describe_room(&site(), &room.room_id, None, None, NOON).await.unwrap();
    assert_eq!((described.rules, described.names), (room.rules, Some(vec!["ada".to_owned()])));
}

trait Rows {
    fn rows(self) -> Vec<(parlor_protocol::rules::RoomRules, Option<Vec<String>>)>;
}

impl Rows for parlor_protocol::http::RoomList {
    fn rows(self) -> Vec<(parlor_protocol::rules::RoomRules, Option<Vec<String>>)> {
        self.rooms.into_iter().map(|room| (room.rules, room.names)).collect()
    }
}

#[tokio::test]
async fn a_room_without_an_owner_cannot_depend_on_one() {
    let env = test_env().await;
    let body = parse_body(r#"{"name":"Nobody's","endsWithoutOwnerAfterSeconds":60}"#).unwrap();
    let refused = env.chat.create_room(&site(), body, None, NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InvalidField);
}

#[tokio::test]
async fn the_owner_changes_rules_one_by_one_and_a_notice_states_them_all() {
    let env = test_env().await;
    let room = env.create("ada", json!({ "name": "Tea" })).await;
    let bob = env.connect("bob-1", NOON).await;
    join(&env, &bob, &room, None, NOON).await.unwrap();
    env.gateway.take("bob-1");
    let at = NOON + MINUTE;
    let changed = update(&env, &room, json!({ "expiresInSeconds": 60, "maxPeople": 5 }), at).await.unwrap();
    assert_eq!(changed.rules.ends_at, Some(at + MINUTE));
    let notice = env.gateway.take("bob-1").remove(0);
    assert_eq!((&notice["kind"], &notice["name"]), (&json!("rulesChanged"), &json!("Tea")));
    assert_eq!(
        notice["rules"],
        json!({ "endsAt": at + MINUTE, "maxPeople": 5, "passwordRequired": false, "uniqueNames": false })
    );
    let changed = update(&env, &room, json!({ "name": "Green tea", "expiresInSeconds": null }), at).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.rules.ends_at), ("Green tea", None));
    assert_eq!(changed.rules.max_people.map(u32::from), Some(5), "what is not given stays");
    let notice = env.gateway.take("bob-1").remove(0);
    assert_eq!((&notice["kind"], &notice["name"]), (&json!("rulesChanged"), &json!("Green tea")));
    for same in [json!({ "maxPeople": 5 }), json!({ "uniqueNames": false }), json!({ "expiresInSeconds": null })] {
        update(&env, &room, same.clone(), at).await.unwrap();
        assert_eq!(env.gateway.take("bob-1"), Vec::<Value>::new(), "{same} changes nothing");
    }
    assert_eq!(update(&env, &room, json!({}), at).await.unwrap_err().code(), ErrorCode::InvalidField);
}

#[tokio::test]
async fn without_a_pass_nobody_joins_or_reads_a_room_with_a_password() {
    let env = test_env().await;
    let room = env.create("ada", json!({ "name": "Tea", "password": "earl grey" })).await;
    let other = env.create("ada", json!({ "name": "Coffee", "password": "earl grey" })).await;
    assert!(room.rules.password_required);
    let bob = env.connect("bob-1", NOON).await;
    let of_other = pass(&env, &other, "earl grey", NOON).await.unwrap();
    let cut = &of_other[..of_other.len() - 1];
    for wrong in [None, Some(of_other.as_str()), Some(cut), Some("x"), Some("earl grey")] {
        assert_eq!(join(&env, &bob, &room, wrong, NOON).await, Err(ErrorCode::PassRequired), "{wrong:?}");
        let page = env.chat.list_messages(&room.room_id, PageRange::Newest, 10, wrong, None, NOON).await;
        assert_eq!(page.unwrap_err().code(), ErrorCode::PassRequired, "{wrong:?}");
        let described = env.chat.describe_room(&site(), &room.room_id, wrong, None, NOON).await;
        match wrong {
            None => assert_eq!(described.unwrap().names, None),
            Some(_) => assert_eq!(described.unwrap_err().code(), ErrorCode::PassRequired, "{wrong:?}"),
        }
    }
    assert_eq!(pass(&env, &room, "lady grey", NOON).await, Err(ErrorCode::WrongPassword));
    let right = pass(&env, &room, "earl grey", NOON).await.unwrap();
    join(&env, &bob, &room, Some(&right), NOON).await.unwrap();
    env.chat.list_messages(&room.room_id, PageRange::Newest, 10, Some(&right), None, NOON).await.unwrap();
    let described = env.chat.describe_room(&site(), &room.room_id, Some(&right), None, NOON).await.unwrap();
    assert_eq!(described.names, Some(vec!["bob".to_owned()]));
}

#[tokio::test]
async fn a_pass_expires() {
    let env = test_env().await;
    let room = env.create("ada", json!({ "name": "Tea", "password": "earl grey" })).await;
    let end = NOON + PASS_LIFETIME.as_millis() as Millis;
    let pass = pass(&env, &room, "earl grey", NOON).await.unwrap();
    let row = env.chat.rooms.open(&room.room_id, NOON).await.unwrap();
    assert!(parlor_chat::rooms::pass::check(&row, Some(&pass), end - SECOND).is_ok());
    assert!(parlor_chat::rooms::pass::check(&row, Some(&pass), end).is_err());
}

#[tokio::test]
async fn a_new_password_keeps_those_inside_and_requires_it_of_those_who_come_back() {
    let env = test_env().await;
    let room = env.create("ada", json!({ "name": "Tea", "password": "earl grey" })).await;
    let bob = env.connect("bob-1", NOON).await;
    let old = pass(&env, &room, "earl grey", NOON).await.unwrap();
    join(&env, &bob, &room, Some(&old), NOON).await.unwrap();
    env.gateway.take("bob-1");

    update(&env, &room, json!({ "password": "darjeeling" }), NOON).await.unwrap();
    let notice = env.gateway.take("bob-1").remove(0);
    assert!(!notice.to_string().contains("darjeeling") && !notice.to_string().contains("passKey"), "{notice}");
    env.send(&bob, &room.room_id, "m1", NOON).await.unwrap();
    // A clear, for example, makes those inside join again.
    join(&env, &bob, &room, Some(&old), NOON).await.unwrap();
    let leave = frame(&json!({ "action": "leave", "room": room.room_id }).to_string());
    env.chat.leave(&bob, leave, NOON).await.unwrap();
    assert_eq!(join(&env, &bob, &room, Some(&old), NOON).await, Err(ErrorCode::PassRequired));
    assert_eq!(pass(&env, &room, "earl grey", NOON).await, Err(ErrorCode::WrongPassword));
    let new = pass(&env, &room, "darjeeling", NOON).await.unwrap();
    join(&env, &bob, &room, Some(&new), NOON).await.unwrap();

    update(&env, &room, json!({ "password": null }), NOON).await.unwrap();
    join(&env, &bob, &room, None, NOON).await.unwrap();
    assert_eq!(pass(&env, &room, "darjeeling", NOON).await, Err(ErrorCode::InvalidField));
    assert_eq!(env.chat.members.password(&room.room_id).await.unwrap(), None);
}

#[tokio::test]
async fn a_join_is_refused_without_a_trace_if_its_pass_becomes_invalid_at_that_moment() {
    let mut was_refused = false;
    for n in 1.. {
        let env = test_env().await;
        let room = env.create("ada", json!({ "name": "Tea", "password": "earl grey" })).await;
        let pass = pass(&env, &room, "earl grey", NOON).await.unwrap();
        let (bob, carol) = (env.connect("bob-1", NOON).await, env.connect("carol-1", NOON).await);
        join(&env, &carol, &room, Some(&pass), NOON).await.unwrap();
        env.gateway.take("carol-1");
        let join = json!({ "action": "join", "room": room.room_id, "pass": pass }).to_string();
        let join = env.faulty.join(&bob, frame(&join), NOON);
        let change = async || drop(update(&env, &room, json!({ "password": "darjeeling" }), NOON).await.unwrap());
        let (ended, happened) = env.faults.during(n, Fault::Delay, join, change).await;
        if !happened {
            break;
        }
        let Ended::Finished(joined) = ended else { unreachable!("call {n}") };
        was_refused |= joined.is_err();
        let is_inside = env.chat.connections.occupant("bob-1", &room.room_id, NOON).await.is_ok();
        let was_told = env.gateway.take("carol-1").iter().any(|frame| frame["type"] == "presence");
        assert_eq!((is_inside, was_told), (joined.is_ok(), joined.is_ok()), "call {n}");
    }
    assert!(was_refused);
}

#[tokio::test]
async fn attempts_at_a_password_are_limited_by_address_and_by_room() {
    let env = test_env().await;
    let room = env.create("ada", json!({ "name": "Tea", "password": "earl grey" })).await;
    let body = |text: &str| parse_body(&json!({ "password": text }).to_string()).unwrap();
    let attempt = async |address: &str, text: &str| {
        env.chat.create_pass(address, &room.room_id, &body(text), NOON).await.map(drop).map_err(|error| error.code())
    };
    for _ in 0..5 {
        assert_eq!(attempt("192.0.2.1", "lady grey").await, Err(ErrorCode::WrongPassword));
    }
    assert_eq!(attempt("192.0.2.1", "earl grey").await, Err(ErrorCode::RateLimited), "even the right one");
    assert_eq!(attempt("192.0.2.2", "earl grey").await, Ok(()), "another address is not affected");
    let refused_at = async || {
        for n in 0..200 {
            if attempt(&format!("198.51.100.{n}"), "earl grey").await == Err(ErrorCode::RateLimited) {
                return n;
            }
        }
        200
    };
    assert_eq!(refused_at().await, 120 - 6, "of one room, from all addresses");
}

#[tokio::test]
async fn a_room_outlasts_its_owners_absence_as_long_as_it_says() {
    let env = test_env().await;
    let room = env.create("ada", json!({ "name": "Tea", "endsWithoutOwnerAfterSeconds": 60 })).await;
    let until = async || env.chat.rooms.find(&room.room_id).await.unwrap().unwrap().owner_until.unwrap();
    assert_eq!(until().await, NOON + LEASE_MS + MINUTE, "the owner has a lease's time to come");
    let (tab, ada) = (env.connect("ada-2", NOON).await, env.connect("ada-1", NOON).await);
    let joined_at = NOON + MINUTE;
    join(&env, &ada, &room, None, joined_at).await.unwrap();
    assert_eq!(until().await, joined_at + LEASE_MS + MINUTE);
    let pinged_at = NOON + 4 * MINUTE;
    env.chat.ping(&ada, frame(r#"{"action":"ping"}"#), pinged_at).await.unwrap();
    assert_eq!(until().await, pinged_at + LEASE_MS + MINUTE);
    // Others do not move it, and what arrives late does not bring it forward.
    let bob = env.connect("bob-1", NOON).await;
    join(&env, &bob, &room, None, pinged_at + MINUTE).await.unwrap();
    env.chat.rooms.renew_owner(&room.room_id, pinged_at, pinged_at - MINUTE).await.unwrap();
    assert_eq!(until().await, pinged_at + LEASE_MS + MINUTE);
    // With another tab, leaving changes nothing.
    join(&env, &tab, &room, None, pinged_at).await.unwrap();
    let leave = frame(&json!({ "action": "leave", "room": room.room_id }).to_string());
    env.chat.leave(&ada, leave, pinged_at + SECOND).await.unwrap();
    assert_eq!(until().await, pinged_at + LEASE_MS + MINUTE);
    env.chat.disconnect("ada-2", pinged_at + 2 * SECOND).await.unwrap();
    let ends = pinged_at + 2 * SECOND + MINUTE;
    assert_eq!(until().await, ends);
    assert!(env.send(&bob, &room.room_id, "m1", ends - 1).await.is_ok());
    assert_eq!(env.send(&bob, &room.room_id, "m2", ends).await.unwrap_err().code(), ErrorCode::RoomClosed);
    // Coming back too late does not open it again.
    let late = env.connect("ada-3", ends).await;
    assert_eq!(join(&env, &late, &room, None, ends).await, Err(ErrorCode::RoomClosed));
    assert_eq!(until().await, ends);
}

#[tokio::test]
async fn an_owner_who_comes_back_in_time_keeps_the_room() {
    let env = test_env().await;
    let room = env.create("ada", json!({ "name": "Tea", "endsWithoutOwnerAfterSeconds": 60 })).await;
    let ada = env.connect("ada-1", NOON).await;
    join(&env, &ada, &room, None, NOON).await.unwrap();
    env.chat.disconnect("ada-1", NOON + SECOND).await.unwrap();
    let again = env.connect("ada-2", NOON + 30 * SECOND).await;
    join(&env, &again, &room, None, NOON + 30 * SECOND).await.unwrap();
    let row = env.chat.rooms.open(&room.room_id, NOON + 2 * MINUTE).await.unwrap();
    assert_eq!(row.owner_until, Some(NOON + 30 * SECOND + LEASE_MS + MINUTE));
    let changed = update(&env, &room, json!({ "endsWithoutOwnerAfterSeconds": null }), NOON + MINUTE).await.unwrap();
    assert_eq!(changed.rules.ends_without_owner_after_seconds, None);
    assert!(env.chat.rooms.open(&room.room_id, NOON + HOUR).await.is_ok());
}
