//! Going: by asking to, or with the connection.

use futures_util::future::join_all;
use parlor_protocol::Millis;
use parlor_protocol::client::Leave;
use parlor_protocol::server::{Left, LeftReason, ServerFrame};

use crate::delivery::fanout::{Delivery, PostCounts};
use crate::error::Result;
use crate::store::Occupant;
use crate::{Caller, Chat};

/// # Errors
/// `rateLimited`, `unavailable`. Leaving a room one is not in is leaving it.
pub async fn leave(chat: &Chat, caller: &Caller, frame: Leave, now: Millis) -> Result<PostCounts> {
    let Leave { room, id } = frame;
    chat.limiter.frame(caller, Some(room.as_str()), now).await?;
    let before = chat.connections.exit(&caller.connection_id, room.as_str()).await?;
    let left = Left { room: room.as_str().to_owned(), reason: LeftReason::Left, id };
    chat.poster.post(&caller.connection_id, &ServerFrame::Left(left)).await;
    announce(chat, room.as_str(), before, now).await
}

/// The connection is closed: it is in no room any more.
///
/// # Errors
/// `unavailable`: then the leases end by themselves.
pub async fn disconnect(chat: &Chat, connection_id: &str, now: Millis) -> Result<PostCounts> {
    let rooms = chat.connections.close(connection_id).await?;
    let departures = rooms.iter().map(|room_id| async move {
        let before = chat.connections.remove(connection_id, room_id).await?;
        announce(chat, room_id, before, now).await
    });
    // One room's failure keeps no other from being told.
    join_all(departures).await.into_iter().sum()
}

/// Tells those who remain that a connection has gone, unless its person is still there by another. Whoever deletes a row
/// does this, even if its lease had ended: nobody else will.
pub async fn announce(chat: &Chat, room_id: &str, before: Option<Occupant>, now: Millis) -> Result<PostCounts> {
    let Some(gone) = before else { return Ok(PostCounts::default()) };
    let remaining = chat.connections.in_room(room_id).await?;
    let delivery = Delivery { remaining, departed: vec![gone.person()], ..Delivery::default() };
    Ok(chat.announce_departures(room_id, delivery, now).await)
}
