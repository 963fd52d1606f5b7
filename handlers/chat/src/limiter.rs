//! Rate limits. Each is a token bucket that all functions share. What exceeds a rate is refused with `rateLimited` and
//! not done, and a connection that keeps exceeding its rate is closed.

use futures_util::future::join;
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use serde::Deserialize;

use crate::Caller;
use crate::delivery::Poster;
use crate::error::{ChatError, Result};
use crate::moderation::spam;
use crate::people::identity::derived_id;
use crate::store::{Limits, Rate};

/// The rates of a stage. `docs/protocol.md` lists the defaults.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rates {
    /// Frames of one connection.
    pub frames: Rate,
    /// Frames of one person in one room, over all connections. Also what one person changes of the rooms they own and
    /// of their handle.
    pub room_frames: Rate,
    /// Frames of one connection that were refused with `rateLimited`. A connection that exceeds this is closed.
    pub refusals: Rate,
    /// New connections of one person with a token.
    pub connects: Rate,
    /// New connections with a token from one address.
    pub connections: Rate,
    /// New guests from one address: sessions, and connections without a token.
    pub guests: Rate,
    /// Rooms created from one address.
    pub rooms: Rate,
    /// Attempts at one room's password from one address.
    pub passwords: Rate,
    /// Attempts at one room's password from everywhere.
    pub room_passwords: Rate,
    /// Look-ups of handles from one address.
    pub lookups: Rate,
}

/// Holds everyone to the rates. Each method counts one thing.
pub struct Limiter {
    pub limits: Limits,
    /// Absent in routes that limit nothing.
    pub rates: Option<Rates>,
    /// Whether to count in how many rooms a person says the same, at a write for each message.
    pub counts_texts: bool,
}

impl Limiter {
    /// Counts a frame about a room while `read` is under way. `read` must not change anything: its result counts only
    /// if the frame is within the rates.
    ///
    /// # Errors
    /// `rateLimited`, `unavailable`, and the errors of `read`.
    pub async fn rate_limited<T>(
        &self,
        caller: &Caller,
        room_id: &str,
        now: Millis,
        read: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let (counted, read) = join(self.frame(caller, Some(room_id), now), read).await;
        counted?;
        read
    }

    /// Counts a frame: for its connection and, if it is about a room, for the person in that room.
    ///
    /// # Errors
    /// `rateLimited`, `unavailable`; so do the methods below.
    pub async fn frame(&self, caller: &Caller, room_id: Option<&str>, now: Millis) -> Result<()> {
        let of_connection = self.frames(&caller.connection_id, 1, now);
        match room_id {
            None => of_connection.await,
            Some(room_id) => both(of_connection, self.in_room(&caller.user_id, room_id, now)).await,
        }
    }

    /// Counts a frame about a room for the person in that room only, or what a webhook writes there.
    pub async fn in_room(&self, user_id: &str, room_id: &str, now: Millis) -> Result<()> {
        let bucket = format!("room#{room_id}#{user_id}");
        self.limits.take(&bucket, 1, self.rates()?.room_frames, now).await
    }

    /// Counts a frame that does the work of `count` frames.
    pub async fn frames(&self, connection_id: &str, count: u64, now: Millis) -> Result<()> {
        self.limits.take(&format!("frames#{connection_id}"), count, self.rates()?.frames, now).await
    }

    /// Counts a frame by which a person changes what is theirs, also for the person.
    pub async fn owner_frame(&self, caller: &Caller, now: Millis) -> Result<()> {
        both(self.frame(caller, None, now), self.owner(&caller.user_id, now)).await
    }

    /// Counts a change that a person makes to one of their rooms, or to their handle.
    pub async fn owner(&self, user_id: &str, now: Millis) -> Result<()> {
        self.limits.take(&format!("owner#{user_id}"), 1, self.rates()?.room_frames, now).await
    }

    /// Counts conversations that a person creates, or people whom they add to one: others get them into their lists without
    /// being asked.
    pub async fn creation(&self, user_id: &str, count: usize, now: Millis) -> Result<()> {
        /// Each counts as much as this many changes.
        const WEIGHT: u64 = 3;
        self.extra_work(user_id, WEIGHT * count as u64, now).await
    }

    /// Counts a request that reads the logs of all rooms in which a person has written, besides the request itself.
    pub async fn walk(&self, user_id: &str, now: Millis) -> Result<()> {
        /// It counts as much as this many changes more.
        const WEIGHT: u64 = 9;
        self.extra_work(user_id, WEIGHT, now).await
    }

    /// Counts a report, besides the request itself: each is work for moderators.
    pub async fn report(&self, user_id: &str, now: Millis) -> Result<()> {
        /// It counts as much as this many changes more.
        const WEIGHT: u64 = 4;
        self.extra_work(user_id, WEIGHT, now).await
    }

    /// Counts what makes a message look like spam, for its author in all rooms together. `count` is at most what the bucket
    /// holds, so that whoever waits gets through.
    pub async fn suspicious(&self, user_id: &str, count: u64, now: Millis) -> Result<()> {
        let rate = self.rates()?.room_frames;
        self.limits.take(&format!("owner#{user_id}"), count.min(rate.burst), rate, now).await
    }

    /// Returns in how many rooms a person has said the same lately, this one included; 1 in a stage that does not count it.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn rooms_told(&self, user_id: &str, text: &str, room_id: &str, now: Millis) -> Result<usize> {
        match spam::gist(text).filter(|_| self.counts_texts) {
            Some(gist) => {
                self.limits.add_room(&derived_id("text", &[user_id.as_bytes(), gist.as_bytes()]), room_id, now).await
            }
            None => Ok(1),
        }
    }

    /// Counts the extra work of a request that was counted as one already. A retry takes the request's own token first, so
    /// the wait that a refusal tells covers that token, too.
    async fn extra_work(&self, user_id: &str, count: u64, now: Millis) -> Result<()> {
        let rate = self.rates()?.room_frames;
        self.limits.take(&format!("owner#{user_id}"), count, rate, now).await.map_err(|error| match error {
            ChatError::RateLimited { retry_after } => {
                ChatError::RateLimited { retry_after: retry_after + rate.interval() }
            }
            error => error,
        })
    }

    /// Counts a new connection of a person with a token.
    pub async fn connect(&self, user_id: &str, address: &str, now: Millis) -> Result<()> {
        let (of_person, of_address) = (format!("connects#{user_id}"), format!("connections#{address}"));
        let rates = self.rates()?;
        both(
            self.limits.take(&of_person, 1, rates.connects, now),
            self.limits.take(&of_address, 1, rates.connections, now),
        )
        .await
    }

    /// Counts a new guest.
    pub async fn guest(&self, address: &str, now: Millis) -> Result<()> {
        self.limits.take(&format!("guests#{address}"), 1, self.rates()?.guests, now).await
    }

    /// Counts a new room.
    pub async fn room(&self, address: &str, now: Millis) -> Result<()> {
        self.limits.take(&format!("rooms#{address}"), 1, self.rates()?.rooms, now).await
    }

    /// Counts an attempt at a room's password.
    pub async fn password(&self, room_id: &str, address: &str, now: Millis) -> Result<()> {
        let (of_address, of_room) = (format!("passwords#{room_id}#{address}"), format!("passwords#{room_id}"));
        let rates = self.rates()?;
        // One after the other, so that an address that is over its rate does not lock the others out.
        self.limits.take(&of_address, 1, rates.passwords, now).await?;
        self.limits.take(&of_room, 1, rates.room_passwords, now).await
    }

    /// Counts a look-up of a handle.
    pub async fn lookup(&self, address: &str, now: Millis) -> Result<()> {
        self.limits.take(&format!("lookups#{address}"), 1, self.rates()?.lookups, now).await
    }

    /// Counts that a frame was refused with `rateLimited`, and closes the connection if that happens too often.
    pub async fn count_refusal(&self, poster: &Poster, connection_id: &str, now: Millis) {
        let counted = match self.rates() {
            Ok(rates) => self.limits.take(&format!("refusals#{connection_id}"), 1, rates.refusals, now).await,
            Err(error) => Err(error),
        };
        if counted.is_err_and(|error| error.code() == ErrorCode::RateLimited) {
            poster.disconnect(connection_id).await;
        }
    }

    fn rates(&self) -> Result<&Rates> {
        self.rates.as_ref().ok_or_else(|| ChatError::Service { doing: "limit a rate", reason: "no rates".into() })
    }
}

/// Takes from both buckets, even if one refuses. If both refuse, the longer wait counts.
async fn both(one: impl Future<Output = Result<()>>, other: impl Future<Output = Result<()>>) -> Result<()> {
    match join(one, other).await {
        (Err(one), Err(other)) if other.retry_after() > one.retry_after() => Err(other),
        (one, other) => one.and(other),
    }
}
