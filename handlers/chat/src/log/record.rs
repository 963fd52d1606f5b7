//! Putting something into a room's log: the number, then the event with all that belongs to it in one transaction.
//! `docs/protocol.md` states the promise that this keeps: what is acknowledged is in the log exactly once.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::try_join;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::log::{Change, LogEvent, Message};
use parlor_protocol::server::{Ack, ServerFrame, Voids};
use parlor_protocol::text::FrameId;
use parlor_protocol::{Millis, Seq};
use tokio::time::{sleep, timeout};

use crate::delivery::fanout::PostCounts;
use crate::error::{ChatError, Result};
use crate::store::{Appended, Entry, Event, LogKey, MessageRow, Occupant, With};
use crate::{Caller, Chat};

/// Numbers that one event may use up. A second is needed where a reader voided the first, or where somebody else changed the
/// same message at the same moment.
pub(crate) const TRIES: usize = 4;
/// Between two tries, where others were at the same rows.
pub(crate) const PAUSE: Duration = Duration::from_millis(20);
/// An acknowledgement waits no longer than this for readers; nearly all have their post in a tenth of it.
const SLOW_READER: Duration = Duration::from_millis(250);

/// What is to be done, as things now are.
pub enum Plan<'a> {
    Append(Entry),
    /// Its id was used before, for what is here; not everyone may have been told.
    Replay(Event, LogKey<'a>),
    /// It is so already, since the event of this number.
    NoChange {
        epoch: String,
        seq: Seq,
    },
}

/// What came of it.
pub enum Recorded {
    /// It is in the log, now or since an earlier attempt; these are to have it.
    Event {
        event: LogEvent,
        audience: Vec<Occupant>,
    },
    NoChange {
        epoch: String,
        seq: Seq,
    },
}

/// Numbers that this invocation drew and did not use, of the epoch that it met last: nobody is in an earlier one any more.
#[derive(Default)]
struct Unused {
    epoch: String,
    seqs: Vec<Seq>,
}

impl Unused {
    /// Voids a number, unless an event is there after all.
    async fn void(&mut self, chat: &Chat, place: LogKey<'_>, now: Millis) -> Result<()> {
        if chat.log.void(place, now).await? {
            if self.epoch != place.epoch {
                *self = Self { epoch: place.epoch.to_owned(), seqs: Vec::new() };
            }
            self.seqs.push(place.seq);
        }
        Ok(())
    }

    /// Tells everyone in the room, where no event is posted that could carry the numbers. Whoever is not told asks for them.
    async fn tell(self, chat: &Chat, room_id: &str, now: Millis) {
        let Self { epoch, seqs } = self;
        if seqs.is_empty() {
            return;
        }
        let Ok(audience) = chat.connections.in_room(room_id).await else { return };
        let frame = ServerFrame::Voids(Voids { room: room_id.to_owned(), epoch, seqs });
        let delivery = chat.broadcast(room_id, audience, &frame, now).await;
        chat.announce_departures(room_id, delivery, now).await;
    }
}

/// Puts an event into a room's log, once for each (room, person, id), and reads who is to have it. `intend` is asked again
/// for each try. Reading the audience beside the transaction is enough: who comes in later finds the number already given
/// out, and so knows of the event.
///
/// Nobody needs to ask for the numbers that this used up: the event carries them, or a frame of its own does.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `messageNotFound` where the room was cleared meanwhile, `idReused`, `unavailable`, and those
/// of `intend`.
pub async fn record<'a>(
    chat: &Chat,
    room_id: &str,
    intend: impl AsyncFn() -> Result<Plan<'a>>,
    now: Millis,
) -> Result<Recorded> {
    let mut unused = Unused::default();
    match try_to_record(chat, room_id, intend, &mut unused, now).await {
        Ok(Recorded::Event { event, audience }) if event.epoch() == unused.epoch => {
            Ok(Recorded::Event { event: event.with_voids(unused.seqs), audience })
        }
        recorded => {
            unused.tell(chat, room_id, now).await;
            recorded
        }
    }
}

async fn try_to_record<'a>(
    chat: &Chat,
    room_id: &str,
    intend: impl AsyncFn() -> Result<Plan<'a>>,
    unused: &mut Unused,
    now: Millis,
) -> Result<Recorded> {
    for _ in 0..TRIES {
        let entry = match intend().await? {
            Plan::Append(entry) => entry,
            Plan::NoChange { epoch, seq } => return Ok(Recorded::NoChange { epoch, seq }),
            Plan::Replay(event, place) => {
                let (event, audience) =
                    try_join(first_event(chat, &event, place), chat.connections.in_room(room_id)).await?;
                return Ok(Recorded::Event { event, audience });
            }
        };
        let Some(room) = chat.rooms.next_seq(room_id, now).await? else {
            sleep(PAUSE).await;
            continue;
        };
        let place = LogKey { room_id, epoch: &room.epoch, seq: room.seq };
        if entry.with.is_of_another_epoch(&room.epoch) {
            unused.void(chat, place, now).await?;
            return Err(ChatError::refused(ErrorCode::MessageNotFound, "the room was cleared"));
        }
        let append = chat.log.append(place, &entry, &chat.rooms, now);
        let (appended, audience) = match try_join(append, chat.connections.in_room(room_id)).await {
            Ok(both) => both,
            Err(error) => {
                // Nobody is to wait for this number. Should the event be there after all, it stays.
                let _ = unused.void(chat, place, now).await;
                return Err(error);
            }
        };
        match appended {
            Appended::Stored => return Ok(Recorded::Event { event: appended_event(entry, place)?, audience }),
            Appended::Duplicate(first) => {
                unused.void(chat, place, now).await?;
                let event = first_event(chat, &entry.event, LogKey { seq: first, ..place }).await?;
                return Ok(Recorded::Event { event, audience });
            }
            // The reader who voided it has told nobody else.
            Appended::Voided => unused.void(chat, place, now).await?,
            Appended::Conflict => {
                unused.void(chat, place, now).await?;
                sleep(PAUSE).await;
            }
        }
    }
    Err(room_busy())
}

pub(crate) fn room_busy() -> ChatError {
    ChatError::refused(ErrorCode::Unavailable, "the room is too busy; try again with the same id")
}

/// Tells everyone in the room, and acknowledges to the one who did it once everyone has it or is slow.
pub async fn tell(
    chat: &Chat,
    caller: &Caller,
    room_id: &str,
    id: FrameId,
    recorded: Recorded,
    now: Millis,
) -> PostCounts {
    let ack =
        |epoch: &str, seq, at| ServerFrame::Ack(Ack { room: room_id.to_owned(), epoch: epoch.to_owned(), id, seq, at });
    match recorded {
        Recorded::NoChange { epoch, seq } => {
            chat.poster.post(&caller.connection_id, &ack(&epoch, seq, now)).await;
            PostCounts::default()
        }
        Recorded::Event { event, audience } => {
            let ack = ack(event.epoch(), event.seq(), event.at());
            let frame = event.into();
            let mut broadcast = pin!(chat.broadcast(room_id, audience, &frame, now));
            let finished = timeout(SLOW_READER, &mut broadcast).await;
            chat.poster.post(&caller.connection_id, &ack).await;
            let delivery = match finished {
                Ok(delivery) => delivery,
                Err(_) => broadcast.await,
            };
            chat.announce_departures(room_id, delivery, now).await
        }
    }
}

fn appended_event(entry: Entry, place: LogKey) -> Result<LogEvent> {
    let event = placed(entry.event, place)?;
    Ok(match entry.with {
        With::Message { of, epoch, said, .. } => {
            let said = MessageRow { version: Some(place.seq), ..said };
            with_message(event, said.into_wire(LogKey { epoch: &epoch, seq: of, ..place }))
        }
        With::Marker(_) | With::Room { .. } => event,
    })
}

/// What the first attempt stored. It may have died before it told anybody: so everyone is told again.
async fn first_event(chat: &Chat, event: &Event, place: LogKey<'_>) -> Result<LogEvent> {
    let stored = chat.log.get(place).await?.ok_or_else(vanished)?;
    if !is_repetition(event, &stored) {
        let message = "this id was used for something else; choose a new one";
        return Err(ChatError::refused(ErrorCode::IdReused, message));
    }
    let stored = placed(stored, place)?;
    if let LogEvent::Change(change) = &stored {
        let of = LogKey { seq: change.of, ..place };
        if let Some(said) = chat.log.message(of).await? {
            return Ok(with_message(stored, said.into_wire(of)));
        }
    }
    Ok(stored)
}

/// Whether this is what was stored before. A text that was replaced since is taken at its word.
fn is_repetition(event: &Event, stored: &Event) -> bool {
    match (event, stored) {
        (Event::Message(said), Event::Message(stored)) => {
            stored.edited_at.is_some() || stored.deleted_at.is_some() || said.text == stored.text
        }
        (Event::Change(changed), Event::Change(stored)) => {
            (changed.of, changed.kind, &changed.emoji) == (stored.of, stored.kind, &stored.emoji)
        }
        _ => false,
    }
}

fn placed(event: Event, place: LogKey) -> Result<LogEvent> {
    event.into_wire(place).ok_or_else(vanished)
}

fn with_message(event: LogEvent, message: Message) -> LogEvent {
    match event {
        LogEvent::Change(change) => LogEvent::Change(Change { message: Some(message), ..change }),
        other => other,
    }
}

/// The room was closed or cleared in this moment: who tries again is told, or is stored in the new log.
fn vanished() -> ChatError {
    ChatError::Service { doing: "repeat an event", reason: "it is gone".into() }
}
