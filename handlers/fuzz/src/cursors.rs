//! Positions in the lobby that clients carry: none is believed that was not given out, letter by letter.

use parlor_chat::store::rank_activity;

use crate::signers::{guest_keys, previous_guest_keys};

pub fn read(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let keys = guest_keys();
    keys.has_key_for_cursor(&text);
    if let Some(position) = keys.check_cursor(&text) {
        let given_out = [keys, previous_guest_keys()].map(|keys| keys.sign_cursor(position).unwrap());
        assert!(given_out.contains(&text.clone().into_owned()), "a cursor that nobody gave out");
        activity(position);
    }
    activity(&text);
    let cursor = keys.sign_cursor(&text).unwrap();
    assert!(keys.has_key_for_cursor(&cursor));
    assert_eq!(keys.check_cursor(&cursor), Some(&*text));
}

/// A position begins with its minute, by which positions are in order.
fn activity(position: &str) {
    if let Some(at) = rank_activity(position) {
        assert!(position.starts_with(&format!("{:010}-", at / 60_000)));
    }
}
