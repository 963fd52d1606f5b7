//! The form in which words are compared: what looks alike, whatever its case, encoding or invisible characters, is alike.

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use parlor_protocol::names::look_alike_key;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// A word of a text, or a character of a script that is written without spaces.
#[derive(Debug, PartialEq)]
pub struct Token {
    word: Word,
    /// Where it is in the text, in bytes.
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, PartialEq)]
enum Word {
    /// Of the letters A to Z alone, or of digits alone, in lower case. Compared with its like as it is: to a skeleton, `fall`
    /// is `fail`, and `100` is `loo`.
    Plain { word: String, key: String },
    /// What it looks like.
    Key(String),
}

impl Token {
    /// Returns what it looks like. Those of two that are alike are equal.
    pub fn key(&self) -> &str {
        match &self.word {
            Word::Plain { key, .. } | Word::Key(key) => key,
        }
    }

    pub fn is_like(&self, other: &Self) -> bool {
        match (&self.word, &other.word) {
            (Word::Plain { word, .. }, Word::Plain { word: other, .. }) => word == other,
            _ => self.key() == other.key(),
        }
    }
}

/// A part of a token.
struct Cluster {
    plain: String,
    key: String,
    /// Whether it is a word by itself.
    is_alone: bool,
    end: usize,
}

/// Returns the words of a text.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut open: Option<(usize, Vec<Cluster>)> = None;
    for (start, cluster) in text.grapheme_indices(true) {
        let end = start + cluster.len();
        let visible: String = cluster.chars().filter(|&c| !is_ignorable(c)).collect();
        if visible.is_empty() {
            // Joins what is around it.
            continue;
        }
        let Some(next) = part(&visible, end) else {
            tokens.extend(open.take().map(token));
            continue;
        };
        if next.is_alone {
            tokens.extend(open.take().map(token));
            tokens.push(token((start, vec![next])));
        } else {
            open.get_or_insert_with(|| (start, Vec::new())).1.push(next);
        }
    }
    tokens.extend(open.map(token));
    tokens
}

fn token((start, clusters): (usize, Vec<Cluster>)) -> Token {
    let plain: String = clusters.iter().map(|cluster| cluster.plain.as_str()).collect();
    let key = clusters.iter().map(|cluster| cluster.key.as_str()).collect();
    let is_plain = plain.bytes().all(|b| b.is_ascii_alphabetic()) || plain.bytes().all(|b| b.is_ascii_digit());
    let end = clusters.last().map_or(start, |cluster| cluster.end);
    Token { word: if is_plain { Word::Plain { word: plain, key } } else { Word::Key(key) }, start, end }
}

/// Returns a grapheme cluster as a part of a word, or `None` if it is none.
fn part(cluster: &str, end: usize) -> Option<Cluster> {
    let plain: String = cluster.nfkc().flat_map(char::to_lowercase).collect();
    let key = key(cluster);
    let is_word = |text: &str| text.chars().any(char::is_alphanumeric);
    let is_alone = key.chars().any(is_unspaced);
    (is_word(&plain) || is_word(&key)).then_some(Cluster { plain, key, is_alone, end })
}

/// Returns what a cluster looks like. A skeleton has `rn` for `m`, which would make `modem` of `modern`.
fn key(cluster: &str) -> String {
    look_alike_key(cluster).replace("rn", "m")
}

fn is_ignorable(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Whether a script has no spaces between words: Thai, Lao, Myanmar, Khmer, and those of Chinese and Japanese.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF)
}
