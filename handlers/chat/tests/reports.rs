//! Reports: who makes them about what, what moderators see, and how they resolve them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a failed test may panic")]

mod support;

use parlor_chat::store::{Gate, LogKey};
use parlor_chat::{Caller, Chat, ChatError};
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::{REPORTED_MESSAGES, REPORTERS, REPORTS};
use parlor_protocol::log::{LogEvent, NoticeKind};
use parlor_protocol::moderation::AuditKind;
use parlor_protocol::reports::{Report, ReportReason};
use serde_json::{Value, json};

use support::faults::{Ended, Fault};
use support::{MINUTE, NOON, SECOND, TestEnv, frame, person, test_env};

/// A room of Ada's with a message of Bob's at 1.
async fn room() -> (TestEnv, Caller) {
    let env = test_env().await;
    env.room("r", Visibility::Public, NOON).await;
    env.joined("ada-1", "r", NOON).await;
    let bob = env.joined("bob-1", "r", NOON).await;
    env.send(&bob, "r", "first", NOON).await.unwrap();
    env.gateway.take("ada-1");
    env.gateway.take("bob-1");
    (env, bob)
}

async fn epoch(env: &TestEnv) -> String {
    env.chat.rooms.open("r", NOON).await.unwrap().epoch
}

async fn report(env: &TestEnv, by: &str, seq: u64, reason: &str, now: u64) -> Result<(), ErrorCode> {
    let body = json!({ "epoch": epoch(env).await, "seq": seq, "reason": reason });
    let body = parse_body(&body.to_string()).unwrap();
    env.chat.report(&person(by), "r", &body, None, now).await.map_err(|error| error.code())
}

async fn act(chat: &Chat, by: &str, request: Value, now: u64) -> Result<(), ChatError> {
    chat.moderate(&person(by), "r", &parse_body(&request.to_string()).unwrap(), now).await
}

async fn reports(env: &TestEnv) -> Vec<Report> {
    env.chat.reports(&person("ada"), "r", None, NOON).await.unwrap().reports
}

async fn audit(env: &TestEnv) -> Vec<(AuditKind, Option<String>)> {
    let state = env.chat.moderation(&person("ada"), "r", None, NOON).await.unwrap();
    state.audit.into_iter().map(|entry| (entry.kind, entry.person.map(|person| person.user_id))).collect()
}

async fn delete(env: &TestEnv, by: &Caller, seq: u64) {
    let delete = json!({ "action": "delete", "room": "r", "seq": seq, "id": format!("delete{seq}") });
    env.chat.delete(by, frame(&delete.to_string()), NOON).await.unwrap();
}

#[tokio::test]
async fn a_person_reports_a_message_once_and_moderators_see_how_often_and_why_but_not_by_whom() {
    let (env, bob) = room().await;
    env.send(&bob, "r", "second", NOON).await.unwrap();
    for (by, seq, reason, at) in [
        ("cem", 1, "spam", NOON),
        ("cem", 1, "hate", NOON + SECOND),
        ("dia", 1, "other", NOON + 2 * SECOND),
        ("eve", 1, "spam", NOON + 3 * SECOND),
        ("ada", 2, "violence", NOON),
    ] {
        assert_eq!(report(&env, by, seq, reason, at).await, Ok(()));
    }
    let listed = reports(&env).await;
    assert_eq!(listed.iter().map(|report| report.message.seq).collect::<Vec<_>>(), [2, 1], "the newest message first");
    let first = serde_json::to_value(&listed[1]).unwrap();
    assert_eq!((&first["message"]["text"], &first["message"]["from"]["userId"]), (&json!("said first"), &json!("bob")));
    assert_eq!((&first["count"], &first["reasons"]), (&json!(3), &json!({ "spam": 2, "other": 1 })));
    assert_eq!((&first["firstAt"], &first["lastAt"]), (&json!(NOON), &json!(NOON + 3 * SECOND)));
    for reporter in ["cem", "dia", "eve"] {
        assert!(!first.to_string().contains(reporter), "{first}");
    }
    let refused = env.chat.reports(&person("bob"), "r", None, NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Forbidden);
    assert_eq!(
        env.gateway.take_types("bob-1").iter().filter(|name| *name == "notice").count(),
        0,
        "the room hears nothing"
    );
}

#[tokio::test]
async fn only_messages_of_others_that_exist_in_the_present_log_can_be_reported() {
    let (env, bob) = room().await;
    act(&env.chat, "ada", json!({ "action": "lock", "on": false }), NOON).await.unwrap();
    env.send(&bob, "r", "third", NOON).await.unwrap();
    delete(&env, &bob, 3).await;
    for (seq, code) in [
        (0, ErrorCode::MessageNotFound),
        (2, ErrorCode::MessageNotFound),
        (3, ErrorCode::MessageDeleted),
        (4, ErrorCode::MessageNotFound),
        (99, ErrorCode::MessageNotFound),
        (u64::MAX, ErrorCode::MessageNotFound),
    ] {
        assert_eq!(report(&env, "cem", seq, "spam", NOON).await, Err(code), "{seq}");
    }
    assert_eq!(report(&env, "bob", 1, "spam", NOON).await, Err(ErrorCode::Forbidden), "their own");
    for epoch in ["", "another", &"e".repeat(16_000)] {
        let body = parse_body(&json!({ "epoch": epoch, "seq": 1, "reason": "spam" }).to_string()).unwrap();
        let refused = env.chat.report(&person("cem"), "r", &body, None, NOON).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::MessageNotFound);
    }
    assert_eq!(reports(&env).await.len(), 0);
    assert!(parse_body::<parlor_protocol::reports::NewReport>(r#"{"epoch":"e1","seq":1,"reason":"dull"}"#).is_err());
}

#[tokio::test]
async fn whoever_may_not_read_a_room_or_finds_nobody_who_moderates_it_reports_nothing() {
    let (env, _) = room().await;
    act(&env.chat, "ada", json!({ "action": "ban", "userId": "cem", "name": "Cem" }), NOON).await.unwrap();
    assert_eq!(report(&env, "cem", 1, "spam", NOON).await, Err(ErrorCode::Banned));
    assert_eq!(report(&env, "dia", 1, "spam", NOON).await, Ok(()));
    let update = parse_body(r#"{"password":"earl grey"}"#).unwrap();
    env.chat.update_room(&support::site(), &person("ada"), "r", &update, NOON).await.unwrap();
    assert_eq!(report(&env, "eve", 1, "spam", NOON).await, Err(ErrorCode::PassRequired));

    let free =
        env.chat.create_room(&support::site(), parse_body(r#"{"name":"Free"}"#).unwrap(), None, NOON).await.unwrap();
    let body = parse_body(r#"{"epoch":"e1","seq":1,"reason":"spam"}"#).unwrap();
    let refused = env.chat.report(&person("cem"), &free.room_id, &body, None, NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Forbidden);
    for room_id in ["nowhere", "c-0000000000000000"] {
        let refused = env.chat.report(&person("cem"), room_id, &body, None, NOON).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::RoomNotFound);
    }
}

#[tokio::test]
async fn one_step_does_what_moderators_decide_and_resolves_the_report() {
    let (env, bob) = room().await;
    for id in ["2", "3", "4"] {
        env.send(&bob, "r", id, NOON).await.unwrap();
    }
    let epoch = epoch(&env).await;
    let at = |seq: u64| json!({ "epoch": epoch, "seq": seq });
    for seq in 1..=4 {
        report(&env, "cem", seq, "spam", NOON).await.unwrap();
    }
    for (by, request) in [
        ("cem", json!({ "action": "dismissReport", "report": at(1) })),
        ("bob", json!({ "action": "deleteReported", "report": at(1) })),
    ] {
        assert_eq!(act(&env.chat, by, request, NOON).await.unwrap_err().code(), ErrorCode::Forbidden);
    }
    for epoch in ["another", &"e".repeat(16_000)] {
        for action in ["deleteReported", "dismissReport", "mute", "ban"] {
            let mut request = json!({ "action": action, "report": { "epoch": epoch, "seq": 1 } });
            if !action.contains("Report") {
                request["userId"] = "bob".into();
            }
            assert_eq!(act(&env.chat, "ada", request, NOON).await.unwrap_err().code(), ErrorCode::MessageNotFound);
        }
    }
    assert_eq!(reports(&env).await.len(), 4, "what is refused resolves nothing");

    let open = async || reports(&env).await.iter().map(|report| report.message.seq).collect::<Vec<_>>();
    act(&env.chat, "ada", json!({ "action": "dismissReport", "report": at(1) }), NOON).await.unwrap();
    assert_eq!(open().await, [4, 3, 2]);
    assert_eq!(env.gateway.take_types("bob-1").iter().filter(|name| *name == "notice").count(), 0);
    act(&env.chat, "ada", json!({ "action": "deleteReported", "report": at(2) }), NOON + 1).await.unwrap();
    assert_eq!(open().await, [4, 3]);
    let change = env.gateway.take("bob-1").pop().unwrap();
    assert_eq!(
        (&change["type"], &change["kind"], &change["by"]["userId"]),
        (&json!("change"), &json!("deleted"), &json!("ada"))
    );
    act(&env.chat, "ada", json!({ "action": "mute", "userId": "bob", "report": at(3) }), NOON + 2).await.unwrap();
    assert_eq!(open().await, [4]);
    assert_eq!(env.send(&bob, "r", "5", NOON).await.unwrap_err().code(), ErrorCode::Muted);
    act(&env.chat, "ada", json!({ "action": "ban", "userId": "bob", "report": at(4) }), NOON + 3).await.unwrap();
    assert_eq!(open().await, [0; 0]);
    let bob = || Some("bob".to_owned());
    let kinds = [AuditKind::Banned, AuditKind::Muted, AuditKind::ReportedDeleted, AuditKind::ReportDismissed];
    assert_eq!(audit(&env).await, kinds.map(|kind| (kind, bob())));
    assert_eq!(report(&env, "cem", 1, "spam", NOON).await, Ok(()), "what was dismissed can be reported again");
}

#[tokio::test]
async fn a_message_that_was_deleted_otherwise_is_listed_without_its_text_and_can_only_be_dismissed() {
    let (env, bob) = room().await;
    report(&env, "cem", 1, "spam", NOON).await.unwrap();
    delete(&env, &bob, 1).await;
    let listed = reports(&env).await;
    assert_eq!((listed[0].message.text.as_str(), listed[0].message.deleted_at), ("", Some(NOON)));
    let events = env.log_rows("r").await.len();
    let resolve = json!({ "action": "dismissReport", "report": { "epoch": epoch(&env).await, "seq": 1 } });
    act(&env.chat, "ada", resolve, NOON).await.unwrap();
    assert_eq!(reports(&env).await.len(), 0);
    assert_eq!(env.log_rows("r").await.len(), events);
}

#[tokio::test]
async fn the_reports_of_a_log_that_was_cleared_are_gone() {
    let (env, bob) = room().await;
    report(&env, "cem", 1, "spam", NOON).await.unwrap();
    env.chat.clear_room(&person("ada"), "r", None, tokio::time::Instant::now(), NOON).await.unwrap();
    assert_eq!(reports(&env).await.len(), 0);
    env.send(&bob, "r", "new", NOON + SECOND).await.unwrap();
    assert_eq!(report(&env, "cem", 2, "spam", NOON + SECOND).await, Ok(()));
    assert_eq!(reports(&env).await.len(), 1);
}

#[tokio::test]
async fn reports_are_counted_up_to_a_limit_and_listed_in_pages_and_each_counts_as_five_requests() {
    let (env, bob) = room().await;
    for n in 0..=REPORTERS {
        assert_eq!(report(&env, &format!("person{n}"), 1, "spam", NOON).await, Ok(()));
    }
    let listed = reports(&env).await;
    assert_eq!((listed[0].count, listed[0].reasons.spam), (100, Some(100)));

    let key = epoch(&env).await;
    let messages = u64::try_from(REPORTED_MESSAGES).unwrap();
    for n in 1..messages {
        env.chat.rooms.next_seq("r", Gate::Unchecked, NOON).await.unwrap();
        env.append("r", n + 1, &bob, &format!("m{n}"), NOON).await;
        let at = LogKey { room_id: "r", epoch: &key, seq: n + 1 };
        assert!(env.chat.members.report(at, "cem", ReportReason::Hate, false, NOON).await.unwrap());
    }
    let later = NOON + MINUTE;
    env.send(&bob, "r", "last", later).await.unwrap();
    assert_eq!(report(&env, "dia", messages + 1, "spam", later).await, Err(ErrorCode::TooManyReports));
    assert_eq!(report(&env, "dia", messages, "spam", later).await, Ok(()), "it has reports already");

    let mut cursor = None;
    let mut seqs = Vec::new();
    loop {
        let page = env.chat.reports(&person("ada"), "r", cursor, later).await.unwrap();
        assert!(page.reports.len() <= REPORTS as usize);
        seqs.extend(page.reports.iter().map(|report| report.message.seq));
        let Some(next) = page.cursor else { break };
        cursor = Some(next.parse().unwrap());
    }
    assert_eq!(seqs, (1..=messages).rev().collect::<Vec<_>>());

    for _ in 0..12 {
        report(&env, "eve", 1, "spam", later).await.unwrap();
    }
    assert_eq!(report(&env, "eve", 1, "spam", later).await, Err(ErrorCode::RateLimited));
    assert_eq!(report(&env, "eve", 1, "spam", later + MINUTE).await, Ok(()));
}

/// Whatever fails, a second attempt leaves the message deleted once and no report.
#[tokio::test]
async fn resolving_a_report_that_was_interrupted_is_completed_by_the_next_attempt() {
    for fault in Fault::ALL {
        for n in 1.. {
            let (env, _) = room().await;
            report(&env, "cem", 1, "spam", NOON).await.unwrap();
            let resolve = json!({ "action": "deleteReported", "report": { "epoch": epoch(&env).await, "seq": 1 } });
            let acted = act(&env.faulty, "ada", resolve.clone(), NOON + MINUTE);
            let meanwhile = async || _ = report(&env, "dia", 1, "hate", NOON + MINUTE).await;
            let (ended, happened) = env.faults.during(n, fault, acted, meanwhile).await;
            if !happened {
                break;
            }
            if !matches!(ended, Ended::Finished(Ok(()))) {
                act(&env.chat, "ada", resolve.clone(), NOON + 2 * MINUTE).await.unwrap();
            }
            let deletions = env.log_rows("r").await.into_iter().filter(|event| matches!(event, LogEvent::Change(_)));
            assert_eq!(deletions.count(), 1, "{fault:?} at call {n}");
            assert_eq!(reports(&env).await.len(), 0, "{fault:?} at call {n}");
            assert!(audit(&env).await.iter().all(|(kind, _)| *kind == AuditKind::ReportedDeleted));
        }
    }
}

#[tokio::test]
async fn a_moderator_who_is_banned_meanwhile_deletes_nothing_after_the_notice_of_it() {
    let mut banned_first = 0;
    for n in 1.. {
        let (env, _) = room().await;
        let cem = env.joined("cem-1", "r", NOON).await;
        env.send(&cem, "r", "second", NOON).await.unwrap();
        report(&env, "dia", 2, "spam", NOON).await.unwrap();
        act(&env.chat, "ada", json!({ "action": "appoint", "userId": "bob" }), NOON).await.unwrap();
        let resolve = json!({ "action": "deleteReported", "report": { "epoch": epoch(&env).await, "seq": 2 } });
        let ban = json!({ "action": "ban", "userId": "bob" });
        let ban = async || act(&env.chat, "ada", ban.clone(), NOON).await.unwrap();
        let resolving = act(&env.faulty, "bob", resolve, NOON);
        let (_, happened) = env.faults.during(n, Fault::Delay, resolving, ban).await;
        if !happened {
            break;
        }
        let events = env.log_rows("r").await;
        let banned =
            events.iter().find(|event| matches!(event, LogEvent::Notice(notice) if notice.kind == NoticeKind::Banned));
        let banned = banned.unwrap().seq();
        match events.iter().find(|event| matches!(event, LogEvent::Change(_))) {
            Some(deletion) => assert!(deletion.seq() < banned, "call {n}: {} after {banned}", deletion.seq()),
            None => banned_first += 1,
        }
    }
    assert!(banned_first > 0, "the ban never came first");
}
