//! Sweeping: ending rooms whose time has come, and deleting what they held. A sweep runs every minute. It may die at any
//! point and run twice at once: each step can be repeated, and the row that puts a room into its queue goes last.

use futures_util::stream::{self, StreamExt};
use parlor_protocol::Millis;
use tokio::time::Instant;

use crate::delivery::Fanout;
use crate::error::Result;
use crate::rooms::expel::expel;
use crate::store::{LATE, Limits, Log, Members, Queue, Room, Rooms, Waiting};

/// Rooms of one page of a queue.
const PAGE: usize = 200;
/// Rooms that a sweep works on at once.
const ROOMS_AT_ONCE: usize = 8;

/// The parts that a sweep uses.
#[derive(Clone, Copy)]
pub struct Sweeper<'a> {
    pub rooms: &'a Rooms,
    pub log: &'a Log,
    pub members: &'a Members,
    pub limits: &'a Limits,
    pub fanout: Fanout<'a>,
}

/// What a sweep has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Rooms that it ended.
    pub ended: usize,
    /// Rooms of which it deleted everything.
    pub deleted: usize,
    /// Rooms that it left to the next sweep because a service failed.
    pub failed: usize,
    /// How long the room that is due longest has been due, in milliseconds: the age of the backlog. 0 without one.
    pub backlog: Millis,
}

impl Sweeper<'_> {
    /// Ends every open room that is due, and removes everyone from it; also from rooms that were ended before, by their
    /// owner or by a sweep that died.
    ///
    /// # Errors
    /// `unavailable` if the queue cannot be read.
    pub async fn end_rooms(&self, until: Instant, now: Millis) -> Result<Swept> {
        self.each_due(Queue::Open, until, now, async |room| self.end_room(room, now).await).await
    }

    /// Deletes what rooms that are over still hold.
    ///
    /// # Errors
    /// `unavailable` if the queue cannot be read.
    pub async fn delete_rooms(&self, until: Instant, now: Millis) -> Result<Swept> {
        self.each_due(Queue::Over, until, now, async |room| self.delete_room(room, until, now).await).await
    }

    /// Returns when the next open room is due, if that is before `before`.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn next(&self, before: Millis) -> Result<Option<Millis>> {
        Ok(self.rooms.due(Queue::Open, 1, before).await?.first().map(|waiting| waiting.sweep_at))
    }

    /// Works through a queue until nothing more is due, the same rooms are due as before, or the time is up.
    async fn each_due(
        &self,
        queue: Queue,
        until: Instant,
        now: Millis,
        work: impl AsyncFn(&Room) -> Result<Swept>,
    ) -> Result<Swept> {
        let mut swept = Swept::default();
        let mut before = Vec::new();
        loop {
            let due = self.rooms.due(queue, PAGE, now).await?;
            if let Some(first) = due.first() {
                swept.backlog = swept.backlog.max(now.saturating_sub(first.sweep_at));
            }
            let is_last = due.len() < PAGE || due == before;
            before.clone_from(&due);
            let page: Swept = stream::iter(due)
                .map(|waiting| self.visit(waiting, until, &work))
                .buffer_unordered(ROOMS_AT_ONCE)
                .fold(Swept::default(), async |sum, one| sum + one)
                .await;
            swept = swept + page;
            if is_last || Instant::now() >= until {
                return Ok(swept);
            }
        }
    }

    /// A failure leaves the room to the next sweep, and does not affect the others.
    async fn visit(&self, waiting: Waiting, until: Instant, work: &impl AsyncFn(&Room) -> Result<Swept>) -> Swept {
        if Instant::now() >= until {
            return Swept::default();
        }
        let visited = async {
            match self.rooms.find(&waiting.room_id).await? {
                // The index lags behind.
                None => Ok(Swept::default()),
                Some(room) => work(&room).await,
            }
        };
        visited.await.unwrap_or(Swept { failed: 1, ..Swept::default() })
    }

    async fn end_room(&self, room: &Room, now: Millis) -> Result<Swept> {
        if room.is_open(now) {
            self.rooms.postpone(room, room.end().0).await?;
            return Ok(Swept::default());
        }
        if !self.rooms.end(room, self.log, now).await? {
            return Ok(Swept::default());
        }
        expel(self.fanout, &room.room_id, room.reason()).await?;
        self.rooms.queue_deletion(&room.room_id, now).await?;
        Ok(Swept { ended: 1, ..Swept::default() })
    }

    /// Deletes everything of a room but its row. Once nobody can write to it any more, replaces the row by a tombstone.
    async fn delete_room(&self, room: &Room, until: Instant, now: Millis) -> Result<Swept> {
        let Some(closed_at) = room.closed_at else { return Ok(Swept::default()) };
        let room_id = &room.room_id;
        expel(self.fanout, room_id, room.reason()).await?;
        self.members.delete_room(room_id).await?;
        if let Some(owner_id) = &room.owner_id {
            self.limits.remove_owned_rooms(owner_id, vec![room_id.clone()]).await?;
        }
        let is_empty = self.log.delete_remains(room_id, until, now).await?;
        let settled_at = closed_at.saturating_add(LATE);
        if is_empty && now >= settled_at {
            self.rooms.replace_by_tombstone(room, now).await?;
            return Ok(Swept { deleted: 1, ..Swept::default() });
        }
        if is_empty {
            self.rooms.postpone(room, settled_at).await?;
        }
        Ok(Swept::default())
    }
}

impl std::ops::Add for Swept {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            ended: self.ended + other.ended,
            deleted: self.deleted + other.deleted,
            failed: self.failed + other.failed,
            backlog: self.backlog.max(other.backlog),
        }
    }
}
