//! What moderators do to people and rooms.

use std::collections::BTreeSet;

use futures_util::future::{join, join_all, try_join, try_join_all};
use parlor_protocol::Millis;
use parlor_protocol::conversations::Role;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::log::NoticeKind;
use parlor_protocol::moderation::{AuditEntry, AuditKind, Moderation, Restriction};
use parlor_protocol::person::{Person, is_bot};
use parlor_protocol::reports::ReportedMessage;
use parlor_protocol::rules::{AbsenceSeconds, RestrictionSeconds};
use parlor_protocol::server::{Left, LeftReason, ServerFrame};
use parlor_protocol::text::{Explanation, PersonName, UserId};
use tokio::time::sleep;

use super::admission::check_may;
use super::reports;
use crate::bots::Bots;
use crate::error::{ChatError, Result};
use crate::log::record::{AudienceOf, PAUSE, Plan, Recorder, TRIES, room_busy};
use crate::review::{self, held};
use crate::rooms::{Attendance, leave};
use crate::store::{
    Companion, Entry, Event, Members, ModerationChange, NoticeRow, Occupant, Room, StatusChange, StatusRow,
};

/// Does what a moderator asks for, and tells everyone in the room; that reports are dismissed, nobody. Repeating it repeats
/// the notice.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden` if one may not do that, or not to this person, `personNotFound` if the room
/// does not know them, `messageNotFound` if the room has no such reported message, `unavailable`.
pub async fn act(
    recorder: Recorder<'_>,
    at: Attendance<'_>,
    by: &Person,
    room_id: &str,
    request: &Moderation,
    now: Millis,
) -> Result<()> {
    match request {
        Moderation::ApproveHeld { held } => return held::approve(recorder, by, room_id, held, now).await,
        Moderation::RejectHeld { held, explanation } => {
            return held::reject(recorder, by, room_id, (held, explanation.as_ref()), now).await;
        }
        Moderation::DeleteReported { report } => reports::delete(recorder, by, room_id, report, now).await?,
        _ => {}
    }
    let done = take_effect(recorder, at.bots, by, room_id, request, now).await?;
    // Next to the notice: nobody stays in the room because somebody else reads slowly.
    let (told, followed) = join(announce(recorder, by, room_id, &done, now), follow_up(at, room_id, &done, now)).await;
    told.and(followed)
}

/// What was done.
struct Done {
    entry: AuditEntry,
    follow_up: FollowUp,
}

/// What is left to do after the change.
#[derive(Clone, Copy)]
enum FollowUp {
    Nothing,
    /// Take the person out of the room.
    Remove(LeftReason),
    /// Make the room depend on its new owner, if it ends without one.
    NoteAbsence(Option<AbsenceSeconds>),
}

/// Makes the change, if the moderator may.
async fn take_effect(
    recorder: Recorder<'_>,
    bots: &Bots,
    by: &Person,
    room_id: &str,
    request: &Moderation,
    now: Millis,
) -> Result<Done> {
    let Recorder { rooms, log, members, fanout, .. } = recorder;
    for _ in 0..TRIES {
        let (room, status) = try_join(rooms.open(room_id, now), members.status(room_id, &by.user_id)).await?;
        if let Some(done) = handed_over(members, &room, by, request, now).await? {
            return Ok(done);
        }
        check_may(&room, &status, request.permission(), now)?;
        if let Moderation::Review { on } = request {
            review::check_choice(recorder.review, *on)?;
        }
        let target = match request.target() {
            Some((user_id, name)) => {
                let known = try_join(members.status(room_id, user_id.as_str()), fanout.connections.in_room(room_id));
                let (known, occupants) = known.await?;
                let bot = if is_bot(user_id.as_str()) {
                    Some(bots.in_room(&room, user_id.as_str()).ok_or_else(unknown)?)
                } else {
                    None
                };
                let mut target = target(by, &status, &room, user_id, name, (&known, occupants))?;
                // Nobody gives a bot another name.
                if let Some(bot) = bot {
                    target.person = bot;
                }
                if matches!(request, Moderation::Appoint { .. } | Moderation::HandOver { .. }) {
                    target.check_promotion(&known, now)?;
                }
                if matches!(request, Moderation::Unban { .. }) {
                    target.addresses =
                        members.addresses_banned_with(room_id, user_id.as_str()).await?.into_iter().collect();
                }
                Some(target)
            }
            None => None,
        };
        let resolved = match request.report() {
            Some(ReportedMessage { epoch, seq }) => Some(reports::key(&room, epoch, *seq)?),
            None => None,
        };
        let (change, mut done) = change(&room, request, by, target, now);
        if let (Some(key), None) = (resolved, &done.entry.person) {
            done.entry.person = Some(reports::reported(log, key).await?.author());
        }
        if rooms.moderate(&room, &change, &done.entry, resolved, members).await? {
            return Ok(done);
        }
        sleep(PAUSE).await;
    }
    Err(room_busy())
}

/// Returns what was done by an earlier attempt to hand the room over: its former owner may no longer do it.
async fn handed_over(
    members: &Members,
    room: &Room,
    by: &Person,
    request: &Moderation,
    now: Millis,
) -> Result<Option<Done>> {
    let Moderation::HandOver { user_id } = request else { return Ok(None) };
    let is_owner = room.owner_id.as_deref() == Some(user_id.as_str());
    if !is_owner || room.moderated.former_owner.as_ref() != Some(&by.user_id) {
        return Ok(None);
    }
    let person = members.status(&room.room_id, user_id.as_str()).await?.person();
    let entry = AuditEntry {
        at: now,
        kind: AuditKind::HandedOver,
        by: by.clone(),
        person: Some(person),
        seconds: None,
        restriction: Restriction::default(),
    };
    Ok(Some(Done { entry, follow_up: FollowUp::NoteAbsence(room.settings.absence_seconds) }))
}

/// Whom a request is about.
struct Target {
    person: Person,
    is_inside: bool,
    /// Those that they are connected from, as a guest without a token.
    addresses: BTreeSet<String>,
}

impl Target {
    /// Checks that they can be a moderator or the owner.
    ///
    /// # Errors
    /// `forbidden`.
    fn check_promotion(&self, status: &StatusRow, now: Millis) -> Result<()> {
        if status.ban(now).is_some() {
            return Err(forbidden("lift their ban first"));
        }
        if !self.is_inside {
            return Err(forbidden("they must be in the room"));
        }
        // Only those have an address here.
        if !self.addresses.is_empty() {
            return Err(forbidden("they are a guest without a token, who could not moderate"));
        }
        Ok(())
    }
}

/// Returns whom a request is about, if they may be moderated by this person.
fn target(
    by: &Person,
    of_by: &StatusRow,
    room: &Room,
    user_id: &UserId,
    name: Option<&PersonName>,
    (status, occupants): (&StatusRow, Vec<Occupant>),
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
    let name = name.ok_or_else(unknown)?;
    Ok(Target {
        person: Person { user_id: user_id.as_str().to_owned(), name: name.to_owned() },
        is_inside: !connections.is_empty(),
        addresses: connections.iter().filter_map(|occupant| occupant.address.clone()).collect(),
    })
}

fn change(
    room: &Room,
    request: &Moderation,
    by: &Person,
    target: Option<Target>,
    now: Millis,
) -> (ModerationChange, Done) {
    let (person, addresses) = match target {
        Some(Target { person, addresses, .. }) => (Some(person), addresses.into_iter().collect()),
        None => (None, Vec::new()),
    };
    let status = |change: StatusChange| match &person {
        Some(person) => ModerationChange::Person(person.clone(), change),
        None => ModerationChange::Nothing,
    };
    let (mut restriction, mut seconds, mut follow_up) = (Restriction::default(), None, FollowUp::Nothing);
    let (kind, change) = match request {
        Moderation::Kick { explanation, .. } => {
            restriction = restricted(None, explanation.as_ref(), now);
            follow_up = FollowUp::Remove(LeftReason::Kicked);
            (AuditKind::Kicked, ModerationChange::Nothing)
        }
        Moderation::Ban { seconds, explanation, address, .. } => {
            restriction = restricted(*seconds, explanation.as_ref(), now);
            follow_up = FollowUp::Remove(LeftReason::Banned);
            let addresses = if *address { addresses } else { Vec::new() };
            let ban = |person: &Person| ModerationChange::Ban(person.clone(), restriction.clone(), addresses);
            (AuditKind::Banned, person.as_ref().map_or(ModerationChange::Nothing, ban))
        }
        Moderation::Mute { seconds, explanation, .. } => {
            restriction = restricted(*seconds, explanation.as_ref(), now);
            (AuditKind::Muted, status(StatusChange::Muted(Some(restriction.clone()))))
        }
        Moderation::Unban { .. } => {
            let unban = |person: &Person| ModerationChange::Unban(person.clone(), addresses);
            (AuditKind::Unbanned, person.as_ref().map_or(ModerationChange::Nothing, unban))
        }
        Moderation::Unmute { .. } => (AuditKind::Unmuted, status(StatusChange::Muted(None))),
        Moderation::Appoint { .. } => (AuditKind::Appointed, status(StatusChange::Moderator(true))),
        Moderation::Dismiss { .. } => (AuditKind::Dismissed, status(StatusChange::Moderator(false))),
        Moderation::HandOver { .. } => {
            follow_up = FollowUp::NoteAbsence(room.settings.absence_seconds);
            let owner_until = room.settings.owner_until(now);
            let over = |to: &Person| ModerationChange::Owner { from: by.clone(), to: to.clone(), owner_until };
            (AuditKind::HandedOver, person.as_ref().map_or(ModerationChange::Nothing, over))
        }
        Moderation::SlowMode { seconds: chosen } => {
            seconds = chosen.map(|seconds| seconds.get());
            (AuditKind::SlowModeChanged, ModerationChange::SlowMode(*chosen))
        }
        Moderation::Lock { on } => {
            (if *on { AuditKind::Locked } else { AuditKind::Unlocked }, ModerationChange::Lock(*on))
        }
        Moderation::DeleteReported { .. } => (AuditKind::ReportedDeleted, ModerationChange::Nothing),
        Moderation::DismissReport { .. } => (AuditKind::ReportDismissed, ModerationChange::Nothing),
        Moderation::Review { on } => {
            (if *on { AuditKind::ReviewOn } else { AuditKind::ReviewOff }, ModerationChange::Review(*on))
        }
        // They ended before: they change nothing of how the room is moderated.
        Moderation::ApproveHeld { .. } => (AuditKind::HeldApproved, ModerationChange::Nothing),
        Moderation::RejectHeld { .. } => (AuditKind::HeldRejected, ModerationChange::Nothing),
    };
    (change, Done { entry: AuditEntry { at: now, kind, by: by.clone(), person, seconds, restriction }, follow_up })
}

fn restricted(seconds: Option<RestrictionSeconds>, explanation: Option<&Explanation>, now: Millis) -> Restriction {
    Restriction {
        until: seconds.map(|seconds| now + Millis::from(seconds.get()) * 1000),
        explanation: explanation.map(|text| text.as_str().to_owned()),
    }
}

/// Records the notice of what was done, and delivers it.
async fn announce(recorder: Recorder<'_>, by: &Person, room_id: &str, done: &Done, now: Millis) -> Result<()> {
    let kind = match done.entry.kind {
        AuditKind::Kicked => Some(NoticeKind::Kicked),
        AuditKind::Banned => Some(NoticeKind::Banned),
        AuditKind::Unbanned => Some(NoticeKind::Unbanned),
        AuditKind::Muted => Some(NoticeKind::Muted),
        AuditKind::Unmuted => Some(NoticeKind::Unmuted),
        AuditKind::Appointed => Some(NoticeKind::Appointed),
        AuditKind::Dismissed => Some(NoticeKind::Dismissed),
        AuditKind::HandedOver => Some(NoticeKind::HandedOver),
        AuditKind::SlowModeChanged
        | AuditKind::Locked
        | AuditKind::Unlocked
        | AuditKind::ReviewOn
        | AuditKind::ReviewOff => None,
        AuditKind::ReportedDeleted | AuditKind::ReportDismissed | AuditKind::HeldApproved | AuditKind::HeldRejected => {
            return Ok(());
        }
    };
    let plan = async || {
        let room = recorder.rooms.open(room_id, now).await?;
        let entry = match kind {
            Some(kind) => {
                let mut notice = NoticeRow::new(kind, &room.name, room.topic.as_deref(), by, now);
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
    Ok(())
}

async fn follow_up(at: Attendance<'_>, room_id: &str, done: &Done, now: Millis) -> Result<()> {
    let Some(person) = &done.entry.person else { return Ok(()) };
    match done.follow_up {
        FollowUp::Remove(reason) => remove(at, room_id, person, reason, &done.entry.restriction, now).await,
        FollowUp::NoteAbsence(Some(seconds)) => {
            let connections = at.fanout.connections;
            let theirs = connections_of(at, room_id, person).await?;
            let noted = theirs.iter().map(|one| connections.note_absence(&one.connection_id, room_id, seconds));
            try_join_all(noted).await.map(drop)
        }
        FollowUp::NoteAbsence(None) | FollowUp::Nothing => Ok(()),
    }
}

async fn connections_of(at: Attendance<'_>, room_id: &str, person: &Person) -> Result<Vec<Occupant>> {
    let occupants = at.fanout.connections.in_room(room_id).await?;
    Ok(occupants.into_iter().filter(|occupant| occupant.user_id == person.user_id).collect())
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
    let theirs = connections_of(at, room_id, person).await?;
    let left = &ServerFrame::Left(Left { restriction: restriction.clone(), ..Left::new(room_id, reason) });
    let removed = theirs.into_iter().map(|occupant| async move {
        at.fanout.poster.post(&occupant.connection_id, left).await;
        leave::take_out(at, &occupant.connection_id, room_id, true, now).await
    });
    join_all(removed).await.into_iter().collect::<Result<Vec<_>>>()?;
    Ok(())
}

fn unknown() -> ChatError {
    let message = "the room does not know this person; kick, ban and mute take a name to call them by";
    ChatError::refused(ErrorCode::PersonNotFound, message)
}

fn forbidden(message: &str) -> ChatError {
    ChatError::refused(ErrorCode::Forbidden, message)
}
