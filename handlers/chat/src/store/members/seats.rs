//! Which seat of a room a person takes. The same function decides for everyone, from what it read a moment ago: others
//! may have taken or left seats since, so the seat is then taken by a conditional write.

use std::collections::BTreeMap;

use parlor_protocol::Millis;

use super::claims::Claim;

pub(super) const PREFIX: &str = "seat#";

/// What a person can do who joins a room.
#[derive(Debug, PartialEq)]
pub enum Choice<'a> {
    /// They have this seat already.
    Own(&'a Claim),
    /// They may take the seat with this key, which is free.
    Free(String),
    Full,
}

/// Returns the key of the n-th seat, counted from 0.
pub fn seat_key(n: usize) -> String {
    format!("{PREFIX}{n:04}")
}

/// Returns the key of a person's seat outside the numbered ones, for those who were inside before the room had seats.
/// Nobody competes for it.
pub fn extra_seat_key(user_id: &str) -> String {
    format!("{PREFIX}+{user_id}")
}

pub fn is_seat(key: &str) -> bool {
    key.starts_with(PREFIX)
}

/// Chooses a seat. `seats` are those that have a row, and `unseated` people are in the room without one.
///
/// If the room has room for k more, only its k lowest free seats may be taken. So of several people who chose by
/// different, outdated views, all succeed only if all may: a seat that was among the lowest k then, and is still free, is
/// among the lowest k now. The seats above the room's capacity, from a time when it was higher, count as well.
pub fn choose<'a>(seats: &'a [Claim], user_id: &str, capacity: usize, unseated: usize, now: Millis) -> Choice<'a> {
    let held: BTreeMap<_, _> =
        seats.iter().filter(|seat| seat.is_held(now)).map(|seat| (seat.key.as_str(), seat)).collect();
    if let Some(own) = held.values().find(|seat| seat.user_id == user_id) {
        return Choice::Own(own);
    }
    let left = capacity.saturating_sub(held.len() + unseated);
    let free = (0..capacity).map(seat_key).filter(|key| !held.contains_key(key.as_str())).take(left);
    // One person's tabs prefer the same seat, different people different ones.
    free.min_by_key(|key| hash(user_id, key)).map_or(Choice::Full, Choice::Free)
}

/// FNV-1a.
fn hash(user_id: &str, key: &str) -> u32 {
    let bytes = user_id.bytes().chain(key.bytes());
    bytes.fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
