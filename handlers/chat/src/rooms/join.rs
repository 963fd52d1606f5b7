//! Coming into a room, and coming back: the room as it is up to a number, and every later number will follow.

use futures_util::future::{self, join_all, try_join_all};
use parlor_protocol::Millis;
use parlor_protocol::client::{Join, Position};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::{CONNECTIONS_PER_ROOM, PAGE_MESSAGES, PAGE_MESSAGES_DEFAULT, RESUME_EVENTS};
use parlor_protocol::log::LogPage;
use parlor_protocol::person::Person;
use parlor_protocol::server::{Joined, Presence, PresenceKind, ServerFrame};

use crate::delivery::fanout::{PostCounts, PostResult};
use crate::error::{ChatError, Result};
use crate::log::history::{self, PageLimits, PageRange};
use crate::rooms::{leave, occupants, ping};
use crate::store::{Occupant, Room};
use crate::{Caller, Chat};

/// # Errors
/// `rateLimited`, `roomNotFound`, `roomClosed`, `tooManyRooms`, `roomFull`, `connectionExpired`, `unavailable`.
pub async fn join(chat: &Chat, caller: &Caller, frame: Join, now: Millis) -> Result<PostCounts> {
    let Join { room, name, since, id } = frame;
    let room_id = room.as_str();
    chat.rate_limited(caller, room_id, now, chat.rooms.open(room_id, now)).await?;
    let name = name.map_or_else(|| caller.name.clone(), String::from);
    let previous = match chat.connections.enter(caller, &name, room_id, now).await {
        Err(error) if error.code() == ErrorCode::TooManyRooms => {
            make_place(chat, caller, error, now).await?;
            chat.connections.enter(caller, &name, room_id, now).await?
        }
        entered => entered?,
    };
    // In this order: once our row is there, we are posted whatever is numbered from now on; what was numbered by now,
    // the room's row tells. Nothing falls in between.
    let room = match chat.rooms.open(room_id, now).await {
        Ok(room) => room,
        Err(error) => {
            // Where it is only that the room cannot be read, the row stays, for the next attempt.
            if matches!(error, ChatError::Refused { .. }) {
                chat.connections.exit(&caller.connection_id, room_id).await?;
            }
            return Err(error);
        }
    };
    let mut occupants = chat.connections.in_room(room_id).await?;
    let was_listed = previous.is_some();
    let before = previous.filter(|before| before.is_live(now));
    // Everyone's row is there before they count: of those who are let in, the last to count has counted all.
    if before.is_none() && occupants::connections(&occupants, now) > CONNECTIONS_PER_ROOM {
        withdraw(chat, caller, room_id, was_listed, now).await?;
        return Err(full());
    }
    let you = Person { user_id: caller.user_id.clone(), name };
    let others: Vec<_> =
        occupants.iter().filter(|other| is_same_person(other, caller) && other.is_live(now)).cloned().collect();
    let event = change(before.iter().chain(&others), &you);
    // A person has one name in a room, whichever of their tabs they speak from.
    let renamed: Vec<_> =
        others.iter().filter(|other| other.name != you.name).map(|other| &other.connection_id).collect();
    if !renamed.is_empty() {
        try_join_all(renamed.iter().map(|other| chat.connections.rename(other, room_id, &you.name, now))).await?;
        for other in occupants.iter_mut().filter(|other| is_same_person(other, caller)) {
            other.name.clone_from(&you.name);
        }
    }
    let mut joined = Joined {
        name: room.name.clone(),
        topic: room.topic.clone(),
        visibility: room.visibility,
        you: you.clone(),
        people: occupants::list(&occupants, now),
        count: occupants::count(&occupants, now),
        recovered: false,
        page: history::empty(&room),
        id,
    };
    let bytes = history::left_in_frame(&joined);
    (joined.recovered, joined.page) = catch_up(chat, &room, since, bytes, now).await?;
    if chat.poster.post(&caller.connection_id, &ServerFrame::Joined(Box::new(joined))).await == PostResult::Gone {
        return withdraw(chat, caller, room_id, was_listed, now).await;
    }
    // Until now whoever joins again, for want of an answer, is announced; what is lost from now on, a pong shows.
    let noted = renamed.into_iter().chain([&caller.connection_id]);
    let noted = join_all(noted.map(|other| chat.connections.mark_announced(other, room_id, &you.name)));
    let told = async {
        match event {
            None => PostCounts::default(),
            Some(event) => announce(chat, caller, room_id, event, you.clone(), occupants, now).await,
        }
    };
    let (_, tally) = future::join(noted, told).await;
    Ok(tally)
}

/// Makes places free that rooms take which the connection is not in any more. Looking for them is as much work as a ping, and
/// counts like one; whoever did too much already is refused as before.
async fn make_place(chat: &Chat, caller: &Caller, refusal: ChatError, now: Millis) -> Result<()> {
    let own = chat.connections.connection(&caller.connection_id).await?;
    match chat.limiter.frames(&caller.connection_id, own.rooms.len() as u64, now).await {
        Err(ChatError::RateLimited { .. }) => return Err(refusal),
        counted => counted?,
    }
    ping::stay_in_all(chat, &caller.connection_id, &own, now).await
}

/// Takes a connection that did not get in out again. The others may know it from before, even from a lease that has ended.
async fn withdraw(chat: &Chat, caller: &Caller, room_id: &str, was_listed: bool, now: Millis) -> Result<PostCounts> {
    let gone = chat.connections.exit(&caller.connection_id, room_id).await?;
    leave::announce(chat, room_id, gone.filter(|_| was_listed), now).await
}

fn full() -> ChatError {
    ChatError::refused(ErrorCode::RoomFull, "the room is full; try again when somebody has left")
}

fn is_same_person(other: &Occupant, caller: &Caller) -> bool {
    other.user_id == caller.user_id && other.connection_id != caller.connection_id
}

/// What came right after the position, as far as it fits, or else the newest page. Either may have no event: then the client
/// asks for the rest.
async fn catch_up(
    chat: &Chat,
    room: &Room,
    since: Option<Position>,
    bytes: usize,
    now: Millis,
) -> Result<(bool, LogPage)> {
    let extent = |numbers| PageLimits { numbers: u64::from(numbers), bytes, min_events: 0 };
    if let Some(Position { epoch, seq }) = since
        && epoch == room.epoch
        && seq <= room.seq
        && room.seq - seq <= RESUME_EVENTS
    {
        return Ok((true, history::page(chat, room, PageRange::After(seq), extent(PAGE_MESSAGES), now).await?));
    }
    Ok((false, history::page(chat, room, PageRange::Newest, extent(PAGE_MESSAGES_DEFAULT), now).await?))
}

/// What the others are to be told, if anything. `before` are the connections by which the person was there until now.
fn change<'a>(before: impl Iterator<Item = &'a Occupant>, you: &Person) -> Option<PresenceKind> {
    let mut known = before.filter(|occupant| !occupant.unannounced).peekable();
    if known.peek().is_none() {
        return Some(PresenceKind::Joined);
    }
    known.any(|known| known.name != you.name).then_some(PresenceKind::Renamed)
}

async fn announce(
    chat: &Chat,
    caller: &Caller,
    room_id: &str,
    event: PresenceKind,
    person: Person,
    occupants: Vec<Occupant>,
    now: Millis,
) -> PostCounts {
    let count = occupants::count(&occupants, now);
    let frame = ServerFrame::Presence(Presence { room: room_id.to_owned(), event, people: vec![person], count });
    let (own, others): (Vec<_>, Vec<_>) =
        occupants.into_iter().partition(|occupant| occupant.connection_id == caller.connection_id);
    let mut delivery = chat.broadcast(room_id, others, &frame, now).await;
    delivery.remaining.extend(own);
    chat.announce_departures(room_id, delivery, now).await
}
