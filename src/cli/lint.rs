//! The command `karat lint`: finds errors in suites without reading rows.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::arguments::{DataArguments, SuiteArguments};
use super::diagnostics::{does_not_fit, show_one, show_remark};
use super::exit::Exit;
use super::suites;
use super::suites::Found;
use super::terminal::{error, note, out};
use super::variables::{HELP, tell_mistyped};
use crate::data::{Schema, counted, redacted, thousands};
use crate::document::{Diagnostic, Span};
use crate::expectation::{LowerError, Place};
use crate::predicate::{Expression, Remark, remarks};
use crate::run::{Bound, CheckOptions, bound, chain};
use crate::source::Data;
use crate::suite::{DefinedIn, Suite};

#[derive(Clone, Debug, clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    suites: SuiteArguments,
    #[command(flatten)]
    data: DataArguments,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    tell_mistyped();
    let found = match suites::find_all("lint", &arguments.suites) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    definitions(&found);
    let mut worst = Exit::Passed;
    for found in &found {
        match lint(found, &arguments.data) {
            Exit::Passed => {}
            exit => worst = if worst == Exit::Usage { worst } else { exit },
        }
    }
    worst
}

/// Lists the expectations that projects define. One with an error would have stopped the project's suites
/// from being read.
fn definitions(found: &[Found]) {
    let mut told = BTreeSet::new();
    for composed in found.iter().flat_map(|found| found.project.catalogue.composed()) {
        if let DefinedIn::File { path } = &composed.defined_in
            && told.insert(path)
        {
            out(&format!("{path}: {} reads well\n", composed.id));
        }
    }
}

fn lint(found: &Found, data: &DataArguments) -> Exit {
    let suite = &found.suite;
    let Some(uri) = found.uri(data) else { return without_data(suite) };
    let storage = found.storage(data);
    let options = CheckOptions { datasets: found.datasets(), storage, ..CheckOptions::default() };
    let data = Data::Uri { uri: uri.clone(), at: data.at() };
    let (plan, schema, now) = match bound(suite, data, &options) {
        Ok(Bound { plan, snapshot, now, .. }) => (plan, snapshot.schema().clone(), now),
        Err(problem) => {
            error(&format!("{}: {}", suite.path, chain(&problem)), problem.help());
            return Exit::Unknown;
        }
    };
    let plan = match plan {
        Ok(plan) => plan,
        Err(problem) => {
            does_not_fit(suite, &problem);
            return Exit::Usage;
        }
    };
    let uri = redacted(&uri);
    let mut misfits = 0;
    for (check, planned) in suite.checks.iter().zip(&plan.checks) {
        if let Err(LowerError { message, help, place }) = &planned.judged_by {
            let message = format!("{}: {message}", check.id);
            let diagnostic = Diagnostic::new(check.place(*place), message).maybe_help(help.clone());
            show_one(&suite.path, &suite.text, &diagnostic);
            misfits += 1;
        }
    }
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
        note(&format!("{}: {misfits} of {checks} {verb} not fit {uri}", suite.path));
        return Exit::Usage;
    }
    remark(suite, &schema, now);
    let verb = if suite.checks.len() == 1 { "fits" } else { "fit" };
    out(&format!("{}: {} {verb} {uri}\n", suite.path, counted(suite.checks.len() as u64, "check", "checks")));
    Exit::Passed
}

/// Shows remarks on comparisons whose meaning may surprise.
fn remark(suite: &Suite, schema: &Schema, now: DateTime<Utc>) {
    for check in &suite.checks {
        let of = |expression: &Expression, place: &dyn Fn(Span) -> Place| {
            for Remark { message, span } in remarks(expression, schema, now) {
                show_remark(
                    &suite.path,
                    &suite.text,
                    &Diagnostic::new(check.place(place(span)), format!("{}: {message}", check.id)),
                );
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

/// Reports on a suite that names no data: the expectations of another tool that karat cannot judge.
fn without_data(suite: &Suite) -> Exit {
    let refused = suite.checks.iter().filter_map(|check| check.origin.as_ref()?.refused.as_ref());
    let mut unmapped = 0;
    for diagnostic in refused {
        show_one(&suite.path, &suite.text, diagnostic);
        unmapped += 1;
    }
    if unmapped > 0 {
        let checks = counted(suite.checks.len() as u64, "check", "checks");
        note(&format!("{}: {} of {checks} cannot be judged", suite.path, thousands(&unmapped.to_string())));
        return Exit::Usage;
    }
    out(&format!("{}: reads well; it names no data to check its types against\n", suite.path));
    Exit::Passed
}
