//! `karat plan`

use std::fmt::Write as _;
use std::path::PathBuf;

use super::arguments::{DataArguments, parameter};
use super::exit::Exit;
use super::suites;
use super::terminal::{error, out};
use crate::plan::{FailingCount, Form, Plan};
use crate::report::{brief, visible};
use crate::run::{Bound, CheckOptions, Data, bound, chain};
use crate::source::Snapshot;
use crate::suite::Suite;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// The suite
    suite: PathBuf,
    /// A value for a parameter of a Great Expectations suite; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    parameter: Vec<(String, String)>,
    #[command(flatten)]
    data: DataArguments,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let found = match suites::read_one(&arguments.suite, &arguments.parameter) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    let Some(uri) = found.uri(&arguments.data) else {
        error("the suite names no data", Some("give it with --data"));
        return Exit::Usage;
    };
    let options = CheckOptions { datasets: found.datasets(), ..CheckOptions::default() };
    let data = Data::Uri { uri, at: arguments.data.at() };
    let Bound { snapshot, plan, .. } = match bound(&found.suite, data, &options) {
        Ok(bound) => bound,
        Err(problem) => {
            error(&chain(&problem), None);
            return Exit::Unknown;
        }
    };
    let suite = &found.suite;
    match plan {
        Ok(plan) => {
            out(&described(suite, &snapshot, &plan));
            Exit::Passed
        }
        Err(problem) => {
            error(&problem.message, problem.help.as_deref());
            Exit::Usage
        }
    }
}

/// Characters of a metric's phrase, at most, and of those that the checks' names are aligned to.
const LONGEST: usize = 160;
const WIDEST: usize = 72;

/// What would run.
fn described(suite: &Suite, snapshot: &Snapshot, plan: &Plan) -> String {
    let mut text = String::new();
    let mut line = |arguments: std::fmt::Arguments<'_>| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{arguments}");
    };
    let asked: usize = plan
        .checks
        .iter()
        .map(|check| check.form.as_ref().map_or(0, |form| positions(plan, form).len()))
        .sum();
    line(format_args!("{}  {}", suite.name, snapshot.identity.uri));
    line(format_args!(
        "\n{} checks ask for {asked} metrics, of which {} are measured: the others are shared",
        plan.checks.len(),
        plan.metrics.len()
    ));
    let columns = plan.columns_read(&snapshot.schema);
    line(format_args!(
        "columns read: {} of {}: {}",
        columns.len(),
        snapshot.schema.fields.len(),
        columns.join(", ")
    ));
    let scans = match (plan.metrics.is_empty(), plan.relative.is_empty(), plan.merges()) {
        (true, ..) => "no scan: the schema decides",
        (false, false, _) => "2 scans: what the first one measures tells the second which rows fail",
        (false, true, true) => "1 scan, a group of files at a time; a second, narrow one only if rows fail",
        (false, true, false) => "1 scan of the whole snapshot; a second, narrow one only if rows fail",
    };
    line(format_args!("{scans}\n"));
    let metrics = plan.metrics.iter().enumerate().map(|(index, metric)| {
        let users = suite.checks.iter().zip(&plan.checks).filter(|(_, check)| {
            check.form.as_ref().is_ok_and(|form| positions(plan, form).contains(&index))
        });
        (
            brief(&metric.to_string(), LONGEST),
            some_of(&users.map(|(check, _)| check.id.as_str()).collect::<Vec<_>>()),
        )
    });
    let others = suite.checks.iter().zip(&plan.checks).filter_map(|(check, planned)| match &planned.form {
        Err(problem) => Some((format!("nothing: {}", problem.message), check.id.clone())),
        Ok(Form::Decided(_)) => Some(("the schema".to_owned(), check.id.clone())),
        Ok(_) => None,
    });
    let rows: Vec<(String, String)> = metrics.chain(others).collect();
    let width =
        rows.iter().map(|(what, _)| what.chars().count()).filter(|width| *width <= WIDEST).max().unwrap_or(0);
    for (what, users) in rows {
        line(format_args!("  {what:<width$}  for {}", visible(&users)));
    }
    text
}

/// The first few, and how many more.
fn some_of(ids: &[&str]) -> String {
    const MOST: usize = 3;
    match ids.len().saturating_sub(MOST) {
        0 | 1 => ids.join(", "),
        more => format!("{} and {more} more", ids[..MOST].join(", ")),
    }
}

fn positions(plan: &Plan, form: &Form) -> Vec<usize> {
    match form {
        Form::Rows { rows, considered, failing, keys, .. } => {
            let failing = match failing {
                FailingCount::Metric(position) => vec![*position],
                FailingCount::Relative(relative) => plan.relative[*relative].metrics.clone(),
            };
            [*rows, *considered].into_iter().chain(failing).chain(*keys).collect()
        }
        Form::Grouped { rows, metrics, .. } => {
            std::iter::once(*rows).chain(metrics.iter().copied()).collect()
        }
        Form::Measured { metrics, .. } => metrics.clone(),
        Form::Decided(_) | Form::Skipped => Vec::new(),
    }
}
