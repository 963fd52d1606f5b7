//! Messages that wait for a moderator. Approving one draws its number then, and stores it under its author's own
//! idempotency key in the transaction that deletes the waiting row: so it appears once, however often it is approved or sent.

use futures_util::future::{join_all, try_join};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::held::{HeldList, HeldRef};
use parlor_protocol::moderation::{AuditEntry, AuditKind, Permission, Restriction};
use parlor_protocol::person::Person;
use parlor_protocol::server::{ErrorFrame, ServerFrame};
use parlor_protocol::text::Explanation;

use crate::error::{ChatError, Result};
use crate::log::record::{AudienceOf, Plan, Recorder};
use crate::moderation::admission::check_may;
use crate::store::{Companion, Entry, Event, HeldRow, IdempotencyKey, LogKey, Members, MessageRow, Rooms};

/// Returns a page of the messages of a room that wait. `cursor` is where the previous page ended.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden` for anyone but moderators, `invalidField` for a cursor that this did not
/// return, `unavailable`.
pub async fn list(
    rooms: &Rooms,
    members: &Members,
    me: &Person,
    room_id: &str,
    cursor: Option<&str>,
    now: Millis,
) -> Result<HeldList> {
    let (room, status) = try_join(rooms.open(room_id, now), members.status(room_id, &me.user_id)).await?;
    check_may(&room, &status, Permission::DeleteAny, now)?;
    let is_ours = |cursor: &str| cursor.starts_with(&format!("{}#", room.epoch)) && cursor.len() <= 512;
    if cursor.is_some_and(|cursor| !is_ours(cursor)) {
        return Err(ChatError::refused(ErrorCode::InvalidField, "cursor: not issued by this API"));
    }
    let (rows, cursor) = members.held_of_epoch(room_id, &room.epoch, cursor).await?;
    Ok(HeldList { held: rows.into_iter().map(HeldRow::into_wire).collect(), cursor })
}

/// Lets a message that waits appear. Repeating it delivers the message again.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden` for anyone but moderators, `messageNotFound` if it neither waits nor has
/// appeared, `banned` and `muted` if its author is, `unavailable`.
pub async fn approve(recorder: Recorder<'_>, by: &Person, room_id: &str, held: &HeldRef, now: Millis) -> Result<()> {
    let Recorder { rooms, log, members, .. } = recorder;
    let of = key(held);
    let plan = async || {
        let (room, status) = try_join(rooms.open(room_id, now), members.status(room_id, &by.user_id)).await?;
        check_may(&room, &status, Permission::DeleteAny, now)?;
        if held.epoch != room.epoch {
            return Err(not_found());
        }
        let waiting = members.held(room_id, &room.epoch, &of).await?;
        let Some(HeldRow { epoch, message, .. }) = waiting else {
            // Approved by an earlier attempt, or rejected.
            let seq = log.marker(room_id, &held.epoch, &of, now).await?.ok_or_else(not_found)?;
            let key = LogKey { room_id, epoch: &held.epoch, seq };
            let message = log.message(key).await?.ok_or_else(not_found)?;
            return Ok(Plan::Replay(Event::Message(message), key));
        };
        let entry = audit_entry(AuditKind::HeldApproved, by, message.author(), Restriction::default(), now);
        let companions = vec![
            Companion::Marker(of.clone()),
            Companion::Approved(members.held_deletion(room_id, &epoch, &of)?.into()),
            Companion::Other(members.audit_write(room_id, &entry)?.into()),
        ];
        let event = Event::Message(MessageRow { at: now, ..message });
        Ok(Plan::Append(Entry { event, epoch: Some(epoch), companions }))
    };
    let recorded = recorder.record(room_id, plan, AudienceOf::Room, now).await?;
    recorder.deliver(room_id, recorded, None, now).await;
    Ok(())
}

/// Deletes a message that waits, and tells its author, if they are in the room.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden` for anyone but moderators, `messageNotFound` if it does not wait,
/// `unavailable`.
pub async fn reject(
    recorder: Recorder<'_>,
    by: &Person,
    room_id: &str,
    (held, explanation): (&HeldRef, Option<&Explanation>),
    now: Millis,
) -> Result<()> {
    let Recorder { rooms, members, fanout, .. } = recorder;
    let (room, status) = try_join(rooms.open(room_id, now), members.status(room_id, &by.user_id)).await?;
    check_may(&room, &status, Permission::DeleteAny, now)?;
    let of = key(held);
    let waiting = if held.epoch == room.epoch { members.held(room_id, &room.epoch, &of).await? } else { None };
    let HeldRow { epoch, message, .. } = waiting.ok_or_else(not_found)?;
    let restriction =
        Restriction { until: None, explanation: explanation.map(|explanation| explanation.as_str().to_owned()) };
    let entry = audit_entry(AuditKind::HeldRejected, by, message.author(), restriction.clone(), now);
    if !members.reject_held(room_id, &epoch, &of, &entry).await? {
        return Err(not_found());
    }
    let code = ErrorCode::MessageRefused;
    let told = &ServerFrame::Error(ErrorFrame {
        code,
        message: "a moderator did not let this message appear".to_owned(),
        retryable: code.retryable(),
        retry_after_ms: None,
        restriction,
        id: Some(held.id.clone()),
    });
    let occupants = fanout.connections.in_room(room_id).await?;
    let theirs = occupants.iter().filter(|occupant| occupant.user_id == of.user_id && occupant.is_live(now));
    join_all(theirs.map(|occupant| fanout.poster.post(&occupant.connection_id, told))).await;
    Ok(())
}

fn key(held: &HeldRef) -> IdempotencyKey {
    IdempotencyKey { user_id: held.user_id.as_str().to_owned(), id: held.id.as_str().to_owned() }
}

fn audit_entry(kind: AuditKind, by: &Person, author: Person, restriction: Restriction, now: Millis) -> AuditEntry {
    AuditEntry { at: now, kind, by: by.clone(), person: Some(author), seconds: None, restriction }
}

fn not_found() -> ChatError {
    ChatError::refused(ErrorCode::MessageNotFound, "there is no such message that waits")
}
