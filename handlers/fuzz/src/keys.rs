//! An identity provider's key set, and the secret with the keys of guest tokens.

use parlor_chat::people::identity::{PublishedKeys, TokenKeys};

use crate::signers::{AUDIENCE, ISSUER, SIGNED};

pub fn read(data: &[u8]) {
    if let Ok(keys) = serde_json::from_slice::<PublishedKeys>(data) {
        for token in SIGNED.iter() {
            let _ = keys.check(token, ISSUER, AUDIENCE);
        }
    }
    if let Ok(keys) = TokenKeys::parse(&String::from_utf8_lossy(data)) {
        let cursor = keys.sign_cursor("0029395440-k3v9m2x7q4t8w1zc").unwrap();
        assert!(keys.check_cursor(&cursor).is_some());
    }
}
