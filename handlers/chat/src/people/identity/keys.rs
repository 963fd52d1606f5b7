//! The keys of guest tokens, which are JSON Web Tokens with HS256. The current key signs; the previous one is still
//! accepted.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, decode, encode};
use parlor_protocol::person::Person;
use serde::{Deserialize, Serialize};

use super::ids::derived_id;
use super::{header_of, unauthorized, validation};
use crate::error::{ChatError, Result};
use crate::secret::Pair;

pub(super) const READING: &str = "read the token keys";

/// The claims of a guest token.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    pub sub: String,
    pub name: String,
    /// The stage: a token of another stage is not valid.
    pub aud: String,
    /// Seconds since 1970.
    pub exp: u64,
}

pub struct TokenKeys {
    current: Key,
    previous: Option<Key>,
}

pub(super) struct Key {
    /// The name by which tokens refer to the key: a hash that reveals nothing about it.
    pub id: String,
    pub signing: EncodingKey,
    pub checking: DecodingKey,
}

impl TokenKeys {
    /// Parses the secret: a bare key, as a deployment generates it, or `{current, previous?}`.
    ///
    /// # Errors
    /// `unavailable`; the reason quotes nothing of the secret.
    pub fn parse(secret: &str) -> Result<Self> {
        let Pair { current, previous } = Pair::parse(READING, secret)?;
        Ok(Self { current: Key::new(&current), previous: previous.as_deref().map(Key::new) })
    }

    /// Whether a token can be checked: if not, the keys may have been rotated since they were read.
    pub fn has_key_for(&self, token: &str) -> bool {
        match header_of(token) {
            Ok(Header { alg: Algorithm::HS256, kid: Some(kid), .. }) => self.all().any(|key| key.id == kid),
            _ => true,
        }
    }

    pub(super) fn sign(&self, claims: &Claims) -> Result<String> {
        let header = Header { kid: Some(self.current.id.clone()), ..Header::new(Algorithm::HS256) };
        encode(&header, claims, &self.current.signing)
            .map_err(|_| ChatError::Service { doing: "sign a token", reason: "no signature".into() })
    }

    /// Returns the person whom a token of this stage identifies.
    ///
    /// # Errors
    /// `unauthorized` if the token is not a valid one of this stage, without the reason.
    pub fn check(&self, token: &str, stage: &str) -> Result<Person> {
        let mut validation = validation(Algorithm::HS256);
        validation.set_audience(&[stage]);
        validation.set_required_spec_claims(&["exp", "aud", "sub"]);
        let header = header_of(token)?;
        // A token that is older than key ids names no key.
        let mut named = self.all().filter(|key| header.kid.as_ref().is_none_or(|kid| *kid == key.id));
        named
            .find_map(|key| decode::<Claims>(token, &key.checking, &validation).ok())
            .map(|token| Person { user_id: token.claims.sub, name: token.claims.name })
            .ok_or_else(unauthorized)
    }

    pub(super) fn current(&self) -> &Key {
        &self.current
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Key> {
        [&self.current].into_iter().chain(&self.previous)
    }
}

impl Key {
    fn new(key: &str) -> Self {
        let key = key.as_bytes();
        Self {
            id: derived_id("token key", &[key]),
            signing: EncodingKey::from_secret(key),
            checking: DecodingKey::from_secret(key),
        }
    }
}
