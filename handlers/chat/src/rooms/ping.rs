//! Staying in one's rooms. The answer names those that the connection is still in, each with its newest number and who is
//! there, so that a client that lost its place or a broadcast notices.

use futures_util::future::{join_all, try_join};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use parlor_protocol::Millis;
use parlor_protocol::client::Ping;
use parlor_protocol::limits::PRESENCE_CHECK_CONNECTIONS;
use parlor_protocol::server::{Pong, RoomState, ServerFrame};

use crate::delivery::fanout::PostCounts;
use crate::error::Result;
use crate::rooms::occupants;
use crate::store::{ConnectionRow, Occupant, Room};
use crate::{Caller, Chat, READS_AT_ONCE};

/// # Errors
/// `rateLimited`, `connectionExpired`, `unavailable`.
pub async fn ping(chat: &Chat, caller: &Caller, frame: Ping, now: Millis) -> Result<PostCounts> {
    let connection_id = &caller.connection_id;
    let own = chat.connections.connection(connection_id).await;
    // Each room is the work of a frame: a lease to renew, a row to read.
    let work = own.as_ref().map_or(1, |own| own.rooms.len().max(1));
    chat.limiter.frames(connection_id, work as u64, now).await?;
    let own = &own?;
    let looks = own.rooms.iter().map(|room_id| async move {
        let room = stay(chat, connection_id, own, room_id, now);
        let (room, occupants) = try_join(room, some_occupants(chat, connection_id, room_id)).await?;
        Ok::<_, crate::ChatError>(room.map(|room| (room_id, room, occupants)))
    });
    let rooms: Vec<_> = stream::iter(looks).buffered(READS_AT_ONCE).try_collect().await?;
    let rooms: Vec<_> = rooms.into_iter().flatten().collect();
    let states = rooms.iter().map(|(room_id, room, occupants)| ((*room_id).clone(), state(room, occupants, now)));
    let pong = Pong { at: now, rooms: states.collect(), id: frame.id };
    chat.poster.post(connection_id, &ServerFrame::Pong(pong)).await;
    // Where nobody says anything, nobody else finds out that a lease has ended. Should this fail, the next ping finds the same.
    let ended = rooms.iter().filter(|(_, _, occupants)| occupants.iter().any(|occupant| !occupant.is_live(now)));
    let tidied = ended.map(|(room_id, ..)| async move {
        match chat.connections.in_room(room_id).await {
            Ok(occupants) => chat.end_leases(room_id, occupants, now).await,
            Err(_) => PostCounts::default(),
        }
    });
    Ok(join_all(tidied).await.into_iter().sum())
}

/// The first connections in a room. Where these are not all, also those that follow the caller's, so that the pings of all
/// look at every row.
async fn some_occupants(chat: &Chat, connection_id: &str, room_id: &str) -> Result<Vec<Occupant>> {
    const MOST: usize = PRESENCE_CHECK_CONNECTIONS + 1;
    let mut occupants = chat.connections.some_in_room(room_id, None, MOST).await?;
    if occupants.len() == MOST {
        occupants.extend(chat.connections.some_in_room(room_id, Some(connection_id), MOST).await?);
    }
    Ok(occupants)
}

/// Renews a connection's leases, and makes the places free of rooms that it is not in any more.
pub async fn stay_in_all(chat: &Chat, connection_id: &str, own: &ConnectionRow, now: Millis) -> Result<()> {
    let stays = own.rooms.iter().map(|room_id| stay(chat, connection_id, own, room_id, now));
    stream::iter(stays).buffer_unordered(READS_AT_ONCE).try_for_each(async |_| Ok(())).await
}

/// Renews a connection's lease in a room. Nothing where it is not in it: then the room takes no place of the connection's
/// any more.
async fn stay(
    chat: &Chat,
    connection_id: &str,
    own: &ConnectionRow,
    room_id: &str,
    now: Millis,
) -> Result<Option<Room>> {
    let renewed = chat.connections.renew(connection_id, room_id, now);
    match try_join(renewed, chat.rooms.if_open(room_id, now)).await? {
        (true, Some(room)) => return Ok(Some(room)),
        (false, Some(_)) => chat.connections.forget_left(connection_id, own, room_id, now).await?,
        // A room that is over cannot be joined at the same time.
        (_, None) => chat.connections.forget_room(connection_id, room_id).await?,
    }
    Ok(None)
}

fn state(room: &Room, occupants: &[Occupant], now: Millis) -> RoomState {
    let compared = (occupants.len() <= PRESENCE_CHECK_CONNECTIONS).then(|| occupants::digest(occupants, now));
    let (count, people) = compared.unzip();
    RoomState { epoch: room.epoch.clone(), seq: room.seq, count, people }
}
