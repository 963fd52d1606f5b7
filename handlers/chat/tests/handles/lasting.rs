//! How long a handle lasts.

use parlor_chat::Caller;
use parlor_chat::people::identity::IdentityKind::{GuestWithToken, SignedIn};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::GUEST_TOKEN_LIFETIME;

use crate::support::{HOUR, NOON, test_env};
use crate::{claim, handle_of, holder, register, rows, signed_in};

const TOKEN: Millis = GUEST_TOKEN_LIFETIME.as_millis() as Millis;

#[tokio::test]
async fn a_signed_in_person_keeps_a_handle_and_a_guest_with_a_token_renews_it() {
    let env = test_env().await;
    claim(&env.chat, "ada", SignedIn, "ada", NOON).await.unwrap();
    claim(&env.chat, "bob", GuestWithToken, "bob", NOON).await.unwrap();
    let renewed = NOON + TOKEN - HOUR;
    claim(&env.chat, "bob", GuestWithToken, "bob", renewed).await.unwrap();
    let last = renewed + TOKEN - 1;
    for handle in ["ada", "bob"] {
        assert_eq!(holder(&env, handle, last).await.as_deref(), Some(handle));
        assert_eq!(claim(&env.chat, "carol", SignedIn, handle, last).await, Err(ErrorCode::HandleTaken));
    }
    assert_eq!(holder(&env, "ada", last + 1).await.as_deref(), Some("ada"));
    assert_eq!(holder(&env, "bob", last + 1).await, None);
    assert_eq!(handle_of(&env, "bob", last + 1).await, None);

    claim(&env.chat, "carol", SignedIn, "bob", last + 1).await.unwrap();
    assert_eq!(claim(&env.chat, "bob", GuestWithToken, "bob", last + 1).await, Err(ErrorCode::HandleTaken));
    claim(&env.chat, "bob", GuestWithToken, "robert", last + 1).await.unwrap();
    env.chat.release_handle("bob", last + 1).await.unwrap();
    assert_eq!(holder(&env, "bob", last + 1).await.as_deref(), Some("carol"), "it is no longer theirs to release");
}

#[tokio::test]
async fn a_person_who_signs_in_keeps_for_good_what_a_lease_would_have_ended() {
    let env = test_env().await;
    claim(&env.chat, "ada", GuestWithToken, "ada", NOON).await.unwrap();
    claim(&env.chat, "ada", SignedIn, "ada", NOON + HOUR).await.unwrap();
    let later = NOON + 100 * TOKEN;
    assert_eq!(holder(&env, "ada", later).await.as_deref(), Some("ada"));
    assert_eq!(handle_of(&env, "ada", later).await.as_deref(), Some("ada"));
}

#[tokio::test]
async fn the_handle_of_a_guest_without_a_token_ends_with_the_connection() {
    let env = test_env().await;
    let ada = env.connect("ada-1", NOON).await;
    for handle in ["ada", "countess"] {
        register(&env.chat, &ada, handle, NOON).await.unwrap();
    }
    env.chat.disconnect("ada-1", NOON + HOUR).await.unwrap();
    assert_eq!(holder(&env, "countess", NOON + HOUR).await, None);
    assert_eq!(rows(&env, "after the connection").await, Default::default(), "nothing is left of the guest");
    assert_eq!(register(&env.chat, &ada, "ada", NOON + HOUR).await, Err(ErrorCode::ConnectionExpired));
}

#[tokio::test]
async fn without_a_disconnect_it_ends_three_hours_after_the_last_claim() {
    let env = test_env().await;
    let ada = env.connect("ada-1", NOON).await;
    for at in [NOON, NOON + HOUR] {
        register(&env.chat, &ada, "ada", at).await.unwrap();
    }
    let bob = env.connect("bob-1", NOON + 4 * HOUR).await;
    assert_eq!(register(&env.chat, &bob, "ada", NOON + 4 * HOUR - 1).await, Err(ErrorCode::HandleTaken));
    register(&env.chat, &bob, "ada", NOON + 4 * HOUR).await.unwrap();
    env.chat.disconnect("ada-1", NOON + 4 * HOUR).await.unwrap();
    assert_eq!(holder(&env, "ada", NOON + 4 * HOUR).await.as_deref(), Some("bob"), "a late event takes nothing away");
}

#[tokio::test]
async fn a_connection_of_a_person_with_a_token_ends_without_their_handle() {
    let env = test_env().await;
    let ada = signed_in(env.connect("ada-1", NOON).await);
    let bob = Caller { kind: Some(GuestWithToken), ..env.connect("bob-1", NOON).await };
    for caller in [&ada, &bob] {
        register(&env.chat, caller, &caller.user_id, NOON).await.unwrap();
        env.chat.disconnect(&caller.connection_id, NOON).await.unwrap();
        assert_eq!(holder(&env, &caller.user_id, NOON + 4 * HOUR).await.as_ref(), Some(&caller.user_id));
    }
}
