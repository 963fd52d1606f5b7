//! Closing a room: nothing is numbered in it from then on, everyone is told and out, and what was said is deleted.

use futures_util::stream::{self, StreamExt};
use parlor_protocol::Millis;
use parlor_protocol::server::{Left, LeftReason, ServerFrame};

use crate::Chat;
use crate::error::Result;

const CONCURRENCY: usize = 64;

/// Closing again what is closed finishes what an earlier call may have left.
///
/// # Errors
/// `roomNotFound`, `forbidden`, `unavailable`.
pub async fn close(chat: &Chat, user_id: &str, room_id: &str, now: Millis) -> Result<()> {
    chat.rooms.close(room_id, user_id, now).await?;
    let occupants = chat.connections.in_room(room_id).await?;
    let left = ServerFrame::Left(Left { room: room_id.to_owned(), reason: LeftReason::Closed, id: None });
    stream::iter(&occupants)
        .for_each_concurrent(CONCURRENCY, |occupant| async {
            // Should this fail, the lease ends by itself; the room is closed either way.
            let _ = chat.connections.remove(&occupant.connection_id, room_id).await;
            chat.poster.post(&occupant.connection_id, &left).await;
        })
        .await;
    chat.log.delete_all(room_id).await
}
