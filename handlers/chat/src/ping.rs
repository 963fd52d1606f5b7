//! Staying in one's rooms. The answer names those that the connection is still in, each with its newest number, so that a
//! client that lost its place or a broadcast notices.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use parlor_protocol::Millis;
use parlor_protocol::client::Ping;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::server::{Pong, RoomState, ServerFrame};

use crate::error::Result;
use crate::fanout::Tally;
use crate::{Caller, Chat};

/// # Errors
/// `rateLimited`, `connectionExpired`, `unavailable`.
pub async fn ping(chat: &Chat, caller: &Caller, frame: Ping, now: Millis) -> Result<Tally> {
    let connection_id = &caller.connection_id;
    let rooms = chat.connections.rooms(connection_id).await;
    // Each room is the work of a frame: a lease to renew, a row to read.
    let work = rooms.as_ref().map_or(1, |rooms| rooms.len().max(1));
    chat.limiter.frames(connection_id, work as u64, now).await?;
    let rooms = rooms?;
    let tops = rooms.iter().map(|room_id| async move {
        Ok::<_, crate::ChatError>(renew(chat, connection_id, room_id, now).await?.map(|top| (room_id.clone(), top)))
    });
    let rooms: BTreeMap<String, RoomState> = try_join_all(tops).await?.into_iter().flatten().collect();
    let pong = Pong { at: now, rooms, id: frame.id };
    chat.poster.post(connection_id, &ServerFrame::Pong(pong)).await;
    Ok(Tally::default())
}

/// The newest place of a room that the connection stays in; nothing where it is no longer in it.
async fn renew(chat: &Chat, connection_id: &str, room_id: &str, now: Millis) -> Result<Option<RoomState>> {
    if !chat.connections.renew(connection_id, room_id, now).await? {
        return Ok(None);
    }
    match chat.rooms.open(room_id, now).await {
        Ok(room) => Ok(Some(RoomState { epoch: room.epoch, seq: room.seq, count: None, people: None })),
        Err(error) if matches!(error.code(), ErrorCode::RoomClosed | ErrorCode::RoomNotFound) => {
            // Only now: a room that is over cannot be joined beside this, one that is open could.
            chat.connections.forget_room(connection_id, room_id).await?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
