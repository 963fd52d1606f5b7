//! Guest tokens: this stage signs and checks them with keys from Secrets Manager. A guest with a token stays the same
//! person across connections.

use aws_sdk_secretsmanager::Client;
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Session;
use parlor_protocol::limits::GUEST_TOKEN_LIFETIME;
use parlor_protocol::person::Person;

use super::keys::{Claims, READING, TokenKeys};
use crate::error::{ChatError, Result};
use crate::millis;
use crate::secret::Secret;

/// Signs and checks guest tokens and cursors.
pub struct Guests {
    keys: Secret<TokenKeys>,
    stage: String,
}

impl Guests {
    /// `secret_id` names the secret that holds the keys.
    pub fn new(secrets: Client, secret_id: String, stage: String) -> Self {
        Self { keys: Secret::new(secrets, secret_id, READING, TokenKeys::parse), stage }
    }

    /// Issues a token that proves that somebody is this guest.
    ///
    /// # Errors
    /// `unavailable` if the keys cannot be read.
    pub async fn start_session(&self, Person { user_id, name }: Person, now: Millis) -> Result<Session> {
        let keys = self.keys.get(now, |_| true).await?;
        let expires_at = now + millis(GUEST_TOKEN_LIFETIME);
        let token = keys.sign(&Claims {
            sub: user_id.clone(),
            name: name.clone(),
            aud: self.stage.clone(),
            exp: expires_at / 1000,
        })?;
        Ok(Session { token, user_id, name, expires_at })
    }

    /// Returns the person whom a guest token identifies.
    ///
    /// # Errors
    /// `unauthorized`; `unavailable` if the keys cannot be read.
    pub async fn person(&self, token: &str, now: Millis) -> Result<Person> {
        let keys = self.keys.get(now, |keys| keys.has_key_for(token)).await?;
        keys.check(token, &self.stage)
    }

    /// Returns a keyed hash of an address: the same for the same address, until the key is rotated.
    pub async fn hash_address(&self, address: &str, now: Millis) -> Result<String> {
        self.keys.get(now, |_| true).await?.hash_address(address)
    }

    /// Returns a signed cursor for a position in the lobby.
    pub async fn sign_cursor(&self, position: &str, now: Millis) -> Result<String> {
        self.keys.get(now, |_| true).await?.sign_cursor(position)
    }

    /// Returns a cursor's position.
    ///
    /// # Errors
    /// `invalidField` if this stage did not issue the cursor; `unavailable` if the keys cannot be read.
    pub async fn check_cursor(&self, cursor: &str, now: Millis) -> Result<String> {
        let keys = self.keys.get(now, |keys| keys.has_key_for_cursor(cursor)).await?;
        let position = keys.check_cursor(cursor).map(str::to_owned);
        let not_ours = || ChatError::refused(ErrorCode::InvalidField, "cursor: not issued by this API");
        position.ok_or_else(not_ours)
    }
}
