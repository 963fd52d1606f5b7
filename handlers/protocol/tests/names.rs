//! Names: anybody's own is let through; what hides something, or passes for the system, is refused.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by stopping")]

use parlor_protocol::text::{PersonName, RoomName, Topic};
use proptest::prelude::*;

fn person(name: &str) -> Result<String, String> {
    PersonName::try_from(name.to_owned()).map(String::from)
}

#[test]
fn names_of_people_are_let_through() {
    for name in [
        "Ada",
        "Ada Lovelace",
        "José",
        "O’Brien-Smith",
        "李小龙",
        "山田 太郎",
        "Владимир",
        "Ελένη",
        "עדה\u{200F}",
        "\u{200E}علی",
        "अदिति",
        "Nguyễn Thị Ánh",
        "김민준",
        "x_X_ada_X_x",
        "Ada 2",
        "👩\u{200D}💻",
        "Ada 🏳\u{FE0F}\u{200D}🌈",
        "❤\u{FE0F} Ada",
        "1\u{FE0F}\u{20E3}",
        "🇫🇷 Ada",
        "👍🏽",
        // Persian: "may want", "books", "letters of", with marks between.
        "می\u{200C}خواهم",
        "کتاب\u{200C}ها",
        "نامه\u{200C}ای",
        "بِّ\u{200C}َی",
        // Devanagari: a conjunct taken apart, and a half form; Sinhala, Bengali, Kannada and Malayalam have theirs.
        "क्\u{200C}ष",
        "र्\u{200D}य",
        "क़्\u{200D}ष",
        "ශ්\u{200D}රී",
        "কর্\u{200C}তা",
        "ರಾಜ್\u{200C}ಕುಮಾರ್",
        "അവന്\u{200D}",
        // Near the reserved ones, and nobody takes them for one.
        "Parlour",
        "Systems",
        "Adam",
        "Adina",
        "Modesty",
        "Botan",
        "Bo T",
        "Bob",
        "Rob",
    ] {
        assert_eq!(person(name), Ok(name.to_owned()), "{name:?}");
    }
}

#[test]
fn a_name_that_looks_like_the_systems_is_refused() {
    for (name, like) in [
        ("Parlor", "Parlor"),
        ("PARLOR", "Parlor"),
        ("  parlor  ", "Parlor"),
        ("Par1or", "Parlor"),
        ("PARL0R", "Parlor"),
        ("Par10r", "Parlor"),
        ("ParIor", "Parlor"),
        ("Раrlоr", "Parlor"),
        ("System", "System"),
        ("sYsTeM", "System"),
        ("Systern", "System"),
        ("Ѕуѕtеm", "System"),
        ("[System]", "System"),
        ("★ System ★", "System"),
        ("Admin", "Admin"),
        ("ADMlN", "Admin"),
        ("Adm1n", "Admin"),
        ("аdmіn", "Admin"),
        ("Admın", "Admin"),
        ("ADMİN", "Admin"),
        ("Ａｄｍｉｎ", "Admin"),
        ("𝐀𝐝𝐦𝐢𝐧", "Admin"),
        ("Ⓐⓓⓜⓘⓝ", "Admin"),
        ("Ad\u{200F}min", "Admin"),
        ("Ádmin", "Admin"),
        ("A\u{335}dmin", "Admin"),
        ("Admin.", "Admin"),
        ("Adrnin", "Admin"),
        ("Moderator", "Moderator"),
        ("M0derat0r", "Moderator"),
        ("Мoderator", "Moderator"),
        ("Bot", "Bot"),
        ("B0T", "Bot"),
        ("Βοτ", "Bot"),
        ("🤖 Bot", "Bot"),
    ] {
        assert_eq!(person(name), Err(format!("must not look like {like}")), "{name:?}");
    }
}

#[test]
fn a_name_that_hides_something_is_refused() {
    for (name, hidden) in [
        ("A\u{200B}da", "200B"),
        ("A\u{200C}da", "200C"),
        ("A\u{200D}da", "200D"),
        // Joiners where nothing would join, or more than one, or at an end.
        ("می\u{200C}\u{200C}خواهم", "200C"),
        ("\u{200C}می", "200C"),
        ("می\u{200C}", "200C"),
        ("می \u{200C}خواهم", "200C"),
        ("او\u{200C}ست", "200C"),
        ("می\u{200D}خواهم", "200D"),
        ("می\u{200C}da", "200C"),
        ("क\u{200C}ष", "200C"),
        ("क्\u{200C}", "200C"),
        ("क्\u{200C}x", "200C"),
        ("क्\u{200C}\u{200D}ष", "200C"),
        ("क\u{200D}", "200D"),
        ("क्\u{200D}\u{93F}", "200D"),
        ("्\u{200D}ष", "200D"),
        ("A\u{94D}\u{200C}\u{301}", "200C"),
        ("ا\u{200B}ب", "200B"),
        ("👩\u{200D}", "200D"),
        ("👩\u{200D} Ada", "200D"),
        ("\u{200D}👩", "200D"),
        ("\u{FEFF}Ada", "FEFF"),
        ("Ada\u{2060}", "2060"),
        ("A\u{2063}da", "2063"),
        ("A\u{AD}da", "00AD"),
        ("A\u{61C}da", "061C"),
        ("A\u{34F}da", "034F"),
        ("A\u{180E}da", "180E"),
        ("A\u{FE0F}da", "FE0F"),
        ("1\u{FE0F}", "FE0F"),
        ("A\u{E0100}da", "E0100"),
        ("👩\u{E0041}\u{E007F}", "E0041"),
        ("\u{3164}", "3164"),
        ("\u{115F}\u{1160}", "115F"),
        ("\u{FFA0}", "FFA0"),
        ("\u{2800}", "2800"),
        ("\u{200F}\u{200E}", "200F"),
        ("\u{200E} \u{200E}", "200E"),
        ("A\u{1D173}da", "1D173"),
        ("A\u{FFF9}da", "FFF9"),
    ] {
        let refused = format!("must not contain the invisible character U+{hidden}");
        assert_eq!(person(name), Err(refused.clone()), "{name:?}");
        assert_eq!(RoomName::try_from(name.to_owned()), Err(refused), "a room's name, {name:?}");
    }
}

#[test]
fn rooms_may_be_about_the_system_and_topics_may_join_letters() {
    for name in ["System", "Admin", "Bot"] {
        assert!(RoomName::try_from(name.to_owned()).is_ok(), "{name}");
    }
    assert!(Topic::try_from("می\u{200C}خواهم".to_owned()).is_ok());
}

proptest! {
    #[test]
    fn joiners_hide_nowhere_but_between_letters_that_they_shape(
        before in "[a-zA-Zа-я0-9漢가 ]{0,3}", joiner in "[\u{200C}\u{200D}]{1,2}", after in "\\PC{0,4}"
    ) {
        let name = format!("{before}{joiner}{after}");
        prop_assert!(person(&name).is_err(), "{:?}", name);
    }

    #[test]
    fn no_name_makes_the_check_panic_and_what_is_accepted_is_accepted_again(name in ".{0,40}") {
        if let Ok(name) = person(&name) {
            prop_assert_eq!(person(&name), Ok(name.clone()));
        }
    }
}
