//! The keys of a grouping's rows as columns, and their hashes.

use polars::prelude::{
    BinaryOffsetChunked, BooleanChunked, Column, DataType as PlType, Expr, PlSmallStr, PolarsResult, Series,
};
use polars_core::prelude::row_encode::_get_rows_encoded_ca;
use polars_core::prelude::{PlSeedableRandomStateQuality, SeedableFromU64SeedExt as _};

use super::values::as_high;
use crate::engine::polars::expression::{computed_of, to_polars};
use crate::metric::Grouping;

/// A batch of rows with their keys in a grouping.
pub(in crate::engine::polars) struct Rows {
    /// True for rows that belong to the grouping; never null.
    pub(in crate::engine::polars) grouped: BooleanChunked,
    /// One column for each part of the key.
    pub(in crate::engine::polars) keys: Vec<Column>,
}

impl Rows {
    pub(in crate::engine::polars) fn of(columns: &[Column]) -> PolarsResult<Self> {
        let height = columns.iter().map(Column::len).max().unwrap_or_default();
        let (grouped, keys) =
            columns.split_first().map_or((None, columns), |(first, keys)| (Some(first), keys));
        let grouped = match grouped {
            Some(grouped) => as_high(grouped, height).bool()?.clone(),
            None => BooleanChunked::default(),
        };
        Ok(Self { grouped, keys: keys.iter().map(|key| as_high(key, height)).collect() })
    }

    /// Returns the number of rows, whether they belong to the grouping or not.
    pub(in crate::engine::polars) fn height(&self) -> usize {
        self.keys.first().map_or(0, Column::len)
    }

    /// Returns the keys of the rows that belong to the grouping.
    pub(in crate::engine::polars) fn grouped_keys(&self) -> PolarsResult<Vec<Column>> {
        if self.grouped.all() {
            return Ok(self.keys.clone());
        }
        self.keys.iter().map(|key| key.filter(&self.grouped)).collect()
    }
}

/// Returns an expression that computes a column from each batch of a grouping's rows.
pub(in crate::engine::polars) fn of_rows(
    grouping: &Grouping,
    data_type: PlType,
    compute: impl Fn(&Rows) -> PolarsResult<Column> + Send + Sync + 'static,
) -> Expr {
    let of = std::iter::once(&grouping.filter).chain(&grouping.keys).map(to_polars).collect();
    computed_of(of, data_type, move |columns| compute(&Rows::of(columns)?))
}

/// The hashes of keys, one for each row.
pub(in crate::engine::polars) struct Hashed {
    /// Equal keys have equal hashes, as grouping defines equality.
    pub(in crate::engine::polars) hashes: Vec<u64>,
    /// True if distinct keys have distinct hashes, across all batches of the same types for which this is
    /// true.
    pub(in crate::engine::polars) exact: bool,
}

/// Computes the hash of each row's key.
pub(in crate::engine::polars) type Hash = fn(&[Column]) -> PolarsResult<Hashed>;

/// Hashes keys. Values of up to 64 bits are mixed bijectively; all others use Polars' hash. Nulls are equal
/// to each other, as are NaNs, and -0 equals 0.
pub(in crate::engine::polars) fn hash(keys: &[Column]) -> PolarsResult<Hashed> {
    if let [key] = keys
        && let Some(hashed) = mixed(key.as_materialized_series())?
    {
        return Ok(hashed);
    }
    let seed = PlSeedableRandomStateQuality::seed_from_u64(0);
    let mut hashes = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        if index == 0 {
            key.vec_hash(seed.clone(), &mut hashes)?;
        } else {
            key.vec_hash_combine(seed.clone(), &mut hashes)?;
        }
    }
    Ok(Hashed { hashes, exact: false })
}

/// Encodes keys as the bytes by which Polars orders rows: equal exactly for equal keys of the same types.
pub(in crate::engine::polars) fn encoded(keys: &[Column]) -> PolarsResult<BinaryOffsetChunked> {
    let levels = vec![false; keys.len()];
    _get_rows_encoded_ca(PlSmallStr::EMPTY, keys, &levels, &levels, false)
}

/// Returns the hashes of values of up to 64 bits; `None` for other types.
fn mixed(values: &Series) -> PolarsResult<Option<Hashed>> {
    // Null shares its hash with one value.
    let of = |bits: Option<i64>| mix(bits.map_or(NULL, i64::cast_unsigned));
    let exact = values.null_count() == 0;
    Ok(match values.dtype() {
        PlType::Float64 => {
            let values = values.f64()?.iter().map(|value| of(value.map(|value| bits(value).cast_signed())));
            Some(Hashed { hashes: values.collect(), exact })
        }
        PlType::Float32 => {
            let values = values.cast(&PlType::Float64)?;
            mixed(&values)?
        }
        PlType::Int128 | PlType::Decimal(..) => {
            let physical = values.to_physical_repr();
            let mut exact = exact;
            let wide = |value: Option<i128>| match value.map(|value| (value, i64::try_from(value))) {
                Some((value, Err(_))) => {
                    exact = false;
                    let bytes = value.to_le_bytes();
                    let words = bytes.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word));
                    words.fold(0, |hash, word| mix(hash ^ word))
                }
                narrow => of(narrow.and_then(|(_, bits)| bits.ok())),
            };
            let hashes = physical.i128()?.iter().map(wide).collect();
            Some(Hashed { hashes, exact })
        }
        PlType::UInt64 => {
            let values = values.u64()?.iter().map(|value| of(value.map(u64::cast_signed)));
            Some(Hashed { hashes: values.collect(), exact })
        }
        of_bits if of_bits.is_integer() || of_bits.is_temporal() => {
            let values = values.to_physical_repr().cast(&PlType::Int64)?;
            Some(Hashed { hashes: values.i64()?.iter().map(of).collect(), exact })
        }
        _ => None,
    })
}

/// The bits that stand for null.
const NULL: u64 = 0x6E75_6C6C_6E75_6C6C;

/// Returns the bits of a number; equal numbers have equal bits.
fn bits(number: f64) -> u64 {
    if number.is_nan() { f64::NAN.to_bits() } else { (number + 0.0).to_bits() }
}

/// Mixes bits evenly. Every step is invertible, so distinct bits stay distinct (the last steps of
/// `splitmix64`).
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}
