//! Tests the bytes of a line for repetition inside, so that lines without repetition are not split
//! into sentences. A result of `false` is right, except for loops in short sentences; a result of
//! `true` may be wrong.

use memchr::{memchr_iter, memchr3_iter};

use crate::id::id;
use crate::normalize::Normalization;
use crate::segment::has_other_stops;
use crate::work;

/// Lines with more sentences than this are always read.
const FEW: usize = 32;

/// Sentences of fewer bytes are not compared; half of their bytes count as equal.
const LIGHT: usize = 12;

/// Sentences of this many bytes or more, and of at least half the line, are searched for loops.
const LONG: usize = 480;

/// Returns whether a rule may remove a part of `line`: because sentences of at least `least` bytes
/// together may equal earlier ones, or because a long sentence may have a loop inside.
///
/// Two sentences differ if their first or their last bytes are plain ASCII and differ, because the
/// default form maps ASCII byte by byte.
pub(super) fn may_repeat(line: &str, normalization: Normalization, least: usize) -> bool {
    let bytes = line.as_bytes();
    work::count(bytes.len());
    if normalization != Normalization::TEXT || has_other_stops(bytes) {
        return true;
    }
    // The sentences that are compared, and their first bytes.
    let mut sentences = [(0_u32, 0_u32); FEW];
    let mut heads = [0_u64; FEW];
    let mut count = 0;
    let mut start = 0;
    let mut light = 0;
    let mut is_doubtful = false;
    let long = LONG.min(bytes.len() / 2);
    for at in memchr3_iter(b'.', b'!', b'?', bytes).chain([bytes.len()]) {
        // A stop before a letter or digit does not end a sentence.
        if at < start || bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) {
            continue;
        }
        if count == FEW || (at - start >= long && may_loop(&bytes[start..at])) {
            return true;
        }
        if at >= start + LIGHT {
            let folded = bytes[start..].get(..8).and_then(plain);
            is_doubtful |= folded.is_none_or(|head| heads[..count].contains(&head));
            let folded = folded.unwrap_or(u64::MAX);
            // A line that is read is shorter than 4 GiB.
            let [start, end] = [start, at].map(id);
            (sentences[count], heads[count]) = ((start, end), folded);
            count += 1;
        } else {
            light += at - start;
        }
        start = (at + 1).min(bytes.len());
        while let Some(len) = bytes
            .get(start)
            .filter(|byte| !byte.is_ascii_alphanumeric())
            .and_then(|_| sign_len(&bytes[start..]))
        {
            start += len;
        }
    }
    light / 2 >= least || (is_doubtful && has_equal_ends(bytes, &sentences[..count], light / 2, least))
}

/// Returns a word of eight equal bytes.
fn every(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Returns whether the sentences that begin and end like an earlier one, or whose ends are not
/// plain, have at least `least` bytes together with `equal` bytes that are known to be equal.
fn has_equal_ends(line: &[u8], sentences: &[(u32, u32)], mut equal: usize, least: usize) -> bool {
    let mut heads = [None; FEW];
    let differ = |a: Option<u64>, b: Option<u64>| a.is_some() && b.is_some() && a != b;
    let sentence = |i: usize| &line[sentences[i].0 as usize..sentences[i].1 as usize];
    for i in 0..sentences.len() {
        let own = head(sentence(i));
        heads[i] = own;
        work::count(1 + i);
        if (0..i).any(|j| !differ(own, heads[j]) && !differ(tail(sentence(i)), tail(sentence(j)))) {
            equal += sentence(i).len();
        }
    }
    equal >= least
}

/// Returns the first seven bytes from the first letter or digit on, in lower case. Returns `None`
/// if pieces with equal forms may have other bytes there: if these or the next byte are not ASCII,
/// or if the form changes their white space.
fn head(piece: &[u8]) -> Option<u64> {
    let mut at = 0;
    while !piece.get(at)?.is_ascii_alphanumeric() {
        at += sign_len(&piece[at..])?;
    }
    plain(piece.get(at..at + 8)?).map(|word| word & (u64::MAX >> 8))
}

/// Returns the last eight bytes up to the last letter or digit, in the same way as [`head`].
fn tail(piece: &[u8]) -> Option<u64> {
    let mut end = piece.len();
    loop {
        end = match piece[..end] {
            [.., last] if last.is_ascii_alphanumeric() => break,
            [.., 0..0x80] => end - 1,
            [.., 0xE2, 0x80, 0x90..0xA8] => end - 3,
            _ => return None,
        };
    }
    plain(piece.get(end.checked_sub(8)?..end)?)
}

/// Returns the length of the sign that `bytes` begin with: ASCII, or from U+2010 to U+203F, which
/// are mostly dashes and quotes.
fn sign_len(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [0..0x80, ..] => Some(1),
        [0xE2, 0x80, 0x90..0xA8, ..] => Some(3),
        _ => None,
    }
}

/// Returns eight bytes in lower case if they are ASCII and have no white space but single blanks.
fn plain(bytes: &[u8]) -> Option<u64> {
    let word = u64::from_le_bytes(bytes.try_into().ok()?);
    if word & every(0x80) != 0 {
        return None;
    }
    // Bytes below 0x21, each marked in its highest bit; exact, because none had it set.
    let blanks = !(word + every(0x80 - 0x21)) & every(0x80);
    let controls = !(word + every(0x80 - 0x20)) & every(0x80);
    (controls == 0 && blanks & (blanks << 8) == 0).then_some(word | every(0x20))
}

/// The minimum number of bytes of a loop that equal the bytes one unit earlier.
const LOOP: usize = 60;

/// The numbers of slots of the two tables, and the maximum lengths in bytes of their pieces.
const SLOTS: [usize; 2] = [128, 2048];
const FULL: [usize; 2] = [2048, 1 << 15];

/// Returns whether `piece` may be a loop: three units in direct succession are equal except for the
/// case of ASCII letters, or the test takes too many steps.
///
/// A unit is found by the eight bytes after a sampled place. The bytes themselves select the
/// places, so every unit has the same places.
pub(super) fn may_loop(piece: &[u8]) -> bool {
    match piece.len() {
        len if len <= FULL[0] => has_turns::<{ SLOTS[0] }>(piece),
        len if len <= FULL[1] => has_turns::<{ SLOTS[1] }>(piece),
        _ => true,
    }
}

fn has_turns<const N: usize>(bytes: &[u8]) -> bool {
    // For each slot, a hash of the last bytes, and their place.
    let mut slots = [(0_u32, 0_u16); N];
    let mut budget = 8 * bytes.len();
    let is_turn = |at: usize| {
        let Some(word) = bytes[at..].first_chunk().copied().map(u64::from_le_bytes) else { return false };
        let word = word | every(0x20);
        let key = word.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let tag = u32::try_from(key >> 25 & u64::from(u32::MAX)).unwrap_or(0);
        let slot = &mut slots[(key >> 48) as usize % N];
        let (last, before) = (slot.0, usize::from(slot.1));
        // Pieces are shorter than 2¹⁶ bytes here.
        *slot = (tag, u16::try_from(at).unwrap_or(u16::MAX));
        if last != tag || before == at {
            return false;
        }
        let period = at - before;
        let turns = bytes[before..].iter().zip(&bytes[at..]);
        let equal = turns.take(LOOP.max(2 * period)).take_while(|(a, b)| *a | 0x20 == *b | 0x20).count();
        work::count(equal);
        budget = budget.saturating_sub(equal);
        equal >= LOOP.max(2 * period) || budget == 0
    };
    if bytes.is_ascii() {
        return memchr_iter(b' ', bytes).any(is_turn);
    }
    // A blank, or one in four of the bytes of other scripts.
    let is_sampled = |at: &usize| bytes[*at] == b' ' || (bytes[*at] & 0xC0 == 0x80 && bytes[*at] & 3 == 0);
    (0..bytes.len()).filter(is_sampled).any(is_turn)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use refrain_testkit::texts::SENTENCES;

    use super::*;
    use crate::normalize::Normalizer;
    use crate::segment::pieces_of_line;
    use crate::span::Span;

    /// A sentence whose form differs from those of others, with signs, blanks and capitals that
    /// most forms ignore.
    fn sentence() -> impl Strategy<Value = String> {
        let signs =
            [("", "."), ("", "..."), ("\u{201C}", ".\u{201D}"), ("- ", "!"), ("\u{2014} ", "?"), ("(", ".)")];
        let blanks = [" ", "  ", "\t", "\u{A0}", " \u{AD}"];
        (
            prop::sample::select(vec![0, 1, 2, 3, 8, 11, 12, 13]),
            0..signs.len(),
            0..blanks.len(),
            0..9_usize,
            0..3,
        )
            .prop_map(move |(number, signs_at, blank, at, case)| {
                let words: Vec<&str> = SENTENCES[number].trim_end_matches(['.', '!']).split(' ').collect();
                let at = at.min(words.len());
                let text = [words[..at].join(" "), words[at..].join(" ")].join(blanks[blank]);
                let text = if case == 0 { text.to_uppercase() } else { text };
                format!("{}{}{}", signs[signs_at].0, text.trim(), signs[signs_at].1)
            })
    }

    proptest! {
        /// The bytes of equal sentences, which are at least as many as their letters, are found.
        #[test]
        fn equal_sentences_are_seen(sentences in prop::collection::vec(sentence(), 2..9)) {
            // The first eight bytes of a line are compared with their signs.
            let line = format!("It rained. {}", sentences.join(" "));
            let mut spans = Vec::new();
            pieces_of_line(&line, Span::new(0, line.len()), &mut spans);
            let mut normalizer = Normalizer::default();
            let mut form = |span: &Span| normalizer.canonical(&line[*span], Normalization::TEXT).to_vec();
            let forms: Vec<Vec<u8>> = spans.iter().map(&mut form).collect();
            let copies = (0..spans.len()).filter(|i| forms[..*i].contains(&forms[*i]));
            let letters = |i: usize| line[spans[i]].chars().filter(|c| c.is_alphabetic()).count();
            let weight: usize = copies.map(letters).sum();
            prop_assert!(weight == 0 || may_repeat(&line, Normalization::TEXT, weight), "{:?}", line);
        }
    }

    #[test]
    fn lines_with_little_repetition_are_not_read() {
        let is_read = |line: &str, least| may_repeat(line, Normalization::TEXT, least);
        // Two of these sentences begin alike, and end otherwise.
        let line = [0, 1, 2, 3, 8, 9, 11, 21].map(|number| SENTENCES[number]).join(" ");
        assert!(!is_read(&line, 1));
        assert!(may_repeat(&line, Normalization::RAW, 1_000), "other forms are not known");
        // Only one of the two ends is equal in each pair, whatever signs are around the sentences.
        let ends = |[open, close]: [&str; 2]| {
            let sentence = |text| format!("{open}{text}{close}. ");
            let three = [
                "Children counted gulls on the roof",
                "Somebody counted gulls on the roof",
                "Children slept at home in their beds",
            ];
            three.map(sentence).concat()
        };
        for signs in [["", ""], ["(", ")"], ["\u{201C}", "\u{201D}"]] {
            assert!(!is_read(&ends(signs), 1), "{signs:?}");
        }
        let long = SENTENCES[..4].join(" ").replace(['.', '!'], ",");
        assert!(!is_read(&format!("{long}. It rained."), 5), "a long sentence without a loop");
        // The bytes of a copy count, without its stop.
        let (copy, len) = (SENTENCES[3], SENTENCES[3].len() - 1);
        assert!(is_read(&format!("{line} {copy}"), len));
        assert!(!is_read(&format!("{line} {copy}"), len + 1));
        // Half of the bytes of light sentences count.
        let light = format!("{line}{}", " It rained.".repeat(4));
        assert!(is_read(&light, 18) && !is_read(&light, 19));
        assert!(is_read(&format!("{light} {copy}"), len + 18));
        assert!(!is_read(&format!("{light} {copy}"), len + 19));
        // A number or an abbreviation is no end of a sentence.
        assert!(!is_read(&line.replace(" the ", " 3.14 "), 1));
        let many = |count: u8| {
            (0..count)
                .map(|i| format!("{}{i} boats were seen. ", char::from(b'A' + i % 26)))
                .collect::<String>()
        };
        assert!(!is_read(&many(31), 1) && is_read(&many(33), 1_000));
    }

    /// A loop has 60 equal bytes after its first two units, or two more units if these are longer.
    #[test]
    fn loops_are_seen_from_60_equal_bytes_on() {
        let unit = |len: usize| format!("{} ", &"abcdefghijklmnopqrstuvwxyz".repeat(3)[..len - 1]);
        for (unit, least) in [
            (unit(20), 19 + 20 + 60),
            (unit(30), 29 + 30 + 60),
            (unit(40), 39 + 40 + 80),
            // In other scripts, units are also found by a part of their bytes.
            ("\u{4E00} abcdefghijklmnop".to_owned(), 1 + 20 + 60),
        ] {
            let line = unit.repeat(6);
            assert!(may_loop(&line.as_bytes()[..least]), "{unit:?}");
            assert!(!may_loop(&line.as_bytes()[..least - 1]), "{unit:?}");
            let capitals = format!("{unit}{}{}", unit.to_uppercase(), unit.repeat(4));
            assert!(may_loop(capitals.as_bytes()), "{unit:?}");
        }
        for prose in [SENTENCES[..12].join(" "), SENTENCES[12..].join(" ")] {
            assert!(!may_loop(prose.as_bytes()), "{prose:?}");
        }
        for unit in [SENTENCES[14], SENTENCES[15], SENTENCES[17], SENTENCES[19]] {
            assert!(may_loop(unit.repeat(4).as_bytes()), "{unit:?}");
        }
        let long: String = (0..6_000).map(|i| format!("w{} ", i * i + 7 * i)).collect();
        assert!(!may_loop(&long.as_bytes()[..FULL[1]]) && may_loop(&long.as_bytes()[..=FULL[1]]));
    }

    /// The line has equal halves, and each blank of the second half is compared up to the end.
    #[test]
    fn a_quick_look_takes_a_bounded_number_of_steps_for_each_byte() {
        for words in [50, 100, 800, 1_600] {
            let half: String = (0..words).map(|i| format!("w{} ", i * i + 7 * i)).collect();
            let line = half.repeat(2);
            let steps = work::of(|| {
                may_loop(line.as_bytes());
            });
            assert!(steps <= 10 * line.len() as u64, "{words} words: {steps} steps");
        }
    }
}
