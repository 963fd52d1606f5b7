//! The choice of a seat, from outdated views: people look at the seats, and take, leave, lose or abandon them at any later
//! time, in any order, while the room's capacity changes.

use std::collections::{BTreeMap, BTreeSet};

use parlor_chat::store::{Choice, Claim, choose, extra_seat_key, seat_key};
use parlor_protocol::Millis;
use parlor_protocol::limits::LEASE;
use proptest::collection::vec;
use proptest::prelude::*;

const LEASE_MS: Millis = LEASE.as_millis() as Millis;

#[derive(Clone, Debug)]
enum Step {
    /// A person reads the seats and the capacity.
    Look(usize),
    /// A person takes what they chose by their last look, if it is still as they saw it. A person who never gets
    /// here has crashed.
    Take(usize),
    /// The last connection of whoever has this seat leaves, or the seat is found abandoned.
    Free(usize),
    /// A person who was inside before the room had seats gets one of their own.
    Ping(usize),
    /// A person who was inside before the room had seats leaves.
    Go(usize),
    Wait(Millis),
    SetCapacity(usize),
}

const PEOPLE: usize = 8;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = 0..PEOPLE;
    let step = prop_oneof![
        6 => who.clone().prop_map(Step::Look),
        6 => who.clone().prop_map(Step::Take),
        3 => (0..PEOPLE).prop_map(Step::Free),
        1 => who.clone().prop_map(Step::Ping),
        1 => who.prop_map(Step::Go),
        1 => (0..LEASE_MS).prop_map(Step::Wait),
        1 => (0..PEOPLE).prop_map(Step::SetCapacity),
    ];
    vec(step, 1..80)
}

struct View {
    seats: Vec<Claim>,
    unseated: usize,
    capacity: usize,
    /// How often the capacity had changed.
    version: usize,
    now: Millis,
}

#[derive(Default)]
struct Model {
    now: Millis,
    seats: BTreeMap<String, Claim>,
    unseated: BTreeSet<usize>,
    capacity: usize,
    version: usize,
    views: BTreeMap<usize, View>,
    /// Seats that were taken for a capacity that no longer applied. A join notices that and withdraws.
    outdated: BTreeSet<String>,
}

impl Model {
    fn held(&self) -> Vec<&Claim> {
        self.seats.values().filter(|seat| seat.is_held(self.now)).collect()
    }

    fn look(&self, person: usize) -> View {
        View {
            seats: self.seats.values().cloned().collect(),
            unseated: self.unseated.iter().filter(|other| **other != person).count(),
            capacity: self.capacity,
            version: self.version,
            now: self.now,
        }
    }

    /// Writes a seat at the time of the writer's look, as the store does.
    fn put(&mut self, key: &str, person: usize, now: Millis) {
        let connections = BTreeSet::from([format!("{person}-1")]);
        let seat = Claim { key: key.into(), user_id: person.to_string(), connections, lease_until: now + LEASE_MS };
        self.seats.insert(key.into(), seat);
    }

    fn take(&mut self, person: usize, view: &View) -> Result<(), TestCaseError> {
        if let Choice::Free(key) = choose(&view.seats, &person.to_string(), view.capacity, view.unseated, view.now) {
            if self.seats.get(&key).is_some_and(|seat| seat.is_held(view.now)) {
                return Ok(());
            }
            self.put(&key, person, view.now);
            if view.version == self.version {
                self.outdated.remove(&key);
                let people = self.held().iter().filter(|seat| !self.outdated.contains(&seat.key)).count();
                let people = people + self.unseated.len();
                prop_assert!(people <= self.capacity, "{people} people in a room for {}", self.capacity);
            } else {
                self.outdated.insert(key);
            }
        }
        Ok(())
    }

    fn run(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match *step {
            Step::Look(person) if !self.unseated.contains(&person) => {
                let view = self.look(person);
                let seats: Vec<_> = self.held();
                let has_seat = seats.iter().any(|seat| seat.user_id == person.to_string());
                let is_full = seats.len() + self.unseated.len() >= self.capacity;
                let choice = choose(&view.seats, &person.to_string(), view.capacity, view.unseated, view.now);
                match choice {
                    Choice::Own(_) => prop_assert!(has_seat),
                    Choice::Full => prop_assert!(is_full && !has_seat, "refused though there is room"),
                    Choice::Free(_) => prop_assert!(!is_full && !has_seat),
                }
                self.views.insert(person, view);
            }
            Step::Take(person) => {
                if let Some(view) = self.views.remove(&person) {
                    self.take(person, &view)?;
                }
            }
            Step::Free(n) => {
                let key = self.held().get(n).map(|seat| seat.key.clone());
                if let Some(seat) = key.and_then(|key| self.seats.get_mut(&key)) {
                    seat.connections.clear();
                }
            }
            Step::Ping(person) if self.unseated.remove(&person) => {
                self.put(&extra_seat_key(&person.to_string()), person, self.now);
            }
            Step::Go(person) => {
                self.unseated.remove(&person);
            }
            Step::Wait(time) => self.now += time,
            Step::SetCapacity(capacity) => {
                self.capacity = capacity;
                self.version += 1;
                self.outdated.clear();
            }
            Step::Look(_) | Step::Ping(_) => {}
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_saw_before_never_one_too_many_takes_a_seat(
        steps in steps(),
        capacity in 1..PEOPLE,
        unseated in proptest::collection::btree_set(0..PEOPLE, 0..3),
    ) {
        let mut model = Model { capacity, unseated, ..Model::default() };
        for step in &steps {
            model.run(step)?;
        }
    }
}

#[test]
fn people_prefer_different_seats_and_a_person_the_same_one() {
    let seat = |person: usize, seats: &[Claim]| {
        choose(seats, &format!("user{person}"), 100, 0, 0) == Choice::Free(seat_key(0))
    };
    let choices: BTreeSet<_> = (0..100)
        .map(|person| match choose(&[], &format!("user{person}"), 100, 0, 0) {
            Choice::Free(key) => key,
            other => unreachable!("{other:?}"),
        })
        .collect();
    assert!(choices.len() > 40, "{}", choices.len());
    assert!((0..100).filter(|person| seat(*person, &[])).count() < 10);
}
