//! Cursors: a position in the lobby is valid only as it was signed.

use parlor_chat::now;
use parlor_protocol::error::ErrorCode;

use crate::support::MINUTE;
use crate::{KEY, NEXT_KEY, deployed, rotated};

#[tokio::test]
async fn a_cursor_is_valid_only_as_issued() {
    let (identity, secrets) = deployed(KEY).await;
    let position = "0029395440-k3v9m2x7q4t8w1zc";
    let start = now();
    let cursor = identity.guests.sign_cursor(position, start).await.unwrap();
    assert_eq!(identity.guests.check_cursor(&cursor, start).await.unwrap(), position);

    let (elsewhere, _) = deployed(NEXT_KEY).await;
    let foreign = elsewhere.guests.sign_cursor(position, start).await.unwrap();
    let (_, behind) = cursor.split_once('.').unwrap();
    let (named, signature) = cursor.rsplit_once('.').unwrap();
    for (what, forged) in [
        ("empty", String::new()),
        ("nonsense", "nonsense".into()),
        ("only the position", position.into()),
        ("another position", format!("0029395441-k3v9m2x7q4t8w1zc.{behind}")),
        ("a prefixed position", format!("x.{cursor}")),
        ("without its signature", format!("{named}.")),
        ("truncated", cursor[..cursor.len() - 1].into()),
        ("without the key id", format!("{position}.{signature}")),
        ("from another stage", foreign.clone()),
        ("the other stage's signature", format!("{named}.{}", foreign.rsplit_once('.').unwrap().1)),
        ("a token", identity.start_session("Ada".into(), None, start).await.unwrap().token),
    ] {
        let refused = identity.guests.check_cursor(&forged, start).await.expect_err(what);
        assert_eq!(refused.code(), ErrorCode::InvalidField, "{what}");
    }

    secrets.put(rotated(NEXT_KEY, KEY));
    let later = start + MINUTE;
    assert_eq!(identity.guests.check_cursor(&foreign, later).await.unwrap(), position, "a new key is read");
    assert_eq!(identity.guests.check_cursor(&cursor, later).await.unwrap(), position, "the previous key still counts");
}
