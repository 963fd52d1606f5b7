//! Staying in rooms: a `ping` renews the leases of its connection. The `pong` lists the rooms that the connection is
//! still in, each with its newest number and a digest of its people, so that a client notices a lost lease or a missed
//! broadcast.

use std::collections::BTreeSet;

use futures_util::future::{join_all, try_join};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use parlor_protocol::Millis;
use parlor_protocol::client::Ping;
use parlor_protocol::conversations::is_conversation;
use parlor_protocol::limits::{PRESENCE_CHECK_CONNECTIONS, PRESENCE_CHECK_MEMBERS};
use parlor_protocol::moderation::Restriction;
use parlor_protocol::person::digest;
use parlor_protocol::server::{Left, LeftReason, Pong, RoomState, ServerFrame};

use crate::delivery::{PostCounts, online};
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::moderation::admission;
use crate::rooms::{Attendance, claims, leave, occupants, owner};
use crate::store::{ConnectionRow, Connections, Members, Occupant, Room};
use crate::{Caller, READS_AT_ONCE};

/// Renews the caller's leases and answers with the state of their rooms.
///
/// # Errors
/// `rateLimited`, `connectionExpired`, `unavailable`.
pub async fn ping(
    limiter: &Limiter,
    at: Attendance<'_>,
    caller: &Caller,
    frame: Ping,
    now: Millis,
) -> Result<PostCounts> {
    let Attendance { rooms, fanout, .. } = at;
    let (connection_id, connections) = (&caller.connection_id, fanout.connections);
    let connection = connections.connection(connection_id).await;
    // Each room counts as a frame: a lease to renew, its row and some of its occupants to read.
    let work = connection.as_ref().map_or(1, |connection| connection.rooms.len().max(1));
    limiter.frames(connection_id, work as u64, now).await?;
    let connection = &connection?;
    let checks = connection.rooms.iter().map(|room_id| async move {
        if is_conversation(room_id) {
            let state = conversation(at, caller, room_id, now).await?;
            return Ok(state.map(|state| (room_id, state, Vec::new())));
        }
        let renewed = async {
            let room = renew(at, caller, connection, room_id, now).await?;
            if let Some(room) = &room {
                owner::arrived(rooms, room, caller, now).await?;
            }
            Ok(room)
        };
        let (room, occupants) = try_join(renewed, some_occupants(connections, connection_id, room_id)).await?;
        Ok::<_, ChatError>(room.map(|room| (room_id, state(&room, &occupants, now), occupants)))
    });
    let checked: Vec<_> = stream::iter(checks).buffered(READS_AT_ONCE).try_collect().await?;
    let checked: Vec<_> = checked.into_iter().flatten().collect();
    let states = checked.iter().map(|(room_id, state, _)| ((*room_id).clone(), state.clone()));
    let pong = Pong { at: now, rooms: states.collect(), id: frame.id };
    fanout.poster.post(connection_id, &ServerFrame::Pong(pong)).await;
    // In a quiet room, only pings find leases that have ended. If this fails, the next ping finds the same ones.
    let ended = checked.iter().filter(|(.., occupants)| occupants.iter().any(|occupant| !occupant.is_live(now)));
    let counts_of_ended = ended.map(|(room_id, ..)| async move {
        match connections.in_room(room_id).await {
            Ok(occupants) => fanout.end_leases(room_id, occupants, now).await,
            Err(_) => PostCounts::default(),
        }
    });
    Ok(join_all(counts_of_ended).await.into_iter().sum())
}

/// Reads the first occupants of a room. If there are more, reads those after the caller too, so that the pings of all
/// occupants together read every row.
async fn some_occupants(connections: &Connections, connection_id: &str, room_id: &str) -> Result<Vec<Occupant>> {
    const MOST: usize = PRESENCE_CHECK_CONNECTIONS + 1;
    let mut occupants = connections.some_in_room(room_id, None, MOST).await?;
    if occupants.len() == MOST {
        occupants.extend(connections.some_in_room(room_id, Some(connection_id), MOST).await?);
    }
    Ok(occupants)
}

/// Renews a connection's leases, and removes the rooms that it is no longer in from its list.
pub async fn renew_all(at: Attendance<'_>, caller: &Caller, connection: &ConnectionRow, now: Millis) -> Result<()> {
    let rooms = connection.rooms.iter().filter(|room_id| !is_conversation(room_id));
    let renewals = rooms.map(|room_id| renew(at, caller, connection, room_id, now));
    stream::iter(renewals).buffer_unordered(READS_AT_ONCE).try_for_each(async |_| Ok(())).await
}

/// What became of a connection's leases in a room.
enum Renewal {
    Renewed(Occupant),
    Absent,
    /// A claim has ended, and may be somebody else's by now.
    ClaimLost,
}

/// Renews a connection's leases in a room. Returns `None` if the connection is not in the room, and removes the room
/// from its list.
async fn renew(
    at: Attendance<'_>,
    caller: &Caller,
    connection: &ConnectionRow,
    room_id: &str,
    now: Millis,
) -> Result<Option<Room>> {
    let (connection_id, connections) = (&caller.connection_id, at.fanout.connections);
    let claims = connection.claims_in(room_id);
    let (renewal, room) =
        try_join(renew_leases(at, caller, room_id, &claims, now), at.rooms.if_open(room_id, now)).await?;
    // A room that is over cannot be joined at the same time.
    let Some(room) = room else {
        connections.remove_room(connection_id, room_id).await?;
        return Ok(None);
    };
    match renewal {
        Renewal::Renewed(occupant) => {
            // Whoever banned them should have removed them, but may have died before.
            if let Some(ban) = ban(at.members, &room, caller, now).await? {
                leave::take_out(at, connection_id, room_id, true, now).await?;
                let left = Left { restriction: ban, ..Left::new(room_id, LeftReason::Banned) };
                at.fanout.poster.post(connection_id, &ServerFrame::Left(left)).await;
                return Ok(None);
            }
            claims::complete(at, caller, &occupant, &room, &claims, now).await?;
            owner::complete(connections, &room, &occupant).await?;
            return Ok(Some(room));
        }
        Renewal::Absent => {
            let claims = connections.remove_absent_room(connection_id, connection, room_id, now).await?;
            claims::release(at.members, connection_id, room_id, claims).await?;
        }
        Renewal::ClaimLost => {
            // Unless another tab has just changed the person's name. The next `ping` renews the new one.
            if connections.connection(connection_id).await?.claims_in(room_id) != claims {
                return Ok(Some(room));
            }
            leave::take_out(at, connection_id, room_id, true, now).await?;
            let left = Left::new(room_id, LeftReason::LeaseExpired);
            at.fanout.poster.post(connection_id, &ServerFrame::Left(left)).await;
        }
    }
    Ok(None)
}

/// Reads the caller's ban from a room that has ever banned or muted somebody.
async fn ban(members: &Members, room: &Room, caller: &Caller, now: Millis) -> Result<Option<Restriction>> {
    if !room.moderated.sanctions {
        return Ok(None);
    }
    let status = admission::status(members, room, &caller.user_id).await?;
    Ok(admission::check_ban(room, &status, now).err().map(|refusal| refusal.restriction()))
}

/// Renews the claims first: they must not end before the row that relies on them.
async fn renew_leases(
    at: Attendance<'_>,
    caller: &Caller,
    room_id: &str,
    claims: &BTreeSet<String>,
    now: Millis,
) -> Result<Renewal> {
    if !claims.is_empty() && !claims::renew(at.members, caller, room_id, claims, now).await? {
        return Ok(Renewal::ClaimLost);
    }
    let renewed = at.fanout.connections.renew(&caller.connection_id, room_id, now).await?;
    Ok(renewed.map_or(Renewal::Absent, Renewal::Renewed))
}

/// Reads the state of a conversation that the connection has opened, with the members who are connected if there are few.
/// Returns `None` if its person is no longer a member, and removes it from the connection's list.
async fn conversation(at: Attendance<'_>, caller: &Caller, room_id: &str, now: Millis) -> Result<Option<RoomState>> {
    // In this order: somebody who is still a member at the second read may know the number of the first.
    let room = at.rooms.conversation(room_id, now).await;
    let roster = at.members.roster(room_id).await?;
    match room {
        Ok(room) if roster.member(&caller.user_id).is_some() => {
            let few = roster.current().count() <= PRESENCE_CHECK_MEMBERS;
            let people = if few { Some(online(&at.fanout.present_listeners(&roster, now).await?)) } else { None };
            let (count, people) = people.map(|people| (people.len(), digest(&people))).unzip();
            Ok(Some(RoomState { epoch: room.epoch, seq: room.seq, count, people }))
        }
        Ok(_) | Err(ChatError::Refused { .. }) => {
            at.fanout.connections.remove_room(&caller.connection_id, room_id).await?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn state(room: &Room, occupants: &[Occupant], now: Millis) -> RoomState {
    let is_compared = occupants.len() <= PRESENCE_CHECK_CONNECTIONS;
    let (count, people) = is_compared.then(|| occupants::digest(occupants, now)).unzip();
    RoomState { epoch: room.epoch.clone(), seq: room.seq, count, people }
}
