//! The Rooms table: one row per room, with its settings and the last number drawn.

mod commons;
mod conversations;
mod create;
mod draw;
mod end;
mod lobby;
mod moderation;
mod notice;

pub use commons::COMMONS;
pub use conversations::{ConversationSettings, NewConversation};
pub use draw::{DRAWS, Drawn, Gate};
pub use end::{Queue, Waiting};
pub use lobby::{LobbyEntry, rank_activity};
pub use moderation::{Moderated, ModerationChange};
pub use notice::NewSettings;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use parlor_protocol::conversations::is_conversation;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::{ToldHook, Visibility};
use parlor_protocol::limits::{LEASE, ROOM_IDLE_TIMEOUT};
use parlor_protocol::person::{Person, is_bot};
use parlor_protocol::rules::{AbsenceSeconds, Capacity, RoomRules};
use parlor_protocol::server::LeftReason;
use parlor_protocol::{Millis, Seq};
use serde::{Deserialize, Serialize};

use super::{Item, Log, number, row, string};
use crate::error::{ChatError, Result};
use crate::millis;

/// The end of the year 9999, in seconds since 1970.
const NEVER: u64 = 253_402_300_799;

pub struct Rooms {
    pub db: Client,
    pub table: String,
}

/// A room's row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Room {
    pub room_id: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    pub visibility: Visibility,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<String>,
    pub created_at: Millis,
    /// The current epoch. Numbers of another epoch mean nothing in it.
    pub epoch: String,
    /// The last number drawn.
    pub seq: Seq,
    /// When it was drawn.
    pub seq_at: Millis,
    /// The minute of the last activity, then the room id: the sort key of the lobby.
    pub lobby_rank: String,
    /// Only open public rooms have one, so the lobby's index holds only these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lobby_shard: Option<String>,
    /// Seconds since 1970, rounded up to the minute.
    pub expires_at: u64,
    #[serde(flatten)]
    pub settings: Settings,
    #[serde(flatten)]
    pub moderated: Moderated,
    /// When the room ends unless its owner is in it. Their join and each of their pings move it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_until: Option<Millis>,
    /// The number of the last notice that was applied to this row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noticed: Option<Seq>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Millis>,
    /// Why it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<LeftReason>,
    /// Where the sweeper finds the room: the partition key of the index `expiring`. Removed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep_queue: Option<String>,
    /// When the sweeper looks at the room next: never later than the room's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep_at: Option<Millis>,
    /// Only conversations have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationSettings>,
    /// How often the members of a conversation have changed, counting its creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members_version: Option<u64>,
    /// How many members a conversation has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members_count: Option<u64>,
}

/// What a room's owner decides about its end and about who may join.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_people: Option<Capacity>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique_names: bool,
    /// Signs the room's passes. Each new password comes with a new key, so earlier passes are no longer valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absence_seconds: Option<AbsenceSeconds>,
    /// When the room began to hold a limited number of people, or people with unique names. People who were inside
    /// before may have no claim yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims_since: Option<Millis>,
    /// The bots that write here, in the order in which the owner allowed them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bots: Vec<Person>,
    /// How those of them that are webhooks prove it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hooks: Vec<HookKey>,
}

/// The proof that a request comes from the program that a webhook was made for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HookKey {
    /// The webhook's, as a bot.
    pub user_id: String,
    /// Of its secret.
    pub hash: String,
    /// If it is told the room's messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
}

/// Where a program is told a room's messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    pub url: String,
    pub host: String,
    /// With which it checks who tells it. In Base64.
    pub key: String,
}

impl Settings {
    pub(super) const ATTRIBUTES: [&'static str; 8] =
        ["endsAt", "maxPeople", "uniqueNames", "passKey", "absenceSeconds", "claimsSince", "bots", "hooks"];

    /// Returns the webhooks that are told the room's messages, and where those go.
    pub fn told(&self) -> Vec<ToldHook> {
        let told = |hook: &HookKey| {
            let Told { host, .. } = hook.told.as_ref()?;
            Some(ToldHook { user_id: hook.user_id.clone(), host: host.clone() })
        };
        self.hooks.iter().filter_map(told).collect()
    }

    /// Returns until when an owner who was in the room at `at` may be away. They are in it until their lease ends.
    pub fn owner_until(&self, at: Millis) -> Option<Millis> {
        self.absence_seconds.map(|seconds| at + millis(LEASE) + Millis::from(seconds.get()) * 1000)
    }
}

/// What a new room is made of.
pub struct RoomDraft {
    pub room_id: String,
    pub epoch: String,
    pub name: String,
    pub topic: Option<String>,
    pub visibility: Visibility,
    pub owner_id: Option<String>,
    pub settings: Settings,
    pub reviewed: bool,
}

impl Room {
    pub fn new(draft: RoomDraft, now: Millis) -> Self {
        let is_public = draft.visibility == Visibility::Public;
        let mut room = Self {
            lobby_rank: lobby::rank(now, &draft.room_id),
            lobby_shard: is_public.then(|| lobby::shard_of(&draft.room_id)),
            expires_at: expires_at(&draft.room_id, now),
            room_id: draft.room_id,
            name: draft.name,
            topic: draft.topic,
            visibility: draft.visibility,
            owner_id: draft.owner_id,
            created_at: now,
            epoch: draft.epoch,
            seq: 0,
            seq_at: now,
            // The owner has one lease's time to come.
            owner_until: draft.settings.owner_until(now),
            settings: draft.settings,
            moderated: Moderated::new(draft.reviewed),
            noticed: None,
            closed_at: None,
            end_reason: None,
            sweep_queue: None,
            sweep_at: None,
            conversation: None,
            members_version: None,
            members_count: None,
        };
        if !commons::is_permanent(&room.room_id) {
            room.sweep_at = Some(room.end().0);
            room.sweep_queue = Some(Queue::Open.key(&room.room_id));
        }
        room
    }

    pub fn rules(&self) -> RoomRules {
        let Settings { ends_at, max_people, unique_names, absence_seconds, .. } = self.settings;
        RoomRules {
            ends_at,
            max_people,
            password_required: self.settings.pass_key.is_some(),
            unique_names,
            ends_without_owner_after_seconds: absence_seconds,
            slow_mode_seconds: self.moderated.slow_mode_seconds,
            locked: self.moderated.locked,
            reviewed: self.moderated.reviewed,
        }
    }

    pub fn is_open(&self, now: Millis) -> bool {
        self.closed_at.is_none() && self.end().0 > now
    }

    /// Whether an author is a bot that the owner has removed, or never allowed. Those of a conversation are members.
    pub fn refuses_bot(&self, author: &str) -> bool {
        let is_allowed = || self.settings.bots.iter().any(|bot| bot.user_id == author);
        is_bot(author) && self.conversation.is_none() && !is_allowed()
    }

    /// Returns when an open room ends as things stand, and why.
    pub fn end(&self) -> (Millis, LeftReason) {
        let idle = (self.expires_at.saturating_mul(1000), LeftReason::Idle);
        let fixed = self.settings.ends_at.map(|at| (at, LeftReason::Expired));
        let absence = self.owner_until.map(|at| (at, LeftReason::OwnerAway));
        [fixed, absence].into_iter().flatten().fold(idle, |first, other| if other.0 < first.0 { other } else { first })
    }

    /// Returns why the room is over or, if it is open, will be.
    pub fn reason(&self) -> LeftReason {
        self.end_reason.unwrap_or_else(|| match self.closed_at {
            Some(_) => LeftReason::Closed,
            None => self.end().1,
        })
    }

    /// Returns the refusal that says why the room is over.
    pub fn over(&self) -> ChatError {
        over(self.reason())
    }
}

impl Rooms {
    /// Reads an open room. Conversations do not exist here: only what checks the caller's membership reads them.
    ///
    /// # Errors
    /// `roomNotFound`, `roomClosed`.
    pub async fn open(&self, room_id: &str, now: Millis) -> Result<Room> {
        let room =
            if is_conversation(room_id) { return Err(ChatError::room_not_found()) } else { self.get(room_id).await? };
        if room.is_open(now) { Ok(room) } else { Err(room.over()) }
    }

    /// Reads a room, or returns `None` if it is not open or does not exist.
    pub async fn if_open(&self, room_id: &str, now: Millis) -> Result<Option<Room>> {
        match self.open(room_id, now).await {
            Ok(room) => Ok(Some(room)),
            Err(ChatError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads a room for its owner, open or not.
    ///
    /// # Errors
    /// `roomNotFound`; `roomClosed` if only its tombstone is left; `forbidden` for anyone but the owner.
    pub async fn owned(&self, room_id: &str, owner_id: &str) -> Result<Room> {
        let room =
            if is_conversation(room_id) { return Err(ChatError::room_not_found()) } else { self.get(room_id).await? };
        if room.owner_id.as_deref() == Some(owner_id) {
            return Ok(room);
        }
        Err(ChatError::refused(ErrorCode::Forbidden, "only the room's owner may do that"))
    }

    async fn get(&self, room_id: &str) -> Result<Room> {
        let doing = "read a room";
        let request = self.db.get_item().table_name(&self.table).key("roomId", string(room_id)).consistent_read(true);
        let item =
            request.send().await.map_err(ChatError::service(doing))?.item.ok_or_else(ChatError::room_not_found)?;
        parse(item, doing)
    }

    /// Starts a new epoch of the room's log, and adds the `remains` row of the old one. Returns whether it did: not if
    /// the log has ended since `room` was read, or if another write was at the room's row.
    ///
    /// # Errors
    /// `roomClosed`.
    pub async fn start_epoch(&self, room: &Room, epoch: &str, log: &Log, now: Millis) -> Result<bool> {
        let doing = "clear a room";
        if !room.is_open(now) {
            return Err(room.over());
        }
        // A repeated draw must not find a number of the old log.
        let draws: String = (0..DRAWS).map(|n| format!(", draw{n}")).collect();
        let update = Update::builder()
            .table_name(&self.table)
            .key("roomId", string(&room.room_id))
            .update_expression(format!("SET epoch = :epoch, seq = :none, seqAt = :now REMOVE noticed{draws}"))
            .condition_expression("epoch = :read AND attribute_not_exists(closedAt)")
            .expression_attribute_values(":epoch", string(epoch))
            .expression_attribute_values(":none", number(0))
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":read", string(&room.epoch))
            .build()
            .map_err(ChatError::unbuilt(doing))?;
        self.end_log(update, log.remains_put(&room.room_id, &room.epoch, now)?, doing).await
    }

    /// Writes a room's row, which ends its log, and adds the log's `remains` row. Returns whether it did: not if the
    /// condition failed, or if another write was at the room's row.
    async fn end_log(&self, update: Update, remains: TransactWriteItem, doing: &'static str) -> Result<bool> {
        let update = TransactWriteItem::builder().update(update).build();
        let written = self.db.transact_write_items().transact_items(update).transact_items(remains).send().await;
        let Err(error) = written else { return Ok(true) };
        match cancellation_code(&error, 0) {
            Some("ConditionalCheckFailed" | "TransactionConflict") => Ok(false),
            _ => Err(ChatError::service(doing)(error)),
        }
    }
}

/// Returns why DynamoDB cancelled a transaction, as far as its n-th write is concerned, counted from 0.
fn cancellation_code<R>(error: &SdkError<TransactWriteItemsError, R>, n: usize) -> Option<&str> {
    match error.as_service_error()? {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            cancelled.cancellation_reasons().get(n)?.code()
        }
        _ => None,
    }
}

/// Rounded up to the minute, so that the lobby's index moves at most once a minute. Conversations and the stage's own
/// room do not expire.
fn expires_at(room_id: &str, active: Millis) -> u64 {
    if commons::is_permanent(room_id) {
        return NEVER;
    }
    (active + millis(ROOM_IDLE_TIMEOUT)).div_ceil(60_000) * 60
}

fn over(reason: LeftReason) -> ChatError {
    let message = match reason {
        LeftReason::Expired => "the room reached its end",
        LeftReason::Idle => "the room ended because nothing happened in it for 24 hours",
        LeftReason::OwnerAway => "the room ended because its owner was away",
        LeftReason::NotMember => "all its members have left the conversation",
        LeftReason::Closed | LeftReason::Left | LeftReason::LeaseExpired | LeftReason::Kicked | LeftReason::Banned => {
            "the room was closed by its owner"
        }
    };
    ChatError::refused(ErrorCode::RoomClosed, message)
}

/// Parses a room's row.
///
/// # Errors
/// `roomClosed` if it is a tombstone.
fn parse(item: Item, doing: &'static str) -> Result<Room> {
    match end::tombstone(&item) {
        Some(reason) => Err(over(reason)),
        None => row(item, doing),
    }
}
