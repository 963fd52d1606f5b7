//! The emoji that Unicode recommends for general interchange (RGI; UTS #51, section 1.4.5), including flags, keycaps, skin
//! tones and ZWJ sequences. Two emoji that differ only in variation selectors are the same.
//!
//! The list comes from the crate `emojis`, which itself would add five times as much to the deployed binary. For a new
//! version of Unicode, update the crate and run `npm run generate`.

use std::sync::LazyLock;

/// All emoji in their fully qualified form, sorted by their form without variation selectors.
static RECOMMENDED: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("emoji.txt").lines().collect());

/// Returns the fully qualified form of an emoji, whatever variation selectors it has; `None` if the text is not an emoji.
pub fn fully_qualified(text: &str) -> Option<&'static str> {
    let found =
        RECOMMENDED.binary_search_by(|known| without_variation_selectors(known).cmp(without_variation_selectors(text)));
    found.ok().and_then(|index| RECOMMENDED.get(index)).copied()
}

/// Returns the characters of an emoji without those that select text or emoji style.
pub fn without_variation_selectors(emoji: &str) -> impl Iterator<Item = char> {
    emoji.chars().filter(|c| !matches!(c, '\u{FE0E}' | '\u{FE0F}'))
}
