//! Staying in one's rooms. The answer names those that the connection is still in, each with its newest number, so that a
//! client that lost its place or a broadcast notices.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use parlor_protocol::client::Ping;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::server::{Pong, ServerFrame};
use parlor_protocol::{Millis, Seq};

use crate::error::Result;
use crate::fanout::Tally;
use crate::{Caller, Chat};

/// # Errors
/// `connectionExpired`, `unavailable`.
pub async fn ping(chat: &Chat, caller: &Caller, frame: Ping, now: Millis) -> Result<Tally> {
    let connection_id = &caller.connection_id;
    let rooms = chat.connections.rooms(connection_id).await?;
    let tops = rooms.iter().map(|room_id| async move {
        Ok::<_, crate::ChatError>(renew(chat, connection_id, room_id, now).await?.map(|seq| (room_id.clone(), seq)))
    });
    let rooms: BTreeMap<String, Seq> = try_join_all(tops).await?.into_iter().flatten().collect();
    let pong = Pong { at: now, rooms, id: frame.id };
    chat.poster.post(connection_id, &ServerFrame::Pong(pong)).await;
    Ok(Tally::default())
}

/// The newest number of a room that the connection stays in; nothing where it is no longer in it.
async fn renew(chat: &Chat, connection_id: &str, room_id: &str, now: Millis) -> Result<Option<Seq>> {
    if !chat.connections.renew(connection_id, room_id, now).await? {
        return Ok(None);
    }
    match chat.rooms.open(room_id, now).await {
        Ok(room) => Ok(Some(room.seq)),
        Err(error) if matches!(error.code(), ErrorCode::RoomClosed | ErrorCode::RoomNotFound) => {
            // Only now: a room that is over cannot be joined beside this, one that is open could.
            chat.connections.forget_room(connection_id, room_id).await?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
