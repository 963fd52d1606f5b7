//! People, as opposed to connections: somebody with three tabs open is one person.

use std::collections::{BTreeMap, BTreeSet};

use parlor_protocol::Millis;
use parlor_protocol::limits::PEOPLE_LISTED;
use parlor_protocol::person::Person;

use crate::store::Occupant;

/// How many persons are there.
pub fn count(occupants: &[Occupant], now: Millis) -> usize {
    live(occupants, now).map(|occupant| &occupant.user_id).collect::<BTreeSet<_>>().len()
}

/// How many connections are there.
pub fn connections(occupants: &[Occupant], now: Millis) -> usize {
    live(occupants, now).count()
}

/// The persons there, each once, by name; the first of them where they are many.
pub fn list(occupants: &[Occupant], now: Millis) -> Vec<Person> {
    let by_id: BTreeMap<_, _> = live(occupants, now).map(|occupant| (&occupant.user_id, occupant.person())).collect();
    let mut people: Vec<Person> = by_id.into_values().collect();
    people.sort_by(|a, b| (&a.name, &a.user_id).cmp(&(&b.name, &b.user_id)));
    people.truncate(PEOPLE_LISTED);
    people
}

/// Whether a person is there by another connection than this one.
pub fn is_elsewhere(occupants: &[Occupant], user_id: &str, connection_id: &str, now: Millis) -> bool {
    live(occupants, now).any(|occupant| occupant.user_id == user_id && occupant.connection_id != connection_id)
}

fn live(occupants: &[Occupant], now: Millis) -> impl Iterator<Item = &Occupant> {
    occupants.iter().filter(move |occupant| occupant.is_live(now))
}
