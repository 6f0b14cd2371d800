//! What is said of a suite beside columns.

use chrono::{DateTime, Utc};

use super::super::diagnostics::{Source, does_not_fit};
use super::super::exit::Exit;
use super::super::terminal::{note, out};
use super::command::{BoundTo, Logic};
use crate::data::{Schema, counted, thousands};
use crate::document::{Diagnostic, Span};
use crate::expectation::{LowerError, Place, filter};
use crate::plan::{JudgedBy, Plan};
use crate::predicate::{Expression, Remark, remarks};
use crate::review::{Level, of_rule};
use crate::suite::Suite;

/// Says whether a suite fits columns.
pub(super) fn does_fit(suite: &Suite, to: &BoundTo, logic: &Logic) -> Exit {
    let BoundTo { plan, schema, now, name } = to;
    let plan = match plan {
        Ok(plan) => plan,
        Err(problem) => {
            does_not_fit(suite, problem);
            return Exit::Usage;
        }
    };
    let source = Source::of(suite);
    let mut misfits = 0;
    for (check, planned) in suite.checks.iter().zip(&plan.checks) {
        if let Err(LowerError { message, help, place }) = &planned.judged_by {
            let message = format!("{}: {message}", check.id);
            let diagnostic = Diagnostic::new(check.place(*place), message).maybe_help(help.clone());
            source.show(&diagnostic);
            misfits += 1;
        }
    }
    misfits += decided(suite, &source, plan, logic, schema, *now);
    for (check, planned) in suite.checks.iter().zip(&plan.checks) {
        // The remarks below report on expressions, each at its place.
        if !check.expectation.expressions().is_empty() {
            continue;
        }
        for meaning in plan.meanings(planned) {
            note(&format!("note: {}: {meaning}", check.id));
        }
    }
    if misfits > 0 {
        let checks = counted(suite.checks.len() as u64, "check", "checks");
        let verb = if misfits == 1 { "does" } else { "do" };
        let misfits = thousands(&misfits.to_string());
        note(&format!("{}: {misfits} of {checks} {verb} not fit {name}", suite.path));
        return Exit::Usage;
    }
    remark(suite, &source, schema, *now);
    if logic.is_sound {
        let verb = if suite.checks.len() == 1 { "fits" } else { "fit" };
        let checks = counted(suite.checks.len() as u64, "check", "checks");
        out(&format!("{}: {checks} {verb} {name}\n", suite.path));
    }
    Exit::Passed
}

/// Says what the types of the columns alone decide, and how many checks that makes impossible.
fn decided(
    suite: &Suite,
    source: &Source<'_>,
    plan: &Plan,
    logic: &Logic,
    schema: &Schema,
    now: DateTime<Utc>,
) -> u64 {
    let mut impossible = 0;
    for (check, planned) in suite.checks.iter().zip(&plan.checks) {
        let Ok(JudgedBy::Rows { rule, .. }) = &planned.judged_by else { continue };
        let conditions: Vec<&Expression> = check.filters.iter().map(|filter| &filter.condition).collect();
        let Ok(lets_through) = filter(&conditions, schema, now) else { continue };
        let Some((level, message)) = of_rule(&lets_through, rule) else { continue };
        let diagnostic = Diagnostic::new(check.span, format!("{}: {message}", check.id));
        match level {
            Level::Error => {
                source.show(&diagnostic);
                impossible += 1;
            }
            // What was said of it before says as much.
            Level::Note if logic.mentioned.contains(&check.span) => {}
            Level::Note => source.show_remark(&diagnostic),
        }
    }
    impossible
}

/// Shows remarks on comparisons whose meaning may surprise.
fn remark(suite: &Suite, source: &Source<'_>, schema: &Schema, now: DateTime<Utc>) {
    for check in &suite.checks {
        let of = |expression: &Expression, place: &dyn Fn(Span) -> Place| {
            for Remark { message, span } in remarks(expression, schema, now) {
                let message = format!("{}: {message}", check.id);
                source.show_remark(&Diagnostic::new(check.place(place(span)), message));
            }
        };
        for expression in check.expectation.expressions() {
            of(&expression, &Place::Predicate);
        }
        for (index, filter) in check.filters.iter().enumerate() {
            of(&filter.condition, &|inner| Place::Where { index, inner });
        }
    }
}

/// What is known of a suite without its data: of another tool's some cannot be judged anywhere.
pub(super) fn without_data(suite: &Suite, reads_well: bool) -> Exit {
    let refused = suite.checks.iter().filter_map(|check| check.origin.as_ref()?.refused.as_ref());
    let source = Source::of(suite);
    let mut unmapped = 0;
    for diagnostic in refused {
        source.show(diagnostic);
        unmapped += 1;
    }
    if unmapped > 0 {
        let checks = counted(suite.checks.len() as u64, "check", "checks");
        note(&format!("{}: {} of {checks} cannot be judged", suite.path, thousands(&unmapped.to_string())));
        return Exit::Usage;
    }
    if reads_well {
        out(&format!("{}: reads well; it names no data to check its types against\n", suite.path));
    }
    Exit::Passed
}
