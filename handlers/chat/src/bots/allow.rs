//! A room's owner allows a bot to answer in the room, or removes it. A notice tells everyone in the room.

use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::RoomInfo;
use parlor_protocol::log::NoticeKind;
use parlor_protocol::person::{BOT_PREFIX, Person};

use super::{Bot, Bots};
use crate::error::{ChatError, Result};
use crate::log::record::{AudienceOf, Plan, Recorder};
use crate::rooms::lobby::{self, Site};
use crate::store::{Companion, Entry, Event, NewSettings, NoticeRow, Room, Settings};

/// What the owner of a room decides about a bot.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    pub room_id: &'a str,
    /// The bot's.
    pub name: &'a str,
    pub is_allowed: bool,
}

/// Allows a bot, or removes it. Idempotent.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden` for anyone but the owner, `personNotFound` if the stage has no such bot,
/// `unavailable`.
pub async fn set(
    bots: &Bots,
    recorder: Recorder<'_>,
    site: &Site,
    owner: &Person,
    Decision { room_id, name, is_allowed }: Decision<'_>,
    now: Millis,
) -> Result<RoomInfo> {
    let Recorder { rooms, fanout, .. } = recorder;
    let plan = async || {
        let room = rooms.owned(room_id, &owner.user_id).await?;
        if !room.is_open(now) {
            return Err(room.over());
        }
        let entry = if is_allowed { added(bots, &room, name, owner, now)? } else { removed(&room, name, owner, now) };
        Ok(entry.map_or_else(|| Plan::NoChange { epoch: room.epoch.clone(), seq: room.seq }, Plan::Append))
    };
    let recorded = recorder.record(room_id, plan, AudienceOf::Room, now).await?;
    recorder.deliver(room_id, recorded, None, now).await;
    lobby::describe_for_owner(rooms, fanout.connections, site, room_id, now).await
}

/// Returns the notice that a bot may answer, or `None` if it may already.
fn added(bots: &Bots, room: &Room, name: &str, owner: &Person, now: Millis) -> Result<Option<Entry>> {
    let bot = bots.named(name).map(Bot::person);
    let bot = bot.ok_or_else(|| ChatError::refused(ErrorCode::PersonNotFound, "this stage has no such bot"))?;
    let mut settings = room.settings.clone();
    if settings.bots.contains(&bot) {
        return Ok(None);
    }
    // It may have another name since.
    settings.bots.retain(|known| known.user_id != bot.user_id);
    settings.bots.push(bot.clone());
    Ok(Some(entry(room, settings, bot, (NoticeKind::BotAdded, None), owner, now)))
}

/// Returns the notice that a bot no longer answers, or `None` if it does not. The stage may no longer have the bot.
fn removed(room: &Room, name: &str, owner: &Person, now: Millis) -> Option<Entry> {
    let is_it = |bot: &&Person| bot.user_id.strip_prefix(BOT_PREFIX) == Some(name);
    let bot = room.settings.bots.iter().find(is_it)?.clone();
    let mut settings = room.settings.clone();
    settings.bots.retain(|other| other.user_id != bot.user_id);
    settings.hooks.retain(|hook| hook.user_id != bot.user_id);
    Some(entry(room, settings, bot, (NoticeKind::BotRemoved, None), owner, now))
}

pub(super) fn entry(
    room: &Room,
    settings: Settings,
    bot: Person,
    (kind, host): (NoticeKind, Option<String>),
    owner: &Person,
    now: Millis,
) -> Entry {
    let notice =
        NoticeRow { people: vec![bot], host, ..NoticeRow::new(kind, &room.name, room.topic.as_deref(), owner, now) };
    let new = NewSettings {
        settings,
        read_owner_until: room.owner_until,
        owner_until: room.owner_until,
        sweep_at: room.end().0,
    };
    let owner_id = Some(owner.user_id.clone());
    let companions = vec![Companion::Room { owner_id, read: room.noticed, moderation: None, new: Some(Box::new(new)) }];
    Entry { event: Event::Notice(notice), epoch: None, companions }
}
