//! Closing a room: no more numbers are drawn in it, its occupants are told and removed, and its log is deleted.

use parlor_protocol::Millis;
use parlor_protocol::log::NoticeKind;
use parlor_protocol::person::Person;
use parlor_protocol::server::LeftReason;
use tokio::time::Instant;

use crate::error::Result;
use crate::log::record::{AudienceOf, Plan, Recorded, Recorder};
use crate::rooms::expel::expel;
use crate::store::{Entry, NoticeRow};

/// Closes a room and deletes its log page by page: the first page in any case, the others until the given time. Returns
/// whether nothing is left of the log; the sweep deletes the rest of the room. Idempotent: finishes an interrupted
/// close, and deletes the log of a room that ended otherwise.
///
/// # Errors
/// `roomNotFound`, `forbidden`, `unavailable`.
pub async fn close(recorder: Recorder<'_>, owner: &Person, room_id: &str, until: Instant, now: Millis) -> Result<bool> {
    let Recorder { rooms, log, fanout, .. } = recorder;
    let plan = async || {
        let room = rooms.owned(room_id, &owner.user_id).await?;
        if !room.is_open(now) {
            rooms.end(&room, log, now).await?;
            return Ok(Plan::NoChange { epoch: room.epoch, seq: room.seq });
        }
        let notice = NoticeRow::new(NoticeKind::Closed, &room.name, room.topic.as_deref(), owner, now);
        Ok(Plan::Append(Entry::notice(notice, room.noticed)))
    };
    let recorded = recorder.record(room_id, plan, AudienceOf::Room, now).await?;
    let reason = match &recorded {
        Recorded::Event { .. } => LeftReason::Closed,
        Recorded::NoChange { .. } => rooms.owned(room_id, &owner.user_id).await?.reason(),
    };
    recorder.deliver(room_id, recorded, None, now).await;
    expel(fanout, room_id, reason).await?;
    log.delete_remains(room_id, until, now).await
}
