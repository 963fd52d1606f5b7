//! Rooms that end without their owner. The room's row says until when the owner may be away: their joins and pings move
//! that time into the future, and leaving brings it forward.

use parlor_protocol::Millis;

use crate::Caller;
use crate::error::Result;
use crate::store::{Connections, Occupant, Room, Rooms};

/// Records that the caller is in a room, if they own it and it ends without them. Call it once their row is written.
pub async fn arrived(rooms: &Rooms, room: &Room, caller: &Caller, now: Millis) -> Result<()> {
    match room.settings.owner_until(now).filter(|_| room.owner_id.as_ref() == Some(&caller.user_id)) {
        Some(until) => rooms.renew_owner(&room.room_id, until, now).await,
        None => Ok(()),
    }
}

/// Records that the owner has left, unless they are in the room by another connection. Returns who remains.
///
/// The room is read before the occupants. An owner who joins meanwhile writes their row first and then renews the room:
/// so either their row is found here, or the room has changed since it was read and stays as it is.
pub async fn left(
    rooms: &Rooms,
    connections: &Connections,
    room_id: &str,
    gone: &Occupant,
    now: Millis,
) -> Result<Vec<Occupant>> {
    let room = if gone.absence_seconds.is_some() { rooms.if_open(room_id, now).await? } else { None };
    let remaining = connections.in_room(room_id).await?;
    let is_here = remaining.iter().any(|other| other.user_id == gone.user_id && other.is_live(now));
    if let Some(room) = room.filter(|_| !is_here) {
        rooms.owner_left(&room, now).await?;
    }
    Ok(remaining)
}
