//! Walking over what a person has written: room by room, in the order of their ids, and in each by number.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use futures_util::future::try_join;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::{Millis, Seq};

use crate::error::{ChatError, Result};
use crate::store::{LARGEST_SEQ, Listed, Members, Room, Rooms};

/// Where a walk continues: at a number of a room.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkPosition {
    pub room_id: String,
    pub seq: Seq,
}

impl WalkPosition {
    /// Reads a cursor.
    ///
    /// # Errors
    /// `invalidField`.
    pub fn parse(cursor: &str) -> Result<Self> {
        let position = cursor.split_once('.').and_then(|(room_id, seq)| {
            let (room_id, seq) = (room_id.to_owned(), seq.parse().ok()?);
            Some(Self { room_id, seq }).filter(|position| position.seq <= LARGEST_SEQ)
        });
        position.ok_or_else(|| ChatError::refused(ErrorCode::InvalidField, "cursor: not issued by this API"))
    }
}

impl fmt::Display for WalkPosition {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}.{}", self.room_id, self.seq)
    }
}

/// The rooms in which a person may have written.
pub struct Written {
    pub listed: Vec<Listed>,
    pub visited: Vec<String>,
    /// All of them, in the order of a walk.
    pub room_ids: BTreeSet<String>,
    /// Those that have not ended.
    pub open: HashMap<String, Room>,
}

impl Written {
    /// Finds the rooms.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn by(rooms: &Rooms, members: &Members, user_id: &str, now: Millis) -> Result<Self> {
        let (listed, visited) = try_join(members.conversations(user_id), members.visits(user_id)).await?;
        let room_ids: BTreeSet<_> =
            listed.iter().map(|listed| &listed.room_id).chain(&visited).map(Clone::clone).collect();
        let ids: Vec<_> = room_ids.iter().cloned().collect();
        let open = rooms.open_among(&ids, now).await?;
        Ok(Self {
            listed,
            visited,
            room_ids,
            open: open.into_iter().map(|room| (room.room_id.clone(), room)).collect(),
        })
    }
}
