//! What moderators are shown of their room.

use futures_util::future::try_join;
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::MODERATED_PEOPLE;
use parlor_protocol::moderation::{ModerationState, Permission};
use parlor_protocol::person::Person;

use super::admission::{check_may, may};
use crate::error::{ChatError, Result};
use crate::store::{Members, Rooms};

/// Returns who moderates a room, whom they banned or muted, and a page of what they did.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden` for anyone but moderators, `invalidField` for a cursor that this did not
/// return, `unavailable`.
pub async fn state(
    rooms: &Rooms,
    members: &Members,
    me: &Person,
    room_id: &str,
    cursor: Option<&str>,
    now: Millis,
) -> Result<ModerationState> {
    if cursor.is_some_and(|cursor| !is_cursor(cursor)) {
        return Err(ChatError::refused(ErrorCode::InvalidField, "cursor: not issued by this API"));
    }
    let (room, status) = try_join(rooms.open(room_id, now), members.status(room_id, &me.user_id)).await?;
    check_may(&room, &status, Permission::Mute, now)?;
    let (people, (audit, cursor)) = try_join(members.statuses(room_id), members.audit(room_id, cursor)).await?;
    let people = people.iter().filter_map(|status| status.describe(&room, now)).take(MODERATED_PEOPLE).collect();
    Ok(ModerationState { may: may(&room, &status, now), people, audit, cursor })
}

/// Whether this has the form of an entry's key: a time, and an id.
fn is_cursor(cursor: &str) -> bool {
    let (at, id) = cursor.split_once('-').unwrap_or_default();
    at.len() == 15 && at.bytes().all(|byte| byte.is_ascii_digit()) && id.len() == 16
}
