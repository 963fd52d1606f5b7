//! Opening a conversation with `join`: the answer brings its state and what the client missed. Members receive its
//! events with or without it; `ping` then also compares the conversation's number.

use futures_util::future::try_join3;
use parlor_protocol::Millis;
use parlor_protocol::client::Join;
use parlor_protocol::server::{Joined, JoinedConversation, ServerFrame};

use super::describe::members_for;
use super::standing;
use crate::Caller;
use crate::delivery::{PostCounts, online};
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::log::history;
use crate::log::record::Recorder;
use crate::rooms::join::catch_up;

/// Answers a `join` of a conversation.
///
/// # Errors
/// `rateLimited`, `roomNotFound` if the caller is not a member, `tooManyRooms`, `connectionExpired`, `unavailable`.
pub async fn open(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    caller: &Caller,
    frame: Join,
    now: Millis,
) -> Result<PostCounts> {
    let Join { room: room_id, since, id, .. } = frame;
    let (room_id, Recorder { rooms, log, members, fanout, .. }) = (room_id.as_str(), recorder);
    let roster = limiter.rate_limited(caller, room_id, now, members.roster(room_id)).await?;
    let me = roster.member(&caller.user_id).ok_or_else(ChatError::room_not_found)?;
    // The row by which the caller receives events was written when they connected. So every event beyond this room's
    // number is posted to them.
    let listed = fanout.connections.list_room(&caller.connection_id, room_id, now);
    let (room, listeners, ()) =
        try_join3(rooms.conversation(room_id, now), fanout.present_listeners(&roster, now), listed).await?;
    // The page covers the numbers that the room had then. Who was removed before that may not read them all.
    let newer;
    let (roster, me) = if room.has(&roster) {
        (&roster, me)
    } else {
        newer = members.roster(room_id).await?;
        (&newer, newer.member(&caller.user_id).ok_or_else(ChatError::room_not_found)?)
    };
    let conversation = room.conversation.ok_or_else(ChatError::room_not_found)?;
    let mut people = online(&listeners);
    people.sort_by(|a, b| (&a.name, &a.user_id).cmp(&(&b.name, &b.user_id)));
    let mut joined = Joined {
        bots: Vec::new(),
        name: room.name.clone(),
        topic: None,
        visibility: room.visibility,
        at: now,
        rules: room.rules(),
        conversation: Some(JoinedConversation {
            kind: conversation.kind,
            read: me.read.unwrap_or_default(),
            members: members_for(conversation.kind, roster, me),
            blocked: me.blocks,
        }),
        you: me.person(),
        role: me.role,
        may: standing::may(me.role),
        muted: None,
        count: people.len(),
        people,
        recovered: false,
        page: history::empty(&room, me.first),
        id,
    };
    let bytes = history::bytes_left(&joined);
    (joined.recovered, joined.page) = catch_up(log, &room, me.first, since, bytes, now).await?;
    fanout.poster.post(&caller.connection_id, &ServerFrame::Joined(Box::new(joined))).await;
    Ok(PostCounts::default())
}
