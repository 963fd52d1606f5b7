//! The corpus and what was once found, as they are and changed at random: an ordinary test's share of what the fuzzer does.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by stopping"
)]

use std::fs;
use std::path::Path;

use parlor_fuzz::signers::{AUDIENCE, ISSUER, SIGNED, STAGE, guest_keys, published_keys};
use parlor_fuzz::{cursors, events, frames, keys, rows, tokens};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};

/// What parsers are known to trip over.
const FRAGMENTS: [&str; 19] = [
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ".",
    "\n",
    "null",
    "-1",
    "0",
    "1e999",
    "18446744073709551615",
    "18446744073709551616",
    "\\u0000",
    "\\ud800",
    "\u{202E}",
    "\u{FB2C}",
];

/// The files of a target, each by its name.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [root.join("corpus").join(target), root.join("regressions").join(target)];
    let files = folders.iter().filter(|folder| folder.exists()).flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = files.map(|file| file.unwrap().path());
    paths.map(|path| (path.display().to_string(), fs::read(&path).unwrap())).collect()
}

fn replay(target: &str, read: fn(&[u8])) {
    let files = corpus(target);
    assert!(files.len() >= 10, "where is the corpus of {target}?");
    for (name, data) in &files {
        println!("{name}");
        read(data);
    }
    let seeds = files.into_iter().map(|(_, data)| data).collect();
    TestRunner::new(Config { failure_persistence: None, ..Config::default() })
        .run(&changed(seeds), |data| {
            read(&data);
            Ok(())
        })
        .unwrap();
}

#[derive(Clone, Debug)]
enum Change {
    Replace(Index, u8),
    Remove(Index, usize),
    Insert(Index, &'static str),
    Repeat(Index, usize),
    GoOnAs(Index, Vec<u8>, Index),
}

fn changed(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let change = prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (any::<Index>(), select(&FRAGMENTS[..])).prop_map(|(at, fragment)| Change::Insert(at, fragment)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Change::Repeat(at, length)),
        (any::<Index>(), select(seeds.clone()), any::<Index>())
            .prop_map(|(at, other, from)| Change::GoOnAs(at, other, from)),
    ];
    (select(seeds), vec(change, 1..6))
        .prop_map(|(seed, changes)| changes.into_iter().fold(seed, |data, change| change.apply(data)))
}

impl Change {
    fn apply(self, mut data: Vec<u8>) -> Vec<u8> {
        let place = |at: &Index| at.index(data.len() + 1);
        let end = |from: usize, length: usize| (from + length).min(data.len());
        match self {
            Self::Replace(at, byte) => {
                let from = place(&at);
                data.splice(from..end(from, 1), [byte]);
            }
            Self::Remove(at, length) => {
                let from = place(&at);
                data.drain(from..end(from, length));
            }
            Self::Insert(at, fragment) => {
                let from = place(&at);
                data.splice(from..from, fragment.bytes());
            }
            Self::Repeat(at, length) => {
                let from = place(&at);
                let again = data[from..end(from, length)].to_vec();
                data.splice(from..from, again);
            }
            Self::GoOnAs(at, other, from) => {
                data.truncate(place(&at));
                data.extend_from_slice(&other[from.index(other.len() + 1)..]);
            }
        }
        data
    }
}

#[test]
fn no_frame_stops_its_reader() {
    replay("frames", frames::read);
}

#[test]
fn no_event_stops_its_reader() {
    replay("events", events::read);
}

#[test]
fn no_cursor_stops_its_reader_or_is_made_up() {
    replay("cursors", cursors::read);
}

#[test]
fn no_token_stops_its_reader_or_is_made_up() {
    replay("tokens", tokens::read);
}

#[test]
fn no_published_key_and_no_secret_stops_its_reader() {
    replay("keys", keys::read);
}

#[test]
fn no_answer_of_dynamodb_stops_its_reader() {
    replay("rows", rows::read);
}

#[test]
fn the_corpus_has_tokens_and_cursors_that_are_accepted() {
    let texts = |target| corpus(target).into_iter().filter_map(|(_, data)| String::from_utf8(data).ok());
    assert!(texts("tokens").any(|token| guest_keys().check(&token, STAGE).is_ok()));
    for token in SIGNED.iter() {
        assert!(texts("tokens").any(|text| text == *token));
        assert!(published_keys().check(token, ISSUER, AUDIENCE).is_ok());
    }
    assert!(texts("cursors").any(|cursor| guest_keys().check_cursor(&cursor).is_some()));
}
