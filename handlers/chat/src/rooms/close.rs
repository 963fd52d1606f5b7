//! Closing a room: no more numbers are drawn in it, its occupants are told and removed, and its log is deleted.

use futures_util::stream::{self, StreamExt};
use parlor_protocol::Millis;
use parlor_protocol::log::NoticeKind;
use parlor_protocol::person::Person;
use parlor_protocol::server::{Left, LeftReason, ServerFrame};
use tokio::time::Instant;

use crate::delivery::CONCURRENCY;
use crate::error::Result;
use crate::log::record::{Plan, Recorded, Recorder};
use crate::store::{Entry, NoticeRow};

/// Closes a room and deletes its log page by page: the first page in any case, the others until the given time. Returns
/// whether nothing is left. Idempotent: finishes an interrupted close. Closing an expired room deletes its log.
///
/// # Errors
/// `roomNotFound`, `forbidden`, `unavailable`.
pub async fn close(recorder: Recorder<'_>, owner: &Person, room_id: &str, until: Instant, now: Millis) -> Result<bool> {
    let Recorder { rooms, log, fanout } = recorder;
    let plan = async || {
        let room = rooms.owned(room_id, &owner.user_id).await?;
        if !room.is_open(now) {
            let at = room.closed_at.unwrap_or(room.expires_at.saturating_mul(1000));
            log.end(room_id, &room.epoch, at).await?;
            return Ok(Plan::NoChange { epoch: room.epoch, seq: room.seq });
        }
        let notice = NoticeRow::new(NoticeKind::Closed, &room.name, room.topic.as_deref(), owner, now);
        Ok(Plan::Append(Entry::notice(notice, room.noticed)))
    };
    let audience = async || fanout.connections.in_room(room_id).await;
    if let Recorded::Event { event, audience } = recorder.record(room_id, plan, audience, now).await? {
        fanout.broadcast(room_id, audience, &event.into(), now).await;
    }
    let occupants = fanout.connections.in_room(room_id).await?;
    let left = ServerFrame::Left(Left { room: room_id.to_owned(), reason: LeftReason::Closed, id: None });
    stream::iter(&occupants)
        .for_each_concurrent(CONCURRENCY, |occupant| async {
            // If this fails, the lease ends by itself. The room is closed either way.
            let _ = fanout.connections.remove(&occupant.connection_id, room_id).await;
            fanout.poster.post(&occupant.connection_id, &left).await;
        })
        .await;
    let is_done = log.delete_remains(room_id, until, now).await?;
    if is_done {
        rooms.expire_closed(room_id, now).await?;
    }
    Ok(is_done)
}
