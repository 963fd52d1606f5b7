//! Recording an event in a room's log: first draw a number, then store the event there with its companions, in one
//! transaction. `docs/protocol.md` states the guarantees that this keeps: above all, what is acknowledged is in the log
//! exactly once.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{LocalBoxFuture, try_join};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::log::{Change, LogEvent, Message};
use parlor_protocol::person::Person;
use parlor_protocol::rules::SlowSeconds;
use parlor_protocol::server::{Ack, ServerFrame, Voids};
use parlor_protocol::text::FrameId;
use parlor_protocol::{Millis, Seq};
use tokio::time::{sleep, timeout};

use crate::delivery::{Fanout, Listener, PostCounts};
use crate::error::{ChatError, Result};
use crate::moderation::admission;
use crate::store::{
    Appended, Companion, Drawn, Entry, Event, Gate, Limits, Log, LogKey, Members, MessageRow, Occupant, Room, Rooms,
    Roster,
};

/// Attempts per event, each with its own number. A second one follows if a reader voided the first number, or if
/// somebody else changed the same message at the same moment.
pub(crate) const TRIES: usize = 4;
/// The pause between two attempts, after a conflict with other writers.
pub(crate) const PAUSE: Duration = Duration::from_millis(20);
/// How long an acknowledgement waits for slow readers. Nearly all get their post within a tenth of this.
const SLOW_READER: Duration = Duration::from_millis(250);

/// Records events, and delivers them.
#[derive(Clone, Copy)]
pub struct Recorder<'a> {
    pub rooms: &'a Rooms,
    pub log: &'a Log,
    /// Only for conversations, and for rooms with a guard.
    pub members: &'a Members,
    /// Only for rooms in slow mode.
    pub limits: &'a Limits,
    pub fanout: Fanout<'a>,
}

/// What to do, given what has been read.
pub enum Plan<'a> {
    Append(Entry),
    /// A retry: the event is already stored at this position. Deliver it again, because not everyone may have it.
    Replay(Event, LogKey<'a>),
    /// Nothing would change; the event at this number already changed it.
    NoChange {
        epoch: String,
        seq: Seq,
    },
}

/// Makes the plan of each attempt.
type Planner<'a, 'p> = dyn Fn() -> LocalBoxFuture<'a, Result<Plan<'p>>> + 'a;

/// Who learns of an event.
#[derive(Clone, Copy)]
pub enum AudienceOf<'a> {
    /// Everyone in the room.
    Room,
    /// The members of the conversation, as read before the number is drawn.
    Members(&'a Roster),
}

/// The connections that an event is posted to.
pub enum Audience {
    Room(Vec<Occupant>),
    Members(Vec<Listener>),
}

/// What was recorded.
#[allow(clippy::large_enum_variant, reason = "nearly always an event, and one at a time")]
pub enum Recorded {
    /// The event is in the log, stored now or by an earlier attempt.
    Event {
        event: LogEvent,
        audience: Audience,
        /// Those that the room's owner allowed, as read with the number that this attempt drew. Empty for a retry that
        /// draws none.
        bots: Vec<Person>,
    },
    NoChange {
        epoch: String,
        seq: Seq,
    },
}

/// What is known of whether an entry's author may write.
struct Admission {
    gate: Gate,
    /// The seconds of slow mode that the entry is counted for.
    counted: Option<SlowSeconds>,
}

/// The result of drawing a number for an entry.
enum Admitted {
    /// The room, with the number.
    Number(Box<Room>),
    /// An earlier attempt has stored the entry.
    Stored { room: Box<Room>, seq: Seq },
}

/// The connection that gets the acknowledgement, and the id of its frame. The author is part of the event: an author
/// need not have a connection.
pub struct AckTo<'a> {
    pub connection_id: &'a str,
    pub id: FrameId,
}

impl Recorder<'_> {
    /// Records an event, once per idempotency key, and reads its audience.
    ///
    /// `plan` is called for each attempt. The audience is read concurrently with the transaction, after the number is
    /// drawn, so it includes every client that joined or connected before the draw. Clients that do so later read the
    /// room's newest number and catch up.
    ///
    /// The numbers that this uses up without storing an event are voided and announced to the audience, in the event
    /// itself or in a `voids` frame. So nobody has to ask for them.
    ///
    /// # Errors
    /// `roomNotFound`, `roomClosed`, `messageNotFound` if the room was cleared meanwhile or the event answers a number
    /// that is not in the log, `idReused`, in a moderated room `banned`, `muted`, `roomLocked` and `slowMode`,
    /// `unavailable`, and the errors of `plan`.
    pub async fn record<'p>(
        &self,
        room_id: &str,
        plan: impl AsyncFn() -> Result<Plan<'p>>,
        of: AudienceOf<'_>,
        now: Millis,
    ) -> Result<Recorded> {
        self.record_planned(room_id, &|| Box::pin(plan()), of, now).await
    }

    /// The same for every plan: a copy for each would be a tenth of the bundle.
    async fn record_planned<'p>(
        &self,
        room_id: &str,
        plan: &Planner<'_, 'p>,
        of: AudienceOf<'_>,
        now: Millis,
    ) -> Result<Recorded> {
        let mut unused = UnusedNumbers::default();
        let recorded = self.try_to_record(room_id, plan, of, &mut unused, now).await;
        if unused.seqs.is_empty() {
            return recorded;
        }
        match recorded {
            Ok(Recorded::Event { event, audience, bots }) if event.epoch() == unused.epoch => {
                Ok(Recorded::Event { event: event.with_voids(unused.seqs), audience, bots })
            }
            recorded => {
                self.announce_voids(room_id, unused, of, now).await;
                recorded
            }
        }
    }

    async fn try_to_record<'p>(
        &self,
        room_id: &str,
        plan: &Planner<'_, 'p>,
        of: AudienceOf<'_>,
        unused: &mut UnusedNumbers,
        now: Millis,
    ) -> Result<Recorded> {
        let log = self.log;
        let mut admitted = Admission { gate: Gate::Unchecked, counted: None };
        for _ in 0..TRIES {
            let entry = match plan().await? {
                Plan::Append(entry) => entry,
                Plan::NoChange { epoch, seq } => return Ok(Recorded::NoChange { epoch, seq }),
                Plan::Replay(event, key) => {
                    let (event, audience) = Box::pin(self.replay(&event, key, of, now)).await?;
                    return Ok(Recorded::Event { event, audience, bots: Vec::new() });
                }
            };
            let room = match self.draw(room_id, &entry, &mut admitted, now).await? {
                Some(Admitted::Number(room)) => *room,
                Some(Admitted::Stored { room, seq }) => {
                    let key = LogKey { room_id, epoch: &room.epoch, seq };
                    let (event, audience) = Box::pin(self.replay(&entry.event, key, of, now)).await?;
                    return Ok(Recorded::Event { event, audience, bots: room.settings.bots });
                }
                None => {
                    sleep(PAUSE).await;
                    continue;
                }
            };
            let key = LogKey { room_id, epoch: &room.epoch, seq: room.seq };
            if entry.is_of_another_epoch(&room.epoch) {
                unused.void(log, key, now).await?;
                return Err(ChatError::refused(ErrorCode::MessageNotFound, "the room was cleared"));
            }
            if room.refuses_bot(entry.event.author()) {
                unused.void(log, key, now).await?;
                return Err(ChatError::refused(ErrorCode::Forbidden, "the room's owner has removed this bot"));
            }
            let newer;
            let of = match of {
                AudienceOf::Members(roster) if !room.has(roster) => {
                    newer = self.roster_of(&room).await?;
                    if newer.member(entry.event.author()).is_none() {
                        unused.void(log, key, now).await?;
                        return Err(ChatError::room_not_found());
                    }
                    AudienceOf::Members(&newer)
                }
                of => of,
            };
            if entry.replies_to_nothing(key.seq) {
                unused.void(log, key, now).await?;
                return Err(ChatError::refused(ErrorCode::MessageNotFound, "replyTo: the room has no such number yet"));
            }
            let appended = {
                // Boxed because the SDK's futures are large.
                let audience = Box::pin(self.audience(room_id, of, Some(key.seq), now));
                try_join(log.append(key, &entry, self.rooms, now), audience).await
            };
            let (appended, audience) = match appended {
                Ok(both) => both,
                Err(error) => {
                    // Spare readers the wait. Does nothing if the event was stored after all.
                    let _ = unused.void(log, key, now).await;
                    return Err(error);
                }
            };
            match appended {
                Appended::Stored => {
                    let event = appended_event(entry, key)?;
                    return Ok(Recorded::Event { event, audience, bots: room.settings.bots });
                }
                Appended::Duplicate(first) => {
                    unused.void(log, key, now).await?;
                    let event = replayed_event(log, &entry.event, LogKey { seq: first, ..key }).await?;
                    return Ok(Recorded::Event { event, audience, bots: room.settings.bots });
                }
                // A reader voided it but told only its own client, so announce it.
                Appended::Voided => unused.void(log, key, now).await?,
                Appended::Conflict => {
                    unused.void(log, key, now).await?;
                    sleep(PAUSE).await;
                }
            }
        }
        Err(room_busy())
    }

    /// Draws a number for an entry. In a room with a guard, checks first that its author may write. Returns `None` while a
    /// notice is being stored, or if the guard changes again and again.
    async fn draw(
        &self,
        room_id: &str,
        entry: &Entry,
        admission: &mut Admission,
        now: Millis,
    ) -> Result<Option<Admitted>> {
        for _ in 0..TRIES {
            let room = match self.rooms.next_seq(room_id, admission.gate, now).await? {
                Drawn::Number(room) => return Ok(Some(Admitted::Number(room))),
                Drawn::Busy => return Ok(None),
                Drawn::Guarded(room) => room,
            };
            admission.gate = Gate::at(&room);
            let counted = admission.counted;
            match admission::check_author(self.members, self.limits, &room, entry, counted, now).await {
                Ok(counted) => admission.counted = counted,
                Err(refusal @ (ChatError::Refused { .. } | ChatError::SlowMode { .. })) => {
                    // What is stored already is not refused: its first attempt was admitted.
                    let stored = match entry.idempotency_key() {
                        Some(key) => self.log.marker(room_id, &room.epoch, key, now).await?,
                        None => None,
                    };
                    return match stored {
                        Some(seq) => Ok(Some(Admitted::Stored { room, seq })),
                        None => Err(refusal),
                    };
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Reads the event that an earlier attempt stored, and who learns of it.
    async fn replay(
        &self,
        event: &Event,
        key: LogKey<'_>,
        of: AudienceOf<'_>,
        now: Millis,
    ) -> Result<(LogEvent, Audience)> {
        try_join(replayed_event(self.log, event, key), self.audience(key.room_id, of, None, now)).await
    }

    /// Announces voided numbers that no event carries. Whoever misses this frame asks for the numbers.
    async fn announce_voids(&self, room_id: &str, unused: UnusedNumbers, of: AudienceOf<'_>, now: Millis) {
        let UnusedNumbers { epoch, seqs } = unused;
        let Ok(audience) = Box::pin(self.audience(room_id, of, None, now)).await else { return };
        let frame = ServerFrame::Voids(Voids { room: room_id.to_owned(), epoch, seqs });
        match audience {
            Audience::Room(occupants) => {
                let delivery = self.fanout.broadcast(room_id, occupants, &frame, now).await;
                self.fanout.announce_departures(room_id, delivery, now).await;
            }
            Audience::Members(listeners) => {
                self.fanout.post_to(listeners, &frame, now).await;
            }
        }
    }

    /// Reads the members of a conversation that have changed since they were read before its row.
    async fn roster_of(&self, room: &Room) -> Result<Roster> {
        for _ in 0..TRIES {
            let roster = self.members.roster(&room.room_id).await?;
            // Newer than the row is fine: it says since when and until when everybody is a member.
            if room.has(&roster) || Some(roster.version()) > room.members_version {
                return Ok(roster);
            }
            sleep(PAUSE).await;
        }
        Err(room_busy())
    }

    /// Reads who learns of the event at a number, or again of an earlier one: then, only who is a member now.
    async fn audience(&self, room_id: &str, of: AudienceOf<'_>, drawn: Option<Seq>, now: Millis) -> Result<Audience> {
        Ok(match of {
            AudienceOf::Room => Audience::Room(self.fanout.connections.in_room(room_id).await?),
            AudienceOf::Members(roster) => Audience::Members(match drawn {
                Some(seq) => {
                    let knowing = roster.0.iter().filter(|member| member.covers(seq));
                    self.fanout.listeners(knowing, now).await?
                }
                None => self.fanout.present_listeners(&self.members.roster(room_id).await?, now).await?,
            }),
        })
    }

    /// Posts an event to its audience. Acknowledges it, if a frame asked for it, once everyone has it or is slow.
    pub async fn deliver(
        &self,
        room_id: &str,
        recorded: Recorded,
        ack_to: Option<AckTo<'_>>,
        now: Millis,
    ) -> PostCounts {
        let acknowledge = async |epoch: String, seq, at| {
            if let Some(AckTo { connection_id, id }) = ack_to {
                let ack = Ack { room: room_id.to_owned(), epoch, id, seq, at };
                self.fanout.poster.post(connection_id, &ServerFrame::Ack(ack)).await;
            }
        };
        match recorded {
            Recorded::NoChange { epoch, seq } => {
                acknowledge(epoch, seq, now).await;
                PostCounts::default()
            }
            Recorded::Event { event, audience, .. } => {
                let (epoch, seq, at) = (event.epoch().to_owned(), event.seq(), event.at());
                match audience {
                    Audience::Room(occupants) => {
                        let frame = event.into();
                        let broadcast = Box::pin(self.fanout.broadcast(room_id, occupants, &frame, now));
                        let delivery = acknowledged(broadcast, acknowledge(epoch, seq, at)).await;
                        self.fanout.announce_departures(room_id, delivery, now).await
                    }
                    Audience::Members(listeners) => {
                        let posts = Box::pin(self.fanout.post_event(listeners, &event, now));
                        acknowledged(posts, acknowledge(epoch, seq, at)).await
                    }
                }
            }
        }
    }
}

/// Waits for the posts, and acknowledges meanwhile if some readers are slow.
async fn acknowledged<T>(posts: impl Future<Output = T>, acknowledge: impl Future<Output = ()>) -> T {
    let mut posts = pin!(posts);
    let finished = timeout(SLOW_READER, &mut posts).await;
    acknowledge.await;
    match finished {
        Ok(posted) => posted,
        Err(_) => posts.await,
    }
}

/// Numbers of one epoch that this invocation drew and voided. Clients ignore earlier epochs, so their voids are dropped.
#[derive(Default)]
struct UnusedNumbers {
    epoch: String,
    seqs: Vec<Seq>,
}

impl UnusedNumbers {
    /// Voids a number, unless an event is there after all.
    async fn void(&mut self, log: &Log, key: LogKey<'_>, now: Millis) -> Result<()> {
        if log.void(key, now).await? {
            if self.epoch != key.epoch {
                *self = Self { epoch: key.epoch.to_owned(), seqs: Vec::new() };
            }
            self.seqs.push(key.seq);
        }
        Ok(())
    }
}

pub(crate) fn room_busy() -> ChatError {
    ChatError::refused(ErrorCode::Unavailable, "the room is too busy; repeat the same frame or request")
}

/// Returns the event that was just stored. A change carries the message in its new state.
fn appended_event(entry: Entry, key: LogKey) -> Result<LogEvent> {
    let event = into_wire(entry.event, key)?;
    let changed = entry.companions.into_iter().find_map(|companion| match companion {
        Companion::Message { of, message, .. } => {
            let message = MessageRow { version: Some(key.seq), ..message };
            Some(message.into_wire(LogKey { seq: of, ..key }))
        }
        _ => None,
    });
    Ok(match changed {
        Some(message) => with_message(event, message),
        None => event,
    })
}

/// Reads what the first attempt stored. That attempt may have died before it posted anything, so it is delivered again.
async fn replayed_event(log: &Log, event: &Event, key: LogKey<'_>) -> Result<LogEvent> {
    let stored = log.get(key).await?.ok_or_else(event_gone)?;
    if !is_retry_of(event, &stored) {
        let message = "this id was used for something else; choose a new one";
        return Err(ChatError::refused(ErrorCode::IdReused, message));
    }
    let stored = into_wire(stored, key)?;
    if let LogEvent::Change(change) = &stored {
        let of = LogKey { seq: change.of, ..key };
        if let Some(message) = log.message(of).await? {
            return Ok(with_message(stored, message.into_wire(of)));
        }
    }
    Ok(stored)
}

/// Whether an event repeats the stored one. A message that was edited or deleted since no longer has its first text to
/// compare.
fn is_retry_of(event: &Event, stored: &Event) -> bool {
    match (event, stored) {
        (Event::Message(message), Event::Message(stored)) => {
            let has_changed = stored.edited_at.is_some() || stored.deleted_at.is_some();
            message.reply_to == stored.reply_to && (has_changed || message.text == stored.text)
        }
        (Event::Change(change), Event::Change(stored)) => {
            (change.of, change.kind, &change.emoji) == (stored.of, stored.kind, &stored.emoji)
        }
        _ => false,
    }
}

fn into_wire(event: Event, key: LogKey) -> Result<LogEvent> {
    event.into_wire(key).ok_or_else(event_gone)
}

fn with_message(event: LogEvent, message: Message) -> LogEvent {
    match event {
        LogEvent::Change(change) => LogEvent::Change(Change { message: Some(message), ..change }),
        other => other,
    }
}

/// The room was closed or cleared between the two calls. The next attempt is refused, or stored in the new log.
fn event_gone() -> ChatError {
    ChatError::Service { doing: "repeat an event", reason: "it is gone".into() }
}
