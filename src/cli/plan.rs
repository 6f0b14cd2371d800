//! `karat plan`

use std::fmt::Write as _;
use std::path::PathBuf;

use super::arguments::DataArguments;
use super::exit::Exit;
use super::suites::{self, Found};
use super::terminal::{chain, error, out};
use crate::metric::Metric;
use crate::plan::{BindOptions, Form, Plan, bind};
use crate::source::{Snapshot, open};
use crate::suite::Suite;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// The suite
    suite: PathBuf,
    #[command(flatten)]
    data: DataArguments,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let Found { suite, project } = match suites::read_one(&arguments.suite) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    let own = suite.data.as_deref().map(|data| project.locate(data));
    let Some(uri) = arguments.data.data.clone().or(own) else {
        error("the suite names no data", Some("give it with --data"));
        return Exit::Usage;
    };
    let snapshot = match open(&uri, arguments.data.at()) {
        Ok(snapshot) => snapshot,
        Err(problem) => {
            error(&chain(&problem), None);
            return Exit::Unknown;
        }
    };
    match bind(&suite, &snapshot.schema, &BindOptions { samples: 10, selected: &|_| true }) {
        Ok(plan) => {
            out(&described(&suite, &snapshot, &plan));
            Exit::Passed
        }
        Err(problem) => {
            error(&problem.message, problem.help.as_deref());
            Exit::Usage
        }
    }
}

/// What would run.
fn described(suite: &Suite, snapshot: &Snapshot, plan: &Plan) -> String {
    let mut text = String::new();
    let mut line = |arguments: std::fmt::Arguments<'_>| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{arguments}");
    };
    let asked: usize = plan.checks.iter().map(|check| check.form.as_ref().map_or(0, asks)).sum();
    line(format_args!("{}  {}", suite.name, snapshot.identity.uri));
    line(format_args!(
        "\n{} checks ask for {asked} metrics, of which {} are measured: the others are shared",
        plan.checks.len(),
        plan.metrics.len()
    ));
    let columns = plan.columns_read(&snapshot.schema);
    line(format_args!("columns read: {} of {}: {}", columns.len(), snapshot.schema.fields.len(), columns.join(", ")));
    let scans = match (plan.metrics.is_empty(), plan.merges()) {
        (true, _) => "no scan: the schema decides",
        (false, true) => "1 scan, a group of files at a time; a second, narrow one only if rows fail",
        (false, false) => "1 scan of the whole snapshot; a second, narrow one only if rows fail",
    };
    line(format_args!("{scans}\n"));
    for (index, metric) in plan.metrics.iter().enumerate() {
        let users = suite.checks.iter().zip(&plan.checks).filter(|(_, check)| {
            check.form.as_ref().is_ok_and(|form| positions(form).contains(&index))
        });
        let users: Vec<_> = users.map(|(check, _)| check.id.as_str()).collect();
        line(format_args!("  {:<44}  {}", name(metric), users.join(", ")));
    }
    for (check, planned) in suite.checks.iter().zip(&plan.checks) {
        match &planned.form {
            Err(problem) => line(format_args!("  ? {:<42}  {}", check.id, problem.message)),
            Ok(Form::Decided(_)) => line(format_args!("  {:<44}  {}", "the schema", check.id)),
            Ok(_) => {}
        }
    }
    text
}

fn asks(form: &Form) -> usize {
    positions(form).len()
}

fn positions(form: &Form) -> Vec<usize> {
    match form {
        Form::Rows { rows, considered, failing, keys, .. } => {
            [Some(*rows), Some(*considered), Some(*failing), *keys].into_iter().flatten().collect()
        }
        Form::Measured { metrics, .. } => metrics.clone(),
        Form::Decided(_) | Form::Skipped => Vec::new(),
    }
}

/// A metric in a few words: its kind and its columns.
fn name(metric: &Metric) -> String {
    let mut columns: Vec<String> = Vec::new();
    metric.each_column(&mut |path| {
        let path = path.to_string();
        if !columns.contains(&path) {
            columns.push(path);
        }
    });
    let kind = match metric {
        Metric::Count(condition) if condition.is_always() => "count of rows".to_owned(),
        Metric::Count(_) => "count where".to_owned(),
        Metric::Aggregate { function, .. } => format!("{function:?}").split(' ').next().unwrap_or_default().to_lowercase(),
        Metric::Group { statistic, .. } => {
            format!("groups, {}", format!("{statistic:?}").split([' ', '(']).next().unwrap_or_default().to_lowercase())
        }
    };
    if columns.is_empty() { kind } else { format!("{kind} ({})", columns.join(", ")) }
}
