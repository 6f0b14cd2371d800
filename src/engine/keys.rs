//! The keys of a grouping's rows as columns, and their hashes.

use polars::prelude::{BooleanChunked, Column, DataType as PlType, Expr, Field as PlField, PolarsResult};
use polars_core::prelude::{PlSeedableRandomStateQuality, SeedableFromU64SeedExt as _};

use super::values::as_high;
use crate::metric::Grouping;
use crate::predicate::to_polars;

/// Some rows, as a grouping sees them.
pub(super) struct Rows {
    /// Whether they are grouped; never null.
    pub(super) grouped: BooleanChunked,
    /// Their keys, a column for each part.
    pub(super) keys: Vec<Column>,
}

impl Rows {
    fn of(columns: &[Column]) -> PolarsResult<Self> {
        let height = columns.iter().map(Column::len).max().unwrap_or_default();
        let (grouped, keys) =
            columns.split_first().map_or((None, columns), |(first, keys)| (Some(first), keys));
        let grouped = match grouped {
            Some(grouped) => as_high(grouped, height).bool()?.clone(),
            None => BooleanChunked::default(),
        };
        Ok(Self { grouped, keys: keys.iter().map(|key| as_high(key, height)).collect() })
    }

    /// How many rows these are, grouped or not.
    pub(super) fn height(&self) -> usize {
        self.keys.first().map_or(0, Column::len)
    }

    /// The keys of the rows that are grouped.
    pub(super) fn grouped_keys(&self) -> PolarsResult<Vec<Column>> {
        if self.grouped.all() {
            return Ok(self.keys.clone());
        }
        self.keys.iter().map(|key| key.filter(&self.grouped)).collect()
    }
}

/// A column computed of a grouping's rows, wherever the engine has some of them.
pub(super) fn of_rows(
    grouping: &Grouping,
    data_type: PlType,
    compute: impl Fn(&Rows) -> PolarsResult<Column> + Send + Sync + 'static,
) -> Expr {
    let keys: Vec<Expr> = grouping.keys.iter().map(to_polars).collect();
    to_polars(&grouping.filter).map_many(
        move |columns| compute(&Rows::of(columns)?),
        &keys,
        move |_, fields| Ok(PlField::new(fields[0].name().clone(), data_type.clone())),
    )
}

/// Gives the hash of each row's key: equal ones of equal keys, as grouping has it.
pub(super) type Hash = fn(&[Column]) -> PolarsResult<Vec<u64>>;

/// The engine's own, of all 64 bits. Nulls are equal to each other, as are NaNs, and -0 is 0.
pub(super) fn hash(keys: &[Column]) -> PolarsResult<Vec<u64>> {
    let seed = PlSeedableRandomStateQuality::seed_from_u64(0);
    let mut hashes = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        if index == 0 {
            key.vec_hash(seed.clone(), &mut hashes)?;
        } else {
            key.vec_hash_combine(seed.clone(), &mut hashes)?;
        }
    }
    Ok(hashes)
}
