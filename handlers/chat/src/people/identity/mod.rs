//! Who somebody is. A guest is whoever connects; with a token they are the same one again: one that this stage signed, or
//! one of the identity provider that it trusts.

mod cursors;
mod fetch;
mod guests;
mod ids;
mod keys;
mod provider;
mod published;

use jsonwebtoken::{Algorithm, Header, Validation, decode_header};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Session;
use parlor_protocol::limits::TOKEN_BYTES;
use parlor_protocol::person::Person;

pub use self::guests::Guests;
pub use self::ids::{new_guest, random_id};
pub use self::keys::TokenKeys;
pub use self::provider::Provider;
pub use self::published::PublishedKeys;
use crate::error::{ChatError, Result};

/// For clocks that differ, in seconds.
const CLOCK_SKEW: u64 = 60;

/// Tells whom tokens prove.
pub struct Identity {
    pub guests: Guests,
    /// Where people may sign in, if anywhere.
    pub provider: Option<Provider>,
}

impl Identity {
    /// A new person of this name, with the token that proves it.
    pub async fn start_session(&self, name: String, now: Millis) -> Result<Session> {
        self.guests.start_session(name, now).await
    }

    /// Whom a token proves.
    ///
    /// # Errors
    /// `unauthorized` for whatever is not a valid token here; it is not told why. `unavailable` when keys cannot be read.
    pub async fn person(&self, token: &str, now: Millis) -> Result<Person> {
        if token.len() > TOKEN_BYTES {
            return Err(unauthorized());
        }
        match &self.provider {
            Some(provider) if provider.is_claimed_by(token) => provider.person(token, now).await,
            _ => self.guests.person(token, now).await,
        }
    }
}

/// A token's header, of which nothing is believed but which key and algorithm to try.
fn header_of(token: &str) -> Result<Header> {
    let header = decode_header(token).map_err(|_| unauthorized())?;
    // It lists extensions without which the token must not be understood, RFC 7515, section 4.1.11: none are known here.
    if header.crit.is_some() { Err(unauthorized()) } else { Ok(header) }
}

/// What holds for every token, whoever signed it: times are checked, and so is the one algorithm.
fn validation(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.leeway = CLOCK_SKEW;
    validation.validate_nbf = true;
    validation
}

fn unauthorized() -> ChatError {
    ChatError::refused(ErrorCode::Unauthorized, "the token is not valid here, or no longer")
}
