//! The judging pass: every metric of a plan as one execution over one scan.

use polars::prelude::{Expr, LazyFrame};

use super::EngineError;
use super::execute::{Executed, execute};
use super::groups::{groups, statistic};
use super::scalars::{aggregate, correlation, count, whole};
use super::values::cell;
use crate::data::Value;
use crate::metric::{Aggregate, Grouping, Metric};

/// A query and the metrics that its columns measure.
struct Query<'a> {
    /// `None` for the one of all scalars.
    grouping: Option<&'a Grouping>,
    metrics: Vec<usize>,
}

/// Measures all metrics on a frame.
pub(super) fn measure(frame: &LazyFrame, metrics: &[Metric]) -> Result<(Vec<Value>, Executed), EngineError> {
    let mut queries: Vec<Query<'_>> = Vec::new();
    for (index, metric) in metrics.iter().enumerate() {
        let grouping = match metric {
            Metric::Count(_) | Metric::Aggregate { .. } | Metric::Correlation { .. } => None,
            Metric::Group { grouping, .. } => Some(grouping),
        };
        match queries.iter_mut().find(|query| query.grouping == grouping) {
            Some(query) => query.metrics.push(index),
            None => queries.push(Query { grouping, metrics: vec![index] }),
        }
    }
    let frames = queries.iter().enumerate().map(|(number, query)| {
        let columns: Vec<Expr> =
            query.metrics.iter().map(|index| expression(&metrics[*index]).alias(name(*index))).collect();
        match query.grouping {
            None => frame.clone().select(columns),
            Some(grouping) => groups(frame, grouping, number).select(columns),
        }
    });
    let executed = execute(frames.collect())?;
    let mut values = vec![Value::Null; metrics.len()];
    for (query, frame) in queries.iter().zip(&executed.frames) {
        for index in &query.metrics {
            values[*index] = normal(&metrics[*index], cell(frame, &name(*index), 0)?);
        }
    }
    Ok((values, executed))
}

fn expression(metric: &Metric) -> Expr {
    match metric {
        Metric::Count(condition) => count(condition),
        Metric::Aggregate { function, of, filter } => aggregate(*function, of, filter),
        Metric::Correlation { left, right, filter } => correlation(left, right, filter),
        Metric::Group { grouping, statistic: wanted } => statistic(grouping, wanted),
    }
}

fn name(index: usize) -> String {
    format!("m{index}")
}

/// Of no rows the engine's sums are 0, but where it says null, a count is 0 too.
fn normal(metric: &Metric, value: Value) -> Value {
    use crate::metric::GroupStatistic::{
        Distinct, DuplicatedKeys, DuplicatedRows, Inside, ModeCount, Modes, ModesInside, Outside,
        OutsideCount, Singles,
    };
    match (metric, value) {
        (
            Metric::Count(_)
            | Metric::Group {
                statistic: Distinct | DuplicatedRows | OutsideCount(_) | Singles | ModeCount,
                ..
            },
            Value::Null,
        ) => Value::Integer(0),
        (Metric::Aggregate { function: Aggregate::Sum, of, .. }, value) => whole(value, of),
        (
            Metric::Group {
                statistic: DuplicatedKeys { .. } | Outside { .. } | Inside(_) | Modes { .. } | ModesInside(_),
                ..
            },
            Value::Null,
        ) => Value::List(Vec::new()),
        (_, value) => value,
    }
}
