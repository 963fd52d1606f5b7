//! Telling a webhook a message of its room: `send` passes on where the message is, and a function of its own reads the
//! message and signs it. What is posted, and how it is signed, is what the Standard Webhooks specification says:
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures_util::future::try_join;
use hmac::{Hmac, Mac};
use parlor_protocol::conversations::is_conversation;
use parlor_protocol::log::LogEvent;
use parlor_protocol::{Millis, Seq};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::error::{ChatError, Result};
use crate::log::record::{Recorded, Recorder};
use crate::moderation::admission;
use crate::people::identity::derived_id;
use crate::store::{Event, LogKey, Told};

/// What secrets begin with that sign webhooks.
pub const KEY_PREFIX: &str = "whsec_";
const KEY_BYTES: usize = 32;
const DOING: &str = "tell a webhook";

/// A message that a webhook is to be told: where it is. Its text stays in the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct News {
    pub room: String,
    pub epoch: String,
    pub seq: Seq,
    /// The webhook's id, as a bot.
    pub hook: String,
}

/// What is posted to a webhook's address.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    pub url: String,
    /// The same whenever the message is told to this webhook.
    pub id: String,
    pub body: String,
    key: String,
}

/// Returns what webhooks are to be told of an event that `send` has recorded. Bots and webhooks do not send, so that no two
/// programs talk to each other for ever.
pub fn news(recorded: &Recorded) -> Vec<News> {
    let Recorded::Event { event: LogEvent::Message(message), settings, .. } = recorded else { return Vec::new() };
    // A retry sees the message as it is now. Only what was sent is told.
    if message.edited_at.is_some() {
        return Vec::new();
    }
    let of = |hook: String| News { room: message.room.clone(), epoch: message.epoch.clone(), seq: message.seq, hook };
    settings.told().into_iter().map(|told| of(told.user_id)).collect()
}

/// Reads what a webhook is to be told, unless the room is over or was cleared, the message was deleted, or the webhook was
/// removed or banned.
///
/// # Errors
/// `unavailable`.
pub async fn letter(recorder: Recorder<'_>, news: &News, now: Millis) -> Result<Option<Letter>> {
    let News { room: room_id, epoch, seq, hook } = news;
    if is_conversation(room_id) {
        return Ok(None);
    }
    let key = LogKey { room_id, epoch, seq: *seq };
    let (room, message) = try_join(recorder.rooms.if_open(room_id, now), recorder.log.message(key)).await?;
    let (Some(room), Some(message)) = (room, message) else { return Ok(None) };
    let listed = room.settings.hooks.iter().find(|key| key.user_id == *hook);
    let Some(Told { url, key: signing, .. }) = listed.and_then(|key| key.told.as_ref()) else { return Ok(None) };
    if room.epoch != *epoch || message.deleted_at.is_some() {
        return Ok(None);
    }
    if admission::status(recorder.members, &room, hook).await?.ban(now).is_some() {
        return Ok(None);
    }
    let event = Event::Message(message).into_wire(key);
    let body = serde_json::to_string(&event).map_err(|_| failed("message not written"))?;
    let id = derived_id("news", &[hook.as_bytes(), epoch.as_bytes(), &seq.to_be_bytes()]);
    Ok(Some(Letter { url: url.clone(), id, body, key: signing.clone() }))
}

impl Letter {
    /// Returns the header `webhook-signature` of a letter that is posted at this time, in seconds since 1970.
    ///
    /// # Errors
    /// `unavailable` if the key is not one.
    pub fn signature(&self, timestamp: u64) -> Result<String> {
        let key = BASE64_STANDARD.decode(&self.key).map_err(|_| failed("no key"))?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| failed("no key"))?;
        mac.update(format!("{}.{timestamp}.{}", self.id, self.body).as_bytes());
        Ok(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
    }
}

/// Returns a new key, in Base64.
pub fn new_key() -> Result<String> {
    let mut bytes = [0; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| failed("no random bytes"))?;
    Ok(BASE64_STANDARD.encode(bytes))
}

fn failed(reason: &str) -> ChatError {
    ChatError::Service { doing: DOING, reason: reason.into() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_of_the_specifications_example() {
        let letter = Letter {
            url: String::new(),
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek".into(),
            body: r#"{"test": 2432232314}"#.into(),
            key: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into(),
        };
        assert_eq!(letter.signature(1_614_265_330).unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_key_is_as_long_as_the_specification_says_and_never_the_same() {
        let key = new_key().unwrap();
        assert_eq!(BASE64_STANDARD.decode(&key).unwrap().len(), KEY_BYTES);
        assert_ne!(new_key().unwrap(), key);
    }
}
