//! Changing what was said: another text, no text, an emoji. Each is an event of the log like the message itself; done
//! twice it is done once.

use futures_util::future::{join, try_join};
use parlor_protocol::client::{Delete, Edit, React};
use parlor_protocol::emoji::fully_qualified;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::{EMOJI_PER_MESSAGE, REACTIONS_PER_MESSAGE};
use parlor_protocol::log::{ChangeKind, Reaction};
use parlor_protocol::text::{FrameId, RoomId};
use parlor_protocol::{Millis, Seq};

use crate::delivery::fanout::PostCounts;
use crate::error::{ChatError, Result};
use crate::log::record::{Plan, record, tell};
use crate::store::{ChangeRow, Entry, Event, IdempotencyKey, LogKey, MessageRow, Occupant, With};
use crate::{Caller, Chat};

/// # Errors
/// `rateLimited`, `notJoined`, `roomNotFound`, `roomClosed`, `messageNotFound`, `messageDeleted`; `forbidden` for anybody but the author;
/// `unavailable`.
pub async fn edit(chat: &Chat, caller: &Caller, frame: Edit, now: Millis) -> Result<PostCounts> {
    let Edit { room, seq, epoch, id, text } = frame;
    change(chat, caller, &room, (epoch, seq), id, &Mutation::Edit(text.into()), now).await
}

/// # Errors
/// `rateLimited`, `notJoined`, `roomNotFound`, `roomClosed`, `messageNotFound`; `forbidden` for anybody but the author and the room's owner;
/// `unavailable`.
pub async fn delete(chat: &Chat, caller: &Caller, frame: Delete, now: Millis) -> Result<PostCounts> {
    let Delete { room, seq, epoch, id } = frame;
    change(chat, caller, &room, (epoch, seq), id, &Mutation::Delete, now).await
}

/// # Errors
/// `rateLimited`, `notJoined`, `roomNotFound`, `roomClosed`, `messageNotFound`, `messageDeleted`, `invalidField`, `tooManyReactions`, `unavailable`.
pub async fn react(chat: &Chat, caller: &Caller, frame: React, now: Millis) -> Result<PostCounts> {
    let React { room, seq, epoch, id, emoji, on } = frame;
    change(chat, caller, &room, (epoch, seq), id, &Mutation::React { emoji: emoji.into(), on }, now).await
}

/// What somebody wants of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Mutation {
    Edit(String),
    Delete,
    React { emoji: String, on: bool },
}

async fn change(
    chat: &Chat,
    caller: &Caller,
    room: &RoomId,
    (epoch, of): (Option<String>, Seq),
    id: FrameId,
    wish: &Mutation,
    now: Millis,
) -> Result<PostCounts> {
    let room_id = room.as_str();
    let in_room = chat.connections.occupant(&caller.connection_id, room_id, now);
    let read = async {
        let (by, room) = join(in_room, chat.rooms.open(room_id, now)).await;
        // In this order: who is not in a room hears nothing of it, not even whether there is one.
        Ok((by?, room?))
    };
    let (by, room) = chat.rate_limited(caller, room_id, now, read).await?;
    if epoch.is_some_and(|epoch| epoch != room.epoch) {
        return Err(not_found());
    }
    let is_owner = room.owner_id.as_ref() == Some(&by.user_id);
    let once = IdempotencyKey { user_id: by.user_id.clone(), id: id.as_str().to_owned() };
    let place = |seq| LogKey { room_id, epoch: &room.epoch, seq };
    let intend = async || {
        let done = chat.log.done(room_id, &room.epoch, &once, now);
        let (done, said) = try_join(done, chat.log.message(place(of))).await?;
        if let Some(seq) = done {
            return Ok(Plan::Replay(Event::Change(wish.event(of, &by, now)), place(seq)));
        }
        let said = said.ok_or_else(not_found)?;
        let Some(changed) = wish.apply(&said, &by.user_id, is_owner, now)? else {
            return Ok(Plan::NoChange { epoch: room.epoch.clone(), seq: said.version.unwrap_or(of) });
        };
        let (once, epoch) = (once.clone(), room.epoch.clone());
        let with = With::Message { once, epoch, of, read: said.version, said: changed };
        Ok(Plan::Append(Entry { event: Event::Change(wish.event(of, &by, now)), with }))
    };
    let recorded = record(chat, room_id, intend, now).await?;
    Ok(tell(chat, caller, room_id, id, recorded, now).await)
}

impl Mutation {
    /// The message as the wish leaves it; nothing where it is so already.
    ///
    /// # Errors
    /// `forbidden`, `messageDeleted`, `invalidField` for a reaction that is no emoji, `tooManyReactions`.
    pub fn apply(&self, said: &MessageRow, user_id: &str, is_owner: bool, now: Millis) -> Result<Option<MessageRow>> {
        let is_author = said.user_id == user_id;
        let is_deleted = said.deleted_at.is_some();
        match self {
            Self::Edit(_) if !is_author => Err(forbidden("only its author may edit a message")),
            Self::Delete if !is_author && !is_owner => {
                Err(forbidden("only its author or the room's owner may delete a message"))
            }
            Self::Delete if is_deleted => Ok(None),
            Self::Delete => Ok(Some(MessageRow {
                text: String::new(),
                deleted_at: Some(now),
                reactions: Vec::new(),
                ..said.clone()
            })),
            _ if is_deleted => Err(ChatError::refused(ErrorCode::MessageDeleted, "the message was deleted")),
            Self::Edit(text) if *text == said.text => Ok(None),
            Self::Edit(text) => Ok(Some(MessageRow { text: text.clone(), edited_at: Some(now), ..said.clone() })),
            Self::React { emoji, on } => {
                let reactions =
                    if *on { with(&said.reactions, emoji, user_id)? } else { without(&said.reactions, emoji, user_id) };
                Ok((reactions != said.reactions).then(|| MessageRow { reactions, ..said.clone() }))
            }
        }
    }

    fn event(&self, of: Seq, by: &Occupant, at: Millis) -> ChangeRow {
        let (kind, emoji) = match self {
            Self::Edit(_) => (ChangeKind::Edited, None),
            Self::Delete => (ChangeKind::Deleted, None),
            Self::React { emoji, on: true } => (ChangeKind::Reacted, Some(emoji.clone())),
            Self::React { emoji, on: false } => (ChangeKind::Unreacted, Some(emoji.clone())),
        };
        ChangeRow { of, kind, emoji, user_id: by.user_id.clone(), name: by.name.clone(), at }
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
        let message = format!(
            "a message can have {EMOJI_PER_MESSAGE} different emoji and {REACTIONS_PER_MESSAGE} reactions at most"
        );
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

fn forbidden(message: &str) -> ChatError {
    ChatError::refused(ErrorCode::Forbidden, message)
}

fn not_found() -> ChatError {
    ChatError::refused(ErrorCode::MessageNotFound, "there is no message of this number")
}
