//! People, as opposed to connections: somebody with three tabs open is one person.

use std::collections::{BTreeMap, BTreeSet};

use parlor_protocol::Millis;
use parlor_protocol::limits::PEOPLE_LISTED;
use parlor_protocol::person::{self, Person};

use crate::store::Occupant;

/// How many persons are there.
pub fn count(occupants: &[Occupant], now: Millis) -> usize {
    ids(occupants, now).len()
}

/// The ids of the persons there.
pub fn ids(occupants: &[Occupant], now: Millis) -> BTreeSet<&str> {
    live(occupants, now).map(|occupant| occupant.user_id.as_str()).collect()
}

/// How many connections are there.
pub fn connections(occupants: &[Occupant], now: Millis) -> usize {
    live(occupants, now).count()
}

/// The persons there, each once, by name; the first of them where they are many.
pub fn list(occupants: &[Occupant], now: Millis) -> Vec<Person> {
    let mut people = all(occupants, now);
    people.sort_by(|a, b| (&a.name, &a.user_id).cmp(&(&b.name, &b.user_id)));
    people.truncate(PEOPLE_LISTED);
    people
}

/// How many persons are there, and the digest of them.
pub fn digest(occupants: &[Occupant], now: Millis) -> (usize, String) {
    let people = all(occupants, now);
    (people.len(), person::digest(&people))
}

/// The persons there, each once.
fn all(occupants: &[Occupant], now: Millis) -> Vec<Person> {
    let by_id: BTreeMap<_, _> = live(occupants, now).map(|occupant| (&occupant.user_id, occupant.person())).collect();
    by_id.into_values().collect()
}

fn live(occupants: &[Occupant], now: Millis) -> impl Iterator<Item = &Occupant> {
    occupants.iter().filter(move |occupant| occupant.is_live(now))
}
