//! The people behind the connections in a room: three tabs of one person count once.

use std::collections::{BTreeMap, BTreeSet};

use parlor_protocol::Millis;
use parlor_protocol::limits::PEOPLE_LISTED;
use parlor_protocol::person::{self, Person};

use crate::store::Occupant;

/// Counts the people.
pub fn count(occupants: &[Occupant], now: Millis) -> usize {
    ids(occupants, now).len()
}

/// Returns the user ids of the people.
pub fn ids(occupants: &[Occupant], now: Millis) -> BTreeSet<&str> {
    live(occupants, now).map(|occupant| occupant.user_id.as_str()).collect()
}

/// Counts the connections.
pub fn count_connections(occupants: &[Occupant], now: Millis) -> usize {
    live(occupants, now).count()
}

/// Returns the people in the order of their names, the first [`PEOPLE_LISTED`] of them.
pub fn list(occupants: &[Occupant], now: Millis) -> Vec<Person> {
    let mut people = all(occupants, now);
    people.sort_by(|a, b| (&a.name, &a.user_id).cmp(&(&b.name, &b.user_id)));
    people.truncate(PEOPLE_LISTED);
    people
}

/// Returns the number of people and their digest.
pub fn digest(occupants: &[Occupant], now: Millis) -> (usize, String) {
    let people = all(occupants, now);
    (people.len(), person::digest(&people))
}

fn all(occupants: &[Occupant], now: Millis) -> Vec<Person> {
    let by_id: BTreeMap<_, _> = live(occupants, now).map(|occupant| (&occupant.user_id, occupant.person())).collect();
    by_id.into_values().collect()
}

fn live(occupants: &[Occupant], now: Millis) -> impl Iterator<Item = &Occupant> {
    occupants.iter().filter(move |occupant| occupant.is_live(now))
}
