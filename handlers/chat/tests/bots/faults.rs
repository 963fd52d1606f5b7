//! Makes every call of answering fail in every way. However often the job is repeated, everyone has one answer.

use parlor_protocol::limits::VOID_AFTER;

use super::support::faults::{Ended, Fault};
use super::*;

/// When numbers that were left open can be voided.
const SETTLED: Millis = LATER + 2 * VOID_AFTER.as_millis() as Millis;

async fn every_call_fails(in_room: bool) {
    for fault in Fault::ALL {
        let mut n = 1;
        while fails(in_room, n, fault).await {
            n += 1;
        }
        assert!(n > 3, "{fault:?}: {n} calls");
    }
}

/// Returns whether answering made n calls, so that this fault happened.
async fn fails(in_room: bool, n: usize, fault: Fault) -> bool {
    let what = format!("{fault:?} at call {n}");
    let (env, asking, room) = if in_room {
        let (env, ada, _, room) = room_with_bot().await;
        mention(&env.chat, &ada, &room, "1", &[CONCIERGE]).await.unwrap();
        (env, ada, room)
    } else {
        let env = test_env().await;
        let (bob, room) = direct_with_bot(&env).await;
        env.send(&bob, &room, "1", LATER).await.unwrap();
        (env, bob, room)
    };
    let [question] = env.gateway.take_questions().try_into().unwrap();
    let meanwhile = async || {
        env.send(&asking, &room, "meanwhile", SETTLED).await.unwrap();
    };
    let (ended, happened) = env.faults.during(n, fault, answer(&env.faulty, &question), meanwhile).await;
    if let Ended::Finished(Err(error)) = &ended {
        assert_eq!(error.code(), ErrorCode::Unavailable, "{what}: {error}");
    }
    // Lambda may repeat a job even if it succeeded.
    for _ in 0..2 {
        let again = answer(&env.chat, &question).await;
        assert!(again.is_ok(), "{what}: {again:?}");
    }
    let answers = said(&env, &room).await;
    assert_eq!(answers.len(), 1, "{what}: {answers:#?}");
    let posted = env.gateway.take(&asking.connection_id);
    assert!(posted.iter().any(|frame| frame["seq"] == answers[0].seq), "{what}: nobody got the answer");
    happened
}

#[tokio::test]
async fn answering_in_a_room() {
    every_call_fails(true).await;
}

#[tokio::test]
async fn answering_in_a_direct_conversation() {
    every_call_fails(false).await;
}

#[tokio::test]
async fn sending_to_a_bot_asks_it_or_fails() {
    for fault in [Fault::Outage, Fault::OutageAfter, Fault::Repeat, Fault::Throttle, Fault::Stop] {
        for n in 1.. {
            let (env, ada, _, room) = room_with_bot().await;
            let sending = mention(&env.faulty, &ada, &room, "1", &[CONCIERGE]);
            let (ended, happened) = env.faults.during(n, fault, sending, async || {}).await;
            let is_acknowledged = env.gateway.take_types("ada-1").contains(&"ack".to_owned());
            let asked = env.gateway.take_questions().len();
            let unasked = matches!(&ended, Ended::Finished(Ok(counts)) if counts.unasked == 1);
            // Without an `ack`, the client sends again.
            assert!(asked >= 1 || !is_acknowledged || unasked || matches!(ended, Ended::Stopped), "{fault:?} at {n}");
            if !happened {
                break;
            }
        }
    }
}
