//! What makes a message look like spam. Such a message is not refused for it, but counts more against its author's rate, on
//! the whole stage: whoever repeats it gets slower.

/// Links that a message may have like any other.
pub const LINKS: usize = 3;
/// People whom a message may mention like any other.
pub const MENTIONS: usize = 5;
/// What each further one counts.
const PER_LINK: usize = 5;
const PER_MENTION: usize = 2;

/// Returns how many frames more than one a message counts: none for nearly all.
pub fn weight(text: &str, mentions: usize) -> u64 {
    let links = links(text).saturating_sub(LINKS).saturating_mul(PER_LINK);
    let mentions = mentions.saturating_sub(MENTIONS).saturating_mul(PER_MENTION);
    links.saturating_add(mentions) as u64
}

fn links(text: &str) -> usize {
    let text = text.to_ascii_lowercase();
    // `https://www.` is one.
    text.matches("://").count() + text.replace("://www.", "://").matches("www.").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_beyond_three_and_mentions_beyond_five_count() {
        for (text, mentions, expected) in [
            ("Good morning, everyone", 0, 0),
            ("https://a.example http://b.example www.c.example", 5, 0),
            ("https://www.a.example HTTPS://b.example www.c.example WWW.d.example", 0, 5),
            ("Who is coming?", 6, 2),
            ("https://a.example ".repeat(10).as_str(), 20, 65),
        ] {
            assert_eq!(weight(text, mentions), expected, "{text}");
        }
    }
}
