//! The units of a text: what is counted and compared.
//!
//! A unit is a word of the canonical form together with the canonical text between the word and the
//! word before, so `a+b` and `a-b` have different units. The text before the first word counts as
//! one space. If punctuation is removed from the form, a unit is a word alone.
//!
//! The text is read once, from left to right, and yields the hash and the extent of each unit. Most
//! ASCII text is read in blocks of 64 bytes without writing its form; other text takes one
//! character at a time; and characters that combine are normalized together with the character
//! before them.

use super::gap::Gap;
use crate::normalize::{Normalization, Normalizer};
use crate::shingle::{BLOCK, Part, block, hash_word, mix, part_of};
use crate::unicode::{self, Class, IGNORABLE, MARK, ORDERED, PUNCTUATION, SPACE};
use crate::work;

/// The bytes of a word in the original text: from the first byte of the word to the last, extended
/// to the white space around the word if no other word is between.
///
/// In a script without spaces between words, a word extends to the start of the next one. If one
/// character yields several words, the later ones are empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Extent {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// The units of a text: the hash and the extent of each.
#[derive(Clone, Debug, Default)]
pub(super) struct Units {
    pub(super) hashes: Vec<u32>,
    pub(super) extents: Vec<Extent>,
}

/// Reads the units of texts, and reuses its buffers.
#[derive(Clone, Debug, Default)]
pub(super) struct UnitReader {
    normalizer: Normalizer,
    word: Vec<u8>,
    units: Units,
}

impl UnitReader {
    /// Reads the units of `text`, whose length must fit 32 bits.
    pub(super) fn read(&mut self, text: &str, form: Normalization, seed: u64) -> &mut Units {
        work::count(text.len());
        let units = &mut self.units;
        units.hashes.clear();
        units.extents.clear();
        let mut reading = Reading {
            text: text.as_bytes(),
            form,
            direct: form.direct(),
            is_plain: form.direct() != 0 && !form.has_removals(),
            seed,
            seeded: mix(seed),
            gap: Gap::new(seed, !form.strips_punctuation()),
            units,
            word: &mut self.word,
            len: 0,
            is_open: false,
            is_whole: false,
            of_gap: 0,
            start: 0,
            end: 0,
            spaces: None,
        };
        reading.all(&mut self.normalizer, text);
        &mut self.units
    }
}

/// The state of reading a text.
struct Reading<'r> {
    text: &'r [u8],
    form: Normalization,
    /// The property of characters that have one counterpart each; 0 if every character has.
    direct: u16,
    /// True if ASCII only changes its case.
    is_plain: bool,
    seed: u64,
    seeded: u64,
    /// The canonical text since the last word.
    gap: Gap,
    units: &'r mut Units,
    /// The canonical form of the open word is the first `len` bytes.
    word: &'r mut Vec<u8>,
    len: usize,
    is_open: bool,
    /// True if the open word is one letter, which only marks continue.
    is_whole: bool,
    /// The part of the hash that depends on the gap before the open word.
    of_gap: u64,
    /// The extent of the open word so far.
    start: usize,
    end: usize,
    /// The start of the first white space since the last word, and the end of the last one.
    spaces: Option<(usize, usize)>,
}

impl Reading<'_> {
    fn all(&mut self, normalizer: &mut Normalizer, text: &str) {
        let mut at = if self.is_plain { self.ascii(0) } else { 0 };
        while let Some(first) = self.text.get(at) {
            // A word has ended, and ASCII follows.
            if self.is_open && self.is_plain && !first.is_ascii_alphanumeric() && self.is_ascii(at) {
                self.close();
                at = self.ascii(at);
                let Some(_) = self.text.get(at) else { break };
            }
            at = self.character(at, normalizer, text);
        }
        self.close();
        if let Some(last) = self.units.extents.last_mut() {
            last.end = offset(self.spaces.map_or(self.text.len(), |(first, _)| first));
        }
    }

    fn is_ascii(&self, at: usize) -> bool {
        let rest = &self.text[at..];
        rest.first_chunk::<8>().map_or(rest.is_ascii(), |eight| eight.is_ascii())
    }

    /// Reads ASCII in blocks from `start`, where a word has ended or the text begins. Returns the
    /// end of the last complete word.
    fn ascii(&mut self, start: usize) -> usize {
        let text = self.text;
        let (mut done, mut next) = (start, start);
        while next < text.len() {
            let rest = &text[next..];
            let mut last = [0; BLOCK];
            let bytes = rest.first_chunk().unwrap_or_else(|| {
                last[..rest.len()].copy_from_slice(rest);
                &last
            });
            let (letters, long) = block(bytes);
            let border = long.trailing_zeros() as usize;
            // The last character before one that is not ASCII may combine with it.
            let limit = if border < BLOCK { border.saturating_sub(1) } else { BLOCK };
            let is_last = border == BLOCK && rest.len() <= BLOCK;
            let mut left = letters & !u64::MAX.checked_shl(u32::try_from(limit).unwrap_or(64)).unwrap_or(0);
            let mut after = next + BLOCK;
            while left != 0 {
                let start = left.trailing_zeros() as usize;
                let len = (!(left >> start)).trailing_zeros() as usize;
                if start + len == limit && !is_last {
                    // The word may continue.
                    after = next + start;
                    break;
                }
                self.ascii_word(done, next + start, len);
                done = next + start + len;
                left &= u64::MAX.checked_shl(u32::try_from(start + len).unwrap_or(64)).unwrap_or(0);
            }
            if border < BLOCK || is_last || after == next {
                break;
            }
            next = after;
        }
        done
    }

    /// Adds a word of ASCII. The last word ended at `gap`.
    #[inline(always)]
    fn ascii_word(&mut self, gap: usize, start: usize, len: usize) {
        let text = self.text;
        let mut of_gap = 0;
        let mut from = start;
        if !matches!(text[gap..start], [b' ' | b'\n']) {
            let bytes = &text[gap..start];
            let spaces = |byte: &u8| matches!(byte, b'\t'..=b'\r' | b' ');
            if let Some(last) = bytes.iter().rposition(spaces) {
                from = gap + last + 1;
                if let (Some(first), Some(before)) =
                    (bytes.iter().position(spaces), self.units.extents.last_mut())
                {
                    before.end = offset(gap + first);
                }
            } else if self.units.hashes.is_empty() {
                from = 0;
            }
            if !self.units.hashes.is_empty() {
                of_gap = self.gap.of_ascii(bytes);
            }
        }
        let hash = self.hash_ascii(start, len);
        self.push(hash, of_gap, from, start + len);
    }

    /// Returns the hash of the small letters of a word of ASCII, like [`hash_word`].
    #[inline(always)]
    fn hash_ascii(&self, mut start: usize, len: usize) -> u64 {
        // Letters differ from capitals by one bit, which digits have too.
        const LOWER: u64 = u64::from_le_bytes([0x20; 8]);
        let end = start + len;
        let mut hash = self.seeded;
        while start < end {
            let rest = &self.text[start..];
            let bytes = rest.first_chunk().copied().unwrap_or_else(|| {
                let mut last = [0; 8];
                last[..rest.len()].copy_from_slice(rest);
                last
            });
            let count = (end - start).min(8);
            hash = mix(hash ^ (u64::from_le_bytes(bytes) | LOWER) & (u64::MAX >> (64 - 8 * count)));
            start += count;
        }
        hash
    }

    #[inline(always)]
    fn push(&mut self, hash: u64, of_gap: u64, start: usize, end: usize) {
        let hash = ((hash ^ of_gap) >> 32) as u32;
        // 0 separates documents.
        self.units.hashes.push(hash.max(1));
        self.units.extents.push(Extent { start: offset(start), end: offset(end) });
    }

    /// Reads the character at `at`, and those that combine with it, and goes on while characters
    /// are direct. Returns the end.
    fn character(&mut self, mut at: usize, normalizer: &mut Normalizer, text: &str) -> usize {
        let (mut cp, mut len) = unicode::decode(self.text, at);
        let mut class = unicode::class(cp);
        loop {
            let next = at + len;
            if class.flags & SPACE != 0 {
                self.close();
                self.spaces = Some((self.spaces.map_or(at, |(first, _)| first), next));
                if self.form == Normalization::RAW {
                    self.gap.push(&self.text[at..next]);
                } else {
                    self.gap.push_space();
                }
                return next;
            }
            if self.direct == 0 {
                self.feed(cp, class.flags, self.four(at), len, (at, next));
                return next;
            }
            if !self.is_plain {
                return self.replaced(at, next, normalizer, text);
            }
            if class.flags & self.direct == 0 {
                return self.island(at, normalizer, text);
            }
            match self.text.get(next) {
                Some(128..) => {
                    let (after, after_len) = unicode::decode(self.text, next);
                    let after_class = unicode::class(after);
                    if after_class.flags & (SPACE | self.direct) == 0 {
                        return self.island(at, normalizer, text);
                    }
                    self.feed_direct(cp, class, (at, len));
                    (at, cp, len, class) = (next, after, after_len, after_class);
                }
                first => {
                    self.feed_direct(cp, class, (at, len));
                    if first.is_none_or(|first| !first.is_ascii_alphanumeric()) {
                        return next;
                    }
                    (cp, len) = unicode::decode(self.text, next);
                    (at, class) = (next, unicode::class(cp));
                }
            }
        }
    }

    /// Reads the character at `at..next` for a form that removes or replaces characters.
    fn replaced(&mut self, at: usize, next: usize, normalizer: &mut Normalizer, text: &str) -> usize {
        let byte = self.text[at].to_ascii_lowercase();
        let is_alone = self.text.get(next).is_none_or(u8::is_ascii) && self.is_boundary(next);
        if byte.is_ascii_alphanumeric() && is_alone {
            let is_digit = byte.is_ascii_digit();
            let byte = if self.form.folds_digits() && is_digit { b'0' } else { byte };
            let cp = u32::from(byte);
            self.feed(cp, unicode::class(cp).flags, [byte, 0, 0, 0], 1, (at, next));
            return next;
        }
        self.island(at, normalizer, text)
    }

    /// Returns the four bytes from `at` on, padded with zeros.
    #[inline(always)]
    fn four(&self, at: usize) -> [u8; 4] {
        let rest = &self.text[at..];
        rest.first_chunk().copied().unwrap_or_else(|| {
            let mut four = [0; 4];
            four[..rest.len()].copy_from_slice(rest);
            four
        })
    }

    /// Returns whether no character combines across `at`.
    #[inline(always)]
    fn is_boundary(&self, at: usize) -> bool {
        match self.text.get(at) {
            None => true,
            Some(first) if first.is_ascii() && self.is_plain => true,
            Some(_) => {
                let (cp, _) = unicode::decode(self.text, at);
                let flags = unicode::class(cp).flags;
                let is_direct = flags & self.direct != 0;
                // Marks may be removed after some letters.
                flags & SPACE != 0
                    || is_direct && (self.is_plain || flags & MARK == 0 && !self.is_removed(cp, flags))
            }
        }
    }

    /// Returns whether the form omits the character.
    fn is_removed(&self, cp: u32, flags: u16) -> bool {
        let is_typographic = || char::from_u32(cp).is_some_and(|c| unicode::plain(c) != c);
        self.form.strips_punctuation() && (flags & PUNCTUATION != 0 || is_typographic())
    }

    /// Reads the character at `at`, and all characters after it up to one with which they do not
    /// combine.
    fn island(&mut self, at: usize, normalizer: &mut Normalizer, text: &str) -> usize {
        let (first, len) = unicode::decode(self.text, at);
        let class = unicode::class(first);
        // Ordered marks after a direct character are copied.
        let mut is_simple = self.is_plain && class.flags & self.direct != 0;
        let mut combining = 0;
        let mut end = at + len;
        while end < self.text.len() && !self.is_boundary(end) {
            let (cp, len) = unicode::decode(self.text, end);
            let class = unicode::class(cp);
            if class.flags & IGNORABLE == 0 {
                is_simple &= class.flags & ORDERED != 0 && class.combining >= combining;
                combining = class.combining;
            }
            end += len;
        }
        if is_simple {
            self.feed_direct(first, class, (at, len));
            let mut next = at + len;
            while next < end {
                let (cp, len) = unicode::decode(self.text, next);
                let flags = unicode::class(cp).flags;
                if flags & IGNORABLE == 0 {
                    self.feed(cp, flags, self.four(next), len, (next, next + len));
                }
                next += len;
            }
            self.end = end;
            return end;
        }
        let form = normalizer.canonical(&text[at..end], self.form);
        let mut next = 0;
        while next < form.len() {
            let (cp, len) = unicode::decode(form, next);
            if cp == u32::from(' ') {
                self.close();
                self.gap.push_space();
            } else {
                let mut four = [0; 4];
                four[..len].copy_from_slice(&form[next..next + len]);
                self.feed(cp, unicode::class(cp).flags, four, len, (at, end));
            }
            next += len;
        }
        end
    }

    /// Adds the counterpart of the direct character at `at`.
    #[inline(always)]
    fn feed_direct(&mut self, cp: u32, class: Class, (at, len): (usize, usize)) {
        let place = (at, at + len);
        match char::from_u32(cp.wrapping_add_signed(class.shift)) {
            Some(c) if class.shift != 0 => {
                let mut four = [0; 4];
                let len = c.encode_utf8(&mut four).len();
                self.feed(u32::from(c), unicode::flags(c), four, len, place);
            }
            _ => self.feed(cp, class.flags, self.four(at), len, place),
        }
    }

    /// Adds a character of the form, which is encoded by the first `len` of `four` bytes, and whose
    /// original has the given start and end.
    #[inline(always)]
    fn feed(&mut self, cp: u32, flags: u16, four: [u8; 4], len: usize, (start, end): (usize, usize)) {
        let part = part_of(cp, flags);
        let ends = match part {
            Part::Mark => false,
            Part::Letter => self.is_whole,
            Part::Whole | Part::Other => true,
        };
        if ends {
            self.close();
        }
        if part == Part::Other {
            self.gap.push(&four[..len]);
            return;
        }
        if !self.is_open {
            self.open(start, part == Part::Whole);
        }
        // Four bytes are written, of which the word has only the first ones.
        if self.word.len() < self.len + 4 {
            self.word.resize(2 * self.len + 64, 0);
        }
        self.word[self.len..self.len + 4].copy_from_slice(&four);
        self.len += len;
        self.end = end;
    }

    /// Begins a word at byte `at`.
    fn open(&mut self, at: usize, is_whole: bool) {
        let is_first = self.units.hashes.is_empty();
        let of_gap = self.gap.take();
        self.of_gap = if is_first { 0 } else { of_gap };
        self.start = match (self.spaces, self.units.extents.last_mut()) {
            (Some((first, last)), before) => {
                before.into_iter().for_each(|before| before.end = offset(first));
                last
            }
            (None, None) => 0,
            (None, Some(before)) => {
                if is_whole {
                    before.end = offset(at).max(before.end);
                }
                at.max(before.end as usize)
            }
        };
        self.spaces = None;
        (self.is_open, self.is_whole) = (true, is_whole);
    }

    /// Ends the open word, if there is one.
    #[inline(always)]
    fn close(&mut self) {
        if self.is_open {
            let hash = match self.word.first_chunk::<8>() {
                Some(eight) if self.len <= 8 => {
                    mix(self.seeded ^ u64::from_le_bytes(*eight) & (u64::MAX >> (64 - 8 * self.len)))
                }
                _ => hash_word(&self.word[..self.len], self.seed),
            };
            self.push(hash, self.of_gap, self.start, self.end);
            self.len = 0;
            (self.is_open, self.is_whole) = (false, false);
        }
    }
}

/// Returns an offset in 32 bits, in which the offsets of every text that is read fit.
#[inline(always)]
fn offset(at: usize) -> u32 {
    debug_assert!(u32::try_from(at).is_ok(), "{at} does not fit 32 bits");
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
