//! Changing a room: its owner gives it another name or topic, and everyone in it is told by a notice in the log.

use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::{RoomInfo, RoomUpdate};
use parlor_protocol::log::NoticeKind;
use parlor_protocol::person::Person;

use crate::Chat;
use crate::error::{ChatError, Result};
use crate::log::record::{Plan, Recorded, record};
use crate::rooms::lobby::{self, Site};
use crate::store::{Entry, Event, NoticeRow, With};

/// # Errors
/// `roomNotFound`, `roomClosed`; `forbidden` for anybody but the owner; `invalidField` where nothing is to change; `unavailable`.
pub async fn update(
    chat: &Chat,
    site: &Site,
    owner: &Person,
    room_id: &str,
    body: &RoomUpdate,
    now: Millis,
) -> Result<RoomInfo> {
    if body.name.is_none() && body.topic.is_none() {
        return Err(ChatError::refused(ErrorCode::InvalidField, "give a name or a topic"));
    }
    let intend = async || {
        let room = chat.rooms.owned(room_id, &owner.user_id).await?;
        let name = body.name.as_ref().map_or(room.name.as_str(), |name| name.as_str());
        let topic = match &body.topic {
            None => room.topic.as_deref(),
            Some(topic) => topic.as_ref().map(|topic| topic.as_str()).filter(|topic| !topic.is_empty()),
        };
        if name == room.name && topic == room.topic.as_deref() {
            return Ok(Plan::NoChange { epoch: room.epoch, seq: room.seq });
        }
        let notice = NoticeRow::new(NoticeKind::Renamed, name, topic, owner, now);
        Ok(Plan::Append(Entry {
            event: Event::Notice(notice),
            with: With::Room { owner_id: owner.user_id.clone(), read: room.noticed },
        }))
    };
    if let Recorded::Event { event, audience } = record(chat, room_id, intend, now).await? {
        let delivery = chat.broadcast(room_id, audience, &event.into(), now).await;
        chat.announce_departures(room_id, delivery, now).await;
    }
    lobby::describe(chat, site, room_id, now).await
}
