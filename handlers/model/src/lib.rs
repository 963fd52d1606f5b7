//! Parlor's send algorithm as a model, for a model checker to try every order in which things can happen.
//!
//! Some senders share a room. Each says one thing, under one id, in up to so many attempts: runs of the `send` function
//! that may overlap, as a retry does whose first attempt still hangs. Hold [`Step`] beside `handlers/chat/src/record.rs`,
//! and [`Store`] beside `handlers/chat/src/store`.
//!
//! The model lets more happen than the real thing:
//!
//! - **No time.** A function sleeps as long as it likes, and its transaction lands as late as it likes, after its crash
//!   too, and again after it landed. So no promise relies on `VOID_AFTER`: it only spares senders a second number.
//! - **A repeated draw may always be forgotten.** So no promise relies on what the room's row remembers either: it only
//!   spares readers the wait for a number that nobody knows of.
//! - **Anybody voids any number at any time**, if nothing is there. A reader that waits first, a sender that gives up its
//!   own number, and a void that arrives late are among them. So a failed request needs no step of its own: it is a crash
//!   whose transaction and void may still arrive.
//! - **Readers are everywhere at every moment.** What is ever at a number has been read there. Any number of readers, with
//!   pages of any kind, sees a part of that.
//! - **A broadcast binds like an acknowledgement.** Both are held to the same promises.
//!
//! It leaves out:
//!
//! - *Who is posted to.* A missed post is caught up by number, from the log that is checked here.
//! - *Other rooms and epochs.* No row is shared between rooms, and a number or a marker of another epoch has another key.
//! - *The end of a marker after 24 hours, and the deletion of a closed room's log.* The promise ends there.
//! - *What a message says, and changes of it.* A change replaces a message by itself at the same number, only where a message
//!   is. How changes are ordered among themselves is not checked here, nor are notices, which have no marker.

mod attempt;
mod store;
mod symmetry;

use std::collections::{BTreeMap, BTreeSet};

use stateright::{Model, Property};

pub use attempt::{Attempt, Step};
pub use store::{Event, Sender, Seq, Store};

/// What the steps rely on. Without one of them the checker shows what it is for.
#[derive(Clone, Copy, Debug)]
pub struct Conditions {
    /// A number is given out by one update, not by a read and a write.
    pub one_update: bool,
    /// A message is put only where nothing is.
    pub message_if_empty: bool,
    /// A marker is put only if there is none.
    pub marker_if_absent: bool,
    /// Message and marker are put both or not at all.
    pub one_transaction: bool,
    /// A retry is answered with the marker's number, not with its own.
    pub first_number: bool,
    /// Nobody is told before the message is in the log.
    pub tell_after_append: bool,
    /// A void is put only where nothing is.
    pub void_if_empty: bool,
    /// A reader does not pass a number over that nothing is at: it waits, or voids it.
    pub void_before_passing: bool,
}

impl Conditions {
    pub const ALL: Self = Self {
        one_update: true,
        message_if_empty: true,
        marker_if_absent: true,
        one_transaction: true,
        first_number: true,
        tell_after_append: true,
        void_if_empty: true,
        void_before_passing: true,
    };
}

/// What must hold, always or in the end.
pub mod promise {
    pub const ACKNOWLEDGED: &str = "what is acknowledged is in the log exactly once, at the acknowledged number";
    pub const ONCE: &str = "a message gets one number at most, and all its acknowledgements say it";
    pub const STABLE: &str = "what was read at a number never changes";
    pub const DECIDED: &str = "in the end there is a message or a void at every number given out";
}

/// What must be possible, or the promises would mean nothing.
pub mod reach {
    pub const RETRIED: &str = "a retry finds its message acknowledged, and tells it again";
    pub const OVERLAPPING: &str = "two attempts have a transaction on its way at once";
    pub const LATE: &str = "a transaction is on its way when all of its functions are over";
    pub const VOIDED: &str = "a transaction on its way finds a void";
    pub const ORPHANED: &str = "a number is given out of which no attempt knows";
}

#[derive(Clone, Copy, Debug)]
pub struct Room {
    pub senders: Sender,
    /// Attempts for each message: the first, and its retries.
    pub attempts: usize,
    /// Numbers that one attempt may use up.
    pub tries: u8,
    /// Draws whose answers may be lost.
    pub losses: u8,
    pub conditions: Conditions,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    pub store: Store,
    /// Each sender's attempts, sorted: it does not matter which is which.
    pub attempts: Vec<Vec<Attempt>>,
    /// Draws whose answers may still be lost.
    pub losses: u8,
    /// What readers found first at each number.
    pub read: BTreeMap<Seq, Event>,
    /// What was broadcast, and may have been acknowledged.
    pub told: BTreeSet<(Sender, Seq)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// This sender's attempt, by its place, takes its next step.
    Advance(Sender, usize),
    /// Its transaction is answered with `TransactionConflict`.
    Conflict(Sender, usize),
    Crash(Sender, usize),
    /// Its draw gives a number out, and the answer is lost.
    LoseAnswer(Sender, usize),
    /// The repetition of that draw gives another number out.
    Forget(Sender, usize),
    /// A transaction lands, for the first time or again, and its answer is lost.
    Land(Sender, Seq),
    /// Somebody who found nothing at the number voids it.
    Void(Seq),
}

impl Room {
    fn attempt_actions(&self, state: &State, actions: &mut Vec<Action>) {
        let idle = Attempt::new(self.tries);
        for (sender, attempts) in (0..).zip(&state.attempts) {
            let mut before = Attempt::OVER;
            for (place, &attempt) in attempts.iter().enumerate() {
                // The next of the same kind would do the same.
                if attempt != std::mem::replace(&mut before, attempt) {
                    actions.push(Action::Advance(sender, place));
                    actions.push(Action::Crash(sender, place));
                    match attempt.step {
                        Step::Append(_) => actions.push(Action::Conflict(sender, place)),
                        Step::Draw if state.losses > 0 => actions.push(Action::LoseAnswer(sender, place)),
                        Step::Redraw(_) => actions.push(Action::Forget(sender, place)),
                        _ => {}
                    }
                }
            }
            // Senders are named in the order in which they begin.
            if attempts.iter().all(|&attempt| attempt == idle) {
                break;
            }
        }
    }

    fn can_be_voided(&self, state: &State, seq: Seq) -> bool {
        match state.store.log.get(&seq) {
            None => true,
            Some(event) => !self.conditions.void_if_empty && *event != Event::Void,
        }
    }
}

impl Model for Room {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let attempts = vec![Attempt::new(self.tries); self.attempts];
        vec![State {
            store: Store::default(),
            attempts: vec![attempts; usize::from(self.senders)],
            losses: self.losses,
            read: BTreeMap::new(),
            told: BTreeSet::new(),
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        self.attempt_actions(state, actions);
        actions.extend(state.store.in_flight.iter().map(|&(sender, seq)| Action::Land(sender, seq)));
        if self.conditions.void_before_passing {
            actions.extend((1..=state.store.top).filter(|&seq| self.can_be_voided(state, seq)).map(Action::Void));
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut next = last.clone();
        let State { store, attempts, losses, read, told } = &mut next;
        match action {
            Action::Advance(sender, place)
            | Action::Conflict(sender, place)
            | Action::Crash(sender, place)
            | Action::LoseAnswer(sender, place)
            | Action::Forget(sender, place) => {
                let attempts = attempts.get_mut(usize::from(sender))?;
                let attempt = attempts.get_mut(place)?;
                if let (Action::Advance(..), Step::Broadcast(seq)) = (action, attempt.step) {
                    told.insert((sender, seq));
                }
                *attempt = match action {
                    Action::Advance(..) => attempt.advanced(sender, store, &self.conditions),
                    Action::Conflict(..) => attempt.again(),
                    Action::LoseAnswer(..) => {
                        *losses = losses.saturating_sub(1);
                        attempt.unanswered(store)
                    }
                    Action::Forget(..) => attempt.forgotten(sender, store, &self.conditions),
                    _ => Attempt::OVER,
                };
                attempts.sort_unstable();
            }
            Action::Land(sender, seq) => store.land(sender, seq, &self.conditions),
            Action::Void(seq) => store.void(seq, &self.conditions),
        }
        store.forget_the_ineffective(&self.conditions);
        for seq in 1..=store.top {
            let found = store.log.get(&seq).copied();
            let passed_over = (!self.conditions.void_before_passing).then_some(Event::Void);
            if let Some(event) = found.or(passed_over) {
                read.entry(seq).or_insert(event);
            }
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(promise::ACKNOWLEDGED, |_, state: &State| {
                state.told.iter().all(|&(sender, seq)| state.store.numbers_of(sender).eq([seq]))
            }),
            Property::always(promise::ONCE, |room: &Self, state: &State| {
                (0..room.senders).all(|sender| {
                    let told = state.told.iter().filter(|(teller, _)| *teller == sender).count();
                    told <= 1 && state.store.numbers_of(sender).count() <= 1
                })
            }),
            Property::always(promise::STABLE, |_, state: &State| {
                state.read.iter().all(|(seq, read)| state.store.log.get(seq).unwrap_or(&Event::Void) == read)
            }),
            Property::eventually(promise::DECIDED, |_, state: &State| {
                state.attempts.iter().flatten().all(|attempt| *attempt == Attempt::OVER)
                    && (1..=state.store.top).all(|seq| state.store.log.contains_key(&seq))
            }),
            Property::sometimes(reach::RETRIED, |_, state: &State| {
                state.each_attempt().any(|(sender, attempt)| match attempt.step {
                    Step::Get(first) => state.told.contains(&(sender, first)),
                    _ => false,
                })
            }),
            Property::sometimes(reach::OVERLAPPING, |_, state: &State| {
                let on_its_way = |attempt: &&Attempt| matches!(attempt.step, Step::Append(_));
                state.attempts.iter().any(|attempts| attempts.iter().filter(on_its_way).count() == 2)
            }),
            Property::sometimes(reach::LATE, |_, state: &State| {
                (0..).zip(&state.attempts).any(|(sender, attempts)| {
                    attempts.iter().all(|attempt| *attempt == Attempt::OVER)
                        && state.store.in_flight.iter().any(|(late, _)| *late == sender)
                })
            }),
            Property::sometimes(reach::ORPHANED, |room: &Self, state: &State| {
                let knows = |seq| state.each_attempt().any(|(_, attempt)| attempt.step.seq() == Some(seq));
                let is_alive = state.each_attempt().any(|(_, attempt)| *attempt != Attempt::OVER);
                let is_sent = |seq| state.store.in_flight.iter().any(|&(_, sent)| sent == seq);
                room.losses == 0
                    || is_alive
                        && (1..=state.store.top)
                            .any(|seq| !state.store.log.contains_key(&seq) && !knows(seq) && !is_sent(seq))
            }),
            Property::sometimes(reach::VOIDED, |_, state: &State| {
                state.each_attempt().any(|(_, attempt)| match attempt.step {
                    Step::Append(seq) => state.store.log.get(&seq) == Some(&Event::Void),
                    _ => false,
                })
            }),
        ]
    }
}

impl State {
    fn each_attempt(&self) -> impl Iterator<Item = (Sender, &Attempt)> {
        (0..).zip(&self.attempts).flat_map(|(sender, attempts)| attempts.iter().map(move |attempt| (sender, attempt)))
    }
}
