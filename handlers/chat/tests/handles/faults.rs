//! Every call of a claim, a release and a departure fails once, in every way: each handle is the one of its person, a retry
//! succeeds, and others can have what is free.

use parlor_chat::people::identity::IdentityKind::{GuestWithToken, SignedIn};
use parlor_chat::{Caller, Chat};
use parlor_protocol::error::ErrorCode;

use crate::support::faults::{Ended, Fault};
use crate::support::{HOUR, NOON, SECOND, TestEnv, test_env};
use crate::{claim, handle_of, holder, register, rows};

/// What Ada does, who has the handle `ada`, and which handle she then has.
async fn every_call_fails(
    what: &str,
    expected: Option<&str>,
    set_up: impl AsyncFn(&TestEnv, &Caller),
    run: impl AsyncFn(&Chat, &Caller) -> Result<(), ErrorCode>,
) {
    for fault in Fault::ALL {
        for n in 1.. {
            let what = format!("{what}: {fault:?} at call {n}");
            let env = test_env().await;
            let ada = env.connect("ada-1", NOON).await;
            set_up(&env, &ada).await;
            let meanwhile = async || {
                // Others want both handles: they get what is free, or learn that it is taken.
                for (user_id, handle) in [("bob", "ada"), ("bob", "carla")] {
                    let taken = claim(&env.chat, user_id, SignedIn, handle, NOON + SECOND).await;
                    assert!(matches!(taken, Ok(()) | Err(ErrorCode::HandleTaken)), "{what}: {taken:?}");
                }
                rows(&env, &what).await;
            };
            let (ended, happened) = env.faults.during(n, fault, run(&env.faulty, &ada), meanwhile).await;
            if let Ended::Finished(Err(error)) = ended {
                assert_eq!(error, ErrorCode::Unavailable, "{what}");
            }
            rows(&env, &what).await;
            if !matches!(ended, Ended::Finished(Ok(()))) {
                assert_eq!(run(&env.chat, &ada).await, Ok(()), "{what}, again");
            }
            let (handles, _) = rows(&env, &what).await;
            let own = handles.into_iter().find(|(_, user_id)| user_id == "ada").map(|(key, _)| key);
            assert_eq!(own.as_deref(), expected, "{what}");
            assert_eq!(handle_of(&env, "ada", NOON).await.as_deref(), expected, "{what}");
            if expected != Some("ada") {
                let free = holder(&env, "ada", NOON).await.is_none_or(|user_id| user_id == "bob");
                assert!(free, "{what}: the former handle is lost");
                claim(&env.chat, "bob", SignedIn, "ada", NOON).await.unwrap();
            }
            if !happened {
                assert!(n > 1, "{what} makes no call");
                break;
            }
        }
    }
}

mod every_call_fails_once {
    use super::*;

    #[tokio::test]
    async fn registering_the_first_handle() {
        let run = async |chat: &Chat, caller: &Caller| register(chat, caller, "lovelace", NOON).await;
        every_call_fails("registering", Some("lovelace"), async |_, _| {}, run).await;
    }

    #[tokio::test]
    async fn registering_another_handle() {
        let set_up = async |env: &TestEnv, ada: &Caller| register(&env.chat, ada, "ada", NOON).await.unwrap();
        let run = async |chat: &Chat, caller: &Caller| register(chat, caller, "lovelace", NOON).await;
        every_call_fails("registering another", Some("lovelace"), set_up, run).await;
    }

    #[tokio::test]
    async fn claiming_the_same_handle_again() {
        let claim_it = async |chat: &Chat, _: &Caller| claim(chat, "ada", GuestWithToken, "ada", NOON).await;
        let set_up = async |env: &TestEnv, ada: &Caller| claim_it(&env.chat, ada).await.unwrap();
        every_call_fails("renewing", Some("ada"), set_up, claim_it).await;
    }

    #[tokio::test]
    async fn claiming_another_handle_after_the_last_one_ended() {
        let set_up = async |env: &TestEnv, _: &Caller| {
            let before = NOON - 31 * 24 * HOUR;
            claim(&env.chat, "ada", GuestWithToken, "ada", before).await.unwrap();
            claim(&env.chat, "bob", SignedIn, "ada", NOON).await.unwrap();
        };
        let run = async |chat: &Chat, _: &Caller| claim(chat, "ada", GuestWithToken, "lovelace", NOON).await;
        every_call_fails("claiming after the end", Some("lovelace"), set_up, run).await;
    }

    #[tokio::test]
    async fn releasing() {
        let set_up = async |env: &TestEnv, _: &Caller| claim(&env.chat, "ada", SignedIn, "ada", NOON).await.unwrap();
        let run = async |chat: &Chat, _: &Caller| chat.release_handle("ada", NOON).await.map_err(|error| error.code());
        every_call_fails("releasing", None, set_up, run).await;
    }
}

#[tokio::test]
async fn a_guest_whose_disconnect_fails_has_a_handle_that_ends_by_itself() {
    for fault in Fault::ALL {
        for n in 1.. {
            let what = format!("{fault:?} at call {n}");
            let env = test_env().await;
            let ada = env.connect("ada-1", NOON).await;
            register(&env.chat, &ada, "ada", NOON).await.unwrap();
            let run = env.faulty.disconnect("ada-1", NOON);
            let (ended, happened) = env.faults.during(n, fault, run, async || {}).await;
            // A repeated deletion of the connection's row does not return what the first one deleted.
            if matches!(ended, Ended::Finished(Ok(_))) && !(fault == Fault::Repeat && n == 1) {
                assert_eq!(holder(&env, "ada", NOON).await, None, "{what}");
            }
            claim(&env.chat, "bob", SignedIn, "ada", NOON + 3 * HOUR).await.unwrap();
            if !happened {
                break;
            }
        }
    }
}
