//! Bots: whom messages address, what they answer and when, and that nobody else can be one.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod addressing;
mod allowing;
mod answering;
mod bedrock;
mod fake_bedrock;
mod fake_lex;
mod faults;
mod hooks;
mod lex;
mod lex_faults;
mod names;
mod telling;

use parlor_chat::bots::allow::Decision;
use parlor_chat::bots::answer::{Asked, Reply};
use parlor_chat::bots::ask::Question;
use parlor_chat::delivery::PostCounts;
use parlor_chat::store::LogKey;
use parlor_chat::{Caller, Chat, ChatError};
use parlor_protocol::client::{Frame, parse_body};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::RoomInfo;
use parlor_protocol::log::{LogEvent, Message};
use parlor_protocol::{Millis, Seq};
use serde_json::{Value, json};

use self::support::{NOON, SECOND, TestEnv, frame, person, site, test_env};

const CONCIERGE: &str = "bot:concierge";
const LATER: Millis = NOON + SECOND;

fn of<F: Frame>(json: Value) -> F {
    frame(&json.to_string())
}

/// Returns a room of Ada's in which the bot may answer, with her and Bob inside, and the room's id.
async fn room_with_bot() -> (TestEnv, Caller, Caller, String) {
    let env = test_env().await;
    let room = env.create("ada", json!({})).await.room_id;
    let (ada, bob) = (env.joined("ada-1", &room, NOON).await, env.joined("bob-1", &room, NOON).await);
    set(&env.chat, "ada", &room, "concierge", true).await.unwrap();
    env.gateway.take("ada-1");
    env.gateway.take("bob-1");
    (env, ada, bob, room)
}

/// Returns the direct conversation of Bob and the bot.
async fn direct_with_bot(env: &TestEnv) -> (Caller, String) {
    let bob = env.connect("bob-1", NOON).await;
    let body = parse_body(r#"{"with":"@concierge"}"#).unwrap();
    let room = env.chat.create_conversation(&person("bob"), body, NOON).await.unwrap().room;
    (bob, room)
}

/// Sends a message that mentions these.
async fn mention(chat: &Chat, by: &Caller, room: &str, id: &str, mentions: &[&str]) -> Result<PostCounts, ChatError> {
    let send = json!({ "action": "send", "room": room, "id": id, "text": "@Concierge, tea?", "mentions": mentions });
    chat.send(by, of(send), LATER).await
}

/// Lets a person allow the bot of this name in a room, or remove it.
async fn set(chat: &Chat, by: &str, room_id: &str, name: &str, is_allowed: bool) -> Result<RoomInfo, ChatError> {
    chat.set_bot(&site(), &person(by), Decision { room_id, name, is_allowed }, LATER).await
}

async fn answer(chat: &Chat, question: &Question) -> Result<PostCounts, ChatError> {
    reply(chat, question, |asked| Ok(says(&format!("You said: {}", asked.message.text))), LATER).await
}

/// Does a job as the bots' function does it.
async fn reply(
    chat: &Chat,
    question: &Question,
    reply: impl FnOnce(&Asked) -> Result<Reply, ChatError>,
    now: Millis,
) -> Result<PostCounts, ChatError> {
    let Some(mut asked) = chat.asked(question.clone(), now).await? else { return Ok(PostCounts::default()) };
    let reply = asked.answered.take().map_or_else(|| reply(&asked), Ok);
    chat.answer(&asked, reply, now).await
}

fn says(text: &str) -> Reply {
    Reply { text: text.to_owned(), ..Reply::default() }
}

fn broken(_: &Asked) -> Result<Reply, ChatError> {
    Err(ChatError::Service { doing: "read a bot's answers", reason: "no file".into() })
}

/// Returns the messages of the bot in a room's current log.
async fn said(env: &TestEnv, room: &str) -> Vec<Message> {
    let epoch = env.chat.rooms.of_either_kind(room, LATER).await.unwrap().epoch;
    let rows = env.chat.log.read(support::rows::all_of(room, &epoch)).await.unwrap();
    let key = |seq: Seq| LogKey { room_id: room, epoch: &epoch, seq };
    let events = rows.into_iter().filter_map(|(seq, event)| event.into_wire(key(seq)));
    let messages = events.filter_map(|event| match event {
        LogEvent::Message(message) if message.from.user_id == CONCIERGE => Some(message),
        _ => None,
    });
    messages.collect()
}

fn code<T: std::fmt::Debug>(result: Result<T, ChatError>) -> ErrorCode {
    result.unwrap_err().code()
}
