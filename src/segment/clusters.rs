//! Where a text may be cut without taking a grapheme cluster apart.

use crate::unicode::{self, IGNORABLE, MARK};

/// Whether a grapheme cluster may begin at byte `at` of `text`, a `char` boundary. The rules of UAX #29 as far as the
/// crate's own frozen tables know them, and stricter where they do not: `false` may be said of a boundary, `true` is
/// never said inside a cluster.
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
    let extends = unicode::is(after, MARK | IGNORABLE) || matches!(after, '\u{E33}' | '\u{EB3}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{FF9E}' | '\u{FF9F}');
    let joins = unicode::is(before, IGNORABLE) || unicode::class(u32::from(before)).combining == 9;
    let prepends = matches!(before, '\u{600}'..='\u{605}' | '\u{6DD}' | '\u{70F}' | '\u{890}'..='\u{891}' | '\u{8E2}' | '\u{D4E}' | '\u{110BD}' | '\u{110CD}' | '\u{111C2}'..='\u{111C3}' | '\u{1193F}' | '\u{11941}' | '\u{11A3A}' | '\u{11A84}'..='\u{11A89}' | '\u{11D46}' | '\u{11F02}' | '\u{113D1}' | '\u{1171E}');
    let is_jamo = |c: char| matches!(c, '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97C}' | '\u{D7B0}'..='\u{D7FB}' | '\u{AC00}'..='\u{D7A3}');
    let hangul = is_jamo(before) && is_jamo(after) && !matches!(after, '\u{AC00}'..='\u{D7A3}');
    let is_flag = |c: char| matches!(c, '\u{1F1E6}'..='\u{1F1FF}');
    let flags = is_flag(after) && text[..at].chars().rev().take_while(|c| is_flag(*c)).count() % 2 == 1;
    let hangul = hangul || (matches!(before, '\u{1100}'..='\u{115F}' | '\u{A960}'..='\u{A97C}') && is_jamo(after));
    !(extends || joins || prepends || hangul || flags)
}
