//! Makes every call of holding, approving, rejecting and turning review on fail in every way, and everything else happen
//! meanwhile.

use parlor_protocol::log::NoticeKind;

use super::support::faults::{Ended, Fault};
use super::*;

/// The number of the notice that review is on, if there is one.
async fn notice(env: &TestEnv) -> Option<u64> {
    let log = env.log_rows("r").await;
    log.iter().find_map(|event| match event {
        LogEvent::Notice(notice) if notice.kind == NoticeKind::RulesChanged => Some(notice.seq),
        _ => None,
    })
}

fn on() -> Value {
    json!({ "action": "review", "on": true })
}

/// Checks that nothing that the list refuses has a number after the notice.
async fn check(env: &TestEnv, what: &str) {
    let notice = notice(env).await.expect("the notice is in the log");
    let after: Vec<_> = texts(env).await.into_iter().filter(|(seq, ..)| *seq > notice).collect();
    assert!(after.iter().all(|(.., text)| !text.contains("idiot")), "{what}: {after:?}");
    let changes = env.log_rows("r").await;
    let changed = changes.iter().any(|event| matches!(event, LogEvent::Change(change) if change.seq > notice));
    assert!(!changed, "{what}: an edit after the notice");
}

#[tokio::test]
async fn nothing_unreviewed_gets_a_number_after_the_notice_wherever_the_two_meet() {
    for is_edit in [false, true] {
        for is_guarded in [false, true] {
            let start = async || {
                let (env, _, bob) = room().await;
                say(&env.chat, &bob, "first", "Hello").await.unwrap();
                if is_guarded {
                    let mute = json!({ "action": "mute", "userId": "eve", "name": "Eve" });
                    act(&env.chat, "ada", mute, NOON).await.unwrap();
                }
                (env, bob)
            };
            let write = async |chat: &Chat, bob: &Caller| match is_edit {
                true => edit(chat, bob, 1, "m", "You idiot").await,
                false => say(chat, bob, "m", "You idiot").await,
            };
            for n in 1.. {
                let (env, bob) = start().await;
                let meanwhile = async || act(&env.chat, "ada", on(), NOON).await.unwrap();
                let (ended, happened) = env.faults.during(n, Fault::Delay, write(&env.faulty, &bob), meanwhile).await;
                if !happened {
                    break;
                }
                let Ended::Finished(ended) = ended else { panic!("call {n}: it did not end") };
                check(&env, &format!("call {n} of writing")).await;
                let stored = texts(&env).await.iter().any(|(.., text)| text.contains("idiot"));
                assert_eq!(ended.is_ok(), stored, "call {n}: acknowledged means stored");
            }
            for n in 1.. {
                let (env, bob) = start().await;
                let meanwhile = async || _ = write(&env.chat, &bob).await;
                let acted = act(&env.faulty, "ada", on(), NOON);
                let (acted, happened) = env.faults.during(n, Fault::Delay, acted, meanwhile).await;
                if !happened {
                    break;
                }
                assert!(matches!(acted, Ended::Finished(Ok(()))), "call {n} of turning it on");
                check(&env, &format!("call {n} of turning it on")).await;
            }
        }
    }
}

#[tokio::test]
async fn turning_review_on_can_be_repeated_wherever_it_fails_and_then_holds() {
    for fault in Fault::ALL {
        for n in 1.. {
            let (env, _, bob) = room().await;
            let acted = act(&env.faulty, "ada", on(), NOON);
            let (_, happened) = env.faults.during(n, fault, acted, async || {}).await;
            act(&env.chat, "ada", on(), NOON).await.unwrap();
            assert_eq!(
                say(&env.chat, &bob, "m", "You idiot").await,
                Err(ErrorCode::MessageRefused),
                "{fault:?} at {n}"
            );
            assert!(notice(&env).await.is_some());
            if !happened {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_message_is_held_once_wherever_sending_it_fails() {
    for fault in Fault::ALL {
        for n in 1.. {
            let (env, _, bob) = reviewed().await;
            let sent = say(&env.faulty, &bob, "m", "The lottery");
            let meanwhile = async || _ = say(&env.chat, &bob, "m", "The lottery").await;
            let (ended, happened) = env.faults.during(n, fault, sent, meanwhile).await;
            if let Ended::Finished(ended) = ended {
                assert!(matches!(ended, Err(ErrorCode::Held | ErrorCode::Unavailable)), "{fault:?} at {n}: {ended:?}");
            }
            assert_eq!(say(&env.chat, &bob, "m", "The lottery").await, Err(ErrorCode::Held), "{fault:?} at call {n}");
            assert_eq!((held(&env).await.len(), texts(&env).await.len()), (1, 0), "{fault:?} at call {n}");
            if !happened {
                break;
            }
        }
    }
}

#[tokio::test]
async fn what_is_approved_appears_exactly_once_wherever_approving_it_fails_or_meets_another_approval_or_a_retry() {
    for fault in Fault::ALL {
        for n in 1.. {
            let (env, _, bob) = reviewed().await;
            say(&env.chat, &bob, "m", "The lottery").await.unwrap_err();
            let waiting = held(&env).await.pop().unwrap();
            let approve = || decision("approveHeld", &waiting);
            let acted = act(&env.faulty, "ada", approve(), NOON);
            let meanwhile = async || {
                _ = say(&env.chat, &bob, "m", "The lottery").await;
                drop(act(&env.chat, "ada", approve(), NOON).await);
            };
            let (_, happened) = env.faults.during(n, fault, acted, meanwhile).await;
            act(&env.chat, "ada", approve(), NOON).await.unwrap();
            assert_eq!(say(&env.chat, &bob, "m", "The lottery").await, Ok(()), "{fault:?} at call {n}");
            let appeared: Vec<_> = texts(&env).await.into_iter().map(|(_, author, _)| author).collect();
            assert_eq!((appeared, held(&env).await), (vec!["bob".to_owned()], vec![]), "{fault:?} at call {n}");
            let approvals = audit(&env).await.into_iter().filter(|kind| *kind == AuditKind::HeldApproved).count();
            assert_eq!(approvals, 1, "{fault:?} at call {n}");
            if !happened {
                break;
            }
        }
    }
}

#[tokio::test]
async fn of_an_approval_and_a_rejection_or_a_ban_that_meet_one_wins() {
    for n in 1.. {
        let (env, _, bob) = reviewed().await;
        say(&env.chat, &bob, "m", "The lottery").await.unwrap_err();
        let waiting = held(&env).await.pop().unwrap();
        let meanwhile = async || drop(act(&env.chat, "ada", decision("rejectHeld", &waiting), NOON).await);
        let acted = act(&env.faulty, "ada", decision("approveHeld", &waiting), NOON);
        let (acted, happened) = env.faults.during(n, Fault::Delay, acted, meanwhile).await;
        if !happened {
            break;
        }
        let Ended::Finished(acted) = acted else { panic!("call {n}: it did not end") };
        let kinds = audit(&env).await;
        assert_eq!(acted.is_ok(), kinds.contains(&AuditKind::HeldApproved), "call {n}");
        assert_ne!(acted.is_ok(), kinds.contains(&AuditKind::HeldRejected), "call {n}");
        assert_eq!((texts(&env).await.len(), held(&env).await.len()), (usize::from(acted.is_ok()), 0), "call {n}");
    }
    for n in 1.. {
        let (env, _, bob) = reviewed().await;
        say(&env.chat, &bob, "m", "The lottery").await.unwrap_err();
        let waiting = held(&env).await.pop().unwrap();
        let ban = async || act(&env.chat, "ada", json!({ "action": "ban", "userId": "bob" }), NOON).await.unwrap();
        let acted = act(&env.faulty, "ada", decision("approveHeld", &waiting), NOON);
        let (_, happened) = env.faults.during(n, Fault::Delay, acted, ban).await;
        if !happened {
            break;
        }
        let log = env.log_rows("r").await;
        let banned = log.iter().find_map(|event| match event {
            LogEvent::Notice(notice) if notice.kind == NoticeKind::Banned => Some(notice.seq),
            _ => None,
        });
        let banned = banned.expect("the notice is in the log");
        assert!(texts(&env).await.iter().all(|(seq, ..)| *seq < banned), "call {n}: approved after the ban");
    }
}

#[tokio::test]
async fn a_rejection_that_fails_anywhere_can_be_repeated() {
    for fault in Fault::ALL {
        for n in 1.. {
            let (env, _, bob) = reviewed().await;
            say(&env.chat, &bob, "m", "The lottery").await.unwrap_err();
            let waiting = held(&env).await.pop().unwrap();
            let reject = || decision("rejectHeld", &waiting);
            let acted = act(&env.faulty, "ada", reject(), NOON);
            let (_, happened) = env.faults.during(n, fault, acted, async || {}).await;
            drop(act(&env.chat, "ada", reject(), NOON).await);
            assert_eq!((texts(&env).await, held(&env).await), (vec![], vec![]), "{fault:?} at call {n}");
            let rejections = audit(&env).await.into_iter().filter(|kind| *kind == AuditKind::HeldRejected).count();
            assert_eq!(rejections, 1, "{fault:?} at call {n}");
            if !happened {
                break;
            }
        }
    }
}
