//! Identity. Every connection without a token is a new guest. A token makes a person the same one again: a guest token,
//! which this stage signed, or a token of the identity provider that it trusts.

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
pub(crate) use self::ids::derived_id;
pub use self::ids::{guest_name, new_guest, random_id};
pub use self::keys::TokenKeys;
pub use self::provider::Provider;
pub use self::published::PublishedKeys;
use crate::error::{ChatError, Result};

/// Tolerated difference between clocks, in seconds.
const CLOCK_SKEW: u64 = 60;

/// How a person proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityKind {
    /// Not at all: a guest for as long as the connection lasts.
    Guest,
    /// By a guest token.
    GuestWithToken,
    /// By a token of the identity provider.
    SignedIn,
}

impl IdentityKind {
    const ALL: [Self; 3] = [Self::Guest, Self::GuestWithToken, Self::SignedIn];

    /// Returns the name under which the authorizer passes the kind on.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::GuestWithToken => "guestWithToken",
            Self::SignedIn => "signedIn",
        }
    }

    /// Returns the kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Checks tokens.
pub struct Identity {
    pub guests: Guests,
    /// Absent if the stage trusts no identity provider.
    pub provider: Option<Provider>,
    /// Whether the stage admits people who did not sign in.
    pub admits_guests: bool,
}

impl Identity {
    /// Refuses a guest if the stage admits none.
    ///
    /// # Errors
    /// `unauthorized`.
    pub fn admit_guest(&self) -> Result<()> {
        let no_guests = || ChatError::refused(ErrorCode::Unauthorized, "sign in: this stage admits no guests");
        if self.admits_guests { Ok(()) } else { Err(no_guests()) }
    }

    /// Gives a guest this name, and a token that proves it: the guest of a guest token, or a new one.
    ///
    /// # Errors
    /// `unauthorized` if the stage admits no guests, or if the token is not valid; `unavailable` if the keys cannot be
    /// read.
    pub async fn start_session(&self, name: String, token: Option<&str>, now: Millis) -> Result<Session> {
        self.admit_guest()?;
        let user_id = match token {
            Some(token) => self.guest(token, now).await?.user_id,
            None => random_id()?,
        };
        self.guests.start_session(Person { user_id, name }, now).await
    }

    /// Returns the guest whom a guest token identifies, even if the stage admits none any more.
    ///
    /// # Errors
    /// Those of [`Identity::identify`].
    pub async fn guest(&self, token: &str, now: Millis) -> Result<Person> {
        if token.len() > TOKEN_BYTES {
            return Err(unauthorized());
        }
        self.guests.person(token, now).await
    }

    /// Returns whom a token identifies, and the kind of token. [`accounts`](crate::people::accounts) knows which person
    /// an account is.
    ///
    /// # Errors
    /// `unauthorized` if the token is not valid here, without the reason; `unavailable` if the keys cannot be read.
    pub async fn identify(&self, token: &str, now: Millis) -> Result<(Person, IdentityKind)> {
        match &self.provider {
            Some(provider) if token.len() <= TOKEN_BYTES && provider.is_claimed_by(token) => {
                Ok((provider.person(token, now).await?, IdentityKind::SignedIn))
            }
            _ => {
                self.admit_guest()?;
                Ok((self.guest(token, now).await?, IdentityKind::GuestWithToken))
            }
        }
    }
}

/// Reads a token's header. Until the signature is checked, it only tells which key and algorithm to try.
fn header_of(token: &str) -> Result<Header> {
    let header = decode_header(token).map_err(|_| unauthorized())?;
    // Extensions that a recipient must understand or reject the token (RFC 7515, section 4.1.11). None are understood
    // here.
    if header.crit.is_some() { Err(unauthorized()) } else { Ok(header) }
}

/// Returns the rules for every token: one algorithm, and times are checked.
fn validation(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.leeway = CLOCK_SKEW;
    validation.validate_nbf = true;
    validation
}

fn unauthorized() -> ChatError {
    ChatError::refused(ErrorCode::Unauthorized, "the token is not valid here, or no longer")
}
