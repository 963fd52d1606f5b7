//! Clearing a room: what was said is deleted, and the log starts anew. Nobody's position counts any more, since it is of
//! another epoch.

use parlor_protocol::Millis;
use parlor_protocol::http::Clearing;
use parlor_protocol::log::NoticeKind;
use parlor_protocol::person::Person;
use tokio::time::{Instant, sleep};

use crate::Chat;
use crate::error::Result;
use crate::log::record::{self, PAUSE, Plan, Recorded, TRIES};
use crate::people::identity::random_id;
use crate::store::{Entry, Event, NoticeRow, With};

/// Ends the log of this epoch, the room's present one unless given, and deletes it page by page, after the first page only
/// until the given time. Returns the epoch while something is left to delete: clearing that epoch again deletes the rest and
/// leaves the present log alone.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden`, `unavailable`.
pub async fn clear(
    chat: &Chat,
    owner: &Person,
    room_id: &str,
    epoch: Option<&str>,
    until: Instant,
    now: Millis,
) -> Result<Option<Clearing>> {
    let (epoch, ended) = start_epoch(chat, owner, room_id, epoch, now).await?;
    if ended {
        announce(chat, owner, room_id, now).await?;
    }
    let is_done = chat.log.delete_remains(room_id, until, now).await?;
    Ok((!is_done).then_some(Clearing { epoch }))
}

async fn announce(chat: &Chat, owner: &Person, room_id: &str, now: Millis) -> Result<()> {
    let intend = async || {
        let room = chat.rooms.owned(room_id, &owner.user_id).await?;
        let notice = NoticeRow::new(NoticeKind::Cleared, &room.name, room.topic.as_deref(), owner, now);
        let with = With::Room { owner_id: owner.user_id.clone(), read: room.noticed };
        Ok(Plan::Append(Entry { event: Event::Notice(notice), with }))
    };
    if let Recorded::Event { event, audience } = record::record(chat, room_id, intend, now).await? {
        let delivery = chat.broadcast(room_id, audience, &event.into(), now).await;
        chat.announce_departures(room_id, delivery, now).await;
    }
    Ok(())
}

/// Returns the epoch, and whether this call ended its log: not where it was over before.
async fn start_epoch(
    chat: &Chat,
    owner: &Person,
    room_id: &str,
    epoch: Option<&str>,
    now: Millis,
) -> Result<(String, bool)> {
    let mut wanted = epoch.map(str::to_owned);
    for _ in 0..TRIES {
        let room = chat.rooms.owned(room_id, &owner.user_id).await?;
        let epoch = wanted.get_or_insert_with(|| room.epoch.clone());
        if *epoch != room.epoch {
            return Ok((epoch.clone(), false));
        }
        if chat.rooms.start_epoch(&room, &random_id()?, &chat.log, now).await? {
            return Ok((room.epoch, true));
        }
        sleep(PAUSE).await;
    }
    Err(record::room_busy())
}
