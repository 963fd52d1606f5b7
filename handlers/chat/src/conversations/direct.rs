//! Direct conversations. Their ids are derived from both people, so finding and creating one is the same.

use futures_util::future::try_join;
use parlor_protocol::Millis;
use parlor_protocol::conversations::{ConversationKind, HistoryAccess, ID_PREFIX, Role};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::log::NoticeKind;
use parlor_protocol::person::Person;
use parlor_protocol::text::PersonRef;
use tokio::time::sleep;

use super::change::{Change, add_writes, change, first_writes};
use super::people::Directory;
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::log::record::{PAUSE, Recorder, TRIES, room_busy};
use crate::people::identity::{derived_id, random_id};
use crate::store::{ConversationSettings, Members, NewConversation, NoticeRow, Room, Rooms, Roster};

/// Returns the id of the direct conversation of two people.
pub fn id(one: &str, other: &str) -> String {
    let (low, high) = if one < other { (one, other) } else { (other, one) };
    format!("{ID_PREFIX}{}", derived_id("direct conversation", &[low.as_bytes(), high.as_bytes()]))
}

/// Finds the direct conversation of two people, or creates it. A person who was erased since, and has come back, becomes a
/// member again. Returns its id.
///
/// # Errors
/// `invalidField` if both are the same person, `rateLimited`, `roomClosed` if both were erased lately, `unavailable`.
pub async fn find_or_create(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    one: &Person,
    other: &Person,
    now: Millis,
) -> Result<String> {
    if one.user_id == other.user_id {
        return Err(ChatError::refused(ErrorCode::InvalidField, "a direct conversation needs another person than you"));
    }
    let room_id = id(&one.user_id, &other.user_id);
    let mut found = find(recorder.rooms, &room_id, now).await?;
    if found.is_none() {
        limiter.creation(&one.user_id, 1, now).await?;
    }
    let settings = ConversationSettings { kind: ConversationKind::Direct, history: HistoryAccess::All };
    for _ in 0..TRIES {
        if let Some(room) = found {
            if room.members_count != Some(2) {
                restore_members(recorder, &room_id, one, other, now).await?;
            }
            return Ok(room_id);
        }
        let writes = [one, other].into_iter().flat_map(|person| first_writes(person, Role::Member, now));
        let new = NewConversation {
            room_id: room_id.clone(),
            epoch: random_id()?,
            title: String::new(),
            settings,
            members: writes.collect(),
        };
        if recorder.rooms.create_conversation(new, recorder.members, now).await? {
            return Ok(room_id);
        }
        found = find(recorder.rooms, &room_id, now).await?;
        if found.is_none() {
            sleep(PAUSE).await;
        }
    }
    Err(room_busy())
}

async fn find(rooms: &Rooms, room_id: &str, now: Millis) -> Result<Option<Room>> {
    match rooms.conversation(room_id, now).await {
        Ok(room) => Ok(Some(room)),
        Err(error) if error.code() == ErrorCode::RoomNotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes both people members again.
async fn restore_members(
    recorder: Recorder<'_>,
    room_id: &str,
    one: &Person,
    other: &Person,
    now: Millis,
) -> Result<()> {
    let read = async || try_join(recorder.rooms.conversation(room_id, now), recorder.members.roster(room_id)).await;
    let plan = |room: &Room, roster: &Roster| {
        let missing = [one, other].into_iter().filter(|person| roster.member(&person.user_id).is_none());
        let people: Vec<_> = missing.cloned().collect();
        if people.is_empty() {
            return Ok(Change::Done { at: None });
        }
        let version = roster.version() + 1;
        let writes =
            people.iter().flat_map(|person| add_writes(person, Role::Member, HistoryAccess::Joined, now, version));
        let writes = writes.collect();
        Ok(Change::Write {
            notice: NoticeRow { people, ..NoticeRow::new(NoticeKind::Added, &room.name, None, one, now) },
            writes,
        })
    };
    change(recorder, read, plan, now).await
}

/// Finds the other person of a direct conversation: also one who is offline and has no handle, if the conversation
/// exists.
///
/// # Errors
/// `personNotFound`, `unavailable`.
pub async fn other(
    members: &Members,
    directory: Directory<'_>,
    me: &Person,
    person: &PersonRef,
    now: Millis,
) -> Result<Person> {
    match members.member(&id(&me.user_id, person.as_str()), person.as_str()).await? {
        Some(row) if row.is_current() => Ok(row.person()),
        _ => directory.find(person, now).await,
    }
}
