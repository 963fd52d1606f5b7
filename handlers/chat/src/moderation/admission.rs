//! Who may write in a room, join it, or read it. In a room that was never moderated, nothing is read to find out.

use futures_util::future::try_join;
use parlor_protocol::Millis;
use parlor_protocol::conversations::Role;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::log::ChangeKind;
use parlor_protocol::moderation::{Permission, permissions};
use parlor_protocol::person::{Person, is_bot};
use parlor_protocol::rules::SlowSeconds;

use crate::Caller;
use crate::error::{ChatError, Result};
use crate::store::{ChangeRow, Entry, Event, Limits, Members, Rate, Room, StatusRow};

/// Reads what a person is in a room. Costs nothing in a room that was never moderated.
pub async fn status(members: &Members, room: &Room, user_id: &str) -> Result<StatusRow> {
    match room.moderated.version {
        Some(_) => members.status(&room.room_id, user_id).await,
        None => Ok(StatusRow { user_id: user_id.to_owned(), ..StatusRow::default() }),
    }
}

/// Returns what a person may do in a room.
pub fn may(room: &Room, status: &StatusRow, now: Millis) -> Vec<Permission> {
    if check_ban(room, status, now).is_err() {
        return Vec::new();
    }
    permissions(status.role_in(room), room.moderated.locked || status.mute(now).is_some())
}

/// Checks that a person may do something in a room.
///
/// # Errors
/// `forbidden`.
pub fn check_may(room: &Room, status: &StatusRow, permission: Permission, now: Millis) -> Result<()> {
    if may(room, status, now).contains(&permission) {
        return Ok(());
    }
    Err(ChatError::refused(ErrorCode::Forbidden, "you may not do that in this room"))
}

/// Checks that a person is not banned.
///
/// # Errors
/// `banned`.
pub fn check_ban(room: &Room, status: &StatusRow, now: Millis) -> Result<()> {
    match status.ban(now) {
        Some(ban) if status.role_in(room) != Role::Owner => {
            Err(ChatError::restricted(ErrorCode::Banned, "a moderator banned you from this room", ban.clone()))
        }
        _ => Ok(()),
    }
}

/// Reads what a person who joins is in a room, and checks that neither they nor, without a token, their address is banned.
///
/// # Errors
/// `banned`, `unavailable`.
pub async fn check_joiner(members: &Members, room: &Room, caller: &Caller, now: Millis) -> Result<StatusRow> {
    let address_ban = async {
        match &caller.address {
            Some(address) if room.moderated.sanctions => members.address_ban(&room.room_id, address, now).await,
            _ => Ok(None),
        }
    };
    let (status, address_ban) = try_join(status(members, room, &caller.user_id), address_ban).await?;
    check_ban(room, &status, now)?;
    match address_ban {
        Some(ban) => {
            Err(ChatError::restricted(ErrorCode::Banned, "a moderator banned your address from this room", ban))
        }
        None => Ok(status),
    }
}

/// Checks that somebody may read a room over HTTP. In a room where somebody was ever banned or muted, they must say who
/// they are.
///
/// # Errors
/// `unauthorized`, `banned`.
pub async fn check_reader(members: &Members, room: &Room, reader: Option<&Person>, now: Millis) -> Result<()> {
    if !room.moderated.sanctions {
        return Ok(());
    }
    let reader = reader.ok_or_else(|| {
        ChatError::refused(ErrorCode::Unauthorized, "this room has banned or muted people; send a token to read it")
    })?;
    check_ban(room, &status(members, room, &reader.user_id).await?, now)
}

/// Checks that the author of an entry may add it to a room's log, and counts messages for slow mode, unless one was
/// `counted` for the same seconds before. Returns the seconds that the message is counted for, if any. Those who are
/// silenced may still delete. What a moderator approved is only held against the ban or mute of its author. Who may cause a notice was checked before. An erasure, which has no idempotency key, is
/// never refused.
///
/// # Errors
/// `banned`, `muted`, `roomLocked`, `slowMode`, `unavailable`.
pub async fn check_author(
    members: &Members,
    limits: &Limits,
    room: &Room,
    entry: &Entry,
    counted: Option<SlowSeconds>,
    now: Millis,
) -> Result<Option<SlowSeconds>> {
    let (event, author) = (&entry.event, entry.event.author());
    let is_deletion = matches!(event, Event::Change(ChangeRow { kind: ChangeKind::Deleted, .. }));
    let is_erasure = is_deletion && entry.idempotency_key().is_none();
    if is_erasure || matches!(event, Event::Notice(_)) || room.owner_id.as_deref() == Some(author) {
        return Ok(counted);
    }
    let status = members.status(&room.room_id, author).await?;
    check_ban(room, &status, now)?;
    if is_deletion {
        return Ok(counted);
    }
    if let Some(mute) = status.mute(now) {
        return Err(ChatError::restricted(ErrorCode::Muted, "a moderator muted you in this room", mute.clone()));
    }
    if status.moderator || entry.is_approved() {
        return Ok(counted);
    }
    if room.moderated.locked {
        return Err(ChatError::refused(ErrorCode::RoomLocked, "only moderators can write here at the moment"));
    }
    match room.moderated.slow_mode_seconds {
        // Those who ask a bot are slowed already.
        Some(seconds) if counted != Some(seconds) && matches!(event, Event::Message(_)) && !is_bot(author) => {
            // A message takes all of a bucket that earns one token a second. Other seconds are another bucket, so nobody
            // waits as long as an earlier setting said.
            let tokens = u64::from(seconds.get());
            let bucket = format!("slow#{}#{author}#{tokens}", room.room_id);
            let taken = limits.take(&bucket, tokens, Rate { per_minute: 60, burst: tokens }, now).await;
            taken.map_err(|error| match error {
                ChatError::RateLimited { retry_after } => ChatError::SlowMode { retry_after },
                error => error,
            })?;
            Ok(Some(seconds))
        }
        _ => Ok(counted),
    }
}
