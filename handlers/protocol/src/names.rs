//! Rules for names: no invisible characters, no person's name that looks like the system's, and handles that are
//! identifiers.

use icu_properties::props::{Emoji, GeneralCategory, XidContinue, XidStart};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::skeleton;
use unicode_segmentation::UnicodeSegmentation;

use crate::blank::{is_blank, is_blank_char};
use crate::joiners;

/// Names that speak for the system. No person may have one.
const RESERVED: [&str; 5] = ["Parlor", "System", "Admin", "Moderator", "Bot"];

/// Returns the first invisible character, which would make two different names look the same.
///
/// Three uses are allowed: the plain direction marks, which right-to-left names need; joiners and variation selectors
/// within an emoji; and joiners that change how letters look.
pub fn invisible_char(name: &str) -> Option<char> {
    let found = name.grapheme_indices(true).find_map(|(start, cluster)| {
        // Digits have the Emoji property because keycaps start with one.
        let is_emoji = cluster.starts_with(|c| CodePointSetData::new::<Emoji>().contains(c))
            && (!cluster.starts_with(|c: char| c.is_ascii()) || cluster.ends_with('\u{20E3}'));
        let is_emoji_part = |c: char| matches!(c, '\u{200D}' | '\u{FE0E}' | '\u{FE0F}');
        // A joiner must join something on both sides.
        let ends_with_joiner = cluster.ends_with('\u{200D}');
        let affects_shaping = |at: usize, c: char| {
            let (before, rest) = name.split_at_checked(start + at).unwrap_or_default();
            joiners::affects_shaping(c, before, rest.strip_prefix(c).unwrap_or_default())
        };
        let mut invisible = cluster.char_indices().filter(|&(_, c)| is_invisible(c));
        invisible
            .find(|&(at, c)| !(is_emoji && is_emoji_part(c) && !ends_with_joiner || affects_shaping(at, c)))
            .map(|(_, c)| c)
    });
    found.or_else(|| name.chars().next().filter(|_| is_blank(name)))
}

/// Format characters and blank characters, except white space and direction marks.
fn is_invisible(c: char) -> bool {
    let is_format = CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::Format;
    (is_format || (is_blank_char(c) && !c.is_whitespace())) && !is_direction_mark(c)
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}')
}

/// Returns the reserved name that this name looks like.
pub fn imitated_name(name: &str) -> Option<&'static str> {
    RESERVED.into_iter().find(|reserved| looks_like(name, reserved))
}

/// Whether one name may be taken for another that is reserved.
pub fn looks_like(name: &str, reserved: &str) -> bool {
    let name = skeletons(name);
    skeletons(reserved).iter().any(|skeleton| name.contains(skeleton))
}

/// Returns whether this is an identifier of UAX #31, section 2, that may also begin with a digit, and whose medial
/// characters are `.` and `-`. Joiners are left to [`invisible_char`].
pub fn is_identifier(text: &str) -> bool {
    let continues = CodePointSetData::new::<XidContinue>();
    let is_digit = |c| CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::DecimalNumber;
    text.starts_with(|c| CodePointSetData::new::<XidStart>().contains(c) || is_digit(c))
        && text.split(['.', '-']).all(|part| {
            !part.is_empty() && part.chars().all(|c| continues.contains(c) || matches!(c, '\u{200C}' | '\u{200D}'))
        })
}

/// Returns a key that is the same for two names exactly if one may be taken for the other, whatever the case: their
/// skeletons (UTS #39, section 4) are alike once `I`, `l` and `1` are, which needs both cases, as do `m` and `rn`.
pub fn look_alike_key(name: &str) -> String {
    let upper: String = name.nfkc().flat_map(char::to_uppercase).collect();
    let lower = skeleton(&upper).collect::<String>().to_lowercase();
    // Pages show several spaces as one.
    skeleton(&lower).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns what a name can be mistaken for: its skeletons (UTS #39, section 4) in lower case, in upper case and as written,
/// because `1` looks like both `l` and `I`, which are different letters. Accents, and symbols around the name, are ignored.
fn skeletons(name: &str) -> [String; 3] {
    let plain: String = name.nfkc().collect();
    [plain.to_lowercase(), plain.to_uppercase(), plain].map(|form| {
        let bare: String = skeleton(&form).filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase).collect();
        // Pages show several spaces as one.
        let bare = bare.trim_matches(|c: char| !c.is_alphanumeric());
        bare.split_whitespace().collect::<Vec<_>>().join(" ")
    })
}
