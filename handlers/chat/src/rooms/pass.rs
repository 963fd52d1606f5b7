//! Passwords and passes. Who knows a room's password gets a pass, and joins and reads with that: the password itself is
//! checked by one function only, and its hash is in no row that others read.
//!
//! A pass is a JSON Web Token (HS256) for one room. Its key is in the room's row and changes with the password.

use argon2::password_hash::{PasswordHash, SaltString};
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::RoomPass;
use parlor_protocol::limits::PASS_LIFETIME;
use parlor_protocol::text::Password;
use serde::{Deserialize, Serialize};

use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::millis;
use crate::people::identity::random_id;
use crate::store::{Members, Room, Rooms};

#[derive(Serialize, Deserialize)]
struct Claims {
    /// The room.
    aud: String,
    /// Seconds since 1970.
    exp: u64,
}

/// Exchanges a room's password for a pass. Counts each attempt, right or wrong.
///
/// # Errors
/// `roomNotFound`, `roomClosed`, `invalidField` if the room has no password, `wrongPassword`, `rateLimited`,
/// `unavailable`.
pub async fn create(
    limiter: &Limiter,
    rooms: &Rooms,
    members: &Members,
    address: &str,
    room_id: &str,
    password: &Password,
    now: Millis,
) -> Result<RoomPass> {
    let room = rooms.open(room_id, now).await?;
    let Some(key) = &room.settings.pass_key else {
        return Err(ChatError::refused(ErrorCode::InvalidField, "password: this room has none"));
    };
    limiter.password(room_id, address, now).await?;
    // The hash is read after the key. If the password changes in between, the key is outdated, and so is the pass.
    if !members.password(room_id).await?.is_some_and(|hash| matches(password, &hash)) {
        return Err(ChatError::refused(ErrorCode::WrongPassword, "wrong password"));
    }
    let expires_at = now + millis(PASS_LIFETIME);
    let claims = Claims { aud: room_id.to_owned(), exp: expires_at / 1000 };
    let pass = encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(key.as_bytes()))
        .map_err(|_| ChatError::Service { doing: "sign a pass", reason: "no signature".into() })?;
    Ok(RoomPass { pass, expires_at })
}

/// Checks that a room has no password, or that this is a pass for it.
///
/// # Errors
/// `passRequired`.
pub fn check(room: &Room, pass: Option<&str>, now: Millis) -> Result<()> {
    let Some(key) = &room.settings.pass_key else { return Ok(()) };
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[&room.room_id]);
    validation.set_required_spec_claims(&["exp", "aud"]);
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(key.as_bytes());
    let Some(pass) = pass else { return Err(required("the room has a password: get a pass for it")) };
    match decode::<Claims>(pass, &key, &validation) {
        Ok(pass) if pass.claims.exp > now / 1000 => Ok(()),
        _ => Err(required("this pass is not valid for the room, or no longer: get another for its password")),
    }
}

/// A password's hash, and the key for the passes that it gives.
pub struct NewPassword {
    pub hash: String,
    pub key: String,
}

impl NewPassword {
    /// Hashes a password with argon2id, 19 MiB and two passes, as OWASP's Password Storage Cheat Sheet recommends.
    pub fn new(password: &Password) -> Result<Self> {
        let failed = |reason: &str| ChatError::Service { doing: "hash a password", reason: reason.to_owned() };
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| failed("no random bytes"))?;
        let salt = SaltString::encode_b64(&salt).map_err(|_| failed("no salt"))?;
        let hash = Argon2::default().hash_password(password.as_str().as_bytes(), &salt);
        let hash = hash.map_err(|_| failed("no hash"))?.to_string();
        Ok(Self { hash, key: random_id()? + &random_id()? })
    }
}

/// Compares in constant time.
fn matches(password: &Password, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_str().as_bytes(), &hash).is_ok())
}

fn required(message: &str) -> ChatError {
    ChatError::refused(ErrorCode::PassRequired, message)
}
