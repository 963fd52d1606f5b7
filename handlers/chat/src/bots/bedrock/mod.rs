//! What a bot of the kind `bedrock` replies: a model of Amazon Bedrock goes on with the talk in the room.
//!
//! - [`converse`]: what the model gets.
//! - [`stream`]: what it says, as it comes.
//! - [`budget`]: how much of it a person, a room and the stage may have a day.
//! - [`draft`]: the answer so far, for those who wait for it.

mod budget;
pub mod converse;
mod draft;
mod stream;

use std::time::Duration;

use futures_util::future::join;
use parlor_protocol::Millis;
use parlor_protocol::blank::is_blank;
use parlor_protocol::moderation::Permission;
use parlor_protocol::text::Text;
use serde::Deserialize;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use self::converse::{Context, Request};
use self::stream::{Said, Stop};
use super::answer::{Asked, Reply};
use super::{SPEECHLESS, shortened};
use crate::error::{ChatError, Result};
use crate::log::record::Recorder;
use crate::moderation::admission;
use crate::signed::{Service, exception};
use crate::store::{Budgets, LogRange};

/// All attempts together. The function has 60 seconds, and needs some to store the answer.
const REPLY: Duration = Duration::from_secs(45);
/// Pauses before further attempts.
const PAUSES: [Duration; 2] = [Duration::from_millis(300), Duration::from_millis(900)];
/// Numbers that are read for each message of context: others hold changes and notices.
const NUMBERS_PER_MESSAGE: u64 = 2;
/// What a bot says if the model, or what watches over it, declines.
const DECLINED: &str = "I cannot answer that.";

/// A bot of the kind `bedrock`.
pub struct Bedrock {
    pub service: Service,
    pub bot: BedrockBot,
    /// What the bot is told about itself.
    pub prompt: String,
}

/// The setting of a bot of the kind `bedrock`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BedrockBot {
    /// Of a model or an inference profile.
    pub model_id: String,
    /// Unless it is the stage's.
    #[serde(default)]
    pub region: Option<String>,
    /// The tokens of an answer, at most.
    pub max_tokens: u64,
    /// The messages before the question that the model gets, at most.
    pub context_messages: u64,
    pub budgets: Budgets,
}

/// Why the model gave no answer.
struct Failure {
    error: ChatError,
    /// Whether another attempt may succeed.
    is_transient: bool,
    /// Whether the model may have begun to answer, which costs tokens.
    may_cost: bool,
}

impl Bedrock {
    /// Returns what the model says, or `None` if the bot may not write in the room. Posts drafts meanwhile.
    ///
    /// # Errors
    /// `unavailable`, with the name of Bedrock's exception.
    pub async fn reply(&self, recorder: Recorder<'_>, asked: &Asked, now: Millis) -> Result<Option<Reply>> {
        let Some(drafts) = drafts(recorder, asked, now).await? else {
            return Ok(None);
        };
        let request = self.request(recorder, asked).await?;
        let estimate = request.tokens();
        let reservation = match budget::reserve(recorder.limits, &self.bot.budgets, asked, estimate, now).await? {
            Ok(reservation) => reservation,
            Err(used_up) => return Ok(Some(plain(used_up.to_owned()))),
        };
        let (heard, so_far) = watch::channel(String::new());
        let conversing = async {
            let attempts = self.converse(&request, heard, now);
            timeout(REPLY, attempts).await.unwrap_or_else(|_| Err(Failure::costly("timeout")))
        };
        let drafting = async {
            if drafts == Drafts::Shown {
                draft::post(recorder, asked, so_far, now).await;
            }
        };
        let (said, ()) = join(conversing, drafting).await;
        let spent = match &said {
            Ok(said) => said.tokens,
            Err(failure) => (!failure.may_cost).then_some(0),
        };
        if let Some(spent) = spent {
            // If this fails, more is counted than was spent.
            let _ = reservation.settle(recorder.limits, spent).await;
        }
        let Said { text, stop, tokens } = said.map_err(|failure| failure.error)?;
        let tokens = tokens.and_then(|tokens| usize::try_from(tokens).ok()).unwrap_or_default();
        Ok(Some(Reply { tokens, ..plain(text_of(&text, stop)) }))
    }

    /// Reads the context of a question.
    async fn request(&self, recorder: Recorder<'_>, asked: &Asked) -> Result<Request> {
        let BedrockBot { context_messages, max_tokens, .. } = self.bot;
        let key = asked.key();
        let from = key.seq.saturating_sub(context_messages * NUMBERS_PER_MESSAGE).max(asked.first_readable());
        let range = LogRange { room_id: key.room_id, epoch: key.epoch, from, to: key.seq.saturating_sub(1) };
        let earlier = recorder.log.read(range).await?;
        let messages = usize::try_from(context_messages).unwrap_or(usize::MAX);
        Ok(Context { bot: &asked.bot, prompt: &self.prompt, messages, max_tokens }.request(earlier, &asked.message))
    }

    async fn converse(
        &self,
        request: &Request,
        heard: watch::Sender<String>,
        now: Millis,
    ) -> std::result::Result<Said, Failure> {
        let path = format!("/model/{}/converse-stream", encoded(&self.bot.model_id));
        let body = serde_json::to_vec(request).map_err(|_| Failure::free("request not built"))?;
        let mut pauses = PAUSES.into_iter();
        loop {
            let failure = match self.service.post(&path, &[], &body, now).await {
                Ok(response) if response.status().is_success() => return stream::read(response, &heard).await,
                Ok(response) => Failure {
                    is_transient: matches!(response.status().as_u16(), 429 | 500..),
                    ..Failure::free(exception(&response))
                },
                Err(reason) => Failure { is_transient: true, ..Failure::costly(reason) },
            };
            match pauses.next().filter(|_| failure.is_transient) {
                Some(pause) => sleep(pause).await,
                None => return Err(failure),
            }
        }
    }
}

impl Failure {
    fn free(reason: &str) -> Self {
        let error = ChatError::Service { doing: "ask a bedrock bot", reason: reason.to_owned() };
        Self { error, is_transient: false, may_cost: false }
    }

    fn costly(reason: &str) -> Self {
        Self { may_cost: true, ..Self::free(reason) }
    }
}

/// Whether people see what a bot has written so far.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Drafts {
    Shown,
    /// The room's review must see the whole first.
    Hidden,
}

/// Returns `None` unless the room is as it was asked in, and the bot may write there: drafts are shown before anything is
/// recorded.
async fn drafts(recorder: Recorder<'_>, asked: &Asked, now: Millis) -> Result<Option<Drafts>> {
    let (bot, key) = (asked.bot.user_id(), asked.key());
    let room = match recorder.rooms.of_either_kind(key.room_id, now).await {
        Ok(room) if room.epoch == key.epoch && !room.refuses_bot(&bot) => room,
        Ok(_) | Err(ChatError::Refused { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    if asked.roster().is_some() {
        return Ok(Some(Drafts::Shown));
    }
    let status = admission::status(recorder.members, &room, &bot).await?;
    if !admission::may(&room, &status, now).contains(&Permission::Write) {
        return Ok(None);
    }
    let is_reviewed = recorder.review.is_some_and(|review| review.is_required || room.moderated.reviewed);
    Ok(Some(if is_reviewed { Drafts::Hidden } else { Drafts::Shown }))
}

/// Returns what the bot says.
fn text_of(text: &str, stop: Stop) -> String {
    let text = text.trim();
    match stop {
        Stop::Declined => DECLINED.to_owned(),
        _ if is_blank(text) => SPEECHLESS.to_owned(),
        Stop::Ended => shortened(text, Text::MAX, |_| 1),
        Stop::Cut => shortened(&format!("{text}…"), Text::MAX, |_| 1),
    }
}

fn plain(text: String) -> Reply {
    Reply { text, ..Reply::default() }
}

/// Encodes what a path may not contain: ids of models have `:`, and ARNs also `/`.
fn encoded(model_id: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encode = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    model_id.bytes().map(encode).collect()
}
