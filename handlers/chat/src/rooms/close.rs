//! Closing a room: nothing is numbered in it from then on, everyone is told and out, and what was said is deleted.

use futures_util::stream::{self, StreamExt};
use parlor_protocol::Millis;
use parlor_protocol::log::NoticeKind;
use parlor_protocol::person::Person;
use parlor_protocol::server::{Left, LeftReason, ServerFrame};
use tokio::time::Instant;

use crate::Chat;
use crate::delivery::fanout::CONCURRENCY;
use crate::error::Result;
use crate::log::record::{Plan, Recorded, record};
use crate::store::{Entry, Event, NoticeRow, With};

/// The log is deleted page by page, after the first page only until the given time; says whether nothing is left of it.
/// Closing again what is closed, or has expired, finishes what an earlier call may have left.
///
/// # Errors
/// `roomNotFound`, `forbidden`, `unavailable`.
pub async fn close(chat: &Chat, owner: &Person, room_id: &str, until: Instant, now: Millis) -> Result<bool> {
    let intend = async || {
        let room = chat.rooms.owned(room_id, &owner.user_id).await?;
        if !room.is_open(now) {
            let at = room.closed_at.unwrap_or(room.expires_at.saturating_mul(1000));
            chat.log.end(room_id, &room.epoch, at).await?;
            return Ok(Plan::NoChange { epoch: room.epoch, seq: room.seq });
        }
        let notice = NoticeRow::new(NoticeKind::Closed, &room.name, room.topic.as_deref(), owner, now);
        Ok(Plan::Append(Entry {
            event: Event::Notice(notice),
            with: With::Room { owner_id: owner.user_id.clone(), read: room.noticed },
        }))
    };
    if let Recorded::Event { event, audience } = record(chat, room_id, intend, now).await? {
        chat.broadcast(room_id, audience, &event.into(), now).await;
    }
    let occupants = chat.connections.in_room(room_id).await?;
    let left = ServerFrame::Left(Left { room: room_id.to_owned(), reason: LeftReason::Closed, id: None });
    stream::iter(&occupants)
        .for_each_concurrent(CONCURRENCY, |occupant| async {
            // Should this fail, the lease ends by itself; the room is closed either way.
            let _ = chat.connections.remove(&occupant.connection_id, room_id).await;
            chat.poster.post(&occupant.connection_id, &left).await;
        })
        .await;
    let is_done = chat.log.delete_remains(room_id, until, now).await?;
    if is_done {
        chat.rooms.expire_closed(room_id, now).await?;
    }
    Ok(is_done)
}
