//! Keys in Secrets Manager. The deployment generates them. Functions read them at run time, because they may
//! be rotated.

use std::sync::Arc;

use aws_sdk_secretsmanager::Client;
use parlor_protocol::Millis;
use serde::Deserialize;

use crate::cached::Cached;
use crate::error::{ChatError, Result};

/// How long a key is accepted after it was removed from its secret.
const AGE: Millis = 5 * 60 * 1000;
/// As long as the output of HS256, as RFC 7518, section 3.2 requires.
const KEY_BYTES: usize = 32;

/// The keys in one secret.
pub struct Secret<T> {
    cache: Cached<T>,
    client: Client,
    id: String,
    /// What failed if reading fails, such as `read the token keys`.
    doing: &'static str,
    parse: fn(&str) -> Result<T>,
}

impl<T> Secret<T> {
    pub fn new(client: Client, id: String, doing: &'static str, parse: fn(&str) -> Result<T>) -> Self {
        Self { cache: Cached::new(AGE), client, id, doing, parse }
    }

    /// Returns the keys. If they do not satisfy `suffices`, they may have been rotated: see [`Cached::get`].
    ///
    /// # Errors
    /// `unavailable` if they cannot be read.
    pub async fn get(&self, now: Millis, suffices: impl Fn(&T) -> bool) -> Result<Arc<T>> {
        self.cache.get(now, suffices, async || self.read().await).await
    }

    async fn read(&self) -> Result<T> {
        let request = self.client.get_secret_value().secret_id(&self.id);
        let secret = request.send().await.map_err(ChatError::service(self.doing))?;
        (self.parse)(secret.secret_string().unwrap_or_default())
    }
}

/// A key, and the previous one while that is still accepted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    pub current: String,
    pub previous: Option<String>,
}

impl Pair {
    /// Parses a secret: a bare key or `{current, previous?}`.
    ///
    /// # Errors
    /// `unavailable`; the reason quotes nothing of the secret.
    pub fn parse(doing: &'static str, secret: &str) -> Result<Self> {
        let unusable = |reason: &str| ChatError::Service { doing, reason: reason.into() };
        let pair = if secret.trim_start().starts_with('{') {
            serde_json::from_str(secret).map_err(|_| unusable("it is not {current, previous?}"))?
        } else {
            Self { current: secret.to_owned(), previous: None }
        };
        let is_short = pair.all().any(|key| key.len() < KEY_BYTES);
        if is_short { Err(unusable("a key has fewer than 32 bytes")) } else { Ok(pair) }
    }

    pub fn all(&self) -> impl Iterator<Item = &String> {
        [&self.current].into_iter().chain(&self.previous)
    }
}
