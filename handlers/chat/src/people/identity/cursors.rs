//! Cursors that clients carry from one page to the next, and cannot make or change.
//!
//! A cursor is a position in the lobby, which nothing in the tables remembers: only a signature tells one that was given
//! out from one that looks like it. The token keys do that without a second secret. What they sign here begins with
//! `cursor` and a space, which is in no token, so that neither can pass for the other.

use jsonwebtoken::Algorithm;
use jsonwebtoken::crypto;

use super::keys::TokenKeys;
use crate::error::{ChatError, Result};

impl TokenKeys {
    /// The position with the name of a key and a signature behind it.
    pub fn sign_cursor(&self, position: &str) -> Result<String> {
        let key = self.current();
        let signature = crypto::sign(message(position).as_bytes(), &key.signing, Algorithm::HS256)
            .map_err(|_| ChatError::Service { doing: "sign a cursor", reason: "no signature".into() })?;
        Ok(format!("{position}.{}.{signature}", key.id))
    }

    /// Whether there is a key to check this cursor with.
    pub fn has_key_for_cursor(&self, cursor: &str) -> bool {
        parts(cursor).is_none_or(|(_, id, _)| self.all().any(|key| key.id == id))
    }

    /// The position that a cursor holds; nothing where it was not given out here.
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
