//! Sending a message.

use parlor_protocol::Millis;
use parlor_protocol::client::Send;

use crate::Caller;
use crate::delivery::PostCounts;
use crate::error::Result;
use crate::limiter::Limiter;
use crate::log::record::{AckTo, Plan, Recorder};
use crate::store::{Companion, Entry, Event, IdempotencyKey, MessageRow};

/// Stores a message and posts it to everyone in the room.
///
/// # Errors
/// `rateLimited`, `notJoined`, `roomNotFound`, `roomClosed`, `idReused`, `unavailable`.
pub async fn send(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    caller: &Caller,
    frame: Send,
    now: Millis,
) -> Result<PostCounts> {
    let Send { room, id, text } = frame;
    let (room_id, connections) = (room.as_str(), recorder.fanout.connections);
    let occupant = connections.occupant(&caller.connection_id, room_id, now);
    let author = limiter.rate_limited(caller, room_id, now, occupant).await?.person();
    let key = IdempotencyKey { user_id: author.user_id.clone(), id: id.as_str().to_owned() };
    let message = MessageRow::new(key.id.clone(), author, text.into(), now);
    let entry = Entry { event: Event::Message(message), companions: vec![Companion::Marker(key)] };
    let plan = async || Ok(Plan::Append(entry.clone()));
    let recorded = recorder.record(room_id, plan, async || connections.in_room(room_id).await, now).await?;
    let ack_to = AckTo { connection_id: &caller.connection_id, id };
    Ok(recorder.deliver(room_id, recorded, Some(ack_to), now).await)
}
