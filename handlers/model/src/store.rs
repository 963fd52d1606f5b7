//! One room's rows, as `store/rooms` and `store/log` write them. Each write is one atomic step.

use std::collections::{BTreeMap, BTreeSet};

use crate::Conditions;

pub type Seq = u8;
/// Identifies a message too, because each sender sends one message.
pub type Sender = u8;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Event {
    Message(Sender),
    Void,
}

/// The result of storing a message at a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Appended {
    Stored,
    Duplicate(Seq),
    Voided,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Store {
    /// The last number drawn.
    pub top: Seq,
    pub log: BTreeMap<Seq, Event>,
    pub markers: BTreeMap<Sender, Seq>,
    /// Transactions that may land at any time, and more than once, whatever became of their senders.
    pub in_flight: BTreeSet<(Sender, Seq)>,
}

impl Store {
    /// Stores the message at the number, and its marker, if neither is there.
    pub fn append(&mut self, sender: Sender, seq: Seq, conditions: &Conditions) -> Appended {
        if let Some(&first) = self.markers.get(&sender)
            && conditions.marker_if_absent
        {
            return Appended::Duplicate(first);
        }
        if !self.takes_message(seq, conditions) {
            return Appended::Voided;
        }
        self.log.insert(seq, Event::Message(sender));
        self.markers.insert(sender, seq);
        Appended::Stored
    }

    /// Does the same with nobody to receive the answer. Of two separate writes, the second may never have been sent.
    pub fn land(&mut self, sender: Sender, seq: Seq, conditions: &Conditions) {
        if conditions.one_transaction {
            self.append(sender, seq, conditions);
        } else if self.takes_message(seq, conditions) {
            self.log.insert(seq, Event::Message(sender));
        }
    }

    /// Voids a number, if it is empty.
    pub fn void(&mut self, seq: Seq, conditions: &Conditions) {
        if !conditions.void_if_empty || !self.log.contains_key(&seq) {
            self.log.insert(seq, Event::Void);
        }
    }

    /// Drops the transactions that would change nothing. No row is ever deleted, so they never will.
    pub fn drop_ineffective(&mut self, conditions: &Conditions) {
        let before = std::mem::take(&mut self.in_flight);
        self.in_flight = before.into_iter().filter(|&(sender, seq)| self.would_land(sender, seq, conditions)).collect();
    }

    /// Returns the numbers at which a reader finds the message.
    pub fn numbers_of(&self, sender: Sender) -> impl Iterator<Item = Seq> {
        self.log.range(..=self.top).filter(move |(_, event)| **event == Event::Message(sender)).map(|(seq, _)| *seq)
    }

    fn takes_message(&self, seq: Seq, conditions: &Conditions) -> bool {
        !conditions.message_if_empty || !self.log.contains_key(&seq)
    }

    fn would_land(&self, sender: Sender, seq: Seq, conditions: &Conditions) -> bool {
        let takes_marker = !conditions.marker_if_absent || !self.markers.contains_key(&sender);
        let is_there = self.log.get(&seq) == Some(&Event::Message(sender));
        !is_there && self.takes_message(seq, conditions) && (takes_marker || !conditions.one_transaction)
    }
}
