//! Lobby cursors: only those that were issued, byte for byte, are accepted.

use parlor_chat::store::rank_activity;

use crate::signers::{guest_keys, previous_guest_keys};

pub fn read(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let keys = guest_keys();
    keys.has_key_for_cursor(&text);
    if let Some(position) = keys.check_cursor(&text) {
        let issued = [keys, previous_guest_keys()].map(|keys| keys.sign_cursor(position).unwrap());
        assert!(issued.contains(&text.clone().into_owned()), "accepted a forged cursor");
        check_rank(position);
    }
    check_rank(&text);
    let cursor = keys.sign_cursor(&text).unwrap();
    assert!(keys.has_key_for_cursor(&cursor));
    assert_eq!(keys.check_cursor(&cursor), Some(&*text));
}

/// Checks that a position begins with its minute, which orders the lobby.
fn check_rank(position: &str) {
    if let Some(at) = rank_activity(position) {
        assert!(position.starts_with(&format!("{:010}-", at / 60_000)));
    }
}
