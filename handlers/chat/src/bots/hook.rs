//! Webhooks: a room's owner makes an address and a secret, with which a program outside writes in the room as a bot.
//! Removing that bot ends it.

use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::{Hook, HookMessage, HookReceipt, NewHook};
use parlor_protocol::limits::{HOOKS_PER_ROOM, TOLD_PER_ROOM};
use parlor_protocol::log::NoticeKind;
use parlor_protocol::person::{HOOK_PREFIX, Person};
use parlor_protocol::text::HookUrl;
use subtle::ConstantTimeEq;

use super::courier::Scheme;
use super::tell::{KEY_PREFIX, new_key};
use super::{Bots, allow};
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::log::record::{AudienceOf, Plan, Recorder};
use crate::people::identity::{derived_id, random_id};
use crate::store::{Companion, Entry, Event, HookKey, IdempotencyKey, MessageRow, Room, Told};

/// Makes a webhook in a room, and tells everyone there.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `forbidden` for anyone but the owner, `invalidField` if the name looks like that of
/// another bot, messages cannot be posted to `url`, or the room has [`HOOKS_PER_ROOM`] or [`TOLD_PER_ROOM`],
/// `unavailable`.
pub async fn create(
    bots: &Bots,
    recorder: Recorder<'_>,
    owner: &Person,
    room_id: &str,
    (NewHook { name, url }, scheme): (NewHook, Scheme),
    now: Millis,
) -> Result<Hook> {
    let told = url.map(|url| told(url, scheme)).transpose()?;
    let part = random_id()?;
    let secret = random_id()?;
    let person = Person { user_id: format!("{HOOK_PREFIX}{part}"), name: name.into() };
    let key = HookKey { user_id: person.user_id.clone(), hash: hash(&secret), told };
    let plan = async || {
        let room = recorder.rooms.owned(room_id, &owner.user_id).await?;
        if !room.is_open(now) {
            return Err(room.over());
        }
        bots.check_name(&person.name, &room.settings.bots)?;
        if room.settings.hooks.len() >= HOOKS_PER_ROOM {
            let message = format!("the room has {HOOKS_PER_ROOM} webhooks; remove one first");
            return Err(ChatError::refused(ErrorCode::InvalidField, message));
        }
        if key.told.is_some() && room.settings.told().len() >= TOLD_PER_ROOM {
            let message = format!("the room has {TOLD_PER_ROOM} webhooks that are told messages; remove one first");
            return Err(ChatError::refused(ErrorCode::InvalidField, message));
        }
        let mut settings = room.settings.clone();
        settings.bots.push(person.clone());
        settings.hooks.push(key.clone());
        let host = key.told.as_ref().map(|told| told.host.clone());
        Ok(Plan::Append(allow::entry(&room, settings, person.clone(), (NoticeKind::BotAdded, host), owner, now)))
    };
    let recorded = recorder.record(room_id, plan, AudienceOf::Room, now).await?;
    recorder.deliver(room_id, recorded, None, now).await;
    let signing_secret = key.told.map(|told| format!("{KEY_PREFIX}{}", told.key));
    Ok(Hook { id: format!("{room_id}.{part}"), secret, signing_secret, person })
}

fn told(url: HookUrl, scheme: Scheme) -> Result<Told> {
    let url = String::from(url);
    let host =
        scheme.host(&url).map_err(|problem| ChatError::refused(ErrorCode::InvalidField, format!("url: {problem}")))?;
    Ok(Told { host, url, key: new_key()? })
}

/// Writes a message in a room as the bot that a webhook is: once per id, however often it is sent.
///
/// # Errors
/// `unauthorized` unless there is a webhook with this id and secret, `roomClosed`, `rateLimited`, `idReused`, `roomLocked`,
/// `muted`, `banned`, `forbidden` if the owner removes it meanwhile, `unavailable`.
pub async fn post(
    limiter: &Limiter,
    recorder: Recorder<'_>,
    hook_id: &str,
    secret: &str,
    message: HookMessage,
    now: Millis,
) -> Result<HookReceipt> {
    let (room_id, part) = hook_id.rsplit_once('.').ok_or_else(unknown)?;
    let room = recorder.rooms.open(room_id, now).await.map_err(|error| match error.code() {
        ErrorCode::RoomNotFound => unknown(),
        _ => error,
    })?;
    let person = holder(&room, part, secret).ok_or_else(unknown)?;
    limiter.in_room(&person.user_id, room_id, now).await?;
    let id = message.id.map_or_else(random_id, |id| Ok(id.into()))?;
    let key = IdempotencyKey { user_id: person.user_id.clone(), id: id.clone() };
    let message = MessageRow::new(id, person.clone(), message.text.into(), now);
    let entry = Entry { event: Event::Message(message), epoch: None, companions: vec![Companion::Marker(key)] };
    let plan = async || Ok(Plan::Append(entry.clone()));
    let recorded = recorder.record(room_id, plan, AudienceOf::Room, now).await?;
    let (epoch, seq, at) = recorded.position(now);
    let receipt = HookReceipt { room: room_id.to_owned(), epoch, seq, at };
    recorder.deliver(room_id, recorded, None, now).await;
    Ok(receipt)
}

/// Returns the bot whose secret this is.
fn holder<'a>(room: &'a Room, part: &str, secret: &str) -> Option<&'a Person> {
    let user_id = format!("{HOOK_PREFIX}{part}");
    let key = room.settings.hooks.iter().find(|key| key.user_id == user_id)?;
    let is_right: bool = hash(secret).as_bytes().ct_eq(key.hash.as_bytes()).into();
    room.settings.bots.iter().find(|bot| is_right && bot.user_id == user_id)
}

/// A secret has 80 random bits, so that a plain hash protects it.
fn hash(secret: &str) -> String {
    derived_id("webhook", &[secret.as_bytes()])
}

fn unknown() -> ChatError {
    ChatError::refused(ErrorCode::Unauthorized, "there is no webhook with this address and this secret")
}
