//! People, and connections of one person, that claim at the same time.

use futures_util::future::join_all;
use parlor_chat::people::identity::IdentityKind::SignedIn;
use parlor_protocol::error::ErrorCode;

use crate::support::faults::{Ended, Fault};
use crate::support::{NOON, test_env};
use crate::{claim, handle_of, holder, register, rows};

#[tokio::test]
async fn of_many_who_claim_one_handle_exactly_one_gets_it() {
    let env = test_env().await;
    let people: Vec<_> = (0..8).map(|n| format!("user{n}")).collect();
    let spellings = ["alice", "Alice", "AIice", "аlice"];
    let claims = people.iter().zip(spellings.iter().cycle());
    let claims = claims.map(|(user_id, handle)| claim(&env.chat, user_id, SignedIn, handle, NOON));
    let claimed = join_all(claims).await;
    assert_eq!(claimed.iter().filter(|claim| claim.is_ok()).count(), 1, "{claimed:?}");
    assert!(claimed.iter().all(|claim| matches!(claim, Ok(()) | Err(ErrorCode::HandleTaken))), "{claimed:?}");
    let winner = claimed.iter().position(Result::is_ok).unwrap();
    assert_eq!(holder(&env, "alice", NOON).await.as_ref(), people.get(winner));
    assert_eq!(rows(&env, "after a race").await.0.len(), 1);
}

#[tokio::test]
async fn a_person_who_claims_several_handles_at_once_ends_up_with_one() {
    let env = test_env().await;
    for _ in 0..5 {
        let handles = ["ada", "countess", "lovelace"];
        let claimed = join_all(handles.map(|handle| claim(&env.chat, "ada", SignedIn, handle, NOON))).await;
        assert!(claimed.iter().any(Result::is_ok), "{claimed:?}");
        let (handles, people) = rows(&env, "after a race with oneself").await;
        assert_eq!((handles.len(), people.len()), (1, 1));
    }
}

#[tokio::test]
async fn of_two_who_swap_handles_nobody_loses_one_without_another() {
    let env = test_env().await;
    claim(&env.chat, "ada", SignedIn, "ada", NOON).await.unwrap();
    claim(&env.chat, "bob", SignedIn, "bob", NOON).await.unwrap();
    let (ada, bob) =
        tokio::join!(claim(&env.chat, "ada", SignedIn, "bob", NOON), claim(&env.chat, "bob", SignedIn, "ada", NOON));
    assert_eq!((ada, bob), (Err(ErrorCode::HandleTaken), Err(ErrorCode::HandleTaken)));
    assert_eq!(rows(&env, "after a swap").await.0.len(), 2);
}

#[tokio::test]
async fn a_claim_that_overlaps_another_of_its_person_or_the_end_of_the_connection_leaves_nothing_behind() {
    let env = test_env().await;
    // The first call counts the frame for its connection and person, the next reads the person.
    for n in 1.. {
        let ada = env.connect("ada-1", NOON).await;
        let overlap = async || env.chat.disconnect("ada-1", NOON).await.map(drop).unwrap();
        let claim = register(&env.faulty, &ada, "ada", NOON);
        let (ended, happened) = env.faults.during(n, Fault::Delay, claim, overlap).await;
        let (handles, _) = rows(&env, "after a connection that ended").await;
        match ended {
            Ended::Finished(Err(ErrorCode::ConnectionExpired)) => assert_eq!(handles.len(), 0),
            // It ended after the claim, which only its answer followed.
            other => assert!(matches!(other, Ended::Finished(Ok(()))), "{other:?} at call {n}"),
        }
        env.chat.disconnect("ada-1", NOON).await.unwrap();
        assert_eq!(holder(&env, "ada", NOON).await, None);
        if !happened {
            break;
        }
    }
    for n in 1.. {
        claim(&env.chat, "ada", SignedIn, "ada", NOON).await.unwrap();
        let overlap = async || claim(&env.chat, "ada", SignedIn, "countess", NOON).await.unwrap();
        let late = claim(&env.faulty, "ada", SignedIn, "lovelace", NOON);
        let (_, happened) = env.faults.during(n, Fault::Delay, late, overlap).await;
        assert_eq!(rows(&env, "after an overlap").await.0.len(), 1);
        assert_eq!(handle_of(&env, "ada", NOON).await.as_deref(), Some("lovelace"));
        if !happened {
            break;
        }
    }
}
