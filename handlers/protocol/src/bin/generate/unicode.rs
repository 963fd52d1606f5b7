//! Lists of characters.

use parlor_protocol::blank::is_blank_char;
use parlor_protocol::emoji::without_variation_selectors;

/// Lists the blank characters as inclusive ranges of code points.
pub fn blank_ranges() -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for code in ('\0'..=char::MAX).filter(|&c| is_blank_char(c)).map(u32::from) {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == code => *last = code,
            _ => ranges.push((code, code)),
        }
    }
    let lines: Vec<_> = ranges.iter().map(|(first, last)| format!("  [\"{first:04X}\", \"{last:04X}\"]")).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

/// Lists the emoji that Unicode recommends, sorted for binary search.
pub fn recommended_emoji() -> String {
    let mut all: Vec<&str> = emojis::iter()
        .flat_map(|emoji| emoji.skin_tones().map_or(vec![emoji], Iterator::collect))
        .map(emojis::Emoji::as_str)
        .collect();
    all.sort_by(|one, other| without_variation_selectors(one).cmp(without_variation_selectors(other)));
    all.join("\n") + "\n"
}
