//! Changing a message: editing it, deleting it, adding or removing a reaction. Each change is an event of its own,
//! recorded once per idempotency key.

use std::cell::Cell;

use futures_util::future::{join3, try_join};
use parlor_protocol::client::{Delete, Edit, React};
use parlor_protocol::emoji::fully_qualified;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::{EMOJI_PER_MESSAGE, REACTIONS_PER_MESSAGE};
use parlor_protocol::log::{ChangeKind, Reaction};
use parlor_protocol::person::Person;
use parlor_protocol::text::{FrameId, RoomId};
use parlor_protocol::{Millis, Seq};

use crate::Caller;
use crate::conversations::standing::Standing;
use crate::delivery::PostCounts;
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::log::record::{AckTo, Plan, Recorder};
use crate::moderation::admission;
use crate::store::{ChangeRow, Companion, Entry, Event, IdempotencyKey, LogKey, MessageRow};

/// Replaces a message's text, and whom it mentions.
///
/// # Errors
/// `rateLimited`, `notJoined`, `roomNotFound`, `roomClosed`, `messageNotFound`, `messageDeleted`, `forbidden` for
/// anyone but the author, and if anyone but the owner mentions the room, `idReused`, `unavailable`.
pub async fn edit(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    caller: &Caller,
    frame: Edit,
    now: Millis,
) -> Result<PostCounts> {
    let Edit { room, seq, epoch, id, text, mentions, mentions_room } = frame;
    let mutation = Mutation::Edit { text: text.into(), mentions: mentions.into(), mentions_room };
    let request = Request { room, epoch, seq, id, mutation };
    change(limiter, recorder, caller, request, now).await
}

/// Deletes a message's text and reactions.
///
/// # Errors
/// `rateLimited`, `notJoined`, `roomNotFound`, `roomClosed`, `messageNotFound`, `forbidden` for anyone but the author
/// and the room's owner, `idReused`, `unavailable`.
pub async fn delete(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    caller: &Caller,
    frame: Delete,
    now: Millis,
) -> Result<PostCounts> {
    let Delete { room, seq, epoch, id } = frame;
    let request = Request { room, epoch, seq, id, mutation: Mutation::Delete };
    change(limiter, recorder, caller, request, now).await
}

/// Adds or removes a reaction.
///
/// # Errors
/// `rateLimited`, `notJoined`, `roomNotFound`, `roomClosed`, `messageNotFound`, `messageDeleted`, `invalidField`,
/// `tooManyReactions`, `idReused`, `unavailable`.
pub async fn react(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    caller: &Caller,
    frame: React,
    now: Millis,
) -> Result<PostCounts> {
    let React { room, seq, epoch, id, emoji, on } = frame;
    let request = Request { room, epoch, seq, id, mutation: Mutation::React { emoji: emoji.into(), on } };
    change(limiter, recorder, caller, request, now).await
}

/// A requested change of the message at `seq`.
struct Request {
    room: RoomId,
    /// The room's current epoch, unless the frame names one.
    epoch: Option<String>,
    seq: Seq,
    id: FrameId,
    mutation: Mutation,
}

/// What to do to a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Mutation {
    Edit { text: String, mentions: Vec<String>, mentions_room: bool },
    Delete,
    React { emoji: String, on: bool },
}

async fn change(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    caller: &Caller,
    request: Request,
    now: Millis,
) -> Result<PostCounts> {
    let Request { room, epoch, seq: of, id, mutation } = request;
    let Recorder { rooms, log, members, fanout, .. } = recorder;
    let room_id = room.as_str();
    let key = IdempotencyKey { user_id: caller.user_id.clone(), id: id.as_str().to_owned() };
    let read_log = async |epoch: &str| {
        let message = log.message(LogKey { room_id, epoch, seq: of });
        // Boxed, like the reads below, because the SDK's futures are large and each await would hold several.
        Box::pin(try_join(log.marker(room_id, epoch, &key, now), message)).await
    };
    let reads = async {
        let read_early = async {
            match &epoch {
                // A failure is left to the second read. So is an epoch that no key can hold, for which there is none.
                Some(epoch) => read_log(epoch).await.ok(),
                None => None,
            }
        };
        let standing = Standing::read(fanout.connections, members, caller, room_id, now);
        let (standing, room, early) = join3(standing, rooms.of_either_kind(room_id, now), read_early).await;
        // In this order: a caller who has not joined learns nothing about the room, not even whether it exists.
        Ok((standing?, room?, early))
    };
    let (standing, room, early) = limiter.rate_limited(caller, room_id, now, Box::pin(reads)).await?;
    if epoch.as_ref().is_some_and(|epoch| *epoch != room.epoch) {
        return Err(not_found());
    }
    if of < standing.first() {
        return Err(not_found());
    }
    let (author, is_owner) = (standing.person(), standing.owns(&room));
    let deletes_any = match &mutation {
        Mutation::Delete if !is_owner => admission::status(members, &room, &author.user_id).await?.moderator,
        _ => is_owner,
    };
    // For the first try only: another one follows because something has changed.
    let early = Cell::new(early);
    let plan = async || {
        let (marker, message) = match early.take() {
            Some(read) => read,
            None => read_log(&room.epoch).await?,
        };
        let event = Event::Change(mutation.event(of, &author, now));
        if let Some(seq) = marker {
            return Ok(Plan::Replay(event, LogKey { room_id, epoch: &room.epoch, seq }));
        }
        let message = message.ok_or_else(not_found)?;
        let read = message.version;
        let Some(message) = mutation.apply(&message, &author.user_id, (is_owner, deletes_any), now)? else {
            return Ok(Plan::NoChange { epoch: room.epoch.clone(), seq: read.unwrap_or(of) });
        };
        let message = Companion::Message { of, read, message };
        let companions = vec![Companion::Marker(key.clone()), message];
        Ok(Plan::Append(Entry { event, epoch: Some(room.epoch.clone()), companions }))
    };
    let recorded = recorder.record(room_id, plan, standing.audience(), now).await?;
    let ack_to = AckTo { connection_id: &caller.connection_id, id };
    Ok(recorder.deliver(room_id, recorded, Some(ack_to), now).await)
}

impl Mutation {
    /// Returns the message after the change, or `None` if nothing would change.
    ///
    /// # Errors
    /// `forbidden`, `messageDeleted`, `invalidField` for a reaction that is not an emoji, `tooManyReactions`.
    pub fn apply(
        &self,
        message: &MessageRow,
        user_id: &str,
        (is_owner, deletes_any): (bool, bool),
        now: Millis,
    ) -> Result<Option<MessageRow>> {
        let is_author = message.user_id == user_id;
        let is_deleted = message.deleted_at.is_some();
        match self {
            Self::Edit { .. } if !is_author => Err(forbidden("only its author may edit a message")),
            Self::Delete if !is_author && !deletes_any => {
                Err(forbidden("only its author or a moderator may delete a message"))
            }
            Self::Delete if is_deleted => Ok(None),
            Self::Delete => Ok(Some(message.clone().deleted(now))),
            _ if is_deleted => Err(ChatError::refused(ErrorCode::MessageDeleted, "the message was deleted")),
            Self::Edit { mentions_room: true, .. } if !is_owner => Err(only_owner_mentions_room()),
            Self::Edit { text, mentions, mentions_room } => {
                let (text, mentions, mentions_room) = (text.clone(), mentions.clone(), *mentions_room);
                let edited = MessageRow { text, mentions, mentions_room, ..message.clone() };
                Ok((edited != *message).then_some(MessageRow { edited_at: Some(now), ..edited }))
            }
            Self::React { emoji, on } => {
                let reactions = if *on {
                    with(&message.reactions, emoji, user_id)?
                } else {
                    without(&message.reactions, emoji, user_id)
                };
                Ok((reactions != message.reactions).then(|| MessageRow { reactions, ..message.clone() }))
            }
        }
    }

    fn event(&self, of: Seq, author: &Person, at: Millis) -> ChangeRow {
        let (kind, emoji) = match self {
            Self::Edit { .. } => (ChangeKind::Edited, None),
            Self::Delete => (ChangeKind::Deleted, None),
            Self::React { emoji, on: true } => (ChangeKind::Reacted, Some(emoji.clone())),
            Self::React { emoji, on: false } => (ChangeKind::Unreacted, Some(emoji.clone())),
        };
        ChangeRow { of, kind, emoji, user_id: author.user_id.clone(), name: author.name.clone(), at }
    }
}

fn with(reactions: &[Reaction], emoji: &str, user_id: &str) -> Result<Vec<Reaction>> {
    if fully_qualified(emoji).is_none() {
        return Err(ChatError::refused(ErrorCode::InvalidField, "emoji: must be one emoji"));
    }
    let mut reactions = reactions.to_vec();
    match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
        Some(reaction) if reaction.user_ids.iter().any(|id| id == user_id) => return Ok(reactions),
        Some(reaction) => reaction.user_ids.push(user_id.to_owned()),
        None => reactions.push(Reaction { emoji: emoji.to_owned(), user_ids: vec![user_id.to_owned()] }),
    }
    let count: usize = reactions.iter().map(|reaction| reaction.user_ids.len()).sum();
    if reactions.len() > EMOJI_PER_MESSAGE || count > REACTIONS_PER_MESSAGE {
        let message =
            format!("a message can have at most {EMOJI_PER_MESSAGE} emoji and {REACTIONS_PER_MESSAGE} reactions");
        return Err(ChatError::refused(ErrorCode::TooManyReactions, message));
    }
    Ok(reactions)
}

fn without(reactions: &[Reaction], emoji: &str, user_id: &str) -> Vec<Reaction> {
    let mut reactions = reactions.to_vec();
    for reaction in reactions.iter_mut().filter(|reaction| reaction.emoji == emoji) {
        reaction.user_ids.retain(|id| id != user_id);
    }
    reactions.retain(|reaction| !reaction.user_ids.is_empty());
    reactions
}

pub(crate) fn only_owner_mentions_room() -> ChatError {
    forbidden("only the room's owner may mention everyone in it")
}

fn forbidden(message: &str) -> ChatError {
    ChatError::refused(ErrorCode::Forbidden, message)
}

fn not_found() -> ChatError {
    ChatError::refused(ErrorCode::MessageNotFound, "there is no message with this number")
}
