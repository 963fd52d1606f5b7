//! Saying something.

use parlor_protocol::Millis;
use parlor_protocol::client::Send;

use crate::delivery::fanout::PostCounts;
use crate::error::Result;
use crate::log::record::{Plan, record, tell};
use crate::store::{Entry, Event, IdempotencyKey, MessageRow, With};
use crate::{Caller, Chat};

/// # Errors
/// `rateLimited`, `notJoined`, `roomNotFound`, `roomClosed`, `unavailable`.
pub async fn send(chat: &Chat, caller: &Caller, frame: Send, now: Millis) -> Result<PostCounts> {
    let Send { room, id, text } = frame;
    let room_id = room.as_str();
    let sender = chat.connections.occupant(&caller.connection_id, room_id, now);
    let sender = chat.rate_limited(caller, room_id, now, sender).await?;
    let once = IdempotencyKey { user_id: sender.user_id.clone(), id: id.as_str().to_owned() };
    let said = MessageRow::new(once.id.clone(), sender, text.into(), now);
    let entry = Entry { event: Event::Message(said), with: With::Marker(once) };
    let recorded = record(chat, room_id, async || Ok(Plan::Append(entry.clone())), now).await?;
    Ok(tell(chat, caller, room_id, id, recorded, now).await)
}
