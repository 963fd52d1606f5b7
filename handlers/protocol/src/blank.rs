//! Characters that show nothing on screen. A text that consists only of these is blank, whatever its length.
//!
//! `docs/protocol/blank.json` lists them for clients. The page implements the same rule in `web/src/text/blank.ts`; a test
//! compares it with that list.

use icu_properties::props::{DefaultIgnorableCodePoint, WhiteSpace};
use icu_properties::{CodePointSetData, CodePointSetDataBorrowed};

const WHITE_SPACE: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<WhiteSpace>();
const IGNORABLE: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<DefaultIgnorableCodePoint>();

/// Returns whether a text has no visible character.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_blank_char)
}

/// Returns whether a character shows nothing: white space, control characters, Unicode's Default_Ignorable_Code_Point, and
/// the few that no property covers (format controls without a glyph, and symbols and letters whose glyph is blank).
pub fn is_blank_char(c: char) -> bool {
    let has_no_glyph = matches!(c, '\u{FFF9}'..='\u{FFFB}' | '\u{13430}'..='\u{1343F}');
    let has_blank_glyph = matches!(c, '\u{2800}' | '\u{13441}'..='\u{13442}' | '\u{16FE4}' | '\u{1D159}');
    WHITE_SPACE.contains(c) || c.is_control() || IGNORABLE.contains(c) || has_no_glyph || has_blank_glyph
}
