//! Exporting everything that is stored about a person.

use std::collections::HashMap;

use futures_util::future::try_join;
use parlor_protocol::Millis;
use parlor_protocol::http::{Export, Me, Membership};
use parlor_protocol::limits::EXPORT_BYTES;
use parlor_protocol::person::Person;
use tokio::time::Instant;

use super::written::{WalkPosition, Written};
use crate::delivery::json_length;
use crate::error::Result;
use crate::limiter::Limiter;
use crate::store::{Log, LogKey, Members, People, Rooms};

/// The parts that exporting uses.
#[derive(Clone, Copy)]
pub struct Exporter<'a> {
    pub rooms: &'a Rooms,
    pub log: &'a Log,
    pub members: &'a Members,
    pub people: &'a People,
}

/// Returns a page: from the beginning without a cursor. Reads once in any case, and then until the given time.
///
/// # Errors
/// `rateLimited`, `invalidField` for a malformed cursor, `unavailable`.
pub async fn export(
    limiter: &Limiter,
    at: Exporter<'_>,
    me: Person,
    cursor: Option<&str>,
    until: Instant,
    now: Millis,
) -> Result<Export> {
    let place = cursor.map(WalkPosition::parse).transpose()?;
    limiter.walk(&me.user_id, now).await?;
    let written = Written::by(at.rooms, at.members, &me.user_id, now).await?;
    let mut page = Export::default();
    let Person { user_id, name } = me;
    if place.is_none() {
        let (handle, memberships) =
            try_join(at.people.handle_of(&user_id, now), memberships(at.members, &written, &user_id)).await?;
        page.me = Some(Me { user_id: user_id.clone(), name, handle });
        page.blocks = written.listed.iter().filter_map(|listed| listed.blocks.clone()).collect();
        page.visited.clone_from(&written.visited);
        page.memberships = memberships;
    }
    let (mut bytes, mut is_first) = (0, true);
    for room_id in &written.room_ids {
        let mut seq = match &place {
            Some(place) if *room_id < place.room_id => continue,
            Some(place) if *room_id == place.room_id => place.seq,
            _ => 1,
        };
        let Some(room) = written.open.get(room_id) else { continue };
        loop {
            if bytes >= EXPORT_BYTES || (!is_first && Instant::now() >= until) {
                page.cursor = Some(WalkPosition { room_id: room_id.clone(), seq }.to_string());
                return Ok(page);
            }
            is_first = false;
            let key = |seq| LogKey { room_id, epoch: &room.epoch, seq };
            let (messages, next) = at.log.messages_by(key(seq), &user_id).await?;
            let messages = messages.into_iter().filter(|(_, message)| message.deleted_at.is_none());
            for message in messages.map(|(seq, message)| message.into_wire(key(seq))) {
                bytes += json_length(&message);
                page.messages.push(message);
            }
            match next {
                Some(next) => seq = next,
                None => break,
            }
        }
    }
    Ok(page)
}

async fn memberships(members: &Members, written: &Written, user_id: &str) -> Result<Vec<Membership>> {
    let ids: Vec<_> = written.listed.iter().map(|listed| listed.room_id.clone()).collect();
    let rows: HashMap<_, _> = members.of_person(user_id, &ids).await?.into_iter().collect();
    let of = |room_id: String| {
        let row = rows.get(&room_id).filter(|row| row.is_current())?;
        let title = written.open.get(&room_id)?.name.clone();
        Some(Membership {
            room: room_id,
            title,
            role: row.role,
            added_at: row.added_at,
            read: row.read,
            private: row.private,
        })
    };
    Ok(ids.into_iter().filter_map(of).collect())
}
