//! Makes every call of a job of a Bedrock bot fail in every way, and repeats the job. Everyone has one answer, and no budget
//! counts less than Bedrock billed, unless a response was lost.

use super::budgets::spent;
use super::*;
use crate::support::faults::{Ended, Fault};

/// A reservation: more than what the fake bills for an answer, and less than two of this question's.
const RESERVED: std::ops::RangeInclusive<u64> = 1_000..=1_200;

/// Returns what remains reserved after the fault at the n-th call and two repetitions, how much Bedrock billed, and whether
/// the job made n calls.
async fn after(n: usize, fault: Fault) -> ([u64; 3], u64, bool) {
    let what = format!("{fault:?} at call {n}");
    let study = study().await;
    let url = study.fake.serve().await;
    let faulty = bedrock_over(study.env.faults.connector(connector()), &url, SECRET);
    let question = study.ask(&study.ada, "1", "@Concierge, tea?").await;
    let attempt = job(&study.env.faulty, &faulty, &question, LATER);
    let (ended, happened) = study.env.faults.during(n, fault, attempt, async || {}).await;
    if let Ended::Finished(Err(error)) = &ended {
        assert_eq!(error.code(), ErrorCode::Unavailable, "{what}: {error}");
    }
    for _ in 0..2 {
        let again = study.job(&question).await;
        assert!(again.is_ok(), "{what}: {again:?}");
    }
    let (apologies, answers): (Vec<_>, Vec<_>) =
        study.said().await.into_iter().partition(|message| message.text.starts_with("Sorry"));
    assert_eq!(answers.len(), 1, "{what}: {answers:#?}");
    assert!(apologies.len() <= 1, "{what}: {apologies:#?}");
    let posted = study.env.gateway.take("ada-1");
    let at = posted.iter().position(|frame| frame["seq"] == answers[0].seq && frame["type"] == "message");
    assert!(at.is_some(), "{what}: nobody got the answer");
    let of_room = format!("room#{}", study.room);
    let mut all = [0; 3];
    for (spent_of, scope) in all.iter_mut().zip(["person#ada", &of_room, "stage"]) {
        *spent_of = spent(&study.env, scope).await.unwrap();
    }
    (all, study.fake.billed(), happened)
}

#[tokio::test]
async fn everyone_has_one_answer_and_what_was_billed_is_counted() {
    for fault in Fault::ALL {
        for n in 1.. {
            let (counted, billed, happened) = after(n, fault).await;
            let what = format!("{fault:?} at call {n}: counted {counted:?}, billed {billed}");
            for counted in counted {
                // What an attempt reserved and did not settle stays.
                assert!(counted >= billed || billed - counted <= *RESERVED.end(), "{what}");
                assert!(counted <= billed + RESERVED.end(), "{what}");
            }
            if !happened {
                assert_eq!(counted, [billed; 3], "{what}");
                assert!(n > 12, "{fault:?}: {n} calls");
                break;
            }
        }
    }
}
