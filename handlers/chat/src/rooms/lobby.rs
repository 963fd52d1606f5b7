//! Rooms as the HTTP API shows them: creating, listing and describing them.

use futures_util::future::try_join;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::{NewRoom, RoomInfo, RoomList};
use parlor_protocol::limits::{LOBBY_ROOMS, LOBBY_ROOMS_DEFAULT};
use parlor_protocol::person::Person;

use crate::READS_AT_ONCE;
use crate::error::{ChatError, Result};
use crate::moderation::admission;
use crate::people::identity::random_id;
use crate::rooms::pass::NewPassword;
use crate::rooms::{occupants, pass, settings};
use crate::store::{
    COMMONS, Connections, Limits, LobbyEntry, Members, Occupant, Room, RoomDraft, Rooms, rank_activity,
};

/// The page that rooms' links point to.
pub struct Site {
    pub url: String,
    /// The name of the stage's own room, if it has one.
    pub commons: Option<String>,
}

impl Site {
    /// The fragment names the room, because browsers never send it to a server or put it into a `Referer`.
    fn link(&self, room_id: &str) -> String {
        format!("{}/#/rooms/{room_id}", self.url.trim_end_matches('/'))
    }

    fn describe(&self, room: Room, occupants: &[Occupant], shows_names: bool, now: Millis) -> RoomInfo {
        let people = occupants::count(occupants, now);
        let names = || occupants::list(occupants, now).into_iter().map(|person| person.name).collect();
        let rules = room.rules();
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
            is_full: room.settings.max_people.is_some_and(|most| people >= most.get() as usize),
            names: shows_names.then(names),
            bots: room.settings.bots.clone(),
            told: room.settings.told(),
            rules,
            may: None,
        }
    }
}

/// Creates a room. Without an owner, nobody can change or close it.
///
/// # Errors
/// `tooManyRooms`, `invalidField` if the room depends on an owner and has none, `unavailable`.
pub async fn create(
    rooms: &Rooms,
    members: &Members,
    limits: &Limits,
    site: &Site,
    body: NewRoom,
    owner_id: Option<String>,
    now: Millis,
) -> Result<RoomInfo> {
    let room_id = random_id()?;
    let password = body.password.as_ref().map(NewPassword::new).transpose()?;
    let settings = settings::of_new_room(&body, password.as_ref(), owner_id.is_some(), now)?;
    let hash = password.map(|password| members.password_write(&room_id, Some(&password.hash))).transpose()?;
    let topic = body.topic.map(String::from).filter(|topic| !topic.is_empty());
    let draft = RoomDraft {
        room_id,
        epoch: random_id()?,
        name: body.name.into(),
        topic,
        visibility: body.visibility,
        owner_id,
        settings,
        reviewed: body.reviewed,
    };
    let room = Room::new(draft, now);
    rooms.create(&room, hash, limits, now).await?;
    Ok(site.describe(room, &[], true, now))
}

/// Describes a room. Without a pass, a room with a password does not show who is inside.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `passRequired` if the pass is not valid, `banned`, `unavailable`.
pub async fn describe(
    rooms: &Rooms,
    connections: &Connections,
    members: &Members,
    site: &Site,
    room_id: &str,
    (pass, viewer): (Option<&str>, Option<&Person>),
    now: Millis,
) -> Result<RoomInfo> {
    let room = rooms.open(room_id, now).await?;
    if pass.is_some() {
        pass::check(&room, pass, now)?;
    }
    let may = match viewer {
        Some(viewer) => {
            let status = admission::status(members, &room, &viewer.user_id).await?;
            admission::check_ban(&room, &status, now)?;
            Some(admission::may(&room, &status, now))
        }
        None => None,
    };
    // Whoever may be banned is not shown who is inside.
    let is_known = viewer.is_some() || !room.moderated.sanctions;
    let shows_names = is_known && (room.settings.pass_key.is_none() || pass.is_some());
    let info = describe_open(connections, site, room, shows_names, now).await?;
    Ok(RoomInfo { may, ..info })
}

/// Describes a room for its owner, who may know everything.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `unavailable`.
pub async fn describe_for_owner(
    rooms: &Rooms,
    connections: &Connections,
    site: &Site,
    room_id: &str,
    now: Millis,
) -> Result<RoomInfo> {
    describe_open(connections, site, rooms.open(room_id, now).await?, true, now).await
}

async fn describe_open(
    connections: &Connections,
    site: &Site,
    room: Room,
    shows_names: bool,
    now: Millis,
) -> Result<RoomInfo> {
    let occupants = connections.in_room(&room.room_id).await?;
    Ok(site.describe(room, &occupants, shows_names, now))
}

/// Lists a page of the lobby, most recently active rooms first. The first page begins with the stage's own room. The
/// cursor is a plain position: the route signs it for clients.
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
    let is_first = cursor.is_none();
    let mut entries = rooms.lobby(cursor, limit, now).await?;
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    let cursor = entries.last().filter(|_| has_more).map(|entry| entry.lobby_rank.clone());
    let described = entries.into_iter().map(|LobbyEntry { room_id, .. }| async move {
        describe_listed(rooms, connections, site, &room_id, now).await
    });
    let mut described: Vec<_> = stream::iter(described).buffered(READS_AT_ONCE).try_collect().await?;
    if is_first && site.commons.is_some() {
        described.insert(0, describe_listed(rooms, connections, site, COMMONS, now).await?);
    }
    Ok(RoomList { rooms: described.into_iter().flatten().collect(), cursor })
}

/// Returns `None` for a room that is over: until the sweep has ended it, the index still has it.
async fn describe_listed(
    rooms: &Rooms,
    connections: &Connections,
    site: &Site,
    room_id: &str,
    now: Millis,
) -> Result<Option<RoomInfo>> {
    let (room, occupants) = try_join(rooms.if_open(room_id, now), connections.in_room(room_id)).await?;
    Ok(room.map(|room| site.describe(room, &occupants, false, now)))
}

fn invalid(message: String) -> ChatError {
    ChatError::refused(ErrorCode::InvalidField, message)
}
