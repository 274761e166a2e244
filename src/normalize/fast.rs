//! The fast path of normalization, for runs of characters that are replaced one by one.
//!
//! Most characters are *direct*: each has one counterpart in the form, independent of the
//! characters before it. ASCII is written in blocks, and other direct characters one at a time.
//!
//! The characters between them, an *island*, take the slow path. An island starts at the last
//! direct character before it, because a mark may combine with that character, so its output is
//! taken back. An island ends before the next direct character, because no character combines
//! across its start.

use super::form::{BLOCK, Form};
use super::{Normalization, slow};
use crate::unicode::{self, IGNORABLE, ORDERED, SPACE, UNASSIGNED};

/// The ASCII counterparts of the quotes and dashes from U+2000 to U+203F, and 0 for the other code
/// points there. They are frequent in prose, so they have a shorter path than other direct
/// characters.
const PLAIN: [u8; 64] = {
    let mut plain = [0; 64];
    let mut i = 0;
    while i < unicode::TYPOGRAPHIC.len() {
        let (sign, ascii) = unicode::TYPOGRAPHIC[i];
        if sign as u32 >> 6 == 0x2000 >> 6 {
            plain[sign as usize & 0x3F] = ascii as u8;
        }
        i += 1;
    }
    plain
};

/// The position at which an island would start if the next character belonged to one.
#[derive(Clone, Copy)]
struct Base {
    /// The offset in the text.
    at: usize,
    /// The length of the form at this offset.
    len: usize,
    /// The combining class of the last mark after it, or 0.
    combining: u8,
}

/// Writes the form of `text`. `DIRECT` is the property of direct characters, or 0 for the form that
/// changes only white space.
pub(super) fn write<const DIRECT: u16>(text: &str, form: Normalization, out: &mut Form<'_>) {
    let bytes = text.as_bytes();
    let mut base = Base { at: 0, len: 0, combining: 0 };
    let mut at = 0;
    while at < bytes.len() {
        // Writes single characters until a block of ASCII can begin.
        loop {
            at = character::<DIRECT>(text, at, form, &mut base, out);
            match bytes.get(at) {
                Some(0x80..) => {}
                Some(_) if !resumes(&bytes[at..], out) => {}
                _ => break,
            }
        }
        if at < bytes.len() {
            let end = ascii::<DIRECT>(bytes, at, out);
            if end > at {
                base = match bytes[end - 1] {
                    b' ' => Base { at: end, len: out.len(), combining: 0 },
                    _ => Base { at: end - 1, len: out.len() - 1, combining: 0 },
                };
            }
            at = end;
        }
    }
}

/// Returns whether a block can begin at `rest`: with eight bytes of ASCII, or all bytes if there
/// are fewer, and without a space that the form omits.
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

/// Writes ASCII from `start` on, which is greater than 0, up to the first byte that is not ASCII or
/// is white space other than a single space. Returns the offset of this byte, or the length of the
/// text.
#[inline(always)]
fn ascii<const DIRECT: u16>(bytes: &[u8], start: usize, out: &mut Form<'_>) -> usize {
    let room = out.room(bytes.len() - start + BLOCK);
    let end = match bytes.len() {
        33.. => blocks::<DIRECT, BLOCK>(bytes, start, room),
        17.. => blocks::<DIRECT, 16>(bytes, start, room),
        9.. => blocks::<DIRECT, 8>(bytes, start, room),
        _ => start,
    };
    out.advance(end - start);
    end
}

/// Like [`ascii`], with `N` bytes at a time. The text has at least `N` + 1 bytes, and `room` has
/// `N` bytes more than needed.
///
/// There is one function for each `N`, because a single function for all of them is a fifth slower:
/// it runs out of registers.
#[inline(never)]
fn blocks<const DIRECT: u16, const N: usize>(bytes: &[u8], start: usize, room: &mut [u8]) -> usize {
    let mut at = start;
    while let (Some(block), Some(before), Some(room)) =
        (bytes[at..].first_chunk(), bytes[at - 1..].first_chunk(), room[at - start..].first_chunk_mut())
    {
        let (odd, clean);
        (*room, odd, clean) = block_of_ascii::<DIRECT, N>(block, before);
        if !clean {
            return at + first_odd::<N>(&odd, 0);
        }
        at += N;
    }
    // At the end of the text, the last `N` bytes are a block whose first part is written already.
    // The block is written whole if that part was written by this loop; otherwise it is shifted,
    // which is slower.
    let written = N - (bytes.len() - at);
    if let (Some(block), Some(before)) = (bytes.last_chunk(), bytes[..bytes.len() - 1].last_chunk()) {
        let (form, odd, clean) = block_of_ascii::<DIRECT, N>(block, before);
        let done = at - start;
        if let Some(room) = done.checked_sub(written).and_then(|from| room[from..].first_chunk_mut()) {
            *room = form;
        } else if let Some(room) = room[done..].first_chunk_mut() {
            let mut shifted = [0; 2 * BLOCK];
            shifted[..N].copy_from_slice(&form);
            *room = *shifted[written..].first_chunk().unwrap_or(&form);
        }
        at += if clean { N } else { first_odd(&odd, written) } - written;
    }
    at
}

/// Returns the form of a block, a mark for each byte that cannot be written this way, and whether
/// there are no marks. `before` is the block that starts one byte earlier.
#[inline(always)]
fn block_of_ascii<const DIRECT: u16, const N: usize>(
    block: &[u8; N],
    before: &[u8; N],
) -> ([u8; N], [u8; N], bool) {
    let mut form = [0; N];
    let mut odd = [0; N];
    let mut count = 0_u8;
    for i in 0..N {
        let byte = block[i];
        // Compared as signed numbers: capitals are the least after they are moved to the front, and
        // bytes that are not ASCII are less than all of ASCII.
        let capital = DIRECT != 0 && i8::from_ne_bytes([byte.wrapping_add(0x80 - b'A')]) < i8::MIN + 26;
        let control = i8::from_ne_bytes([byte]) < 0x20;
        let second_space = byte | before[i] == b' ';
        form[i] = byte | u8::from(capital) << 5;
        odd[i] = u8::from(control | second_space);
        count += odd[i];
    }
    (form, odd, count == 0)
}

/// Returns the offset of the first mark from `from` on, or `N` if there is none.
#[inline(always)]
fn first_odd<const N: usize>(odd: &[u8; N], from: usize) -> usize {
    let mut mask = 0;
    for (i, word) in odd.chunks_exact(8).enumerate() {
        let word = word.first_chunk().map_or(0, |word| u64::from_le_bytes(*word));
        // The multiplication gathers the marks of eight bytes in the highest byte.
        mask |= (word.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * i);
    }
    N.min((mask >> from).trailing_zeros() as usize + from)
}

/// Writes the character at `at`, or the island that it belongs to, and returns the offset of the
/// next character.
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
    if let (true, Some([0xE2, 0x80, third])) = (DIRECT != 0, bytes[at..].first_chunk()) {
        let plain = PLAIN[usize::from(*third & 0x3F)];
        if plain != 0 {
            *base = Base { at, len: out.len(), combining: 0 };
            out.push_part(&[plain], 1);
            return at + 3;
        }
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
        // No mark combines across an unassigned character.
        push_bytes(bytes, at, next, out);
        *base = Base { at: next, len: out.len(), combining: 0 };
    } else if class.flags & IGNORABLE != 0 {
        // Default-ignorable: dropped.
    } else if class.flags & ORDERED != 0 && class.combining >= base.combining {
        push_bytes(bytes, at, next, out);
        base.combining = class.combining;
    } else {
        let end = island_end::<DIRECT>(bytes, next);
        out.truncate(base.len);
        slow::write(&text[base.at..end], form, out);
        *base = Base { at: end, len: out.len(), combining: 0 };
        return end;
    }
    next
}

/// Writes the character at `at..next` unchanged.
#[inline(always)]
fn push_bytes(bytes: &[u8], at: usize, next: usize, out: &mut Form<'_>) {
    match bytes[at..].first_chunk::<4>() {
        Some(four) => out.push_part(four, next - at),
        None => bytes[at..next].iter().for_each(|byte| out.push_part(&[*byte], 1)),
    }
}

/// Returns the end of the island that contains `at`: the offset of the next character across whose
/// start no character combines.
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
