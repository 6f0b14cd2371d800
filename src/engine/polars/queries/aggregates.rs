//! Groups rows, and aggregates the groups.

use polars::prelude::{DataType as PlType, Expr, LazyFrame, Null, PlSmallStr, len, lit, when};

use super::listed::{from_list, is_listed};
use super::rows::{Computed, column, computed, grouped, is_constant};
use super::totals::{Total, finished};
use crate::data::{ColumnPath, DataType, Field};
use crate::engine::polars::expression::{computed_of, polars_type, to_polars};
use crate::engine::polars::metrics::aggregate;
use crate::metric::Aggregate;
use crate::predicate::{Aggregation, Summary, Typed};

/// Power of ten that splits a wide number into its higher and its lower digits.
pub(super) const PART: i64 = 1_000_000_000_000_000_000;

/// Groups rows by equal keys, or takes all rows as one group, and aggregates the groups.
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
    // Arguments become columns first: of a constant, Polars would aggregate a single value.
    let frame = if rows.is_empty() { frame } else { computed(frame, rows) };
    let frame = if keys.is_empty() {
        frame.select(found)
    } else {
        let found = if found.is_empty() { vec![len().alias("\u{1}size")] } else { found };
        grouped(frame, &keys, found)
    };
    frame.select(keys.into_iter().chain(values).collect::<Vec<_>>())
}

/// The expressions that compute an aggregate.
struct Parts {
    /// The columns that are computed for each row.
    rows: Vec<Computed>,
    /// The aggregates that are computed for each group.
    found: Vec<Expr>,
    /// The final value, made of these aggregates.
    value: Expr,
}

/// The names of the columns with the parts of a sum.
struct PartNames<'a> {
    /// The column of the whole numbers, or of their lower digits if these are summed apart.
    lower_digits: &'a str,
    /// The column of the higher digits.
    higher_digits: &'a str,
    /// The column with the number of summed numbers.
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
            _ if is_listed(aggregation.function, &data_type) => found(
                values().drop_nulls().implode(false),
                from_list(aggregation, data_type, column(&argument)),
            ),
            _ => {
                let names =
                    PartNames { lower_digits: &argument, higher_digits: &name("high"), count: &count };
                Self::total(aggregation, &argument_value, &data_type, &names)
            }
        }
    }

    /// Returns the parts of a sum or a mean of integers or decimals.
    fn total(
        aggregation: &Aggregation,
        argument: &Computed,
        data_type: &DataType,
        names: &PartNames<'_>,
    ) -> Self {
        let PartNames { lower_digits, higher_digits, count } = *names;
        let once = |of: &str| {
            let of = column(of);
            if aggregation.distinct { of.unique() } else { of }
        };
        let constant = argument.constant;
        let row = |name: &str, value: Expr| Computed { name: name.into(), value, constant };
        let count_of = once(lower_digits).drop_nulls().len().cast(PlType::Int64).alias(count);
        // All digits of the argument, as an integer.
        let exact = match data_type {
            DataType::Decimal { scale, .. } => {
                let all = PlType::Decimal(38, usize::from(*scale));
                argument.value.clone().cast(all).to_physical()
            }
            _ => argument.value.clone().cast(PlType::Int128),
        };
        let total = Total::of(aggregation, data_type);
        let result = polars_type(&aggregation.data_type);
        let parts = vec![column(lower_digits), column(higher_digits), column(count)];
        let value = computed_of(parts, result, move |parts| finished(&total, parts));
        // Polars' own sums wrap silently; the sums of the two parts of each number stay within range.
        let part = || lit(PART).cast(PlType::Int128);
        let (rows, found) = if aggregation.distinct {
            // Duplicates are removed from whole numbers, so each number is split only afterwards.
            let numbers = once(lower_digits);
            (
                vec![row(lower_digits, exact)],
                vec![
                    numbers.clone().floor_div(part()).sum().alias(higher_digits),
                    (numbers.clone() % part()).sum().alias(lower_digits),
                    count_of,
                ],
            )
        } else if is_wide(data_type) {
            (
                vec![row(higher_digits, exact.clone().floor_div(part())), row(lower_digits, exact % part())],
                vec![column(higher_digits).sum(), column(lower_digits).sum(), count_of],
            )
        } else {
            let nothing = lit(0).cast(PlType::Int128);
            (
                vec![row(lower_digits, exact)],
                vec![nothing.alias(higher_digits), column(lower_digits).sum(), count_of],
            )
        };
        Self { rows, found, value }
    }
}

/// Returns whether a sum over as many rows as a table may have can need more than 128 bits.
fn is_wide(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Integer { bits: 81.., .. } | DataType::Decimal { precision: 27.., .. })
}

/// Returns the column that is aggregated; `None` if rows are counted.
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
