//! Makes every call of a job of a Lex bot fail in every way, and repeats the job. Everyone has one answer, and Lex gets the
//! message once, except if its answer was lost before it was stored.

use super::fake_lex::FakeLex;
use super::lex::{job, lex_over};
use super::support::connector;
use super::support::faults::{Ended, Fault};
use super::support::signature::SECRET;
use super::*;

/// How often Lex got the message, for each call at which the fault happened, and last, without a fault.
async fn heard(fault: Fault) -> Vec<usize> {
    let mut heard = Vec::new();
    for n in 1.. {
        let (times, happened) = heard_at(n, fault).await;
        heard.push(times);
        if !happened {
            break;
        }
    }
    heard
}

/// Returns how often Lex got the message, and whether the job made n calls.
async fn heard_at(n: usize, fault: Fault) -> (usize, bool) {
    let what = format!("{fault:?} at call {n}");
    let (env, ada, _, room) = room_with_bot().await;
    let fake = FakeLex::default();
    let url = fake.serve().await;
    mention(&env.chat, &ada, &room, "1", &[CONCIERGE]).await.unwrap();
    let [question] = env.gateway.take_questions().try_into().unwrap();
    let lex = lex_over(env.faults.connector(connector()), &url, SECRET);
    let (ended, happened) = env.faults.during(n, fault, job(&env.faulty, &lex, &question), async || {}).await;
    if let Ended::Finished(Err(error)) = &ended {
        assert_eq!(error.code(), ErrorCode::Unavailable, "{what}: {error}");
    }
    for _ in 0..2 {
        let again = job(&env.chat, &lex, &question).await;
        assert!(again.is_ok(), "{what}: {again:?}");
    }
    let (apologies, answers): (Vec<_>, Vec<_>) =
        said(&env, &room).await.into_iter().partition(|message| message.text.starts_with("Sorry"));
    assert_eq!(answers.len(), 1, "{what}: {answers:#?}");
    assert!(apologies.len() <= 1, "{what}: {apologies:#?}");
    let posted = env.gateway.take("ada-1");
    assert!(posted.iter().any(|frame| frame["seq"] == answers[0].seq), "{what}: nobody got the answer");
    (fake.take().len(), happened)
}

#[tokio::test]
async fn lex_gets_a_message_again_only_if_the_job_dies_or_fails_between_its_answer_and_the_transaction() {
    // Calls 1 and 2 read the message and whether it was answered; 3 is to Lex; 4 draws a number, and 5 stores the answer.
    let mut all = Vec::new();
    for fault in Fault::ALL {
        let heard = heard(fault).await;
        assert!(heard.len() > 6, "{fault:?}: {heard:?}");
        let (until_stored, later) = heard.split_at(5);
        assert!(later.iter().all(|times| *times == 1), "{fault:?}: {heard:?}");
        all.push((fault, until_stored.to_vec()));
    }
    assert_eq!(
        all,
        [
            (Fault::Outage, vec![1, 1, 1, 2, 2]),
            (Fault::OutageAfter, vec![1, 1, 2, 2, 1]),
            (Fault::Repeat, vec![1, 1, 2, 1, 1]),
            (Fault::Throttle, vec![1, 1, 1, 2, 2]),
            (Fault::Stop, vec![1, 1, 2, 2, 1]),
            (Fault::Delay, vec![1, 1, 1, 1, 1]),
        ]
    );
}
