//! Groups of rows and their aggregates.

use polars::prelude::{DataType as PlType, Expr, LazyFrame, Null, PlSmallStr, len, lit, when};

use super::listed::{is_listed, told};
use super::rows::{Computed, column, computed, grouped, is_constant};
use super::totals::{Total, finished};
use crate::data::{ColumnPath, DataType, Field};
use crate::engine::polars::expression::{computed_of, polars_type, to_polars};
use crate::engine::polars::metrics::aggregate;
use crate::metric::Aggregate;
use crate::predicate::{Aggregation, Summary, Typed};

/// Digits in the lower part of a wide number.
pub(super) const PART: i64 = 1_000_000_000_000_000_000;

/// The groups of rows with equal keys, or all rows as one, with their aggregates.
pub(super) fn aggregated(
    frame: LazyFrame,
    keys: &[Typed],
    aggregates: &[Aggregation],
    columns: &[Field],
) -> LazyFrame {
    let (key_columns, results) = columns.split_at(keys.len().min(columns.len()));
    let names = key_columns.iter().map(|field| field.name.as_str());
    let mut rows: Vec<Computed> = keys.iter().zip(names).map(|(key, name)| Computed::of(key, name)).collect();
    let (mut found, mut values) = (Vec::new(), Vec::new());
    for (index, (aggregation, result)) in aggregates.iter().zip(results).enumerate() {
        let parts = Parts::of(aggregation, index);
        rows.extend(parts.rows);
        found.extend(parts.found);
        values.push(parts.value.alias(PlSmallStr::from(result.name.as_str())));
    }
    let keys: Vec<Expr> = key_columns.iter().map(|field| column(&field.name)).collect();
    // What is aggregated is a column first: of a constant the engine would aggregate one value.
    let frame = if rows.is_empty() { frame } else { computed(frame, rows) };
    let frame = if keys.is_empty() {
        frame.select(found)
    } else {
        let found = if found.is_empty() { vec![len().alias("\u{1}size")] } else { found };
        grouped(frame, &keys, found)
    };
    frame.select(keys.into_iter().chain(values).collect::<Vec<_>>())
}

/// What an aggregate takes.
struct Parts {
    /// Of each row.
    rows: Vec<Computed>,
    /// Of each group.
    found: Vec<Expr>,
    /// What it is in the end.
    value: Expr,
}

/// The columns of the parts of a sum.
struct PartNames<'a> {
    /// The leading digits of each number.
    high: &'a str,
    /// The other digits.
    low: &'a str,
    /// The number of numbers.
    count: &'a str,
}

impl Parts {
    fn of(aggregation: &Aggregation, index: usize) -> Self {
        let name = |part: &str| format!("\u{1}{part} {index}");
        let (argument, count) = (name("argument"), name("count"));
        let counted = |of: Expr| of.cast(PlType::Int64).alias(count.as_str());
        let Some(argument_value) = argument_of(aggregation, &argument) else {
            return Self { rows: Vec::new(), found: vec![counted(len())], value: column(&count) };
        };
        let data_type = aggregation.of.as_ref().map_or(DataType::Boolean, |of| of.data_type.clone());
        let once = |of: Expr| if aggregation.distinct { of.unique() } else { of };
        let values = || once(column(&argument));
        let found = |of: Expr, value: Expr| Self {
            rows: vec![argument_value.clone()],
            found: vec![of.alias(argument.as_str())],
            value,
        };
        let typed = Typed::column(&ColumnPath::column(argument.as_str()), &data_type);
        let whole = |function| aggregate(function, &typed, &Typed::always());
        match aggregation.function {
            Summary::Count | Summary::CountIf => Self {
                rows: vec![argument_value.clone()],
                found: vec![counted(values().drop_nulls().len())],
                value: column(&count),
            },
            Summary::CountDistinct => Self {
                rows: vec![argument_value.clone()],
                found: vec![counted(column(&argument).drop_nulls().n_unique())],
                value: column(&count),
            },
            Summary::Min => found(whole(Aggregate::Min), column(&argument)),
            Summary::Max => found(whole(Aggregate::Max), column(&argument)),
            _ if is_listed(aggregation.function, &data_type) => {
                found(values().drop_nulls().implode(false), told(aggregation, data_type, column(&argument)))
            }
            _ => {
                let names = PartNames { high: &argument, low: &name("low"), count: &count };
                Self::total(aggregation, &argument_value, &data_type, &names)
            }
        }
    }

    /// A sum or a mean of integers or decimals.
    fn total(
        aggregation: &Aggregation,
        argument: &Computed,
        data_type: &DataType,
        names: &PartNames<'_>,
    ) -> Self {
        let PartNames { high, low, count } = *names;
        let once = |of: &str| {
            let of = column(of);
            if aggregation.distinct { of.unique() } else { of }
        };
        let constant = argument.constant;
        let row = |name: &str, value: Expr| Computed { name: name.into(), value, constant };
        let count_of = once(high).drop_nulls().len().cast(PlType::Int64).alias(count);
        // All digits, as an integer.
        let exact = match data_type {
            DataType::Decimal { scale, .. } => {
                let all = PlType::Decimal(38, usize::from(*scale));
                argument.value.clone().cast(all).to_physical()
            }
            _ => argument.value.clone().cast(PlType::Int128),
        };
        let total = Total::of(aggregation, data_type);
        let result = polars_type(&aggregation.data_type);
        let parts = vec![column(high), column(low), column(count)];
        let value = computed_of(parts, result, move |parts| finished(&total, parts));
        // The engine's own sums wrap in silence; those of two parts of each number do not get so far.
        let part = || lit(PART).cast(PlType::Int128);
        let (rows, found) = if aggregation.distinct {
            // Each number is there once as a whole only.
            let numbers = once(high);
            (
                vec![row(high, exact)],
                vec![
                    numbers.clone().floor_div(part()).sum().alias(low),
                    (numbers.clone() % part()).sum().alias(high),
                    count_of,
                ],
            )
        } else if is_wide(data_type) {
            (
                vec![row(low, exact.clone().floor_div(part())), row(high, exact % part())],
                vec![column(low).sum(), column(high).sum(), count_of],
            )
        } else {
            let nothing = lit(0).cast(PlType::Int128);
            (vec![row(high, exact)], vec![nothing.alias(low), column(high).sum(), count_of])
        };
        Self { rows, found, value }
    }
}

/// Returns whether a sum of so many rows as a table may have can take more than 128 bits.
fn is_wide(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Integer { bits: 81.., .. } | DataType::Decimal { precision: 27.., .. })
}

/// What is aggregated of each row; nothing if rows are counted.
fn argument_of(aggregation: &Aggregation, name: &str) -> Option<Computed> {
    let (value, data_type, mut constant) = match (&aggregation.of, &aggregation.filter) {
        (Some(of), _) => (to_polars(of), polars_type(&of.data_type), is_constant(of)),
        (None, Some(_)) => (lit(true), PlType::Boolean, true),
        (None, None) => return None,
    };
    let value = match &aggregation.filter {
        Some(filter) => {
            constant &= is_constant(filter);
            when(to_polars(filter)).then(value).otherwise(lit(Null {}).cast(data_type))
        }
        None => value,
    };
    Some(Computed { name: name.into(), value, constant })
}
