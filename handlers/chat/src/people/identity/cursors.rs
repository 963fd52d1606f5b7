//! Signed cursors, and hashed addresses. A cursor is a position in the lobby or in a person's list of conversations. No table remembers the
//! cursors that were issued, so only a signature tells an issued one from a made-up one.
//!
//! The token keys sign them, which saves a second secret. The input of a cursor's signature starts with `cursor` and a
//! space, and no token contains a space, so neither is valid as the other.

use jsonwebtoken::Algorithm;
use jsonwebtoken::crypto;

use super::keys::TokenKeys;
use crate::error::{ChatError, Result};

impl TokenKeys {
    /// Returns the position with the id of a key and a signature appended.
    pub fn sign_cursor(&self, position: &str) -> Result<String> {
        let key = self.current();
        let signature = crypto::sign(message(position).as_bytes(), &key.signing, Algorithm::HS256)
            .map_err(|_| ChatError::Service { doing: "sign a cursor", reason: "no signature".into() })?;
        Ok(format!("{position}.{}.{signature}", key.id))
    }

    /// Returns a hash of an address that only the holder of the current key can make.
    pub fn hash_address(&self, address: &str) -> Result<String> {
        crypto::sign(format!("address {address}").as_bytes(), &self.current().signing, Algorithm::HS256)
            .map_err(|_| ChatError::Service { doing: "hash an address", reason: "no signature".into() })
    }

    /// Whether a cursor can be checked: if not, the keys may have been rotated since they were read.
    pub fn has_key_for_cursor(&self, cursor: &str) -> bool {
        parts(cursor).is_none_or(|(_, id, _)| self.all().any(|key| key.id == id))
    }

    /// Returns a cursor's position, or `None` if the cursor was not issued here.
    pub fn check_cursor<'a>(&self, cursor: &'a str) -> Option<&'a str> {
        let (position, id, signature) = parts(cursor)?;
        let key = self.all().find(|key| key.id == id)?;
        let is_ours = crypto::verify(signature, message(position).as_bytes(), &key.checking, Algorithm::HS256);
        is_ours.unwrap_or(false).then_some(position)
    }
}

fn parts(cursor: &str) -> Option<(&str, &str, &str)> {
    let (rest, signature) = cursor.rsplit_once('.')?;
    let (position, id) = rest.rsplit_once('.')?;
    Some((position, id, signature))
}

fn message(position: &str) -> String {
    format!("cursor {position}")
}
