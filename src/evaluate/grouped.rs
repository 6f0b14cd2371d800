//! Judges every group of rows by itself.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::data::{ColumnPath, Value};
use crate::engine::Measurements;
use crate::expectation::Judgement;
use crate::metric::{MOST_GROUPS, Measured, MetricId};
use crate::privacy::{Masked, MaskedRow, MaskedSamples, Privacy, Untrusted};

/// A group of rows: its keys, and the results of its metrics.
pub(super) struct Group {
    keys: Vec<Value>,
    measured: Vec<Measured>,
}

/// Returns the groups that have rows, in the order of their keys; or the reason why they are unknown.
pub(super) fn groups(
    measurements: &Measurements,
    rows: MetricId,
    metrics: &[MetricId],
) -> Result<Vec<Group>, Untrusted> {
    let each = |metric: MetricId| match measurements.of(metric)? {
        Measured::TooManyGroups => {
            Err(Untrusted::places(format!("there are more than {MOST_GROUPS} groups")))
        }
        groups => Ok(groups.groups()?),
    };
    let mut groups = Vec::new();
    for group in each(rows)? {
        if group.result.count()? > 0 {
            groups.push(Group { keys: group.keys.clone(), measured: Vec::with_capacity(metrics.len()) });
        }
    }
    for metric in metrics {
        let found: HashMap<&[Value], &Measured> =
            each(*metric)?.iter().map(|group| (group.keys.as_slice(), &group.result)).collect();
        for group in &mut groups {
            let of_group = found.get(group.keys.as_slice());
            let of_group =
                of_group.ok_or_else(|| Untrusted::places("the engine left out a group of rows"))?;
            group.measured.push((*of_group).clone());
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

/// Judges all groups, and returns the failing ones as samples. An error names its group by the keys, unless
/// one of them is personal.
pub(super) fn judge(
    groups: &[Group],
    by: &[ColumnPath],
    limit: usize,
    privacy: &Privacy,
    judge: impl Fn(&[Measured]) -> Judgement,
) -> (Judgement, MaskedSamples) {
    let mut samples = MaskedSamples::default();
    let mut failing = 0_usize;
    for group in groups {
        let judgement = judge(&group.measured);
        match judgement.met {
            Ok(true) => {}
            Ok(false) => {
                failing += 1;
                if samples.rows.len() < limit {
                    samples.rows.push(sample(group, by, judgement));
                }
            }
            Err(reason) => {
                let keys = by.iter().zip(&group.keys).map(|(path, key)| format!("{path} = {key}"));
                let keys = privacy.show(Masked::of(by, keys.collect::<Vec<_>>().join(", ")));
                let group = keys.map_or_else(|| "a group".to_owned(), |keys| format!("the group {}", *keys));
                let reason = format!("of {group}: {reason}");
                return (Judgement::unknown(reason), MaskedSamples::default());
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

fn sample(group: &Group, by: &[ColumnPath], judgement: Judgement) -> MaskedRow {
    let reason = judgement.reason.map(|reason| ("reason".to_owned(), Value::String(reason)));
    let observed = ("observed".to_owned(), judgement.observed);
    let keys = by.iter().zip(&group.keys);
    // The whole row is withheld if a column that is observed is personal.
    let values = std::iter::once(observed).chain(reason);
    MaskedRow {
        key: keys.map(|(path, key)| (path.to_string(), Masked::of([path], key.clone()))).collect(),
        values: values.map(|(name, value)| (name, Masked::of_none(value))).collect(),
        ..MaskedRow::default()
    }
}
