//! Parsing: invalid frames are refused with a code and a message, and no input causes a panic.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

use parlor_protocol::blank::is_blank;
use parlor_protocol::client::{FrameError, History, Join, Ping, Send, parse, parse_body, unknown_action_error};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::{NewPass, NewRoom, RoomUpdate};
use parlor_protocol::text::Topic;
use proptest::prelude::*;

fn refused(body: &str) -> FrameError {
    parse::<Send>(body).expect_err(body)
}

#[test]
fn each_kind_of_invalid_frame_has_its_code() {
    let long = |n: usize| format!(r#"{{"action":"send","room":"r","id":"1","text":"{}"}}"#, "x".repeat(n));
    let table = [
        ("not JSON", "hello".into(), ErrorCode::BadFrame),
        ("empty", String::new(), ErrorCode::BadFrame),
        ("a list", "[1]".into(), ErrorCode::BadFrame),
        ("a string", r#""send""#.into(), ErrorCode::BadFrame),
        ("truncated", r#"{"action":"send""#.into(), ErrorCode::BadFrame),
        ("nested too deeply", "[".repeat(1000), ErrorCode::BadFrame),
        ("a lone surrogate", r#"{"action":"send","room":"r","id":"1","text":"\ud800"}"#.into(), ErrorCode::BadFrame),
        (
            "a byte order mark",
            "\u{FEFF}{\"action\":\"send\",\"room\":\"r\",\"id\":\"1\",\"text\":\"hi\"}".into(),
            ErrorCode::BadFrame,
        ),
        (
            "a duplicate field",
            r#"{"action":"send","room":"r","id":"1","text":"hi","text":"ho"}"#.into(),
            ErrorCode::BadFrame,
        ),
        (
            "a duplicate action",
            r#"{"action":"join","action":"send","room":"r","id":"1","text":"hi"}"#.into(),
            ErrorCode::BadFrame,
        ),
        (
            "a duplicate field, once escaped",
            r#"{"action":"send","room":"r","id":"1","text":"hi","\u0074ext":"ho"}"#.into(),
            ErrorCode::BadFrame,
        ),
        ("trailing data", r#"{"action":"send","room":"r","id":"1","text":"hi"}{}"#.into(), ErrorCode::BadFrame),
        ("a number out of range", r#"{"action":"send","room":"r","id":"1","text":1e999}"#.into(), ErrorCode::BadFrame),
        ("20 KB", long(20_000), ErrorCode::FrameTooLarge),
        ("no action", r#"{"room":"r","id":"1","text":"hi"}"#.into(), ErrorCode::UnknownAction),
        ("an unknown action", r#"{"action":"shout","room":"r","id":"1","text":"hi"}"#.into(), ErrorCode::UnknownAction),
        ("a number as room", r#"{"action":"send","room":1,"id":"1","text":"hi"}"#.into(), ErrorCode::InvalidField),
        ("no id", r#"{"action":"send","room":"r","text":"hi"}"#.into(), ErrorCode::InvalidField),
        (
            "an unknown field",
            r#"{"action":"send","room":"r","id":"1","text":"hi","to":"x"}"#.into(),
            ErrorCode::InvalidField,
        ),
        ("an empty text", r#"{"action":"send","room":"r","id":"1","text":""}"#.into(), ErrorCode::InvalidField),
        (
            "a text of white space",
            r#"{"action":"send","room":"r","id":"1","text":" \n\t"}"#.into(),
            ErrorCode::InvalidField,
        ),
        (
            "a text of blank characters",
            r#"{"action":"send","room":"r","id":"1","text":"\u200b\u2800"}"#.into(),
            ErrorCode::InvalidField,
        ),
        ("4,001 characters", long(4_001), ErrorCode::InvalidField),
    ];
    for (what, body, code) in table {
        assert_eq!(refused(&body).code, code, "{what}");
    }
}

#[test]
fn a_text_of_4000_four_byte_characters_fits_a_frame() {
    let text = "\u{1F469}".repeat(4000);
    let frame = format!(r#"{{"action":"send","room":"r","id":"1","text":"{text}"}}"#);
    let (send, _) = parse::<Send>(&frame).unwrap();
    assert_eq!(send.text.as_str(), text);
}

#[test]
fn an_error_names_the_field_and_repeats_the_id() {
    let error = refused(r#"{"action":"send","room":"r","id":"m7","text":7}"#);
    assert_eq!(error.id.unwrap().as_str(), "m7");
    assert!(error.message.starts_with("text: "), "{}", error.message);
    let error = parse::<Join>(r#"{"action":"join","room":"r","since":{"epoch":"e"},"id":"m8"}"#).unwrap_err();
    assert!(error.message.contains("since") && error.message.contains("seq"), "{}", error.message);
    let error = unknown_action_error(r#"{"action":"shout","id":"m9"}"#);
    assert_eq!((error.code, error.id.unwrap().as_str()), (ErrorCode::UnknownAction, "m9"));
    assert!(error.message.contains("join"), "the message lists the actions: {}", error.message);
}

#[test]
fn names_are_trimmed_normalized_and_on_one_line() {
    let name = |name: &str| {
        let body = serde_json::json!({ "action": "join", "room": "r", "name": name }).to_string();
        parse::<Join>(&body).map(|(join, _)| join.name.unwrap().as_str().to_owned())
    };
    assert_eq!(name("  Ada  ").unwrap(), "Ada");
    assert_eq!(name("Jose\u{301}").unwrap(), "Jos\u{e9}");
    assert_eq!(name(&"\u{1F600}".repeat(32)).unwrap().chars().count(), 32);
    let too_long = "x".repeat(33);
    for bad in ["", "   ", "a\nb", "a\u{0}b", "a\u{202E}b", "a\u{2066}b", "a\u{2028}b", too_long.as_str()] {
        assert_eq!(name(bad).unwrap_err().code, ErrorCode::InvalidField, "{bad:?}");
    }
}

#[test]
fn numbers_are_non_negative_integers() {
    let after = |number: &str| {
        let frame = format!(r#"{{"action":"history","room":"r","after":{number}}}"#);
        parse::<History>(&frame).map(|(history, _)| history.after).map_err(|error| error.code)
    };
    assert_eq!(after("0"), Ok(Some(0)));
    assert_eq!(after("9007199254740991"), Ok(Some(9_007_199_254_740_991)));
    assert_eq!(after("null"), Ok(None));
    for wrong in ["-1", "1.5", "1e3", "18446744073709551616", "\"1\"", "true", "[1]"] {
        assert_eq!(after(wrong), Err(ErrorCode::InvalidField), "{wrong}");
    }
    for not_json in ["+1", "01", "1.", "0x1", "NaN", "1e999"] {
        assert_eq!(after(not_json), Err(ErrorCode::BadFrame), "{not_json}");
    }
}

#[test]
fn the_error_mentions_a_byte_order_mark() {
    assert!(refused("\u{FEFF}{}").message.contains("byte order mark"));
}

#[test]
fn an_update_distinguishes_null_from_an_absent_field() {
    let update = |body: &str| parse_body::<RoomUpdate>(body);
    let topic = |text: &str| Topic::try_from(text.to_owned()).ok();
    assert_eq!(update("{}").unwrap(), RoomUpdate::default());
    assert_eq!(update(r#"{"topic":null}"#).unwrap().topic, Some(None));
    assert_eq!(update(r#"{"topic":"T"}"#).unwrap().topic, Some(topic("T")));
    assert_eq!(update(r#"{"topic":"\u200b"}"#).unwrap().topic, Some(topic("")));
    let (code, message) = update(r#"{"name":null,"topic":"T"}"#).unwrap_err();
    assert_eq!(code, ErrorCode::InvalidField, "a name cannot be removed");
    let seconds =
        |body: &str| update(body).map(|update| update.expires_in_seconds.map(|seconds| seconds.map(u32::from)));
    assert_eq!(seconds(r#"{"expiresInSeconds":null}"#), Ok(Some(None)));
    assert_eq!(seconds(r#"{"expiresInSeconds":60}"#), Ok(Some(Some(60))));
    assert_eq!(seconds("{}"), Ok(None));
    assert!(message.starts_with("name: "), "{message}");
}

#[test]
fn rules_out_of_range_are_refused_with_the_name_of_their_field() {
    let refused = |field: &str, value: &str| {
        let room = parse_body::<NewRoom>(&format!(r#"{{"name":"R","{field}":{value}}}"#));
        assert!(
            matches!(&room, Err((ErrorCode::InvalidField, message)) if message.starts_with(&format!("{field}: "))),
            "{field} {value}: {room:?}"
        );
        assert!(parse_body::<RoomUpdate>(&format!(r#"{{"{field}":{value}}}"#)).is_err(), "{field} {value}");
    };
    for (field, least, most) in [
        ("expiresInSeconds", 60_u32, 2_592_000_u32),
        ("maxPeople", 2, 1_000),
        ("endsWithoutOwnerAfterSeconds", 30, 86_400),
    ] {
        for wrong in
            [(least - 1).to_string(), (most + 1).to_string(), "-1".into(), "1.5".into(), "\"60\"".into(), "1e99".into()]
        {
            refused(field, &wrong);
        }
        for right in [least, most] {
            parse_body::<NewRoom>(&format!(r#"{{"name":"R","{field}":{right}}}"#)).unwrap();
        }
    }
    refused("password", "\"7 chars\"");
    refused("password", &format!("\"{}\"", "x".repeat(129)));
    refused("uniqueNames", "null");
}

#[test]
fn a_password_is_the_same_however_a_keyboard_composes_it() {
    let password = |text: &str| parse_body::<NewPass>(&format!(r#"{{"password":"{text}"}}"#)).unwrap();
    assert_eq!(password("caf\u{e9} noir"), password("cafe\u{301} noir"));
}

proptest! {
    #[test]
    fn parsing_never_panics_on_text(body in ".{0,200}") {
        let _ = parse::<Send>(&body);
        let _ = parse::<Ping>(&body);
        unknown_action_error(&body);
    }

    #[test]
    fn parsing_never_panics_on_objects(
        action in "join|send|history|ping|x",
        field in "room|id|text|before|since|limit",
        value in "-?[0-9]{1,25}|null|\"[^\"\\\\]{0,80}\"|\\{\\}|\\[\\]|[0-9]e[0-9]{1,3}",
    ) {
        let body = format!(r#"{{"action":"{action}","room":"r","id":"1","text":"t","{field}":{value}}}"#);
        let _ = parse::<Send>(&body);
        let _ = parse::<Join>(&body);
        let _ = parse::<History>(&body);
    }

    #[test]
    fn a_text_is_kept_exactly(text in "\\PC{1,100}") {
        prop_assume!(!is_blank(&text));
        let body = serde_json::json!({ "action": "send", "room": "r", "id": "1", "text": text }).to_string();
        let (send, id) = parse::<Send>(&body).unwrap();
        prop_assert_eq!(send.text.as_str(), text);
        prop_assert_eq!(String::from(id.unwrap()), "1");
    }
}
