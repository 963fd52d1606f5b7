//! Who somebody is. A guest is whoever connects; with a token, signed by this stage, they are the same one again.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Session;
use parlor_protocol::limits::GUEST_TOKEN;
use parlor_protocol::person::Person;
use serde::{Deserialize, Serialize};

use crate::error::{ChatError, Result};
use crate::millis;

/// Letters and digits that are hard to mistake for each other when read aloud: 32 of them, five bits each.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Sixteen of them are 80 bits: nobody guesses the link of an unlisted room.
const ID_LENGTH: usize = 16;

/// A new identifier of sixteen letters and digits that cannot be guessed.
pub fn random_id() -> Result<String> {
    let mut bytes = [0; ID_LENGTH];
    getrandom::fill(&mut bytes)
        .map_err(|error| ChatError::Service { doing: "draw random bytes", reason: error.to_string() })?;
    Ok(bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32))).map(|&letter| char::from(letter)).collect())
}

/// Somebody who came without a token: nobody has been them before.
pub fn stranger() -> Result<Person> {
    let user_id = random_id()?;
    let digits = user_id.bytes().fold(0u32, |sum, byte| (sum * 31 + u32::from(byte)) % 10_000);
    Ok(Person { name: format!("Guest {digits:04}"), user_id })
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    name: String,
    /// The stage: a token of another one is foreign.
    aud: String,
    /// Seconds since 1970, as JSON Web Tokens have it.
    exp: u64,
}

/// Signs and checks guest tokens: JSON Web Tokens with HS256.
pub struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
    stage: String,
}

impl Tokens {
    pub fn new(key: &[u8], stage: impl Into<String>) -> Self {
        Self { signing: EncodingKey::from_secret(key), checking: DecodingKey::from_secret(key), stage: stage.into() }
    }

    /// A new person of this name, with the token that proves it.
    pub fn start_session(&self, name: String, now: Millis) -> Result<Session> {
        let expires_at = now + millis(GUEST_TOKEN);
        let user_id = random_id()?;
        let claims =
            Claims { sub: user_id.clone(), name: name.clone(), aud: self.stage.clone(), exp: expires_at / 1000 };
        let token = encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
            .map_err(|_| ChatError::Service { doing: "sign a token", reason: "no signature".into() })?;
        Ok(Session { token, user_id, name, expires_at })
    }

    /// Whom a token proves.
    ///
    /// # Errors
    /// `unauthorized` for whatever is not a valid token of this stage; it is not told why.
    pub fn check(&self, token: &str) -> Result<Person> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[&self.stage]);
        validation.set_required_spec_claims(&["exp", "aud", "sub"]);
        decode::<Claims>(token, &self.checking, &validation)
            .map(|token| Person { user_id: token.claims.sub, name: token.claims.name })
            .map_err(|_| ChatError::refused(ErrorCode::Unauthorized, "the token is not valid here, or no longer"))
    }
}
