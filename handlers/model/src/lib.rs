//! A model of the send algorithm. A model checker tries every order in which things can happen.
//!
//! Some senders share a room. Each sends one message under one id, in several attempts. An attempt is a run of the
//! `send` function, and attempts may overlap, like a retry whose first attempt still hangs. Read [`Step`] next to
//! `handlers/chat/src/log/record.rs`, and [`Store`] next to `handlers/chat/src/store`.
//!
//! The model allows more than can really happen:
//!
//! - **No time.** A function sleeps as long as it likes. Its transaction lands as late as it likes, even after the
//!   function has crashed, and again after it has landed. So no promise relies on `VOID_AFTER`, which only spares
//!   senders a second number.
//! - **A repeated draw may always be forgotten.** So no promise relies on the draws that the room's row remembers,
//!   which only spare readers the wait for a number that no attempt knows.
//! - **Anyone voids any number at any time**, if nothing is stored there. This covers a reader that waits first, a
//!   sender that gives up its own number, and a void that arrives late. So a failed request needs no step of its own:
//!   it is a crash whose transaction and void may still arrive.
//! - **Readers are everywhere at every moment.** Whatever is ever stored at a number has been read there. Any real
//!   number of readers, with pages of any kind, sees part of that.
//! - **A broadcast counts as an acknowledgement.** Both must keep the same promises.
//!
//! It leaves out:
//!
//! - *Who is posted to.* A client that misses a post catches up by number, from the log that is checked here.
//! - *Other rooms and epochs.* Rooms share no rows, and the numbers and markers of another epoch have other keys.
//! - *The end of a marker after 24 hours, and the deletion of a closed room's log.* The promises end there.
//! - *Texts and changes.* A change replaces a message at the same number, and only if there is a message. The order of
//!   changes is not checked here, nor are notices, which have no marker.

mod attempt;
mod store;
mod symmetry;

use std::collections::{BTreeMap, BTreeSet};

use stateright::{Model, Property};

pub use attempt::{Attempt, Step};
pub use store::{Event, Sender, Seq, Store};

/// The conditions that the steps rely on. Without any one of them, the checker finds a broken promise.
#[derive(Clone, Copy, Debug)]
pub struct Conditions {
    /// A number is drawn by one update, not by a read and a write.
    pub one_update: bool,
    /// A message is stored only at an empty number.
    pub message_if_empty: bool,
    /// A marker is stored only if there is none.
    pub marker_if_absent: bool,
    /// Message and marker are stored in one transaction.
    pub one_transaction: bool,
    /// A retry is answered with the marker's number, not with the one it drew.
    pub first_number: bool,
    /// Nothing is posted before the message is in the log.
    pub post_after_append: bool,
    /// A void is stored only at an empty number.
    pub void_if_empty: bool,
    /// A reader never skips an empty number: it waits, or voids it.
    pub void_before_passing: bool,
}

impl Conditions {
    pub const ALL: Self = Self {
        one_update: true,
        message_if_empty: true,
        marker_if_absent: true,
        one_transaction: true,
        first_number: true,
        post_after_append: true,
        void_if_empty: true,
        void_before_passing: true,
    };
}

/// What must hold, always or eventually.
pub mod promise {
    pub const ACKNOWLEDGED: &str = "an acknowledged message is in the log exactly once, at the acknowledged number";
    pub const ONCE: &str = "a message gets at most one number, and all its acknowledgements state that number";
    pub const STABLE: &str = "what was read at a number never changes";
    pub const DECIDED: &str = "eventually every drawn number holds a message or a void";
}

/// What must be reachable. Otherwise the promises would hold trivially.
pub mod reachable {
    pub const RETRIED: &str = "a retry finds its message acknowledged, and posts it again";
    pub const OVERLAPPING: &str = "two attempts of a sender have transactions in flight at once";
    pub const LATE: &str = "a transaction is in flight when all attempts of its sender are over";
    pub const VOIDED: &str = "a transaction in flight finds a void";
    pub const ORPHANED: &str = "a number is drawn that no attempt knows";
}

#[derive(Clone, Copy, Debug)]
pub struct Room {
    pub senders: Sender,
    /// Attempts for each message: the first and its retries.
    pub attempts: usize,
    /// Numbers that one attempt may draw.
    pub tries: u8,
    /// Draws whose answers may be lost.
    pub losses: u8,
    pub conditions: Conditions,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    pub store: Store,
    /// Each sender's attempts, sorted, because they are interchangeable.
    pub attempts: Vec<Vec<Attempt>>,
    /// Draws whose answers may still be lost.
    pub losses: u8,
    /// What readers first found at each number.
    pub read: BTreeMap<Seq, Event>,
    /// What was broadcast, and may be acknowledged.
    pub posted: BTreeSet<(Sender, Seq)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// A sender's attempt, given by its index, takes its next step.
    Advance(Sender, usize),
    /// Its transaction is answered with `TransactionConflict`.
    Conflict(Sender, usize),
    Crash(Sender, usize),
    /// Its draw succeeds, but the answer is lost.
    LoseAnswer(Sender, usize),
    /// The repetition of that draw draws another number.
    Forget(Sender, usize),
    /// A transaction lands, for the first time or again, and its answer is lost.
    Land(Sender, Seq),
    /// Someone who found the number empty voids it.
    Void(Seq),
}

impl Room {
    fn attempt_actions(&self, state: &State, actions: &mut Vec<Action>) {
        let idle = Attempt::new(self.tries);
        for (sender, attempts) in (0..).zip(&state.attempts) {
            let mut before = Attempt::OVER;
            for (index, &attempt) in attempts.iter().enumerate() {
                // An attempt in the same state as the previous one would do the same.
                if attempt != std::mem::replace(&mut before, attempt) {
                    actions.push(Action::Advance(sender, index));
                    actions.push(Action::Crash(sender, index));
                    match attempt.step {
                        Step::Append(_) => actions.push(Action::Conflict(sender, index)),
                        Step::Draw if state.losses > 0 => actions.push(Action::LoseAnswer(sender, index)),
                        Step::Redraw(_) => actions.push(Action::Forget(sender, index)),
                        _ => {}
                    }
                }
            }
            // Senders start in the order of their names.
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
            posted: BTreeSet::new(),
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
        let State { store, attempts, losses, read, posted } = &mut next;
        match action {
            Action::Advance(sender, index)
            | Action::Conflict(sender, index)
            | Action::Crash(sender, index)
            | Action::LoseAnswer(sender, index)
            | Action::Forget(sender, index) => {
                let attempts = attempts.get_mut(usize::from(sender))?;
                let attempt = attempts.get_mut(index)?;
                if let (Action::Advance(..), Step::Broadcast(seq)) = (action, attempt.step) {
                    posted.insert((sender, seq));
                }
                *attempt = match action {
                    Action::Advance(..) => attempt.advanced(sender, store, &self.conditions),
                    Action::Conflict(..) => attempt.retried(),
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
        store.drop_ineffective(&self.conditions);
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
                state.posted.iter().all(|&(sender, seq)| state.store.numbers_of(sender).eq([seq]))
            }),
            Property::always(promise::ONCE, |room: &Self, state: &State| {
                (0..room.senders).all(|sender| {
                    let posted = state.posted.iter().filter(|(poster, _)| *poster == sender).count();
                    posted <= 1 && state.store.numbers_of(sender).count() <= 1
                })
            }),
            Property::always(promise::STABLE, |_, state: &State| {
                state.read.iter().all(|(seq, read)| state.store.log.get(seq).unwrap_or(&Event::Void) == read)
            }),
            Property::eventually(promise::DECIDED, |_, state: &State| {
                state.attempts.iter().flatten().all(|attempt| *attempt == Attempt::OVER)
                    && (1..=state.store.top).all(|seq| state.store.log.contains_key(&seq))
            }),
            Property::sometimes(reachable::RETRIED, |_, state: &State| {
                state.each_attempt().any(|(sender, attempt)| match attempt.step {
                    Step::Get(first) => state.posted.contains(&(sender, first)),
                    _ => false,
                })
            }),
            Property::sometimes(reachable::OVERLAPPING, |_, state: &State| {
                let on_its_way = |attempt: &&Attempt| matches!(attempt.step, Step::Append(_));
                state.attempts.iter().any(|attempts| attempts.iter().filter(on_its_way).count() == 2)
            }),
            Property::sometimes(reachable::LATE, |_, state: &State| {
                (0..).zip(&state.attempts).any(|(sender, attempts)| {
                    attempts.iter().all(|attempt| *attempt == Attempt::OVER)
                        && state.store.in_flight.iter().any(|(late, _)| *late == sender)
                })
            }),
            Property::sometimes(reachable::ORPHANED, |room: &Self, state: &State| {
                let knows = |seq| state.each_attempt().any(|(_, attempt)| attempt.step.seq() == Some(seq));
                let is_alive = state.each_attempt().any(|(_, attempt)| *attempt != Attempt::OVER);
                let is_sent = |seq| state.store.in_flight.iter().any(|&(_, sent)| sent == seq);
                room.losses == 0
                    || is_alive
                        && (1..=state.store.top)
                            .any(|seq| !state.store.log.contains_key(&seq) && !knows(seq) && !is_sent(seq))
            }),
            Property::sometimes(reachable::VOIDED, |_, state: &State| {
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
