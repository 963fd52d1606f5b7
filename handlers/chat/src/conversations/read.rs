//! Read markers: up to which number a member has read.

use futures_util::future::{join, try_join};
use parlor_protocol::Millis;
use parlor_protocol::client::Read;
use parlor_protocol::limits::RECEIPT_MEMBERS;
use parlor_protocol::server::{ReadMarker, ServerFrame};

use crate::Caller;
use crate::delivery::PostCounts;
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::log::record::Recorder;

/// Moves the caller's read marker, and tells their other connections. In conversations of up to 20 members, also tells
/// the members who share theirs, if the caller does.
///
/// # Errors
/// `rateLimited`, `roomNotFound` if the caller is not a member, `unavailable`.
pub async fn read(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    caller: &Caller,
    frame: Read,
    now: Millis,
) -> Result<PostCounts> {
    let Read { room: room_id, seq, unread, private, id } = frame;
    let (room_id, Recorder { rooms, members, fanout, .. }) = (room_id.as_str(), recorder);
    let reads = async { Ok(join(members.roster(room_id), rooms.conversation(room_id, now)).await) };
    let (roster, room) = limiter.rate_limited(caller, room_id, now, reads).await?;
    // In this order: those who are not members learn nothing.
    let roster = roster?;
    let me = roster.member(&caller.user_id).ok_or_else(ChatError::room_not_found)?;
    let room = room?;
    let seq = if unread { seq.saturating_sub(1) } else { seq }.min(room.seq);
    let before = me.read.unwrap_or_default();
    let moved = async {
        let moved = (unread || seq > before) && members.mark_read(room_id, &me.user_id, seq, unread, private).await?;
        if !moved && private != me.private {
            members.set_private(room_id, &me.user_id, private).await?;
        }
        Ok(moved)
    };
    let (moved, listeners) = try_join(moved, fanout.present_listeners(&roster, now)).await?;
    let seq = if moved { seq } else { seq.max(before) };
    let marker = |id| ReadMarker { room: room_id.to_owned(), user_id: me.user_id.clone(), seq, id };
    let told = roster.current().count() <= RECEIPT_MEMBERS && !private && !unread;
    let others = listeners.into_iter().filter(|to| {
        let is_mine = to.member.user_id == me.user_id;
        let is_other_tab = is_mine && to.connection.connection_id != caller.connection_id;
        moved && (is_other_tab || (!is_mine && told && !to.member.private))
    });
    let frame = ServerFrame::Read(marker(None));
    let answer = ServerFrame::Read(marker(id));
    let answered = fanout.poster.post(&caller.connection_id, &answer);
    let (_, counts) = join(answered, fanout.post_to(others.collect(), &frame, now)).await;
    Ok(counts)
}
