//! `karat plan`

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use super::arguments::{DataArguments, parameter};
use super::diagnostics::does_not_fit;
use super::exit::Exit;
use super::suites;
use super::terminal::{error, out, width};
use crate::data::{Dataset, counted, thousands};
use crate::metric::{Metric, MetricId, PerMetric};
use crate::plan::{FailingCount, Form, Plan};
use crate::report::{brief, visible, wrapped};
use crate::run::{Bound, CheckOptions, bound, chain};
use crate::source::{Data, Opened};
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
    let storage = arguments.data.source.storage(&found.project);
    let options = CheckOptions { datasets: found.datasets(), storage, ..CheckOptions::default() };
    let data = Data::Uri { uri: uri.clone(), at: arguments.data.at() };
    let Bound { snapshot, plan, .. } = match bound(&found.suite, data, &options) {
        Ok(bound) => bound,
        Err(problem) => {
            error(&chain(&problem), problem.help());
            return Exit::Unknown;
        }
    };
    let suite = &found.suite;
    match plan {
        Ok(plan) => {
            out(&described(suite, snapshot.as_ref(), &plan, width()));
            Exit::Passed
        }
        Err(problem) => {
            does_not_fit(suite, &problem);
            Exit::Usage
        }
    }
}

/// Characters of a metric's phrase, at most, and of those that the checks' names are aligned to.
const LONGEST: usize = 160;
const WIDEST: usize = 72;

/// What would run, in lines of so many columns where they are known.
fn described(suite: &Suite, data: &dyn Opened, plan: &Plan, columns: Option<usize>) -> String {
    let mut text = String::new();
    let mut line = |arguments: std::fmt::Arguments<'_>| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{arguments}");
    };
    let asked: usize = plan
        .checks
        .iter()
        .map(|check| check.form.as_ref().map_or(0, |form| metrics_of(plan, form).len()))
        .sum();
    line(format_args!("{}  {}", suite.name, data.identity().uri));
    let checks = counted(plan.checks.len() as u64, "check asks", "checks ask");
    let asked = counted(asked as u64, "metric", "metrics");
    let shared =
        format!("{checks} for {asked}; {} measured, the others are shared", count(plan.metrics.len()));
    line(format_args!("\n{}", folded(&shared, columns)));
    let read = plan.columns_read(data.schema());
    let all = data.schema().fields.len();
    let read = format!("columns read: {} of {}: {}", count(read.len()), count(all), read.join(", "));
    line(format_args!("{}", folded(&read, columns)));
    let scans = match (plan.metrics.iter().any(in_judging_pass), plan.relative.is_empty(), plan.merges()) {
        (false, ..) if plan.metrics.is_empty() => "no scan: the schema decides",
        (false, ..) => "no scan for all checks at once",
        (true, false, _) => "2 scans: what the first one measures tells the second which rows fail",
        (true, true, true) => "1 scan, a group of files at a time; a second, narrow one only if rows fail",
        (true, true, false) => "1 scan of the whole snapshot; a second, narrow one only if rows fail",
    };
    // By now this has been done, and is done again where the data is judged.
    let first = match data.readings() {
        0 => None,
        readings => Some(format!(
            "{} of the files first, which {} them as Parquet",
            counted(readings, "scan", "scans"),
            if readings == 1 { "writes" } else { "type and write" },
        )),
    };
    let scans = first.into_iter().chain([scans.to_owned()]).chain(more_scans(plan));
    let scans = scans.collect::<Vec<_>>().join("; ");
    line(format_args!("{}\n", folded(&scans, columns)));
    let users = users(suite, plan);
    let metrics = plan.metrics.iter().zip(&users);
    let metrics = metrics.map(|(metric, users)| (brief(&metric.to_string(), LONGEST), some_of(users)));
    let others = suite.checks.iter().zip(&plan.checks).filter_map(|(check, planned)| match &planned.form {
        Err(problem) => Some((format!("nothing: {}", problem.message), check.id.clone())),
        Ok(Form::Decided(_)) => Some(("the schema".to_owned(), check.id.clone())),
        Ok(_) => None,
    });
    let rows: Vec<(String, String)> = metrics.chain(others).collect();
    let width =
        rows.iter().map(|(what, _)| what.chars().count()).filter(|width| *width <= WIDEST).max().unwrap_or(0);
    for (what, users) in rows {
        let users = visible(&users);
        let fits = |columns: usize| what.chars().count().max(width) + users.chars().count() + 8 <= columns;
        match columns {
            Some(columns) if !fits(columns) => {
                let what = wrapped(&what, columns.saturating_sub(4)).join("\n    ");
                line(format_args!("  {what}\n      for {users}"));
            }
            _ => line(format_args!("  {what:<width$}  for {users}")),
        }
    }
    text
}

fn count(number: usize) -> String {
    thousands(&number.to_string())
}

/// A line in as few as the terminal has room for.
fn folded(text: &str, columns: Option<usize>) -> String {
    columns.map_or_else(|| text.to_owned(), |columns| wrapped(text, columns.saturating_sub(2)).join("\n  "))
}

fn in_judging_pass(metric: &Metric) -> bool {
    !metric.is_query() && !matches!(metric, Metric::Of { .. })
}

/// The scans beside those of the judging pass.
fn more_scans(plan: &Plan) -> Vec<String> {
    let queries = match plan.metrics.iter().filter(|metric| metric.is_query()).count() {
        0 => None,
        1 => Some("1 more scan, for a query".to_owned()),
        many => Some(format!("{} more scans, one for each query", count(many))),
    };
    // What is measured of another dataset takes one scan of it, and each query one of its own.
    let mut others: BTreeMap<&Dataset, usize> = BTreeMap::new();
    for metric in plan.metrics.iter().filter(|metric| !metric.is_query()) {
        others.extend(metric.dataset().map(|other| (other, 1)));
    }
    for other in plan.metrics.iter().filter(|metric| metric.is_query()).filter_map(Metric::dataset) {
        *others.entry(other).or_default() += 1;
    }
    let others: Vec<String> =
        others.iter().map(|(other, scans)| format!("{scans} of {}", visible(&other.to_string()))).collect();
    let others = (!others.is_empty()).then(|| format!("scans of others: {}", others.join(", ")));
    queries.into_iter().chain(others).collect()
}

/// Of each metric, the checks that ask for it.
fn users<'a>(suite: &'a Suite, plan: &Plan) -> PerMetric<Vec<&'a str>> {
    let mut users = plan.metrics.map(|_| Vec::new());
    for (check, planned) in suite.checks.iter().zip(&plan.checks) {
        let asked = planned.form.as_ref().map(|form| metrics_of(plan, form)).unwrap_or_default();
        for metric in asked.into_iter().collect::<BTreeSet<_>>() {
            users[metric].push(check.id.as_str());
        }
    }
    users
}

/// The first few, and how many more.
fn some_of(ids: &[&str]) -> String {
    const MOST: usize = 3;
    match ids.len().saturating_sub(MOST) {
        0 | 1 => ids.join(", "),
        more => format!("{} and {} more", ids[..MOST].join(", "), count(more)),
    }
}

fn metrics_of(plan: &Plan, form: &Form) -> Vec<MetricId> {
    match form {
        Form::Rows { rows, considered, failing, keys, .. } => {
            let failing = match failing {
                FailingCount::Metric(metric) => vec![*metric],
                FailingCount::Relative(relative) => plan.relative[*relative].metrics.clone(),
            };
            [*rows, *considered].into_iter().chain(failing).chain(*keys).collect()
        }
        Form::Grouped { rows, metrics, .. } => {
            std::iter::once(*rows).chain(metrics.iter().copied()).collect()
        }
        Form::Measured { metrics, .. } => metrics.clone(),
        Form::Readable { rows } => vec![*rows],
        Form::Decided(_) | Form::Skipped => Vec::new(),
    }
}
