//! Typing indicators. They are not stored, and not passed on in rooms where they would cost more than the messages.

use parlor_protocol::Millis;
use parlor_protocol::client::Typing;
use parlor_protocol::conversations::is_conversation;
use parlor_protocol::limits::TYPING_CONNECTIONS;
use parlor_protocol::server::{PersonTyping, ServerFrame};

use crate::Caller;
use crate::conversations::standing::Standing;
use crate::delivery::{Fanout, PostCounts};
use crate::error::Result;
use crate::limiter::Limiter;
use crate::store::Members;

/// Tells the others in a room that the caller is typing.
///
/// # Errors
/// `rateLimited`, `notJoined`, `unavailable`.
pub async fn typing(
    limiter: &Limiter,
    members: &Members,
    fanout: Fanout<'_>,
    caller: &Caller,
    frame: Typing,
    now: Millis,
) -> Result<PostCounts> {
    let (room_id, connections) = (frame.room.as_str(), fanout.connections);
    if is_conversation(room_id) {
        let standing = Standing::read(connections, members, caller, room_id, now);
        let standing = limiter.rate_limited(caller, room_id, now, standing).await?;
        let Standing::Member { roster, me } = standing else { return Ok(PostCounts::default()) };
        let mut listeners = fanout.present_listeners(&roster, now).await?;
        if listeners.len() > TYPING_CONNECTIONS {
            return Ok(PostCounts::default());
        }
        listeners.retain(|to| to.connection.connection_id != caller.connection_id);
        let notice = PersonTyping { room: room_id.to_owned(), from: me.person() };
        return Ok(fanout.post_to(listeners, &ServerFrame::Typing(notice), now).await);
    }
    let typist = connections.occupant(&caller.connection_id, room_id, now);
    let typist = limiter.rate_limited(caller, room_id, now, typist).await?.person();
    let mut others = connections.some_in_room(room_id, None, TYPING_CONNECTIONS + 1).await?;
    if others.len() > TYPING_CONNECTIONS {
        return Ok(PostCounts::default());
    }
    others.retain(|occupant| occupant.connection_id != caller.connection_id);
    let notice = ServerFrame::Typing(PersonTyping { room: room_id.to_owned(), from: typist });
    let mut delivery = fanout.broadcast(room_id, others, &notice, now).await;
    if !delivery.removed.is_empty() {
        // The first read may be outdated: a person must not be announced as gone who has just joined by another
        // connection.
        delivery.remaining = fanout.connections.in_room(room_id).await?;
    }
    Ok(fanout.announce_departures(room_id, delivery, now).await)
}
