//! Posting a frame to everyone in a room. A connection that is gone is forgotten on the spot; one that is slow or
//! throttled is skipped and catches up by number. Nobody waits for anybody longer than two attempts of a post.

use std::collections::BTreeMap;
use std::iter::Sum;
use std::ops::Add;

use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use futures_util::stream::{self, StreamExt};
use parlor_protocol::Millis;
use parlor_protocol::limits::PRESENCE_BYTES;
use parlor_protocol::person::Person;
use parlor_protocol::server::{Left, LeftReason, Presence, PresenceKind, ServerFrame};

use crate::Chat;
use crate::rooms::occupants;
use crate::store::Occupant;

/// Posts under way at once from one function. A function that has just started opens about as many connections, and each
/// handshake takes about four times as much of its small processor as a post does.
pub const CONCURRENCY: usize = 32;

/// What came of one post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostResult {
    Delivered,
    /// The connection no longer exists.
    Gone,
    /// Too slow, throttled, or the service failed; whoever it was for catches up by number.
    Skipped,
}

/// Posts frames to connections.
pub struct Poster {
    pub client: Client,
}

/// What came of posting to somebody in a room.
struct Reached {
    posted: PostResult,
    /// Whether this took the connection out of the room; another function may have been first.
    departed: bool,
}

/// How many posts came to what; a route's log line has them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PostCounts {
    pub delivered: usize,
    pub gone: usize,
    pub skipped: usize,
}

impl PostCounts {
    fn of(posted: PostResult) -> Self {
        let count = |what| usize::from(posted == what);
        Self {
            delivered: count(PostResult::Delivered),
            gone: count(PostResult::Gone),
            skipped: count(PostResult::Skipped),
        }
    }
}

impl Add for PostCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            delivered: self.delivered + other.delivered,
            gone: self.gone + other.gone,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl Sum for PostCounts {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Self::add)
    }
}

/// What came of posting to a room.
#[derive(Debug, Default, PartialEq)]
pub struct Delivery {
    pub tally: PostCounts,
    /// Who is still there.
    pub remaining: Vec<Occupant>,
    /// Whose connections turned out to be gone, where it was this delivery that took them out of the room. The others have
    /// not been told, and need not be of those who are still there by another connection.
    pub departed: Vec<Person>,
}

impl Poster {
    pub async fn post(&self, connection_id: &str, frame: &ServerFrame) -> PostResult {
        self.post_bytes(connection_id, encode(frame)).await
    }

    /// Ends a connection. One that cannot be ended goes on being refused.
    pub async fn disconnect(&self, connection_id: &str) {
        let _ = self.client.delete_connection().connection_id(connection_id).send().await;
    }

    /// Posts a frame to whoever of these is live, and leaves it at that.
    async fn post_to_all(&self, audience: &[Occupant], frame: &ServerFrame, now: Millis) -> PostCounts {
        let data = encode(frame);
        stream::iter(audience.iter().filter(|occupant| occupant.is_live(now)))
            .map(|occupant| self.post_bytes(&occupant.connection_id, data.clone()))
            .buffer_unordered(CONCURRENCY)
            .map(PostCounts::of)
            .fold(PostCounts::default(), |all, one| async move { all + one })
            .await
    }

    async fn post_bytes(&self, connection_id: &str, data: Blob) -> PostResult {
        match self.client.post_to_connection().connection_id(connection_id).data(data).send().await {
            Ok(_) => PostResult::Delivered,
            // The bare status too: not every layer that answers 410 also names the exception.
            Err(error) if error.raw_response().is_some_and(|response| response.status().as_u16() == 410) => {
                PostResult::Gone
            }
            Err(error) if error.as_service_error().is_some_and(|error| error.is_gone_exception()) => PostResult::Gone,
            Err(_) => PostResult::Skipped,
        }
    }
}

impl Chat {
    /// Posts a frame to `audience`, and tidies up: rows of connections that are gone or whose lease has ended go.
    pub async fn broadcast(
        &self,
        room_id: &str,
        audience: Vec<Occupant>,
        frame: &ServerFrame,
        now: Millis,
    ) -> Delivery {
        let data = encode(frame);
        let results = stream::iter(audience)
            .map(|occupant| {
                let data = data.clone();
                async move {
                    let reached = if occupant.is_live(now) {
                        self.reach(room_id, &occupant, data).await
                    } else {
                        self.end_lease(room_id, &occupant, now).await
                    };
                    (occupant, reached)
                }
            })
            .buffer_unordered(CONCURRENCY)
            .collect()
            .await;
        Delivery::of(results)
    }

    async fn reach(&self, room_id: &str, occupant: &Occupant, data: Blob) -> Reached {
        let posted = self.poster.post_bytes(&occupant.connection_id, data).await;
        let departed = posted == PostResult::Gone && {
            // Should this fail, the next post finds the same.
            matches!(self.connections.remove(&occupant.connection_id, room_id).await, Ok(Some(_)))
        };
        Reached { posted, departed }
    }

    /// A connection that was silent for too long is told that it is no longer in the room: it may still be there.
    async fn end_lease(&self, room_id: &str, occupant: &Occupant, now: Millis) -> Reached {
        let connection_id = &occupant.connection_id;
        let departed = matches!(self.connections.remove_expired(connection_id, room_id, now).await, Ok(true));
        if departed {
            let left = Left { room: room_id.to_owned(), reason: LeftReason::LeaseExpired, id: None };
            self.poster.post(connection_id, &ServerFrame::Left(left)).await;
        }
        Reached { posted: PostResult::Gone, departed }
    }

    /// Takes connections whose lease has ended out of a room, and tells the others.
    pub async fn end_leases(&self, room_id: &str, occupants: Vec<Occupant>, now: Millis) -> PostCounts {
        let (live, ended): (Vec<_>, Vec<_>) = occupants.into_iter().partition(|occupant| occupant.is_live(now));
        let results = stream::iter(ended)
            .map(|occupant| async move {
                let reached = self.end_lease(room_id, &occupant, now).await;
                (occupant, reached)
            })
            .buffer_unordered(CONCURRENCY)
            .collect()
            .await;
        let delivery = Delivery { remaining: live, ..Delivery::of(results) };
        self.announce_departures(room_id, delivery, now).await
    }

    /// Tells those who remain who has gone. More may turn out to be gone when they are told; then the others hear of these too,
    /// and who is gone by then is found out by a later post: this ends, however many go one after another.
    /// Returns the whole delivery's tally with theirs.
    pub async fn announce_departures(&self, room_id: &str, delivery: Delivery, now: Millis) -> PostCounts {
        let Delivery { mut tally, mut remaining, departed } = delivery;
        let mut departed_since = Vec::new();
        for frame in departures(room_id, &remaining, departed, now) {
            let next = self.broadcast(room_id, remaining, &frame, now).await;
            tally = tally + next.tally;
            remaining = next.remaining;
            departed_since.extend(next.departed);
        }
        for frame in departures(room_id, &remaining, departed_since, now) {
            tally = tally + self.poster.post_to_all(&remaining, &frame, now).await;
        }
        tally
    }
}

/// What those who remain are to be told: who has gone altogether, in as few frames as hold them.
fn departures(room_id: &str, remaining: &[Occupant], departed: Vec<Person>, now: Millis) -> Vec<ServerFrame> {
    let here = occupants::ids(remaining, now);
    let departed: BTreeMap<_, _> = departed.into_iter().map(|person| (person.user_id.clone(), person)).collect();
    let gone = departed.into_values().filter(|person| !here.contains(person.user_id.as_str()));
    let frame = |people| {
        let room = room_id.to_owned();
        ServerFrame::Presence(Presence { room, event: PresenceKind::Left, people, count: here.len() })
    };
    in_frames(gone).into_iter().map(frame).collect()
}

fn in_frames(people: impl Iterator<Item = Person>) -> Vec<Vec<Person>> {
    let mut frames: Vec<Vec<Person>> = Vec::new();
    let mut room = 0;
    for person in people {
        let bytes = serde_json::to_vec(&person).map_or(0, |json| json.len()) + ",".len();
        match frames.last_mut().filter(|_| bytes <= room) {
            Some(frame) => frame.push(person),
            None => {
                frames.push(vec![person]);
                room = PRESENCE_BYTES;
            }
        }
        room = room.saturating_sub(bytes);
    }
    frames
}

impl Delivery {
    fn of(results: Vec<(Occupant, Reached)>) -> Self {
        let tally = results.iter().map(|(_, reached)| PostCounts::of(reached.posted)).sum();
        let departed = results.iter().filter(|(_, reached)| reached.departed).map(|(occupant, _)| occupant.person());
        let departed = departed.collect();
        let remaining = results.into_iter().filter(|(_, reached)| reached.posted != PostResult::Gone);
        Self { tally, remaining: remaining.map(|(occupant, _)| occupant).collect(), departed }
    }
}

/// Frames are plain data: writing one as JSON cannot fail.
fn encode(frame: &ServerFrame) -> Blob {
    Blob::new(serde_json::to_vec(frame).unwrap_or_default())
}
