//! Decodes integers as pages encode them: run lengths (RLE), bit packing, and deltas.

pub(super) type Checked<T> = Result<T, &'static str>;

pub(super) const TRUNCATED: &str = "its values are cut short";
pub(super) const INVALID: &str = "its values make no sense";

/// A run of equal values, or of bit-packed values.
pub(super) enum Run<'a> {
    Same(u32, usize),
    Packed(&'a [u8], usize),
}

/// Calls `each` for every run, until `count` values are read. The last bit-packed run may be padded.
pub(super) fn runs<'a>(
    mut bytes: &'a [u8],
    bits: u32,
    mut count: usize,
    mut each: impl FnMut(Run<'a>) -> Checked<()>,
) -> Checked<()> {
    while count > 0 {
        let (head, rest) = number(bytes)?;
        let length = usize::try_from(head >> 1).map_err(|_| INVALID)?;
        if head & 1 == 0 {
            let wide = usize::try_from(bits.div_ceil(8)).map_err(|_| INVALID)?;
            let (value, rest) = rest.split_at_checked(wide).ok_or(TRUNCATED)?;
            if length > count {
                return Err(INVALID);
            }
            let value = value.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte));
            each(Run::Same(value, length))?;
            (bytes, count) = (rest, count - length);
        } else {
            let wide = usize::try_from(bits).ok().and_then(|bits| bits.checked_mul(length)).ok_or(INVALID)?;
            let held = length.checked_mul(8).ok_or(INVALID)?.min(count);
            // Writers may leave out the bytes that only pad the last run.
            let needed = usize::try_from((held as u64 * u64::from(bits)).div_ceil(8)).map_err(|_| INVALID)?;
            if needed > rest.len() {
                return Err(TRUNCATED);
            }
            let (packed, rest) = rest.split_at(wide.min(rest.len()));
            each(Run::Packed(packed, held))?;
            (bytes, count) = (rest, count - held);
        }
    }
    Ok(())
}

/// A reader of bit-packed integers.
pub(super) struct Packed<'a> {
    bytes: &'a [u8],
    bits: u32,
    held: u128,
    filled: u32,
}

impl<'a> Packed<'a> {
    pub(super) fn new(bytes: &'a [u8], bits: u32) -> Self {
        Self { bytes, bits, held: 0, filled: 0 }
    }

    /// Returns the next integer, and zeros beyond the end.
    pub(super) fn next(&mut self) -> u64 {
        while self.filled < self.bits {
            let byte = self.bytes.split_off_first().copied().unwrap_or(0);
            self.held |= u128::from(byte) << self.filled;
            self.filled += 8;
        }
        let value = self.held & ((1_u128 << self.bits) - 1);
        self.held >>= self.bits;
        self.filled -= self.bits;
        u64::try_from(value).unwrap_or(u64::MAX)
    }
}

/// Reads an integer of seven bits per byte (LEB128). Returns the integer and the bytes behind it.
fn number(bytes: &[u8]) -> Checked<(u64, &[u8])> {
    let mut number = 0_u64;
    for (index, byte) in bytes.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok((number, &bytes[index + 1..]));
        }
    }
    Err(TRUNCATED)
}

/// Calls `each` for every integer in `DELTA_BINARY_PACKED` encoding. Returns the bytes behind the integers.
pub(super) fn deltas(bytes: &[u8], count: usize, mut each: impl FnMut(i64) -> Checked<()>) -> Checked<&[u8]> {
    let (block, bytes) = number(bytes)?;
    let (parts, bytes) = number(bytes)?;
    let (total, bytes) = number(bytes)?;
    let (first, mut bytes) = number(bytes)?;
    let block = usize::try_from(block).map_err(|_| INVALID)?;
    let parts = usize::try_from(parts).map_err(|_| INVALID)?;
    // The format requires these sizes, and the engine assumes them.
    let sound = block > 0 && block % 128 == 0 && parts > 0 && block % parts == 0 && (block / parts) % 32 == 0;
    if !sound || block > 1 << 20 || usize::try_from(total) != Ok(count) {
        return Err(INVALID);
    }
    let mut left = count;
    let mut value = unzigzag(first);
    if left > 0 {
        each(value)?;
        left -= 1;
    }
    while left > 0 {
        let (least, rest) = number(bytes)?;
        let least = unzigzag(least);
        let (widths, rest) = rest.split_at_checked(parts).ok_or(TRUNCATED)?;
        bytes = rest;
        for width in widths {
            if left == 0 {
                break;
            }
            let bits = u32::from(*width);
            if bits > 64 {
                return Err(INVALID);
            }
            let (packed, rest) =
                bytes.split_at_checked(usize::from(*width) * (block / parts) / 8).ok_or(TRUNCATED)?;
            bytes = rest;
            let mut packed = Packed::new(packed, bits);
            for _ in 0..left.min(block / parts) {
                #[allow(clippy::cast_possible_wrap, reason = "differences wrap, as the format says")]
                let delta = packed.next() as i64;
                value = value.wrapping_add(least).wrapping_add(delta);
                each(value)?;
                left -= 1;
            }
        }
    }
    Ok(bytes)
}

fn unzigzag(number: u64) -> i64 {
    #[allow(clippy::cast_possible_wrap, reason = "the highest bit is zero, or all are")]
    let (half, sign) = ((number >> 1) as i64, -((number & 1) as i64));
    half ^ sign
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_come_to_as_many_as_there_are_values() {
        let found = |bytes: &[u8], count| {
            let mut values = Vec::new();
            let rest = deltas(bytes, count, |value| {
                values.push(value);
                Ok(())
            });
            rest.map(|rest| (values, rest.len()))
        };
        // Blocks of 128 in 4 miniblocks; 3 values, the first is 7; the minimum delta is 1, with 0 bits each.
        let bytes = [0x80, 1, 4, 3, 14, 2, 0, 0, 0, 0, 99];
        assert_eq!(found(&bytes, 3), Ok((vec![7, 8, 9], 1)));
        assert_eq!(found(&bytes, 4), Err(INVALID));
        assert_eq!(found(&[0x80, 1, 0, 3, 14], 3), Err(INVALID));
        assert_eq!(found(&bytes[..7], 3), Err(TRUNCATED));
    }
}
