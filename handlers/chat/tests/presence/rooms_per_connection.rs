//! How many rooms a connection can be in, and which of them count.

use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::ROOMS_PER_CONNECTION;
use tokio::time::Instant;

use crate::support::faults::Fault;
use crate::support::{MINUTE, NOON, SECOND, TestEnv, frame, person, test_env};
use crate::{here, pinged};

/// Returns the rooms listed in a connection's row.
async fn rooms_of_connection(env: &TestEnv, connection_id: &str) -> Vec<String> {
    env.chat.connections.connection(connection_id).await.unwrap().rooms.into_iter().collect()
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
