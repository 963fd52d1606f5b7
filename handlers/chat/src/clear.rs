//! Clearing a room: what was said is deleted, and the log starts anew. Nobody's position counts any more, since it is of
//! another epoch.

use parlor_protocol::Millis;
use parlor_protocol::log::NoticeKind;
use parlor_protocol::person::Person;
use tokio::time::{Instant, sleep};

use crate::Chat;
use crate::error::Result;
use crate::identity::random_id;
use crate::record::{self, Intent, PAUSE, Recorded, TRIES};
use crate::store::{Entry, Event, Noticed, With};

/// The old log is deleted page by page, after the first page only until the given time; says whether nothing is left of it.
/// Clearing again what is clear starts anew once more, and goes on deleting.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden`, `unavailable`.
pub async fn clear(chat: &Chat, owner: &Person, room_id: &str, until: Instant, now: Millis) -> Result<bool> {
    begin_anew(chat, owner, room_id, now).await?;
    let intend = async || {
        let room = chat.rooms.owned(room_id, &owner.user_id).await?;
        let notice = Noticed::new(NoticeKind::Cleared, &room.name, room.topic.as_deref(), owner, now);
        let with = With::Room { owner_id: owner.user_id.clone(), read: room.noticed };
        Ok(Intent::Append(Entry { event: Event::Notice(notice), with }))
    };
    if let Recorded::Event { event, audience } = record::record(chat, room_id, intend, now).await? {
        let delivery = chat.broadcast(room_id, audience, &event.into(), now).await;
        chat.announce_departures(room_id, delivery, now).await;
    }
    chat.log.delete_remains(room_id, until, now).await
}

async fn begin_anew(chat: &Chat, owner: &Person, room_id: &str, now: Millis) -> Result<()> {
    for _ in 0..TRIES {
        let room = chat.rooms.owned(room_id, &owner.user_id).await?;
        if chat.rooms.begin_anew(&room, &random_id()?, &chat.log, now).await? {
            return Ok(());
        }
        sleep(PAUSE).await;
    }
    Err(record::too_busy())
}
