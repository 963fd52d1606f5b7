//! What a name must not be: invisible in part, or one that people take for the system's.

use icu_properties::props::{Emoji, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::skeleton;
use unicode_segmentation::UnicodeSegmentation;

use crate::blank::{is_blank, shows_nothing};
use crate::joiners;

/// Names that speak for the system, and that no person has.
const RESERVED: [&str; 5] = ["Parlor", "System", "Admin", "Moderator", "Bot"];

/// The first character that shows nothing, so that two names look the same. Three uses are none of that: the plain marks for
/// writing directions, which right-to-left names need; what joins emoji, or chooses their form, within one of them; and
/// the joiners where they change how letters look.
pub fn invisible(name: &str) -> Option<char> {
    let found = name.grapheme_indices(true).find_map(|(start, cluster)| {
        // Digits count as emoji characters, for the sake of keycaps.
        let is_emoji = cluster.starts_with(|c| CodePointSetData::new::<Emoji>().contains(c))
            && (!cluster.starts_with(|c: char| c.is_ascii()) || cluster.ends_with('\u{20E3}'));
        let joins = |c: char| matches!(c, '\u{200D}' | '\u{FE0E}' | '\u{FE0F}');
        // What joins has something to join on either side.
        let dangles = cluster.ends_with('\u{200D}');
        let shapes = |at: usize, c: char| {
            let (before, rest) = name.split_at_checked(start + at).unwrap_or_default();
            joiners::shapes(c, before, rest.strip_prefix(c).unwrap_or_default())
        };
        let mut hidden = cluster.char_indices().filter(|&(_, c)| is_invisible(c));
        hidden.find(|&(at, c)| !(is_emoji && joins(c) && !dangles || shapes(at, c))).map(|(_, c)| c)
    });
    found.or_else(|| name.chars().next().filter(|_| is_blank(name)))
}

/// Format characters, and what else shows nothing.
fn is_invisible(c: char) -> bool {
    let is_format = CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::Format;
    (is_format || (shows_nothing(c) && !c.is_whitespace())) && !is_direction(c)
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
