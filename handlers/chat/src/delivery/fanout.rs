//! Posting one frame to an audience. One recipient's failure never affects another: a connection that is gone is
//! removed, a slow or throttled one is skipped and catches up by number. Fewer than 32 slow recipients delay nobody
//! else's post. More delay the others by at most two attempts of a post, 1.5 s, per 32.

use std::collections::BTreeMap;

use aws_sdk_apigatewaymanagement::primitives::Blob;
use futures_util::stream::{self, StreamExt};
use parlor_protocol::Millis;
use parlor_protocol::limits::PRESENCE_BYTES;
use parlor_protocol::person::Person;
use parlor_protocol::server::{Left, LeftReason, Presence, PresenceKind, ServerFrame};

use super::poster::{PostCounts, PostResult, Poster, encode, json_length};
use crate::rooms::occupants;
use crate::store::{Connections, Occupant};

/// Concurrent posts of one function. A function that has just started opens about as many connections, and each
/// handshake takes about four times as much of its small processor as a post does.
pub const CONCURRENCY: usize = 32;

/// Posts frames to the occupants of a room.
#[derive(Clone, Copy)]
pub struct Fanout<'a> {
    pub connections: &'a Connections,
    pub poster: &'a Poster,
}

/// What came of posting to an audience.
#[derive(Debug, Default, PartialEq)]
pub struct Delivery {
    pub counts: PostCounts,
    /// The occupants that are still there.
    pub remaining: Vec<Occupant>,
    /// The people whose connections this delivery removed. Those without another connection in the room have left, and
    /// the room has yet to be told.
    pub removed: Vec<Person>,
}

/// What came of posting to one occupant.
struct Outcome {
    result: PostResult,
    /// Whether this removed the occupant; another function may have done so first.
    removed: bool,
}

impl Fanout<'_> {
    /// Posts a frame to `audience`, and removes the occupants that are gone or whose lease has ended.
    pub async fn broadcast(
        &self,
        room_id: &str,
        audience: Vec<Occupant>,
        frame: &ServerFrame,
        now: Millis,
    ) -> Delivery {
        let data = encode(frame);
        let outcomes = stream::iter(audience)
            .map(|occupant| {
                let data = data.clone();
                async move {
                    let outcome = if occupant.is_live(now) {
                        self.post(room_id, &occupant, data).await
                    } else {
                        self.end_lease(room_id, &occupant, now).await
                    };
                    (occupant, outcome)
                }
            })
            .buffer_unordered(CONCURRENCY)
            .collect()
            .await;
        Delivery::new(outcomes)
    }

    async fn post(&self, room_id: &str, occupant: &Occupant, data: Blob) -> Outcome {
        let result = self.poster.post_bytes(&occupant.connection_id, data).await;
        let removed = result == PostResult::Gone && {
            // If this fails, the next post finds the same.
            matches!(self.connections.remove(&occupant.connection_id, room_id).await, Ok(Some(_)))
        };
        Outcome { result, removed }
    }

    /// Removes an occupant whose lease has ended, and tells their connection, which may still be open.
    async fn end_lease(&self, room_id: &str, occupant: &Occupant, now: Millis) -> Outcome {
        let connection_id = &occupant.connection_id;
        let removed = matches!(self.connections.remove_expired(connection_id, room_id, now).await, Ok(true));
        if removed {
            let left = Left::new(room_id, LeftReason::LeaseExpired);
            self.poster.post(connection_id, &ServerFrame::Left(left)).await;
        }
        Outcome { result: PostResult::Gone, removed }
    }

    /// Removes the occupants whose lease has ended, and tells the others.
    pub async fn end_leases(&self, room_id: &str, occupants: Vec<Occupant>, now: Millis) -> PostCounts {
        let (live, ended): (Vec<_>, Vec<_>) = occupants.into_iter().partition(|occupant| occupant.is_live(now));
        let outcomes = stream::iter(ended)
            .map(|occupant| async move {
                let outcome = self.end_lease(room_id, &occupant, now).await;
                (occupant, outcome)
            })
            .buffer_unordered(CONCURRENCY)
            .collect()
            .await;
        let delivery = Delivery { remaining: live, ..Delivery::new(outcomes) };
        self.announce_departures(room_id, delivery, now).await
    }

    /// Tells the remaining occupants who has left. Posting that may reveal more departures, which a second round
    /// announces. There is no third round, so this ends however many leave one after another: a later post finds the
    /// rest.
    ///
    /// Returns the counts of the delivery and of both rounds.
    pub async fn announce_departures(&self, room_id: &str, delivery: Delivery, now: Millis) -> PostCounts {
        let Delivery { mut counts, mut remaining, removed } = delivery;
        let mut removed_since = Vec::new();
        for frame in departures(room_id, &remaining, removed, now) {
            let next = self.broadcast(room_id, remaining, &frame, now).await;
            counts = counts + next.counts;
            remaining = next.remaining;
            removed_since.extend(next.removed);
        }
        for frame in departures(room_id, &remaining, removed_since, now) {
            counts = counts + self.post_only(&remaining, &frame, now).await;
        }
        counts
    }

    /// Posts a frame to the live occupants, and removes nobody.
    pub async fn post_only(&self, audience: &[Occupant], frame: &ServerFrame, now: Millis) -> PostCounts {
        let data = encode(frame);
        stream::iter(audience.iter().filter(|occupant| occupant.is_live(now)))
            .map(|occupant| self.poster.post_bytes(&occupant.connection_id, data.clone()))
            .buffer_unordered(CONCURRENCY)
            .map(PostCounts::from)
            .fold(PostCounts::default(), |all, one| async move { all + one })
            .await
    }
}

impl Delivery {
    fn new(outcomes: Vec<(Occupant, Outcome)>) -> Self {
        let counts = outcomes.iter().map(|(_, outcome)| PostCounts::from(outcome.result)).sum();
        let removed = outcomes.iter().filter(|(_, outcome)| outcome.removed).map(|(occupant, _)| occupant.person());
        let removed = removed.collect();
        let remaining = outcomes.into_iter().filter(|(_, outcome)| outcome.result != PostResult::Gone);
        Self { counts, remaining: remaining.map(|(occupant, _)| occupant).collect(), removed }
    }
}

/// Returns the frames that tell the remaining occupants who has left altogether.
fn departures(room_id: &str, remaining: &[Occupant], departed: Vec<Person>, now: Millis) -> Vec<ServerFrame> {
    let present = occupants::ids(remaining, now);
    let departed: BTreeMap<_, _> = departed.into_iter().map(|person| (person.user_id.clone(), person)).collect();
    let gone = departed.into_values().filter(|person| !present.contains(person.user_id.as_str()));
    let frame = |people| {
        let room = room_id.to_owned();
        ServerFrame::Presence(Presence { room, event: PresenceKind::Left, people, count: present.len() })
    };
    in_frames(gone).into_iter().map(frame).collect()
}

/// Groups people into as few frames as hold them, of [`PRESENCE_BYTES`] each.
fn in_frames(people: impl Iterator<Item = Person>) -> Vec<Vec<Person>> {
    let mut frames: Vec<Vec<Person>> = Vec::new();
    let mut bytes_left = 0;
    for person in people {
        let bytes = json_length(&person) + ",".len();
        match frames.last_mut().filter(|_| bytes <= bytes_left) {
            Some(frame) => frame.push(person),
            None => {
                frames.push(vec![person]);
                bytes_left = PRESENCE_BYTES;
            }
        }
        bytes_left = bytes_left.saturating_sub(bytes);
    }
    frames
}
