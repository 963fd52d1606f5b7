//! Removing everyone from a room that is over.

use futures_util::stream::{self, TryStreamExt};
use parlor_protocol::server::{Left, LeftReason, ServerFrame};

use crate::delivery::{CONCURRENCY, Fanout};
use crate::error::Result;

/// Tells everyone in the room that they are out of it, then removes them. If this dies in between, the next call tells
/// those who remain: nobody is removed without being told.
///
/// # Errors
/// `unavailable`; then some may still be there.
pub async fn expel(fanout: Fanout<'_>, room_id: &str, reason: LeftReason) -> Result<()> {
    let occupants = fanout.connections.in_room(room_id).await?;
    let left = &ServerFrame::Left(Left::new(room_id, reason));
    stream::iter(occupants.into_iter().map(Ok))
        .try_for_each_concurrent(CONCURRENCY, async |occupant| {
            fanout.poster.post(&occupant.connection_id, left).await;
            fanout.connections.exit(&occupant.connection_id, room_id).await
        })
        .await
}
