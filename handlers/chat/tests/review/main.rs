//! Review: what becomes of a text before it gets a number, and of what waits for a moderator.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed test may panic"
)]

#[path = "../support/mod.rs"]
mod support;

mod fake_aws;
mod faults;
mod reviewers;

use std::time::Duration;

use parlor_chat::review::{OnFailure, Review};
use parlor_chat::{Caller, Chat, ChatError};
use parlor_protocol::client::parse_body;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::held::HeldMessage;
use parlor_protocol::http::Visibility;
use parlor_protocol::limits::HELD_MESSAGES;
use parlor_protocol::log::LogEvent;
use parlor_protocol::moderation::AuditKind;
use serde_json::{Value, json};

use support::{NOON, SECOND, TestEnv, frame, person, test_env};

const LIST: &str = "idiot\nhold: lottery\nmask: darn\n";

fn review(is_required: bool) -> Review {
    let mut review = Review::new(Duration::from_secs(60), OnFailure::Hold, is_required);
    review.words.add(LIST).unwrap();
    review
}

/// A reviewed room of Ada's, with Bob in it.
async fn reviewed() -> (TestEnv, Caller, Caller) {
    let (env, ada, bob) = room().await;
    act(&env.chat, "ada", json!({ "action": "review", "on": true }), NOON).await.unwrap();
    env.gateway.take("ada-1");
    env.gateway.take("bob-1");
    (env, ada, bob)
}

/// A room of Ada's, with Bob in it, in a stage that has reviewers.
async fn room() -> (TestEnv, Caller, Caller) {
    let mut env = test_env().await;
    for chat in [&mut env.chat, &mut env.faulty, &mut env.metered] {
        chat.review = Some(review(false));
    }
    env.room("r", Visibility::Public, NOON).await;
    let ada = env.joined("ada-1", "r", NOON).await;
    let bob = env.joined("bob-1", "r", NOON).await;
    env.gateway.take("ada-1");
    env.gateway.take("bob-1");
    (env, ada, bob)
}

async fn act(chat: &Chat, by: &str, request: Value, now: u64) -> Result<(), ChatError> {
    chat.moderate(&person(by), "r", &parse_body(&request.to_string()).unwrap(), now).await
}

async fn say(chat: &Chat, who: &Caller, id: &str, text: &str) -> Result<(), ErrorCode> {
    let send = json!({ "action": "send", "room": "r", "id": id, "text": text });
    chat.send(who, frame(&send.to_string()), NOON).await.map(drop).map_err(|error| error.code())
}

async fn edit(chat: &Chat, who: &Caller, seq: u64, id: &str, text: &str) -> Result<(), ErrorCode> {
    let edit = json!({ "action": "edit", "room": "r", "seq": seq, "id": id, "text": text });
    chat.edit(who, frame(&edit.to_string()), NOON).await.map(drop).map_err(|error| error.code())
}

/// The texts of the log's messages, with their authors and numbers.
async fn texts(env: &TestEnv) -> Vec<(u64, String, String)> {
    let log = env.log_rows("r").await;
    let message = |event| match event {
        LogEvent::Message(message) => Some((message.seq, message.from.user_id, message.text)),
        _ => None,
    };
    log.into_iter().filter_map(message).collect()
}

async fn held(env: &TestEnv) -> Vec<HeldMessage> {
    env.chat.held(&person("ada"), "r", None, NOON).await.unwrap().held
}

fn decision(action: &str, held: &HeldMessage) -> Value {
    json!({ "action": action, "held": { "epoch": held.epoch, "userId": held.from.user_id, "id": held.id } })
}

async fn audit(env: &TestEnv) -> Vec<AuditKind> {
    let state = env.chat.moderation(&person("ada"), "r", None, NOON).await.unwrap();
    state.audit.into_iter().map(|entry| entry.kind).collect()
}

#[tokio::test]
async fn a_list_refuses_holds_and_masks_in_reviewed_rooms_only_and_refusals_use_no_number() {
    let (env, _, bob) = room().await;
    assert_eq!(say(&env.chat, &bob, "before", "You idiot").await, Ok(()), "nobody has turned review on");
    act(&env.chat, "ada", json!({ "action": "review", "on": true }), NOON).await.unwrap();
    let notice = env.gateway.take("bob-1").pop().unwrap();
    assert_eq!((&notice["kind"], &notice["rules"]["reviewed"]), (&json!("rulesChanged"), &json!(true)));
    assert_eq!(say(&env.chat, &bob, "1", "You іdiоt").await, Err(ErrorCode::MessageRefused));
    assert_eq!(say(&env.chat, &bob, "2", "Win the lottery").await, Err(ErrorCode::Held));
    assert_eq!(say(&env.chat, &bob, "3", "Oh darn!").await, Ok(()));
    assert_eq!(say(&env.chat, &bob, "4", "Hello").await, Ok(()));
    let said = |seq, text: &str| (seq, "bob".to_owned(), text.to_owned());
    assert_eq!(texts(&env).await, [said(1, "You idiot"), said(3, "Oh ****!"), said(4, "Hello")]);
    assert_eq!(held(&env).await.len(), 1);

    act(&env.chat, "ada", json!({ "action": "review", "on": false }), NOON + SECOND).await.unwrap();
    assert_eq!(say(&env.chat, &bob, "5", "You idiot").await, Ok(()));
    assert_eq!(env.chat.rooms.open("r", NOON).await.unwrap().moderated.guard, None, "and nothing is asked any more");
    assert_eq!(audit(&env).await, [AuditKind::ReviewOff, AuditKind::ReviewOn]);
}

#[tokio::test]
async fn a_retry_of_what_is_stored_or_held_is_answered_alike_and_not_reviewed_again() {
    let (mut env, _, bob) = reviewed().await;
    assert_eq!(say(&env.chat, &bob, "mask", "Oh darn!").await, Ok(()));
    assert_eq!(say(&env.chat, &bob, "hold", "The lottery").await, Err(ErrorCode::Held));
    env.gateway.take("bob-1");
    // Now everything would be refused.
    env.chat.review.as_mut().unwrap().words.add("darn\nlottery\n").unwrap();
    assert_eq!(say(&env.chat, &bob, "mask", "Oh darn!").await, Ok(()));
    let ack = env.gateway.take("bob-1").into_iter().find(|post| post["type"] == "ack").unwrap();
    assert_eq!(ack["seq"], 2);
    assert_eq!(say(&env.chat, &bob, "hold", "The lottery").await, Err(ErrorCode::Held));
    assert_eq!((texts(&env).await.len(), held(&env).await.len()), (1, 1));
}

#[tokio::test]
async fn edits_are_reviewed_and_what_would_be_held_is_refused() {
    let (env, _, bob) = reviewed().await;
    say(&env.chat, &bob, "1", "Hello").await.unwrap();
    assert_eq!(edit(&env.chat, &bob, 2, "e1", "You idiot").await, Err(ErrorCode::MessageRefused));
    assert_eq!(edit(&env.chat, &bob, 2, "e2", "The lottery").await, Err(ErrorCode::MessageRefused));
    assert_eq!(edit(&env.chat, &bob, 2, "e3", "Oh darn").await, Ok(()));
    assert_eq!(texts(&env).await, [(2, "bob".into(), "Oh ****".into())]);
    let react = json!({ "action": "react", "room": "r", "seq": 2, "id": "x", "emoji": "👍", "on": true });
    env.chat.react(&bob, frame(&react.to_string()), NOON).await.unwrap();
    assert_eq!(held(&env).await, []);
}

#[tokio::test]
async fn moderators_are_refused_and_replaced_but_not_held() {
    let (env, ada, bob) = reviewed().await;
    act(&env.chat, "ada", json!({ "action": "appoint", "userId": "bob" }), NOON).await.unwrap();
    for who in [&ada, &bob] {
        assert_eq!(say(&env.chat, who, "1", "The lottery").await, Ok(()));
        assert_eq!(say(&env.chat, who, "2", "You idiot").await, Err(ErrorCode::MessageRefused));
        assert_eq!(say(&env.chat, who, "3", "Oh darn").await, Ok(()));
    }
    assert_eq!(texts(&env).await.iter().filter(|(.., text)| text == "Oh ****").count(), 2);
}

#[tokio::test]
async fn an_approved_message_appears_once_as_its_authors_however_often_it_is_approved_or_sent() {
    let (env, _, bob) = reviewed().await;
    assert_eq!(say(&env.chat, &bob, "m", "The lottery").await, Err(ErrorCode::Held));
    let waiting = held(&env).await.pop().unwrap();
    assert_eq!((waiting.from.user_id.as_str(), waiting.text.as_str()), ("bob", "The lottery"));
    assert_eq!(waiting.reason.as_deref(), Some("Word list: lottery"));
    let refused = act(&env.chat, "bob", decision("approveHeld", &waiting), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Forbidden);
    let listed = env.chat.held(&person("bob"), "r", None, NOON).await.unwrap_err();
    assert_eq!(listed.code(), ErrorCode::Forbidden);
    env.gateway.take("bob-1");
    for _ in 0..3 {
        act(&env.chat, "ada", decision("approveHeld", &waiting), NOON + SECOND).await.unwrap();
    }
    let message = env.gateway.take("bob-1").into_iter().find(|post| post["type"] == "message").unwrap();
    assert_eq!((&message["id"], &message["at"]), (&json!("m"), &json!(NOON + SECOND)));
    assert_eq!(say(&env.chat, &bob, "m", "The lottery").await, Ok(()));
    assert_eq!(texts(&env).await, [(2, "bob".into(), "The lottery".into())]);
    assert_eq!(held(&env).await, []);
    assert_eq!(audit(&env).await, [AuditKind::HeldApproved, AuditKind::ReviewOn]);
}

#[tokio::test]
async fn a_rejected_message_is_gone_and_its_author_is_told_why() {
    let (env, _, bob) = reviewed().await;
    say(&env.chat, &bob, "m", "The lottery").await.unwrap_err();
    let waiting = held(&env).await.pop().unwrap();
    env.gateway.take("bob-1");
    let mut reject = decision("rejectHeld", &waiting);
    reject["explanation"] = "No advertising".into();
    act(&env.chat, "ada", reject.clone(), NOON + SECOND).await.unwrap();
    let told = env.gateway.take("bob-1").pop().unwrap();
    assert_eq!((&told["type"], &told["code"], &told["id"]), (&json!("error"), &json!("messageRefused"), &json!("m")));
    assert_eq!(told["explanation"], "No advertising");
    for request in [reject, decision("approveHeld", &waiting)] {
        let refused = act(&env.chat, "ada", request, NOON).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::MessageNotFound);
    }
    assert_eq!((texts(&env).await, held(&env).await), (vec![], vec![]));
    assert_eq!(audit(&env).await, [AuditKind::HeldRejected, AuditKind::ReviewOn]);
}

#[tokio::test]
async fn whoever_is_banned_or_muted_meanwhile_cannot_be_approved_but_a_lock_does_not_matter() {
    let (env, _, bob) = reviewed().await;
    say(&env.chat, &bob, "m", "The lottery").await.unwrap_err();
    let waiting = held(&env).await.pop().unwrap();
    let approve = || decision("approveHeld", &waiting);
    for (action, code) in [("mute", ErrorCode::Muted), ("ban", ErrorCode::Banned)] {
        act(&env.chat, "ada", json!({ "action": action, "userId": "bob" }), NOON).await.unwrap();
        assert_eq!(act(&env.chat, "ada", approve(), NOON).await.unwrap_err().code(), code);
        act(&env.chat, "ada", json!({ "action": format!("un{action}"), "userId": "bob" }), NOON).await.unwrap();
    }
    act(&env.chat, "ada", json!({ "action": "lock", "on": true }), NOON).await.unwrap();
    act(&env.chat, "ada", json!({ "action": "slowMode", "seconds": 60 }), NOON).await.unwrap();
    act(&env.chat, "ada", approve(), NOON).await.unwrap();
    assert_eq!(texts(&env).await.len(), 1);
}

#[tokio::test]
async fn a_room_holds_so_many_messages_and_clearing_it_and_erasing_a_person_delete_theirs() {
    let (env, _, bob) = reviewed().await;
    let cem = env.joined("cem-1", "r", NOON).await;
    say(&env.chat, &bob, "m", "The lottery").await.unwrap_err();
    let first = held(&env).await.pop().unwrap();
    for n in 1..HELD_MESSAGES {
        let now = NOON + n as u64 * SECOND;
        let send = json!({ "action": "send", "room": "r", "id": n.to_string(), "text": "lottery" });
        let refused = env.chat.send(&cem, frame(&send.to_string()), now).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::Held);
    }
    assert_eq!(say(&env.chat, &bob, "n", "The lottery").await, Err(ErrorCode::TooManyHeld));
    assert_eq!(say(&env.chat, &bob, "m", "The lottery").await, Err(ErrorCode::Held), "it waits already");
    let mut cursor = None;
    let mut pages = Vec::new();
    loop {
        let page = env.chat.held(&person("ada"), "r", cursor.as_deref(), NOON).await.unwrap();
        pages.push(page.held.len());
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(pages.iter().sum::<usize>(), HELD_MESSAGES);
    assert!(pages.iter().all(|page| *page <= 50), "{pages:?}");
    let refused = env.chat.held(&person("ada"), "r", Some("x"), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InvalidField);

    let until = tokio::time::Instant::now() + Duration::from_secs(60);
    env.chat.clear_room(&person("ada"), "r", None, until, NOON).await.unwrap();
    assert_eq!(held(&env).await, []);
    let refused = act(&env.chat, "ada", decision("approveHeld", &first), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::MessageNotFound);
    assert_eq!(say(&env.chat, &bob, "n", "The lottery").await, Err(ErrorCode::Held));
}

#[tokio::test]
async fn a_stage_that_requires_review_reviews_rooms_whose_owner_did_not_ask_for_it() {
    let (mut env, _, bob) = room().await;
    env.chat.review = Some(review(true));
    assert_eq!(say(&env.chat, &bob, "1", "You idiot").await, Err(ErrorCode::MessageRefused));
    assert_eq!(say(&env.chat, &bob, "2", "The lottery").await, Err(ErrorCode::Held));
    assert_eq!(say(&env.chat, &bob, "3", "Oh darn").await, Ok(()));
    assert_eq!(texts(&env).await, [(1, "bob".into(), "Oh ****".into())]);
    let waiting = held(&env).await.pop().unwrap();
    act(&env.chat, "ada", decision("approveHeld", &waiting), NOON).await.unwrap();
    assert_eq!(texts(&env).await.len(), 2);
    let off = act(&env.chat, "ada", json!({ "action": "review", "on": false }), NOON).await.unwrap_err();
    assert_eq!(off.code(), ErrorCode::InvalidField);
    let info = env.create("ada", json!({})).await;
    assert!(info.rules.reviewed);
}

#[tokio::test]
async fn only_the_owner_turns_review_on_and_only_in_a_stage_that_has_reviewers() {
    let (mut env, ..) = room().await;
    act(&env.chat, "ada", json!({ "action": "appoint", "userId": "bob" }), NOON).await.unwrap();
    let on = || json!({ "action": "review", "on": true });
    assert_eq!(act(&env.chat, "bob", on(), NOON).await.unwrap_err().code(), ErrorCode::Forbidden);
    assert!(env.create("ada", json!({ "reviewed": true })).await.rules.reviewed);
    env.chat.review = None;
    assert_eq!(act(&env.chat, "ada", on(), NOON).await.unwrap_err().code(), ErrorCode::InvalidField);
    let body = parse_body(r#"{"name":"Tea","reviewed":true}"#).unwrap();
    let refused = env.chat.create_room(&support::site(), body, Some("ada".into()), NOON).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InvalidField);
}

#[tokio::test]
async fn what_looks_like_spam_waits_in_a_reviewed_room_but_not_in_others_or_from_moderators() {
    let (env, ada, bob) = reviewed().await;
    let links = "https://shop.example ".repeat(9);
    assert_eq!(say(&env.chat, &bob, "1", &links).await, Err(ErrorCode::Held));
    assert_eq!(say(&env.chat, &bob, "2", &"https://shop.example ".repeat(4)).await, Ok(()));
    assert_eq!(say(&env.chat, &ada, "3", &links).await, Ok(()));
    let [waiting] = held(&env).await.try_into().unwrap();
    assert!(waiting.reason.unwrap().starts_with("It looks like spam"));
    act(&env.chat, "ada", json!({ "action": "review", "on": false }), NOON + SECOND).await.unwrap();
    let cem = env.joined("cem-1", "r", NOON).await;
    assert_eq!(say(&env.chat, &cem, "4", &links).await, Ok(()));
}
