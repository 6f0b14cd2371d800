//! How often each value of a column comes, within bounded memory.
//!
//! Up to a number of different values, all of them are counted. Of a column with more, a part of the values is,
//! chosen by a hash of each: one in two, one in four, one in eight …, the greatest such part that is within the
//! number. The hash of a value is defined here and is the same everywhere, so which values are counted depends on
//! which there are, and neither on their order nor on how the rows were parted. The count of each counted value is
//! that of all its rows; how many different values there are is then known roughly ([`Tallied::distinct`]).

use std::collections::HashMap;

use serde::Serialize;

use super::Misshapen;
use crate::data::Value;
use crate::predicate::Typed;

/// Texts and binary values of more bytes are told apart by a digest, and are known by their beginning only.
const MOST_BYTES: usize = 512;

/// The question how often each value of a column comes. Nulls are no values.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Tally {
    /// The column; its type is one whose values can be compared.
    pub of: Typed,
    /// On which rows; never null.
    pub filter: Typed,
    /// How many different values are counted at most.
    pub most: usize,
}

/// The counts so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    most: usize,
    /// Values are counted whose hashes begin with so many zeros.
    level: u32,
    /// The hash of each counted value, and the number of its rows.
    counts: HashMap<Value, (u64, u64)>,
}

/// How often values of a column come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallied {
    /// The counted values with the numbers of their rows: the most frequent first, equally frequent ones in their
    /// order.
    pub values: Vec<(Value, u64)>,
    /// 1 if all values are counted, else one in so many.
    pub one_in: u64,
}

impl Tallied {
    /// Returns whether all values are counted.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.one_in == 1
    }

    /// Returns how many different values there are: exactly if all are counted.
    #[must_use]
    pub fn distinct(&self) -> u64 {
        u64::try_from(self.values.len()).unwrap_or(u64::MAX).saturating_mul(self.one_in)
    }
}

impl Counted {
    /// Nothing yet, of at most so many different values.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most: most.max(1), level: 0, counts: HashMap::new() }
    }

    /// Returns whether values of this hash are counted, as far as is known yet.
    #[must_use]
    pub const fn counts(&self, mark: u64) -> bool {
        mark.leading_zeros() >= self.level
    }

    /// How many zeros the hashes of counted values begin with.
    #[must_use]
    pub const fn level(&self) -> u32 {
        self.level
    }

    /// Adds rows of a value, which is [`short`], under the hash of the whole of it.
    pub fn add(&mut self, value: Value, mark: u64, rows: u64) {
        if !self.counts(mark) {
            return;
        }
        self.counts.entry(value).or_insert((mark, 0)).1 += rows;
        self.bound();
    }

    /// Takes in the counts of other rows.
    ///
    /// # Errors
    /// They are bounded otherwise.
    pub fn merge(&mut self, other: Self) -> Result<(), Misshapen> {
        if self.most != other.most {
            return Err(Misshapen::new("a tally of another size", "a tally"));
        }
        self.level = self.level.max(other.level);
        self.drop_uncounted();
        for (value, (mark, rows)) in other.counts {
            self.add(value, mark, rows);
        }
        Ok(())
    }

    /// Counts fewer values, until they are few enough.
    fn bound(&mut self) {
        while self.counts.len() > self.most && self.level < u64::BITS {
            self.level += 1;
            self.drop_uncounted();
        }
    }

    /// Drops the values whose hashes begin with too few zeros.
    fn drop_uncounted(&mut self) {
        let level = self.level;
        self.counts.retain(|_, (mark, _)| mark.leading_zeros() >= level);
    }

    /// What was counted.
    #[must_use]
    pub fn finish(self) -> Tallied {
        let mut values: Vec<(Value, u64)> =
            self.counts.into_iter().map(|(value, (_, rows))| (value, rows)).collect();
        values.sort_by(|(left, more), (right, rows)| {
            rows.cmp(more).then_with(|| left.compare(right).unwrap_or(std::cmp::Ordering::Equal))
        });
        Tallied { values, one_in: 1_u64.checked_shl(self.level).unwrap_or(u64::MAX) }
    }
}

/// Returns a value that stands for another one in a tally: itself, unless it is long.
#[must_use]
pub(crate) fn short(value: Value) -> Value {
    match value {
        Value::String(text) if text.len() > MOST_BYTES => {
            let start: String = text.chars().take(MOST_BYTES / 8).collect();
            Value::String(format!("{start}…{}", digest(text.as_bytes())))
        }
        Value::Binary(bytes) if bytes.len() > MOST_BYTES => {
            let end = digest(&bytes);
            Value::Binary(bytes.into_iter().take(MOST_BYTES / 8).chain(end.into_bytes()).collect())
        }
        other => other,
    }
}

fn digest(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    crate::data::hex(sha2::Sha256::new_with_prefix(bytes))
}

/// Returns the hash of a value: of its bits as karat's values have them, so that it is the same in every process and on
/// every machine.
#[must_use]
pub fn mark(value: &Value) -> u64 {
    match value {
        Value::Boolean(truth) => mark_of_number(i128::from(*truth)),
        Value::Integer(number) | Value::Duration(number) => mark_of_number(*number),
        Value::Timestamp { nanoseconds, .. } => mark_of_number(*nanoseconds),
        Value::Decimal(decimal) => mark_of_number(decimal.unscaled),
        Value::Float(float) => mark_of_float(float.0),
        Value::String(text) => mark_of_bytes(text.as_bytes()),
        Value::Binary(bytes) => mark_of_bytes(bytes),
        Value::Date(days) => mark_of_number(i128::from(*days)),
        Value::Time(nanoseconds) => mark_of_number(i128::from(*nanoseconds)),
        // No column has such values that can be compared.
        Value::Null | Value::Exact(_) | Value::List(_) | Value::Struct(_) => 0,
    }
}

/// The hash of a whole number, of a decimal's digits, of days or nanoseconds.
#[must_use]
pub(crate) fn mark_of_number(number: i128) -> u64 {
    let low = mix(u64::from_le_bytes(number.to_le_bytes().first_chunk().copied().unwrap_or_default()));
    match i64::try_from(number) {
        Ok(_) => low,
        Err(_) => {
            mix(low ^ u64::from_le_bytes(number.to_le_bytes().last_chunk().copied().unwrap_or_default()))
        }
    }
}

/// The hash of a double: the zeros have one, and so do all NaN.
#[must_use]
pub(crate) fn mark_of_float(number: f64) -> u64 {
    mix(if number.is_nan() { f64::NAN } else { number + 0.0 }.to_bits())
}

/// The hash of bytes, and of text by its UTF-8.
#[must_use]
pub(crate) fn mark_of_bytes(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut hash = mix(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    for word in words {
        hash = mix(hash ^ u64::from_le_bytes(*word));
    }
    if !rest.is_empty() {
        let last = rest.iter().rev().fold(0_u64, |word, byte| (word << 8) | u64::from(*byte));
        hash = mix(hash ^ last);
    }
    hash
}

/// Mixes bits evenly (`splitmix64`).
fn mix(bits: u64) -> u64 {
    let mut bits = bits.wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn counted(most: usize, values: &[i64]) -> Counted {
        let mut counted = Counted::new(most);
        for value in values {
            counted.add(Value::Integer((*value).into()), mark_of_number((*value).into()), 1);
        }
        counted
    }

    proptest! {
        #[test]
        fn neither_order_nor_parts_change_what_is_counted(
            values in vec(0_i64..400, 0..600),
            most in 1_usize..100,
            cut in any::<proptest::sample::Index>(),
        ) {
            let whole = counted(most, &values);
            let (left, right) = values.split_at(cut.index(values.len() + 1));
            let mut parts = counted(most, right);
            parts.merge(counted(most, left)).unwrap();
            prop_assert_eq!(&parts, &whole);
            let backwards: Vec<i64> = values.iter().rev().copied().collect();
            prop_assert_eq!(&counted(most, &backwards), &whole);
            let mut different = values.clone();
            different.sort_unstable();
            different.dedup();
            let found = whole.finish();
            prop_assert!(found.values.len() <= most);
            prop_assert_eq!(found.is_whole(), different.len() <= most);
            for (value, rows) in &found.values {
                let rows_there = values.iter().filter(|other| Value::Integer((**other).into()) == *value).count();
                prop_assert_eq!(*rows, rows_there as u64);
            }
        }
    }

    #[test]
    fn the_number_of_different_values_is_about_right() {
        for rows in [10_000_i64, 100_000, 1_000_000] {
            let values: Vec<i64> = (0..rows).map(|row| row * 7).collect();
            let found = counted(4_096, &values).finish();
            let (distinct, rows) = (found.distinct(), rows.unsigned_abs());
            assert!(distinct.abs_diff(rows) * 100 < rows * 8, "{distinct} of {rows}");
        }
    }

    /// A long text is chosen by its whole, and known by its beginning and a digest.
    #[test]
    fn long_texts_are_counted_like_short_ones() {
        let tally = |length: usize| {
            let mut counted = Counted::new(64);
            for row in 0..2_000 {
                let text = format!("{:0>length$}", row % 1_000);
                counted.add(short(Value::String(text.clone())), mark_of_bytes(text.as_bytes()), 1);
            }
            counted.finish()
        };
        let found = tally(MOST_BYTES + 1);
        assert!(found.values.iter().all(|(_, rows)| *rows == 2), "{:?}", found.values);
        assert!(found.distinct().abs_diff(1_000) < 500, "{}", found.distinct());
    }

    #[test]
    fn hashes_stay_what_they_are() {
        assert_eq!(mark(&Value::Integer(1)), 0x910A_2DEC_8902_5CC1);
        assert_eq!(mark(&Value::String("karat".into())), mark_of_bytes(b"karat"));
        assert_ne!(mark(&Value::String("a".into())), mark(&Value::String("a\0".into())));
        assert_eq!(mark(&Value::float(-0.0)), mark(&Value::float(0.0)));
    }
}
