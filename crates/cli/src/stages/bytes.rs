//! Numbers in files, the least significant byte first.

use std::io::{self, ErrorKind, Read};

pub fn put_u32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

pub fn put_u64(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// Appends a number in as many bytes as it needs, seven bits in each (LEB128).
pub fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

/// Appends the difference of two numbers.
pub fn put_difference(out: &mut Vec<u8>, from: u64, to: u64) {
    let difference = to.wrapping_sub(from).cast_signed();
    // Small differences in both directions are small numbers.
    put_varint(out, (difference << 1 ^ difference >> 63).cast_unsigned());
}

pub fn take_u32(reader: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    reader.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

pub fn take_u64(reader: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    reader.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

/// Reads a number that [`put_varint`] wrote, from the beginning of `bytes`.
pub fn take_varint(bytes: &mut &[u8]) -> io::Result<u64> {
    let mut value = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or(ErrorKind::UnexpectedEof)?;
        *bytes = rest;
        value |= u64::from(byte & 0x7F) << shift;
        if *byte < 0x80 {
            return Ok(value);
        }
    }
    Err(ErrorKind::InvalidData.into())
}

/// Reads a difference, and returns the number that has this difference from `from`.
pub fn take_difference(bytes: &mut &[u8], from: u64) -> io::Result<u64> {
    let number = take_varint(bytes)?;
    Ok(from.wrapping_add(number >> 1 ^ (number & 1).wrapping_neg()))
}

/// Reads `len` bytes. Memory is allocated as they are read, because a damaged file may state any
/// number.
pub fn take_bytes(reader: &mut impl Read, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(len).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == len { Ok(bytes) } else { Err(ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_read_as_they_were_written(
            numbers in prop::collection::vec(prop_oneof![any::<u64>(), 0..300_u64, Just(u64::MAX)], 0..20),
        ) {
            let mut bytes = Vec::new();
            let mut before = 7;
            for number in &numbers {
                put_varint(&mut bytes, *number);
                put_difference(&mut bytes, before, *number);
                before = *number;
            }
            let (mut rest, mut before) = (&bytes[..], 7);
            for number in numbers {
                prop_assert_eq!(take_varint(&mut rest).unwrap(), number);
                before = take_difference(&mut rest, before).unwrap();
                prop_assert_eq!(before, number);
            }
            prop_assert!(rest.is_empty());
        }
    }

    #[test]
    fn numbers_near_each_other_take_a_byte() {
        let mut bytes = Vec::new();
        put_difference(&mut bytes, 1000, 1063);
        put_difference(&mut bytes, 1000, 936);
        put_varint(&mut bytes, 127);
        assert_eq!(bytes.len(), 3);
    }

    #[test]
    fn numbers_without_an_end_are_errors() {
        assert!(take_varint(&mut &[0x80; 3][..]).is_err());
        assert!(take_varint(&mut &[0x80; 20][..]).is_err());
    }
}
