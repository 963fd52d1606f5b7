//! The review of an entry, before its number is drawn.

use futures_util::future::try_join;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::limits::HELD_RETENTION;
use parlor_protocol::moderation::Restriction;
use parlor_protocol::person::Person;
use parlor_protocol::{Millis, Seq};

use super::{Decision, Review, Reviewed, Submission};
use crate::error::{ChatError, Result};
use crate::log::record::Recorder;
use crate::millis;
use crate::store::{Entry, Event, HeldRow, MessageRow, Room};

/// What moderators are told of a message that no reviewer objects to.
const SPAM: &str = "It looks like spam: many links, many mentions, or the same in many rooms";

/// What came of a review that lets an entry be recorded.
pub enum Admitted {
    /// The text to record instead, if it is another one.
    Passed(Option<String>),
    /// An earlier attempt has stored it.
    Stored(Seq),
}

/// Reviews an entry, unless an earlier attempt has stored or held it. Holds it if its author does not moderate the room.
///
/// # Errors
/// `messageRefused`, `held`, `tooManyHeld`, `unavailable`.
pub async fn admit(
    review: &Review,
    recorder: Recorder<'_>,
    room: &Room,
    entry: &Entry,
    now: Millis,
) -> Result<Admitted> {
    let Recorder { log, members, .. } = recorder;
    let (room_id, epoch) = (room.room_id.as_str(), room.epoch.as_str());
    // A change has looked for its own.
    if let (Event::Message(_), Some(key)) = (&entry.event, entry.idempotency_key()) {
        match try_join(log.marker(room_id, epoch, key, now), members.held(room_id, epoch, key)).await? {
            (Some(seq), _) => return Ok(Admitted::Stored(seq)),
            (None, Some(_)) => return Err(held()),
            (None, None) => {}
        }
    }
    let author = author(&entry.event);
    let reply_to = match &entry.event {
        Event::Message(message) => message.reply_to,
        _ => None,
    };
    let submission = Submission { room_id, author: &author, text: entry.text().unwrap_or_default(), reply_to };
    let Reviewed { text, mut decision } = review.review(submission, now).await;
    if decision == Decision::Allow && matches!(&entry.event, Event::Message(MessageRow { is_spam: true, .. })) {
        decision = Decision::Hold(Some(SPAM.to_owned()));
    }
    let reason = match decision {
        Decision::Allow => return Ok(Admitted::Passed(text)),
        Decision::Refuse(explanation) => {
            let restriction = Restriction { until: None, explanation };
            return Err(ChatError::restricted(ErrorCode::MessageRefused, "this is not allowed here", restriction));
        }
        Decision::Hold(reason) => reason,
    };
    let moderates =
        room.owner_id.as_ref() == Some(&author.user_id) || members.status(room_id, &author.user_id).await?.moderator;
    if moderates {
        return Ok(Admitted::Passed(text));
    }
    let Event::Message(message) = &entry.event else {
        return Err(refused("a moderator would have to see this text; delete the message, and send another one"));
    };
    if room.owner_id.is_none() {
        return Err(refused("a moderator would have to see this message, but nobody moderates the room"));
    }
    if members.holds_all(room_id, epoch).await? {
        let message = "too many messages wait for the room's moderators; try again later";
        return Err(ChatError::refused(ErrorCode::TooManyHeld, message));
    }
    let replaced = text.is_some();
    let text = text.unwrap_or_else(|| message.text.clone());
    let message = MessageRow { text, replaced, ..message.clone() };
    let ttl = (now + millis(HELD_RETENTION)) / 1000;
    members.hold(room_id, &HeldRow { epoch: epoch.to_owned(), ttl, reason, message }).await?;
    Err(held())
}

/// Returns the author of an entry, as reviewers are told.
fn author(event: &Event) -> Person {
    match event {
        Event::Message(message) => message.author(),
        Event::Change(change) => Person { user_id: change.user_id.clone(), name: change.name.clone() },
        Event::Notice(_) | Event::Void(_) => Person { user_id: event.author().to_owned(), name: String::new() },
    }
}

fn held() -> ChatError {
    ChatError::refused(ErrorCode::Held, "a moderator decides whether this message appears; do not send it again")
}

fn refused(reason: &str) -> ChatError {
    ChatError::refused(ErrorCode::MessageRefused, reason)
}
