//! Pages of a room's log. A page never passes over a number in silence: it ends before one that a message may still
//! arrive at, and voids those where none can any more.

use parlor_protocol::client::History;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::MessagesPage;
use parlor_protocol::limits::{PAGE_BYTES, PAGE_MESSAGES, PAGE_MESSAGES_DEFAULT, SEND_LIFE};
use parlor_protocol::server::{HistoryPage, Message, ServerFrame};
use parlor_protocol::{Millis, Seq};

use crate::error::{ChatError, Result};
use crate::fanout::Tally;
use crate::store::{Event, Room, Stretch};
use crate::{Caller, Chat, millis};

/// Which messages a page is to have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wanted {
    Newest,
    Before(Seq),
    After(Seq),
}

impl Wanted {
    /// # Errors
    /// `invalidField` where both are given.
    pub fn new(before: Option<Seq>, after: Option<Seq>) -> Result<Self> {
        match (before, after) {
            (None, None) => Ok(Self::Newest),
            (Some(before), None) => Ok(Self::Before(before)),
            (None, Some(after)) => Ok(Self::After(after)),
            (Some(_), Some(_)) => Err(ChatError::refused(ErrorCode::InvalidField, "give before or after, not both")),
        }
    }

    /// The numbers to look at, of those up to `top`.
    fn bounds(self, top: Seq, limit: u64) -> (Seq, Seq) {
        let back_from = |to: Seq| (to.saturating_sub(limit).saturating_add(1), to);
        match self {
            Self::Newest => back_from(top),
            Self::Before(before) => back_from(before.saturating_sub(1).min(top)),
            Self::After(after) => {
                let after = after.min(top);
                (after.saturating_add(1), after.saturating_add(limit).min(top))
            }
        }
    }
}

/// The length of a page that was asked for.
///
/// # Errors
/// `invalidField`.
pub fn page_length(limit: Option<u32>) -> Result<u64> {
    match limit.unwrap_or(PAGE_MESSAGES_DEFAULT) {
        limit @ 1..=PAGE_MESSAGES => Ok(u64::from(limit)),
        _ => {
            let message = format!("limit: must be 1 to {PAGE_MESSAGES}");
            Err(ChatError::refused(ErrorCode::InvalidField, message))
        }
    }
}

/// # Errors
/// `notJoined`, `roomNotFound`, `roomClosed`, `invalidField`, `unavailable`.
pub async fn history(chat: &Chat, caller: &Caller, frame: History, now: Millis) -> Result<Tally> {
    let History { room, before, after, limit, id } = frame;
    let wanted = Wanted::new(before, after)?;
    let length = page_length(limit)?;
    chat.connections.occupant(&caller.connection_id, room.as_str(), now).await?;
    let room = chat.rooms.open(room.as_str(), now).await?;
    let Page { page, .. } = page(chat, &room, wanted, length, now).await?;
    chat.poster.post(&caller.connection_id, &ServerFrame::History(HistoryPage { page, id })).await;
    Ok(Tally::default())
}

/// A page, and whether it had to leave out messages to fit a frame.
pub struct Page {
    pub page: MessagesPage,
    pub trimmed: bool,
}

/// Reads a page of at most `length` numbers and [`PAGE_BYTES`]. `room` must have been read before, so that everything it
/// numbered by then is looked for.
pub async fn page(chat: &Chat, room: &Room, wanted: Wanted, length: u64, now: Millis) -> Result<Page> {
    let (from, to) = wanted.bounds(room.seq, length);
    let (from, to) = if from > to { (to + 1, to) } else { (from.max(1), to) };
    let (mut messages, to) = settled(chat, room, from, to, now).await?;
    let found = messages.len();
    let (from, to) = trim(&mut messages, from, to, matches!(wanted, Wanted::After(_)));
    let trimmed = messages.len() < found;
    let (room_id, epoch) = (room.room_id.clone(), room.epoch.clone());
    Ok(Page { page: MessagesPage { room: room_id, epoch, seq: room.seq, from, to, messages }, trimmed })
}

/// The messages at the numbers `from` to `to`, and how far they reach: up to the first number that is still open.
async fn settled(chat: &Chat, room: &Room, from: Seq, to: Seq, now: Millis) -> Result<(Vec<Message>, Seq)> {
    // One number more than asked for: what is there says when the last one was given out at the latest.
    let beyond = to.saturating_add(1).min(room.seq);
    let events = chat.log.read(Stretch { room_id: &room.room_id, epoch: &room.epoch, from, to: beyond }).await?;
    let mut messages = Vec::new();
    for seq in from..=to {
        let found = events.iter().find(|(at, _)| *at == seq).map(|(_, event)| event.clone());
        let event = match found {
            Some(event) => event,
            None => match close_gap(chat, room, seq, given_out(&events, seq).unwrap_or(room.seq_at), now).await? {
                Some(event) => event,
                None => return Ok((messages, seq - 1)),
            },
        };
        if let Event::Message(said) = event {
            messages.push(said.at_seq(&room.room_id, seq));
        }
    }
    Ok((messages, to))
}

/// A time around which a number was given out: numbers are given out in order, so it was before the next message's. A
/// message bears the time at which its function began, which is at most that function's timeout before its number.
fn given_out(events: &[(Seq, Event)], seq: Seq) -> Option<Millis> {
    events.iter().filter(|(at, _)| *at > seq).find_map(|(_, event)| match event {
        Event::Message(said) => Some(said.at),
        Event::Void => None,
    })
}

/// What is at a number where nothing was found: nothing yet, or a void, or what arrived just now.
async fn close_gap(chat: &Chat, room: &Room, seq: Seq, given_out: Millis, now: Millis) -> Result<Option<Event>> {
    if now < given_out.saturating_add(millis(SEND_LIFE)) {
        return Ok(None);
    }
    if chat.log.void(&room.room_id, &room.epoch, seq).await? {
        return Ok(Some(Event::Void));
    }
    let events = chat.log.read(Stretch { room_id: &room.room_id, epoch: &room.epoch, from: seq, to: seq }).await?;
    Ok(events.into_iter().map(|(_, event)| event).next())
}

/// Drops messages from the far end of a page until it fits a frame; returns the numbers that it still covers.
fn trim(messages: &mut Vec<Message>, from: Seq, to: Seq, keep_oldest: bool) -> (Seq, Seq) {
    let size = |message: &Message| serde_json::to_vec(message).map_or(0, |json| json.len() + 1);
    let mut room_left = PAGE_BYTES;
    let mut fits = |message: &Message| {
        let fits = size(message) <= room_left;
        room_left = room_left.saturating_sub(size(message));
        fits
    };
    if keep_oldest {
        let kept = messages.iter().take_while(|message| fits(message)).count();
        let end = messages.get(kept).map_or(to, |dropped| dropped.seq - 1);
        messages.truncate(kept);
        (from, end)
    } else {
        let kept = messages.iter().rev().take_while(|message| fits(message)).count();
        let dropped = messages.len() - kept;
        let start = dropped.checked_sub(1).and_then(|last| messages.get(last)).map_or(from, |last| last.seq + 1);
        messages.drain(..dropped);
        (start, to)
    }
}
