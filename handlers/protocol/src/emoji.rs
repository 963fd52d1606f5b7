//! Which emoji there are: those that Unicode recommends for general interchange (RGI, UTS #51, section 1.4.5), with their flags,
//! keycaps, skin tones and ZWJ sequences. Variation selectors do not tell two of them apart. The list comes from the crate
//! `emojis`, which itself would add five times as much to what AWS runs: for a new version of Unicode, update the crate and
//! run `npm run generate`.

use std::sync::LazyLock;

/// Each in its fully qualified form, ordered by its form without variation selectors.
static RECOMMENDED: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("emoji.txt").lines().collect());

/// The fully qualified form of an emoji, however its variation selectors are; nothing for what is none.
pub fn qualified(text: &str) -> Option<&'static str> {
    let found = RECOMMENDED.binary_search_by(|known| bare(known).cmp(bare(text)));
    found.ok().and_then(|at| RECOMMENDED.get(at)).copied()
}

/// An emoji without the selectors of text and emoji style.
pub fn bare(emoji: &str) -> impl Iterator<Item = char> {
    emoji.chars().filter(|c| !matches!(c, '\u{FE0E}' | '\u{FE0F}'))
}
