//! Rooms as the HTTP API shows them: creating, listing and describing them.

use futures_util::stream::{self, StreamExt, TryStreamExt};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::{NewRoom, RoomInfo, RoomList, Visibility};
use parlor_protocol::limits::{LOBBY_ROOMS, LOBBY_ROOMS_DEFAULT};

use crate::READS_AT_ONCE;
use crate::error::{ChatError, Result};
use crate::people::identity::random_id;
use crate::rooms::occupants;
use crate::store::{Connections, Limits, LobbyEntry, Room, RoomDraft, Rooms, rank_activity};

/// The page that rooms' links point to.
pub struct Site {
    pub url: String,
}

impl Site {
    /// The fragment names the room, because browsers never send it to a server or put it into a `Referer`.
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

/// Creates a room. Without an owner, nobody can change or close it.
///
/// # Errors
/// `tooManyRooms`, `unavailable`.
pub async fn create(
    rooms: &Rooms,
    limits: &Limits,
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
    rooms.create(&room, limits, now).await?;
    Ok(site.describe(room, 0))
}

/// Describes a room.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `unavailable`.
pub async fn describe(
    rooms: &Rooms,
    connections: &Connections,
    site: &Site,
    room_id: &str,
    now: Millis,
) -> Result<RoomInfo> {
    let room = rooms.open(room_id, now).await?;
    let occupants = connections.in_room(room_id).await?;
    Ok(site.describe(room, occupants::count(&occupants, now)))
}

/// Lists a page of the lobby, most recently active rooms first. The cursor is a plain position: the route signs it for
/// clients.
///
/// # Errors
/// `invalidField` for an invalid limit or cursor, `unavailable`.
pub async fn list(
    rooms: &Rooms,
    connections: &Connections,
    site: &Site,
    cursor: Option<&str>,
    limit: Option<u32>,
    now: Millis,
) -> Result<RoomList> {
    let limit = match limit.unwrap_or(LOBBY_ROOMS_DEFAULT) {
        limit @ 1..=LOBBY_ROOMS => limit as usize,
        _ => return Err(invalid(format!("limit: must be 1 to {LOBBY_ROOMS}"))),
    };
    if cursor.is_some_and(|cursor| rank_activity(cursor).is_none()) {
        return Err(invalid("cursor: not issued by this API".into()));
    }
    let mut entries = rooms.lobby(cursor, limit, now).await?;
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    let cursor = entries.last().filter(|_| has_more).map(|entry| entry.lobby_rank.clone());
    let described = entries.into_iter().map(|entry| describe_entry(connections, site, entry, now));
    let rooms = stream::iter(described).buffered(READS_AT_ONCE).try_collect().await?;
    Ok(RoomList { rooms, cursor })
}

async fn describe_entry(connections: &Connections, site: &Site, entry: LobbyEntry, now: Millis) -> Result<RoomInfo> {
    let occupants = connections.in_room(&entry.room_id).await?;
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
