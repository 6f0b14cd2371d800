//! Evaluates conditions on the dictionaries of a column. If a dictionary holds all values of its chunk, a
//! condition that is true of each value is true of every row.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::{DataFrame, Expr, IntoColumn as _, IntoLazy as _, Series};

use crate::data::{ColumnPath, KnownRows};
use crate::engine::polars::expression::to_polars;
use crate::engine::polars::query::{execute_in_memory, isolate};
use crate::engine::polars::scan::FileSet;
use crate::engine::polars::statistics::{Dictionary, RowChunk};
use crate::engine::{Control, EngineError};
use crate::metric::MetricId;
use crate::predicate::Typed;

/// Number of rows for which a condition is true, by the index of the chunk.
pub(super) type Counts = HashMap<usize, u64>;

/// The results of evaluating conditions on dictionaries.
#[derive(Default)]
pub(super) struct DictionaryCounts {
    /// Counts of rows for the conditions of metrics.
    pub(super) counts: Vec<(MetricId, Counts)>,
    /// Chunks and columns whose statistics contradict a dictionary.
    pub(super) contradicted: Vec<(usize, ColumnPath)>,
}

/// Counts the rows of each chunk for which the conditions of metrics are true, where a dictionary decides
/// that. Only chunks for which `open` is true are looked up.
pub(super) fn count_by_dictionary(
    set: &FileSet,
    chunks: &[RowChunk],
    conditions: &[(MetricId, &Typed)],
    open: impl Fn(MetricId, usize) -> bool,
) -> Result<DictionaryCounts, EngineError> {
    let mut by_column: BTreeMap<&ColumnPath, Vec<(MetricId, &Typed)>> = BTreeMap::new();
    for (metric, condition) in conditions {
        if let Some(path) = only_column(condition) {
            by_column.entry(path).or_default().push((*metric, condition));
        }
    }
    let mut all = DictionaryCounts::default();
    for (path, conditions) in by_column {
        let is_open = |chunk: &usize| conditions.iter().any(|(metric, _)| open(*metric, *chunk));
        let numbers: Vec<usize> = (0..chunks.len()).filter(is_open).collect();
        let asked: Vec<&RowChunk> = numbers.iter().map(|number| &chunks[*number]).collect();
        let (mut telling, mut dictionaries) = (Vec::new(), Vec::new());
        for (number, found) in numbers.into_iter().zip(set.dictionaries(&asked, path.root())?) {
            match found {
                Dictionary::Nothing => {}
                Dictionary::Values(values) => {
                    telling.push(number);
                    dictionaries.push(values);
                }
                Dictionary::Contradicts => all.contradicted.push((number, path.clone())),
            }
        }
        // A condition on which Polars fails is evaluated on the rows instead.
        let isolated = isolate(&conditions, &mut |conditions| {
            let judged = results(path, conditions, &dictionaries)?;
            Ok(conditions.iter().map(|(metric, _)| *metric).zip(judged).collect::<Vec<_>>())
        })?;
        for (metric, results) in isolated.found.into_iter().flatten() {
            let counts = telling.iter().zip(&results.of_values).filter_map(|(number, of_values)| {
                Some((*number, count(&chunks[*number].known, path, of_values, results.of_null)?))
            });
            all.counts.push((metric, counts.collect()));
        }
    }
    Ok(all)
}

/// Returns the column that a condition reads, if it is exactly one, read as a whole.
fn only_column(condition: &Typed) -> Option<&ColumnPath> {
    let mut columns = Vec::new();
    condition.each_column(&mut |path| {
        if !columns.contains(&path) {
            columns.push(path);
        }
    });
    match columns.as_slice() {
        [path] if path.parts().len() == 1 => Some(path),
        _ => None,
    }
}

/// The results of a condition.
struct ConditionResults {
    /// For each dictionary, whether the condition is true of each value.
    of_values: Vec<Vec<bool>>,
    /// True if the condition is true of null.
    of_null: bool,
}

/// Evaluates conditions on all values of the dictionaries, and on null.
fn results(
    path: &ColumnPath,
    conditions: &[(MetricId, &Typed)],
    dictionaries: &[Series],
) -> Result<Vec<ConditionResults>, EngineError> {
    let Some((first, rest)) = dictionaries.split_first() else { return Ok(Vec::new()) };
    let mut values = first.clone();
    for more in rest {
        values.append(more)?;
    }
    values.append(&Series::full_null(values.name().clone(), 1, values.dtype()))?;
    let values = values.with_name(path.root().into()).into_column();
    let frame = DataFrame::new(values.len(), vec![values])?;
    let named = |(index, (_, condition)): (usize, &(MetricId, &Typed))| -> Expr {
        to_polars(condition).alias(index.to_string())
    };
    let judged = frame.lazy().select(conditions.iter().enumerate().map(named).collect::<Vec<_>>());
    let frames = execute_in_memory(vec![judged], Control::default())?;
    let mut all = Vec::with_capacity(conditions.len());
    for column in frames.iter().flat_map(DataFrame::columns) {
        let mut results = column.bool()?.iter().map(|truth| truth == Some(true));
        let of_values =
            dictionaries.iter().map(|values| results.by_ref().take(values.len()).collect()).collect();
        all.push(ConditionResults { of_values, of_null: results.next().unwrap_or_default() });
    }
    Ok(all)
}

/// Counts the rows of a chunk for which a condition is true. Returns `None` if the condition is true of some
/// values only, or if the number of nulls is unknown and matters.
fn count(known: &KnownRows, path: &ColumnPath, of_values: &[bool], of_null: bool) -> Option<u64> {
    let nulls = if of_values.is_empty() {
        Some(known.rows)
    } else {
        known.columns.get(path).and_then(|column| column.nulls)
    };
    let all = of_values.iter().all(|truth| *truth);
    if !all && of_values.iter().any(|truth| *truth) {
        return None;
    }
    match nulls {
        Some(nulls) => {
            let values = known.rows.checked_sub(nulls)?;
            Some(if all { values } else { 0 } + if of_null { nulls } else { 0 })
        }
        None if all == of_null => Some(if all { known.rows } else { 0 }),
        None => None,
    }
}
