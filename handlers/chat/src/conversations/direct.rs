//! Direct conversations. Their ids are derived from both people, so finding and creating one is the same.

use parlor_protocol::Millis;
use parlor_protocol::conversations::{ConversationKind, HistoryAccess, ID_PREFIX, Role};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::person::Person;
use parlor_protocol::text::PersonRef;
use tokio::time::sleep;

use super::people::Directory;
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::log::record::{PAUSE, TRIES, room_busy};
use crate::people::identity::{derived_id, random_id};
use crate::store::{ConversationSettings, MemberWrite, Members, NewConversation, Rooms};

/// Returns the id of the direct conversation of two people.
pub fn id(one: &str, other: &str) -> String {
    let (low, high) = if one < other { (one, other) } else { (other, one) };
    format!("{ID_PREFIX}{}", derived_id("direct conversation", &[low.as_bytes(), high.as_bytes()]))
}

/// Finds the direct conversation of two people, or creates it. Returns its id.
///
/// # Errors
/// `invalidField` if both are the same person, `rateLimited`, `unavailable`.
pub async fn find_or_create(
    limiter: &Limiter,
    rooms: &Rooms,
    members: &Members,
    one: &Person,
    other: &Person,
    now: Millis,
) -> Result<String> {
    if one.user_id == other.user_id {
        return Err(ChatError::refused(ErrorCode::InvalidField, "a direct conversation needs another person than you"));
    }
    let room_id = id(&one.user_id, &other.user_id);
    if exists(rooms, &room_id, now).await? {
        return Ok(room_id);
    }
    limiter.creation(&one.user_id, 1, now).await?;
    let settings = ConversationSettings { kind: ConversationKind::Direct, history: HistoryAccess::All };
    for _ in 0..TRIES {
        let writes = [one, other].into_iter().flat_map(|person| first_member(person, Role::Member, now));
        let new = NewConversation {
            room_id: room_id.clone(),
            epoch: random_id()?,
            title: String::new(),
            settings,
            members: writes.collect(),
        };
        if rooms.create_conversation(new, members, now).await? || exists(rooms, &room_id, now).await? {
            return Ok(room_id);
        }
        sleep(PAUSE).await;
    }
    Err(room_busy())
}

async fn exists(rooms: &Rooms, room_id: &str, now: Millis) -> Result<bool> {
    match rooms.conversation(room_id, now).await {
        Ok(_) => Ok(true),
        Err(error) if error.code() == ErrorCode::RoomNotFound => Ok(false),
        Err(error) => Err(error),
    }
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
        Some(row) => Ok(row.person()),
        None => directory.find(person, now).await,
    }
}

/// Returns the writes that make a person a member from the beginning.
pub(super) fn first_member(person: &Person, role: Role, now: Millis) -> [MemberWrite; 2] {
    let (user_id, history) = (person.user_id.clone(), HistoryAccess::All);
    let add = MemberWrite::Add { person: person.clone(), role, history, added_at: now, version: 1 };
    [add, MemberWrite::List { user_id, added_at: now }]
}
