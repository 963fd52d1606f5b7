//! Accounts: each is one person from its first request on, and continues as a guest whole or not at all.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod support;

use parlor_chat::people::identity::IdentityKind::{GuestWithToken, SignedIn};
use parlor_chat::{Chat, ChatError};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::text::Handle;
use support::faults::{Ended, Fault};
use support::{HOUR, NOON, TestEnv, person, test_env};

const MONTH: u64 = 31 * 24 * HOUR;

async fn link(chat: &Chat, account: &str, guest: &str) -> Result<String, ErrorCode> {
    let linked = chat.link_guest(person(account), person(guest), NOON).await;
    linked.map(|me| me.user_id).map_err(|error| error.code())
}

async fn person_of(chat: &Chat, account: &str) -> Result<String, ChatError> {
    Ok(chat.person(person(account), SignedIn).await?.user_id)
}

async fn claim(chat: &Chat, user_id: &str, handle: &str) {
    let handle = Handle::try_from(handle.to_owned()).unwrap();
    chat.claim_handle(person(user_id), GuestWithToken, handle, NOON).await.unwrap();
}

async fn holder(env: &TestEnv, handle: &str, now: u64) -> Option<String> {
    let handle = Handle::try_from(handle.to_owned()).unwrap();
    env.chat.find_person(&handle, now).await.unwrap().map(|found| found.user_id)
}

#[tokio::test]
async fn an_account_that_was_somebody_stays_that_person_and_so_does_one_that_continues_as_a_guest() {
    let env = test_env().await;
    assert_eq!(person_of(&env.chat, "account").await.unwrap(), "account");
    assert_eq!(link(&env.chat, "account", "guest").await, Err(ErrorCode::AlreadyLinked));
    assert_eq!(person_of(&env.chat, "account").await.unwrap(), "account");

    assert_eq!(link(&env.chat, "new", "guest").await, Ok("guest".into()));
    assert_eq!(link(&env.chat, "new", "guest").await, Ok("guest".into()), "again");
    assert_eq!(person_of(&env.chat, "new").await.unwrap(), "guest");
    assert_eq!(link(&env.chat, "new", "another guest").await, Err(ErrorCode::AlreadyLinked));
    assert_eq!(link(&env.chat, "newer", "guest").await, Err(ErrorCode::AlreadyLinked), "the guest is taken");
    assert_eq!(person_of(&env.chat, "newer").await.unwrap(), "newer");
}

#[tokio::test]
async fn a_guest_is_who_their_token_says() {
    let env = test_env().await;
    assert_eq!(link(&env.chat, "account", "guest").await, Ok("guest".into()));
    for kind in [GuestWithToken, SignedIn] {
        assert_eq!(env.chat.person(person("guest"), kind).await.unwrap(), person("guest"));
    }
}

#[tokio::test]
async fn the_handle_of_a_guest_lasts_once_an_account_continues_as_them() {
    let env = test_env().await;
    claim(&env.chat, "guest", "ada").await;
    assert_eq!(holder(&env, "ada", NOON + MONTH).await, None);
    assert_eq!(link(&env.chat, "account", "guest").await, Ok("guest".into()));
    assert_eq!(holder(&env, "ada", NOON + MONTH).await.as_deref(), Some("guest"));
}

#[tokio::test]
async fn whatever_fails_an_account_is_itself_or_the_guest_and_a_retry_succeeds() {
    for fault in Fault::ALL {
        for n in 1.. {
            let what = format!("{fault:?} at call {n}");
            let env = test_env().await;
            claim(&env.chat, "guest", "ada").await;
            let (ended, happened) =
                env.faults.during(n, fault, link(&env.faulty, "account", "guest"), async || {}).await;
            if let Ended::Finished(Err(error)) = ended {
                assert_eq!(error, ErrorCode::Unavailable, "{what}");
            }
            assert_eq!(
                link(&env.chat, "other", "guest").await.is_ok(),
                person_of(&env.chat, "account").await.unwrap() != "guest",
                "{what}"
            );
            if person_of(&env.chat, "account").await.unwrap() == "guest" {
                assert_eq!(link(&env.chat, "account", "guest").await, Ok("guest".into()), "{what}, again");
                assert_eq!(holder(&env, "ada", NOON + MONTH).await.as_deref(), Some("guest"), "{what}");
            }
            if !happened {
                assert!(n > 1, "linking makes no call");
                break;
            }
        }
    }
}

/// At each call of linking, the account makes its first request or another account links the guest.
#[tokio::test]
async fn one_of_two_who_are_at_it_at_once_decides() {
    for n in 1.. {
        let env = test_env().await;
        let first = async || assert!(person_of(&env.chat, "account").await.is_ok());
        let (ended, happened) = env.faults.during(n, Fault::Delay, link(&env.faulty, "account", "guest"), first).await;
        let is = person_of(&env.chat, "account").await.unwrap();
        match ended {
            Ended::Finished(Ok(_)) => assert_eq!(is, "guest", "at call {n}"),
            other => {
                assert!(matches!(other, Ended::Finished(Err(ErrorCode::AlreadyLinked))), "{other:?} at call {n}");
                assert_eq!(is, "account", "at call {n}");
            }
        }
        let env = test_env().await;
        let other = async || drop(link(&env.chat, "other", "guest").await);
        let (ended, _) = env.faults.during(n, Fault::Delay, link(&env.faulty, "account", "guest"), other).await;
        let are = (person_of(&env.chat, "account").await.unwrap(), person_of(&env.chat, "other").await.unwrap());
        match ended {
            Ended::Finished(Ok(_)) => assert_eq!(are, ("guest".into(), "other".into()), "at call {n}"),
            _ => assert_eq!(are, ("account".into(), "guest".into()), "at call {n}"),
        }
        if !happened {
            break;
        }
    }
}
