//! Names: real names are accepted; names with invisible characters or that imitate the system are refused.

#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use std::collections::BTreeSet;

use parlor_protocol::names::look_alike_key;
use parlor_protocol::text::{PersonName, RoomName, Topic};
use proptest::prelude::*;

fn person(name: &str) -> Result<String, String> {
    PersonName::try_from(name.to_owned()).map(String::from)
}

#[test]
fn real_names_are_accepted() {
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
        // Devanagari: a split conjunct and a half form. Then the same in Sinhala, Bengali, Kannada and Malayalam.
        "क्\u{200C}ष",
        "र्\u{200D}य",
        "क़्\u{200D}ष",
        "ශ්\u{200D}රී",
        "কর্\u{200C}তা",
        "ರಾಜ್\u{200C}ಕುಮಾರ್",
        "അവന്\u{200D}",
        // Similar to reserved names, but not confusable with them.
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
fn names_that_look_like_a_reserved_name_are_refused() {
    for (name, reserved) in [
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
        assert_eq!(person(name), Err(format!("must not look like {reserved}")), "{name:?}");
    }
}

#[test]
fn names_that_look_like_the_products_are_refused() {
    let product = "Parlor";
    let mut names = vec![product.to_owned(), product.to_uppercase(), format!("  {}  ", product.to_lowercase())];
    for disguises in
        [&[('l', "1")][..], &[('o', "0")], &[('l', "1"), ('o', "0")], &[('l', "I")], &[('a', "а"), ('o', "о")]]
    {
        names.push(disguises.iter().fold(product.to_owned(), |name, &(plain, other)| name.replace(plain, other)));
    }
    for name in names {
        assert_eq!(person(&name), Err(format!("must not look like {product}")), "{name:?}");
    }
}

#[test]
fn names_with_invisible_characters_are_refused() {
    for (name, invisible) in [
        ("A\u{200B}da", "200B"),
        ("A\u{200C}da", "200C"),
        ("A\u{200D}da", "200D"),
        // Joiners between letters that do not join, repeated, or at an end.
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
        let refused = format!("must not contain the invisible character U+{invisible}");
        assert_eq!(person(name), Err(refused.clone()), "{name:?}");
        assert_eq!(RoomName::try_from(name.to_owned()), Err(refused), "a room's name, {name:?}");
    }
}

#[test]
fn room_names_may_be_reserved_names_and_topics_may_contain_joiners() {
    for name in ["System", "Admin", "Bot"] {
        assert!(RoomName::try_from(name.to_owned()).is_ok(), "{name}");
    }
    assert!(Topic::try_from("می\u{200C}خواهم".to_owned()).is_ok());
}

proptest! {
    #[test]
    fn joiners_are_refused_except_between_letters_that_they_shape(
        before in "[a-zA-Zа-я0-9漢가 ]{0,3}", joiner in "[\u{200C}\u{200D}]{1,2}", after in "\\PC{0,4}"
    ) {
        let name = format!("{before}{joiner}{after}");
        prop_assert!(person(&name).is_err(), "{:?}", name);
    }

    #[test]
    fn checking_never_panics_and_is_idempotent(name in ".{0,40}") {
        if let Ok(name) = person(&name) {
            prop_assert_eq!(person(&name), Ok(name.clone()));
        }
    }
}

#[test]
fn names_that_may_be_taken_for_each_other_have_the_same_key() {
    for (name, others) in [
        ("Alice", &["ALICE", "alice", "AIice", "Al1ce", "аlice", "Ａｌｉｃｅ", "𝐀𝐥𝐢𝐜𝐞", "Ali\u{200F}ce"] as &[&str]),
        ("Mary Ann", &["rnary ann", "MARY  ANN", "Mary\u{A0}Ann", "Маry Аnn"]),
        ("José", &["JOSE\u{301}", "jos\u{E9}"]),
        ("Strasse", &["Straße", "STRASSE"]),
        ("Bob", &["B0b", "ВОВ"]),
        ("Ελένη", &["ΕΛΈΝΗ"]),
        ("❤", &["❤\u{FE0F}"]),
    ] {
        for other in others {
            assert_eq!(look_alike_key(name), look_alike_key(other), "{name} and {other}");
        }
    }
}

#[test]
fn different_names_have_different_keys() {
    let names =
        ["Alice", "Alicia", "Jose", "José", "Ada", "Ada 2", "Adam", "Bob", "Rob", "李小龙", "山田", "👍", "👍🏽", "Ben"];
    let keys: BTreeSet<_> = names.iter().map(|name| look_alike_key(name)).collect();
    assert_eq!(keys.len(), names.len(), "{keys:?}");
}
