//! Erasing a person: their handle; then, room by room, their messages (if they ask for it), membership and read marker; and
//! then their name. Each room is removed from the lists of rooms once nothing is left to do in it, so repeating a request
//! that failed continues where it stopped.

use parlor_protocol::conversations::is_conversation;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Erasing;
use parlor_protocol::person::Person;
use parlor_protocol::{Millis, Seq};
use tokio::time::{Instant, sleep};

use super::written::{WalkPosition, Written};
use crate::conversations::group;
use crate::error::Result;
use crate::limiter::Limiter;
use crate::log::record::{AudienceOf, PAUSE, Plan, Recorder, TRIES, room_busy};
use crate::store::{Entry, LogKey, MessageRow, People, Room};

/// The name that erased people have in what is kept.
pub const ERASED_NAME: &str = "Deleted person";

/// Whom to erase, and how much of it.
#[derive(Clone, Copy)]
pub struct Erasure<'a> {
    pub user_id: &'a str,
    pub messages: bool,
    pub cursor: Option<&'a str>,
}

/// Erases a person: one message or one room in any case, the others until the given time. Returns where to continue,
/// unless nothing is left.
///
/// # Errors
/// `rateLimited`, `invalidField` for a malformed cursor, `unavailable`: repeat the request, with or without the cursor.
pub async fn erase(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    people: &People,
    Erasure { user_id, messages, cursor }: Erasure<'_>,
    until: Instant,
    now: Millis,
) -> Result<Option<Erasing>> {
    let place = cursor.map(WalkPosition::parse).transpose()?;
    limiter.walk(user_id, now).await?;
    let Recorder { rooms, members, fanout, .. } = recorder;
    let erased = Person { user_id: user_id.to_owned(), name: ERASED_NAME.to_owned() };
    // First, so that nobody finds the person by it any more.
    people.release(user_id, now).await?;
    let written = Written::by(rooms, members, user_id, now).await?;
    for (n, room_id) in written.room_ids.iter().enumerate() {
        // What precedes it in the order is still to be done, if it is listed.
        let seq = place.as_ref().filter(|place| place.room_id == *room_id).map_or(1, |place| place.seq);
        let place = WalkPosition { room_id: room_id.clone(), seq };
        if n > 0 && Instant::now() >= until {
            return Ok(Some(Erasing { cursor: place.to_string() }));
        }
        match written.open.get(room_id) {
            Some(room) => {
                if !is_conversation(room_id) {
                    members.delete_held_of(room_id, &room.epoch, user_id).await?;
                }
                if messages && let Some(rest) = erase_messages(recorder, &erased, room, place, until, now).await? {
                    return Ok(Some(Erasing { cursor: rest.to_string() }));
                }
                if is_conversation(room_id) {
                    leave(recorder, &erased, room_id, now).await?;
                    members.erase_member(room_id, user_id, ERASED_NAME).await?;
                }
            }
            None => members.unlist(user_id, room_id).await?,
        }
        members.forget_visit(user_id, room_id).await?;
    }
    // Open connections are in rooms that are no longer on the lists. Their clients connect and join again.
    for connection in fanout.connections.of_person(user_id).await? {
        fanout.connections.stop_receiving(user_id, &connection.connection_id).await?;
        fanout.poster.disconnect(&connection.connection_id).await;
    }
    people.erase(user_id, now).await?;
    let left = Written::by(rooms, members, user_id, now).await?;
    let first = left.room_ids.into_iter().next();
    Ok(first.map(|room_id| Erasing { cursor: WalkPosition { room_id, seq: 1 }.to_string() }))
}

async fn leave(recorder: Recorder<'_>, erased: &Person, room_id: &str, now: Millis) -> Result<()> {
    match group::leave_erased(recorder, erased, room_id, now).await {
        Err(error) if matches!(error.code(), ErrorCode::RoomNotFound | ErrorCode::RoomClosed) => Ok(()),
        left => left,
    }
}

/// Deletes a person's messages in a room, from a number on. Returns where to continue, unless all are deleted.
async fn erase_messages(
    recorder: Recorder<'_>,
    erased: &Person,
    room: &Room,
    WalkPosition { room_id, mut seq }: WalkPosition,
    until: Instant,
    now: Millis,
) -> Result<Option<WalkPosition>> {
    let mut is_first = true;
    loop {
        if !is_first && Instant::now() >= until {
            return Ok(Some(WalkPosition { room_id, seq }));
        }
        let key = LogKey { room_id: &room_id, epoch: &room.epoch, seq };
        let (messages, next) = recorder.log.messages_by(key, &erased.user_id).await?;
        is_first &= messages.iter().any(|(_, message)| !is_erased(message));
        for (seq, message) in messages {
            if is_erased(&message) {
                continue;
            }
            if !is_first && Instant::now() >= until {
                return Ok(Some(WalkPosition { room_id, seq }));
            }
            is_first = false;
            if !erase_message(recorder, erased, room, seq, now).await? {
                // The room has ended or was cleared.
                return Ok(None);
            }
        }
        match next {
            Some(next) => seq = next,
            None => return Ok(None),
        }
    }
}

/// Deletes a message, and its author's name. Returns whether the log is still the same.
async fn erase_message(recorder: Recorder<'_>, erased: &Person, room: &Room, seq: Seq, now: Millis) -> Result<bool> {
    let Recorder { log, members, .. } = recorder;
    let (room_id, epoch) = (room.room_id.as_str(), room.epoch.as_str());
    let plan = async || {
        let message = log.message(LogKey { room_id, epoch, seq }).await?.filter(|message| !is_erased(message));
        let Some(message) = message else { return Ok(Plan::NoChange { epoch: epoch.to_owned(), seq }) };
        let message = MessageRow { name: erased.name.clone(), ..message };
        Ok(Plan::Append(Entry::deletion(LogKey { room_id, epoch, seq }, message, erased, now)))
    };
    for _ in 0..TRIES {
        let roster = if room.conversation.is_some() { Some(members.roster(room_id).await?) } else { None };
        let audience = roster.as_ref().map_or(AudienceOf::Room, AudienceOf::Members);
        match recorder.record(room_id, plan, audience, now).await {
            Ok(recorded) => {
                recorder.deliver(room_id, recorded, None, now).await;
                return Ok(true);
            }
            Err(error) if matches!(error.code(), ErrorCode::RoomClosed | ErrorCode::MessageNotFound) => {
                return Ok(false);
            }
            // Members have changed, and they are none any more.
            Err(error) if error.code() == ErrorCode::RoomNotFound && roster.is_some() => sleep(PAUSE).await,
            Err(error) if error.code() == ErrorCode::RoomNotFound => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Err(room_busy())
}

fn is_erased(message: &MessageRow) -> bool {
    message.deleted_at.is_some() && message.name == ERASED_NAME
}
