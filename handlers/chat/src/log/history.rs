//! Pages of a room's log. A page never silently skips a number: it ends before a number where an event may still
//! arrive, and voids those where none can any more.

use std::collections::BTreeSet;
use std::ops::Range;

use futures_util::stream::{self, TryStreamExt};
use parlor_protocol::client::History;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::{PAGE_BYTES, PAGE_EVENTS, PAGE_EVENTS_DEFAULT, POST_BYTES, VOID_AFTER};
use parlor_protocol::log::{Change, LogEvent, LogPage};
use parlor_protocol::person::Person;
use parlor_protocol::server::{HistoryPage, ServerFrame};
use parlor_protocol::{Millis, Seq};
use serde::Serialize;

use crate::conversations::standing::first_readable;
use crate::delivery::{PostCounts, json_length};
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::log::record::Recorder;
use crate::moderation::admission;
use crate::rooms::pass;
use crate::store::{Event, Log, LogKey, LogRange, Room, VoidRow};
use crate::{Caller, READS_AT_ONCE, millis};

/// The part of the log that a page covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PageRange {
    Newest,
    Before(Seq),
    After(Seq),
}

impl PageRange {
    /// Returns the range that a request asks for.
    ///
    /// # Errors
    /// `invalidField` if both are given.
    pub fn new(before: Option<Seq>, after: Option<Seq>) -> Result<Self> {
        match (before, after) {
            (None, None) => Ok(Self::Newest),
            (Some(before), None) => Ok(Self::Before(before)),
            (None, Some(after)) => Ok(Self::After(after)),
            (Some(_), Some(_)) => Err(ChatError::refused(ErrorCode::InvalidField, "give before or after, not both")),
        }
    }

    /// Returns the numbers to read, at most `limit` of those up to `top`.
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

/// How much a page may hold.
#[derive(Clone, Copy, Debug)]
pub struct PageLimits {
    pub numbers: u64,
    /// Bytes of JSON for the events.
    pub bytes: usize,
    /// Events that the page holds even if they exceed `bytes`.
    pub min_events: usize,
}

/// Returns how many numbers a page covers at most, for the `limit` of a request.
///
/// # Errors
/// `invalidField`.
pub fn page_length(limit: Option<u32>) -> Result<u64> {
    match limit.unwrap_or(PAGE_EVENTS_DEFAULT) {
        limit @ 1..=PAGE_EVENTS => Ok(u64::from(limit)),
        _ => {
            let message = format!("limit: must be 1 to {PAGE_EVENTS}");
            Err(ChatError::refused(ErrorCode::InvalidField, message))
        }
    }
}

/// Posts a page of a room's log to the caller.
///
/// # Errors
/// `rateLimited`, `notJoined`, `roomNotFound`, `roomClosed`, `invalidField`, `unavailable`.
pub async fn history(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    caller: &Caller,
    frame: History,
    now: Millis,
) -> Result<PostCounts> {
    let History { room, before, after, limit, id } = frame;
    let (room_id, Recorder { rooms, log, members, fanout, .. }) = (room.as_str(), recorder);
    let reads = async {
        // The room before the membership: somebody who is still a member at the second read may read all of its numbers.
        let room = rooms.of_either_kind(room_id, now).await;
        let first = first_readable(fanout.connections, members, caller, room_id, now).await?;
        Ok((first, room))
    };
    let (first, room) = limiter.rate_limited(caller, room_id, now, reads).await?;
    let range = PageRange::new(before, after)?;
    let length = page_length(limit)?;
    let room = room?;
    let mut answer = HistoryPage { page: empty(&room, first), id };
    // Every event that the limits allow fits a frame, so each page can hold at least one, and its reader makes
    // progress.
    let limits = PageLimits { numbers: length, bytes: bytes_left(&answer), min_events: 1 };
    answer.page = page(log, &room, first, range, limits, now).await?;
    fanout.poster.post(&caller.connection_id, &ServerFrame::History(answer)).await;
    Ok(PostCounts::default())
}

/// Returns a page of a room's log, for HTTP. Anyone with the room's link may read it and, if the room has a password, a
/// pass.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `passRequired`, `unauthorized` without a reader in a room that has banned people,
/// `banned`, `unavailable`.
pub async fn list(
    recorder: Recorder<'_>,
    room_id: &str,
    range: PageRange,
    numbers: u64,
    (pass, reader): (Option<&str>, Option<&Person>),
    now: Millis,
) -> Result<LogPage> {
    let Recorder { rooms, log, members, .. } = recorder;
    let room = rooms.open(room_id, now).await?;
    pass::check(&room, pass, now)?;
    admission::check_reader(members, &room, reader, now).await?;
    page(log, &room, 1, range, PageLimits { numbers, bytes: PAGE_BYTES, min_events: 1 }, now).await
}

/// Returns the page after everything in the room. `first` is the first number that its reader may know.
pub fn empty(room: &Room, first: Seq) -> LogPage {
    let (from, to) = (room.seq.saturating_add(1), room.seq);
    let (room_id, epoch, seq) = (room.room_id.clone(), room.epoch.clone(), room.seq);
    let first = (first > 1).then_some(first);
    LogPage { room: room_id, epoch, seq, first, from, to, events: Vec::new() }
}

/// Returns how many bytes of events fit a frame whose page is still empty.
pub fn bytes_left(frame: &impl Serialize) -> usize {
    /// `"type":"history",` is the longest type of a frame with a page.
    const TYPE: usize = 17;
    POST_BYTES.saturating_sub(json_length(frame) + TYPE)
}

/// Reads a page. Read `room` before: the page covers the numbers that `room` had drawn by then. Nothing before `first`
/// is on it, nor in a change on it.
pub async fn page(
    log: &Log,
    room: &Room,
    first: Seq,
    range: PageRange,
    limits: PageLimits,
    now: Millis,
) -> Result<LogPage> {
    let (from, to) = range.bounds(room.seq, limits.numbers);
    let from = from.max(first);
    let (from, to) = if from > to { (to + 1, to) } else { (from, to) };
    let (mut events, to) = settled(log, room, from, to, now).await?;
    let is_forward = matches!(range, PageRange::After(_));
    if is_forward {
        add_earlier_messages(log, room, first..from, &mut events).await?;
    }
    let (from, to) = trim(&mut events, from, to, limits, is_forward);
    Ok(LogPage { from, to, events, ..empty(room, first) })
}

/// Reads the events at the numbers `from` to `to`, up to the first number that may still receive its event. Returns the
/// last number covered.
async fn settled(log: &Log, room: &Room, from: Seq, to: Seq, now: Millis) -> Result<(Vec<LogEvent>, Seq)> {
    // One number more than asked for: its event tells when the last one was drawn, at the latest.
    let beyond = to.saturating_add(1).min(room.seq);
    let found = log.read(LogRange { room_id: &room.room_id, epoch: &room.epoch, from, to: beyond }).await?;
    let mut found = found.into_iter().peekable();
    let mut events = Vec::new();
    for seq in from..=to {
        let key = LogKey { room_id: &room.room_id, epoch: &room.epoch, seq };
        let event = match found.next_if(|(at, _)| *at == seq) {
            Some((_, event)) => event,
            None => {
                // Numbers are drawn in order, so this one was drawn before the next event's. An event bears the time at
                // which its function began, at most that function's timeout before its number was drawn.
                let drawn_at = found.peek().map_or(room.seq_at, |(_, next)| next.at());
                match close_gap(log, key, drawn_at, now).await? {
                    Some(event) => event,
                    None => return Ok((events, seq - 1)),
                }
            }
        };
        events.extend(event.into_wire(key));
    }
    Ok((events, to))
}

/// Decides a number at which the query found nothing: voids it if its event has had enough time to arrive. Returns what
/// it then holds, which may be an event that arrived just now, or `None` if it is still open.
async fn close_gap(log: &Log, key: LogKey<'_>, drawn_at: Millis, now: Millis) -> Result<Option<Event>> {
    if now < drawn_at.saturating_add(millis(VOID_AFTER)) {
        return Ok(None);
    }
    if log.void(key, now).await? {
        return Ok(Some(Event::Void(VoidRow { at: now })));
    }
    log.get(key).await
}

/// Adds messages from before the page, in their current state, to their last change on the page: a client that
/// continues from before the page may have an older state. Messages on the page are current anyway.
async fn add_earlier_messages(log: &Log, room: &Room, earlier: Range<Seq>, events: &mut [LogEvent]) -> Result<()> {
    let mut seen = BTreeSet::new();
    let last_changes = events.iter_mut().rev().filter_map(|event| match event {
        LogEvent::Change(change) if earlier.contains(&change.of) && seen.insert(change.of) => Some(change),
        _ => None,
    });
    stream::iter(last_changes.map(Ok))
        .try_for_each_concurrent(READS_AT_ONCE, |change: &mut Change| async {
            let key = LogKey { room_id: &room.room_id, epoch: &room.epoch, seq: change.of };
            change.message = log.message(key).await?.map(|message| message.into_wire(key));
            Ok(())
        })
        .await
}

/// Drops events from the far end of a page until it fits. Returns the numbers that it still covers. If no event is
/// left, the page ends before the first dropped one.
fn trim(events: &mut Vec<LogEvent>, from: Seq, to: Seq, limits: PageLimits, keep_oldest: bool) -> (Seq, Seq) {
    let mut bytes_left = limits.bytes;
    let mut fits = |(n, event): &(usize, &LogEvent)| {
        let size = json_length(event) + ",".len();
        let fits = size <= bytes_left;
        bytes_left = bytes_left.saturating_sub(size);
        fits || *n < limits.min_events
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
