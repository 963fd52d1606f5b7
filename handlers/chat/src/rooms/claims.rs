//! The claims that a room's rules require: a seat if the number of people is limited, and a name if names are unique. A
//! connection claims both before it enters, renews them before its own row, and releases them after that row is gone.
//! So everyone in the room has them.

use std::collections::BTreeSet;

use futures_util::future::{join, join_all, try_join, try_join_all};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::LEASE;
use parlor_protocol::names::look_alike_key;
use parlor_protocol::person::Person;

use crate::error::{ChatError, Result};
use crate::people::identity::derived_id;
use crate::rooms::{Attendance, occupants};
use crate::store::{
    Choice, Claim, Connections, Members, Occupant, Room, Taken, Written, choose, contended, extra_seat_key, is_seat,
};
use crate::{Caller, READS_AT_ONCE, millis};

/// How often somebody looks for a seat again because others took the one they chose.
const TRIES: usize = 6;
/// The timeout of `join`: a person whose claim is older has entered by now, or never will.
const JOIN_TIMEOUT: Millis = 10 * 1000;

/// What a connection has claimed in order to enter a room.
#[derive(Default)]
pub struct Claimed {
    seat: Option<Hold>,
    name: Option<Hold>,
}

struct Hold {
    key: String,
    /// The connection did not hold it before.
    is_new: bool,
}

impl Claimed {
    pub fn keys(&self) -> Vec<String> {
        self.holds().map(|hold| hold.key.clone()).collect()
    }

    fn holds(&self) -> impl Iterator<Item = &Hold> {
        self.seat.iter().chain(&self.name)
    }

    /// Releases what the connection did not hold before, because it does not enter.
    pub async fn undo(&self, members: &Members, caller: &Caller, room_id: &str) -> Result<()> {
        let new = self.holds().filter(|hold| hold.is_new).map(|hold| hold.key.as_str());
        release(members, &caller.connection_id, room_id, new).await
    }
}

/// Claims what a room's rules require of a caller who wants to enter.
///
/// # Errors
/// `roomFull`, `nameTaken`, `unavailable`.
pub async fn claim(at: Attendance<'_>, caller: &Caller, name: &str, room: &Room, now: Millis) -> Result<Claimed> {
    let seat = async {
        match room.settings.max_people {
            Some(capacity) => find_seat(at, caller, room, capacity.get() as usize, now).await.map(Some),
            None => Ok(None),
        }
    };
    let name = async {
        if room.settings.unique_names { find_name(at, caller, room, name, now).await.map(Some) } else { Ok(None) }
    };
    let (seat, name, refusal) = match join(seat, name).await {
        (Ok(seat), Ok(name)) => return Ok(Claimed { seat, name }),
        (Err(refusal), name) => (None, name.ok().flatten(), refusal),
        (Ok(seat), Err(refusal)) => (seat, None, refusal),
    };
    Claimed { seat, name }.undo(at.members, caller, &room.room_id).await?;
    Err(refusal)
}

async fn find_seat(at: Attendance<'_>, caller: &Caller, room: &Room, capacity: usize, now: Millis) -> Result<Hold> {
    let (room_id, members, connections) = (room.room_id.as_str(), at.members, at.fanout.connections);
    // Until then, people may be inside from before the room had seats.
    let may_lack_seats = room.settings.claims_since.is_some_and(|since| since + millis(LEASE) > now);
    let mut has_evicted = false;
    for _ in 0..TRIES {
        let occupants = async { if may_lack_seats { connections.in_room(room_id).await } else { Ok(Vec::new()) } };
        let (seats, occupants) = try_join(members.seats(room_id), occupants).await?;
        let mut unseated = occupants::ids(&occupants, now);
        for seat in seats.iter().filter(|seat| seat.is_held(now)) {
            unseated.remove(seat.user_id.as_str());
        }
        let is_unseated = unseated.contains(caller.user_id.as_str());
        let key = match choose(&seats, &caller.user_id, capacity, unseated.len(), now) {
            Choice::Own(seat) => seat.key.clone(),
            Choice::Free(_) | Choice::Full if is_unseated => extra_seat_key(&caller.user_id),
            Choice::Free(key) => key,
            Choice::Full if has_evicted => return Err(full()),
            Choice::Full => {
                has_evicted = true;
                if evict_abandoned(members, connections, room_id, &seats, now).await? {
                    continue;
                }
                return Err(full());
            }
        };
        let known = seats.iter().find(|seat| seat.key == key);
        if let Written::Held { is_new } = members.try_take(room_id, &key, known, caller, now).await? {
            return Ok(Hold { key, is_new });
        }
    }
    Err(contended())
}

async fn find_name(at: Attendance<'_>, caller: &Caller, room: &Room, name: &str, now: Millis) -> Result<Hold> {
    let (room_id, key) = (room.room_id.as_str(), name_key(name));
    match at.members.take(room_id, &key, caller, now).await? {
        Taken::Held { is_new } => return Ok(Hold { key, is_new }),
        Taken::ByAnother(other) => {
            if !evict_abandoned(at.members, at.fanout.connections, room_id, &[other], now).await? {
                return Err(taken());
            }
        }
    }
    match at.members.take(room_id, &key, caller, now).await? {
        Taken::Held { is_new } => Ok(Hold { key, is_new }),
        Taken::ByAnother(_) => Err(taken()),
    }
}

/// Frees abandoned claims once the join that made or renewed them must have finished. Returns whether there were any.
///
/// Some belong to people who are no longer in the room: their function died, or nobody saw their connection close. Others
/// are a person's second seat: their tabs chose different ones, because somebody left in between. The tab that relies on
/// it is told `leaseExpired`, and shares the other seat when it joins again.
async fn evict_abandoned(
    members: &Members,
    connections: &Connections,
    room_id: &str,
    claims: &[Claim],
    now: Millis,
) -> Result<bool> {
    let occupants = connections.in_room(room_id).await?;
    let present = occupants::ids(&occupants, now);
    let mut seen = BTreeSet::new();
    let held = claims.iter().filter(|claim| claim.is_held(now));
    let abandoned = held.filter(|claim| {
        let is_needed = seen.insert(&claim.user_id) && present.contains(claim.user_id.as_str());
        !is_needed && claim.lease_until.saturating_add(JOIN_TIMEOUT) <= now + millis(LEASE)
    });
    let abandoned: Vec<_> = abandoned.collect();
    stream::iter(&abandoned)
        .map(|claim| members.evict(room_id, claim))
        .buffer_unordered(READS_AT_ONCE)
        .try_for_each(async |()| Ok(()))
        .await?;
    Ok(!abandoned.is_empty())
}

/// Checks that a person who has entered may stay. `room` and `occupants` were read after their row was written; `before`
/// are the person's other rows, by which they were in the room already.
///
/// Claims keep people from competing in vain, but this check decides, because it also sees people without a claim: those
/// who came in while a rule was set, or whose claim was released while they came in. Every join writes its row before it
/// counts, so the last one to count has counted everyone who was let in.
///
/// # Errors
/// `roomFull`, `nameTaken`; `unavailable` if the room has a rule now that it did not have when the caller made their
/// claims.
pub fn check(
    room: &Room,
    claimed: &Claimed,
    you: &Person,
    (occupants, before): (&[Occupant], &[&Occupant]),
    now: Millis,
) -> Result<()> {
    let capacity = room.settings.max_people.map(|capacity| capacity.get() as usize);
    if (capacity.is_some() && claimed.seat.is_none()) || (room.settings.unique_names && claimed.name.is_none()) {
        return Err(ChatError::Service { doing: "join a room", reason: "its rules have just changed".into() });
    }
    if before.is_empty() && capacity.is_some_and(|capacity| occupants::count(occupants, now) > capacity) {
        return Err(full());
    }
    if room.settings.unique_names {
        let key = look_alike_key(&you.name);
        let had_it = before.iter().any(|own| look_alike_key(&own.name) == key);
        let is_taken = || {
            let mut others = occupants.iter().filter(|other| other.user_id != you.user_id && other.is_live(now));
            others.any(|other| look_alike_key(&other.name) == key)
        };
        if !had_it && is_taken() {
            return Err(taken());
        }
    }
    Ok(())
}

/// Moves the claim of a name to the person's other connections, which now have it as well, and gives up their old names.
pub async fn rename_others(
    members: &Members,
    connections: &Connections,
    caller: &Caller,
    room_id: &str,
    claimed: &Claimed,
    renamed: &[&Occupant],
) -> Result<()> {
    let Some(Hold { key, .. }) = &claimed.name else { return Ok(()) };
    let old: Vec<_> = renamed.iter().map(|other| (&other.connection_id, name_key(&other.name))).collect();
    let old: Vec<_> = old.into_iter().filter(|(_, old)| old != key).collect();
    if old.is_empty() {
        return Ok(());
    }
    let others = old.iter().map(|(connection_id, _)| (*connection_id).clone()).collect();
    members.share(room_id, key, caller, others).await?;
    try_join_all(old.iter().map(|(connection_id, old)| async move {
        connections.add_claims(connection_id, room_id, vec![key.clone()]).await?;
        connections.remove_claim(connection_id, room_id, old).await
    }))
    .await?;
    let keys: BTreeSet<_> = old.into_iter().map(|(_, old)| old).collect();
    try_join_all(keys.iter().map(|old| members.give_up(room_id, old, &caller.user_id))).await?;
    Ok(())
}

/// Renews a connection's claims in a room. Returns whether it still holds them all.
pub async fn renew(
    members: &Members,
    caller: &Caller,
    room_id: &str,
    claims: &BTreeSet<String>,
    now: Millis,
) -> Result<bool> {
    let renewed = try_join_all(claims.iter().map(|key| members.renew(room_id, key, caller, now))).await?;
    Ok(renewed.into_iter().all(|is_held| is_held))
}

/// Claims what the room's rules require and a connection inside lacks, because it came in before them: a seat in any
/// case, the name if it is free.
pub async fn complete(
    at: Attendance<'_>,
    caller: &Caller,
    occupant: &Occupant,
    room: &Room,
    claims: &BTreeSet<String>,
    now: Millis,
) -> Result<()> {
    let lacks_seat = room.settings.max_people.is_some() && !claims.iter().any(|key| is_seat(key));
    let lacks_name = room.settings.unique_names && claims.iter().all(|key| is_seat(key));
    let seat = lacks_seat.then(|| extra_seat_key(&caller.user_id));
    let name = lacks_name.then(|| name_key(&occupant.name));
    let taken = try_join_all(seat.into_iter().chain(name).map(|key| async move {
        let taken = at.members.take(&room.room_id, &key, caller, now).await?;
        Ok::<_, ChatError>(matches!(taken, Taken::Held { .. }).then_some(key))
    }));
    let taken: Vec<_> = taken.await?.into_iter().flatten().collect();
    if taken.is_empty() {
        return Ok(());
    }
    at.fanout.connections.add_claims(&caller.connection_id, &room.room_id, taken).await
}

/// Releases claims of a connection. Tries each, even if one fails.
pub async fn release(
    members: &Members,
    connection_id: &str,
    room_id: &str,
    claims: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<()> {
    let releases =
        claims.into_iter().map(|key| async move { members.release(room_id, key.as_ref(), connection_id).await });
    join_all(releases).await.into_iter().collect()
}

/// The key of a name's claim. Hashed, because names in some scripts have long skeletons.
fn name_key(name: &str) -> String {
    format!("name#{}", derived_id("name", &[look_alike_key(name).as_bytes()]))
}

pub(super) fn full() -> ChatError {
    ChatError::refused(ErrorCode::RoomFull, "the room is full; try again when someone has left")
}

fn taken() -> ChatError {
    ChatError::refused(
        ErrorCode::NameTaken,
        "somebody in the room has this name, or one that looks like it; choose another",
    )
}
