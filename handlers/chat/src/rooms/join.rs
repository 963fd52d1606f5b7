//! Joining a room, for the first time or again. `joined` answers with the room up to a number; every later number
//! follows as a post.

use futures_util::future::{self, join_all, try_join, try_join_all};
use parlor_protocol::client::{Join, Position};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::{CONNECTIONS_PER_ROOM, PAGE_EVENTS, PAGE_EVENTS_DEFAULT, RESUME_EVENTS};
use parlor_protocol::log::LogPage;
use parlor_protocol::person::Person;
use parlor_protocol::server::{Joined, Presence, PresenceKind, ServerFrame};
use parlor_protocol::text::Pass;
use parlor_protocol::{Millis, Seq};

use crate::Caller;
use crate::delivery::{Fanout, PostCounts, PostResult};
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::log::history::{self, PageLimits, PageRange};
use crate::moderation::admission;
use crate::people::identity::IdentityKind;
use crate::rooms::claims::{self, Claimed};
use crate::rooms::{Attendance, leave, occupants, owner, pass, ping};
use crate::store::{Connections, Entered, Log, Members, Occupant, Room};

/// Adds the caller to a room and posts them what they missed. Tells the others.
///
/// # Errors
/// `rateLimited`, `roomNotFound`, `roomClosed`, `passRequired`, `banned`, `nameTaken`, `tooManyRooms`, `roomFull`,
/// `connectionExpired`, `unavailable`.
pub async fn join(
    limiter: &Limiter,
    log: &Log,
    at: Attendance<'_>,
    caller: &Caller,
    frame: Join,
    now: Millis,
) -> Result<PostCounts> {
    let Join { room, name, since, pass, id } = frame;
    let Attendance { rooms, members, fanout, bots } = at;
    let (room_id, connections) = (room.as_str(), fanout.connections);
    let pass = pass.as_ref().map(Pass::as_str);
    let before_entering = limiter.rate_limited(caller, room_id, now, rooms.open(room_id, now)).await?;
    if let Err(refusal) = pass::check(&before_entering, pass, now)
        && !is_inside(connections, caller, room_id, now).await?
    {
        return Err(refusal);
    }
    let early = match admission::check_joiner(members, &before_entering, caller, now).await {
        Err(error @ ChatError::Refused { .. }) => {
            // An attempt that died, or a ban whose function did, may have left them inside.
            leave::take_out(at, &caller.connection_id, room_id, true, now).await?;
            return Err(error);
        }
        early => early?,
    };
    let name = name.map_or_else(|| caller.name.clone(), String::from);
    bots.check_name(&name, &before_entering.settings.bots)?;
    let claimed = claims::claim(at, caller, &name, &before_entering, now).await?;
    let entered = match enter(limiter, at, caller, &name, &before_entering, &claimed, now).await {
        // If a service failed, the row may be written, and relies on the claims.
        Err(error @ ChatError::Refused { .. }) => {
            claimed.undo(members, caller, room_id).await?;
            return Err(error);
        }
        entered => entered?,
    };
    // Read after the row is written: whoever draws a number from now on posts it to us, and the room's row tells every
    // number drawn before. Nothing falls in between.
    let read = future::join(rooms.open(room_id, now), connections.in_room(room_id));
    let dropped = claims::release(members, &caller.connection_id, room_id, &entered.dropped);
    let visited = note_visit(members, caller, room_id);
    let ((room, occupants), dropped, visited) = future::join3(read, dropped, visited).await;
    let was_listed = entered.before.is_some();
    let withdraw = || leave::take_out(at, &caller.connection_id, room_id, was_listed, now);
    let room = match room {
        Ok(room) => room,
        Err(error) => {
            // If only the read failed, the row stays for the next attempt.
            if matches!(error, ChatError::Refused { .. }) {
                withdraw().await?;
            }
            return Err(error);
        }
    };
    dropped?;
    visited?;
    let status = if room.moderated.version == before_entering.moderated.version {
        early
    } else {
        match admission::check_joiner(members, &room, caller, now).await {
            Err(error) => {
                withdraw().await?;
                return Err(error);
            }
            Ok(status) => status,
        }
    };
    let mut occupants = occupants?;
    let before = entered.before.filter(|before| before.is_live(now));
    let you = Person { user_id: caller.user_id.clone(), name };
    let others: Vec<_> =
        occupants.iter().filter(|other| is_same_person(other, caller) && other.is_live(now)).cloned().collect();
    let of_person: Vec<_> = before.iter().chain(&others).collect();
    // Everyone writes their row before they count. Of those who are let in, the last one to count has counted all.
    let is_crowded = before.is_none() && occupants::count_connections(&occupants, now) > CONNECTIONS_PER_ROOM;
    let admitted = match pass::check(&room, pass, now) {
        // The password changed meanwhile. Those inside stay.
        Err(refusal) if of_person.is_empty() => Err(refusal),
        _ if is_crowded => Err(claims::full()),
        _ => claims::check(&room, &claimed, &you, (&occupants, &of_person), now),
    };
    if let Err(error) = admitted {
        withdraw().await?;
        return Err(error);
    }
    let event = presence_event(of_person.into_iter(), &you);
    // A person has one name in a room, whichever tab they write from.
    let renamed: Vec<_> = others.iter().filter(|other| other.name != you.name).collect();
    if !renamed.is_empty() {
        claims::rename_others(members, connections, caller, room_id, &claimed, &renamed).await?;
        let renames = renamed.iter().map(|other| connections.rename(&other.connection_id, room_id, &you.name, now));
        try_join_all(renames).await?;
        for other in occupants.iter_mut().filter(|other| is_same_person(other, caller)) {
            other.name.clone_from(&you.name);
        }
    }
    let mut joined = Joined {
        name: room.name.clone(),
        topic: room.topic.clone(),
        visibility: room.visibility,
        at: now,
        rules: room.rules(),
        conversation: None,
        bots: room.settings.bots.clone(),
        you: you.clone(),
        role: status.role_in(&room),
        may: admission::may(&room, &status, now),
        muted: status.mute(now).cloned(),
        people: occupants::list(&occupants, now),
        count: occupants::count(&occupants, now),
        recovered: false,
        page: history::empty(&room, 1),
        id,
    };
    let bytes = history::bytes_left(&joined);
    let caught_up = catch_up(log, &room, 1, since, bytes, now);
    ((joined.recovered, joined.page), ()) = try_join(caught_up, owner::arrived(rooms, &room, caller, now)).await?;
    let answer = ServerFrame::Joined(Box::new(joined));
    if fanout.poster.post(&caller.connection_id, &answer).await == PostResult::Gone {
        return withdraw().await;
    }
    // Until here, a client without an answer joins again and is announced then. From here on, a `pong` shows what was
    // lost.
    let marked = renamed.into_iter().map(|other| &other.connection_id).chain([&caller.connection_id]);
    let marked = join_all(marked.map(|other| connections.mark_announced(other, room_id, &you.name)));
    let announced = async {
        match event {
            None => PostCounts::default(),
            Some(event) => announce(fanout, caller, room_id, event, you.clone(), occupants, now).await,
        }
    };
    let (_, counts) = future::join(marked, announced).await;
    Ok(counts)
}

/// Notes that the caller has been in the room, if they can come back as the same person and ask for what they wrote.
async fn note_visit(members: &Members, caller: &Caller, room_id: &str) -> Result<()> {
    match caller.kind {
        Some(IdentityKind::SignedIn | IdentityKind::GuestWithToken) => members.visit(&caller.user_id, room_id).await,
        Some(IdentityKind::Guest) | None => Ok(()),
    }
}

/// Whether the caller is in the room, by this connection or another. They may be told to join again, by a clear or a
/// connection's planned end, and need no new password for that.
async fn is_inside(connections: &Connections, caller: &Caller, room_id: &str, now: Millis) -> Result<bool> {
    let occupants = connections.in_room(room_id).await?;
    Ok(occupants::ids(&occupants, now).contains(caller.user_id.as_str()))
}

/// Writes the caller's row in the room.
async fn enter(
    limiter: &Limiter,
    at: Attendance<'_>,
    caller: &Caller,
    name: &str,
    room: &Room,
    claimed: &Claimed,
    now: Millis,
) -> Result<Entered> {
    let (connections, claims) = (at.fanout.connections, claimed.keys());
    match connections.enter(caller, name, room, &claims, now).await {
        Err(error) if error.code() == ErrorCode::TooManyRooms => {
            drop_absent_rooms(limiter, at, caller, error, now).await?;
            connections.enter(caller, name, room, &claims, now).await
        }
        entered => entered,
    }
}

/// Removes the rooms that the connection is no longer in from its list, to make space for another. Finding them is as
/// much work as a ping and counts like one; a caller who exceeds the rate gets the original refusal.
async fn drop_absent_rooms(
    limiter: &Limiter,
    at: Attendance<'_>,
    caller: &Caller,
    refusal: ChatError,
    now: Millis,
) -> Result<()> {
    let connection = at.fanout.connections.connection(&caller.connection_id).await?;
    match limiter.frames(&caller.connection_id, connection.rooms.len() as u64, now).await {
        Err(ChatError::RateLimited { .. }) => return Err(refusal),
        counted => counted?,
    }
    ping::renew_all(at, caller, &connection, now).await
}

fn is_same_person(other: &Occupant, caller: &Caller) -> bool {
    other.user_id == caller.user_id && other.connection_id != caller.connection_id
}

/// Returns whether the client can continue from its position, and the page that continues from there or else the newest
/// one. Either page may be empty; then the client asks for the rest. Neither begins before `first`.
pub async fn catch_up(
    log: &Log,
    room: &Room,
    first: Seq,
    since: Option<Position>,
    bytes: usize,
    now: Millis,
) -> Result<(bool, LogPage)> {
    let limits = |numbers| PageLimits { numbers: u64::from(numbers), bytes, min_events: 0 };
    if let Some(Position { epoch, seq }) = since
        && epoch == room.epoch
        && seq <= room.seq
        && seq + 1 >= first
        && room.seq - seq <= RESUME_EVENTS
    {
        return Ok((true, history::page(log, room, first, PageRange::After(seq), limits(PAGE_EVENTS), now).await?));
    }
    Ok((false, history::page(log, room, first, PageRange::Newest, limits(PAGE_EVENTS_DEFAULT), now).await?))
}

/// Returns what to tell the others, if anything. `before` are the connections by which the person was already there.
fn presence_event<'a>(before: impl Iterator<Item = &'a Occupant>, you: &Person) -> Option<PresenceKind> {
    let mut known = before.filter(|occupant| !occupant.unannounced).peekable();
    if known.peek().is_none() {
        return Some(PresenceKind::Joined);
    }
    known.any(|known| known.name != you.name).then_some(PresenceKind::Renamed)
}

async fn announce(
    fanout: Fanout<'_>,
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
    let mut delivery = fanout.broadcast(room_id, others, &frame, now).await;
    delivery.remaining.extend(own);
    fanout.announce_departures(room_id, delivery, now).await
}
