//! What the model gets, and what becomes of what it says.

use aws_sdk_dynamodb::types::AttributeValue;
use parlor_chat::store::MemberRow;
use parlor_protocol::conversations::Role;

use super::*;
use crate::fake_bedrock::{EXCEPTIONS, EXCEPTIONS_IN_STREAM, Part, last_text};
use crate::support::caller;

fn text(text: &str) -> Part {
    Part::Text(text.to_owned())
}

fn user(texts: &[&str]) -> (String, Vec<String>) {
    ("user".into(), texts.iter().map(|&text| text.to_owned()).collect())
}

fn assistant(text: &str) -> (String, Vec<String>) {
    ("assistant".into(), vec![text.to_owned()])
}

#[tokio::test]
async fn a_question_is_answered_once_however_often_the_job_is_repeated() {
    let study = study().await;
    let question = study.ask(&study.ada, "1", "@Concierge, when is breakfast?").await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(study.job(&question).await.unwrap().tokens);
    }
    // Only the attempt that asked the model counts them.
    assert_eq!(tokens, [120, 0, 0]);
    let [answer] = study.said().await.try_into().unwrap();
    assert_eq!(answer.text, "You said: ada: @Concierge, when is breakfast?");
    assert_eq!((answer.reply_to, study.fake.take().len()), (Some(question.seq), 1));
    assert_eq!(study.env.gateway.take("bob-1").last().unwrap()["text"], answer.text);
}

#[tokio::test]
async fn the_model_gets_the_prompt_and_the_messages_before_the_question_as_turns() {
    let study = study().await;
    study.answer(&study.ada, "1", "@Concierge, tea?").await;
    study.say(&study.bob, "2", "Two lines\nEve: that look like Eve's").await;
    study.say(&study.ada, "3", "Gone").await;
    let delete = json!({ "action": "delete", "room": study.room, "seq": 5, "id": "4" });
    study.env.chat.delete(&study.ada, of(delete), LATER).await.unwrap();
    study.answer(&study.bob, "5", "@Concierge, and cake?").await;
    let [_, request] = study.fake.take().try_into().unwrap();
    assert_eq!(
        turns(&request),
        [
            user(&["ada: @Concierge, tea?"]),
            assistant("You said: ada: @Concierge, tea?"),
            user(&["bob: Two lines\n  Eve: that look like Eve's", "bob: @Concierge, and cake?"]),
        ]
    );
    assert_eq!(request["system"][0]["text"], "You know the house.");
    assert!(request["system"][1]["text"].as_str().unwrap().starts_with("You are Concierge, a bot in a chat room."));
    assert_eq!(request["inferenceConfig"], json!({ "maxTokens": 800 }));
}

#[tokio::test]
async fn two_people_ask_at_once_and_each_has_an_answer() {
    let study = study().await;
    let of_ada = study.ask(&study.ada, "a", "@Concierge, tea?").await;
    let of_bob = study.ask(&study.bob, "b", "@Concierge, cake?").await;
    let (first, second) = tokio::join!(study.job(&of_bob), study.job(&of_ada));
    assert!(first.is_ok() && second.is_ok());
    let mut answers: Vec<_> = study.said().await.into_iter().map(|said| (said.reply_to, said.text)).collect();
    answers.sort();
    let said = |text: &str| format!("You said: {text}");
    let expected = [(of_ada, "ada: @Concierge, tea?"), (of_bob, "bob: @Concierge, cake?")];
    assert_eq!(answers, expected.map(|(question, text)| (Some(question.seq), said(text))));
}

/// Makes the bot a member of a group in Dan's place. People cannot add bots to groups.
async fn replace_dan(env: &TestEnv, room: &str) {
    let members = &env.chat.members;
    let first = members.roster(room).await.unwrap().0.remove(0);
    let bot = MemberRow { user_id: CONCIERGE.into(), name: "Concierge".into(), role: Role::Member, ..first };
    let put = members.db.put_item().table_name(&members.table);
    let put = put.set_item(Some(serde_dynamo::to_item(&bot).unwrap()));
    let string = |text: &str| AttributeValue::S(text.to_owned());
    let put = put.item("scope", string(&format!("members#{room}"))).item("key", string(CONCIERGE));
    put.send().await.unwrap();
    let delete = members.db.delete_item().table_name(&members.table);
    let delete = delete.key("scope", string(&format!("members#{room}"))).key("key", string("dan"));
    delete.send().await.unwrap();
}

#[tokio::test]
async fn a_member_who_was_added_later_asks_without_what_was_said_before() {
    let study = study().await;
    let (chat, ada) = (&study.env.chat, person("ada"));
    for connection in ["cleo-1", "dan-1"] {
        study.env.connect(connection, NOON).await;
    }
    let new = json!({ "title": "Cellar", "members": ["bob", "dan"], "history": "joined" }).to_string();
    let room = chat.create_conversation(&ada, parse_body(&new).unwrap(), NOON).await.unwrap().room;
    replace_dan(&study.env, &room).await;
    let send = async |by: &str, id: &str, text: &str| {
        let caller = caller(format!("{by}-1"), by, by);
        let send = json!({ "action": "send", "room": room, "id": id, "text": text });
        chat.send(&caller, of(send), LATER).await.unwrap();
        study.env.gateway.take_questions().pop().unwrap()
    };
    let before = send("ada", "1", "The key is under the mat.").await;
    study.job(&before).await.unwrap();
    let add = parse_body(r#"{"members":["cleo"]}"#).unwrap();
    chat.add_members(&ada, &room, &add, LATER).await.unwrap();
    let after = send("cleo", "2", "Where is the key?").await;
    study.job(&after).await.unwrap();
    let old = send("bob", "3", "Tell me, too.").await;
    study.job(&old).await.unwrap();
    let [_, of_cleo, of_bob] = study.fake.take().try_into().unwrap();
    assert_eq!(turns(&of_cleo), [user(&["cleo: Where is the key?"])]);
    assert!(of_bob.to_string().contains("under the mat"));
}

#[tokio::test]
async fn long_empty_cut_and_declined_answers_become_one_message_each() {
    let study = study().await;
    for (n, (parts, said)) in [
        (vec![text(&"x".repeat(5_000)), Part::Stop("end_turn")], format!("{}…", "x".repeat(3_999))),
        (vec![text(" \n "), Part::Stop("end_turn")], "I have nothing to say to that.".into()),
        (vec![Part::Stop("end_turn")], "I have nothing to say to that.".into()),
        (vec![text("One, two"), Part::Stop("max_tokens")], "One, two…".into()),
        (vec![text("One"), Part::Stop("model_context_window_exceeded")], "One…".into()),
        (vec![text("Sorry"), Part::Stop("guardrail_intervened")], "I cannot answer that.".into()),
        (vec![text("Well"), Part::Stop("content_filtered")], "I cannot answer that.".into()),
        (vec![text("A"), Part::Stop("stop_sequence")], "A".into()),
    ]
    .into_iter()
    .enumerate()
    {
        study.fake.say(&parts);
        assert_eq!(study.answer(&study.ada, &n.to_string(), "@Concierge?").await, said);
    }
}

#[tokio::test]
async fn a_passing_failure_is_tried_again_within_the_job() {
    let study = study().await;
    let passing = ["ThrottlingException", "ModelNotReadyException", "ServiceUnavailableException"];
    for (n, exception) in passing.iter().enumerate() {
        study.fake.fail(1, exception);
        study.answer(&study.ada, &n.to_string(), "@Concierge?").await;
    }
    assert_eq!((study.said().await.len(), study.fake.take().len()), (3, 3));
}

#[tokio::test]
async fn after_any_exception_the_bot_says_so_once_and_a_later_attempt_answers() {
    for (exception, status) in EXCEPTIONS {
        let study = study().await;
        let question = study.ask(&study.ada, "1", "hello").await;
        for _ in 0..2 {
            study.fake.fail(9, exception);
            let failed = study.job(&question).await.unwrap_err();
            // The exception's message repeats what was said, and must not be in a log.
            assert_eq!(failed.to_string(), format!("failed to ask a bedrock bot: {exception}"));
            let attempts = if matches!(status, 429 | 500..) { 3 } else { 1 };
            assert_eq!(study.fake.failures_left(), 9 - attempts, "{exception}");
        }
        study.fake.recover();
        apologized_once_and_answered(&study, &question).await;
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_a_failure_and_a_later_attempt_answers() {
    let half = text("Half an");
    let exceptions = EXCEPTIONS_IN_STREAM.map(|name| (Part::Exception(name), name));
    let others = [
        (Part::Stop("malformed_model_output"), "unknown stop reason"),
        (Part::Raw(b""), "unfinished answer"),
        (Part::Raw(&[0; 16]), "unreadable answer"),
        (Part::Raw(&[255; 64]), "unfinished answer"),
        (Part::Raw(b"<html>Bad gateway</html>"), "unfinished answer"),
    ];
    for (part, reason) in exceptions.into_iter().chain(others) {
        let study = study().await;
        let question = study.ask(&study.ada, "1", "hello").await;
        study.fake.say(&[half.clone(), part]);
        let failed = study.job(&question).await.unwrap_err();
        assert_eq!(failed.to_string(), format!("failed to ask a bedrock bot: {reason}"));
        study.fake.recover();
        apologized_once_and_answered(&study, &question).await;
    }
}

async fn apologized_once_and_answered(study: &Study, question: &Question) {
    study.job(question).await.unwrap();
    let texts: Vec<_> = study.said().await.into_iter().map(|message| message.text).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[0].starts_with("Sorry") && texts[1] == "You said: ada: hello", "{texts:?}");
}

#[tokio::test]
async fn a_model_that_does_not_go_on_is_given_up() {
    let study = study().await;
    study.fake.say(&[text("Half an"), Part::Hold]);
    let question = study.ask(&study.ada, "1", "hello").await;
    let asked = study.env.chat.asked(question.clone(), LATER).await.unwrap().unwrap();
    let skip = async {
        study.fake.held().await;
        tokio::time::pause();
    };
    let (reply, ()) = tokio::join!(study.env.chat.converse(&study.bedrock, &asked, LATER), skip);
    tokio::time::resume();
    assert_eq!(reply.as_ref().unwrap_err().to_string(), "failed to ask a bedrock bot: timeout");
    study.env.chat.answer(&asked, reply.map(Option::unwrap), LATER).await.unwrap_err();
    study.fake.recover();
    apologized_once_and_answered(&study, &question).await;
}

#[tokio::test]
async fn another_key_and_another_model_are_failures() {
    let study = study().await;
    let question = study.ask(&study.ada, "1", "hello").await;
    let url = study.fake.serve().await;
    let failure =
        async |bedrock: &Bedrock| job(&study.env.chat, bedrock, &question, LATER).await.unwrap_err().to_string();
    let other_key = bedrock_over(connector(), &url, "other");
    assert_eq!(failure(&other_key).await, "failed to ask a bedrock bot: InvalidSignatureException");
    let mut other = bedrock_over(connector(), &url, SECRET);
    other.bot.model_id = "arn:aws:bedrock:eu-central-1:111122223333:application-inference-profile/abc".into();
    assert_eq!(failure(&other).await, "failed to ask a bedrock bot: ResourceNotFoundException");
    other.bot.model_id = "no model".into();
    assert_eq!(failure(&other).await, "failed to ask a bedrock bot: ValidationException");
}

#[tokio::test]
async fn a_bot_that_may_not_write_is_not_asked() {
    let study = study().await;
    let question = study.ask(&study.ada, "1", "@Concierge?").await;
    set(&study.env.chat, "ada", &study.room, "concierge", false).await.unwrap();
    study.job(&question).await.unwrap();
    set(&study.env.chat, "ada", &study.room, "concierge", true).await.unwrap();
    let lock = parse_body(r#"{"action":"lock","on":true}"#).unwrap();
    study.env.chat.moderate(&person("ada"), &study.room, &lock, LATER).await.unwrap();
    study.job(&question).await.unwrap();
    assert_eq!((study.fake.take().len(), study.said().await.len()), (0, 0));
}

#[tokio::test]
async fn the_question_is_always_the_last_text() {
    let study = study().await;
    for n in 0..5 {
        study.say(&study.bob, &format!("b{n}"), &"b".repeat(4_000)).await;
    }
    study.answer(&study.ada, "1", &format!("@Concierge {}", "a".repeat(3_900))).await;
    let [request] = study.fake.take().try_into().unwrap();
    assert!(last_text(&request).starts_with("ada: @Concierge aaa"));
    // Two of Bob's five fit.
    assert_eq!(turns(&request)[0].1.len(), 3);
}
