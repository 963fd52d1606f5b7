//! Which messages invoke the bots' function.

use std::pin::pin;

use super::*;

#[tokio::test]
async fn a_message_that_mentions_a_bot_asks_it_where_the_message_is_and_nothing_else() {
    let (env, ada, _, room) = room_with_bot().await;
    let counts = mention(&env.chat, &ada, &room, "1", &["bob", CONCIERGE]).await.unwrap();
    assert_eq!(counts.unasked, 0);
    let epoch = env.chat.rooms.open(&room, LATER).await.unwrap().epoch;
    assert_eq!(env.gateway.take_questions(), [Question { room, epoch, seq: 2, bot: "concierge".into() }]);
}

#[tokio::test]
async fn a_message_that_mentions_no_bot_invokes_nothing() {
    let (env, ada, _, room) = room_with_bot().await;
    env.send(&ada, &room, "1", LATER).await.unwrap();
    mention(&env.chat, &ada, &room, "2", &["bob", "bot:absent", "concierge"]).await.unwrap();
    assert_eq!(env.gateway.take_questions(), []);
}

#[tokio::test]
async fn a_bot_is_asked_only_where_the_owner_allows_it() {
    let (env, ada, _, room) = room_with_bot().await;
    set(&env.chat, "ada", &room, "concierge", false).await.unwrap();
    mention(&env.chat, &ada, &room, "1", &[CONCIERGE]).await.unwrap();
    assert_eq!(env.gateway.take_questions(), []);
}

#[tokio::test]
async fn every_message_in_a_direct_conversation_with_a_bot_asks_it() {
    let env = test_env().await;
    let (bob, room) = direct_with_bot(&env).await;
    env.send(&bob, &room, "1", LATER).await.unwrap();
    let to = json!({ "action": "send", "to": "@Concierge", "id": "2", "text": "Tea?" });
    env.chat.send(&bob, of(to), LATER).await.unwrap();
    let asked: Vec<_> = env.gateway.take_questions().into_iter().map(|asked| (asked.room, asked.seq)).collect();
    assert_eq!(asked, [(room.clone(), 1), (room, 2)]);
}

#[tokio::test]
async fn a_retry_asks_again_because_the_first_attempt_may_have_died_before_it_did() {
    let (env, ada, _, room) = room_with_bot().await;
    for _ in 0..2 {
        mention(&env.chat, &ada, &room, "1", &[CONCIERGE]).await.unwrap();
    }
    let asked = env.gateway.take_questions();
    assert_eq!((asked.len(), &asked[0]), (2, &asked[1]));
}

#[tokio::test]
async fn the_ack_comes_if_the_bots_function_refuses_and_the_failure_is_counted() {
    let (env, ada, _, room) = room_with_bot().await;
    env.gateway.refuse_invocations();
    let counts = mention(&env.chat, &ada, &room, "1", &[CONCIERGE]).await.unwrap();
    assert_eq!((counts.delivered, counts.unasked), (2, 1));
    assert!(env.gateway.take_types("ada-1").contains(&"ack".to_owned()));
}

#[tokio::test]
async fn the_ack_does_not_wait_for_the_bots_function() {
    let (env, ada, _, room) = room_with_bot().await;
    env.gateway.ignore_invocations();
    let mut sending = pin!(mention(&env.chat, &ada, &room, "1", &[CONCIERGE]));
    tokio::select! {
        _ = &mut sending => panic!("the function ended before it had asked the bot"),
        () = env.gateway.posted("ada-1", "ack") => {}
    }
    assert_eq!(sending.await.unwrap().unasked, 1);
}

#[tokio::test]
async fn a_retry_in_a_moderated_room_asks_again_too_and_an_edited_message_asks_nobody() {
    let (env, ada, bob, room) = room_with_bot().await;
    mention(&env.chat, &bob, &room, "1", &[CONCIERGE]).await.unwrap();
    let action = parse_body(r#"{"action":"lock","on":true}"#).unwrap();
    env.chat.moderate(&person("ada"), &room, &action, LATER).await.unwrap();
    mention(&env.chat, &bob, &room, "1", &[CONCIERGE]).await.unwrap();
    assert_eq!(env.gateway.take_questions().len(), 2);

    let hello = json!({ "action": "send", "room": room, "id": "2", "text": "Hello" });
    env.chat.send(&ada, of(hello.clone()), LATER).await.unwrap();
    let edit = json!({ "action": "edit", "room": room, "seq": 4, "id": "3", "text": "Tea?", "mentions": [CONCIERGE] });
    env.chat.edit(&ada, of(edit), LATER).await.unwrap();
    env.chat.send(&ada, of(hello), LATER).await.unwrap();
    assert_eq!(env.gateway.take_questions().len(), 0);
}
