//! Word lists, with which messages are reviewed: one file per language, one word or phrase per line. `docs/review.md`
//! describes the file and the rules; `npm run review -- try` applies them.

mod fold;

use std::collections::HashMap;

use crate::fold::{Token, tokens};

/// Words on all lists of a stage together.
pub const MOST_WORDS: usize = 10_000;

/// What happens to a message that contains a listed word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The word's letters become `*`.
    Mask,
    /// A moderator decides.
    Hold,
    /// It is refused.
    Refuse,
}

/// What a list says of a text.
#[derive(Debug, PartialEq)]
pub enum Finding<'a> {
    Nothing,
    /// The text, with stars.
    Masked(String),
    Hold(&'a str),
    Refuse(&'a str),
}

/// The words and phrases of one or more files.
#[derive(Debug, Default)]
pub struct WordList {
    entries: Vec<Entry>,
    /// Which entries begin with a word, by what the word looks like.
    beginning: HashMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Entry {
    action: Action,
    /// As the file has it.
    phrase: String,
    tokens: Vec<Token>,
}

impl WordList {
    /// Adds the words of a file.
    ///
    /// # Errors
    /// What is wrong, and in which line, counted from 1.
    pub fn add(&mut self, file: &str) -> Result<(), String> {
        for (at, line) in file.lines().enumerate() {
            let wrong = |problem: &str| format!("line {}: {problem}", at + 1);
            let line = line.strip_prefix('\u{FEFF}').unwrap_or(line).trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (action, phrase) = match line.split_once(':') {
                None => (Action::Refuse, line),
                Some((action, phrase)) => match action.trim() {
                    "refuse" => (Action::Refuse, phrase.trim()),
                    "hold" => (Action::Hold, phrase.trim()),
                    "mask" => (Action::Mask, phrase.trim()),
                    _ => return Err(wrong("before the colon must be refuse, hold or mask")),
                },
            };
            let tokens = tokens(phrase);
            let first = tokens.first().ok_or_else(|| wrong("must contain a letter or a digit"))?.key().to_owned();
            if self.entries.len() >= MOST_WORDS {
                return Err(wrong(&format!("the lists have more than {MOST_WORDS} words")));
            }
            self.beginning.entry(first).or_default().push(self.entries.len());
            self.entries.push(Entry { action, phrase: phrase.to_owned(), tokens });
        }
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Compares a text with the list. A word that is refused comes before one that is held, and that before one that is
    /// masked.
    pub fn find(&self, text: &str) -> Finding<'_> {
        if self.is_empty() {
            return Finding::Nothing;
        }
        let said = tokens(text);
        let mut found: Vec<(&Entry, usize, usize)> = Vec::new();
        for (at, first) in said.iter().enumerate() {
            for entry in self.beginning.get(first.key()).into_iter().flatten().filter_map(|n| self.entries.get(*n)) {
                let last = at + entry.tokens.len() - 1;
                let Some(words) = said.get(at..=last) else { continue };
                if words.iter().zip(&entry.tokens).all(|(said, listed)| said.is_like(listed)) {
                    found.push((entry, first.start, words.last().unwrap_or(first).end));
                }
            }
        }
        let first = |action| found.iter().find(|(entry, ..)| entry.action == action);
        if let Some((entry, ..)) = first(Action::Refuse) {
            return Finding::Refuse(&entry.phrase);
        }
        if let Some((entry, ..)) = first(Action::Hold) {
            return Finding::Hold(&entry.phrase);
        }
        if found.is_empty() {
            return Finding::Nothing;
        }
        let is_masked = |at: usize| found.iter().any(|&(_, start, end)| (start..end).contains(&at));
        let star = |(at, c): (usize, char)| if is_masked(at) && !c.is_whitespace() { '*' } else { c };
        Finding::Masked(text.char_indices().map(star).collect())
    }
}
