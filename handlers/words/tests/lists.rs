//! What a list finds: every spelling of its words, and none of their neighbours.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

use parlor_words::{Finding, WordList};
use proptest::prelude::*;

fn list(file: &str) -> WordList {
    let mut list = WordList::default();
    list.add(file).unwrap();
    list
}

fn is_refused(list: &WordList, text: &str) -> bool {
    matches!(list.find(text), Finding::Refuse(_))
}

#[test]
fn a_listed_word_is_found_in_every_case_encoding_and_disguise() {
    let list = list("# Comment\n\nidiot\nDummkopf\nfree money\ncafé\nстрашила\n坏话\n");
    for text in [
        "idiot",
        "You IDIOT!",
        "IdIoT",
        "ｉｄｉｏｔ",
        "𝐢𝐝𝐢𝐨𝐭",
        "іdіоt",
        "i\u{200B}d\u{00AD}iot",
        "id\u{200D}iot",
        "1di0t",
        "Ⅰdiot",
        "\"idiot\"",
        "so-called idiot,really",
        "DUMMKOPF",
        "free  money",
        "free\nMONEY",
        "Free-money!",
        "cafe\u{301}",
        "CAFÉ",
        "СТРАШИЛА",
        "他说坏话了",
        "坏 话",
    ] {
        assert!(is_refused(&list, text), "{text:?}");
    }
}

#[test]
fn harmless_neighbours_are_not_found() {
    let list = list("idiot\nfail\nmodem\nloo\nass\nfree money\ncafé\n");
    for text in [
        "idiots",
        "idiotic",
        "fall",
        "modern",
        "100",
        "class",
        "assess",
        "passing",
        "free the money",
        "money free",
        "cafe",
        "an i di ot",
        "",
        "!?",
        "👍",
    ] {
        assert_eq!(list.find(text), Finding::Nothing, "{text:?}");
    }
}

#[test]
fn a_masked_word_becomes_stars_and_the_rest_stays_and_the_strictest_action_decides() {
    let list = list("mask: darn\nmask: dear me\nhold: lottery\nrefuse: idiot\n");
    assert_eq!(list.find("Darn, dear  me! A dаrn."), Finding::Masked("****, ****  **! A ****.".into()));
    assert_eq!(list.find("darn lottery"), Finding::Hold("lottery"));
    assert_eq!(list.find("darn lottery, idiot"), Finding::Refuse("idiot"));
    assert_eq!(WordList::default().find("idiot"), Finding::Nothing);
}

#[test]
fn a_file_that_is_not_valid_says_in_which_line() {
    for (file, problem) in [
        ("one\nban: two\n", "line 2: before the colon must be refuse, hold or mask"),
        ("one\n\n!!!\n", "line 3: must contain a letter or a digit"),
        ("hold:\n", "line 1: must contain a letter or a digit"),
        ("a\u{200B}\n\u{200B}\n", "line 2: must contain a letter or a digit"),
    ] {
        assert_eq!(WordList::default().add(file).unwrap_err(), problem);
    }
}

/// Spellings that look like a letter.
fn disguises(letter: char) -> Vec<&'static str> {
    match letter {
        'a' => vec!["a", "A", "а", "ａ", "𝒂", "Α"],
        'e' => vec!["e", "E", "е", "ｅ", "𝐞"],
        'o' => vec!["o", "O", "о", "ο", "ｏ", "𝗼"],
        'p' => vec!["p", "P", "р", "ρ", "ｐ"],
        'c' => vec!["c", "C", "с", "ｃ"],
        'x' => vec!["x", "X", "х", "ｘ"],
        _ => vec!["i", "I", "і", "ｉ", "Ⅰ"],
    }
}

proptest! {
    #[test]
    fn every_spelling_that_looks_like_a_listed_word_is_found(
        word in proptest::collection::vec(prop::sample::select(vec!['a', 'e', 'o', 'p', 'c', 'x', 'i']), 2..12),
        picks in proptest::collection::vec((any::<prop::sample::Index>(), 0..4_usize), 12),
        before in "[ .,!?\n]{0,3}",
    ) {
        let list = list(&word.iter().collect::<String>());
        let invisible = ["", "\u{200B}", "\u{00AD}", "\u{FE0F}"];
        let spelled: String = word.iter().zip(&picks)
            .map(|(letter, (pick, gap))| {
                let all = disguises(*letter);
                format!("{}{}", all[pick.index(all.len())], invisible[*gap])
            })
            .collect();
        prop_assert!(is_refused(&list, &format!("{before}{spelled}{before}")), "{spelled:?}");
    }

    #[test]
    fn no_text_makes_a_list_panic_and_what_is_not_masked_stays(text in any::<String>()) {
        let list = list("mask: darn\n坏话\nhold: lottery\n");
        if let Finding::Masked(masked) = list.find(&text) {
            prop_assert_eq!(masked.chars().count(), text.chars().count());
        }
    }

    #[test]
    fn a_word_between_other_letters_is_another_word(before in "[a-z]{1,4}", after in "[a-z]{0,4}") {
        let list = list("qwerty");
        prop_assert_eq!(list.find(&format!("{before}qwerty{after}")), Finding::Nothing);
    }
}
