//! Leaving: on request, or because the connection has closed.

use futures_util::future::{join, join_all, join3};
use parlor_protocol::Millis;
use parlor_protocol::client::Leave;
use parlor_protocol::server::{Left, LeftReason, ServerFrame};

use crate::Caller;
use crate::delivery::{Delivery, PostCounts};
use crate::error::Result;
use crate::limiter::Limiter;
use crate::rooms::{Attendance, claims, owner};
use crate::store::{Occupant, People};

/// Removes the caller from a room. Succeeds if they are not in it.
///
/// # Errors
/// `rateLimited`, `unavailable`.
pub async fn leave(
    limiter: &Limiter,
    at: Attendance<'_>,
    caller: &Caller,
    frame: Leave,
    now: Millis,
) -> Result<PostCounts> {
    let Leave { room, id } = frame;
    let (room_id, connection_id, connections) = (room.as_str(), &caller.connection_id, at.fanout.connections);
    limiter.frame(caller, Some(room_id), now).await?;
    // A `join` that this connection sent just before may still be under way, and write its occupant's row after this
    // has removed the room from the connection's list. Then no `ping` renews that row, and it stays until its lease ends.
    let claims = connections.remove_room(connection_id, room_id);
    let (claims, before) = join(claims, connections.remove(connection_id, room_id)).await;
    let before = before?;
    let released = match claims {
        Ok(claims) => {
            let released = claims::release(at.members, connection_id, room_id, claims).await;
            let left = Left { id, ..Left::new(room_id, LeftReason::Left) };
            at.fanout.poster.post(connection_id, &ServerFrame::Left(left)).await;
            released
        }
        Err(error) => Err(error),
    };
    // The others are told even if this request fails: the row is deleted, and a retry will not find it.
    let counts = announce(at, room_id, before, now).await?;
    released.map(|()| counts)
}

/// Removes a closed connection from all its rooms, and releases the handle that ends with it.
///
/// # Errors
/// `unavailable`; then the leases and the handle end by themselves.
pub async fn disconnect(people: &People, at: Attendance<'_>, connection_id: &str, now: Millis) -> Result<PostCounts> {
    let connection = &at.fanout.connections.close(connection_id).await?;
    let departures = connection.rooms.iter().map(|room_id| async move {
        let before = at.fanout.connections.remove(connection_id, room_id).await?;
        let released = claims::release(at.members, connection_id, room_id, connection.claims_in(room_id));
        let (released, counts) = join(released, announce(at, room_id, before, now)).await;
        released.and(counts)
    });
    let stopped = async {
        // A connection that was accepted before this row had the person's id.
        if connection.user_id.is_empty() {
            return Ok(());
        }
        at.fanout.connections.stop_receiving(&connection.user_id, connection_id).await
    };
    let forgotten = async {
        match &connection.handle {
            Some(handle) => people.forget(&connection.user_id, handle).await,
            None => Ok(()),
        }
    };
    // Not `try_join_all`: a failure in one room must not keep the others from being told.
    let (counts, stopped, forgotten) = join3(join_all(departures), stopped, forgotten).await;
    stopped.and(forgotten).and(counts.into_iter().sum())
}

/// Takes a connection out of a room that it may not stay in. If `was_listed`, the others know it and are told.
///
/// # Errors
/// `unavailable`; then the lease ends by itself.
pub async fn take_out(
    at: Attendance<'_>,
    connection_id: &str,
    room_id: &str,
    was_listed: bool,
    now: Millis,
) -> Result<PostCounts> {
    let connections = at.fanout.connections;
    // The row first: by it they receive. If the rest fails, a `ping` takes the room off the connection's list.
    let before = connections.remove(connection_id, room_id).await?;
    let released = async {
        let claims = connections.remove_room(connection_id, room_id).await?;
        claims::release(at.members, connection_id, room_id, claims).await
    };
    let (released, counts) = join(released, announce(at, room_id, before.filter(|_| was_listed), now)).await;
    released.and(counts)
}

/// Tells those who remain that a person has left, unless they are still there on another connection, and starts the
/// owner's absence if it was the owner. Whoever deletes an occupant's row must announce it, even if its lease had ended,
/// because nobody else will: here, or in the fan-out, which finds rows of lost connections.
async fn announce(at: Attendance<'_>, room_id: &str, before: Option<Occupant>, now: Millis) -> Result<PostCounts> {
    let Some(gone) = before else { return Ok(PostCounts::default()) };
    let connections = at.fanout.connections;
    let recorded = owner::left(at.rooms, connections, room_id, &gone, now);
    let (recorded, remaining) = join(recorded, connections.in_room(room_id)).await;
    let delivery = Delivery { remaining: remaining?, removed: vec![gone.person()], ..Delivery::default() };
    let counts = at.fanout.announce_departures(room_id, delivery, now).await;
    recorded.map(|()| counts)
}
