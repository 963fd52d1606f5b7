//! What a bot of the kind `lex` replies: a bot of Amazon Lex V2 carries on a dialogue with each person in each room.
//!
//! Lex keeps the state of a dialogue in a session, which each message advances. So no message is sent to it that was answered
//! already. Only if a job dies or loses Lex's answer before the answer is stored does its repetition send the
//! message once more.

use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::byte_stream::ByteStream;
use parlor_protocol::Millis;
use parlor_protocol::blank::is_blank;
use parlor_protocol::limits::{QUICK_REPLIES, QUICK_REPLY_CHARACTERS};
use parlor_protocol::log::QuickReply;
use parlor_protocol::text::Text;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::time::{sleep, timeout};

use super::answer::{Asked, Reply};
use super::{Bot, SPEECHLESS, shortened};
use crate::error::{ChatError, Result};
use crate::signed::{Service, exception};

/// All attempts together. The function has 20 seconds, and needs some to store the answer.
const REPLY: Duration = Duration::from_secs(12);
/// Pauses before further attempts.
const PAUSES: [Duration; 2] = [Duration::from_millis(300), Duration::from_millis(900)];
/// The longest text that Lex takes, in code units of UTF-16: so it counts.
const INPUT: usize = 1_024;

/// A Lex bot.
pub struct Lex {
    pub service: Service,
    pub bot: LexBot,
}

/// Where a Lex bot is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LexBot {
    pub bot_id: String,
    pub alias_id: String,
    pub locale_id: String,
    /// Unless it is the stage's.
    #[serde(default)]
    pub region: Option<String>,
}

#[derive(Serialize)]
struct Request<'a> {
    text: &'a str,
}

#[derive(Deserialize)]
struct Response {
    /// Missing if the dialogue has none.
    #[serde(default)]
    messages: Vec<Message>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    content_type: String,
    content: Option<String>,
    image_response_card: Option<Card>,
}

#[derive(Deserialize)]
struct Card {
    title: String,
    subtitle: Option<String>,
    #[serde(default)]
    buttons: Vec<QuickReply>,
}

impl Lex {
    /// Continues the person's dialogue in the room, and returns what Lex says.
    ///
    /// # Errors
    /// `unavailable`, with the name of Lex's exception.
    pub async fn reply(&self, asked: &Asked, now: Millis) -> Result<Reply> {
        let session = session_id(&asked.message.user_id, asked.room());
        let text = without_mention(&asked.message.text, &asked.bot);
        let answer = timeout(REPLY, self.recognize(&session, &text, now));
        answer.await.unwrap_or_else(|_| Err(failed("timeout")))
    }

    async fn recognize(&self, session: &str, text: &str, now: Millis) -> Result<Reply> {
        let LexBot { bot_id, alias_id, locale_id, .. } = &self.bot;
        let path = format!("/bots/{bot_id}/botAliases/{alias_id}/botLocales/{locale_id}/sessions/{session}/text");
        let body = serde_json::to_vec(&Request { text }).map_err(|_| failed("request not built"))?;
        let mut pauses = PAUSES.into_iter();
        loop {
            let failure = match self.service.post(&path, &[], &body, now).await {
                Ok(response) if response.status().is_success() => return read(response).await,
                Ok(response) => {
                    let failure = failed(exception(&response));
                    if !is_transient(response.status().as_u16()) {
                        return Err(failure);
                    }
                    failure
                }
                Err(reason) => failed(reason),
            };
            match pauses.next() {
                Some(pause) => sleep(pause).await,
                None => return Err(failure),
            }
        }
    }
}

/// Returns the id of a person's session in a room: 64 characters, from which nobody learns either.
fn session_id(user_id: &str, room_id: &str) -> String {
    let hash = Sha256::digest(format!("{user_id}\n{room_id}"));
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether another attempt may succeed: another message of the session is being answered, Lex throttles, or it fails.
fn is_transient(status: u16) -> bool {
    matches!(status, 409 | 429 | 500..)
}

async fn read(mut response: HttpResponse) -> Result<Reply> {
    let body = ByteStream::new(response.take_body()).collect().await.map_err(|_| failed("no connection"))?;
    let Response { messages } = serde_json::from_slice(&body.into_bytes()).map_err(|_| failed("unreadable answer"))?;
    let mut lines = Vec::new();
    let mut quick_replies = Vec::new();
    for message in messages {
        match (message.content_type.as_str(), message.content, message.image_response_card) {
            ("PlainText", Some(content), _) => lines.push(content),
            ("ImageResponseCard", _, Some(card)) => {
                lines.extend([Some(card.title), card.subtitle].into_iter().flatten());
                quick_replies.extend(card.buttons);
            }
            // Speech and payloads are for other clients.
            _ => {}
        }
    }
    let fits = |text: &str| !is_blank(text) && text.chars().count() <= QUICK_REPLY_CHARACTERS;
    quick_replies.retain(|QuickReply { text, value }| fits(text) && fits(value));
    quick_replies.truncate(QUICK_REPLIES);
    let text = lines.join("\n");
    let text = if is_blank(&text) { SPEECHLESS.to_owned() } else { shortened(&text, Text::MAX, |_| 1) };
    Ok(Reply { text, quick_replies, ..Reply::default() })
}

/// Returns what was said to the bot, for Lex: without a mention of it, on one line, and no longer than Lex takes.
fn without_mention(text: &str, bot: &Bot) -> String {
    let mut rest = text;
    let mut said = String::new();
    while let Some((before, after)) = rest.split_once('@') {
        said.push_str(before);
        rest = match [&bot.title, &bot.name].into_iter().find_map(|name| after_name(after, name)) {
            Some(after) => after,
            None => {
                said.push('@');
                after
            }
        };
    }
    said.push_str(rest);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    // Lex takes no empty text. It will not understand the name alone, and say so.
    shortened(if said.is_empty() { &bot.title } else { &said }, INPUT, char::len_utf16)
}

/// Returns what follows a name, if the text begins with it, in whatever case.
fn after_name<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    let is_it = name.chars().all(|c| rest.next().is_some_and(|next| next.to_lowercase().eq(c.to_lowercase())));
    let rest = rest.as_str();
    (is_it && !rest.starts_with(char::is_alphanumeric)).then_some(rest)
}

fn failed(reason: &str) -> ChatError {
    ChatError::Service { doing: "ask a lex bot", reason: reason.to_owned() }
}
