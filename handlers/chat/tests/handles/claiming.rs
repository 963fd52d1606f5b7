//! Claiming, changing, releasing and finding a handle.

use parlor_chat::people::identity::IdentityKind::SignedIn;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::person::Profile;
use serde_json::json;

use crate::support::{NOON, SECOND, caller, test_env};
use crate::{claim, handle_of, holder, register, rows, valid};

#[tokio::test]
async fn a_registered_handle_is_confirmed_and_leads_to_its_person() {
    let env = test_env().await;
    let ada = env.connect("ada-1", NOON).await;
    register(&env.chat, &ada, "@Ada.L", NOON).await.unwrap();
    let answer = json!({ "type": "registered", "userId": "ada", "name": "ada", "handle": "Ada.L", "id": "1" });
    assert_eq!(env.gateway.take("ada-1"), [answer]);
    for given in ["Ada.L", "@ada.l", "ADA.L"] {
        let found = env.chat.find_person(&valid(given), NOON).await.unwrap();
        let ada = Profile { user_id: "ada".into(), name: "ada".into(), handle: "Ada.L".into() };
        assert_eq!(found, Some(ada), "{given}");
    }
    assert_eq!(holder(&env, "ada-l", NOON).await, None);
    assert_eq!(handle_of(&env, "ada", NOON).await.as_deref(), Some("Ada.L"));
    assert_eq!(handle_of(&env, "bob", NOON).await, None);
}

#[tokio::test]
async fn what_looks_like_a_taken_handle_is_taken() {
    let env = test_env().await;
    claim(&env.chat, "ada", SignedIn, "alice", NOON).await.unwrap();
    let bob = env.connect("bob-1", NOON).await;
    for alike in ["alice", "ALICE", "AIice", "al1ce", "аlice", "@Alice"] {
        assert_eq!(register(&env.chat, &bob, alike, NOON).await, Err(ErrorCode::HandleTaken), "{alike}");
        assert_eq!(claim(&env.chat, "bob", SignedIn, alike, NOON).await, Err(ErrorCode::HandleTaken), "{alike}");
    }
    assert_eq!(handle_of(&env, "bob", NOON).await, None);
    claim(&env.chat, "ada", SignedIn, "AIice", NOON).await.unwrap();
    assert_eq!(handle_of(&env, "ada", NOON).await.as_deref(), Some("AIice"), "its person may write it in another way");
    rows(&env, "after another way of writing").await;
}

#[tokio::test]
async fn claiming_another_handle_frees_the_last_one_and_repeating_a_claim_changes_nothing() {
    let env = test_env().await;
    for handle in ["ada", "countess", "countess", "Countess"] {
        claim(&env.chat, "ada", SignedIn, handle, NOON).await.unwrap();
    }
    let (handles, people) = rows(&env, "after a change").await;
    assert_eq!((handles.len(), people.len()), (1, 1));
    assert_eq!(holder(&env, "ada", NOON).await, None);
    assert_eq!(holder(&env, "countess", NOON).await.as_deref(), Some("ada"));
    claim(&env.chat, "bob", SignedIn, "ada", NOON).await.unwrap();
    assert_eq!(claim(&env.chat, "ada", SignedIn, "ada", NOON).await, Err(ErrorCode::HandleTaken));
    assert_eq!(handle_of(&env, "ada", NOON).await.as_deref(), Some("Countess"), "a refused claim changes nothing");
}

#[tokio::test]
async fn a_released_handle_is_free_and_releasing_again_changes_nothing() {
    let env = test_env().await;
    env.chat.release_handle("ada", NOON).await.unwrap();
    claim(&env.chat, "ada", SignedIn, "ada", NOON).await.unwrap();
    for _ in 0..2 {
        env.chat.release_handle("ada", NOON + SECOND).await.unwrap();
        assert_eq!(holder(&env, "ada", NOON).await, None);
        assert_eq!(handle_of(&env, "ada", NOON).await, None);
    }
    claim(&env.chat, "bob", SignedIn, "ada", NOON).await.unwrap();
    env.chat.release_handle("ada", NOON + SECOND).await.unwrap();
    assert_eq!(holder(&env, "ada", NOON).await.as_deref(), Some("bob"), "nobody releases another person's handle");
}

#[tokio::test]
async fn a_guest_whose_connection_is_no_longer_known_claims_nothing() {
    let env = test_env().await;
    let ghost = caller("ghost-1", "ghost", "Ghost");
    assert_eq!(register(&env.chat, &ghost, "ghost", NOON).await, Err(ErrorCode::ConnectionExpired));
    assert_eq!(holder(&env, "ghost", NOON).await, None);
    assert_eq!(rows(&env, "after a refusal").await, Default::default());
}
