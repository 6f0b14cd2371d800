//! A set of the other dataset's keys, to find rows here that match one for certain. Such rows need not be
//! grouped, so that a lookup holds only the keys there and the unmatched keys here.

use std::collections::HashSet;
use std::sync::Arc;

use polars::prelude::{
    BooleanChunked, Column, DataFrame, DataType as PlType, Expr, IntoColumn as _, NewChunkedArray as _,
    PlSmallStr, PolarsResult,
};

use crate::engine::polars::expression::{computed_of, equal_in, to_polars};
use crate::engine::polars::query::{Rows, encoded, hash};
use crate::metric::Lookup;

/// Keys without nulls, in a form in which distinct keys differ.
enum Members {
    /// Keys of one column of up to 64 bits, as hashes that are as distinct as the values.
    Hashes(HashSet<u64>),
    /// Other keys, as the bytes by which Polars orders rows.
    Encoded(HashSet<Box<[u8]>>),
}

/// Returns a condition, never null, that selects the rows of a lookup without those that have one of these
/// keys; `None` where only Polars' own comparison decides which keys are equal.
pub(super) fn without_members(lookup: &Lookup, there: &DataFrame) -> PolarsResult<Option<Expr>> {
    if there.columns().iter().any(|key| key.dtype().is_float() || key.dtype().is_nested()) {
        return Ok(None);
    }
    let members = Arc::new(Members::of(there.columns())?);
    let keys = lookup.grouping.keys.iter();
    let keys = keys.map(|key| equal_in(to_polars(key), &key.data_type, &key.data_type));
    let of = std::iter::once(to_polars(&lookup.grouping.filter)).chain(keys).collect();
    Ok(Some(computed_of(of, PlType::Boolean, move |columns| {
        let rows = Rows::of(columns)?;
        let held = rows.grouped.iter().zip(members.hold(&rows.keys)?);
        let left: Vec<bool> = held.map(|(asked, holds)| asked == Some(true) && !holds).collect();
        Ok(BooleanChunked::from_slice(PlSmallStr::EMPTY, &left).into_column())
    })))
}

impl Members {
    fn of(keys: &[Column]) -> PolarsResult<Self> {
        if let [key] = keys
            && is_narrow(key.dtype())
        {
            return Ok(Self::Hashes(hash(&[key.drop_nulls()])?.hashes.into_iter().collect()));
        }
        let encoded = encoded(keys)?;
        let whole = encoded.iter().zip(is_whole(keys)).filter(|(_, whole)| *whole);
        Ok(Self::Encoded(whole.filter_map(|(key, _)| key.map(Box::from)).collect()))
    }

    /// Returns, for each row, whether its key is in the set.
    fn hold(&self, keys: &[Column]) -> PolarsResult<Vec<bool>> {
        Ok(match self {
            Self::Hashes(members) => {
                let hashes = hash(keys)?.hashes;
                hashes.iter().zip(is_whole(keys)).map(|(key, whole)| whole && members.contains(key)).collect()
            }
            Self::Encoded(members) => {
                let is_member = |key: Option<&[u8]>| key.is_some_and(|key| members.contains(key));
                encoded(keys)?
                    .iter()
                    .zip(is_whole(keys))
                    .map(|(key, whole)| whole && is_member(key))
                    .collect()
            }
        })
    }
}

/// Returns whether distinct values of a type have distinct hashes.
fn is_narrow(data_type: &PlType) -> bool {
    let is_wide = matches!(data_type, PlType::Int128 | PlType::UInt128 | PlType::Decimal(..));
    (data_type.is_integer() || data_type.is_temporal()) && !is_wide
}

/// Returns, for each row, whether no part of its key is null.
fn is_whole(keys: &[Column]) -> Vec<bool> {
    let mut whole = vec![true; keys.first().map_or(0, Column::len)];
    for key in keys.iter().filter(|key| key.null_count() > 0) {
        for (whole, is_there) in whole.iter_mut().zip(key.is_not_null().iter()) {
            *whole &= is_there == Some(true);
        }
    }
    whole
}
