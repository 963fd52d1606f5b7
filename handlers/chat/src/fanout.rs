//! Posting a frame to everyone in a room. A connection that is gone is forgotten on the spot; one that is slow or
//! throttled is skipped and catches up by number. Nobody waits for anybody longer than two attempts of a post.

use std::iter::Sum;
use std::ops::Add;

use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use futures_util::stream::{self, StreamExt};
use parlor_protocol::Millis;
use parlor_protocol::server::{Left, LeftReason, Person, Presence, PresenceEvent, ServerFrame};

use crate::store::Occupant;
use crate::{Chat, people};

/// Posts under way at once from one function.
const CONCURRENCY: usize = 64;

/// What came of one post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
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

/// How many posts came to what; a route's log line has them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub delivered: usize,
    pub gone: usize,
    pub skipped: usize,
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            delivered: self.delivered + other.delivered,
            gone: self.gone + other.gone,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Self::add)
    }
}

/// What came of posting to a room.
#[derive(Debug, Default, PartialEq)]
pub struct Delivery {
    pub tally: Tally,
    /// Who is still there.
    pub remaining: Vec<Occupant>,
    /// Persons whose last connection turned out to be gone; the others have not been told.
    pub departed: Vec<Person>,
}

impl Poster {
    pub async fn post(&self, connection_id: &str, frame: &ServerFrame) -> Posted {
        self.post_bytes(connection_id, encode(frame)).await
    }

    async fn post_bytes(&self, connection_id: &str, data: Blob) -> Posted {
        match self.client.post_to_connection().connection_id(connection_id).data(data).send().await {
            Ok(_) => Posted::Delivered,
            // The bare status too: not every layer that answers 410 also names the exception.
            Err(error) if error.raw_response().is_some_and(|response| response.status().as_u16() == 410) => {
                Posted::Gone
            }
            Err(error) if error.as_service_error().is_some_and(|error| error.is_gone_exception()) => Posted::Gone,
            Err(_) => Posted::Skipped,
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
                    let posted = if occupant.is_live(now) {
                        self.reach(room_id, &occupant, data).await
                    } else {
                        self.end_lease(room_id, &occupant, now).await
                    };
                    (occupant, posted)
                }
            })
            .buffer_unordered(CONCURRENCY)
            .collect()
            .await;
        Delivery::of(results)
    }

    async fn reach(&self, room_id: &str, occupant: &Occupant, data: Blob) -> Posted {
        let posted = self.poster.post_bytes(&occupant.connection_id, data).await;
        if posted == Posted::Gone {
            // Should this fail, the next post finds the same.
            let _ = self.connections.remove(&occupant.connection_id, room_id).await;
        }
        posted
    }

    /// A connection that was silent for too long is told that it is no longer in the room: it may still be there.
    async fn end_lease(&self, room_id: &str, occupant: &Occupant, now: Millis) -> Posted {
        let connection_id = &occupant.connection_id;
        if let Ok(true) = self.connections.remove_expired(connection_id, room_id, now).await {
            let left = Left { room: room_id.to_owned(), reason: LeftReason::LeaseExpired, id: None };
            self.poster.post(connection_id, &ServerFrame::Left(left)).await;
        }
        Posted::Gone
    }

    /// Tells those who remain who has gone. Each round may find more who are gone; it ends when none does.
    /// Returns the whole delivery's tally with theirs.
    pub async fn announce_departures(&self, room_id: &str, delivery: Delivery, now: Millis) -> Tally {
        let Delivery { mut tally, mut remaining, mut departed } = delivery;
        while let Some(person) = departed.pop() {
            let frame = ServerFrame::Presence(Presence {
                room: room_id.to_owned(),
                event: PresenceEvent::Left,
                person,
                count: people::count(&remaining, now),
            });
            let next = self.broadcast(room_id, remaining, &frame, now).await;
            tally = tally + next.tally;
            remaining = next.remaining;
            departed.extend(next.departed);
        }
        tally
    }
}

impl Delivery {
    fn of(results: Vec<(Occupant, Posted)>) -> Self {
        let count = |what| results.iter().filter(|(_, posted)| *posted == what).count();
        let tally =
            Tally { delivered: count(Posted::Delivered), gone: count(Posted::Gone), skipped: count(Posted::Skipped) };
        let (lost, remaining): (Vec<_>, Vec<_>) = results.into_iter().partition(|(_, posted)| *posted == Posted::Gone);
        let remaining: Vec<Occupant> = remaining.into_iter().map(|(occupant, _)| occupant).collect();
        let mut departed: Vec<Person> = Vec::new();
        for (occupant, _) in lost {
            let still_here = remaining.iter().any(|other| other.user_id == occupant.user_id);
            let noted = departed.iter().any(|person| person.user_id == occupant.user_id);
            if !still_here && !noted {
                departed.push(occupant.person());
            }
        }
        Self { tally, remaining, departed }
    }
}

/// Frames are plain data: writing one as JSON cannot fail.
fn encode(frame: &ServerFrame) -> Blob {
    Blob::new(serde_json::to_vec(frame).unwrap_or_default())
}
