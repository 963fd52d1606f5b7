//! What the bots' function records.

use parlor_protocol::moderation::Moderation;

use super::*;

fn of_body(action: &Value) -> Moderation {
    parse_body(&action.to_string()).unwrap()
}

/// Returns the question of a message that mentions the bot.
async fn asked(env: &TestEnv, by: &Caller, room: &str) -> Question {
    mention(&env.chat, by, room, "1", &[CONCIERGE]).await.unwrap();
    let [question] = env.gateway.take_questions().try_into().unwrap();
    question
}

#[tokio::test]
async fn everyone_in_the_room_gets_the_answer_as_a_reply_of_the_bot() {
    let (env, ada, _, room) = room_with_bot().await;
    let question = asked(&env, &ada, &room).await;
    answer(&env.chat, &question).await.unwrap();
    for connection in ["ada-1", "bob-1"] {
        let answer = env.gateway.take(connection).pop().unwrap();
        assert_eq!(answer["from"], json!({ "userId": CONCIERGE, "name": "Concierge", "bot": true }));
        assert_eq!(answer["text"], "You said: @Concierge, tea?");
        assert_eq!((&answer["replyTo"], &answer["seq"]), (&json!(2), &json!(3)));
    }
}

#[tokio::test]
async fn every_connection_of_the_person_gets_the_answer_in_a_direct_conversation() {
    let env = test_env().await;
    let (bob, room) = direct_with_bot(&env).await;
    env.connect("bob-2", NOON).await;
    env.send(&bob, &room, "1", LATER).await.unwrap();
    let [question] = env.gateway.take_questions().try_into().unwrap();
    answer(&env.chat, &question).await.unwrap();
    for connection in ["bob-1", "bob-2"] {
        let answer = env.gateway.take(connection).pop().unwrap();
        assert_eq!((&answer["text"], &answer["replyTo"]), (&json!("You said: said 1"), &json!(1)));
    }
}

#[tokio::test]
async fn a_repeated_job_answers_once_and_delivers_the_answer_again() {
    let (env, ada, _, room) = room_with_bot().await;
    let question = asked(&env, &ada, &room).await;
    for _ in 0..3 {
        answer(&env.chat, &question).await.unwrap();
    }
    assert_eq!(said(&env, &room).await.len(), 1);
    let answers = env.gateway.take("bob-1").into_iter().filter(|frame| frame["from"]["bot"] == true);
    assert_eq!(answers.map(|answer| answer["seq"].clone()).collect::<Vec<_>>(), [3, 3, 3]);
}

#[tokio::test]
async fn a_bot_that_has_answered_says_nothing_else_even_if_its_file_has_changed() {
    let (env, ada, _, room) = room_with_bot().await;
    let question = asked(&env, &ada, &room).await;
    answer(&env.chat, &question).await.unwrap();
    reply(&env.chat, &question, |_| Ok(says("Something else")), LATER).await.unwrap();
    assert_eq!(said(&env, &room).await.len(), 1);
}

#[tokio::test]
async fn an_answer_belongs_to_the_epoch_of_its_question() {
    let (env, ada, _, room) = room_with_bot().await;
    let question = asked(&env, &ada, &room).await;
    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    env.chat.clear_room(&person("ada"), &room, None, until, LATER).await.unwrap();
    answer(&env.chat, &question).await.unwrap();
    assert_eq!(said(&env, &room).await, []);
    // Even if the room is cleared after the bot has read the message.
    let question = asked(&env, &ada, &room).await;
    let clear = async || {
        env.chat.clear_room(&person("ada"), &room, None, until, LATER).await.unwrap();
    };
    let (ended, _) = env.faults.during(3, support::faults::Fault::Delay, answer(&env.faulty, &question), clear).await;
    assert!(matches!(ended, support::faults::Ended::Finished(Ok(_))), "{ended:?}");
    assert_eq!(said(&env, &room).await, []);
}

#[tokio::test]
async fn a_bot_answers_neither_deleted_messages_nor_bots_nor_what_does_not_address_it() {
    let (env, ada, bob, room) = room_with_bot().await;
    let question = asked(&env, &ada, &room).await;
    let delete = json!({ "action": "delete", "room": room, "seq": question.seq, "id": "d" });
    env.chat.delete(&ada, of(delete), LATER).await.unwrap();
    answer(&env.chat, &question).await.unwrap();
    env.send(&bob, &room, "2", LATER).await.unwrap();
    let about = |seq| Question { seq, ..question.clone() };
    for seq in [0, 1, 3, 4, 99] {
        answer(&env.chat, &about(seq)).await.unwrap();
    }
    assert_eq!(said(&env, &room).await, []);
    mention(&env.chat, &bob, &room, "3", &[CONCIERGE]).await.unwrap();
    answer(&env.chat, &about(5)).await.unwrap();
    // The answer at 6 is the bot's own, and an unknown bot has none.
    answer(&env.chat, &about(6)).await.unwrap();
    answer(&env.chat, &Question { bot: "absent".into(), ..about(5) }).await.unwrap();
    assert_eq!(said(&env, &room).await.len(), 1);
}

#[tokio::test]
async fn a_bot_is_silent_where_it_is_muted_or_the_room_is_locked_and_not_slowed_by_slow_mode() {
    for (action, answers) in [
        (json!({ "action": "mute", "userId": CONCIERGE, "name": "Somebody" }), 0),
        (json!({ "action": "lock", "on": true }), 0),
        (json!({ "action": "slowMode", "seconds": 30 }), 2),
    ] {
        let (env, ada, _, room) = room_with_bot().await;
        env.chat.moderate(&person("ada"), &room, &of_body(&action), LATER).await.unwrap();
        let notice = env.gateway.take("bob-1").pop().unwrap();
        assert!(notice["people"].is_null() || notice["people"][0]["name"] == "Concierge", "{notice}");
        for id in ["1", "2"] {
            mention(&env.chat, &ada, &room, id, &[CONCIERGE]).await.unwrap();
        }
        for question in env.gateway.take_questions() {
            answer(&env.chat, &question).await.unwrap();
        }
        assert_eq!(said(&env, &room).await.len(), answers, "{action}");
    }
}

#[tokio::test]
async fn a_bot_that_is_blocked_does_not_answer() {
    let env = test_env().await;
    let (bob, room) = direct_with_bot(&env).await;
    env.send(&bob, &room, "1", LATER).await.unwrap();
    let [question] = env.gateway.take_questions().try_into().unwrap();
    let concierge = String::from(CONCIERGE).try_into().unwrap();
    env.chat.block(&person("bob"), &concierge, LATER).await.unwrap();
    answer(&env.chat, &question).await.unwrap();
    assert_eq!(said(&env, &room).await, []);
}

#[tokio::test]
async fn a_bot_without_a_reply_says_so_once_and_the_job_is_repeated_until_it_has_one() {
    let (env, ada, _, room) = room_with_bot().await;
    let question = asked(&env, &ada, &room).await;
    for _ in 0..3 {
        assert_eq!(code(reply(&env.chat, &question, broken, LATER).await), ErrorCode::Unavailable);
    }
    let apologies = said(&env, &room).await;
    assert_eq!(apologies.len(), 1);
    assert!(apologies[0].text.contains("I cannot answer"), "{}", apologies[0].text);
    answer(&env.chat, &question).await.unwrap();
    assert_eq!(said(&env, &room).await.len(), 2);
}

#[tokio::test]
async fn a_conversation_ends_with_its_person_and_the_bot_does_not_stay_alone() {
    let env = test_env().await;
    let (_, room) = direct_with_bot(&env).await;
    let erasure = parlor_chat::people::erase::Erasure { user_id: "bob", messages: false, cursor: None };
    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    env.chat.erase(erasure, until, LATER).await.unwrap();
    assert_eq!(code(env.chat.rooms.of_either_kind(&room, LATER).await), ErrorCode::RoomClosed);
    assert_eq!(env.chat.members.conversations(CONCIERGE).await.unwrap(), []);
}

#[tokio::test]
async fn a_bot_answers_nothing_old_and_does_not_apologize_for_what_it_has_answered() {
    let (env, ada, _, room) = room_with_bot().await;
    let question = asked(&env, &ada, &room).await;
    let late = LATER + 31 * 60 * SECOND;
    reply(&env.chat, &question, |_| Ok(says("Good evening")), late).await.unwrap();
    assert_eq!(said(&env, &room).await.len(), 0);
    answer(&env.chat, &question).await.unwrap();
    reply(&env.chat, &question, broken, LATER).await.unwrap();
    assert_eq!(said(&env, &room).await.len(), 1);
}

#[tokio::test]
async fn nobody_moderates_a_bot_that_does_not_exist() {
    let (env, _, _, room) = room_with_bot().await;
    let action = of_body(&json!({ "action": "mute", "userId": "bot:helpdesk", "name": "Bank Support" }));
    let refused = env.chat.moderate(&person("ada"), &room, &action, LATER).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::PersonNotFound);
}
