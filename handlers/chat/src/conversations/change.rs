//! Changing who is a member of a conversation: one transaction of the next number, its notice and the members' rows, on
//! the condition that nothing was stored since they were read.

use parlor_protocol::conversations::{HistoryAccess, Role};
use parlor_protocol::log::LogEvent;
use parlor_protocol::person::Person;
use parlor_protocol::{Millis, Seq};
use tokio::time::sleep;

use crate::error::Result;
use crate::log::record::{PAUSE, Recorder, room_busy};
use crate::store::{Event, LogKey, MemberWrite, NoticeRow, Room, Roster};

/// Attempts to store a change of members: each fails if anything else was stored in the conversation in between.
const TRIES: usize = 12;

/// What to do about the members, given what has been read.
pub(super) enum Change {
    Write {
        notice: NoticeRow,
        writes: Vec<MemberWrite>,
    },
    /// Nothing: it is done already, by the event at this number.
    Done {
        at: Option<u64>,
    },
}

/// Changes the members of a conversation, and tells those who are members afterwards. `read` is called for each attempt.
///
/// # Errors
/// `unavailable`, and the errors of `read` and `plan`.
pub(super) async fn change(
    recorder: Recorder<'_>,
    read: impl AsyncFn() -> Result<(Room, Roster)>,
    plan: impl Fn(&Room, &Roster) -> Result<Change>,
    now: Millis,
) -> Result<()> {
    let Recorder { rooms, log, members, .. } = recorder;
    for _ in 0..TRIES {
        let (room, roster) = read().await?;
        // They were read at the same time, and a change may have come between.
        if !room.has(&roster) {
            sleep(PAUSE).await;
            continue;
        }
        let (event, seq) = match plan(&room, &roster)? {
            Change::Done { at: None } => return Ok(()),
            Change::Done { at: Some(seq) } => match log.get(key(&room, seq)).await? {
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
        let Some(event) = event.into_wire(key(&room, seq)) else { return Ok(()) };
        return post(recorder, &event, now).await;
    }
    Err(room_busy())
}

fn key(room: &Room, seq: Seq) -> LogKey<'_> {
    LogKey { room_id: &room.room_id, epoch: &room.epoch, seq }
}

async fn post(recorder: Recorder<'_>, event: &LogEvent, now: Millis) -> Result<()> {
    let LogEvent::Notice(notice) = event else { return Ok(()) };
    let roster = recorder.members.roster(&notice.room).await?;
    let listeners = recorder.fanout.present_listeners(&roster, now).await?;
    recorder.fanout.post_event(listeners, event, now).await;
    Ok(())
}

/// Returns the writes that make a person a member from the beginning.
pub(super) fn first_writes(person: &Person, role: Role, now: Millis) -> [MemberWrite; 2] {
    add_writes(person, role, HistoryAccess::All, now, 1)
}

/// Returns the writes that make a person a member.
pub(super) fn add_writes(
    person: &Person,
    role: Role,
    history: HistoryAccess,
    added_at: Millis,
    version: u64,
) -> [MemberWrite; 2] {
    let (person, user_id) = (person.clone(), person.user_id.clone());
    [MemberWrite::Add { person, role, history, added_at, version }, MemberWrite::List { user_id, added_at }]
}
