//! Events as they are delivered: the one just stored, or the one that an earlier attempt stored.

use futures_util::future::try_join;
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::log::{Change, LogEvent, Message};

use super::{Audience, AudienceOf, Recorder};
use crate::error::{ChatError, Result};
use crate::store::{Companion, Entry, Event, Log, LogKey, MessageRow};

impl Recorder<'_> {
    /// Reads the event that an earlier attempt stored, and who learns of it.
    pub(super) async fn replay(
        &self,
        event: &Event,
        key: LogKey<'_>,
        of: AudienceOf<'_>,
        now: Millis,
    ) -> Result<(LogEvent, Audience)> {
        try_join(replayed_event(self.log, event, key), self.audience(key.room_id, of, None, now)).await
    }
}

/// Returns the event that was just stored. A change carries the message in its new state.
pub(super) fn appended_event(entry: Entry, key: LogKey) -> Result<LogEvent> {
    let event = into_wire(entry.event, key)?;
    let changed = entry.companions.into_iter().find_map(|companion| match companion {
        Companion::Message { of, message, .. } => {
            let message = MessageRow { version: Some(key.seq), ..message };
            Some(message.into_wire(LogKey { seq: of, ..key }))
        }
        _ => None,
    });
    Ok(match changed {
        Some(message) => with_message(event, message),
        None => event,
    })
}

/// Reads what the first attempt stored. That attempt may have died before it posted anything, so it is delivered again.
pub(super) async fn replayed_event(log: &Log, event: &Event, key: LogKey<'_>) -> Result<LogEvent> {
    let stored = log.get(key).await?.ok_or_else(event_gone)?;
    if !is_retry_of(event, &stored) {
        let message = "this id was used for something else; choose a new one";
        return Err(ChatError::refused(ErrorCode::IdReused, message));
    }
    let stored = into_wire(stored, key)?;
    if let LogEvent::Change(change) = &stored {
        let of = LogKey { seq: change.of, ..key };
        if let Some(message) = log.message(of).await? {
            return Ok(with_message(stored, message.into_wire(of)));
        }
    }
    Ok(stored)
}

/// Whether an event repeats the stored one. A message that was edited or deleted since no longer has its first text to
/// compare; nor has one whose text the review replaced.
fn is_retry_of(event: &Event, stored: &Event) -> bool {
    match (event, stored) {
        (Event::Message(message), Event::Message(stored)) => {
            let has_changed = stored.edited_at.is_some() || stored.deleted_at.is_some() || stored.replaced;
            message.reply_to == stored.reply_to && (has_changed || message.text == stored.text)
        }
        (Event::Change(change), Event::Change(stored)) => {
            (change.of, change.kind, &change.emoji) == (stored.of, stored.kind, &stored.emoji)
        }
        _ => false,
    }
}

fn into_wire(event: Event, key: LogKey) -> Result<LogEvent> {
    event.into_wire(key).ok_or_else(event_gone)
}

fn with_message(event: LogEvent, message: Message) -> LogEvent {
    match event {
        LogEvent::Change(change) => LogEvent::Change(Change { message: Some(message), ..change }),
        other => other,
    }
}

/// The room was closed or cleared between the two calls. The next attempt is refused, or stored in the new log.
fn event_gone() -> ChatError {
    ChatError::Service { doing: "repeat an event", reason: "it is gone".into() }
}
