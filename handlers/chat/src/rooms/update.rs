//! Changing a room's name or topic. A notice in the log tells everyone in the room.

use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::{RoomInfo, RoomUpdate};
use parlor_protocol::log::NoticeKind;
use parlor_protocol::person::Person;

use crate::error::{ChatError, Result};
use crate::log::record::{Plan, Recorder};
use crate::rooms::lobby::{self, Site};
use crate::store::{Entry, NoticeRow};

/// Changes a room's name, its topic or both.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden` for anyone but the owner, `invalidField` if there is nothing to change,
/// `unavailable`.
pub async fn update(
    recorder: Recorder<'_>,
    site: &Site,
    owner: &Person,
    room_id: &str,
    body: &RoomUpdate,
    now: Millis,
) -> Result<RoomInfo> {
    if body.name.is_none() && body.topic.is_none() {
        return Err(ChatError::refused(ErrorCode::InvalidField, "give a name or a topic"));
    }
    let Recorder { rooms, fanout, .. } = recorder;
    let plan = async || {
        let room = rooms.owned(room_id, &owner.user_id).await?;
        let name = body.name.as_ref().map_or(room.name.as_str(), |name| name.as_str());
        let topic = match &body.topic {
            None => room.topic.as_deref(),
            Some(topic) => topic.as_ref().map(|topic| topic.as_str()).filter(|topic| !topic.is_empty()),
        };
        if name == room.name && topic == room.topic.as_deref() {
            return Ok(Plan::NoChange { epoch: room.epoch, seq: room.seq });
        }
        let notice = NoticeRow::new(NoticeKind::Renamed, name, topic, owner, now);
        Ok(Plan::Append(Entry::notice(notice, room.noticed)))
    };
    let recorded = recorder.record(room_id, plan, async || fanout.connections.in_room(room_id).await, now).await?;
    recorder.deliver(room_id, recorded, None, now).await;
    lobby::describe(rooms, fanout.connections, site, room_id, now).await
}
