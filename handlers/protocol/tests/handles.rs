//! Handles: identifiers of any script are accepted, with or without `@`; what cannot be told apart shares a key.

#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use parlor_protocol::names::look_alike_key;
use parlor_protocol::text::Handle;
use proptest::prelude::*;

fn handle(text: &str) -> Result<String, String> {
    Handle::try_from(text.to_owned()).map(String::from)
}

#[test]
fn identifiers_of_any_script_are_accepted() {
    for text in [
        "ada",
        "Ada",
        "ada_lovelace",
        "ada.lovelace",
        "ada-lovelace",
        "ada_",
        "a1",
        "1815",
        "1st.programmer",
        "josé",
        "李小龙",
        "山田太郎",
        "Владимир",
        "עדה",
        "علی",
        "अदिति",
        "김민준",
        "می\u{200C}خواهم",
        "क्\u{200C}ष",
        "٣٤",
        "a_._b",
        "adab0t",
    ] {
        assert_eq!(handle(text), Ok(text.to_owned()), "{text:?}");
        assert_eq!(handle(&format!("@{text}")), Ok(text.to_owned()), "@{text:?}");
        assert_eq!(handle(&format!("  @{text}\n")), Ok(text.to_owned()), "{text:?}, trimmed");
    }
    assert_eq!(handle("jose\u{301}"), Ok("josé".to_owned()), "NFC");
}

#[test]
fn anything_else_is_refused() {
    let shape =
        "must consist of letters, digits and _, begin with a letter or digit, and have . and - only between them";
    for text in [
        "@@ada",
        "@ ada",
        "ada lovelace",
        "ada@home",
        "ada/x",
        "ada?",
        "ada#1",
        "ada%20",
        "a:b",
        "a,b",
        "o'brien",
        ".ada",
        "ada.",
        "-ada",
        "ada-",
        "_ada",
        "a..b",
        "a.-b",
        "..",
        "--",
        "__",
        "\u{301}da",
        "👩",
        "ada👍",
        "ada\u{200F}",
        "@.",
        "ａ＠ｂ",
        "x·\u{2060}",
    ] {
        let refused = handle(text).unwrap_err();
        assert!(refused == shape || refused.contains("invisible"), "{text:?}: {refused}");
    }
    for (text, why) in [
        ("", "must have 2 to 32 characters, not 0"),
        ("@", "must have 2 to 32 characters, not 0"),
        ("a", "must have 2 to 32 characters, not 1"),
        ("@a", "must have 2 to 32 characters, not 1"),
        (&"a".repeat(33), "must have 2 to 32 characters, not 33"),
        ("a\u{200B}da", "must not contain the invisible character U+200B"),
        ("a\u{200C}da", "must not contain the invisible character U+200C"),
        ("a\u{202E}da", "must not contain the control character U+202E"),
        ("a\u{0}da", "must not contain the control character U+0000"),
        ("admin", "must not look like Admin"),
        ("@Adm1n", "must not look like Admin"),
        ("bot", "must not look like Bot"),
        ("Ѕуѕtеm", "must not look like System"),
    ] {
        assert_eq!(handle(text), Err(why.to_owned()), "{text:?}");
    }
}

#[test]
fn handles_that_look_alike_share_a_key() {
    for (one, other) in [("ada", "ADA"), ("ada", "аdа"), ("alice", "AIice"), ("al1ce", "alice"), ("modern", "rnodern")]
    {
        assert_eq!(look_alike_key(&handle(one).unwrap()), look_alike_key(&handle(other).unwrap()), "{one} {other}");
    }
    for (one, other) in [("ada", "adah"), ("ada.l", "ada-l"), ("ada.l", "adal"), ("ada_l", "ada-l"), ("josé", "jose")]
    {
        assert_ne!(look_alike_key(&handle(one).unwrap()), look_alike_key(&handle(other).unwrap()), "{one} {other}");
    }
}

#[test]
fn a_key_fits_the_partition_key_of_a_table() {
    let most = (2048 - "handle#".len()) / Handle::MAX;
    let letters = ('\0'..=char::MAX).filter(|c| c.is_alphanumeric());
    let too_long = letters.filter(|c| look_alike_key(&c.to_string()).len() > most);
    let accepted: Vec<_> = too_long.filter(|c| handle(&format!("a{c}")).is_ok()).collect();
    assert!(accepted.is_empty(), "{accepted:?}");
}

proptest! {
    #[test]
    fn any_text_is_refused_or_becomes_a_handle_that_is_accepted_again(text in "@?\\PC{0,34}") {
        if let Ok(handle) = Handle::try_from(text) {
            prop_assert!((Handle::MIN..=Handle::MAX).contains(&handle.as_str().chars().count()));
            prop_assert!(!handle.as_str().starts_with('@'));
            prop_assert_eq!(Handle::try_from(handle.as_str().to_owned()), Ok(handle));
        }
    }
}
