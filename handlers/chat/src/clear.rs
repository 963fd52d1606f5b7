//! Clearing a room: what was said is deleted, and the log starts anew. Nobody's position counts any more, since it is of
//! another epoch.

use parlor_protocol::Millis;
use parlor_protocol::log::NoticeKind;
use parlor_protocol::person::Person;

use crate::Chat;
use crate::error::Result;
use crate::identity::random_id;
use crate::record::{Intent, Recorded, record};
use crate::store::{Entry, Event, Noticed, With};

/// Clearing again what is clear starts anew once more; so whoever was not answered may ask again.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden`, `unavailable`.
pub async fn clear(chat: &Chat, owner: &Person, room_id: &str, now: Millis) -> Result<()> {
    let room = chat.rooms.owned(room_id, &owner.user_id).await?;
    chat.rooms.begin_anew(&room, &random_id()?, now).await?;
    let intend = async || {
        let room = chat.rooms.owned(room_id, &owner.user_id).await?;
        let notice = Noticed::new(NoticeKind::Cleared, &room.name, room.topic.as_deref(), owner, now);
        let with = With::Room { owner_id: owner.user_id.clone(), read: room.noticed };
        Ok(Intent::Append(Entry { event: Event::Notice(notice), with }))
    };
    if let Recorded::Event { event, audience } = record(chat, room_id, intend, now).await? {
        let delivery = chat.broadcast(room_id, audience, &event.into(), now).await;
        chat.announce_departures(room_id, delivery, now).await;
    }
    // In this order: an epoch that has rows, and is not the room's now, never will be again. Whoever else clears the room
    // meanwhile and talks on in it loses nothing.
    let keys = chat.log.keys(room_id).await?;
    let epoch = chat.rooms.owned(room_id, &owner.user_id).await?.epoch;
    chat.log.delete(keys.into_iter().filter(|key| !key.is_of(&epoch))).await
}
