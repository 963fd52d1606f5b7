//! Unique names: which are taken, and who keeps one.

use parlor_protocol::error::ErrorCode;
use serde_json::json;

use crate::support::{MINUTE, NOON, test_env};
use crate::{create, enter_as, join_by, leave, ping, update};

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
