//! The fast way: runs of characters that have one counterpart each.
//!
//! Most characters are *direct*: each has one counterpart in the form, whatever stands before it. ASCII is
//! written a block at a time, other direct characters one by one. What cannot be written so, an *island*, takes
//! all the steps. An island begins with the last direct character before it, which is taken back, because a mark
//! may combine with that one; it ends before the next, because nothing combines across its front.

use super::form::Form;
use super::{Normalization, island};
use crate::unicode::{self, IGNORABLE, ORDERED, SPACE, UNASSIGNED};

/// Bytes of ASCII that are looked at together. Compilers make a few vector instructions of that.
pub(super) const BLOCK: usize = 64;

/// Where an island would begin that has to be written now.
#[derive(Clone, Copy)]
struct Base {
    /// In the text.
    at: usize,
    /// In the form.
    len: usize,
    /// The combining class of the last mark since, or 0.
    combining: u8,
}

/// Writes the form of `text`. `DIRECT` is the property by which a character is direct; 0 stands for the form that
/// changes nothing but white space.
pub(super) fn write<const DIRECT: u16>(text: &str, form: Normalization, out: &mut Form<'_>) {
    let bytes = text.as_bytes();
    let mut base = Base { at: 0, len: 0, combining: 0 };
    let mut at = 0;
    while at < bytes.len() {
        // The first character, and each that no block can have in it, until there is ASCII again.
        loop {
            at = character::<DIRECT>(text, at, form, &mut base, out);
            match bytes.get(at) {
                Some(0x80..) => {}
                Some(_) if !resumes(&bytes[at..], out) => {}
                _ => break,
            }
        }
        while at < bytes.len() {
            let (clean, whole) = ascii::<DIRECT>(bytes, at, out);
            at += clean;
            if clean > 0 {
                base = match bytes[at - 1] {
                    b' ' => Base { at, len: out.len(), combining: 0 },
                    _ => Base { at: at - 1, len: out.len() - 1, combining: 0 },
                };
            }
            if !whole {
                break;
            }
        }
    }
}

/// Whether a block can begin here: with eight bytes of ASCII, or as many as are left, and no space too many.
#[inline(always)]
fn resumes(rest: &[u8], out: &Form<'_>) -> bool {
    if rest[0] == b' ' && out.takes_no_space() {
        return false;
    }
    match rest.first_chunk() {
        Some(eight) => u64::from_ne_bytes(*eight) & 0x8080_8080_8080_8080 == 0,
        None => rest.is_ascii(),
    }
}

/// Writes up to a block of ASCII from `at` on, which is not the start of the text, up to the first byte that is
/// none, or white space that is not a single space. Gives how many bytes that were, and whether they were the
/// whole block or all there was.
#[inline(always)]
fn ascii<const DIRECT: u16>(bytes: &[u8], at: usize, out: &mut Form<'_>) -> (usize, bool) {
    let rest = bytes.len() - at;
    if rest >= BLOCK {
        if let (Some(block), Some(before)) = (bytes[at..].first_chunk(), bytes[at - 1..].first_chunk()) {
            let (form, odd) = block_of_ascii::<DIRECT>(block, before);
            let clean = first_odd(&odd, 0);
            out.push_part(&form, clean);
            return (clean, clean == BLOCK);
        }
    } else if bytes.len() > BLOCK {
        // The last block of the text, of which a part is written already.
        if let (Some(block), Some(before)) = (bytes.last_chunk(), bytes[..bytes.len() - 1].last_chunk()) {
            let (form, odd) = block_of_ascii::<DIRECT>(block, before);
            let clean = first_odd(&odd, BLOCK - rest) - (BLOCK - rest);
            out.push_part(&form[BLOCK - rest..], clean);
            return (clean, clean == rest);
        }
    }
    // A text shorter than a block: the same on a copy.
    let mut copy = [b' '; BLOCK + 1];
    copy[..=rest].copy_from_slice(&bytes[at - 1..]);
    if let (Some(block), Some(before)) = (copy.last_chunk(), copy.first_chunk()) {
        let (form, odd) = block_of_ascii::<DIRECT>(block, before);
        let clean = first_odd(&odd, 0).min(rest);
        out.push_part(&form, clean);
        return (clean, clean == rest);
    }
    (0, false)
}

/// The form of a block, byte by byte, and where it is not fit to be written so. `before` is the block one byte
/// earlier.
#[inline(always)]
fn block_of_ascii<const DIRECT: u16>(
    block: &[u8; BLOCK],
    before: &[u8; BLOCK],
) -> ([u8; BLOCK], [u8; BLOCK]) {
    let mut form = [0; BLOCK];
    let mut odd = [0_u8; BLOCK];
    for i in 0..BLOCK {
        let byte = block[i];
        let capital = DIRECT != 0 && byte.wrapping_sub(b'A') < 26;
        form[i] = byte | u8::from(capital) << 5;
        // As a signed number, what is no ASCII is less than any ASCII.
        let control = i8::from_ne_bytes([byte]) < 0x20;
        let second_space = (byte == b' ') & (before[i] == b' ');
        odd[i] = u8::from(control | second_space);
    }
    (form, odd)
}

/// The first place from `from` on that is marked, or the end.
#[inline(always)]
fn first_odd(odd: &[u8; BLOCK], from: usize) -> usize {
    let mut at = from & !7;
    let mut mask = u64::MAX << (8 * (from & 7));
    for word in odd[at..].chunks_exact(8) {
        let word = word.first_chunk().map_or(0, |word| u64::from_le_bytes(*word)) & mask;
        if word != 0 {
            return at + word.trailing_zeros() as usize / 8;
        }
        at += 8;
        mask = u64::MAX;
    }
    BLOCK
}

/// Writes the character at `at`, or the island that it is part of, and gives where the next one begins.
#[inline(always)]
fn character<const DIRECT: u16>(
    text: &str,
    at: usize,
    form: Normalization,
    base: &mut Base,
    out: &mut Form<'_>,
) -> usize {
    let bytes = text.as_bytes();
    let first = bytes[at];
    if first.is_ascii_graphic() {
        *base = Base { at, len: out.len(), combining: 0 };
        out.push_part(&[if DIRECT == 0 { first } else { first.to_ascii_lowercase() }], 1);
        return at + 1;
    }
    let (cp, len) = unicode::decode(bytes, at);
    let next = at + len;
    let class = unicode::class(cp);
    if class.flags & DIRECT != 0 {
        *base = Base { at, len: out.len(), combining: 0 };
        match class.shift {
            0 => push_bytes(bytes, at, next, out),
            shift => char::from_u32(cp.wrapping_add_signed(shift)).into_iter().for_each(|c| out.push(c)),
        }
    } else if class.flags & SPACE != 0 {
        out.push_space();
        *base = Base { at: next, len: out.len(), combining: 0 };
    } else if DIRECT == 0 || class.flags & UNASSIGNED != 0 {
        // Nothing combines across a character that is not assigned.
        push_bytes(bytes, at, next, out);
        *base = Base { at: next, len: out.len(), combining: 0 };
    } else if class.flags & IGNORABLE != 0 {
        // It goes, and is as good as not there.
    } else if class.flags & ORDERED != 0 && class.combining >= base.combining {
        push_bytes(bytes, at, next, out);
        base.combining = class.combining;
    } else {
        let end = island_end::<DIRECT>(bytes, next);
        out.truncate(base.len);
        island::write(&text[base.at..end], form, out);
        *base = Base { at: end, len: out.len(), combining: 0 };
        return end;
    }
    next
}

/// Writes the character that stands at `at..next`.
#[inline(always)]
fn push_bytes(bytes: &[u8], at: usize, next: usize, out: &mut Form<'_>) {
    match bytes[at..].first_chunk::<4>() {
        Some(four) => out.push_part(four, next - at),
        None => bytes[at..next].iter().for_each(|byte| out.push_part(&[*byte], 1)),
    }
}

/// Where the island ends that is open at `at`: before the next character that nothing combines across the front of.
fn island_end<const DIRECT: u16>(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() {
        let (cp, len) = unicode::decode(bytes, at);
        if unicode::class(cp).flags & (DIRECT | SPACE | UNASSIGNED) != 0 {
            break;
        }
        at += len;
    }
    at
}
