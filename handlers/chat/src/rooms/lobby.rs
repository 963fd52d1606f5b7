//! Rooms as the HTTP API describes them: made, found in the lobby, looked up.

use futures_util::stream::{self, StreamExt, TryStreamExt};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::{NewRoom, RoomInfo, RoomList, Visibility};
use parlor_protocol::limits::{LOBBY_ROOMS, LOBBY_ROOMS_DEFAULT};

use crate::error::{ChatError, Result};
use crate::people::identity::random_id;
use crate::rooms::occupants;
use crate::store::{LobbyEntry, Room, RoomDraft, rank_activity};
use crate::{Chat, READS_AT_ONCE};

/// What a room's link is made of: the page's address.
pub struct Site {
    pub url: String,
}

impl Site {
    /// The room is named in the fragment, which browsers send to no server and write into no `Referer`.
    fn link(&self, room_id: &str) -> String {
        format!("{}/#/rooms/{room_id}", self.url.trim_end_matches('/'))
    }

    fn describe(&self, room: Room, people: usize) -> RoomInfo {
        RoomInfo {
            link: self.link(&room.room_id),
            active_at: rank_activity(&room.lobby_rank).unwrap_or(room.created_at),
            expires_at: room.expires_at.saturating_mul(1000),
            room_id: room.room_id,
            name: room.name,
            topic: room.topic,
            visibility: room.visibility,
            created_at: room.created_at,
            people,
        }
    }
}

/// Makes a room, owned by `owner_id` where there is one: only an owner can close it.
///
/// # Errors
/// `tooManyRooms`, `unavailable`.
pub async fn create(
    chat: &Chat,
    site: &Site,
    body: NewRoom,
    owner_id: Option<String>,
    now: Millis,
) -> Result<RoomInfo> {
    let topic = body.topic.map(String::from).filter(|topic| !topic.is_empty());
    let draft = RoomDraft {
        room_id: random_id()?,
        epoch: random_id()?,
        name: body.name.into(),
        topic,
        visibility: body.visibility,
        owner_id,
    };
    let room = Room::new(draft, now);
    chat.rooms.create(&room, &chat.limiter.limits, now).await?;
    Ok(site.describe(room, 0))
}

/// # Errors
/// `roomNotFound`, `roomClosed`.
pub async fn describe(chat: &Chat, site: &Site, room_id: &str, now: Millis) -> Result<RoomInfo> {
    let room = chat.rooms.open(room_id, now).await?;
    let occupants = chat.connections.in_room(room_id).await?;
    Ok(site.describe(room, occupants::count(&occupants, now)))
}

/// A page of the lobby, most recently active first. Its cursor is a position in clear, which clients get signed.
///
/// # Errors
/// `invalidField` for a limit or a cursor that is not one.
pub async fn list(chat: &Chat, site: &Site, cursor: Option<&str>, limit: Option<u32>, now: Millis) -> Result<RoomList> {
    let limit = match limit.unwrap_or(LOBBY_ROOMS_DEFAULT) {
        limit @ 1..=LOBBY_ROOMS => limit as usize,
        _ => return Err(invalid(format!("limit: must be 1 to {LOBBY_ROOMS}"))),
    };
    if cursor.is_some_and(|cursor| rank_activity(cursor).is_none()) {
        return Err(invalid("cursor: not one that this API gave out".into()));
    }
    let mut entries = chat.rooms.lobby(cursor, limit, now).await?;
    let more = entries.len() > limit;
    entries.truncate(limit);
    let cursor = entries.last().filter(|_| more).map(|entry| entry.lobby_rank.clone());
    let rooms = entries.into_iter().map(|entry| describe_entry(chat, site, entry, now));
    let rooms = stream::iter(rooms).buffered(READS_AT_ONCE).try_collect().await?;
    Ok(RoomList { rooms, cursor })
}

async fn describe_entry(chat: &Chat, site: &Site, entry: LobbyEntry, now: Millis) -> Result<RoomInfo> {
    let occupants = chat.connections.in_room(&entry.room_id).await?;
    Ok(RoomInfo {
        link: site.link(&entry.room_id),
        active_at: rank_activity(&entry.lobby_rank).unwrap_or(entry.created_at),
        expires_at: entry.expires_at.saturating_mul(1000),
        room_id: entry.room_id,
        name: entry.name,
        topic: entry.topic,
        visibility: Visibility::Public,
        created_at: entry.created_at,
        people: occupants::count(&occupants, now),
    })
}

fn invalid(message: String) -> ChatError {
    ChatError::refused(ErrorCode::InvalidField, message)
}
