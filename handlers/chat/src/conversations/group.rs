//! Groups: creating and renaming them, and changing who is a member.

use futures_util::future::{join, try_join_all};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use parlor_protocol::Millis;
use parlor_protocol::conversations::{ConversationKind, HistoryAccess, ID_PREFIX, Role};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::GROUP_MEMBERS;
use parlor_protocol::log::NoticeKind;
use parlor_protocol::person::{Person, is_bot};
use parlor_protocol::server::{Left, LeftReason, ServerFrame};
use parlor_protocol::text::{FrameId, PersonRef, RoomName};

use super::change::{Change, add_writes, change, first_writes};
use super::direct;
use super::people::Directory;
use crate::READS_AT_ONCE;
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::log::record::{AudienceOf, Plan, Recorder, room_busy};
use crate::people::identity::{derived_id, random_id};
use crate::store::{
    Companion, ConversationSettings, Entry, Event, MemberRow, MemberWrite, NewConversation, NoticeRow, Room, Roster,
};

/// People whom one event adds: each takes two of the 100 writes of a transaction.
const ADDED_AT_ONCE: usize = 45;

/// A group to create.
pub struct NewGroup {
    pub title: RoomName,
    pub members: Vec<PersonRef>,
    pub history: HistoryAccess,
    /// The same id gets the same group again.
    pub id: Option<FrameId>,
}

/// Creates a group, or continues to if that failed before. Returns its id.
///
/// # Errors
/// `invalidField` without another person, `personNotFound`, `tooManyMembers`, `blocked`, `unavailable`.
pub async fn create(
    recorder: Recorder<'_>,
    directory: Directory<'_>,
    owner: &Person,
    NewGroup { title, members, history, id }: NewGroup,
    now: Millis,
) -> Result<String> {
    let room_id = match &id {
        Some(id) => derived_id("group", &[owner.user_id.as_bytes(), id.as_str().as_bytes()]),
        None => random_id()?,
    };
    let room_id = format!("{ID_PREFIX}{room_id}");
    // A retry finds those who are members already even if they went offline.
    let roster = if id.is_some() { recorder.members.roster(&room_id).await? } else { Roster::default() };
    let mut others = find_all(directory, &roster, &members, now).await?;
    others.retain(|person| person.user_id != owner.user_id);
    if others.is_empty() {
        return Err(ChatError::refused(ErrorCode::InvalidField, "members: name at least one other person"));
    }
    if others.len() >= GROUP_MEMBERS {
        return Err(too_many());
    }
    require_no_block(recorder, owner, &others).await?;
    let new = NewConversation {
        room_id: room_id.clone(),
        epoch: random_id()?,
        title: title.into(),
        settings: ConversationSettings { kind: ConversationKind::Group, history },
        members: first_writes(owner, Role::Owner, now).into(),
    };
    if !recorder.rooms.create_conversation(new, recorder.members, now).await? {
        let exists = recorder.rooms.conversation(&room_id, now).await;
        exists.map_err(|error| if error.code() == ErrorCode::RoomNotFound { room_busy() } else { error })?;
        let roster = recorder.members.roster(&room_id).await?;
        let is_asked_for =
            |row: &MemberRow| row.user_id == owner.user_id || others.iter().any(|person| person.user_id == row.user_id);
        // Its members have changed since, and stay as they are.
        if !roster.0.iter().all(|row| row.is_current() && is_asked_for(row)) {
            return Ok(room_id);
        }
    }
    add_people(recorder, owner, &room_id, &others, now).await?;
    Ok(room_id)
}

/// Adds people to a group. Any member may. Idempotent: a retry tells everyone again.
///
/// # Errors
/// `roomNotFound` for those who are not members, `forbidden` in a direct conversation, `personNotFound`,
/// `tooManyMembers`, `blocked` if one of them blocks the caller, `rateLimited`, `unavailable`.
pub async fn add(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    directory: Directory<'_>,
    by: &Person,
    room_id: &str,
    people: &[PersonRef],
    now: Millis,
) -> Result<()> {
    let (_, roster) = read_group(recorder, &by.user_id, room_id, now).await?;
    let people = find_all(directory, &roster, people, now).await;
    limiter.creation(&by.user_id, people.as_ref().map_or(0, Vec::len), now).await?;
    add_people(recorder, by, room_id, &people?, now).await
}

async fn add_people(recorder: Recorder<'_>, by: &Person, room_id: &str, people: &[Person], now: Millis) -> Result<()> {
    require_no_block(recorder, by, people).await?;
    for people in people.chunks(ADDED_AT_ONCE) {
        let read = async || read_group(recorder, &by.user_id, room_id, now).await;
        let plan = |room: &Room, roster: &Roster| {
            let me = member(roster, by)?;
            let mut new: Vec<_> = people.iter().filter(|person| roster.member(&person.user_id).is_none()).collect();
            new.dedup_by_key(|person| &person.user_id);
            if new.is_empty() {
                let since = people.iter().filter_map(|person| Some(roster.member(&person.user_id)?.since)).max();
                return Ok(Change::Done { at: since });
            }
            if roster.current().count() + new.len() > GROUP_MEMBERS {
                return Err(too_many());
            }
            let history = room.conversation.map(|settings| settings.history).unwrap_or_default();
            let version = roster.version() + 1;
            let writes = new.iter().flat_map(|person| add_writes(person, Role::Member, history, now, version));
            let people = new.iter().map(|&person| person.clone()).collect();
            let notice = NoticeRow { people, ..NoticeRow::new(NoticeKind::Added, &room.name, None, &me.person(), now) };
            Ok(Change::Write { notice, writes: writes.collect() })
        };
        change(recorder, read, plan, now).await?;
    }
    Ok(())
}

/// Nobody is added to a group by somebody whom they block.
async fn require_no_block(recorder: Recorder<'_>, by: &Person, people: &[Person]) -> Result<()> {
    let rows = people.iter().map(|person| async move {
        recorder.members.member(&direct::id(&by.user_id, &person.user_id), &person.user_id).await
    });
    let rows: Vec<_> = stream::iter(rows).buffered(READS_AT_ONCE).try_collect().await?;
    if rows.into_iter().flatten().any(|row| row.blocks) {
        return Err(ChatError::refused(ErrorCode::Blocked, "one of these people does not accept messages from you"));
    }
    Ok(())
}

/// Removes a person from a group. The owner may remove anyone, and every member may leave. If the owner leaves, the member
/// added first becomes the owner; if the last member leaves, the group ends.
///
/// # Errors
/// `roomNotFound` for those who are not members, `forbidden`, `unavailable`.
pub async fn remove(recorder: Recorder<'_>, by: &Person, room_id: &str, user_id: &str, now: Millis) -> Result<()> {
    let leaves = by.user_id == user_id;
    let read = async || read_group(recorder, &by.user_id, room_id, now).await;
    let plan = |room: &Room, roster: &Roster| {
        let me = member(roster, by)?;
        if !leaves && me.role != Role::Owner {
            return Err(ChatError::refused(ErrorCode::Forbidden, "only the group's owner may remove others"));
        }
        let Some(target) = roster.member(user_id) else { return Ok(Change::Done { at: None }) };
        Ok(removal(room, roster, target.person(), &me.person(), now))
    };
    let removed = change(recorder, read, plan, now).await;
    match removed {
        // A retry of leaving: they are no longer a member.
        Err(error) if leaves && error.code() == ErrorCode::RoomNotFound => {
            let row = recorder.members.member(room_id, user_id).await?;
            if row.is_none() {
                return Err(error);
            }
        }
        removed => removed?,
    }
    // Not if they were never a member, or have been added again.
    if recorder.members.member(room_id, user_id).await?.is_none_or(|row| row.is_current()) {
        return Ok(());
    }
    let connections = recorder.fanout.connections.of_person(user_id).await?;
    let left = ServerFrame::Left(Left::new(room_id, LeftReason::NotMember));
    for connection in connections.iter().filter(|connection| connection.is_live(now)) {
        recorder.fanout.poster.post(&connection.connection_id, &left).await;
    }
    Ok(())
}

/// Ends the membership of somebody who is being erased, in a conversation of either kind. `erased` is the name that they
/// then have.
///
/// # Errors
/// `roomNotFound` if they are not a member, `unavailable`.
pub async fn leave_erased(recorder: Recorder<'_>, erased: &Person, room_id: &str, now: Millis) -> Result<()> {
    let read = async || read(recorder, &erased.user_id, room_id, now).await;
    let plan = |room: &Room, roster: &Roster| Ok(removal(room, roster, erased.clone(), erased, now));
    change(recorder, read, plan, now).await
}

/// Ends a membership, by `by`.
fn removal(room: &Room, roster: &Roster, target: Person, by: &Person, now: Millis) -> Change {
    let (bots, mut others): (Vec<_>, Vec<_>) =
        roster.current().filter(|member| member.user_id != target.user_id).partition(|member| is_bot(&member.user_id));
    others.sort_by_key(|member| (member.added_at, &member.user_id));
    let version = roster.version() + 1;
    let user_id = || target.user_id.clone();
    let mut writes = vec![
        MemberWrite::End { user_id: user_id(), version },
        MemberWrite::Unlist { user_id: user_id() },
        MemberWrite::Visit { user_id: user_id() },
    ];
    let owned = roster.member(&target.user_id).is_some_and(|member| member.role == Role::Owner);
    if let Some(heir) = others.first().filter(|_| owned) {
        writes.push(MemberWrite::Promote { user_id: heir.user_id.clone(), version });
    }
    // A bot does not stay alone.
    if others.is_empty() {
        writes.extend(bots.iter().map(|bot| MemberWrite::Unlist { user_id: bot.user_id.clone() }));
    }
    let kind = match (others.is_empty(), by.user_id == target.user_id) {
        (true, _) => NoticeKind::Closed,
        (false, true) => NoticeKind::MemberLeft,
        (false, false) => NoticeKind::Removed,
    };
    let notice = NoticeRow { people: vec![target], ..NoticeRow::new(kind, &room.name, None, by, now) };
    Change::Write { notice, writes }
}

/// Changes a group's title. Any member may.
///
/// # Errors
/// `roomNotFound` for those who are not members, `forbidden` in a direct conversation, `unavailable`.
pub async fn rename(recorder: Recorder<'_>, by: &Person, room_id: &str, title: &RoomName, now: Millis) -> Result<()> {
    let (_, roster) = read_group(recorder, &by.user_id, room_id, now).await?;
    let me = member(&roster, by)?;
    let plan = async || {
        let room = recorder.rooms.conversation(room_id, now).await?;
        if room.name == title.as_str() {
            return Ok(Plan::NoChange { epoch: room.epoch, seq: room.seq });
        }
        let notice = NoticeRow::new(NoticeKind::Renamed, title.as_str(), None, &me.person(), now);
        let companions = vec![Companion::Room { owner_id: None, read: room.noticed, moderation: None, new: None }];
        Ok(Plan::Append(Entry { event: Event::Notice(notice), epoch: None, companions }))
    };
    let recorded = recorder.record(room_id, plan, AudienceOf::Members(&roster), now).await?;
    recorder.deliver(room_id, recorded, None, now).await;
    Ok(())
}

/// Reads a group and its members for one of them.
async fn read_group(recorder: Recorder<'_>, me: &str, room_id: &str, now: Millis) -> Result<(Room, Roster)> {
    let (room, roster) = read(recorder, me, room_id, now).await?;
    match room.conversation.map(|settings| settings.kind) {
        Some(ConversationKind::Group) => Ok((room, roster)),
        _ => Err(ChatError::refused(ErrorCode::Forbidden, "only a group has a title, and members that change")),
    }
}

/// Reads a conversation and its members for one of them.
async fn read(recorder: Recorder<'_>, me: &str, room_id: &str, now: Millis) -> Result<(Room, Roster)> {
    let (roster, room) = join(recorder.members.roster(room_id), recorder.rooms.conversation(room_id, now)).await;
    // In this order: those who are not members learn nothing.
    let roster = roster?;
    roster.member(me).ok_or_else(ChatError::room_not_found)?;
    Ok((room?, roster))
}

fn member<'a>(roster: &'a Roster, person: &Person) -> Result<&'a MemberRow> {
    roster.member(&person.user_id).ok_or_else(ChatError::room_not_found)
}

/// Finds people: those who are members by their ids, even if they are offline, and the others in the directory.
async fn find_all(directory: Directory<'_>, roster: &Roster, people: &[PersonRef], now: Millis) -> Result<Vec<Person>> {
    if people.len() >= GROUP_MEMBERS {
        return Err(too_many());
    }
    let find = async |one| match roster.member(PersonRef::as_str(one)) {
        Some(member) => Ok(member.person()),
        None => directory.find(one, now).await,
    };
    let mut found = try_join_all(people.iter().map(find)).await?;
    found.sort_by(|a, b| a.user_id.cmp(&b.user_id));
    found.dedup_by(|a, b| a.user_id == b.user_id);
    if found.iter().any(|person| is_bot(&person.user_id)) {
        return Err(ChatError::refused(ErrorCode::InvalidField, "members: a bot is no member of a group"));
    }
    Ok(found)
}

fn too_many() -> ChatError {
    ChatError::refused(ErrorCode::TooManyMembers, format!("a group has at most {GROUP_MEMBERS} members"))
}
