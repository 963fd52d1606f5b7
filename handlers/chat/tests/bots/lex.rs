//! Bots of the kind `lex`, against a fake Lex.

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use parlor_chat::bots::lex::{Lex, LexBot};
use parlor_chat::signed::Service;
use parlor_protocol::log::QuickReply;

use super::fake_lex::{ALIAS, BOT, EXCEPTIONS, FakeLex, LOCALE};
use super::support::connector;
use super::support::signature::{KEY, REGION, SECRET};
use super::*;

/// The bot that answers for the concierge, signing with this secret.
fn lex_at(url: &str, secret: &str) -> Lex {
    lex_over(connector(), url, secret)
}

pub fn lex_over(connector: SharedHttpConnector, url: &str, secret: &str) -> Lex {
    let credentials = Credentials::new(KEY, secret, None, None, "fixed");
    let bot = LexBot { bot_id: BOT.into(), alias_id: ALIAS.into(), locale_id: LOCALE.into(), region: None };
    Lex { service: Service::new(url.into(), "lex", REGION.into(), credentials).over(connector), bot }
}

/// A room with the bot, Ada and Bob in it, and the fake.
struct Hotel {
    env: TestEnv,
    ada: Caller,
    bob: Caller,
    room: String,
    fake: FakeLex,
    lex: Lex,
}

async fn hotel() -> Hotel {
    let (env, ada, bob, room) = room_with_bot().await;
    let fake = FakeLex::default();
    let lex = lex_at(&fake.serve().await, SECRET);
    Hotel { env, ada, bob, room, fake, lex }
}

/// Does a job as the function of a bot of the kind `lex` does it.
pub async fn job(chat: &Chat, lex: &Lex, question: &Question) -> Result<PostCounts, ChatError> {
    let Some(mut asked) = chat.asked(question.clone(), LATER).await? else { return Ok(PostCounts::default()) };
    let reply = match asked.answered.take() {
        Some(reply) => Ok(reply),
        None => lex.reply(&asked, LATER).await,
    };
    chat.answer(&asked, reply, LATER).await
}

impl Hotel {
    /// Sends a text that mentions the bot, and returns what it is asked.
    async fn ask(&self, by: &Caller, id: &str, text: &str) -> Question {
        let send = json!({ "action": "send", "room": self.room, "id": id, "text": text, "mentions": [CONCIERGE] });
        self.env.chat.send(by, of(send), LATER).await.unwrap();
        self.env.gateway.take_questions().pop().unwrap()
    }

    async fn job(&self, question: &Question) -> Result<PostCounts, ChatError> {
        job(&self.env.chat, &self.lex, question).await
    }

    /// Asks, and returns the answer.
    async fn answer(&self, by: &Caller, id: &str, text: &str) -> Message {
        let question = self.ask(by, id, text).await;
        self.job(&question).await.unwrap();
        self.said().await.into_iter().find(|message| message.reply_to == Some(question.seq)).unwrap()
    }

    async fn said(&self) -> Vec<Message> {
        said(&self.env, &self.room).await
    }
}

#[tokio::test]
async fn two_people_in_a_room_book_hotels_at_once_without_mixing() {
    let hotel = hotel().await;
    let (ada, bob) = (&hotel.ada, &hotel.bob);
    for (n, (of_ada, of_bob)) in [("Book a room", "I'd like to book"), ("Oslo", "Rome"), ("2", "5")].iter().enumerate()
    {
        // Both are asked before either is answered.
        let asked_by_ada = hotel.ask(ada, &format!("a{n}"), &format!("@Concierge {of_ada}")).await;
        let asked_by_bob = hotel.ask(bob, &format!("b{n}"), &format!("@Concierge {of_bob}")).await;
        let (first, second) = tokio::join!(hotel.job(&asked_by_bob), hotel.job(&asked_by_ada));
        assert!(first.is_ok() && second.is_ok());
    }
    let done = [hotel.answer(bob, "b3", "@Concierge yes").await, hotel.answer(ada, "a3", "@Concierge yes").await];
    assert_eq!(done.map(|answer| answer.text), ["Booked: 5 nights in Rome.", "Booked: 2 nights in Oslo."]);
    let sessions: std::collections::BTreeSet<_> = hotel.fake.take().into_iter().map(|each| each.session).collect();
    assert_eq!(sessions.len(), 2);
}

#[tokio::test]
async fn a_person_has_another_dialogue_in_another_room() {
    let hotel = hotel().await;
    hotel.answer(&hotel.ada, "1", "@Concierge book").await;
    let to = json!({ "action": "send", "to": "@concierge", "id": "2", "text": "book" });
    hotel.env.chat.send(&hotel.ada, of(to), LATER).await.unwrap();
    let direct = hotel.env.gateway.take_questions().pop().unwrap();
    hotel.job(&direct).await.unwrap();
    assert_eq!(said(&hotel.env, &direct.room).await[0].text, "Where would you like to stay?");
    assert_eq!(hotel.answer(&hotel.ada, "3", "@Concierge Oslo").await.text, "How many nights in Oslo?");
    let [here, there, again] = hotel.fake.take().try_into().unwrap();
    assert_eq!((here.session == again.session, here.session == there.session), (true, false));
    assert!(!here.session.contains("ada") && here.session.len() == 64, "{}", here.session);
}

#[tokio::test]
async fn buttons_of_a_card_become_quick_replies_for_everyone_and_in_the_log() {
    let hotel = hotel().await;
    for (n, text) in ["book", "Oslo"].iter().enumerate() {
        hotel.answer(&hotel.ada, &n.to_string(), text).await;
    }
    let answer = hotel.answer(&hotel.ada, "2", "2").await;
    assert_eq!(answer.text, "2 nights in Oslo: shall I book them?");
    let button = |text: &str, value: &str| QuickReply { text: text.into(), value: value.into() };
    assert_eq!(answer.quick_replies, [button("Yes, please", "yes"), button("Rather not", "no")]);
    let posted = hotel.env.gateway.take("bob-1").pop().unwrap();
    assert_eq!(posted["quickReplies"][0], json!({ "text": "Yes, please", "value": "yes" }));
}

#[tokio::test]
async fn lex_gets_the_text_without_the_mention_on_one_line_and_no_longer_than_it_takes() {
    let hotel = hotel().await;
    for (n, (text, heard)) in [
        ("@Concierge book a room", "book a room"),
        ("Please,  @concierge:\nbook a room", "Please, : book a room"),
        ("@Concierges @ me", "@Concierges @ me"),
        ("@Concierge", "Concierge"),
    ]
    .into_iter()
    .enumerate()
    {
        hotel.answer(&hotel.ada, &n.to_string(), text).await;
        assert_eq!(hotel.fake.take()[0].text, heard);
    }
    for (letter, kept) in [("\u{e9}", 1_023), ("\u{1F600}", 511)] {
        hotel.answer(&hotel.ada, letter, &letter.repeat(2_000)).await;
        assert_eq!(hotel.fake.take()[0].text, format!("{}…", letter.repeat(kept)));
    }
}

#[tokio::test]
async fn long_empty_and_unspeakable_answers_become_one_message_each() {
    let hotel = hotel().await;
    let plain = |text: &str| json!({ "contentType": "PlainText", "content": text });
    let ssml = json!({ "contentType": "SSML", "content": "<speak>Hello</speak>" });
    let payload = json!({ "contentType": "CustomPayload", "content": "{}" });
    let button = |n: usize| json!({ "text": format!("{n}"), "value": format!("{n}") });
    let card = |n: usize| {
        let card = json!({ "title": "Which?", "subtitle": "One of these", "buttons": [button(n), button(n + 1), button(n + 2)] });
        json!({ "contentType": "ImageResponseCard", "imageResponseCard": card })
    };
    let long = "x".repeat(1_024);
    for (n, (messages, text, buttons)) in [
        (json!([plain("One"), ssml, plain("Two"), payload]), "One\nTwo".to_owned(), 0),
        (json!([ssml, payload]), "I have nothing to say to that.".into(), 0),
        (json!([]), "I have nothing to say to that.".into(), 0),
        (json!([plain(" \n ")]), "I have nothing to say to that.".into(), 0),
        (json!(vec![plain(&long); 10]), format!("{}…", [long.as_str(); 4].join("\n")[..3_999].to_owned()), 0),
        (json!([card(1), card(4)]), "Which?\nOne of these\nWhich?\nOne of these".into(), 5),
    ]
    .into_iter()
    .enumerate()
    {
        hotel.fake.say(messages);
        let answer = hotel.answer(&hotel.ada, &n.to_string(), "book").await;
        assert_eq!((answer.text, answer.quick_replies.len()), (text, buttons));
    }
}

#[tokio::test]
async fn a_passing_failure_is_tried_again_within_the_job() {
    let hotel = hotel().await;
    for (n, exception) in ["ThrottlingException", "ConflictException", "BadGatewayException"].iter().enumerate() {
        hotel.fake.fail(1, exception);
        hotel.answer(&hotel.ada, &n.to_string(), "hello").await;
    }
    assert_eq!((hotel.said().await.len(), hotel.fake.take().len()), (3, 3));
}

#[tokio::test]
async fn after_any_exception_the_bot_says_so_once_and_a_later_attempt_answers() {
    for (exception, status) in EXCEPTIONS {
        let hotel = hotel().await;
        let question = hotel.ask(&hotel.ada, "1", "hello").await;
        for _ in 0..2 {
            hotel.fake.fail(9, exception);
            let failed = hotel.job(&question).await.unwrap_err();
            // The exception's message repeats what was said, and must not be in a log.
            assert_eq!(failed.to_string(), format!("failed to ask a lex bot: {exception}"));
            let attempts = if matches!(status, 409 | 429 | 500..) { 3 } else { 1 };
            assert_eq!(hotel.fake.failures_left(), 9 - attempts, "{exception}");
        }
        hotel.fake.fail(0, exception);
        hotel.job(&question).await.unwrap();
        let texts: Vec<_> = hotel.said().await.into_iter().map(|message| message.text).collect();
        assert_eq!(texts.len(), 2, "{exception}: {texts:?}");
        assert!(texts[0].starts_with("Sorry") && texts[1] == "I can book a hotel for you.", "{texts:?}");
    }
}

#[tokio::test]
async fn a_lex_that_does_not_answer_is_given_up() {
    let hotel = hotel().await;
    hotel.fake.silence();
    let question = hotel.ask(&hotel.ada, "1", "hello").await;
    let asked = hotel.env.chat.asked(question, LATER).await.unwrap().unwrap();
    let skip = async {
        hotel.fake.ignored().await;
        tokio::time::pause();
    };
    let (reply, ()) = tokio::join!(hotel.lex.reply(&asked, LATER), skip);
    tokio::time::resume();
    assert_eq!(reply.as_ref().unwrap_err().to_string(), "failed to ask a lex bot: timeout");
    hotel.env.chat.answer(&asked, reply, LATER).await.unwrap_err();
    assert!(hotel.said().await[0].text.starts_with("Sorry"));
}

#[tokio::test]
async fn another_key_another_bot_and_an_unreadable_answer_are_failures() {
    let hotel = hotel().await;
    let question = hotel.ask(&hotel.ada, "1", "hello").await;
    let asked = hotel.env.chat.asked(question, LATER).await.unwrap().unwrap();
    let url = hotel.fake.serve().await;
    let failure = async |lex: &Lex| lex.reply(&asked, LATER).await.unwrap_err().to_string();
    assert_eq!(failure(&lex_at(&url, "other")).await, "failed to ask a lex bot: InvalidSignatureException");
    let mut other = lex_at(&url, SECRET);
    other.bot.alias_id = "PRODALIAS1".into();
    assert_eq!(failure(&other).await, "failed to ask a lex bot: ResourceNotFoundException");
    other.bot.bot_id = "short".into();
    assert_eq!(failure(&other).await, "failed to ask a lex bot: ValidationException");
    let page = axum::Router::new().fallback(axum::routing::any(async || "<html>"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, page).await.unwrap() });
    assert_eq!(failure(&lex_at(&url, SECRET)).await, "failed to ask a lex bot: unreadable answer");
}

#[tokio::test]
async fn a_repeated_job_asks_lex_no_more_and_delivers_the_answer_with_its_quick_replies_again() {
    let hotel = hotel().await;
    for (n, text) in ["book", "Oslo"].iter().enumerate() {
        hotel.answer(&hotel.ada, &n.to_string(), text).await;
    }
    let question = hotel.ask(&hotel.ada, "2", "2").await;
    hotel.fake.take();
    for _ in 0..3 {
        hotel.job(&question).await.unwrap();
    }
    assert_eq!((hotel.fake.take().len(), hotel.said().await.len()), (1, 3));
    let posted = hotel.env.gateway.take("bob-1").pop().unwrap();
    assert_eq!(posted["quickReplies"][1]["value"], "no");
    // So the dialogue goes on where it was.
    assert_eq!(hotel.answer(&hotel.ada, "3", "yes").await.text, "Booked: 2 nights in Oslo.");
}
