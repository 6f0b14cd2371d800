//! Compares the rows of two queries as bags.

use polars::prelude::{
    DataFrame, DataType as PlType, Expr, IntoLazy as _, LazyFrame, PlSmallStr, UnionArgs, concat, len, lit,
};

use super::digits::digits;
use super::rows::{column, grouped};
use crate::data::{DataType, Field, TimeUnit};
use crate::engine::polars::expression::polars_type;
use crate::engine::polars::query::{count, execute_in_memory};
use crate::engine::{Control, EngineError};
use crate::metric::QueryDifference;
use crate::predicate::Fit;

const HERE: &str = "\u{1}here";
const THERE: &str = "\u{1}there";
const NANOSECONDS_OF_A_DAY: i64 = 86_400_000_000_000;

/// The rows that a query returned, and their columns.
pub(super) struct QueryResult<'a> {
    pub(super) frame: DataFrame,
    pub(super) columns: &'a [Field],
}

/// Counts the rows of both queries, those that are missing here, and those that are unexpected here.
pub(super) fn bag_difference(
    here: QueryResult<'_>,
    there: QueryResult<'_>,
    fits: &[Fit],
    control: Control<'_>,
) -> Result<QueryDifference, EngineError> {
    let (rows, others) = (here.frame.height(), there.frame.height());
    let keys: Vec<Expr> = (0..fits.len()).map(|index| Expr::Column(name(index))).collect();
    let bag = |of: QueryResult<'_>, own: &str| {
        let values = of.columns.iter().zip(fits).enumerate();
        let values = values.map(|(index, (field, fit))| compared(field, fit).alias(name(index)));
        let counts = [HERE, THERE].map(|side| {
            if side == own { column("\u{1}size") } else { lit(0_i64).cast(PlType::Int64) }.alias(side)
        });
        let frame: LazyFrame = of.frame.lazy().select(values.collect::<Vec<_>>());
        let sizes = vec![len().cast(PlType::Int64).alias("\u{1}size")];
        grouped(frame, &keys, sizes).select(keys.iter().cloned().chain(counts).collect::<Vec<_>>())
    };
    let both = concat([bag(here, HERE), bag(there, THERE)], UnionArgs::default())?;
    let compared = grouped(both, &keys, vec![column(HERE).sum(), column(THERE).sum()]);
    let more = |left: Expr, right: Expr| {
        let more = left - right;
        more.clone().filter(more.gt(lit(0))).sum()
    };
    let frames = execute_in_memory(
        vec![compared.select([
            more(column(THERE), column(HERE)).alias("missing"),
            more(column(HERE), column(THERE)).alias("unexpected"),
        ])],
        control,
    )?;
    let found = |name| frames.first().map_or(Ok(0), |frame| count(frame, name));
    let (missing, unexpected) = (found("missing")?, found("unexpected")?);
    Ok(QueryDifference { rows: rows as u64, other: others as u64, missing, unexpected })
}

/// Returns a value in the form in which it is compared.
fn compared(field: &Field, fit: &Fit) -> Expr {
    let value = column(&field.name);
    match (fit, &field.data_type) {
        (Fit::Type(to), from) if to == from => value,
        (Fit::Type(to), _) => value.cast(polars_type(to)),
        (Fit::Digits, _) => digits(value),
        (Fit::Nanoseconds, DataType::Timestamp { unit, .. }) => in_nanoseconds(
            value.to_physical(),
            match unit {
                TimeUnit::Milliseconds => 1_000_000,
                TimeUnit::Microseconds => 1_000,
                TimeUnit::Nanoseconds => 1,
            },
        ),
        (Fit::Nanoseconds, _) => in_nanoseconds(value.to_physical(), NANOSECONDS_OF_A_DAY),
    }
}

fn in_nanoseconds(count: Expr, factor: i64) -> Expr {
    count.cast(PlType::Int128) * lit(factor).cast(PlType::Int128)
}

/// Returns the name of a column by its index: the two queries may name it differently.
fn name(index: usize) -> PlSmallStr {
    PlSmallStr::from(format!("{index}"))
}
