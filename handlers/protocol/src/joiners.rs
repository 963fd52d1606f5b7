//! Where zero width joiners and non-joiners change how letters look: contexts A1, A2 and B of UAX #31, section 2.3. Persian
//! needs the non-joiner, many languages of India both. Anywhere else they are invisible.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup, IndicSyllabicCategory, JoiningType, Script};
use unicode_normalization::char::canonical_combining_class;

/// The canonical combining class of viramas.
const VIRAMA: u8 = 9;

/// Returns whether `c` is a joiner or non-joiner that changes how the text around it looks.
pub fn affects_shaping(c: char, before: &str, after: &str) -> bool {
    match c {
        '\u{200C}' => prevents_connection(before, after) || prevents_conjunct(before, after),
        '\u{200D}' => conjunct_letter(before).is_some() && !after.starts_with(is_dependent_vowel),
        _ => false,
    }
}

/// Context A1: both sides are letters that would connect.
fn prevents_connection(before: &str, after: &str) -> bool {
    let joining = CodePointMapData::<JoiningType>::new();
    let is_opaque = |c: &char| joining.get(*c) != JoiningType::Transparent;
    let (left, right) = (before.chars().rev().find(is_opaque), after.chars().find(is_opaque));
    let (Some(left), Some(right)) = (left, right) else { return false };
    matches!(joining.get(left), JoiningType::DualJoining | JoiningType::LeftJoining)
        && matches!(joining.get(right), JoiningType::DualJoining | JoiningType::RightJoining)
        && script(left) == script(right)
}

/// Context A2: both sides are letters, and a virama after the first would combine them into one sign.
fn prevents_conjunct(before: &str, after: &str) -> bool {
    let is_mark = |c: &char| category(*c) == GeneralCategory::NonspacingMark && canonical_combining_class(*c) != 0;
    let right = after.chars().find(|c| !is_mark(c)).filter(|&c| is_letter(c));
    right.is_some_and(|right| conjunct_letter(before).is_some_and(|left| script(left) == script(right)))
}

/// Returns the letter whose virama ends the text, ignoring marks between and after them.
fn conjunct_letter(before: &str) -> Option<char> {
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
