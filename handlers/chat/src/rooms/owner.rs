//! Rooms that end without their owner. The owner's lease, `ownerUntil` in the room's row, says until when the owner may
//! be away: their joins and pings renew it, and leaving shortens it.

use parlor_protocol::Millis;
use tokio::time::sleep;

use crate::Caller;
use crate::error::Result;
use crate::log::record::{PAUSE, TRIES, room_busy};
use crate::store::{Connections, Occupant, Room, Rooms};

/// Records that the caller is in a room, if they own it and it ends without them. Call it once their row is written.
pub async fn arrived(rooms: &Rooms, room: &Room, caller: &Caller, now: Millis) -> Result<()> {
    match room.settings.owner_until(now).filter(|_| room.owner_id.as_ref() == Some(&caller.user_id)) {
        Some(until) => rooms.renew_owner(&room.room_id, until, now).await,
        None => Ok(()),
    }
}

/// Records in an owner's row that the room now depends on them, if they joined before it did.
pub async fn complete(connections: &Connections, room: &Room, occupant: &Occupant) -> Result<()> {
    match room.settings.absence_seconds.filter(|_| room.owner_id.as_ref() == Some(&occupant.user_id)) {
        Some(seconds) if occupant.absence_seconds.is_none() => {
            connections.note_absence(&occupant.connection_id, &room.room_id, seconds).await
        }
        _ => Ok(()),
    }
}

/// Records that somebody has left, if they own the room, it ends without them, and they are not in it by another
/// connection.
///
/// The room is read before the occupants. An owner who joins at the same time writes their row first, then renews the
/// room. So either their row is found here, or the room has changed since it was read and is read again.
pub async fn left(rooms: &Rooms, connections: &Connections, room_id: &str, gone: &Occupant, now: Millis) -> Result<()> {
    if gone.absence_seconds.is_none() {
        return Ok(());
    }
    for _ in 0..TRIES {
        let Some(room) = rooms.if_open(room_id, now).await? else { return Ok(()) };
        // They may have handed the room over.
        if room.owner_id.as_ref() != Some(&gone.user_id) {
            return Ok(());
        }
        let occupants = connections.in_room(room_id).await?;
        let is_here = occupants.iter().any(|other| other.user_id == gone.user_id && other.is_live(now));
        if is_here || rooms.owner_left(&room, now).await? {
            return Ok(());
        }
        sleep(PAUSE).await;
    }
    Err(room_busy())
}
