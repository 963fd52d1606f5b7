//! Joins that overlap a new rule, a departure or the joins of many others.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use parlor_protocol::error::ErrorCode;
use serde_json::json;

use crate::support::faults::{Ended, Fault};
use crate::support::{NOON, SECOND, frame, test_env};
use crate::{LEASE_MS, create, enter, enter_as, join_by, leave, people, ping, refused, seats, update};

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

#[tokio::test]
async fn tabs_that_chose_different_seats_do_not_keep_others_out() {
    let mut had_two = false;
    for n in 1.. {
        let mut reached = false;
        for person in 0..3 {
            let env = test_env().await;
            let room = &create(&env, json!({ "maxPeople": 3 })).await;
            let ada = enter(&env, "ada-1", room, NOON).await.unwrap();
            enter(&env, "bob-1", room, NOON).await.unwrap();
            let first = env.connect(&format!("user{person}-1"), NOON).await;
            let second = env.connect(&format!("user{person}-2"), NOON).await;
            let meanwhile = async || {
                leave(&env, &ada, room, NOON).await;
                join_by(&env.chat, &second, room, None, NOON).await.unwrap();
            };
            let join = join_by(&env.faulty, &first, room, None, NOON);
            let (ended, happened) = env.faults.during(n, Fault::Delay, join, meanwhile).await;
            assert!(matches!(ended, Ended::Finished(Ok(()))), "{ended:?}");
            reached |= happened;
            had_two |= seats(&env, room, NOON).await.len() > 2;
            let at = NOON + 10 * SECOND;
            if happened {
                enter(&env, "carol-1", room, at).await.unwrap();
            }
            assert_eq!(refused(&env, "dave-1", room, at).await, ErrorCode::RoomFull);
            // A tab that lost its seat shares the other one when it joins again.
            for tab in [&first, &second] {
                if happened && !ping(&env, tab, room, at).await {
                    join_by(&env.chat, tab, room, None, at).await.unwrap();
                }
            }
            assert_eq!((people(&env, room, at).await.len(), seats(&env, room, at).await.len()), (3, 3));
        }
        if !reached {
            break;
        }
    }
    assert!(had_two, "nobody had two seats");
}
