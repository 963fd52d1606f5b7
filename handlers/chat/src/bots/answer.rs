//! A bot answers a message: once, however often it is asked to. The answer's idempotency key consists of the bot, the
//! epoch and the message's number, so a repeated job finds the first answer and delivers it again.

use parlor_protocol::conversations::is_conversation;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::BOT_ANSWERS_WITHIN;
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

/// What a bot says to a message.
enum Saying {
    Answer(String),
    Apology,
}

/// Answers a message as a bot, unless there is nothing to answer any more. `reply` makes the bot's reply to a text; if it
/// fails, the bot says so once, and the error lets the job be repeated.
///
/// # Errors
/// `unavailable`.
pub async fn answer(
    bots: &Bots,
    recorder: Recorder<'_>,
    question: &Question,
    reply: impl FnOnce(&Bot, &MessageRow) -> Result<String>,
    now: Millis,
) -> Result<PostCounts> {
    let Question { room, epoch, seq, bot } = question;
    let Some(bot) = bots.named(bot) else { return Ok(PostCounts::default()) };
    let key = LogKey { room_id: room, epoch, seq: *seq };
    let Some(message) = recorder.log.message(key).await? else { return Ok(PostCounts::default()) };
    // Longer than Lambda repeats a job, and shorter than the marker of an answer counts.
    let is_late = message.at.saturating_add(millis(BOT_ANSWERS_WITHIN)) < now;
    if is_late || is_bot(&message.user_id) || message.deleted_at.is_some() {
        return Ok(PostCounts::default());
    }
    let roster = if is_conversation(room) { Some(recorder.members.roster(room).await?) } else { None };
    if !is_addressed(bot, &message, roster.as_ref()) {
        return Ok(PostCounts::default());
    }
    match reply(bot, &message) {
        Ok(text) => say(recorder, bot, key, roster.as_ref(), Saying::Answer(text), now).await,
        Err(error) => {
            let answer = IdempotencyKey { user_id: bot.user_id(), id: answer_id(*seq) };
            if recorder.log.marker(room, epoch, &answer, now).await?.is_some() {
                return Ok(PostCounts::default());
            }
            say(recorder, bot, key, roster.as_ref(), Saying::Apology, now).await?;
            Err(error)
        }
    }
}

fn answer_id(seq: Seq) -> String {
    format!("answer-{seq}")
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
    bot: &Bot,
    key: LogKey<'_>,
    roster: Option<&Roster>,
    saying: Saying,
    now: Millis,
) -> Result<PostCounts> {
    let (id, text) = match saying {
        Saying::Answer(text) => (answer_id(key.seq), text),
        Saying::Apology => (format!("apology-{}", key.seq), APOLOGY.to_owned()),
    };
    let marker = IdempotencyKey { user_id: bot.user_id(), id: id.clone() };
    let message = MessageRow { reply_to: Some(key.seq), ..MessageRow::new(id, bot.person(), text, now) };
    let companions = vec![Companion::Marker(marker)];
    let entry = Entry { event: Event::Message(message), epoch: Some(key.epoch.to_owned()), companions };
    let plan = async || Ok(Plan::Append(entry.clone()));
    let audience = roster.map_or(AudienceOf::Room, AudienceOf::Members);
    match recorder.record(key.room_id, plan, audience, now).await {
        Ok(recorded) => Ok(recorder.deliver(key.room_id, recorded, None, now).await),
        // The room is over, was cleared or is locked, the bot was removed or muted, or it has answered with another text:
        // its file has changed since.
        Err(ChatError::Refused { code, .. }) if code != ErrorCode::Unavailable => Ok(PostCounts::default()),
        Err(error) => Err(error),
    }
}
