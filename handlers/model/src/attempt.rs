//! One run of the `send` function: `record` and `tell` in `record.rs`. Between any two steps it may sleep for ever so long,
//! or crash.

use crate::Conditions;
use crate::store::{Appended, Event, Sender, Seq, Store};

/// What a run does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// `rooms.next_seq`: draw a number.
    Draw,
    /// The draw has given this number out, but its answer is lost: the SDK repeats it.
    Redraw(Seq),
    /// Write the number after the one that was read; only where that is not one update.
    Count(Seq),
    /// `log.append`: the transaction is on its way; hear what came of it.
    Append(Seq),
    /// `log.get`: read what the first attempt stored.
    Get(Seq),
    /// `tell`: post it to everyone.
    Broadcast(Seq),
    Acknowledge(Seq),
    /// Acknowledged, refused or crashed.
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Attempt {
    pub step: Step,
    /// Numbers that it may still use up.
    pub tries: u8,
}

impl Attempt {
    pub const OVER: Self = Self { step: Step::Over, tries: 0 };

    pub fn new(tries: u8) -> Self {
        Self { step: Step::Draw, tries }
    }

    /// After the next step, which meets no error.
    pub fn advanced(self, sender: Sender, store: &mut Store, conditions: &Conditions) -> Self {
        let step = match self.step {
            Step::Draw if conditions.one_update => return self.numbered(store.top, sender, store, conditions),
            Step::Draw => Step::Count(store.top),
            Step::Count(last) => return self.numbered(last, sender, store, conditions),
            // The room's row remembers the draw.
            Step::Redraw(seq) => return self.knowing(seq, sender, store, conditions),
            Step::Append(seq) => match store.append(sender, seq, conditions) {
                Appended::Stored => Step::Broadcast(seq),
                Appended::Duplicate(first) if conditions.first_number => Step::Get(first),
                Appended::Duplicate(_) => Step::Broadcast(seq),
                Appended::Voided => return self.again(),
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

    /// After `TransactionConflict`, or where a reader was there first: the next number, or a refusal.
    pub fn again(self) -> Self {
        if self.tries == 0 { Self::OVER } else { Self { step: Step::Draw, ..self } }
    }

    /// After a draw whose answer is lost. One that does not arrive changes nothing.
    pub fn unanswered(self, store: &mut Store) -> Self {
        store.top += 1;
        Self { step: Step::Redraw(store.top), ..self }
    }

    /// After a repeated draw that the room's row no longer remembers: nobody knows of the number before.
    pub fn forgotten(self, sender: Sender, store: &mut Store, conditions: &Conditions) -> Self {
        self.numbered(store.top, sender, store, conditions)
    }

    fn numbered(self, last: Seq, sender: Sender, store: &mut Store, conditions: &Conditions) -> Self {
        store.top = last + 1;
        self.knowing(store.top, sender, store, conditions)
    }

    fn knowing(self, seq: Seq, sender: Sender, store: &mut Store, conditions: &Conditions) -> Self {
        // It counts as sent from here on: a crash before it is sent is one after which it never lands.
        store.in_flight.insert((sender, seq));
        let step = if conditions.tell_after_append { Step::Append(seq) } else { Step::Broadcast(seq) };
        Self { step, tries: self.tries.saturating_sub(1) }
    }
}
