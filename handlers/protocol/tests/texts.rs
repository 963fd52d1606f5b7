//! Blank texts count as empty. Emoji that look alike are the same emoji, and nothing else is an emoji.

#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use parlor_protocol::blank::{is_blank, is_blank_char};
use parlor_protocol::emoji::{fully_qualified, without_variation_selectors};
use parlor_protocol::text::{Emoji, PersonName, RoomName, Text, Topic};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const RECOMMENDED: &str = include_str!("../src/emoji.txt");

fn blank_chars() -> Vec<char> {
    ('\0'..=char::MAX).filter(|&c| is_blank_char(c)).collect()
}

#[test]
fn blank_texts_count_as_empty_in_every_field() {
    for text in [
        "",
        " \n\t",
        "\u{85}",
        "\u{A0}",
        "\u{AD}",
        "\u{34F}",
        "\u{61C}",
        "\u{115F}\u{1160}",
        "\u{180E}",
        "\u{200B}",
        "\u{200C}",
        "\u{200D}",
        "\u{200E} \u{200F}",
        "\u{2028}",
        "\u{202E}",
        "\u{2060}",
        "\u{2800}",
        "\u{3000}",
        "\u{3164}",
        "\u{FE0F}",
        "\u{FEFF}",
        "\u{FFA0}",
        "\u{FFFA}",
        "\u{1D159}",
        "\u{1D173}",
        "\u{E0001}",
        "\u{E0100}",
        "\u{0}",
        "\u{7F}",
    ] {
        assert!(is_blank(text), "{text:?}");
        assert!(Text::try_from(text.to_owned()).is_err(), "a text, {text:?}");
        assert!(PersonName::try_from(text.to_owned()).is_err(), "a name, {text:?}");
        assert!(RoomName::try_from(text.to_owned()).is_err(), "a room's name, {text:?}");
        let topic = Topic::try_from(text.to_owned());
        assert!(topic.is_err() || topic.is_ok_and(|topic| topic.as_str().is_empty()), "a topic, {text:?}");
    }
}

#[test]
fn texts_with_a_visible_character_are_accepted() {
    for text in
        ["a", "\u{200B}a", "\u{2800}.", "\u{301}", "۝", "\u{600}", "\u{E000}", "\u{FFFD}", "ㅤ가", "👩\u{200D}💻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]
    {
        assert_eq!(Text::try_from(text.to_owned()).map(String::from), Ok(text.to_owned()), "{text:?}");
    }
}

#[test]
fn emoji_that_look_alike_have_the_same_fully_qualified_form() {
    for (text, emoji) in [
        ("❤", "❤\u{FE0F}"),
        ("❤\u{FE0E}", "❤\u{FE0F}"),
        ("❤\u{FE0F}", "❤\u{FE0F}"),
        ("👍", "👍"),
        ("👍\u{FE0E}", "👍"),
        ("👍\u{FE0F}", "👍"),
        ("👍🏽", "👍🏽"),
        ("✌\u{FE0F}🏽", "✌🏽"),
        ("1\u{20E3}", "1\u{FE0F}\u{20E3}"),
        ("#\u{FE0F}\u{20E3}", "#\u{FE0F}\u{20E3}"),
        ("©", "©\u{FE0F}"),
        ("🇨🇭", "🇨🇭"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("👁\u{200D}🗨", "👁\u{FE0F}\u{200D}🗨\u{FE0F}"),
        ("🏳\u{200D}🌈", "🏳\u{FE0F}\u{200D}🌈"),
        ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
        ("🧑🏻‍❤‍💋‍🧑🏿", "🧑🏻‍❤️‍💋‍🧑🏿"),
    ] {
        assert_eq!(Emoji::try_from(text.to_owned()).unwrap().as_str(), emoji, "{text:?}");
    }
}

#[test]
fn other_texts_are_not_emoji() {
    for text in [
        "",
        "a",
        "1",
        "1\u{FE0F}",
        "1\u{301}",
        "🙂\u{301}\u{301}",
        "👍👍",
        "👍 ",
        "🇨",
        "🇨🇨🇨",
        "🇽🇽",
        "🏽",
        "👩\u{200D}",
        "\u{200D}👩",
        "👩\u{200D}👍",
        "🏴\u{E0067}\u{E007F}",
        "\u{FE0F}",
        "\u{20E3}",
        "✌🏽🏽",
        "漢",
        "\u{E000}",
    ] {
        assert_eq!(fully_qualified(text), None, "{text:?}");
    }
}

#[test]
fn every_recommended_emoji_is_found_and_within_the_limit() {
    let mut count = 0;
    for emoji in RECOMMENDED.lines() {
        let without: String = without_variation_selectors(emoji).collect();
        assert_eq!((fully_qualified(emoji), fully_qualified(&without)), (Some(emoji), Some(emoji)), "{emoji}");
        assert_eq!(Emoji::try_from(emoji.to_owned()).map(String::from), Ok(emoji.to_owned()));
        count += 1;
    }
    assert!(count > 3_900, "{count}");
}

proptest! {
    #[test]
    fn one_visible_character_makes_blank_characters_a_text(
        blank in vec(select(blank_chars()), 0..20),
        place in 0..20_usize,
        visible in "[!-~]",
    ) {
        let text: String = blank.iter().collect();
        prop_assert!(Text::try_from(text.clone()).is_err());
        prop_assert!(PersonName::try_from(text.clone()).is_err());
        prop_assert!(RoomName::try_from(text).is_err());
        let (before, after) = blank.split_at(place.min(blank.len()));
        let text: String = before.iter().copied().chain(visible.chars()).chain(after.iter().copied()).collect();
        prop_assert_eq!(Text::try_from(text.clone()).map(String::from), Ok(text));
    }

    #[test]
    fn variation_selectors_never_make_another_emoji(
        emoji in select(RECOMMENDED.lines().collect::<Vec<_>>()),
        selectors in vec(select(vec!["", "", "\u{FE0E}", "\u{FE0F}"]), 16),
    ) {
        let varied = without_variation_selectors(emoji).zip(selectors).map(|(c, selector)| format!("{c}{selector}"));
        let varied: String = varied.collect();
        prop_assert_eq!(Emoji::try_from(varied).map(String::from), Ok(emoji.to_owned()));
    }

    #[test]
    fn the_fully_qualified_form_is_its_own(text in "\\PC{1,3}|[\u{1F300}-\u{1FAFF}\u{200D}\u{FE0F}]{1,4}") {
        if let Some(emoji) = fully_qualified(&text) {
            prop_assert_eq!(fully_qualified(emoji), Some(emoji));
        }
    }
}
