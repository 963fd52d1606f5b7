//! What a name must not be: invisible in part, or one that people take for the system's.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};
use unicode_security::skeleton;
use unicode_segmentation::UnicodeSegmentation;

/// Names that speak for the system, and that no person has.
const RESERVED: [&str; 5] = ["Parlor", "System", "Admin", "Moderator", "Bot"];

/// The first character that shows nothing, so that two names look the same. Two uses are none of that: the plain marks for
/// writing directions, which right-to-left names need, and what joins emoji, or chooses their form, within one of them.
pub fn invisible(name: &str) -> Option<char> {
    let shows_nothing = name.chars().all(|c| is_direction(c) || c.is_whitespace());
    let found = name.graphemes(true).find_map(|cluster| {
        // Digits count as emoji characters, for the sake of keycaps.
        let is_emoji = cluster.chars().next().is_some_and(|c| c.is_emoji_char())
            && (!cluster.starts_with(|c: char| c.is_ascii()) || cluster.ends_with('\u{20E3}'));
        let joins = |c: char| matches!(c, '\u{200D}' | '\u{FE0E}' | '\u{FE0F}');
        // What joins has something to join on either side.
        let dangles = cluster.ends_with('\u{200D}');
        cluster.chars().find(|&c| is_invisible(c) && !(is_emoji && joins(c) && !dangles))
    });
    found.or_else(|| name.chars().next().filter(|_| shows_nothing))
}

/// Format characters and, of Unicode's Default_Ignorable_Code_Point, what is none of them.
fn is_invisible(c: char) -> bool {
    let is_ignorable = matches!(c,
        '\u{034F}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{2065}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{E0000}'..='\u{E0FFF}');
    // The empty Braille pattern is a picture of nothing.
    let is_blank = c == '\u{2800}';
    (c.general_category() == GeneralCategory::Format && !is_direction(c)) || is_ignorable || is_blank
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}')
}

/// The reserved name that this one looks like.
pub fn imitated(name: &str) -> Option<&'static str> {
    let looks = looks(name);
    RESERVED.into_iter().find(|reserved| self::looks(reserved).iter().any(|look| looks.contains(look)))
}

/// What a name may be taken for: its skeletons (UTS #39, section 4) in small letters and in capitals, since `1` looks like
/// `l` and `I`, which are different letters. What adorns it – accents, and signs before and after it – counts for nothing.
fn looks(name: &str) -> [String; 3] {
    let plain: String = name.nfkc().collect();
    [plain.to_lowercase(), plain.to_uppercase(), plain].map(|form| {
        let bare: String = skeleton(&form).filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase).collect();
        bare.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
    })
}
