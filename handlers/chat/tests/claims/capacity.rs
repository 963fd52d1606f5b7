//! Seats: how many people a room holds, and when a seat is free again.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use parlor_chat::store::Taken;
use parlor_protocol::error::ErrorCode;
use serde_json::{Value, json};

use crate::support::{MINUTE, NOON, test_env};
use crate::{LEASE_MS, create, enter, enter_as, join_by, leave, people, ping, refused, seats, site, update};

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
    let described = env.chat.describe_room(&site(), room, None, None, NOON).await.unwrap();
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
