//! Words, and patterns of them. Case, accents' encodings, punctuation and emoji make no difference.

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Returns a text in the form in which words are compared: NFKC, in lower case.
pub fn normalize(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).nfc().collect()
}

/// Returns the words of a text (UAX #29), in the form in which they are compared.
pub fn words(text: &str) -> Vec<String> {
    normalize(text).unicode_words().map(str::to_owned).collect()
}

/// Words in an order; `*` stands for any words, or none.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub struct Pattern {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq)]
enum Part {
    Word(String),
    Any,
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        let of_words = |text: &str| words(text).into_iter().map(Part::Word).collect::<Vec<_>>();
        let parts = text.split('*').map(of_words).reduce(|mut before, after| {
            before.push(Part::Any);
            before.extend(after);
            before
        });
        Self { parts: parts.unwrap_or_default(), text }
    }
}

impl Pattern {
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn is_wordless(&self) -> bool {
        self.parts.iter().all(|part| *part == Part::Any)
    }

    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Word(word) => Some(word.as_str()),
            Part::Any => None,
        })
    }

    /// Whether these words are the whole pattern.
    pub fn matches(&self, words: &[String]) -> bool {
        // Which beginnings of `words` the parts so far match, by their lengths. Takes words × parts steps at most.
        let mut matched = vec![false; words.len() + 1];
        if let Some(first) = matched.first_mut() {
            *first = true;
        }
        for part in &self.parts {
            matched = match part {
                Part::Any => matched
                    .iter()
                    .scan(false, |any, is| {
                        *any |= is;
                        Some(*any)
                    })
                    .collect(),
                Part::Word(word) => {
                    let longer = matched.iter().zip(words).map(|(is, next)| *is && next == word);
                    std::iter::once(false).chain(longer).collect()
                }
            };
        }
        matched.last() == Some(&true)
    }
}
