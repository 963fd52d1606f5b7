//! Passing a message on to the bots that it addresses: one asynchronous invocation of its function for each, while
//! the message is posted. Nothing waits for it longer than two attempts, and nobody's `ack` at all.

use std::time::Duration;

use futures_util::future::{join_all, join3};
use parlor_protocol::limits::BOTS_ASKED;
use parlor_protocol::log::LogEvent;
use parlor_protocol::person::{Person, is_bot};
use parlor_protocol::{Millis, Seq};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::Bots;
use super::tell::News;
use crate::conversations::standing::Standing;
use crate::delivery::PostCounts;
use crate::error::{ChatError, Result};
use crate::log::record::Recorded;
use crate::signed::Service;

/// One attempt, from connecting to the answer. Lambda answers within a tenth of it.
const ATTEMPT: Duration = Duration::from_millis(700);
/// Two, because the first socket after a freeze may be dead.
const ATTEMPTS: usize = 2;
const ASKING: &str = "ask a bot";

/// A message that a bot is to answer: where it is. Its text stays in the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub room: String,
    pub epoch: String,
    pub seq: Seq,
    /// The bot's name.
    pub bot: String,
}

impl Bots {
    /// Returns what the bots are to answer: in a conversation those that are members, in a room those that the message
    /// mentions and the owner allowed when the number was drawn.
    pub fn addressed(&self, recorded: &Recorded, standing: &Standing) -> Vec<Question> {
        let Recorded::Event { event: LogEvent::Message(message), settings, .. } = recorded else {
            return Vec::new();
        };
        // A retry sees the message as it is now. Only what was sent asks.
        if message.edited_at.is_some() {
            return Vec::new();
        }
        let members: Vec<Person> = match standing {
            Standing::Member { roster, .. } if roster.current().any(|member| member.blocks) => Vec::new(),
            Standing::Member { roster, .. } => {
                roster.current().filter(|member| is_bot(&member.user_id)).map(|member| member.person()).collect()
            }
            Standing::Occupant(_) => {
                settings.bots.iter().filter(|bot| message.mentions.contains(&bot.user_id)).cloned().collect()
            }
        };
        let question = |person: &Person| {
            let bot = self.with_id(&person.user_id)?.name.clone();
            Some(Question { room: message.room.clone(), epoch: message.epoch.clone(), seq: message.seq, bot })
        };
        members.iter().filter_map(question).take(BOTS_ASKED).collect()
    }

    /// Asks the bots, and has webhooks told, while `deliver` posts the message. Counts those that could not be.
    pub async fn pass_on(
        &self,
        (questions, news): (Vec<Question>, Vec<News>),
        deliver: impl Future<Output = PostCounts>,
        now: Millis,
    ) -> PostCounts {
        let asking = join_all(questions.iter().map(async |question| match self.named(&question.bot) {
            Some(bot) => self.functions.invoke(&bot.function, question, now).await,
            None => Ok(()),
        }));
        let telling = join_all(news.iter().map(|news| self.functions.invoke(&self.teller, news, now)));
        let (counts, asked, told) = join3(deliver, asking, telling).await;
        PostCounts { unasked: asked.iter().chain(&told).filter(|passed| passed.is_err()).count(), ..counts }
    }
}

/// Lambda, which runs the functions that answer for the bots.
pub struct Functions(pub Service);

impl Functions {
    /// Has a function invoked soon.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn invoke(&self, function: &str, payload: &impl Serialize, now: Millis) -> Result<()> {
        let body = serde_json::to_vec(payload).map_err(|_| unasked("request not built"))?;
        let path = format!("/2015-03-31/functions/{function}/invocations");
        let mut failure = unasked("timeout");
        for _ in 0..ATTEMPTS {
            match timeout(ATTEMPT, self.0.post(&path, &[("x-amz-invocation-type", "Event")], &body, now)).await {
                Ok(Ok(response)) if response.status().is_success() => return Ok(()),
                Ok(Ok(_)) => failure = unasked("refused"),
                Ok(Err(reason)) => failure = unasked(reason),
                Err(_) => {}
            }
        }
        Err(failure)
    }
}

fn unasked(reason: &str) -> ChatError {
    ChatError::Service { doing: ASKING, reason: reason.into() }
}
