//! What a room's settings become: when it is created, and when its owner changes them.

use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::{NewRoom, RoomUpdate};
use parlor_protocol::rules::RoomSeconds;

use crate::error::{ChatError, Result};
use crate::rooms::pass::NewPassword;
use crate::store::{NewSettings, Room, Settings};

/// Returns the settings of a new room.
///
/// # Errors
/// `invalidField` if the room depends on an owner and has none.
pub fn of_new_room(body: &NewRoom, password: Option<&NewPassword>, has_owner: bool, now: Millis) -> Result<Settings> {
    if body.ends_without_owner_after_seconds.is_some() && !has_owner {
        return Err(invalid("endsWithoutOwnerAfterSeconds: create the room with a token, so that it has an owner"));
    }
    Ok(Settings {
        ends_at: body.expires_in_seconds.map(|seconds| end(seconds, now)),
        max_people: body.max_people,
        unique_names: body.unique_names,
        pass_key: password.map(|password| password.key.clone()),
        absence_seconds: body.ends_without_owner_after_seconds,
        // Nobody was inside before.
        claims_since: None,
        bots: Vec::new(),
        hooks: Vec::new(),
    })
}

/// Returns what an update makes of a room's settings, or `None` if it changes nothing. `password` is the new one, if the
/// update sets one.
pub fn updated(room: &Room, body: &RoomUpdate, password: Option<&NewPassword>, now: Millis) -> Option<NewSettings> {
    let old = &room.settings;
    let mut settings = Settings {
        ends_at: body.expires_in_seconds.map_or(old.ends_at, |seconds| seconds.map(|seconds| end(seconds, now))),
        max_people: body.max_people.unwrap_or(old.max_people),
        unique_names: body.unique_names.unwrap_or(old.unique_names),
        pass_key: match body.password {
            None => old.pass_key.clone(),
            Some(_) => password.map(|password| password.key.clone()),
        },
        absence_seconds: body.ends_without_owner_after_seconds.unwrap_or(old.absence_seconds),
        claims_since: None,
        bots: old.bots.clone(),
        hooks: old.hooks.clone(),
    };
    settings.claims_since = claims_since(old, &settings, now);
    if settings == *old {
        return None;
    }
    // The owner is there: they have just sent this.
    let owner_until =
        if settings.absence_seconds == old.absence_seconds { room.owner_until } else { settings.owner_until(now) };
    let sweep_at = Room { settings: settings.clone(), owner_until, ..room.clone() }.end().0;
    Some(NewSettings { settings, read_owner_until: room.owner_until, owner_until, sweep_at })
}

/// A new rule about people begins now: those inside have no claims yet.
fn claims_since(old: &Settings, new: &Settings, now: Millis) -> Option<Millis> {
    let begins = (new.max_people.is_some() && old.max_people.is_none()) || (new.unique_names && !old.unique_names);
    let remains = new.max_people.is_some() || new.unique_names;
    if begins { Some(now) } else { old.claims_since.filter(|_| remains) }
}

fn end(seconds: RoomSeconds, now: Millis) -> Millis {
    now + Millis::from(seconds.get()) * 1000
}

fn invalid(message: &str) -> ChatError {
    ChatError::refused(ErrorCode::InvalidField, message)
}
