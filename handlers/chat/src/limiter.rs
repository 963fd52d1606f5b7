//! How much anybody may do in a time. Each limit is a token bucket that all functions share; what exceeds it is refused with
//! `rateLimited`, and a connection that does not stop is ended.

use futures_util::future::join;
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use serde::Deserialize;

use crate::error::{ChatError, Result};
use crate::store::{Limits, Rate};
use crate::{Caller, Chat};

/// The rates of a stage; `docs/protocol.md` has those that it comes with.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rates {
    /// Frames of one connection.
    pub frames: Rate,
    /// Frames of one person in one room, by whatever connection; and what one person does to the rooms they own.
    pub room_frames: Rate,
    /// Refusals of one connection for want of rate; whoever exceeds this is disconnected.
    pub refusals: Rate,
    /// New connections of one person with a token.
    pub connects: Rate,
    /// New connections of one address, of all people with a token there.
    pub connections: Rate,
    /// New guests of one address: sessions, and connections without a token.
    pub guests: Rate,
    /// Rooms made from one address.
    pub rooms: Rate,
}

/// Keeps everyone to the rates.
pub struct Limiter {
    pub limits: Limits,
    /// Absent in a route that limits nothing.
    pub rates: Option<Rates>,
}

impl Limiter {
    /// A frame; one about a room counts for the person there too.
    ///
    /// # Errors
    /// `rateLimited`, `unavailable`; likewise below.
    pub async fn frame(&self, caller: &Caller, room_id: Option<&str>, now: Millis) -> Result<()> {
        let of_connection = self.frames(&caller.connection_id, 1, now);
        match room_id {
            None => of_connection.await,
            Some(room_id) => {
                let bucket = format!("room#{room_id}#{}", caller.user_id);
                both(of_connection, self.limits.take(&bucket, 1, self.rates()?.room_frames, now)).await
            }
        }
    }

    /// A frame that is as much work as so many.
    pub async fn frames(&self, connection_id: &str, count: u64, now: Millis) -> Result<()> {
        self.limits.take(&format!("frames#{connection_id}"), count, self.rates()?.frames, now).await
    }

    /// Something that an owner does to a room of theirs.
    pub async fn owner(&self, user_id: &str, now: Millis) -> Result<()> {
        self.limits.take(&format!("owner#{user_id}"), 1, self.rates()?.room_frames, now).await
    }

    /// A connection of somebody with a token, from an address.
    pub async fn connect(&self, user_id: &str, address: &str, now: Millis) -> Result<()> {
        let (of_person, of_address) = (format!("connects#{user_id}"), format!("connections#{address}"));
        let rates = self.rates()?;
        both(
            self.limits.take(&of_person, 1, rates.connects, now),
            self.limits.take(&of_address, 1, rates.connections, now),
        )
        .await
    }

    /// A guest, from an address.
    pub async fn guest(&self, address: &str, now: Millis) -> Result<()> {
        self.limits.take(&format!("guests#{address}"), 1, self.rates()?.guests, now).await
    }

    /// A room, from an address.
    pub async fn room(&self, address: &str, now: Millis) -> Result<()> {
        self.limits.take(&format!("rooms#{address}"), 1, self.rates()?.rooms, now).await
    }

    async fn refusal(&self, connection_id: &str, now: Millis) -> Result<()> {
        self.limits.take(&format!("refusals#{connection_id}"), 1, self.rates()?.refusals, now).await
    }

    fn rates(&self) -> Result<&Rates> {
        self.rates.as_ref().ok_or_else(|| ChatError::Service { doing: "limit a rate", reason: "no rates".into() })
    }
}

/// Takes from both, whatever comes of either; of two waits the longer one counts.
async fn both(one: impl Future<Output = Result<()>>, other: impl Future<Output = Result<()>>) -> Result<()> {
    match join(one, other).await {
        (Err(one), Err(other)) if other.retry_after() > one.retry_after() => Err(other),
        (one, other) => one.and(other),
    }
}

impl Chat {
    /// Counts a frame about a room beside the first thing that is read for it. The read may not change anything: what it
    /// finds only counts where the frame may pass.
    ///
    /// # Errors
    /// `rateLimited`, and those of the read.
    pub async fn rate_limited<T>(
        &self,
        caller: &Caller,
        room_id: &str,
        now: Millis,
        read: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let (counted, read) = join(self.limiter.frame(caller, Some(room_id), now), read).await;
        counted?;
        read
    }

    /// Counts that a connection was refused for want of rate, and ends it where that happens too often.
    pub async fn count_refusal(&self, connection_id: &str, now: Millis) {
        let counted = self.limiter.refusal(connection_id, now).await;
        if counted.is_err_and(|error| error.code() == ErrorCode::RateLimited) {
            self.poster.disconnect(connection_id).await;
        }
    }
}
