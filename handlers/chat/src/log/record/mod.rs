//! Recording an event in a room's log: first draw a number, then store the event there with its companions, in one
//! transaction. `docs/protocol.md` states the guarantees that this keeps: above all, what is acknowledged is in the log
//! exactly once.

use std::time::Duration;

use futures_util::future::{LocalBoxFuture, try_join};
use parlor_protocol::conversations::is_conversation;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::log::LogEvent;
use parlor_protocol::rules::SlowSeconds;
use parlor_protocol::{Millis, Seq};
use tokio::time::sleep;

pub use self::audience::{AckTo, Audience, AudienceOf};
use self::replay::{appended_event, replayed_event};
use crate::delivery::Fanout;
use crate::error::{ChatError, Result};
use crate::moderation::admission;
use crate::review::Review;
use crate::review::admit::{self, admit};
use crate::store::{Appended, Drawn, Entry, Event, Gate, Limits, Log, LogKey, Members, Room, Rooms, Settings};

mod audience;
mod replay;

/// Attempts per event, each with its own number. A second one follows if a reader voided the first number, or if
/// somebody else changed the same message at the same moment.
pub(crate) const TRIES: usize = 4;
/// The pause between two attempts, after a conflict with other writers.
pub(crate) const PAUSE: Duration = Duration::from_millis(20);

/// Records events, and delivers them.
#[derive(Clone, Copy)]
pub struct Recorder<'a> {
    pub rooms: &'a Rooms,
    pub log: &'a Log,
    /// Only for conversations, and for rooms with a guard.
    pub members: &'a Members,
    /// Only for rooms in slow mode.
    pub limits: &'a Limits,
    /// The stage's, if it has any.
    pub review: Option<&'a Review>,
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

/// What was recorded.
#[allow(clippy::large_enum_variant, reason = "nearly always an event, and one at a time")]
pub enum Recorded {
    /// The event is in the log, stored now or by an earlier attempt.
    Event {
        event: LogEvent,
        audience: Audience,
        /// The room's, as read with the number that this attempt drew. Empty for a retry that draws none.
        settings: Settings,
    },
    NoChange {
        epoch: String,
        seq: Seq,
    },
}

impl Recorded {
    /// Returns where it is in the log: epoch, number, and when it was stored. What changed nothing has no time of its own.
    pub fn position(&self, now: Millis) -> (String, Seq, Millis) {
        match self {
            Self::Event { event, .. } => (event.epoch().to_owned(), event.seq(), event.at()),
            Self::NoChange { epoch, seq } => (epoch.clone(), *seq, now),
        }
    }
}

/// What is known of whether an entry's author may write.
struct Admission {
    gate: Gate,
    /// The seconds of slow mode that the entry is counted for.
    counted: Option<SlowSeconds>,
    /// What came of the review: the text instead of the entry's, if it is another one.
    reviewed: Option<Option<String>>,
}

/// The result of drawing a number for an entry.
enum Admitted {
    /// The room, with the number.
    Number(Box<Room>),
    /// An earlier attempt has stored the entry.
    Stored { room: Box<Room>, seq: Seq },
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
    /// in a reviewed room `messageRefused`, `held` and `tooManyHeld`, `unavailable`, and the errors of `plan`.
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
            Ok(Recorded::Event { event, audience, settings }) if event.epoch() == unused.epoch => {
                Ok(Recorded::Event { event: event.with_voids(unused.seqs), audience, settings })
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
        let mut admitted = Admission { gate: Gate::Unchecked, counted: None, reviewed: None };
        for _ in 0..TRIES {
            let mut entry = match plan().await? {
                Plan::Append(entry) => entry,
                Plan::NoChange { epoch, seq } => return Ok(Recorded::NoChange { epoch, seq }),
                Plan::Replay(event, key) => {
                    let (event, audience) = Box::pin(self.replay(&event, key, of, now)).await?;
                    return Ok(Recorded::Event { event, audience, settings: Settings::default() });
                }
            };
            let room = match self.draw(room_id, &entry, &mut admitted, now).await? {
                Some(Admitted::Number(room)) => *room,
                Some(Admitted::Stored { room, seq }) => {
                    let key = LogKey { room_id, epoch: &room.epoch, seq };
                    let (event, audience) = Box::pin(self.replay(&entry.event, key, of, now)).await?;
                    return Ok(Recorded::Event { event, audience, settings: room.settings });
                }
                None => {
                    sleep(PAUSE).await;
                    continue;
                }
            };
            if let Some(Some(text)) = &admitted.reviewed {
                entry.replace_text(text);
            }
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
                    return Ok(Recorded::Event { event, audience, settings: room.settings });
                }
                Appended::Duplicate(first) => {
                    unused.void(log, key, now).await?;
                    let event = replayed_event(log, &entry.event, LogKey { seq: first, ..key }).await?;
                    return Ok(Recorded::Event { event, audience, settings: room.settings });
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

    /// Draws a number for an entry. In a room with a guard, checks first that its author may write and, if the room is
    /// reviewed, reviews what it says, once. Returns `None` while a
    /// notice is being stored, or if the guard changes again and again.
    async fn draw(
        &self,
        room_id: &str,
        entry: &Entry,
        admission: &mut Admission,
        now: Millis,
    ) -> Result<Option<Admitted>> {
        for _ in 0..TRIES {
            let waits = admission.reviewed.is_none() && self.reviews_all(room_id, entry);
            let gate = if waits { Gate::CLOSED } else { admission.gate };
            let room = match self.rooms.next_seq(room_id, gate, now).await? {
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
            let Some(review) = self.review.filter(|review| review.is_required || room.moderated.reviewed) else {
                continue;
            };
            if admission.reviewed.is_none() && Review::concerns(entry) {
                match Box::pin(admit(review, *self, &room, entry, now)).await? {
                    admit::Admitted::Passed(text) => admission.reviewed = Some(text),
                    admit::Admitted::Stored(seq) => return Ok(Some(Admitted::Stored { room, seq })),
                }
            }
        }
        Ok(None)
    }

    /// Whether an entry is reviewed before anything is known of its room.
    fn reviews_all(&self, room_id: &str, entry: &Entry) -> bool {
        let is_required = self.review.is_some_and(|review| review.is_required);
        is_required && !is_conversation(room_id) && Review::concerns(entry)
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
