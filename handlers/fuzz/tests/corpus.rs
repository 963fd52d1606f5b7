//! Runs each target over its corpus, its regressions and random mutations of both, without libFuzzer.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

use std::fs;
use std::path::Path;

use parlor_fuzz::signers::{AUDIENCE, ISSUER, SIGNED, STAGE, guest_keys, published_keys};
use parlor_fuzz::{cursors, events, frames, keys, rows, tokens};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};

/// Fragments that often break parsers.
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

/// Returns the name and content of a target's files.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [root.join("corpus").join(target), root.join("regressions").join(target)];
    let files = folders.iter().filter(|folder| folder.exists()).flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = files.map(|file| file.unwrap().path());
    paths.map(|path| (path.display().to_string(), fs::read(&path).unwrap())).collect()
}

fn replay(target: &str, read: fn(&[u8])) {
    let files = corpus(target);
    assert!(files.len() >= 10, "the corpus of {target} is missing");
    for (name, data) in &files {
        println!("{name}");
        read(data);
    }
    let seeds = files.into_iter().map(|(_, data)| data).collect();
    TestRunner::new(Config { failure_persistence: None, ..Config::default() })
        .run(&mutated(seeds), |data| {
            read(&data);
            Ok(())
        })
        .unwrap();
}

#[derive(Clone, Debug)]
enum Mutation {
    Replace(Index, u8),
    Remove(Index, usize),
    Insert(Index, &'static str),
    Repeat(Index, usize),
    Splice(Index, Vec<u8>, Index),
}

fn mutated(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let mutation = prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Replace(at, byte)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Mutation::Remove(at, length)),
        (any::<Index>(), select(&FRAGMENTS[..])).prop_map(|(at, fragment)| Mutation::Insert(at, fragment)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Mutation::Repeat(at, length)),
        (any::<Index>(), select(seeds.clone()), any::<Index>())
            .prop_map(|(at, other, from)| Mutation::Splice(at, other, from)),
    ];
    (select(seeds), vec(mutation, 1..6))
        .prop_map(|(seed, mutations)| mutations.into_iter().fold(seed, |data, mutation| mutation.apply(data)))
}

impl Mutation {
    fn apply(self, mut data: Vec<u8>) -> Vec<u8> {
        let position = |at: &Index| at.index(data.len() + 1);
        let end = |from: usize, length: usize| (from + length).min(data.len());
        match self {
            Self::Replace(at, byte) => {
                let from = position(&at);
                data.splice(from..end(from, 1), [byte]);
            }
            Self::Remove(at, length) => {
                let from = position(&at);
                data.drain(from..end(from, length));
            }
            Self::Insert(at, fragment) => {
                let from = position(&at);
                data.splice(from..from, fragment.bytes());
            }
            Self::Repeat(at, length) => {
                let from = position(&at);
                let copy = data[from..end(from, length)].to_vec();
                data.splice(from..from, copy);
            }
            Self::Splice(at, other, from) => {
                data.truncate(position(&at));
                data.extend_from_slice(&other[from.index(other.len() + 1)..]);
            }
        }
        data
    }
}

#[test]
fn no_frame_causes_a_panic() {
    replay("frames", frames::read);
}

#[test]
fn no_event_causes_a_panic() {
    replay("events", events::read);
}

#[test]
fn no_cursor_causes_a_panic_or_can_be_forged() {
    replay("cursors", cursors::read);
}

#[test]
fn no_token_causes_a_panic_or_can_be_forged() {
    replay("tokens", tokens::read);
}

#[test]
fn no_key_set_and_no_secret_causes_a_panic() {
    replay("keys", keys::read);
}

#[test]
fn no_response_of_dynamodb_causes_a_panic() {
    replay("rows", rows::read);
}

#[test]
fn the_corpus_contains_valid_tokens_and_cursors() {
    let texts = |target| corpus(target).into_iter().filter_map(|(_, data)| String::from_utf8(data).ok());
    assert!(texts("tokens").any(|token| guest_keys().check(&token, STAGE).is_ok()));
    for token in SIGNED.iter() {
        assert!(texts("tokens").any(|text| text == *token));
        assert!(published_keys().check(token, ISSUER, AUDIENCE).is_ok());
    }
    assert!(texts("cursors").any(|cursor| guest_keys().check_cursor(&cursor).is_some()));
}
