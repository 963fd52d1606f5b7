//! Pages of a room's log. A page never passes over a number in silence: it ends before one that an event may still
//! arrive at, and voids those where none can any more.

use std::collections::BTreeSet;

use futures_util::stream::{self, TryStreamExt};
use parlor_protocol::client::History;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::{PAGE_MESSAGES, PAGE_MESSAGES_DEFAULT, POST_BYTES, VOID_AFTER};
use parlor_protocol::log::LogPage;
use parlor_protocol::log::{Change, LogEvent};
use parlor_protocol::server::{HistoryPage, ServerFrame};
use parlor_protocol::{Millis, Seq};
use serde::Serialize;

use crate::delivery::fanout::PostCounts;
use crate::error::{ChatError, Result};
use crate::store::{Event, LogKey, LogRange, Room, VoidRow};
use crate::{Caller, Chat, READS_AT_ONCE, millis};

/// Which part of the log a page is to have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PageRange {
    Newest,
    Before(Seq),
    After(Seq),
}

impl PageRange {
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
/// `rateLimited`, `notJoined`, `roomNotFound`, `roomClosed`, `invalidField`, `unavailable`.
pub async fn history(chat: &Chat, caller: &Caller, frame: History, now: Millis) -> Result<PostCounts> {
    let History { room, before, after, limit, id } = frame;
    let room_id = room.as_str();
    let occupant = chat.connections.occupant(&caller.connection_id, room_id, now);
    chat.rate_limited(caller, room_id, now, occupant).await?;
    let wanted = PageRange::new(before, after)?;
    let length = page_length(limit)?;
    let room = chat.rooms.open(room_id, now).await?;
    let mut answer = HistoryPage { page: empty(&room), id };
    // Whatever the limits let in fits a frame: so each page has an event at least, and its reader gets on.
    let extent = PageLimits { numbers: length, bytes: left_in_frame(&answer), min_events: 1 };
    answer.page = page(chat, &room, wanted, extent, now).await?;
    chat.poster.post(&caller.connection_id, &ServerFrame::History(answer)).await;
    Ok(PostCounts::default())
}

/// How much a page may have.
#[derive(Clone, Copy, Debug)]
pub struct PageLimits {
    pub numbers: u64,
    /// Bytes of JSON for the events.
    pub bytes: usize,
    /// The events that it has however many bytes they take.
    pub min_events: usize,
}

/// The page after everything in the room.
pub fn empty(room: &Room) -> LogPage {
    let (from, to) = (room.seq.saturating_add(1), room.seq);
    LogPage { room: room.room_id.clone(), epoch: room.epoch.clone(), seq: room.seq, from, to, events: Vec::new() }
}

/// What a frame that has its page yet to come leaves for events.
pub fn left_in_frame(frame: &impl Serialize) -> usize {
    /// `"type":"history",`, which is the longest of the types with a page.
    const TYPE: usize = 17;
    let taken = serde_json::to_vec(frame).map_or(POST_BYTES, |json| json.len() + TYPE);
    POST_BYTES.saturating_sub(taken)
}

/// Reads a page. `room` must have been read before, so that everything it numbered by then is looked for.
pub async fn page(chat: &Chat, room: &Room, wanted: PageRange, extent: PageLimits, now: Millis) -> Result<LogPage> {
    let (from, to) = wanted.bounds(room.seq, extent.numbers);
    let (from, to) = if from > to { (to + 1, to) } else { (from.max(1), to) };
    let (mut events, to) = settled(chat, room, from, to, now).await?;
    let goes_on = matches!(wanted, PageRange::After(_));
    if goes_on {
        complete(chat, room, from, &mut events).await?;
    }
    let (from, to) = trim(&mut events, from, to, extent, goes_on);
    Ok(LogPage { from, to, events, ..empty(room) })
}

/// The events at the numbers `from` to `to`, and how far they reach: up to the first number that is still open.
async fn settled(chat: &Chat, room: &Room, from: Seq, to: Seq, now: Millis) -> Result<(Vec<LogEvent>, Seq)> {
    // One number more than asked for: what is there says when the last one was given out at the latest.
    let beyond = to.saturating_add(1).min(room.seq);
    let found = chat.log.read(LogRange { room_id: &room.room_id, epoch: &room.epoch, from, to: beyond }).await?;
    let mut events = Vec::new();
    for seq in from..=to {
        let place = LogKey { room_id: &room.room_id, epoch: &room.epoch, seq };
        let event = match found.iter().find(|(at, _)| *at == seq) {
            Some((_, event)) => event.clone(),
            None => match close_gap(chat, place, given_out(&found, seq).unwrap_or(room.seq_at), now).await? {
                Some(event) => event,
                None => return Ok((events, seq - 1)),
            },
        };
        events.extend(event.into_wire(place));
    }
    Ok((events, to))
}

/// Gives the last change of each message that is before the page the message as it now is: a client that goes on from
/// before the page may have it in an older form. Messages on the page are as they now are.
async fn complete(chat: &Chat, room: &Room, from: Seq, events: &mut [LogEvent]) -> Result<()> {
    let mut seen = BTreeSet::new();
    let last_changes = events.iter_mut().rev().filter_map(|event| match event {
        LogEvent::Change(change) if change.of < from && seen.insert(change.of) => Some(change),
        _ => None,
    });
    stream::iter(last_changes.map(Ok))
        .try_for_each_concurrent(READS_AT_ONCE, |change: &mut Change| async {
            let place = LogKey { room_id: &room.room_id, epoch: &room.epoch, seq: change.of };
            change.message = chat.log.message(place).await?.map(|said| said.into_wire(place));
            Ok(())
        })
        .await
}

/// A time around which a number was given out: numbers are given out in order, so it was before the next event's. An
/// event bears the time at which its function began, which is at most that function's timeout before its number.
fn given_out(found: &[(Seq, Event)], seq: Seq) -> Option<Millis> {
    found.iter().find(|(at, _)| *at > seq).map(|(_, event)| event.at())
}

/// What is at a number where nothing was found: nothing yet, or a void, or what arrived just now.
async fn close_gap(chat: &Chat, place: LogKey<'_>, given_out: Millis, now: Millis) -> Result<Option<Event>> {
    if now < given_out.saturating_add(millis(VOID_AFTER)) {
        return Ok(None);
    }
    if chat.log.void(place, now).await? {
        return Ok(Some(Event::Void(VoidRow { at: now })));
    }
    chat.log.get(place).await
}

/// Drops events from the far end of a page until it fits; returns the numbers that it still covers. A page that has no event
/// left ends before the first that it dropped.
fn trim(events: &mut Vec<LogEvent>, from: Seq, to: Seq, extent: PageLimits, keep_oldest: bool) -> (Seq, Seq) {
    let size = |event: &LogEvent| serde_json::to_vec(event).map_or(0, |json| json.len() + 1);
    let mut bytes_left = extent.bytes;
    let mut fits = |(n, event): &(usize, &LogEvent)| {
        let fits = size(event) <= bytes_left;
        bytes_left = bytes_left.saturating_sub(size(event));
        fits || *n < extent.min_events
    };
    if keep_oldest {
        let kept = events.iter().enumerate().take_while(&mut fits).count();
        let end = events.get(kept).map_or(to, |dropped| dropped.seq() - 1);
        events.truncate(kept);
        (from, end)
    } else {
        let kept = events.iter().rev().enumerate().take_while(&mut fits).count();
        let dropped = events.len() - kept;
        let last_dropped = dropped.checked_sub(1).and_then(|last| events.get(last)).map(LogEvent::seq);
        events.drain(..dropped);
        match last_dropped {
            Some(seq) if kept == 0 => (seq, seq - 1),
            Some(seq) => (seq + 1, to),
            None => (from, to),
        }
    }
}
