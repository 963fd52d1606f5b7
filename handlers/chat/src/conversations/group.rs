//! Groups: creating and renaming them, and changing who is a member.

use futures_util::future::{join, try_join_all};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use parlor_protocol::Millis;
use parlor_protocol::conversations::{ConversationKind, HistoryAccess, ID_PREFIX, Role};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::GROUP_MEMBERS;
use parlor_protocol::log::{LogEvent, NoticeKind};
use parlor_protocol::person::Person;
use parlor_protocol::server::{Left, LeftReason, ServerFrame};
use parlor_protocol::text::{PersonRef, RoomName};
use tokio::time::sleep;

use super::direct::{self, first_member};
use super::people::Directory;
use crate::READS_AT_ONCE;
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::log::record::{AudienceOf, PAUSE, Plan, Recorder, room_busy};
use crate::people::identity::random_id;
use crate::store::{
    Companion, ConversationSettings, Entry, Event, LogKey, MemberRow, MemberWrite, NewConversation, NoticeRow, Room,
    Roster,
};

/// Attempts to store a change of members: each fails if anything else was stored in the conversation meanwhile.
const TRIES: usize = 12;
/// People whom one event adds: each takes two of the 100 writes of a transaction.
const ADDED_AT_ONCE: usize = 45;

/// Creates a group with these people. Returns its id.
///
/// # Errors
/// `invalidField` without another person, `personNotFound`, `tooManyMembers`, `blocked`, `unavailable`.
pub async fn create(
    recorder: Recorder<'_>,
    directory: Directory<'_>,
    owner: &Person,
    title: RoomName,
    members: &[PersonRef],
    history: HistoryAccess,
    now: Millis,
) -> Result<String> {
    let mut others = find_all(directory, members, now).await?;
    others.retain(|person| person.user_id != owner.user_id);
    if others.is_empty() {
        return Err(ChatError::refused(ErrorCode::InvalidField, "members: name at least one other person"));
    }
    if others.len() >= GROUP_MEMBERS {
        return Err(too_many());
    }
    require_no_block(recorder, owner, &others).await?;
    let room_id = format!("{ID_PREFIX}{}", random_id()?);
    let new = NewConversation {
        room_id: room_id.clone(),
        epoch: random_id()?,
        title: title.into(),
        settings: ConversationSettings { kind: ConversationKind::Group, history },
        members: first_member(owner, Role::Owner, now).into(),
    };
    if !recorder.rooms.create_conversation(new, recorder.members, now).await? {
        return Err(room_busy());
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
    let (group, people) = join(read_group(recorder, &by.user_id, room_id, now), find_all(directory, people, now)).await;
    // In this order: those who are not members learn nothing.
    group?;
    limiter.creation(&by.user_id, people.as_ref().map_or(0, Vec::len), now).await?;
    add_people(recorder, by, room_id, &people?, now).await
}

async fn add_people(recorder: Recorder<'_>, by: &Person, room_id: &str, people: &[Person], now: Millis) -> Result<()> {
    require_no_block(recorder, by, people).await?;
    for people in people.chunks(ADDED_AT_ONCE) {
        change(recorder, by, room_id, now, |room, roster, me| {
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
            let writes = new.iter().flat_map(|&person| {
                let (person, user_id) = (person.clone(), person.user_id.clone());
                let add = MemberWrite::Add { person, role: Role::Member, history, added_at: now, version };
                [add, MemberWrite::List { user_id, added_at: now }]
            });
            let people = new.iter().map(|&person| person.clone()).collect();
            let notice = NoticeRow { people, ..NoticeRow::new(NoticeKind::Added, &room.name, None, &me.person(), now) };
            Ok(Change::Write { notice, writes: writes.collect() })
        })
        .await?;
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

/// Removes a person from a group: its owner anyone, and every member themselves. If the owner leaves, whoever was added
/// first owns it; if the last member leaves, it ends.
///
/// # Errors
/// `roomNotFound` for those who are not members, `forbidden`, `unavailable`.
pub async fn remove(recorder: Recorder<'_>, by: &Person, room_id: &str, user_id: &str, now: Millis) -> Result<()> {
    let leaves = by.user_id == user_id;
    let removed = change(recorder, by, room_id, now, |room, roster, me| {
        if !leaves && me.role != Role::Owner {
            return Err(ChatError::refused(ErrorCode::Forbidden, "only the group's owner may remove others"));
        }
        let Some(target) = roster.member(user_id) else { return Ok(Change::Done { at: None }) };
        let mut others: Vec<_> = roster.current().filter(|member| member.user_id != user_id).collect();
        others.sort_by_key(|member| (member.added_at, &member.user_id));
        let version = roster.version() + 1;
        let user_id = target.user_id.clone();
        let mut writes = vec![MemberWrite::End { user_id: user_id.clone(), version }, MemberWrite::Unlist { user_id }];
        if let Some(heir) = others.first().filter(|_| target.role == Role::Owner) {
            writes.push(MemberWrite::Promote { user_id: heir.user_id.clone(), version });
        }
        let kind = match (others.is_empty(), leaves) {
            (true, _) => NoticeKind::Closed,
            (false, true) => NoticeKind::MemberLeft,
            (false, false) => NoticeKind::Removed,
        };
        let people = vec![target.person()];
        let notice = NoticeRow { people, ..NoticeRow::new(kind, &room.name, None, &me.person(), now) };
        Ok(Change::Write { notice, writes })
    })
    .await;
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
    let left = ServerFrame::Left(Left { room: room_id.to_owned(), reason: LeftReason::NotMember, id: None });
    for connection in connections.iter().filter(|connection| connection.is_live(now)) {
        recorder.fanout.poster.post(&connection.connection_id, &left).await;
    }
    Ok(())
}

/// Changes a group's title. Any member may.
///
/// # Errors
/// `roomNotFound` for those who are not members, `forbidden` in a direct conversation, `unavailable`.
pub async fn rename(recorder: Recorder<'_>, by: &Person, room_id: &str, title: &RoomName, now: Millis) -> Result<()> {
    let (_, roster, me) = read_group(recorder, &by.user_id, room_id, now).await?;
    let plan = async || {
        let room = recorder.rooms.conversation(room_id, now).await?;
        if room.name == title.as_str() {
            return Ok(Plan::NoChange { epoch: room.epoch, seq: room.seq });
        }
        let notice = NoticeRow::new(NoticeKind::Renamed, title.as_str(), None, &me.person(), now);
        let companions = vec![Companion::Room { owner_id: None, read: room.noticed, new: None }];
        Ok(Plan::Append(Entry { event: Event::Notice(notice), epoch: None, companions }))
    };
    let recorded = recorder.record(room_id, plan, AudienceOf::Members(&roster), now).await?;
    recorder.deliver(room_id, recorded, None, now).await;
    Ok(())
}

/// What to do about the members of a group, given what has been read.
enum Change {
    Write {
        notice: NoticeRow,
        writes: Vec<MemberWrite>,
    },
    /// Nothing: it is done already, by the event at this number.
    Done {
        at: Option<u64>,
    },
}

/// Changes the members of a group, and tells those who are members afterwards.
async fn change(
    recorder: Recorder<'_>,
    by: &Person,
    room_id: &str,
    now: Millis,
    plan: impl Fn(&Room, &Roster, &MemberRow) -> Result<Change>,
) -> Result<()> {
    let Recorder { rooms, log, members, .. } = recorder;
    for _ in 0..TRIES {
        let (room, roster, me) = read_group(recorder, &by.user_id, room_id, now).await?;
        // They were read at the same time, and a change may have come between.
        if !room.has(&roster) {
            sleep(PAUSE).await;
            continue;
        }
        let (event, seq) = match plan(&room, &roster, &me)? {
            Change::Done { at: None } => return Ok(()),
            Change::Done { at: Some(seq) } => match log.get(LogKey { room_id, epoch: &room.epoch, seq }).await? {
                Some(event) => (event, seq),
                None => return Ok(()),
            },
            Change::Write { notice, writes } => {
                let event = Event::Notice(notice);
                match rooms.change_members(&room, &event, &writes, members, log, now).await? {
                    Some(after) => (event, after.seq),
                    None => {
                        sleep(PAUSE).await;
                        continue;
                    }
                }
            }
        };
        let Some(event) = event.into_wire(LogKey { room_id, epoch: &room.epoch, seq }) else { return Ok(()) };
        return post(recorder, &event, now).await;
    }
    Err(room_busy())
}

async fn post(recorder: Recorder<'_>, event: &LogEvent, now: Millis) -> Result<()> {
    let LogEvent::Notice(notice) = event else { return Ok(()) };
    let roster = recorder.members.roster(&notice.room).await?;
    let listeners = recorder.fanout.present_listeners(&roster, now).await?;
    recorder.fanout.post_event(listeners, event, now).await;
    Ok(())
}

/// Reads a group and its members for one of them.
async fn read_group(recorder: Recorder<'_>, me: &str, room_id: &str, now: Millis) -> Result<(Room, Roster, MemberRow)> {
    let (roster, room) = join(recorder.members.roster(room_id), recorder.rooms.conversation(room_id, now)).await;
    // In this order: those who are not members learn nothing.
    let roster = roster?;
    let me = roster.member(me).cloned().ok_or_else(ChatError::room_not_found)?;
    let room = room?;
    match room.conversation.map(|settings| settings.kind) {
        Some(ConversationKind::Group) => Ok((room, roster, me)),
        _ => Err(ChatError::refused(ErrorCode::Forbidden, "a direct conversation always has the same two members")),
    }
}

async fn find_all(directory: Directory<'_>, people: &[PersonRef], now: Millis) -> Result<Vec<Person>> {
    if people.len() >= GROUP_MEMBERS {
        return Err(too_many());
    }
    let mut found = try_join_all(people.iter().map(|one| directory.find(one, now))).await?;
    found.sort_by(|a, b| a.user_id.cmp(&b.user_id));
    found.dedup_by(|a, b| a.user_id == b.user_id);
    Ok(found)
}

fn too_many() -> ChatError {
    ChatError::refused(ErrorCode::TooManyMembers, format!("a group has at most {GROUP_MEMBERS} members"))
}
