//! One run of the `send` function: `record` and `deliver` in `log/record.rs`. Between any two steps it may sleep for
//! any time, or crash.

use crate::Conditions;
use crate::store::{Appended, Event, Sender, Seq, Store};

/// The next step of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// `rooms.next_seq`: draw a number.
    Draw,
    /// The draw returned this number, but its answer is lost: the SDK repeats it.
    Redraw(Seq),
    /// Write the number after the one that was read. Only without the condition `one_update`.
    Count(Seq),
    /// `log.append`: the transaction is in flight; receive its result.
    Append(Seq),
    /// `log.get`: read what the first attempt stored.
    Get(Seq),
    /// `deliver`: post it to everyone.
    Broadcast(Seq),
    Acknowledge(Seq),
    /// Acknowledged, refused or crashed.
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Attempt {
    pub step: Step,
    /// Numbers that it may still draw.
    pub tries: u8,
}

impl Attempt {
    pub const OVER: Self = Self { step: Step::Over, tries: 0 };

    pub fn new(tries: u8) -> Self {
        Self { step: Step::Draw, tries }
    }

    /// Returns the attempt after its next step, without an error.
    pub fn advanced(self, sender: Sender, store: &mut Store, conditions: &Conditions) -> Self {
        let step = match self.step {
            Step::Draw if conditions.one_update => return self.numbered(store.top, sender, store, conditions),
            Step::Draw => Step::Count(store.top),
            Step::Count(last) => return self.numbered(last, sender, store, conditions),
            // The room's row remembers the draw.
            Step::Redraw(seq) => return self.with_number(seq, sender, store, conditions),
            Step::Append(seq) => match store.append(sender, seq, conditions) {
                Appended::Stored => Step::Broadcast(seq),
                Appended::Duplicate(first) if conditions.first_number => Step::Get(first),
                Appended::Duplicate(_) => Step::Broadcast(seq),
                Appended::Voided => return self.retried(),
            },
            Step::Get(first) => match store.log.get(&first) {
                Some(Event::Message(_)) => Step::Broadcast(first),
                Some(Event::Void) | None => return Self::OVER,
            },
            Step::Broadcast(seq) => Step::Acknowledge(seq),
            Step::Acknowledge(_) | Step::Over => return Self::OVER,
        };
        Self { step, ..self }
    }

    /// Returns the attempt after a `TransactionConflict` or a void: it draws the next number or refuses.
    pub fn retried(self) -> Self {
        if self.tries == 0 { Self::OVER } else { Self { step: Step::Draw, ..self } }
    }

    /// Returns the attempt after a draw whose answer is lost. A draw that does not arrive changes nothing.
    pub fn unanswered(self, store: &mut Store) -> Self {
        store.top += 1;
        Self { step: Step::Redraw(store.top), ..self }
    }

    /// Returns the attempt after a repeated draw that the room's row no longer remembers. Nobody knows the first
    /// number.
    pub fn forgotten(self, sender: Sender, store: &mut Store, conditions: &Conditions) -> Self {
        self.numbered(store.top, sender, store, conditions)
    }

    fn numbered(self, last: Seq, sender: Sender, store: &mut Store, conditions: &Conditions) -> Self {
        store.top = last + 1;
        self.with_number(store.top, sender, store, conditions)
    }

    fn with_number(self, seq: Seq, sender: Sender, store: &mut Store, conditions: &Conditions) -> Self {
        // Counts as sent from here on: a crash before it is sent is the case in which it never lands.
        store.in_flight.insert((sender, seq));
        let step = if conditions.post_after_append { Step::Append(seq) } else { Step::Broadcast(seq) };
        Self { step, tries: self.tries.saturating_sub(1) }
    }
}
