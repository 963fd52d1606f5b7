//! The `lobby` index: open public rooms, most recently active first.

use futures_util::future::try_join_all;
use parlor_protocol::Millis;
use parlor_protocol::text::RoomId;
use serde::Deserialize;

use super::Rooms;
use crate::error::{ChatError, Result};
use crate::store::{rows, seconds, string};

/// One partition of an index takes 1,000 writes a second, and each active room writes once a minute.
const SHARDS: u8 = 4;
/// Sorts after every rank: ranks begin with a digit.
const ABOVE_ALL_RANKS: &str = "~";

/// A room as the index projects it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LobbyEntry {
    pub room_id: String,
    pub lobby_rank: String,
    pub expires_at: u64,
}

impl Rooms {
    /// Reads up to `limit + 1` open public rooms that rank below `before`, most recently active first. The extra one
    /// tells whether another page follows.
    pub async fn lobby(&self, before: Option<&str>, limit: usize, now: Millis) -> Result<Vec<LobbyEntry>> {
        let shards = (0..SHARDS).map(|shard| self.lobby_shard(shard, before, limit + 1));
        let mut entries: Vec<LobbyEntry> = try_join_all(shards).await?.into_iter().flatten().collect();
        entries.retain(|entry| entry.expires_at > seconds(now));
        entries.sort_by(|a, b| b.lobby_rank.cmp(&a.lobby_rank));
        entries.truncate(limit + 1);
        Ok(entries)
    }

    async fn lobby_shard(&self, shard: u8, before: Option<&str>, limit: usize) -> Result<Vec<LobbyEntry>> {
        let doing = "read the lobby";
        let items = self
            .db
            .query()
            .table_name(&self.table)
            .index_name("lobby")
            .key_condition_expression("lobbyShard = :shard AND lobbyRank < :before")
            .expression_attribute_values(":shard", string(shard.to_string()))
            .expression_attribute_values(":before", string(before.unwrap_or(ABOVE_ALL_RANKS)))
            .scan_index_forward(false)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(ChatError::service(doing))?
            .items
            .unwrap_or_default();
        rows(items, doing)
    }
}

/// Sorts by the minute of the last activity, then by room id. Ten digits reach the year 20983.
pub(super) fn rank(active: Millis, room_id: &str) -> String {
    format!("{:010}-{room_id}", active / 60_000)
}

/// Returns when a room of this rank was last active, or `None` if this is not a rank.
pub fn rank_activity(rank: &str) -> Option<Millis> {
    let (minute, room_id) = rank.split_once('-')?;
    let digits = minute.len() == 10 && minute.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || !(1..=RoomId::MAX).contains(&room_id.len()) {
        return None;
    }
    minute.parse::<Millis>().ok().map(|minute| minute * 60_000)
}

pub(super) fn shard_of(room_id: &str) -> String {
    let sum = room_id.bytes().fold(0u8, u8::wrapping_add);
    (sum % SHARDS).to_string()
}
