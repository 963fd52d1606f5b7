//! Sending a message.

use parlor_protocol::Millis;
use parlor_protocol::client::Send;

use crate::Caller;
use crate::conversations::standing::Standing;
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
    let standing = Standing::read(connections, recorder.members, caller, room_id, now);
    let standing = limiter.rate_limited(caller, room_id, now, standing).await?;
    let author = standing.person();
    let key = IdempotencyKey { user_id: author.user_id.clone(), id: id.as_str().to_owned() };
    let message = MessageRow::new(key.id.clone(), author, text.into(), now);
    let entry = Entry { event: Event::Message(message), companions: vec![Companion::Marker(key)] };
    let plan = async || Ok(Plan::Append(entry.clone()));
    let recorded = recorder.record(room_id, plan, standing.audience(), now).await?;
    let ack_to = AckTo { connection_id: &caller.connection_id, id };
    Ok(recorder.deliver(room_id, recorded, Some(ack_to), now).await)
}
