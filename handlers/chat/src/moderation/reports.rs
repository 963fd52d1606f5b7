//! Reports of messages: anyone who may read a room makes them, and its moderators see and resolve them.

use futures_util::future::try_join;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::moderation::Permission;
use parlor_protocol::person::Person;
use parlor_protocol::reports::{NewReport, Report, ReportList, ReportedMessage};
use parlor_protocol::{Millis, Seq};

use super::admission::{check_may, check_reader};
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::log::record::{AudienceOf, Plan, Recorder};
use crate::people::identity::random_id;
use crate::rooms::pass;
use crate::store::{Companion, Entry, IdempotencyKey, Log, LogKey, Members, MessageRow, ReportRow, Room, Rooms};

/// What reporting and listing reports read and write.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub rooms: &'a Rooms,
    pub log: &'a Log,
    pub members: &'a Members,
}

/// Reports a message to the room's moderators. A person's second report of a message does nothing.
///
/// # Errors
/// `rateLimited`, `roomNotFound`, `roomClosed`, `passRequired`, `banned`, `messageNotFound`, `messageDeleted`,
/// `forbidden` if nobody moderates the room or the message is one's own, `tooManyReports`, `unavailable`.
pub async fn report(
    limiter: &Limiter,
    Desk { rooms, log, members }: Desk<'_>,
    me: &Person,
    room_id: &str,
    NewReport { epoch, seq, reason }: &NewReport,
    pass: Option<&str>,
    now: Millis,
) -> Result<()> {
    limiter.report(&me.user_id, now).await?;
    let room = rooms.open(room_id, now).await?;
    pass::check(&room, pass, now)?;
    check_reader(members, &room, Some(me), now).await?;
    if room.owner_id.is_none() {
        return Err(forbidden("the room has no owner, so nobody would see the report"));
    }
    let key = key(&room, epoch, *seq)?;
    let (message, is_full) = try_join(log.message(key), members.has_all_reports(room_id, epoch)).await?;
    let message = message.ok_or_else(not_found)?;
    if message.user_id == me.user_id {
        return Err(forbidden("you cannot report your own message"));
    }
    if message.deleted_at.is_some() {
        return Err(ChatError::refused(ErrorCode::MessageDeleted, "the message was deleted"));
    }
    if members.report(key, &me.user_id, *reason, is_full, now).await? {
        return Ok(());
    }
    let message = "the room's moderators have too many open reports; they must resolve some first";
    Err(ChatError::refused(ErrorCode::TooManyReports, message))
}

/// Returns a page of a room's open reports, with their messages as they are now. `before` is where the previous page
/// ended.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden` for anyone but moderators, `unavailable`.
pub async fn list(
    Desk { rooms, log, members }: Desk<'_>,
    me: &Person,
    room_id: &str,
    before: Option<Seq>,
    now: Millis,
) -> Result<ReportList> {
    let (room, status) = try_join(rooms.open(room_id, now), members.status(room_id, &me.user_id)).await?;
    check_may(&room, &status, Permission::DeleteAny, now)?;
    let (rows, next) = members.reports(room_id, &room.epoch, before).await?;
    let numbers = rows.iter().map(|row| row.seq).collect();
    let mut messages = log.messages(room_id, &room.epoch, numbers).await?;
    let reports = rows.into_iter().filter_map(|row| {
        let key = LogKey { room_id, epoch: &room.epoch, seq: row.seq };
        messages.remove(&row.seq).map(|message| describe(row, message, key))
    });
    Ok(ReportList { reports: reports.collect(), cursor: next.map(|seq| seq.to_string()) })
}

fn describe(row: ReportRow, message: MessageRow, key: LogKey) -> Report {
    let ReportRow { people, first_at, last_at, reasons, .. } = row;
    let count = u32::try_from(people.len()).unwrap_or(u32::MAX);
    Report { message: message.into_wire(key), count, reasons, first_at, last_at }
}

/// Deletes a reported message, unless it is deleted already, and tells the room.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden` for anyone but moderators, `messageNotFound`, `unavailable`.
pub(super) async fn delete(
    recorder: Recorder<'_>,
    by: &Person,
    room_id: &str,
    ReportedMessage { epoch, seq }: &ReportedMessage,
    now: Millis,
) -> Result<()> {
    let Recorder { rooms, log, members, .. } = recorder;
    // With a key, it is held against the ban of its author, which an erasure is not.
    let marker = IdempotencyKey { user_id: by.user_id.clone(), id: random_id()? };
    let plan = async || {
        let (room, status) = try_join(rooms.open(room_id, now), members.status(room_id, &by.user_id)).await?;
        check_may(&room, &status, Permission::DeleteAny, now)?;
        let message = reported(log, key(&room, epoch, *seq)?).await?;
        if message.deleted_at.is_some() {
            return Ok(Plan::NoChange { epoch: room.epoch, seq: *seq });
        }
        let mut entry = Entry::deletion(LogKey { room_id, epoch: &room.epoch, seq: *seq }, message, by, now);
        entry.companions.push(Companion::Marker(marker.clone()));
        Ok(Plan::Append(entry))
    };
    let recorded = recorder.record(room_id, plan, AudienceOf::Room, now).await?;
    recorder.deliver(room_id, recorded, None, now).await;
    Ok(())
}

/// Reads a reported message.
///
/// # Errors
/// `messageNotFound`, `unavailable`.
pub(super) async fn reported(log: &Log, key: LogKey<'_>) -> Result<MessageRow> {
    log.message(key).await?.ok_or_else(not_found)
}

/// Returns where a message of the room's current epoch is.
///
/// # Errors
/// `messageNotFound`.
pub(super) fn key<'a>(room: &'a Room, epoch: &str, seq: Seq) -> Result<LogKey<'a>> {
    if epoch != room.epoch {
        return Err(not_found());
    }
    Ok(LogKey { room_id: &room.room_id, epoch: &room.epoch, seq })
}

fn forbidden(message: &str) -> ChatError {
    ChatError::refused(ErrorCode::Forbidden, message)
}

fn not_found() -> ChatError {
    ChatError::refused(ErrorCode::MessageNotFound, "there is no message with this number")
}
