//! What moderators do to people and rooms.

use std::collections::BTreeSet;

use futures_util::future::{join_all, try_join};
use parlor_protocol::Millis;
use parlor_protocol::conversations::Role;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::BANNED_ADDRESSES;
use parlor_protocol::log::NoticeKind;
use parlor_protocol::moderation::{AuditEntry, AuditKind, Moderation, Restriction};
use parlor_protocol::person::Person;
use parlor_protocol::rules::RestrictionSeconds;
use parlor_protocol::server::{Left, LeftReason, ServerFrame};
use parlor_protocol::text::{Explanation, PersonName, UserId};
use tokio::time::sleep;

use super::admission::may;
use crate::error::{ChatError, Result};
use crate::log::record::{AudienceOf, PAUSE, Plan, Recorder, TRIES, room_busy};
use crate::rooms::{Attendance, leave};
use crate::store::{Companion, Entry, Event, ModerationChange, NoticeRow, Occupant, Room, StatusChange, StatusRow};

/// Does what a moderator asks for, and tells everyone in the room. Repeating it repeats the notice.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden` if one may not do that, or not to this person, `personNotFound` if the room
/// does not know them and the request gives no name, `unavailable`.
pub async fn act(
    recorder: Recorder<'_>,
    at: Attendance<'_>,
    by: &Person,
    room_id: &str,
    request: &Moderation,
    now: Millis,
) -> Result<()> {
    let done = take_effect(recorder, by, room_id, request, now).await?;
    let plan = async || {
        let room = recorder.rooms.open(room_id, now).await?;
        let entry = match &done.notice {
            Some(kind) => {
                let mut notice = NoticeRow::new(*kind, &room.name, room.topic.as_deref(), by, now);
                notice.people = done.entry.person.iter().cloned().collect();
                notice.until = done.entry.restriction.until;
                Entry { event: Event::Notice(notice), epoch: None, companions: Vec::new() }
            }
            None => rules_entry(&room, by, now),
        };
        Ok(Plan::Append(entry))
    };
    let recorded = recorder.record(room_id, plan, AudienceOf::Room, now).await?;
    recorder.deliver(room_id, recorded, None, now).await;
    match (done.removes, &done.entry.person) {
        (Some(reason), Some(person)) => remove(at, room_id, person, reason, &done.entry.restriction, now).await,
        _ => Ok(()),
    }
}

/// What was done.
struct Done {
    entry: AuditEntry,
    /// The kind of its notice. Changes of the room's rules state them all.
    notice: Option<NoticeKind>,
    /// Why the person it is about is removed from the room, if they are.
    removes: Option<LeftReason>,
}

/// Makes the change, if the moderator may.
async fn take_effect(
    recorder: Recorder<'_>,
    by: &Person,
    room_id: &str,
    request: &Moderation,
    now: Millis,
) -> Result<Done> {
    let Recorder { rooms, members, fanout, .. } = recorder;
    for _ in 0..TRIES {
        let (room, status) = try_join(rooms.open(room_id, now), members.status(room_id, &by.user_id)).await?;
        if !may(&room, &status, now).contains(&request.permission()) {
            return Err(forbidden("you may not do that in this room"));
        }
        let target = match request.target() {
            Some((user_id, name)) => {
                let known = try_join(members.status(room_id, user_id.as_str()), fanout.connections.in_room(room_id));
                let known = known.await?;
                Some(target(by, &status, &room, user_id, name, known)?)
            }
            None => None,
        };
        let (change, done) = change(request, by, target, now);
        if rooms.moderate(&room, &change, &done.entry, members).await? {
            return Ok(done);
        }
        sleep(PAUSE).await;
    }
    Err(room_busy())
}

/// Whom a request is about.
struct Target {
    person: Person,
    /// Those that their ban covers.
    banned_addresses: Vec<String>,
    /// Those that they are connected from, as a guest without a token.
    addresses: BTreeSet<String>,
}

impl Target {
    /// Returns the addresses that a ban covers, given whether it is to cover new ones.
    fn covered(&self, more: bool) -> Vec<String> {
        let mut all: BTreeSet<_> = self.banned_addresses.iter().cloned().collect();
        if more {
            all.extend(self.addresses.iter().cloned());
        }
        all.into_iter().take(BANNED_ADDRESSES).collect()
    }
}

/// Returns whom a request is about, if they may be moderated by this person.
fn target(
    by: &Person,
    of_by: &StatusRow,
    room: &Room,
    user_id: &UserId,
    name: Option<&PersonName>,
    (status, occupants): (StatusRow, Vec<Occupant>),
) -> Result<Target> {
    if user_id.as_str() == by.user_id {
        return Err(forbidden("you cannot do that to yourself"));
    }
    match (of_by.role_in(room), status.role_in(room)) {
        (_, Role::Owner) => return Err(forbidden("nobody can do that to the room's owner")),
        (Role::Moderator, Role::Moderator) => {
            return Err(forbidden("only the room's owner can do that to a moderator"));
        }
        _ => {}
    }
    let connections: Vec<_> = occupants.into_iter().filter(|occupant| occupant.user_id == user_id.as_str()).collect();
    let known = Some(status.name.as_str()).filter(|name| !name.is_empty());
    let name = connections.first().map(|occupant| occupant.name.as_str()).or(known).or(name.map(PersonName::as_str));
    let name = name.ok_or_else(|| {
        ChatError::refused(ErrorCode::PersonNotFound, "the room does not know this person; give a name to call them by")
    })?;
    let person = Person { user_id: user_id.as_str().to_owned(), name: name.to_owned() };
    let addresses = connections.iter().filter_map(|occupant| occupant.address.clone()).collect();
    Ok(Target { person, banned_addresses: status.addresses, addresses })
}

fn change(request: &Moderation, by: &Person, target: Option<Target>, now: Millis) -> (ModerationChange, Done) {
    let entry = |kind, restriction, seconds| AuditEntry {
        at: now,
        kind,
        by: by.clone(),
        person: target.as_ref().map(|target| target.person.clone()),
        seconds,
        restriction,
    };
    let person = |change: StatusChange| match &target {
        Some(target) => ModerationChange::Person(target.person.clone(), change),
        None => ModerationChange::Nothing,
    };
    let about = |change, kind, restriction, notice| {
        (change, Done { entry: entry(kind, restriction, None), notice: Some(notice), removes: None })
    };
    let none = Restriction::default;
    match request {
        Moderation::Kick { explanation, .. } => {
            let restriction = restriction(None, explanation.as_ref(), now);
            let (change, done) = about(ModerationChange::Nothing, AuditKind::Kicked, restriction, NoticeKind::Kicked);
            (change, Done { removes: Some(LeftReason::Kicked), ..done })
        }
        Moderation::Ban { seconds, explanation, addresses, .. } => {
            let ban = restriction(*seconds, explanation.as_ref(), now);
            let covered = target.as_ref().map(|target| target.covered(*addresses)).unwrap_or_default();
            let change = person(StatusChange::Banned(Some(ban.clone()), covered));
            let (change, done) = about(change, AuditKind::Banned, ban, NoticeKind::Banned);
            (change, Done { removes: Some(LeftReason::Banned), ..done })
        }
        Moderation::Mute { seconds, explanation, .. } => {
            let mute = restriction(*seconds, explanation.as_ref(), now);
            about(person(StatusChange::Muted(Some(mute.clone()))), AuditKind::Muted, mute, NoticeKind::Muted)
        }
        Moderation::Unban { .. } => {
            let covered = target.as_ref().map(|target| target.covered(false)).unwrap_or_default();
            about(person(StatusChange::Banned(None, covered)), AuditKind::Unbanned, none(), NoticeKind::Unbanned)
        }
        Moderation::Unmute { .. } => {
            about(person(StatusChange::Muted(None)), AuditKind::Unmuted, none(), NoticeKind::Unmuted)
        }
        Moderation::Appoint { .. } => {
            about(person(StatusChange::Moderator(true)), AuditKind::Appointed, none(), NoticeKind::Appointed)
        }
        Moderation::Dismiss { .. } => {
            about(person(StatusChange::Moderator(false)), AuditKind::Dismissed, none(), NoticeKind::Dismissed)
        }
        Moderation::HandOver { .. } => {
            let change = match &target {
                Some(to) => ModerationChange::Owner { from: by.clone(), to: to.person.clone() },
                None => ModerationChange::Nothing,
            };
            about(change, AuditKind::HandedOver, none(), NoticeKind::HandedOver)
        }
        Moderation::SlowMode { seconds } => {
            let entry = entry(AuditKind::SlowModeChanged, none(), seconds.map(|seconds| seconds.get()));
            (ModerationChange::SlowMode(*seconds), Done { entry, notice: None, removes: None })
        }
        Moderation::Lock { on } => {
            let kind = if *on { AuditKind::Locked } else { AuditKind::Unlocked };
            (ModerationChange::Lock(*on), Done { entry: entry(kind, none(), None), notice: None, removes: None })
        }
    }
}

fn restriction(seconds: Option<RestrictionSeconds>, explanation: Option<&Explanation>, now: Millis) -> Restriction {
    Restriction {
        until: seconds.map(|seconds| now + Millis::from(seconds.get()) * 1000),
        explanation: explanation.map(|text| text.as_str().to_owned()),
    }
}

/// Returns the notice that states a room's rules as they are.
fn rules_entry(room: &Room, by: &Person, now: Millis) -> Entry {
    let notice = NoticeRow::new(NoticeKind::RulesChanged, &room.name, room.topic.as_deref(), by, now);
    let event = Event::Notice(NoticeRow { rules: Some(room.rules()), ..notice });
    let (owner_id, read, moderation) = (room.owner_id.clone(), room.noticed, room.moderated.version);
    Entry { event, epoch: None, companions: vec![Companion::Room { owner_id, read, moderation, new: None }] }
}

/// Removes a person from the room by each of their connections, tells them why, and tells the others that they have left.
async fn remove(
    at: Attendance<'_>,
    room_id: &str,
    person: &Person,
    reason: LeftReason,
    restriction: &Restriction,
    now: Millis,
) -> Result<()> {
    let occupants = at.fanout.connections.in_room(room_id).await?;
    let theirs = occupants.into_iter().filter(|occupant| occupant.user_id == person.user_id);
    let left = &ServerFrame::Left(Left { restriction: restriction.clone(), ..Left::new(room_id, reason) });
    let removed = theirs.map(|occupant| async move {
        at.fanout.poster.post(&occupant.connection_id, left).await;
        leave::take_out(at, &occupant.connection_id, room_id, true, now).await
    });
    join_all(removed).await.into_iter().collect::<Result<Vec<_>>>()?;
    Ok(())
}

fn forbidden(message: &str) -> ChatError {
    ChatError::refused(ErrorCode::Forbidden, message)
}
