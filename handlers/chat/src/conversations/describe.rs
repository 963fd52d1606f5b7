//! Conversations as the HTTP API shows them.

use std::cmp::Reverse;
use std::collections::HashMap;

use futures_util::future::{try_join, try_join3};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use parlor_protocol::Millis;
use parlor_protocol::conversations::{Conversation, ConversationKind, ConversationList, LatestMessage, Member};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::{
    CONVERSATIONS, CONVERSATIONS_DEFAULT, CONVERSATIONS_LISTED, LATEST_CHARACTERS, LISTED_EVENTS, RECEIPT_MEMBERS,
    UNREAD_COUNTED,
};
use parlor_protocol::log::LogPage;
use parlor_protocol::person::Person;

use super::standing::membership;
use crate::error::{ChatError, Result};
use crate::log::history::{self, PageLimits, PageRange};
use crate::log::record::Recorder;
use crate::store::{Log, LogKey, MemberRow, MessageRow, Room, Roster};

/// Conversations that one request describes at most.
const MOST_DESCRIBED: usize = 100;

/// Describes a conversation for one of its members.
///
/// # Errors
/// `roomNotFound` if they are not a member, whether it exists or not; `unavailable`.
pub async fn describe(recorder: Recorder<'_>, me: &str, room_id: &str, now: Millis) -> Result<Conversation> {
    let (me, room) = open_to(recorder, me, room_id, now).await?;
    of_member(recorder, room, &me).await
}

/// Lists a page of a person's conversations, most recently active first. The cursor is a plain position: the route signs
/// it for clients. Direct conversations in which nothing was sent are not listed.
///
/// # Errors
/// `invalidField` for an invalid limit or cursor, `unavailable`.
pub async fn list(
    recorder: Recorder<'_>,
    me: &str,
    cursor: Option<&str>,
    limit: Option<u32>,
    unread_only: bool,
    now: Millis,
) -> Result<ConversationList> {
    let limit = match limit.unwrap_or(CONVERSATIONS_DEFAULT) {
        limit @ 1..=CONVERSATIONS => limit as usize,
        _ => return Err(invalid(format!("limit: must be 1 to {CONVERSATIONS}"))),
    };
    let below =
        cursor.map(|cursor| parse_position(cursor).ok_or_else(|| invalid("cursor: not issued by this API".into())));
    let below = below.transpose()?;
    let Recorder { rooms, members, .. } = recorder;
    let mut listed = members.conversations(me).await?;
    listed.sort_by_key(|listed| Reverse(listed.added_at));
    listed.truncate(CONVERSATIONS_LISTED);
    let ids: Vec<_> = listed.into_iter().map(|listed| listed.room_id).collect();
    let (mut found, own) = try_join(rooms.open_among(&ids, now), members.of_person(me, &ids)).await?;
    let own: HashMap<_, _> = own.into_iter().filter(|(_, row)| row.is_current()).collect();
    found.retain(|room| room.seq > 0 && below.as_ref().is_none_or(|below| position(room) < *below));
    found.sort_by_key(|room| Reverse(position(room)));
    let mut found = found.into_iter().filter_map(|room| own.get(&room.room_id).map(|row| (room, row))).peekable();
    let mut conversations = Vec::new();
    let mut cursor = None;
    let mut described = 0;
    // A page of unread ones may be short, or empty, if few are unread: its cursor leads on.
    while conversations.len() < limit && described < MOST_DESCRIBED && found.peek().is_some() {
        let page: Vec<_> = found.by_ref().take(limit - conversations.len()).collect();
        described += page.len();
        cursor = page.last().map(|(room, _)| format!("{}-{}", room.seq_at, room.room_id));
        let page = page.into_iter().map(|(room, row)| of_member(recorder, room, row));
        let page: Vec<_> = stream::iter(page).buffered(CONVERSATIONS as usize).try_collect().await?;
        let page = page.into_iter().filter(|one| !is_empty(one));
        conversations.extend(page.filter(|one| !unread_only || one.unread > 0));
    }
    Ok(ConversationList { conversations, cursor: cursor.filter(|_| found.peek().is_some()) })
}

/// Whether nothing was ever sent in a direct conversation: all it has is that a person has left, or has come back.
fn is_empty(one: &Conversation) -> bool {
    one.kind == ConversationKind::Direct && one.latest.is_none() && one.seq <= LISTED_EVENTS
}

/// Returns a page of a conversation's log.
///
/// # Errors
/// `roomNotFound` if they are not a member, whether it exists or not; `unavailable`.
pub async fn messages(
    recorder: Recorder<'_>,
    me: &str,
    room_id: &str,
    range: PageRange,
    limits: PageLimits,
    now: Millis,
) -> Result<LogPage> {
    let (me, room) = open_to(recorder, me, room_id, now).await?;
    history::page(recorder.log, &room, me.first, range, limits, now).await
}

/// Reads a conversation and the membership of a person in it. Those who are not members learn nothing.
async fn open_to(recorder: Recorder<'_>, me: &str, room_id: &str, now: Millis) -> Result<(MemberRow, Room)> {
    let Recorder { rooms, members, .. } = recorder;
    // The room first: somebody who is still a member at the second read may read all of its numbers.
    let room = rooms.conversation(room_id, now).await;
    Ok((membership(members, room_id, me).await?, room?))
}

async fn of_member(recorder: Recorder<'_>, room: Room, me: &MemberRow) -> Result<Conversation> {
    let Recorder { log, members, .. } = recorder;
    let settings = room.conversation.ok_or_else(ChatError::room_not_found)?;
    let reads = try_join3(members.roster(&room.room_id), latest(log, &room, me), unread(log, &room, me));
    let (roster, latest, (unread, mentions)) = reads.await?;
    Ok(Conversation {
        kind: settings.kind,
        title: (settings.kind == ConversationKind::Group).then_some(room.name),
        created_at: room.created_at,
        active_at: room.seq_at,
        epoch: room.epoch,
        seq: room.seq,
        first: me.first,
        history: settings.history,
        read: me.read.unwrap_or_default(),
        unread,
        mentions,
        latest,
        members: members_for(settings.kind, &roster, me),
        blocked: me.blocks,
        room: room.room_id,
    })
}

/// Returns the members as one of them sees them.
pub(super) fn members_for(kind: ConversationKind, roster: &Roster, me: &MemberRow) -> Vec<Member> {
    let mut rows: Vec<_> = match kind {
        // The other one may have been erased.
        ConversationKind::Direct => roster.0.iter().collect(),
        ConversationKind::Group => roster.current().collect(),
    };
    let shows_read = rows.len() <= RECEIPT_MEMBERS && !me.private;
    rows.sort_by_key(|row| (row.user_id != me.user_id, row.added_at, &row.user_id));
    rows.into_iter()
        .map(|row| {
            let is_shown = row.user_id == me.user_id || (shows_read && !row.private);
            Member { person: row.person(), role: row.role, read: row.read.filter(|_| is_shown) }
        })
        .collect()
}

/// Reads the newest message that a member may read.
async fn latest(log: &Log, room: &Room, me: &MemberRow) -> Result<Option<LatestMessage>> {
    let found = log.newest_message(LogKey { room_id: &room.room_id, epoch: &room.epoch, seq: me.first }).await?;
    Ok(found.map(|(seq, MessageRow { user_id, name, text, at, deleted_at, .. })| LatestMessage {
        seq,
        from: Person { user_id, name },
        at,
        text: text.chars().take(LATEST_CHARACTERS).collect(),
        deleted: deleted_at.is_some(),
    }))
}

/// Counts the messages of others after what a member has read, and those that mention them.
async fn unread(log: &Log, room: &Room, me: &MemberRow) -> Result<(u32, u32)> {
    let from = me.read.unwrap_or_default().max(me.first.saturating_sub(1));
    if room.seq <= from {
        return Ok((0, 0));
    }
    let most = UNREAD_COUNTED as usize;
    let after = LogKey { room_id: &room.room_id, epoch: &room.epoch, seq: from };
    let messages: Vec<MessageRow> =
        log.messages_after(after, room.seq, most, |message| message.user_id != me.user_id).await?;
    let count = |n: usize| u32::try_from(n).unwrap_or(UNREAD_COUNTED);
    let mentions = messages.iter().filter(|message| message.mentions_room || message.mentions.contains(&me.user_id));
    Ok((count(messages.len()), count(mentions.count())))
}

fn position(room: &Room) -> (Millis, String) {
    (room.seq_at, room.room_id.clone())
}

fn parse_position(cursor: &str) -> Option<(Millis, String)> {
    let (at, room_id) = cursor.split_once('-')?;
    Some((at.parse().ok()?, room_id.to_owned()))
}

fn invalid(message: String) -> ChatError {
    ChatError::refused(ErrorCode::InvalidField, message)
}
