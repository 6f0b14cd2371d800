//! Checks the levels and values of a page, which must hold as many as its header claims. The engine trusts
//! the header, and allocates what the header claims, whatever the page holds.

use polars_parquet::parquet::page::DataPageHeader;
use polars_parquet::parquet::schema::types::PhysicalType;
use polars_parquet_format::Encoding;

use super::bit_packing::{Checked, INVALID, Packed, Run, TRUNCATED, deltas, runs};

/// The properties of a column that decide how its pages are decoded.
pub(super) struct Column {
    /// The physical type of its values.
    pub physical: PhysicalType,
    /// The maximum repetition level.
    pub max_repetition: u16,
    /// The maximum definition level, which every value has that is not null.
    pub max_definition: u16,
    /// Number of values in its dictionary, if one was read.
    pub dictionary: Option<usize>,
}

/// The result of checking a data page.
pub(super) struct CheckedPage {
    /// Number of rows that begin in the page.
    pub rows: usize,
    /// Number of bytes that the page's values take decoded.
    pub bytes: u64,
    /// True if the engine does not read the page, or reads it wrong, although the page is sound.
    pub is_misread: bool,
}

/// The result of checking the values of a page.
struct Values {
    /// Number of bytes that the values take decoded.
    bytes: u64,
    /// True if the engine does not read the values, or reads them wrong.
    is_misread: bool,
}

impl Values {
    fn known(bytes: u64) -> Self {
        Self { bytes, is_misread: false }
    }

    fn misread(bytes: u64) -> Self {
        Self { bytes, is_misread: true }
    }
}

const LEVELS: &str = "its levels make no sense";

/// Checks the content of a data page.
pub(super) fn data_page(column: &Column, header: &DataPageHeader, page: &[u8]) -> Checked<CheckedPage> {
    let (count, encoding, nulls) = match header {
        DataPageHeader::V1(header) => {
            let statistics = header.statistics.as_ref();
            let nulls = statistics.and_then(|statistics| statistics.null_count);
            (header.num_values, header.encoding, nulls)
        }
        DataPageHeader::V2(header) => (header.num_values, header.encoding, Some(i64::from(header.num_nulls))),
    };
    let count = usize::try_from(count).map_err(|_| INVALID)?;
    let (repetitions, definitions, values) = split(column, header, page)?;
    let repeated = levels(repetitions, column.max_repetition, count)?;
    let defined = levels(definitions, column.max_definition, count)?;
    // The engine does not look for nulls in a page that states a null count of zero.
    let missing = count.saturating_sub(defined.highest);
    let is_flat = column.max_repetition == 0 && column.max_definition == 1;
    let is_wrong = is_flat && nulls == Some(0) && missing > 0;
    let values = values_of(column, encoding, defined.highest, values)?;
    Ok(CheckedPage { rows: repeated.lowest, bytes: values.bytes, is_misread: is_wrong || values.is_misread })
}

/// Checks the content of a dictionary page.
pub(super) fn dictionary_page(physical: PhysicalType, count: usize, page: &[u8]) -> Checked<()> {
    // The engine would take bytes behind the values for more values.
    match plain(physical, count, page)? {
        (_, 0) => Ok(()),
        _ => Err(TRUNCATED),
    }
}

/// Splits a page into the bytes of its repetition levels, of its definition levels and of its values.
fn split<'a>(
    column: &Column,
    header: &DataPageHeader,
    page: &'a [u8],
) -> Checked<(&'a [u8], &'a [u8], &'a [u8])> {
    match header {
        DataPageHeader::V1(header) => {
            let packed = |max: u16, encoding| max > 0 && encoding != Encoding::RLE;
            if packed(column.max_repetition, header.repetition_level_encoding)
                || packed(column.max_definition, header.definition_level_encoding)
            {
                return Err("its levels are encoded in a way that is not read");
            }
            let (repetitions, page) = prefixed(page, column.max_repetition)?;
            let (definitions, values) = prefixed(page, column.max_definition)?;
            Ok((repetitions, definitions, values))
        }
        DataPageHeader::V2(header) => {
            let length = |bytes: i32| usize::try_from(bytes).map_err(|_| LEVELS);
            let (repetitions, page) =
                page.split_at_checked(length(header.repetition_levels_byte_length)?).ok_or(LEVELS)?;
            let (definitions, values) =
                page.split_at_checked(length(header.definition_levels_byte_length)?).ok_or(LEVELS)?;
            Ok((repetitions, definitions, values))
        }
    }
}

/// Splits off the levels, which follow their own length. A column with a maximum level of 0 has none.
fn prefixed(page: &[u8], max: u16) -> Checked<(&[u8], &[u8])> {
    if max == 0 {
        return Ok((&[], page));
    }
    let (length, page) = length(page).ok_or(LEVELS)?;
    page.split_at_checked(length).ok_or(LEVELS)
}

fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    Some((usize::try_from(u32::from_le_bytes(*length)).ok()?, rest))
}

/// Number of levels that are zero, and of levels that are the maximum.
struct Levels {
    lowest: usize,
    highest: usize,
}

fn levels(bytes: &[u8], max: u16, count: usize) -> Checked<Levels> {
    if max == 0 {
        return Ok(Levels { lowest: count, highest: count });
    }
    let bits = u16::BITS - max.leading_zeros();
    let mut found = Levels { lowest: 0, highest: 0 };
    runs(bytes, bits, count, |run| match run {
        Run::Same(level, count) => {
            let level = u16::try_from(level).map_err(|_| LEVELS)?;
            if level > max {
                return Err(LEVELS);
            }
            found.lowest += if level == 0 { count } else { 0 };
            found.highest += if level == max { count } else { 0 };
            Ok(())
        }
        Run::Packed(bytes, count) if bits == 1 => {
            let whole: u32 = bytes[..count / 8].iter().map(|byte| byte.count_ones()).sum();
            let rest = bytes.get(count / 8).map_or(0, |byte| (byte & !(0xff << (count % 8))).count_ones());
            let ones = usize::try_from(whole + rest).map_err(|_| LEVELS)?;
            found.lowest += count - ones;
            found.highest += ones;
            Ok(())
        }
        Run::Packed(bytes, count) => {
            let mut window = Packed::new(bytes, bits);
            for _ in 0..count {
                let level = window.next();
                if level > u64::from(max) {
                    return Err(LEVELS);
                }
                found.lowest += usize::from(level == 0);
                found.highest += usize::from(level == u64::from(max));
            }
            Ok(())
        }
    })
    .map_err(|_| LEVELS)?;
    Ok(found)
}

/// Checks the values that are not null, and returns the number of bytes that they take decoded.
fn values_of(column: &Column, encoding: Encoding, count: usize, bytes: &[u8]) -> Checked<Values> {
    let physical = column.physical;
    let known = Values::known;
    match encoding {
        // Some writers leave bytes behind the values, which the engine takes for values.
        Encoding::PLAIN => match plain(physical, count, bytes)? {
            (bytes, 0) => Ok(known(bytes)),
            (bytes, _) if physical == PhysicalType::Boolean => Ok(known(bytes)),
            (bytes, _) => Ok(Values::misread(bytes)),
        },
        Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY => {
            let values = column.dictionary.ok_or("its dictionary is missing")?;
            indices(values, count, bytes)?;
            Ok(known(wide(count, width(physical).unwrap_or(16))))
        }
        Encoding::RLE if physical == PhysicalType::Boolean => {
            let (length, bytes) = length(bytes).ok_or(TRUNCATED)?;
            runs(bytes.get(..length).ok_or(TRUNCATED)?, 1, count, |_| Ok(()))?;
            Ok(known(wide(count, 1)))
        }
        Encoding::DELTA_BINARY_PACKED => {
            deltas(bytes, count, |_| Ok(()))?;
            Ok(known(wide(count, 8)))
        }
        Encoding::DELTA_LENGTH_BYTE_ARRAY => {
            let mut total = 0_u64;
            let rest = deltas(bytes, count, |length| add(&mut total, length))?;
            if usize::try_from(total).map_err(|_| INVALID)? > rest.len() {
                Err(TRUNCATED)
            } else {
                Ok(known(total))
            }
        }
        Encoding::DELTA_BYTE_ARRAY => match physical {
            PhysicalType::ByteArray => prefixes(bytes, count).map(known),
            PhysicalType::FixedLenByteArray(_) => prefixes(bytes, count).map(Values::misread),
            _ => Err(INVALID),
        },
        Encoding::BYTE_STREAM_SPLIT => {
            let (bytes, _) = fixed(count, width(physical).ok_or(INVALID)?, bytes)
                .filter(|(_, rest)| *rest == 0)
                .ok_or(TRUNCATED)?;
            let is_misread = matches!(physical, PhysicalType::FixedLenByteArray(_));
            Ok(Values { bytes, is_misread })
        }
        _ => Err("its values are encoded in a way that is not read"),
    }
}

fn wide(count: usize, width: usize) -> u64 {
    (count as u64).saturating_mul(width as u64)
}

/// Returns the number of bytes that values of one width take, and the number of bytes behind them.
fn fixed(count: usize, width: usize, bytes: &[u8]) -> Option<(u64, usize)> {
    let rest = bytes.len().checked_sub(count.checked_mul(width)?)?;
    Some((wide(count, width), rest))
}

/// Returns the width of a value in bytes. `None` if values differ in width, or are smaller than a byte.
fn width(physical: PhysicalType) -> Option<usize> {
    match physical {
        PhysicalType::Int32 | PhysicalType::Float => Some(4),
        PhysicalType::Int64 | PhysicalType::Double => Some(8),
        PhysicalType::Int96 => Some(12),
        PhysicalType::FixedLenByteArray(width) => Some(width),
        PhysicalType::Boolean | PhysicalType::ByteArray => None,
    }
}

/// Checks values in PLAIN encoding. Returns the number of bytes that they take decoded, and the number of
/// bytes behind them.
fn plain(physical: PhysicalType, count: usize, mut bytes: &[u8]) -> Checked<(u64, usize)> {
    if let Some(width) = width(physical) {
        let held = fixed(count, width, bytes).ok_or(TRUNCATED)?;
        return match physical {
            PhysicalType::Int96 if !bytes.chunks_exact(width).take(count).all(is_date) => {
                Err("it holds a timestamp that is no date")
            }
            _ => Ok(held),
        };
    }
    if physical == PhysicalType::Boolean {
        let rest = bytes.len().checked_sub(count.div_ceil(8)).ok_or(TRUNCATED)?;
        return Ok((wide(count, 1), rest));
    }
    let held = bytes.len();
    for _ in 0..count {
        let (length, rest) = length(bytes).ok_or(TRUNCATED)?;
        bytes = rest.get(length..).ok_or(TRUNCATED)?;
    }
    Ok(((held - bytes.len()) as u64, bytes.len()))
}

/// Returns whether 64-bit microseconds hold a timestamp of 96 bits. Decoders do not check for overflow.
fn is_date(instant: &[u8]) -> bool {
    const EPOCH: i64 = 2_440_588;
    const MOST_DAYS: u64 = 106_000_000;
    let day = instant.last_chunk::<4>().map(|day| i64::from(u32::from_le_bytes(*day)));
    day.is_some_and(|day| (day - EPOCH).unsigned_abs() <= MOST_DAYS)
}

/// Checks indices into a dictionary of `values` values.
fn indices(values: usize, count: usize, bytes: &[u8]) -> Checked<()> {
    let Some((bits, bytes)) = bytes.split_first() else {
        return if count == 0 { Ok(()) } else { Err(TRUNCATED) };
    };
    match (*bits, values) {
        (_, 0) if count > 0 => Err(INVALID),
        (0, _) => Ok(()),
        (1..=32, _) => runs(bytes, u32::from(*bits), count, |run| match run {
            Run::Same(index, _) if usize::try_from(index).is_ok_and(|index| index < values) => Ok(()),
            Run::Same(..) => Err(INVALID),
            // The engine itself checks bit-packed indices before it uses them.
            Run::Packed(..) => Ok(()),
        }),
        _ => Err(INVALID),
    }
}

fn add(total: &mut u64, length: i64) -> Checked<()> {
    *total = total.checked_add(u64::try_from(length).map_err(|_| INVALID)?).ok_or(INVALID)?;
    Ok(())
}

/// Checks byte arrays in `DELTA_BYTE_ARRAY` encoding, each of which shares a prefix with the one before.
/// Returns the number of bytes that they take decoded.
fn prefixes(bytes: &[u8], count: usize) -> Checked<u64> {
    let mut shared = Vec::new();
    let rest = deltas(bytes, count, |length| {
        shared.push(u64::try_from(length).map_err(|_| INVALID)?);
        Ok(())
    })?;
    let (mut before, mut written, mut total) = (0_u64, 0_u64, 0_u64);
    let mut shared = shared.into_iter();
    let rest = deltas(rest, count, |length| {
        let shared = shared.next().filter(|shared| *shared <= before).ok_or(INVALID)?;
        add(&mut written, length)?;
        before = shared.checked_add(u64::try_from(length).map_err(|_| INVALID)?).ok_or(INVALID)?;
        total = total.checked_add(before).ok_or(INVALID)?;
        Ok(())
    })?;
    if usize::try_from(written).map_err(|_| INVALID)? > rest.len() { Err(TRUNCATED) } else { Ok(total) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_come_to_as_many_as_there_are_values() {
        let found = |bytes: &[u8], max, count| {
            levels(bytes, max, count).map(|levels| (levels.lowest, levels.highest))
        };
        // Ten equal levels; then eight bit-packed ones, of which three are set.
        assert_eq!(found(&[20, 1], 1, 10), Ok((0, 10)));
        assert_eq!(found(&[20, 1, 3, 0b10101], 1, 18), Ok((5, 13)));
        assert_eq!(found(&[20, 1, 3, 0b10101], 1, 13), Ok((1, 12)));
        assert_eq!(found(&[20, 1], 1, 11), Err(LEVELS));
        assert_eq!(found(&[20, 1], 1, 9), Err(LEVELS));
        assert_eq!(found(&[20, 2], 1, 10), Err(LEVELS));
        // Two bits each: 0, 1, 2, 2.
        assert_eq!(found(&[3, 0b1010_0100, 0], 2, 4), Ok((1, 2)));
        assert_eq!(found(&[3, 0b1110_0100, 0], 2, 4), Err(LEVELS));
        assert_eq!(found(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], 1, 10), Err(LEVELS));
    }
}
