//! What is said of suites and checks beside what is demanded, and how that has changed.

use super::diff::Side;
use super::model::{AspectDiff, Kind};
use super::strength::compare;
use crate::data::{ColumnPath, redacted};
use crate::suite::{Check, Suite};

/// What has changed of a suite as a whole.
pub(super) fn of_suites(old: &Side<'_>, new: &Side<'_>) -> Vec<AspectDiff> {
    let (before, after) = (old.suite, new.suite);
    let layer = |side: &Side<'_>| side.suite.layer.as_ref().map(ToString::to_string);
    let data = |suite: &Suite| suite.data.as_deref().map(redacted);
    let names = |columns: &[ColumnPath]| {
        let names: Vec<_> = columns.iter().map(ToString::to_string).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let lost = |from: &[ColumnPath], by: &[ColumnPath]| from.iter().any(|column| !by.contains(column));
    let gate = match (old.stops_on_warn, new.stops_on_warn) {
        (false, true) => Kind::Stronger,
        (true, false) => Kind::Weaker,
        _ => Kind::Equal,
    };
    // What is no longer personal is shown.
    let pii = match (lost(&before.pii, &after.pii), lost(&after.pii, &before.pii)) {
        (true, true) => Kind::Incomparable,
        (true, false) => Kind::Weaker,
        (false, true) => Kind::Stronger,
        (false, false) => Kind::Equal,
    };
    let mut aspects = vec![
        // Whatever is judged now is other data.
        aspect("data", Kind::Incomparable, data(before), data(after)),
        aspect("gate", gate, Some(old.gate.clone()), Some(new.gate.clone())),
        aspect("layer", Kind::Equal, layer(old), layer(new)),
        aspect("pii", pii, names(&before.pii), names(&after.pii)),
        aspect("owner", Kind::Equal, before.owner.clone(), after.owner.clone()),
        aspect("key", Kind::Equal, names(&before.key), names(&after.key)),
    ];
    aspects.retain(|aspect| aspect.before != aspect.after);
    if before.dialect != after.dialect {
        let how = |when: &str| Some(format!("how files are read, {when}"));
        aspects.push(aspect("format", Kind::Incomparable, how("before"), how("after")));
    }
    aspects
}

/// What has changed of a check, each change by itself.
pub(super) fn of_checks(old: &Check, new: &Check) -> Vec<AspectDiff> {
    let changed = |aspect, change: &dyn Fn(&mut Check), before, after| {
        let mut changed = old.clone();
        change(&mut changed);
        self::aspect(aspect, compare(old, &changed).into(), before, after)
    };
    let mut aspects = Vec::new();
    let same_demand =
        old.definition.id == new.definition.id && old.column == new.column && old.arguments == new.arguments;
    if !same_demand {
        let demand = |check: &mut Check| {
            check.definition = new.definition;
            check.column.clone_from(&new.column);
            check.expectation = new.expectation.clone();
            check.arguments = new.arguments.clone();
        };
        // What is made of others may say the same of different parts.
        let text = if described(old) == described(new) { in_full } else { described };
        aspects.push(changed("demand", &demand, Some(text(old)), Some(text(new))));
    }
    let mut compare_texts = |aspect, change: &dyn Fn(&mut Check), text: &dyn Fn(&Check) -> Option<String>| {
        let (before, after) = (text(old), text(new));
        if before != after {
            aspects.push(changed(aspect, change, before, after));
        }
    };
    compare_texts("where", &|check| check.filters.clone_from(&new.filters), &|check| {
        check.condition().map(|condition| condition.to_string())
    });
    compare_texts("limits", &|check| check.thresholds = new.thresholds, &|check| {
        check.definition.nature.counts_rows().then(|| check.thresholds.to_string())
    });
    compare_texts("severity", &|check| check.severity = new.severity, &|check| {
        Some(check.severity.name().to_owned())
    });
    compare_texts("group_by", &|check| check.group_by.clone_from(&new.group_by), &|check| {
        let names: Vec<_> = check.group_by.iter().map(ToString::to_string).collect();
        (!names.is_empty()).then(|| names.join(", "))
    });
    aspects
}

/// What a check demands, and of which column.
pub(super) fn described(check: &Check) -> String {
    match &check.column {
        Some(column) => format!("{column} {}", check.demand()),
        None => check.demand(),
    }
}

/// The same of a part of what is made of others.
fn in_full(check: &Check) -> String {
    let column = check.column.as_ref().map(ToString::to_string);
    let parts = [column, Some(check.definition.id.to_owned()), Some(check.expectation.demand())];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn aspect(aspect: &'static str, change: Kind, before: Option<String>, after: Option<String>) -> AspectDiff {
    AspectDiff { aspect, change, before, after }
}
