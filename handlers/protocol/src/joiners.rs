//! Where the zero width joiner and non-joiner change how letters look: the contexts A1, A2 and B of UAX #31, section 2.3. Persian
//! needs the non-joiner, many languages of India both. Anywhere else they show nothing.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup, IndicSyllabicCategory, JoiningType, Script};
use unicode_normalization::char::canonical_combining_class;

const VIRAMA: u8 = 9;

/// Whether `c`, one of the two, changes how the text before or after it looks.
pub fn shapes(c: char, before: &str, after: &str) -> bool {
    match c {
        '\u{200C}' => breaks_connection(before, after) || breaks_conjunct(before, after),
        '\u{200D}' => conjunct(before).is_some() && !after.starts_with(is_dependent_vowel),
        _ => false,
    }
}

/// A1: letters on both sides that would join.
fn breaks_connection(before: &str, after: &str) -> bool {
    let joining = CodePointMapData::<JoiningType>::new();
    let is_seen = |c: &char| joining.get(*c) != JoiningType::Transparent;
    let (left, right) = (before.chars().rev().find(is_seen), after.chars().find(is_seen));
    let (Some(left), Some(right)) = (left, right) else { return false };
    matches!(joining.get(left), JoiningType::DualJoining | JoiningType::LeftJoining)
        && matches!(joining.get(right), JoiningType::DualJoining | JoiningType::RightJoining)
        && script(left) == script(right)
}

/// A2: letters on both sides, and a virama after the first that would make one sign of them.
fn breaks_conjunct(before: &str, after: &str) -> bool {
    let is_mark = |c: &char| category(*c) == GeneralCategory::NonspacingMark && canonical_combining_class(*c) != 0;
    let right = after.chars().find(|c| !is_mark(c)).filter(|&c| is_letter(c));
    right.is_some_and(|right| conjunct(before).is_some_and(|left| script(left) == script(right)))
}

/// The letter whose virama the text ends with, whatever marks are between and after them.
fn conjunct(before: &str) -> Option<char> {
    let mut has_virama = false;
    for c in before.chars().rev() {
        match canonical_combining_class(c) {
            VIRAMA => has_virama = true,
            0 if !has_virama => return None,
            _ if category(c) == GeneralCategory::NonspacingMark => {}
            _ => return Some(c).filter(|&c| has_virama && is_letter(c)),
        }
    }
    None
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

fn script(c: char) -> Script {
    CodePointMapData::<Script>::new().get(c)
}

fn is_letter(c: char) -> bool {
    GeneralCategoryGroup::Letter.contains(category(c))
}

fn is_dependent_vowel(c: char) -> bool {
    CodePointMapData::<IndicSyllabicCategory>::new().get(c) == IndicSyllabicCategory::VowelDependent
}
