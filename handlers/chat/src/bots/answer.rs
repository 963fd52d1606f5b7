//! A bot answers a message: once, however often it is asked to. The answer's idempotency key consists of the bot, the
//! epoch and the message's number, so a repeated job finds the first answer and delivers it again.

use futures_util::future::try_join;
use parlor_protocol::conversations::is_conversation;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::BOT_ANSWERS_WITHIN;
use parlor_protocol::log::QuickReply;
use parlor_protocol::person::is_bot;
use parlor_protocol::{Millis, Seq};

use super::ask::Question;
use super::{Bot, Bots};
use crate::delivery::PostCounts;
use crate::error::{ChatError, Result};
use crate::log::record::{AudienceOf, Plan, Recorder};
use crate::millis;
use crate::store::{Companion, Entry, Event, IdempotencyKey, LogKey, MessageRow, Roster};

/// What a bot says that has no reply because something is wrong with it.
const APOLOGY: &str = "Sorry, something is wrong with me: I cannot answer right now.";

/// What a bot replies to a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    pub text: String,
    pub quick_replies: Vec<QuickReply>,
    /// What a model took and gave for it, if it told.
    pub tokens: usize,
}

/// A message that a bot is to answer.
pub struct Asked {
    pub bot: Bot,
    pub message: MessageRow,
    /// What an earlier attempt has answered. The bot does not reply again.
    pub answered: Option<Reply>,
    question: Question,
    /// Of a conversation.
    roster: Option<Roster>,
}

impl Asked {
    pub fn room(&self) -> &str {
        &self.question.room
    }

    pub fn seq(&self) -> Seq {
        self.question.seq
    }

    pub(super) fn key(&self) -> LogKey<'_> {
        let Question { room, epoch, seq, .. } = &self.question;
        LogKey { room_id: room, epoch, seq: *seq }
    }

    /// The members, in a conversation.
    pub(super) fn roster(&self) -> Option<&Roster> {
        self.roster.as_ref()
    }

    /// Returns the first number that whoever asks may read.
    pub(super) fn first_readable(&self) -> Seq {
        let Some(roster) = &self.roster else { return 1 };
        let asking = roster.0.iter().find(|member| member.user_id == self.message.user_id && member.covers(self.seq()));
        asking.map_or(self.seq(), |member| member.first)
    }
}

/// Reads what a question is about, unless there is nothing to answer any more.
///
/// # Errors
/// `unavailable`.
pub async fn asked(bots: &Bots, recorder: Recorder<'_>, question: Question, now: Millis) -> Result<Option<Asked>> {
    let Some(bot) = bots.named(&question.bot).cloned() else { return Ok(None) };
    let Question { room, epoch, seq, .. } = &question;
    let key = LogKey { room_id: room, epoch, seq: *seq };
    let answer = answer_key(&bot, *seq);
    let (message, first) = try_join(recorder.log.message(key), recorder.log.marker(room, epoch, &answer, now)).await?;
    let Some(message) = message else { return Ok(None) };
    // Longer than Lambda repeats a job, and shorter than the marker of an answer counts.
    let is_late = message.at.saturating_add(millis(BOT_ANSWERS_WITHIN)) < now;
    if is_late || is_bot(&message.user_id) || message.deleted_at.is_some() {
        return Ok(None);
    }
    let roster = if is_conversation(room) { Some(recorder.members.roster(room).await?) } else { None };
    if !is_addressed(&bot, &message, roster.as_ref()) {
        return Ok(None);
    }
    let answered = match first {
        Some(seq) => {
            let Some(first) = recorder.log.message(LogKey { seq, ..key }).await? else { return Ok(None) };
            Some(Reply { text: first.text, quick_replies: first.quick_replies, tokens: 0 })
        }
        None => None,
    };
    Ok(Some(Asked { bot, message, answered, question, roster }))
}

fn answer_key(bot: &Bot, seq: Seq) -> IdempotencyKey {
    IdempotencyKey { user_id: bot.user_id(), id: format!("answer-{seq}") }
}

/// Records a bot's reply and delivers it. If the bot has none, it says so once, and the error lets the job be repeated.
///
/// # Errors
/// `unavailable`.
pub async fn answer(recorder: Recorder<'_>, asked: &Asked, reply: Result<Reply>, now: Millis) -> Result<PostCounts> {
    let key = answer_key(&asked.bot, asked.seq());
    match reply {
        Ok(reply) => say(recorder, asked, key, reply, now).await,
        Err(error) => {
            // Meanwhile, another attempt may have answered.
            let LogKey { room_id, epoch, .. } = asked.key();
            if recorder.log.marker(room_id, epoch, &key, now).await?.is_some() {
                return Ok(PostCounts::default());
            }
            let key = IdempotencyKey { id: format!("apology-{}", asked.seq()), ..key };
            let apology = Reply { text: APOLOGY.to_owned(), ..Reply::default() };
            say(recorder, asked, key, apology, now).await?;
            Err(error)
        }
    }
}

/// Whether the bot is to answer: in a conversation, as a member whom nobody blocks.
fn is_addressed(bot: &Bot, message: &MessageRow, roster: Option<&Roster>) -> bool {
    let user_id = bot.user_id();
    match roster {
        Some(roster) => {
            roster.member(&user_id).is_some() && !roster.current().any(|other| other.blocks && other.user_id != user_id)
        }
        None => message.mentions.contains(&user_id),
    }
}

/// Records what the bot says, as a reply, and delivers it.
async fn say(
    recorder: Recorder<'_>,
    asked: &Asked,
    marker: IdempotencyKey,
    Reply { text, quick_replies, tokens }: Reply,
    now: Millis,
) -> Result<PostCounts> {
    let key = asked.key();
    let message = MessageRow::new(marker.id.clone(), asked.bot.person(), text, now);
    let message = MessageRow { reply_to: Some(key.seq), quick_replies, ..message };
    let companions = vec![Companion::Marker(marker)];
    let entry = Entry { event: Event::Message(message), epoch: Some(key.epoch.to_owned()), companions };
    let plan = async || Ok(Plan::Append(entry.clone()));
    let audience = asked.roster.as_ref().map_or(AudienceOf::Room, AudienceOf::Members);
    match recorder.record(key.room_id, plan, audience, now).await {
        Ok(recorded) => {
            let counts = recorder.deliver(key.room_id, recorded, None, now).await;
            Ok(PostCounts { tokens, ..counts })
        }
        // The room is over, was cleared or is locked, the bot was removed or muted, or another attempt has answered with
        // another text.
        Err(ChatError::Refused { code, .. }) if code != ErrorCode::Unavailable => Ok(PostCounts::default()),
        Err(error) => Err(error),
    }
}
