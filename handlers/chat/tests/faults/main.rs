//! Makes every call of every operation fail in every way, one at a time. Whatever happens, a client that retries gets its
//! result exactly once, others are not affected, and the tables recover without intervention.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod checks;
mod operations;
mod outcome;

use std::cell::RefCell;
use std::pin::Pin;

use parlor_chat::store::{Appended, Gate, LogKey};
use parlor_chat::{Caller, Chat, ChatError};
use parlor_protocol::client::Frame;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::{LEASE, VOID_AFTER};
use parlor_protocol::reports::ReportReason;
use parlor_protocol::{Millis, Seq};
use serde_json::{Value, json};

use self::checks::{
    Seen, check_log, each_message_is_in_the_log_once, everyone_gets_each_number, messages_reflect_their_changes,
    others_are_not_affected,
};
use self::outcome::{After, after};
use self::support::faults::{Ended, Fault};
use self::support::{HOUR, MINUTE, NOON, SECOND, TestEnv, frame, test_env};

/// When the operation runs: numbers drawn at noon can be voided by then, and all leases but Dave's still count.
const START: Millis = NOON + 40 * SECOND;
/// Longer than an empty number stays open.
const OPEN: Millis = VOID_AFTER.as_millis() as Millis + SECOND;
/// When everything is settled, including numbers of the operation that are dated by what others did meanwhile.
const LATER: Millis = START + 2 * OPEN;

/// Numbers drawn before the operation.
const BEFORE: Seq = 3;

/// An operation that Ada runs once.
struct Operation {
    name: &'static str,
    run: Run,
    retry: Retry,
    /// Whether the room ends in the expected state.
    is_done: fn(&After) -> bool,
}

type Run = for<'a> fn(&'a Chat, &'a Caller, Millis) -> Pin<Box<dyn Future<Output = Result<(), ChatError>> + 'a>>;

/// How a client that got no answer retries.
#[derive(Clone, Copy, PartialEq)]
enum Retry {
    /// Over another connection, if no frame of this type was posted.
    Reconnect(&'static str),
    /// With another request, if this one had no response.
    Request,
    /// Not at all: leases end.
    Never,
}

fn of<F: Frame>(json: Value) -> F {
    frame(&json.to_string())
}

/// Returns a room with messages of Ada and Bob. A send died after it drew number 3, Carol's connection is gone unannounced,
/// Dave's lease has ended, Erin's posts are throttled, and Bob's message is reported.
async fn set_up() -> (TestEnv, Caller, Caller) {
    let mut env = test_env().await;
    env.extend_post_timeout();
    env.room("r", Visibility::Public, NOON - HOUR).await;
    let enter = async |connection_id: &str, now: Millis| {
        let caller = env.connect(connection_id, now).await;
        env.enter(&caller, &caller.name, "r", now).await.unwrap();
        caller
    };
    enter("dave-1", NOON - 5 * MINUTE + SECOND).await;
    let ada = enter("ada-1", NOON).await;
    let bob = enter("bob-1", NOON).await;
    enter("carol-1", NOON).await;
    enter("erin-1", NOON).await;
    for (seq, by) in [(1, &ada), (2, &bob)] {
        env.chat.rooms.next_seq("r", Gate::Unchecked, NOON).await.unwrap();
        assert_eq!(env.append("r", seq, by, "first", NOON).await, Appended::Stored);
    }
    env.chat.rooms.next_seq("r", Gate::Unchecked, NOON).await.unwrap();
    let reported = LogKey { room_id: "r", epoch: "e1", seq: 2 };
    env.chat.members.report(reported, "dave", ReportReason::Spam, false, NOON).await.unwrap();
    env.gateway.end("carol-1");
    env.gateway.throttle("erin-1");
    (env, ada, bob)
}

async fn every_call_fails(operation: Operation) {
    for fault in Fault::ALL {
        let mut n = 1;
        while fails(&operation, n, fault).await {
            n += 1;
        }
        assert!(n > 1, "{} makes no call", operation.name);
    }
}

/// Returns whether the operation made n calls, so that this fault happened.
async fn fails(operation: &Operation, n: usize, fault: Fault) -> bool {
    let (env, ada, bob) = set_up().await;
    let what = format!("{}: {fault:?} at call {n}", operation.name);
    let seen = RefCell::new(Seen::new());
    check_log(&env, &seen, NOON, &what).await;
    let meanwhile = async || {
        let later = START + OPEN;
        check_log(&env, &seen, later, &what).await;
        // The room may be closed by now, so any of these may be refused.
        let _ = env.send(&bob, "r", "meanwhile", later).await;
        for seq in [1, 2] {
            let react = json!({ "action": "react", "room": "r", "seq": seq, "id": format!("m{seq}"), "emoji": "🎉", "on": true });
            let _ = env.chat.react(&bob, of(react), later).await;
        }
        check_log(&env, &seen, later, &what).await;
    };
    let (ended, happened) = env.faults.during(n, fault, (operation.run)(&env.faulty, &ada, START), meanwhile).await;
    if let Ended::Finished(Err(error)) = &ended {
        assert_eq!(error.code(), ErrorCode::Unavailable, "{what}: {error}");
    }

    if let (Fault::Repeat | Fault::Delay, Ended::Finished(Ok(()))) = (fault, &ended)
        && let Ok(room) = env.chat.rooms.open("r", START).await
    {
        everyone_gets_each_number(&env, &room, &what).await;
    }
    let later = LATER;
    let is_answered = match operation.retry {
        Retry::Reconnect(answer) => env.gateway.take_types("ada-1").iter().any(|frame| frame == answer),
        Retry::Request | Retry::Never => matches!(ended, Ended::Finished(Ok(()))),
    };
    if !is_answered && operation.retry != Retry::Never {
        let mut caller = ada.clone();
        if let Retry::Reconnect(_) = operation.retry {
            caller = env.joined("ada-2", "r", later).await;
        }
        let again = (operation.run)(&env.chat, &caller, later).await;
        assert!(again.is_ok(), "{what}, again: {again:?}");
    }

    others_are_not_affected(&env, &bob, later, &what).await;
    let end = if operation.retry == Retry::Never { START + LEASE.as_millis() as Millis } else { later };
    let after = after(&env, end).await;
    assert!((operation.is_done)(&after), "{what}, answered: {is_answered}: {:#?}", after.events);
    check_log(&env, &seen, later + OPEN, &what).await;
    each_message_is_in_the_log_once(&after, &what);
    messages_reflect_their_changes(&after, &what);
    happened
}
