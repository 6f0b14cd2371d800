//! Statistics of the columns that a condition reads, as far as they are consistent.

use std::collections::BTreeMap;

use super::range::Range;
use super::scalar::Scalar;
use super::values::is_foreign;
use crate::data::{ColumnBound, ColumnPath, DataType, KnownColumn, KnownRows};
use crate::predicate::{Term, Typed};

/// A column that a condition reads, with its bounds.
pub(super) struct Column<'a> {
    pub path: &'a ColumnPath,
    /// Number of rows on which the column is null, if known.
    pub nulls: Option<u64>,
    /// Number of rows on which the column is not null, if known.
    pub values: Option<u64>,
    /// The range of the column's values.
    range: Range<'a>,
    /// Values that some row has, as ranges of one point.
    pub attained: Vec<Range<'a>>,
}

impl<'a> Column<'a> {
    /// Returns the columns that a condition reads, each once. Statistics that contradict each other or the
    /// column's type are ignored.
    pub(super) fn read_by(condition: &'a Typed, known: &'a KnownRows) -> Vec<Self> {
        let mut types = BTreeMap::new();
        collect(condition, &mut types);
        let nothing = const { &KnownColumn { nulls: None, lower: None, upper: None } };
        let known_of = |path, data_type| {
            let known_of = known.columns.get(path).unwrap_or(nothing);
            if contradicts(known_of, data_type, known.rows) { nothing } else { known_of }
        };
        types
            .into_iter()
            .map(|(path, data_type)| Self::new(path, data_type, known_of(path, data_type), known.rows))
            .collect()
    }

    fn new(path: &'a ColumnPath, data_type: &DataType, known: &'a KnownColumn, rows: u64) -> Self {
        let bounds = [&known.lower, &known.upper].into_iter().flatten();
        let points = bounds
            .filter(|bound| bound.is_exact)
            .map(|bound| Range::of(Some(&bound.value), Some(&bound.value), data_type));
        Self {
            path,
            nulls: known.nulls,
            values: known.nulls.and_then(|nulls| rows.checked_sub(nulls)),
            range: range(known, data_type),
            attained: points.filter(Range::is_point).collect(),
        }
    }

    /// Returns the values that the column may have on a row.
    pub(super) fn scalar(&self) -> Scalar<'a> {
        let value = (self.values != Some(0)).then(|| self.range.clone());
        Scalar { null: self.nulls != Some(0), value }
    }
}

/// Collects the columns that a condition reads, with their types.
fn collect<'a>(typed: &'a Typed, types: &mut BTreeMap<&'a ColumnPath, &'a DataType>) {
    if let Term::Column(path) = &typed.term {
        types.insert(path, &typed.data_type);
    }
    for child in typed.children() {
        collect(child, types);
    }
}

fn range<'a>(known: &'a KnownColumn, data_type: &DataType) -> Range<'a> {
    let value = |bound: &'a Option<ColumnBound>| bound.as_ref().map(|bound| &bound.value);
    Range::of(value(&known.lower), value(&known.upper), data_type)
}

fn contradicts(known: &KnownColumn, data_type: &DataType, rows: u64) -> bool {
    let bounds = || [&known.lower, &known.upper].into_iter().flatten();
    let only_nulls = known.nulls == Some(rows) && bounds().any(|bound| bound.is_exact);
    known.nulls > Some(rows)
        || only_nulls
        || bounds().any(|bound| is_foreign(&bound.value, data_type))
        || !range(known, data_type).is_consistent()
}
