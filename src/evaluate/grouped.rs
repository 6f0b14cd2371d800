//! Judging every group of rows for itself.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::data::{ColumnPath, Value};
use crate::engine::{Measurements, SampleRow, Samples};
use crate::expectation::Judgement;
use crate::metric::MOST_GROUPS;

/// A group of rows: its keys, and what was measured of it.
pub(super) struct Group {
    keys: Vec<Value>,
    values: Vec<Value>,
}

/// The groups that have rows, in the order of their keys; or why they are not known.
pub(super) fn groups(
    measurements: &Measurements,
    rows: usize,
    metrics: &[usize],
) -> Result<Vec<Group>, String> {
    let each = |position: usize| match measurements.values.get(position) {
        Some(Ok(Value::List(groups))) => groups
            .iter()
            .map(pair)
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| "the engine gave groups of another shape than was asked for".to_owned()),
        Some(Err(error)) => Err(error.to_string()),
        _ => Err(format!("there are more than {MOST_GROUPS} groups")),
    };
    let mut groups: Vec<Group> = each(rows)?
        .into_iter()
        .filter(|(_, rows)| rows.as_count().is_some_and(|rows| rows > 0))
        .map(|(keys, _)| Group { keys: keys.to_vec(), values: Vec::with_capacity(metrics.len()) })
        .collect();
    for metric in metrics {
        let mut values: HashMap<&[Value], &Value> = each(*metric)?.into_iter().collect();
        for group in &mut groups {
            group.values.push(values.remove(group.keys.as_slice()).cloned().unwrap_or(Value::Null));
        }
    }
    groups.sort_by(|left, right| {
        let order = left.keys.iter().zip(&right.keys).map(|(left, right)| {
            // Nulls first.
            left.compare(right).unwrap_or_else(|| right.is_null().cmp(&left.is_null()))
        });
        order.fold(Ordering::Equal, Ordering::then)
    });
    Ok(groups)
}

fn pair(group: &Value) -> Option<(&[Value], &Value)> {
    match group {
        Value::List(pair) => match pair.as_slice() {
            [Value::List(keys), value] => Some((keys, value)),
            _ => None,
        },
        _ => None,
    }
}

/// The judgement of all groups, and the failing ones among them. With `masked`, an error does not
/// tell the keys of its group.
pub(super) fn judge(
    groups: &[Group],
    by: &[ColumnPath],
    limit: usize,
    masked: bool,
    judge: impl Fn(&[Value]) -> Judgement,
) -> (Judgement, Samples) {
    let mut samples = Samples::default();
    let mut failing = 0_usize;
    for group in groups {
        let judgement = judge(&group.values);
        match judgement.met {
            Ok(true) => {}
            Ok(false) => {
                failing += 1;
                if samples.rows.len() < limit {
                    samples.rows.push(sample(group, by, judgement));
                }
            }
            Err(reason) if masked => {
                return (Judgement::unknown(format!("of a group: {reason}")), Samples::default());
            }
            Err(reason) => {
                let named: Vec<_> =
                    named(group, by).iter().map(|(name, value)| format!("{name} = {value}")).collect();
                let reason = format!("of the group {}: {reason}", named.join(", "));
                return (Judgement::unknown(reason), Samples::default());
            }
        }
    }
    let count = |count: usize| Value::Integer(i128::try_from(count).unwrap_or(i128::MAX));
    let observed = Value::Struct(vec![
        ("groups".to_owned(), count(groups.len())),
        ("failing".to_owned(), count(failing)),
    ]);
    (Judgement::new(failing == 0, observed), samples)
}

fn named(group: &Group, by: &[ColumnPath]) -> Vec<(String, Value)> {
    by.iter().zip(&group.keys).map(|(path, key)| (path.to_string(), key.clone())).collect()
}

fn sample(group: &Group, by: &[ColumnPath], judgement: Judgement) -> SampleRow {
    let reason = judgement.reason.map(|reason| ("reason".to_owned(), Value::String(reason)));
    let observed = ("observed".to_owned(), judgement.observed);
    SampleRow {
        file: None,
        row: None,
        line: None,
        position: None,
        key: named(group, by),
        values: std::iter::once(observed).chain(reason).collect(),
    }
}
