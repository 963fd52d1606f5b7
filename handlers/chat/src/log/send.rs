//! Sending a message.

use futures_util::future::join;
use parlor_protocol::Millis;
use parlor_protocol::client::Send;

use crate::Caller;
use crate::delivery::PostCounts;
use crate::error::Result;
use crate::limiter::Limiter;
use crate::log::change::only_owner_mentions_room;
use crate::log::record::{AckTo, Plan, Recorder};
use crate::store::{Companion, Entry, Event, IdempotencyKey, MessageRow};

/// Stores a message and posts it to everyone in the room.
///
/// # Errors
/// `rateLimited`, `notJoined`, `roomNotFound`, `roomClosed`, `messageNotFound` if it answers a number that is not in the
/// log, `forbidden` if anyone but the owner mentions the room, `idReused`, `unavailable`.
pub async fn send(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    caller: &Caller,
    frame: Send,
    now: Millis,
) -> Result<PostCounts> {
    let Send { room, id, text, reply_to, epoch, mentions, mentions_room } = frame;
    let (room_id, connections) = (room.as_str(), recorder.fanout.connections);
    let reads = async {
        let occupant = connections.occupant(&caller.connection_id, room_id, now);
        // Only this needs the room before the draw.
        let room = async { if mentions_room { recorder.rooms.open(room_id, now).await.map(Some) } else { Ok(None) } };
        let (occupant, room) = join(occupant, room).await;
        // In this order: a caller who has not joined learns nothing about the room.
        Ok((occupant?.person(), room?))
    };
    let (author, room) = limiter.rate_limited(caller, room_id, now, Box::pin(reads)).await?;
    if room.is_some_and(|room| room.owner_id.as_ref() != Some(&author.user_id)) {
        return Err(only_owner_mentions_room());
    }
    let key = IdempotencyKey { user_id: author.user_id.clone(), id: id.as_str().to_owned() };
    let message = MessageRow::new(key.id.clone(), author, text.into(), now);
    let message = MessageRow { reply_to, mentions: mentions.into(), mentions_room, ..message };
    let entry = Entry { event: Event::Message(message), epoch, companions: vec![Companion::Marker(key)] };
    let plan = async || Ok(Plan::Append(entry.clone()));
    let recorded = recorder.record(room_id, plan, async || connections.in_room(room_id).await, now).await?;
    let ack_to = AckTo { connection_id: &caller.connection_id, id };
    Ok(recorder.deliver(room_id, recorded, Some(ack_to), now).await)
}
