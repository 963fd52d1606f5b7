//! Sending a message.

use futures_util::future::join;
use parlor_protocol::Millis;
use parlor_protocol::client::Send;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::person::Person;
use parlor_protocol::text::Handle;

use crate::Caller;
use crate::bots::tell;
use crate::conversations::direct;
use crate::conversations::people::Directory;
use crate::conversations::standing::Standing;
use crate::delivery::PostCounts;
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::log::change::only_owner_mentions_room;
use crate::log::record::{AckTo, Plan, Recorder};
use crate::moderation::spam;
use crate::store::{Companion, Entry, Event, IdempotencyKey, MessageRow};

/// Stores a message and posts it to everyone in the room. `to` sends it to the direct conversation with the person who
/// has that handle, and creates that conversation if there is none.
///
/// # Errors
/// `rateLimited`, `notJoined`, `roomNotFound`, `roomClosed`, `personNotFound`, `blocked`, `messageNotFound` if it answers
/// a number that is not in the log, `forbidden` if anyone but the owner mentions the room, `idReused`, `unavailable`.
pub async fn send(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    directory: Directory<'_>,
    caller: &Caller,
    frame: Send,
    now: Millis,
) -> Result<PostCounts> {
    let Send { room, to, id, text, reply_to, epoch, mentions, mentions_room } = frame;
    let is_addressed = to.is_some();
    let room_id = match (room, to) {
        (Some(room), None) => String::from(room),
        // Boxed, like the reads below, because the SDK's futures are large.
        (None, Some(handle)) => Box::pin(address(limiter, recorder, directory, caller, &handle, now)).await?,
        _ => return Err(ChatError::refused(ErrorCode::InvalidField, "give either room or to")),
    };
    let room_id = room_id.as_str();
    let reads = async {
        let standing = Standing::read(recorder.fanout.connections, recorder.members, caller, room_id, now);
        // Only this needs the room before the draw.
        let room = async {
            if mentions_room { recorder.rooms.of_either_kind(room_id, now).await.map(Some) } else { Ok(None) }
        };
        let (standing, room) = join(standing, room).await;
        // In this order: a caller who has not joined learns nothing about the room.
        Ok((standing?, room?))
    };
    let (standing, room) = if is_addressed {
        let (counted, read) = join(limiter.in_room(&caller.user_id, room_id, now), Box::pin(reads)).await;
        counted.and(read)?
    } else {
        limiter.rate_limited(caller, room_id, now, Box::pin(reads)).await?
    };
    if room.is_some_and(|room| !standing.owns(&room)) {
        return Err(only_owner_mentions_room());
    }
    let mentions: Vec<String> = mentions.into();
    let rooms = Box::pin(limiter.rooms_told(&caller.user_id, text.as_str(), room_id, now)).await?;
    let weight = spam::weight(text.as_str(), mentions.len(), rooms);
    if weight > 0 {
        limiter.suspicious(&caller.user_id, weight, now).await?;
    }
    let author = standing.person();
    let key = IdempotencyKey { user_id: author.user_id.clone(), id: id.as_str().to_owned() };
    let message = MessageRow::new(key.id.clone(), author, text.into(), now);
    let message = MessageRow { reply_to, mentions, mentions_room, is_spam: weight >= spam::HELD, ..message };
    let entry = Entry { event: Event::Message(message), epoch, companions: vec![Companion::Marker(key)] };
    let plan = async || Ok(Plan::Append(entry.clone()));
    let recorded = recorder.record(room_id, plan, standing.audience(), now).await?;
    let passed_on = (directory.bots.addressed(&recorded, &standing), tell::news(&recorded));
    let ack_to = AckTo { connection_id: &caller.connection_id, id };
    let deliver = recorder.deliver(room_id, recorded, Some(ack_to), now);
    Ok(directory.bots.pass_on(passed_on, deliver, now).await)
}

/// Returns the id of the direct conversation with the person who has a handle. Counts the frame for the caller's
/// connection, as two: the look-up is one.
///
/// # Errors
/// `rateLimited`, `personNotFound`, `invalidField` if it is the caller's own handle, `unavailable`.
async fn address(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    directory: Directory<'_>,
    caller: &Caller,
    handle: &Handle,
    now: Millis,
) -> Result<String> {
    limiter.frames(&caller.connection_id, 2, now).await?;
    let other = directory.with_handle(handle, now).await?;
    let me = Person { user_id: caller.user_id.clone(), name: caller.name.clone() };
    direct::find_or_create(limiter, recorder, &me, &other, now).await
}
