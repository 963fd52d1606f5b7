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
    let epoch = random_id()?;
    chat.rooms.begin_anew(room_id, &owner.user_id, &epoch, now).await?;
    let intend = async || {
        let notice = Noticed::new(NoticeKind::Cleared, &room.name, room.topic.as_deref(), owner, now);
        Ok(Intent::Append(Entry { event: Event::Notice(notice), with: With::Room { owner_id: owner.user_id.clone() } }))
    };
    if let Recorded::Event { event, audience } = record(chat, room_id, intend, now).await? {
        let delivery = chat.broadcast(room_id, audience, &event.into(), now).await;
        chat.announce_departures(room_id, delivery, now).await;
    }
    chat.log.delete_all(room_id, Some(&epoch)).await
}
