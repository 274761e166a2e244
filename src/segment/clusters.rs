//! Boundaries of grapheme clusters, at which a text may be cut.

use crate::unicode::{self, IGNORABLE, MARK};
use crate::work;

/// Returns whether a grapheme cluster begins at byte `at` of `text`, a `char` boundary.
///
/// The rules are those of UAX #29, as far as the frozen tables of this crate have the properties.
/// The others are replaced by stricter rules, so the result may be `false` at a boundary, and is
/// never `true` inside a cluster.
pub(crate) fn is_cluster_boundary(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text[..at].chars().next_back(), text[at..].chars().next()) else {
        return true;
    };
    if before == '\r' && after == '\n' {
        return false;
    }
    if before.is_control() || after.is_control() {
        return true;
    }
    if extends(after) || unicode::is(before, IGNORABLE) || is_prepended(before) {
        return false;
    }
    // A virama joins consonants, even if other marks follow it.
    let marks = || text[..at].chars().rev().take_while(|c| extends(*c));
    if extends(before) {
        work::count(marks().count());
        if marks().any(|c| unicode::class(u32::from(c)).combining == 9) {
            return false;
        }
    }
    let is_syllable = |c: char| matches!(c, '\u{AC00}'..='\u{D7A3}');
    if is_jamo(after) && (is_jamo(before) || is_syllable(before))
        || is_leading_jamo(before) && is_syllable(after)
    {
        return false;
    }
    // A flag is a pair of regional indicators.
    let flags = if is_flag(after) { text[..at].chars().rev().take_while(|c| is_flag(*c)).count() } else { 0 };
    work::count(1 + flags);
    flags % 2 == 0
}

/// Returns whether `c` belongs to the character before it.
fn extends(c: char) -> bool {
    unicode::is(c, MARK | IGNORABLE)
        || matches!(c, '\u{E33}' | '\u{EB3}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{FF9E}' | '\u{FF9F}')
}

/// Returns whether `c` belongs to the character after it (Grapheme_Cluster_Break=Prepend).
fn is_prepended(c: char) -> bool {
    matches!(
        c,
        '\u{600}'..='\u{605}'
            | '\u{6DD}'
            | '\u{70F}'
            | '\u{890}'..='\u{891}'
            | '\u{8E2}'
            | '\u{D4E}'
            | '\u{110BD}'
            | '\u{110CD}'
            | '\u{111C2}'..='\u{111C3}'
            | '\u{113D1}'
            | '\u{1171E}'
            | '\u{1193F}'
            | '\u{11941}'
            | '\u{11A3A}'
            | '\u{11A84}'..='\u{11A89}'
            | '\u{11D46}'
            | '\u{11F02}'
    )
}

/// Returns whether `c` is a part of a Hangul syllable, or a vowel sign of Kirat Rai, which joins in
/// the same way.
fn is_jamo(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97C}' | '\u{D7B0}'..='\u{D7FB}' | '\u{16D63}' | '\u{16D67}'..='\u{16D6A}')
}

fn is_leading_jamo(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115F}' | '\u{A960}'..='\u{A97C}')
}

fn is_flag(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

#[cfg(all(test, feature = "uax29"))]
mod tests {
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation as _;

    use super::*;

    /// At least one character of every kind that UAX #29 distinguishes, and of some that only this
    /// crate distinguishes.
    const KINDS: [char; 47] = [
        'a',
        ' ',
        '\r',
        '\n',
        '\0',
        '\u{85}',
        '\u{2028}',
        '\u{AD}',
        '\u{200B}',
        '\u{200C}',
        '\u{200D}',
        '\u{2060}',
        '\u{FEFF}',
        '\u{300}',
        '\u{301}',
        '\u{483}',
        '\u{600}',
        '\u{6DD}',
        '\u{70F}',
        '\u{8E2}',
        '\u{903}',
        '\u{915}',
        '\u{937}',
        '\u{93C}',
        '\u{94D}',
        '\u{9CD}',
        '\u{995}',
        '\u{D4E}',
        '\u{E01}',
        '\u{E33}',
        '\u{EB3}',
        '\u{1100}',
        '\u{1161}',
        '\u{11A8}',
        '\u{AC00}',
        '\u{AC01}',
        '\u{1B44}',
        '\u{1F1E6}',
        '\u{1F1E7}',
        '\u{1F468}',
        '\u{1F3FB}',
        '\u{2764}',
        '\u{FE0F}',
        '\u{E0061}',
        '\u{FF9E}',
        '\u{110BD}',
        '\u{4E00}',
    ];

    fn check(text: &str) {
        let clusters: Vec<usize> =
            text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
        for (at, _) in text.char_indices() {
            if is_cluster_boundary(text, at) {
                assert!(clusters.binary_search(&at).is_ok(), "{at} of {text:?} is no boundary");
            }
        }
    }

    #[test]
    fn every_boundary_beside_any_character_is_one_of_the_library() {
        let kinds = [
            'a',
            '\r',
            '\u{200D}',
            '\u{301}',
            '\u{600}',
            '\u{915}',
            '\u{94D}',
            '\u{1100}',
            '\u{1161}',
            '\u{AC00}',
            '\u{1F1E6}',
            '\u{1F468}',
        ];
        for c in '\0'..=char::MAX {
            for kind in kinds {
                check(&format!("{c}{kind}"));
                check(&format!("{kind}{c}"));
            }
        }
    }

    #[test]
    fn letters_are_parted() {
        for text in
            ["ab", "a b", "\u{4E00}\u{4E01}", "\u{E01}\u{E02}", "\u{915}\u{916}", "\u{AC00}\u{AC01}", "a\n"]
        {
            assert!(text.char_indices().all(|(at, _)| is_cluster_boundary(text, at)), "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn every_boundary_is_one_of_the_library(
            kinds in prop::collection::vec(prop::sample::select(&KINDS[..]), 0..8),
            text in any::<String>(),
        ) {
            check(&kinds.iter().collect::<String>());
            check(&text);
        }
    }
}
