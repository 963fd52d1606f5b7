//! Texts that show nothing are empty, whatever they are made of; emoji that look alike are one, and nothing else is an emoji.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by stopping")]

use parlor_protocol::blank::{is_blank, is_blank_char};
use parlor_protocol::emoji::{fully_qualified, without_variation_selectors};
use parlor_protocol::text::{Emoji, PersonName, RoomName, Text, Topic};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const RECOMMENDED: &str = include_str!("../src/emoji.txt");

fn blanks() -> Vec<char> {
    ('\0'..=char::MAX).filter(|&c| is_blank_char(c)).collect()
}

#[test]
fn what_shows_nothing_is_empty_everywhere() {
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
fn what_shows_something_is_a_text() {
    for text in
        ["a", "\u{200B}a", "\u{2800}.", "\u{301}", "۝", "\u{600}", "\u{E000}", "\u{FFFD}", "ㅤ가", "👩\u{200D}💻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]
    {
        assert_eq!(Text::try_from(text.to_owned()).map(String::from), Ok(text.to_owned()), "{text:?}");
    }
}

#[test]
fn emoji_that_look_alike_are_one_in_the_form_that_unicode_recommends() {
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
fn nothing_else_is_an_emoji() {
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
fn every_recommended_emoji_is_found_and_fits() {
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
    fn nothing_and_nothing_is_nothing(text in vec(select(blanks()), 0..20), place in 0..20_usize, seen in "[!-~]") {
        let nothing: String = text.iter().collect();
        prop_assert!(Text::try_from(nothing.clone()).is_err());
        prop_assert!(PersonName::try_from(nothing.clone()).is_err());
        prop_assert!(RoomName::try_from(nothing).is_err());
        let (before, after) = text.split_at(place.min(text.len()));
        let something: String = before.iter().copied().chain(seen.chars()).chain(after.iter().copied()).collect();
        prop_assert_eq!(Text::try_from(something.clone()).map(String::from), Ok(something));
    }

    #[test]
    fn selectors_anywhere_make_no_other_emoji(
        emoji in select(RECOMMENDED.lines().collect::<Vec<_>>()),
        selectors in vec(select(vec!["", "", "\u{FE0E}", "\u{FE0F}"]), 16),
    ) {
        let varied: String = without_variation_selectors(emoji).zip(selectors).map(|(c, selector)| format!("{c}{selector}")).collect();
        prop_assert_eq!(Emoji::try_from(varied).map(String::from), Ok(emoji.to_owned()));
    }

    #[test]
    fn what_is_an_emoji_is_its_own_form(text in "\\PC{1,3}|[\u{1F300}-\u{1FAFF}\u{200D}\u{FE0F}]{1,4}") {
        if let Some(emoji) = fully_qualified(&text) {
            prop_assert_eq!(fully_qualified(emoji), Some(emoji));
        }
    }
}
