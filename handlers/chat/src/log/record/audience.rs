//! Who learns of an event, and its delivery to them.

use std::pin::pin;
use std::time::Duration;

use parlor_protocol::server::{Ack, ServerFrame, Voids};
use parlor_protocol::text::FrameId;
use parlor_protocol::{Millis, Seq};
use tokio::time::{sleep, timeout};

use super::{PAUSE, Recorded, Recorder, TRIES, UnusedNumbers, room_busy};
use crate::delivery::{Listener, PostCounts};
use crate::error::Result;
use crate::store::{Occupant, Room, Roster};

/// How long an acknowledgement waits for slow readers. Nearly all get their post within a tenth of this.
const SLOW_READER: Duration = Duration::from_millis(250);

/// Who learns of an event.
#[derive(Clone, Copy)]
pub enum AudienceOf<'a> {
    /// Everyone in the room.
    Room,
    /// The members of the conversation, as read before the number is drawn.
    Members(&'a Roster),
}

/// The connections that an event is posted to.
pub enum Audience {
    Room(Vec<Occupant>),
    Members(Vec<Listener>),
}

/// The connection that gets the acknowledgement, and the id of its frame. The author is part of the event: an author
/// need not have a connection.
pub struct AckTo<'a> {
    pub connection_id: &'a str,
    pub id: FrameId,
}

impl Recorder<'_> {
    /// Announces voided numbers that no event carries. Whoever misses this frame asks for the numbers.
    pub(super) async fn announce_voids(&self, room_id: &str, unused: UnusedNumbers, of: AudienceOf<'_>, now: Millis) {
        let UnusedNumbers { epoch, seqs } = unused;
        let Ok(audience) = Box::pin(self.audience(room_id, of, None, now)).await else { return };
        let frame = ServerFrame::Voids(Voids { room: room_id.to_owned(), epoch, seqs });
        match audience {
            Audience::Room(occupants) => {
                let delivery = self.fanout.broadcast(room_id, occupants, &frame, now).await;
                self.fanout.announce_departures(room_id, delivery, now).await;
            }
            Audience::Members(listeners) => {
                self.fanout.post_to(listeners, &frame, now).await;
            }
        }
    }

    /// Reads the members of a conversation that have changed since they were read before its row.
    pub(super) async fn roster_of(&self, room: &Room) -> Result<Roster> {
        for _ in 0..TRIES {
            let roster = self.members.roster(&room.room_id).await?;
            // Newer than the row is fine: it says since when and until when everybody is a member.
            if room.has(&roster) || Some(roster.version()) > room.members_version {
                return Ok(roster);
            }
            sleep(PAUSE).await;
        }
        Err(room_busy())
    }

    /// Reads who learns of the event at a number, or again of an earlier one: then, only who is a member now.
    pub(super) async fn audience(
        &self,
        room_id: &str,
        of: AudienceOf<'_>,
        drawn: Option<Seq>,
        now: Millis,
    ) -> Result<Audience> {
        Ok(match of {
            AudienceOf::Room => Audience::Room(self.fanout.connections.in_room(room_id).await?),
            AudienceOf::Members(roster) => Audience::Members(match drawn {
                Some(seq) => {
                    let knowing = roster.0.iter().filter(|member| member.covers(seq));
                    self.fanout.listeners(knowing, now).await?
                }
                None => self.fanout.present_listeners(&self.members.roster(room_id).await?, now).await?,
            }),
        })
    }

    /// Posts an event to its audience. Acknowledges it, if a frame asked for it, once everyone has it or is slow.
    pub async fn deliver(
        &self,
        room_id: &str,
        recorded: Recorded,
        ack_to: Option<AckTo<'_>>,
        now: Millis,
    ) -> PostCounts {
        let (epoch, seq, at) = recorded.position(now);
        let acknowledge = async {
            if let Some(AckTo { connection_id, id }) = ack_to {
                let ack = Ack { room: room_id.to_owned(), epoch, id, seq, at };
                self.fanout.poster.post(connection_id, &ServerFrame::Ack(ack)).await;
            }
        };
        match recorded {
            Recorded::NoChange { .. } => {
                acknowledge.await;
                PostCounts::default()
            }
            Recorded::Event { event, audience: Audience::Room(occupants), .. } => {
                let frame = event.into();
                let broadcast = Box::pin(self.fanout.broadcast(room_id, occupants, &frame, now));
                let delivery = acknowledged(broadcast, acknowledge).await;
                self.fanout.announce_departures(room_id, delivery, now).await
            }
            Recorded::Event { event, audience: Audience::Members(listeners), .. } => {
                let posts = Box::pin(self.fanout.post_event(listeners, &event, now));
                acknowledged(posts, acknowledge).await
            }
        }
    }
}

/// Waits for the posts, and acknowledges meanwhile if some readers are slow.
async fn acknowledged<T>(posts: impl Future<Output = T>, acknowledge: impl Future<Output = ()>) -> T {
    let mut posts = pin!(posts);
    let finished = timeout(SLOW_READER, &mut posts).await;
    acknowledge.await;
    match finished {
        Ok(posted) => posted,
        Err(_) => posts.await,
    }
}
