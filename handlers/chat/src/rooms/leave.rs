//! Leaving: on request, or because the connection has closed.

use futures_util::future::{join, join_all};
use parlor_protocol::Millis;
use parlor_protocol::client::Leave;
use parlor_protocol::server::{Left, LeftReason, ServerFrame};

use crate::Caller;
use crate::delivery::{Delivery, Fanout, PostCounts};
use crate::error::Result;
use crate::limiter::Limiter;
use crate::rooms::owner;
use crate::store::{Occupant, Rooms};

/// Removes the caller from a room. Succeeds if they are not in it.
///
/// # Errors
/// `rateLimited`, `unavailable`.
pub async fn leave(
    limiter: &Limiter,
    rooms: &Rooms,
    fanout: Fanout<'_>,
    caller: &Caller,
    frame: Leave,
    now: Millis,
) -> Result<PostCounts> {
    let Leave { room, id } = frame;
    let (room_id, connection_id, connections) = (room.as_str(), &caller.connection_id, fanout.connections);
    limiter.frame(caller, Some(room_id), now).await?;
    // A `join` that this connection sent just before may still be under way, and write its occupant's row after this
    // has removed the room from the connection's list. Then no `ping` renews that row, and it stays until its lease ends.
    let removed_room = connections.remove_room(connection_id, room_id);
    let (removed_room, before) = join(removed_room, connections.remove(connection_id, room_id)).await;
    let before = before?;
    if removed_room.is_ok() {
        let left = Left { room: room_id.to_owned(), reason: LeftReason::Left, id };
        fanout.poster.post(connection_id, &ServerFrame::Left(left)).await;
    }
    // The others are told even if this request fails: the row is deleted, and a retry will not find it.
    let counts = announce(rooms, fanout, room_id, before, now).await?;
    removed_room.map(|()| counts)
}

/// Removes a closed connection from all its rooms.
///
/// # Errors
/// `unavailable`; then the leases end by themselves.
pub async fn disconnect(rooms: &Rooms, fanout: Fanout<'_>, connection_id: &str, now: Millis) -> Result<PostCounts> {
    let joined = fanout.connections.close(connection_id).await?;
    let departures = joined.iter().map(|room_id| async move {
        let before = fanout.connections.remove(connection_id, room_id).await?;
        announce(rooms, fanout, room_id, before, now).await
    });
    // Not `try_join_all`: a failure in one room must not keep the others from being told.
    join_all(departures).await.into_iter().sum()
}

/// Tells those who remain that a connection has left, unless its person is there by another one. Whoever deletes an
/// occupant's row must call this, even if its lease had ended: nobody else will.
pub async fn announce(
    rooms: &Rooms,
    fanout: Fanout<'_>,
    room_id: &str,
    before: Option<Occupant>,
    now: Millis,
) -> Result<PostCounts> {
    let Some(gone) = before else { return Ok(PostCounts::default()) };
    let remaining = owner::left(rooms, fanout.connections, room_id, &gone, now).await?;
    let delivery = Delivery { remaining, removed: vec![gone.person()], ..Delivery::default() };
    Ok(fanout.announce_departures(room_id, delivery, now).await)
}
