//! Converts values of Polars to the shape that their metric asks for. Polars' sums and lists over no rows and
//! no groups may be null: they are 0 and empty.

use super::scalars::sum;
use crate::data::Value;
use crate::engine::EngineError;
use crate::engine::polars::query::as_count;
use crate::metric::{
    Aggregate, Differences, GroupStatistic, Measured, Metric, Sizes, State, UnmatchedResult,
};

/// Converts the result of a metric, over all rows or over one group, to its state.
pub(in crate::engine::polars) fn state(metric: &Metric, value: Value) -> Result<State, EngineError> {
    match metric {
        Metric::Count(_) => as_count(&value).map(State::Count),
        Metric::Aggregate { function: Aggregate::Sum, of, .. } => {
            sum(&value, of).map(State::Sum).ok_or_else(|| misshapen(&value))
        }
        Metric::Aggregate { function: Aggregate::Min, .. } => Ok(State::Least(value)),
        Metric::Aggregate { function: Aggregate::Max, .. } => Ok(State::Greatest(value)),
        other => whole(other, value).map(State::Whole),
    }
}

/// Converts the result of a metric whose parts do not merge.
fn whole(metric: &Metric, value: Value) -> Result<Measured, EngineError> {
    match metric {
        Metric::OutOfOrder(_) | Metric::Unmatched { result: UnmatchedResult::Rows, .. } => {
            as_count(&value).map(Measured::Count)
        }
        Metric::Group { statistic, .. } => of_groups(statistic, value),
        Metric::Unmatched { result: UnmatchedResult::Keys { .. }, .. } => keys(value),
        Metric::Differences(_) => differences(&value),
        // These are computed from exact sums, from sorted values or by queries of their own; metrics of
        // another dataset or of each group were unwrapped before.
        Metric::Count(_)
        | Metric::Aggregate { .. }
        | Metric::Correlation { .. }
        | Metric::Tally(_)
        | Metric::QueryRows(_)
        | Metric::QueryDifference { .. }
        | Metric::OtherDataset { .. }
        | Metric::Each { .. } => Err(misshapen(&value)),
    }
}

/// Converts the result of a statistic of groups.
pub(in crate::engine::polars) fn of_groups(
    statistic: &GroupStatistic,
    value: Value,
) -> Result<Measured, EngineError> {
    match statistic {
        GroupStatistic::Distinct
        | GroupStatistic::DuplicatedRows
        | GroupStatistic::OutsideCount(_)
        | GroupStatistic::Singles
        | GroupStatistic::ModeCount => as_count(&value).map(Measured::Count),
        GroupStatistic::DuplicatedKeys { .. } => keys(value),
        GroupStatistic::Outside { .. }
        | GroupStatistic::Inside(_)
        | GroupStatistic::Modes { .. }
        | GroupStatistic::ModesInside(_) => items(value).map(Measured::Values),
        GroupStatistic::Entropy => Ok(Measured::Scalar(value)),
        GroupStatistic::Counts { .. } => sizes(value),
    }
}

fn items(value: Value) -> Result<Vec<Value>, EngineError> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::List(items) => Ok(items),
        other => Err(misshapen(&other)),
    }
}

/// Converts keys, which Polars returns as structs.
fn keys(value: Value) -> Result<Measured, EngineError> {
    items(value)?.into_iter().map(key).collect::<Result<_, _>>().map(Measured::Keys)
}

/// Returns the parts of a key.
pub(in crate::engine::polars) fn key(value: Value) -> Result<Vec<Value>, EngineError> {
    match value {
        Value::Struct(parts) => Ok(parts.into_iter().map(|(_, part)| part).collect()),
        other => Err(misshapen(&other)),
    }
}

/// Converts lists of the same length: one for each part of the keys, and last the numbers of rows.
fn sizes(value: Value) -> Result<Measured, EngineError> {
    let Value::Struct(lists) = value else { return Err(misshapen(&value)) };
    let mut parts = lists.into_iter().map(|(_, list)| items(list)).collect::<Result<Vec<_>, _>>()?;
    let rows = parts.pop().unwrap_or_default();
    let rows = rows.iter().map(as_count).collect::<Result<Vec<u64>, _>>()?;
    if parts.iter().any(|part| part.len() != rows.len()) {
        return Err(EngineError::Query { reason: "keys of groups came without their sizes".into() });
    }
    Ok(Measured::Sizes(Sizes { parts, rows }))
}

fn differences(value: &Value) -> Result<Measured, EngineError> {
    let [only_here, only_there, different] = match value {
        Value::Struct(counts) => match counts.as_slice() {
            [(_, here), (_, there), (_, different)] => {
                [as_count(here)?, as_count(there)?, as_count(different)?]
            }
            _ => return Err(misshapen(value)),
        },
        _ => return Err(misshapen(value)),
    };
    Ok(Measured::Differences(Differences { only_here, only_there, different }))
}

/// Returns the error for a result of the wrong shape. It does not quote the value, which may be personal.
fn misshapen(value: &Value) -> EngineError {
    EngineError::Query {
        reason: format!("it gave {} in the place of what was asked for", described(value)).into(),
    }
}

/// Describes the shape of a value.
fn described(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::List(_) => "a list",
        Value::Struct(_) => "several values",
        _ => "one value",
    }
}
