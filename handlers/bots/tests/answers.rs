//! How a message finds its reply.

#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use std::fs;
use std::path::Path;

use parlor_bots::{Answers, Because};
use proptest::prelude::*;
use serde_json::{Value, json};

fn answers(file: &Value) -> Answers {
    Answers::parse(&file.to_string()).unwrap()
}

fn hotel() -> Answers {
    let english = json!([
        { "patterns": ["hello *"], "replies": ["Hello.", "Hi."] },
        { "patterns": ["from * to *"], "replies": ["A trip."] },
        { "examples": ["room"], "replies": ["We have rooms."] },
        { "examples": ["book room"], "replies": ["Booked."] },
        { "examples": ["room book"], "replies": ["Never."] },
    ]);
    let german = json!([{ "examples": ["zimmer buchen", "straße"], "replies": ["Gebucht."] }]);
    answers(&json!({ "languages": [
        { "language": "en", "answers": english, "fallback": "Pardon?" },
        { "language": "de", "answers": german, "fallback": "Wie bitte?" },
    ] }))
}

fn said(message: &str) -> String {
    hotel().reply(message, &["Front Desk", "desk"], 0).text.to_owned()
}

#[test]
fn a_pattern_matches_the_whole_message_and_its_asterisk_any_words() {
    for message in ["hello", "Hello, you two!", "HELLO 👋", "ｈｅｌｌｏ there"] {
        assert_eq!(said(message), "Hello.", "{message}");
    }
    for message in ["from Rome to Paris", "from to", "From: here. To: there and back"] {
        assert_eq!(said(message), "A trip.", "{message}");
    }
    for message in ["well, hello", "hellos", "to Rome from Paris"] {
        assert_eq!(said(message), "Pardon?", "{message}");
    }
}

#[test]
fn an_example_matches_a_message_with_all_its_words_in_any_order() {
    assert_eq!(said("Is there a ROOM that I can book?"), "Booked.");
    assert_eq!(said("Bitte ein Zimmer buchen"), "Gebucht.");
    assert_eq!(said("bookroom"), "Pardon?");
}

#[test]
fn the_example_with_the_most_words_decides_and_of_equal_ones_the_first() {
    assert_eq!(said("a room"), "We have rooms.");
    assert_eq!(said("room, book, room"), "Booked.");
}

#[test]
fn a_pattern_comes_before_examples() {
    assert_eq!(said("hello, book a room"), "Hello.");
}

#[test]
fn the_fallback_is_of_the_language_that_has_the_most_of_the_words() {
    assert_eq!(said("Ein Zimmer?"), "Wie bitte?");
    assert_eq!(said("?!"), "Pardon?");
    assert_eq!(hotel().reply("nothing", &[], 0).because, Because::Fallback);
}

#[test]
fn a_mention_of_the_bot_is_no_part_of_the_message() {
    for message in ["@Front Desk hello", "@desk hello", "hello @front desk", "@DESK Hello, @Front Desk"] {
        assert_eq!(said(message), "Hello.", "{message}");
    }
    assert_eq!(said("@Ada hello"), "Pardon?");
}

#[test]
fn the_number_of_the_message_decides_among_replies() {
    let hotel = hotel();
    let replies: Vec<_> = (4..8).map(|seq| hotel.reply("hello", &[], seq).text).collect();
    assert_eq!(replies, ["Hello.", "Hi.", "Hello.", "Hi."]);
}

#[test]
fn a_file_with_a_mistake_is_refused_with_its_place() {
    let with = |answer: Value| {
        json!({ "languages": [{ "language": "en", "answers": [answer], "fallback": "Pardon?" }] }).to_string()
    };
    for (file, problem) in [
        ("{".to_owned(), "EOF"),
        (json!({ "languages": [] }).to_string(), "languages: must have at least one"),
        (json!({ "languages": [{ "language": "en", "answers": [] }] }).to_string(), "missing field `fallback`"),
        (with(json!({ "examples": ["room"], "replies": [] })), "language en, answers[0]: must have replies"),
        (with(json!({ "replies": ["Yes"] })), "must have patterns or examples"),
        (with(json!({ "examples": ["?"], "replies": ["Yes"] })), "must contain a word"),
        (with(json!({ "patterns": ["*"], "replies": ["Yes"] })), "must contain a word"),
        (with(json!({ "examples": ["room"], "replies": [" "] })), "must contain a visible character"),
        (with(json!({ "example": ["room"], "replies": ["Yes"] })), "unknown field `example`"),
    ] {
        let error = Answers::parse(&file).unwrap_err();
        assert!(error.contains(problem), "{file}: {error}");
    }
}

#[test]
fn the_files_in_bots_are_valid_and_know_their_own_patterns_and_examples() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bots");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    // Other kinds of bots have other files.
    let files: Vec<_> = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect();
    assert!(!files.is_empty());
    for path in files {
        let json = fs::read_to_string(&path).unwrap();
        let answers = Answers::parse(&json).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
        let file: Value = serde_json::from_str(&json).unwrap();
        let lists = |name: &str| {
            file.pointer("/languages")
                .unwrap()
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|language| {
                    language
                        .pointer("/answers")
                        .unwrap()
                        .as_array()
                        .unwrap()
                        .iter()
                        .flat_map(|answer| answer.get(name).and_then(Value::as_array).cloned().unwrap_or_default())
                        .collect::<Vec<_>>()
                })
                .collect::<Vec<_>>()
        };
        for text in lists("patterns").into_iter().chain(lists("examples")) {
            let reply = answers.reply(text.as_str().unwrap(), &[], 0);
            assert_ne!(reply.because, Because::Fallback, "{}: {text}", path.display());
        }
    }
}

proptest! {
    #[test]
    fn every_message_has_the_same_reply_each_time(message in "\\PC{0,60}", name in "\\PC{1,8}", seq: u64) {
        let hotel = hotel();
        let reply = hotel.reply(&message, &[&name], seq);
        prop_assert!(!reply.text.is_empty());
        prop_assert_eq!(hotel.reply(&message, &[&name], seq), reply);
    }
}
