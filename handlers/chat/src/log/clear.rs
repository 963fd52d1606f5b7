//! Clearing a room: its log ends and is deleted, and a new epoch starts. Positions in the old epoch no longer count.

use parlor_protocol::Millis;
use parlor_protocol::http::Clearing;
use parlor_protocol::log::NoticeKind;
use parlor_protocol::person::Person;
use tokio::time::{Instant, sleep};

use crate::error::Result;
use crate::log::record::{AudienceOf, PAUSE, Plan, Recorder, TRIES, room_busy};
use crate::people::identity::random_id;
use crate::store::{Entry, NoticeRow};

/// Ends the log of the given epoch, by default the current one, and deletes it page by page: the first page in any
/// case, the others until the given time. Returns the epoch while something is left to delete: clear that epoch again
/// to delete the rest, which leaves the current log alone.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden`, `unavailable`.
pub async fn clear(
    recorder: Recorder<'_>,
    owner: &Person,
    room_id: &str,
    epoch: Option<&str>,
    until: Instant,
    now: Millis,
) -> Result<Option<Clearing>> {
    let (epoch, ended) = start_epoch(recorder, owner, room_id, epoch, now).await?;
    if ended {
        announce(recorder, owner, room_id, now).await?;
    }
    recorder.members.delete_held_of_epoch(room_id, &epoch).await?;
    let is_done = recorder.log.delete_remains(room_id, until, now).await?;
    Ok((!is_done).then_some(Clearing { epoch }))
}

async fn announce(recorder: Recorder<'_>, owner: &Person, room_id: &str, now: Millis) -> Result<()> {
    let plan = async || {
        let room = recorder.rooms.owned(room_id, &owner.user_id).await?;
        let notice = NoticeRow::new(NoticeKind::Cleared, &room.name, room.topic.as_deref(), owner, now);
        Ok(Plan::Append(Entry::notice(notice, room.noticed)))
    };
    let recorded = recorder.record(room_id, plan, AudienceOf::Room, now).await?;
    recorder.deliver(room_id, recorded, None, now).await;
    Ok(())
}

/// Returns the epoch to delete, and whether this call ended it: not if it was over before.
async fn start_epoch(
    recorder: Recorder<'_>,
    owner: &Person,
    room_id: &str,
    epoch: Option<&str>,
    now: Millis,
) -> Result<(String, bool)> {
    let mut requested = epoch.map(str::to_owned);
    for _ in 0..TRIES {
        let room = recorder.rooms.owned(room_id, &owner.user_id).await?;
        let epoch = requested.get_or_insert_with(|| room.epoch.clone());
        if *epoch != room.epoch {
            return Ok((epoch.clone(), false));
        }
        if recorder.rooms.start_epoch(&room, &random_id()?, recorder.log, now).await? {
            return Ok((room.epoch, true));
        }
        sleep(PAUSE).await;
    }
    Err(room_busy())
}
