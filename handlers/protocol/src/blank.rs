//! Characters that show nothing. A text of nothing else is empty, however long it is. `docs/protocol/blank.json` lists them
//! for clients; the page's own form of the rule, `web/src/text/blank.ts`, is tested against that list.

use icu_properties::props::{DefaultIgnorableCodePoint, WhiteSpace};
use icu_properties::{CodePointSetData, CodePointSetDataBorrowed};

const WHITE_SPACE: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<WhiteSpace>();
const IGNORABLE: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<DefaultIgnorableCodePoint>();

/// Whether a text shows nothing at all.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(shows_nothing)
}

/// White space, control characters, Unicode's Default_Ignorable_Code_Point, and the few that no property covers: format
/// controls without a glyph, and symbols and letters whose glyph is blank.
pub fn shows_nothing(c: char) -> bool {
    let has_no_glyph = matches!(c, '\u{FFF9}'..='\u{FFFB}' | '\u{13430}'..='\u{1343F}');
    let is_drawn_blank = matches!(c, '\u{2800}' | '\u{13441}'..='\u{13442}' | '\u{16FE4}' | '\u{1D159}');
    WHITE_SPACE.contains(c) || c.is_control() || IGNORABLE.contains(c) || has_no_glyph || is_drawn_blank
}
