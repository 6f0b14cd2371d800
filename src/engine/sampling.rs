//! The second pass: the first failing rows of every check that has some, in one narrow scan.

use std::collections::HashMap;

use polars::prelude::{Expr, LazyFrame, PlSmallStr, as_struct, lit};

use super::EngineError;
use super::execute::{Executed, execute};
use super::measurements::{SampleRow, Samples};
use super::values::cell;
use crate::data::{ColumnPath, Value};
use crate::metric::Grouping;
use crate::plan::{Form, Plan};
use crate::predicate::{Term, Typed, to_polars};
use crate::source::{ROW_COLUMN, Rows, Snapshot};

/// How many failing rows are counted to tell the most frequent values.
const COUNTED: usize = 1_000;
/// How many of the most frequent values are told.
const FREQUENT: usize = 5;

/// A check some of whose rows fail, and the condition that finds them.
struct Wanted<'a> {
    check: usize,
    condition: Expr,
    columns: Vec<&'a ColumnPath>,
    rows: usize,
}

/// Fetches failing rows for the checks that have some. Nothing is read if none has.
pub(super) fn sample(
    plan: &Plan,
    values: &[Value],
    frame: impl FnOnce() -> Result<LazyFrame, EngineError>,
    snapshot: &Snapshot,
) -> Result<(Vec<Samples>, Option<Executed>), EngineError> {
    let mut samples = vec![Samples::default(); plan.checks.len()];
    let wanted = wanted(plan, values);
    if wanted.is_empty() {
        return Ok((samples, None));
    }
    let any =
        wanted.iter().map(|wanted| wanted.condition.clone()).reduce(Expr::or).unwrap_or_else(|| lit(false));
    let failing = frame()?.filter(any);
    // A query for each check: in one for all, their results would have to be lists, and for those
    // the engine holds every failing row. Their columns have names of their own, so that the
    // queries share nothing but the scan.
    let queries = wanted.iter().map(|wanted| {
        let limit = if reads_one(plan, wanted) { COUNTED.max(wanted.rows) } else { wanted.rows };
        let fields = std::iter::once(Expr::Column(PlSmallStr::from_static(ROW_COLUMN)).alias("row"))
            .chain(named(&plan.key, plan, "key"))
            .chain(named(wanted.columns.iter().copied(), plan, "value"));
        let rows = as_struct(fields.collect()).filter(wanted.condition.clone()).head(Some(limit));
        failing.clone().select([rows.alias(name(wanted.check))])
    });
    let executed = execute(queries.collect())?;
    for (wanted, found) in wanted.iter().zip(&executed.frames) {
        let rows = (0..found.height()).map(|row| cell(found, &name(wanted.check), row));
        samples[wanted.check] = samples_of(plan, wanted, &rows.collect::<Result<Vec<_>, _>>()?, snapshot);
    }
    Ok((samples, Some(executed)))
}

fn wanted<'a>(plan: &'a Plan, values: &[Value]) -> Vec<Wanted<'a>> {
    let mut wanted = Vec::new();
    for (index, check) in plan.checks.iter().enumerate() {
        let Ok(Form::Rows { rule, failing, keys, .. }) = &check.form else { continue };
        if values[*failing].as_count() == Some(0) {
            continue;
        }
        let condition = match (rule.failing(), rule.grouping(), keys.map(|keys| &values[keys])) {
            (Some(failing), _, _) => Some(to_polars(failing)),
            (None, Some(grouping), Some(Value::List(keys))) => among(&grouping, keys),
            _ => None,
        };
        if let Some(condition) = condition {
            let columns = check.columns.iter().collect();
            wanted.push(Wanted { check: index, condition, columns, rows: check.samples });
        }
    }
    wanted
}

/// The condition that a row has one of these keys.
fn among(grouping: &Grouping, keys: &[Value]) -> Option<Expr> {
    let rows = keys.iter().filter_map(|key| match key {
        Value::Struct(parts) => Some(parts),
        _ => None,
    });
    let equal = rows.map(|parts| {
        let parts = grouping.keys.iter().zip(parts).map(|(key, (_, value))| match value {
            Value::Null => key.clone().is_null(),
            value => Typed::boolean(Term::InSet(Box::new(key.clone()), vec![value.clone()])),
        });
        Typed::all(parts)
    });
    let equal: Vec<Typed> = equal.collect();
    if equal.is_empty() {
        return None;
    }
    Some(to_polars(&Typed::all([grouping.filter.clone(), Typed::any(equal)])))
}

fn reads_one(plan: &Plan, wanted: &Wanted<'_>) -> bool {
    matches!(wanted.columns.as_slice(), [column] if !is_personal(plan, column))
}

/// Columns under numbered names, so that no two of them collide. Personal data is not even read.
fn named<'a>(
    columns: impl IntoIterator<Item = &'a ColumnPath>,
    plan: &'a Plan,
    prefix: &'a str,
) -> impl Iterator<Item = Expr> {
    columns.into_iter().enumerate().map(move |(index, path)| {
        let value = if is_personal(plan, path) {
            lit(polars::prelude::Null {})
        } else {
            // The type does not matter to a column that is only fetched.
            to_polars(&Typed::column(path, &crate::data::DataType::Null))
        };
        value.alias(format!("{prefix}{index}"))
    })
}

/// Whether a column is personal data, or lies in or around one that is.
fn is_personal(plan: &Plan, path: &ColumnPath) -> bool {
    plan.pii.iter().any(|personal| personal.overlaps(path))
}

fn samples_of(plan: &Plan, wanted: &Wanted<'_>, rows: &[Value], snapshot: &Snapshot) -> Samples {
    let hide_files = names_personal(plan, snapshot);
    let mut counts: HashMap<&Value, u64> = HashMap::new();
    let mut samples = Samples::default();
    for row in rows {
        let Value::Struct(fields) = row else { continue };
        let field = |name: String| fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value);
        if reads_one(plan, wanted)
            && samples.counted < u64::try_from(COUNTED).unwrap_or(u64::MAX)
            && let Some(value) = field("value0".to_owned())
        {
            *counts.entry(value).or_default() += 1;
            samples.counted += 1;
        }
        if samples.rows.len() == wanted.rows {
            continue;
        }
        let named = |columns: Vec<&ColumnPath>, prefix: &str| -> Vec<(String, Value)> {
            let values = columns.into_iter().enumerate().filter(|(_, path)| !is_personal(plan, path));
            values
                .filter_map(|(index, path)| {
                    Some((path.to_string(), field(format!("{prefix}{index}"))?.clone()))
                })
                .collect()
        };
        let position = field("row".to_owned()).and_then(Value::as_count).unwrap_or_default();
        let (file, row) = match &snapshot.rows {
            Rows::Files(files) => files.locate(position).map_or((None, position), |(file, row)| {
                (Some(if hide_files { "(masked)".to_owned() } else { file.name.clone() }), row)
            }),
            Rows::Frame(_) => (None, position),
        };
        samples.rows.push(SampleRow {
            file,
            row,
            key: named(plan.key.iter().collect(), "key"),
            values: named(wanted.columns.clone(), "value"),
        });
    }
    let mut frequent: Vec<(Value, u64)> =
        counts.into_iter().map(|(value, count)| (value.clone(), count)).collect();
    frequent.sort_by(|left, right| {
        right.1.cmp(&left.1).then_with(|| left.0.to_string().cmp(&right.0.to_string()))
    });
    frequent.truncate(FREQUENT);
    Samples { frequent, ..samples }
}

/// Whether the names of files may hold personal data: those of partitions do.
fn names_personal(plan: &Plan, snapshot: &Snapshot) -> bool {
    match &snapshot.rows {
        Rows::Files(files) => {
            files.partition_columns().any(|name| is_personal(plan, &ColumnPath::column(name)))
        }
        Rows::Frame(_) => false,
    }
}

fn name(check: usize) -> String {
    format!("c{check}")
}
