//! Which states are equivalent. All senders do the same, and no step asks which of two numbers is greater. So the
//! checker visits one naming of senders and numbers only. (Without the condition `one_update`, some step does ask.)

use stateright::Representative;

use crate::{Attempt, Event, Sender, Seq, State, Step, Store};

impl Representative for State {
    fn representative(&self) -> Self {
        let mut parts: Vec<_> = (0..).zip(&self.attempts).map(|(sender, own)| self.part(sender, own)).collect();
        parts.sort_unstable();
        let senders: Vec<Sender> = parts.iter().map(|(_, _, sender)| *sender).collect();
        let mut seqs: Vec<Seq> = parts.into_iter().flat_map(|(_, seqs, _)| seqs).collect();
        let mut rest: Vec<Seq> = (1..=self.store.top).filter(|seq| !seqs.contains(seq)).collect();
        rest.sort_unstable_by_key(|seq| self.store.log.get(seq));
        seqs.append(&mut rest);
        self.renamed(|sender| position(&senders, sender), |seq| position(&seqs, seq) + 1)
    }
}

impl State {
    /// Returns the facts about one sender without names, and then the names: its numbers, and its own.
    fn part(&self, sender: Sender, attempts: &[Attempt]) -> (impl Ord + use<>, Vec<Seq>, Sender) {
        let mut about: Vec<_> = (1..=self.store.top)
            .filter_map(|seq| {
                let marked = self.store.markers.get(&sender) == Some(&seq);
                let in_flight = self.store.in_flight.contains(&(sender, seq));
                let posted = self.posted.contains(&(sender, seq));
                let steps: Vec<Attempt> =
                    attempts.iter().filter(|own| own.step.seq() == Some(seq)).map(|own| own.renamed(|_| 0)).collect();
                let void = self.store.log.get(&seq).map(|event| *event == Event::Void);
                (marked || in_flight || posted || !steps.is_empty())
                    .then_some(((void, marked, in_flight, posted, steps), seq))
            })
            .collect();
        about.sort_unstable();
        let (facts, seqs): (Vec<_>, Vec<_>) = about.into_iter().unzip();
        let nowhere: Vec<Attempt> = attempts.iter().filter(|own| own.step.seq().is_none()).copied().collect();
        ((facts, nowhere), seqs, sender)
    }

    fn renamed(&self, new_sender: impl Fn(Sender) -> Sender, new_seq: impl Fn(Seq) -> Seq) -> Self {
        let event = |event: &Event| match event {
            Event::Message(sender) => Event::Message(new_sender(*sender)),
            Event::Void => Event::Void,
        };
        let pair = |&(sender, seq): &(Sender, Seq)| (new_sender(sender), new_seq(seq));
        let mut attempts: Vec<_> = (0..)
            .zip(&self.attempts)
            .map(|(sender, own)| {
                let mut own: Vec<Attempt> = own.iter().map(|attempt| attempt.renamed(&new_seq)).collect();
                own.sort_unstable();
                (new_sender(sender), own)
            })
            .collect();
        attempts.sort_unstable();
        Self {
            store: Store {
                top: self.store.top,
                log: self.store.log.iter().map(|(seq, at)| (new_seq(*seq), event(at))).collect(),
                markers: self.store.markers.iter().map(|(sender, seq)| pair(&(*sender, *seq))).collect(),
                in_flight: self.store.in_flight.iter().map(pair).collect(),
            },
            attempts: attempts.into_iter().map(|(_, own)| own).collect(),
            losses: self.losses,
            read: self.read.iter().map(|(seq, at)| (new_seq(*seq), event(at))).collect(),
            posted: self.posted.iter().map(pair).collect(),
        }
    }
}

impl Attempt {
    fn renamed(&self, new_seq: impl Fn(Seq) -> Seq) -> Self {
        let step = match self.step {
            Step::Count(last) => Step::Count(last),
            Step::Redraw(seq) => Step::Redraw(new_seq(seq)),
            Step::Append(seq) => Step::Append(new_seq(seq)),
            Step::Get(seq) => Step::Get(new_seq(seq)),
            Step::Broadcast(seq) => Step::Broadcast(new_seq(seq)),
            Step::Acknowledge(seq) => Step::Acknowledge(new_seq(seq)),
            step @ (Step::Draw | Step::Over) => step,
        };
        Self { step, ..*self }
    }
}

impl Step {
    pub fn seq(self) -> Option<Seq> {
        match self {
            Self::Redraw(seq) | Self::Append(seq) | Self::Get(seq) | Self::Broadcast(seq) | Self::Acknowledge(seq) => {
                Some(seq)
            }
            Self::Draw | Self::Count(_) | Self::Over => None,
        }
    }
}

/// Returns the new name: the position among the old ones.
fn position(names: &[u8], name: u8) -> u8 {
    (0..).zip(names).find(|(_, other)| **other == name).map_or(name, |(index, _)| index)
}
