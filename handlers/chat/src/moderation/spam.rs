//! What makes a message look like spam. Such a message is not refused for it, but counts more against its author's rate, on
//! the whole stage: whoever repeats it gets slower. In a reviewed room, moderators see the worst first.

use std::time::Duration;

/// Links that a message may have like any other.
pub const LINKS: usize = 3;
/// People whom a message may mention like any other.
pub const MENTIONS: usize = 5;
/// Rooms in which a person may say the same within [`SAME_TEXT`].
pub const ROOMS: usize = 2;
/// What each further one counts.
const PER_LINK: usize = 5;
const PER_MENTION: usize = 2;
const PER_ROOM: usize = 10;
/// From this weight on, moderators decide about a message in a reviewed room.
pub const HELD: u64 = 30;
/// How long a text is remembered. The time begins anew for everybody at once, so the same text counts for at most this long.
pub const SAME_TEXT: Duration = Duration::from_secs(10 * 60);
/// Letters and digits of a text that is counted by room. Shorter ones, such as greetings, are often the same.
const LONG: usize = 16;

/// Returns how many frames more than one a message counts: none for nearly all. `rooms` is in how many rooms its author has
/// said the same lately, this one included.
pub fn weight(text: &str, mentions: usize, rooms: usize) -> u64 {
    let links = links(text).saturating_sub(LINKS).saturating_mul(PER_LINK);
    let mentions = mentions.saturating_sub(MENTIONS).saturating_mul(PER_MENTION);
    let rooms = rooms.saturating_sub(ROOMS).saturating_mul(PER_ROOM);
    links.saturating_add(mentions).saturating_add(rooms) as u64
}

/// Returns what two texts have in common that say the same: their letters and digits, whatever the case. `None` for texts so
/// short that they are not counted.
pub fn gist(text: &str) -> Option<String> {
    let gist: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    (gist.chars().count() >= LONG).then_some(gist)
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
    fn links_beyond_three_mentions_beyond_five_and_rooms_beyond_two_count() {
        for (text, mentions, rooms, expected) in [
            ("Good morning, everyone", 0, 1, 0),
            ("https://a.example http://b.example www.c.example", 5, 2, 0),
            ("https://www.a.example HTTPS://b.example www.c.example WWW.d.example", 0, 1, 5),
            ("Who is coming?", 6, 1, 2),
            ("Who is coming?", 0, 3, 10),
            ("Who is coming?", 0, 5, HELD),
            ("https://a.example ".repeat(10).as_str(), 20, 4, 85),
        ] {
            assert_eq!(weight(text, mentions, rooms), expected, "{text}");
        }
    }

    #[test]
    fn what_differs_in_case_spaces_and_signs_says_the_same() {
        let gist_of = |text| gist(text).expect("a long text");
        assert_eq!(gist_of("Buy cheap teapots NOW!!"), gist_of("buy… cheap\nteapots, now 🫖"));
        assert_ne!(gist_of("Buy cheap teapots now"), gist_of("Buy cheap teacups now"));
        for short in ["", "Good morning!", "👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍"] {
            assert_eq!(gist(short), None, "{short}");
        }
    }
}
