//! Changing a room's name, topic or rules. A notice in the log tells everyone in the room.

use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::{RoomInfo, RoomUpdate};
use parlor_protocol::log::NoticeKind;
use parlor_protocol::person::Person;

use crate::error::{ChatError, Result};
use crate::log::record::{AudienceOf, Plan, Recorder};
use crate::rooms::lobby::{self, Site};
use crate::rooms::pass::NewPassword;
use crate::rooms::settings;
use crate::store::{Companion, Entry, Event, Members, NewSettings, NoticeRow, Room};

/// Changes what the body gives of a room.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden` for anyone but the owner, `invalidField` if there is nothing to change,
/// `unavailable`.
pub async fn update(
    recorder: Recorder<'_>,
    members: &Members,
    site: &Site,
    owner: &Person,
    room_id: &str,
    body: &RoomUpdate,
    now: Millis,
) -> Result<RoomInfo> {
    if *body == RoomUpdate::default() {
        return Err(ChatError::refused(ErrorCode::InvalidField, "give a name, a topic or a rule to change"));
    }
    let Recorder { rooms, fanout, .. } = recorder;
    let password = match &body.password {
        Some(Some(password)) => {
            // Only the owner may make a function hash one.
            rooms.owned(room_id, &owner.user_id).await?;
            Some(NewPassword::new(password)?)
        }
        _ => None,
    };
    let plan = async || {
        let room = rooms.owned(room_id, &owner.user_id).await?;
        let new = settings::updated(&room, body, password.as_ref(), now);
        let Some(mut entry) = entry(&room, body, new, owner, now) else {
            return Ok(Plan::NoChange { epoch: room.epoch, seq: room.seq });
        };
        if body.password.is_some() {
            let hash = password.as_ref().map(|password| password.hash.as_str());
            entry.companions.push(Companion::Other(members.password_write(room_id, hash)?.into()));
        }
        Ok(Plan::Append(entry))
    };
    let recorded = recorder.record(room_id, plan, AudienceOf::Room, now).await?;
    recorder.deliver(room_id, recorded, None, now).await;
    lobby::describe_for_owner(rooms, fanout.connections, site, room_id, now).await
}

/// Returns the notice of the change, or `None` if nothing changes.
fn entry(room: &Room, body: &RoomUpdate, new: Option<NewSettings>, owner: &Person, now: Millis) -> Option<Entry> {
    let name = body.name.as_ref().map_or(room.name.as_str(), |name| name.as_str());
    let topic = match &body.topic {
        None => room.topic.as_deref(),
        Some(topic) => topic.as_ref().map(|topic| topic.as_str()).filter(|topic| !topic.is_empty()),
    };
    let kind = if new.is_some() { NoticeKind::RulesChanged } else { NoticeKind::Renamed };
    if new.is_none() && name == room.name && topic == room.topic.as_deref() {
        return None;
    }
    let rules = new.as_ref().map(|new| Room { settings: new.settings.clone(), ..room.clone() }.rules());
    let notice = NoticeRow { rules, ..NoticeRow::new(kind, name, topic, owner, now) };
    let (owner_id, read, moderation) = (Some(owner.user_id.clone()), room.noticed, room.moderated.version);
    let companions = vec![Companion::Room { owner_id, read, moderation, new: new.map(Box::new) }];
    Some(Entry { event: Event::Notice(notice), epoch: None, companions })
}
