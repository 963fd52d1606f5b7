//! Telling the others that one is typing: kept nowhere, and not passed on in rooms where it would cost more than the talk.

use parlor_protocol::Millis;
use parlor_protocol::client::Typing;
use parlor_protocol::limits::TYPING_CONNECTIONS;
use parlor_protocol::server::{PersonTyping, ServerFrame};

use crate::delivery::fanout::PostCounts;
use crate::error::Result;
use crate::{Caller, Chat};

/// # Errors
/// `rateLimited`, `notJoined`, `unavailable`.
pub async fn typing(chat: &Chat, caller: &Caller, frame: Typing, now: Millis) -> Result<PostCounts> {
    let room_id = frame.room.as_str();
    let typist = chat.connections.occupant(&caller.connection_id, room_id, now);
    let typist = chat.rate_limited(caller, room_id, now, typist).await?;
    let mut others = chat.connections.in_room(room_id).await?;
    others.retain(|occupant| occupant.connection_id != caller.connection_id);
    if others.len() >= TYPING_CONNECTIONS {
        return Ok(PostCounts::default());
    }
    let notice = ServerFrame::Typing(PersonTyping { room: room_id.to_owned(), from: typist.person() });
    let mut delivery = chat.broadcast(room_id, others, &notice, now).await;
    delivery.remaining.push(typist);
    Ok(chat.announce_departures(room_id, delivery, now).await)
}
