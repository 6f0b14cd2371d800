//! `karat plan`

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::arguments::{DataArguments, parameter, trust};
use super::diagnostics::does_not_fit;
use super::exit::Exit;
use super::suites;
use super::terminal::{error, out, width};
use super::variables::{HELP, tell_mistyped};
use crate::data::{counted, thousands};
use crate::engine::{Proved, SecondPass, Strategy, Support};
use crate::metric::{MetricId, PerMetric};
use crate::plan::{FailingCount, Form, Plan};
use crate::report::{brief, visible, wrapped};
use crate::run::{Bound, CheckOptions, bound, chain, strategy};
use crate::source::{Data, Opened, Trust};
use crate::suite::Suite;

#[derive(Clone, Debug, clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// The suite; - reads it from standard input
    suite: PathBuf,
    /// A value for a parameter of a Great Expectations suite; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    parameter: Vec<(String, String)>,
    /// Which statistics may replace reading rows: log, footer or none
    #[arg(long, value_name = "WHOSE", value_parser = trust, default_value = Trust::default().name())]
    trust: Trust,
    #[command(flatten)]
    data: DataArguments,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    tell_mistyped();
    let found = match suites::read_one(&arguments.suite, &arguments.parameter) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    let Some(uri) = found.uri(&arguments.data) else {
        error("the suite names no data", Some("give it with --data"));
        return Exit::Usage;
    };
    let storage = arguments.data.source.storage(&found.project);
    let suite = &found.suite;
    let trust = arguments.trust.min(found.project.most_trust(suite.layer));
    let options = CheckOptions { datasets: found.datasets(), storage, trust, ..CheckOptions::default() };
    let data = Data::Uri { uri: uri.clone(), at: arguments.data.at() };
    let Bound { snapshot: data, others, plan, .. } = match bound(suite, data, &options) {
        Ok(bound) => bound,
        Err(problem) => {
            error(&chain(&problem), problem.help());
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
    match strategy(&plan, data.as_ref(), &others, &options) {
        Ok(strategy) => {
            let support = plan.metrics.map(|metric| options.engine.support(metric));
            out(&described(suite, data.as_ref(), &plan, &strategy, &support, width()));
            Exit::Passed
        }
        Err(problem) => {
            error(&suite.privacy().text(&problem.untrusted()), None);
            Exit::Unknown
        }
    }
}

/// Characters of a metric's phrase, at most, and of those that the checks' names are aligned to.
const LONGEST: usize = 160;
const WIDEST: usize = 72;

/// What would run, in lines of so many columns where they are known.
fn described(
    suite: &Suite,
    data: &dyn Opened,
    plan: &Plan,
    strategy: &Strategy,
    support: &PerMetric<Support>,
    columns: Option<usize>,
) -> String {
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
    let all = data.schema().fields.len();
    let read = format!("columns read: {} of {}", count(strategy.columns.len()), count(all));
    let names = strategy.columns.join(", ");
    let read = if names.is_empty() { read } else { format!("{read}: {names}") };
    line(format_args!("{}", folded(&read, columns)));
    line(format_args!("{}\n", folded(&scans(plan, strategy).join("; "), columns)));
    let users = users(suite, plan);
    let metrics = plan.metrics.entries().zip(&users);
    let metrics = metrics.map(|((id, metric), users)| {
        let what = brief(&metric.to_string(), LONGEST);
        let how = proved(strategy.proved[id]).or_else(|| supported(&support[id]));
        (how.map_or_else(|| what.clone(), |how| format!("{what}, {how}")), some_of(users))
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

/// What statistics prove of a metric, in words; nothing, if they prove nothing.
fn proved(proved: Proved) -> Option<String> {
    let by = [
        (proved.by_log, "the log"),
        (proved.by_footers, "footers"),
        (proved.by_dictionaries, "dictionaries"),
    ];
    let by: Vec<&str> = by.into_iter().filter(|(rows, _)| *rows > 0).map(|(_, by)| by).collect();
    if proved.is_whole() {
        return Some(format!("proved by {}", by.join(" and ")));
    }
    let rows =
        || format!("{} of {} rows", thousands(&proved.rows().to_string()), thousands(&proved.of.to_string()));
    (!by.is_empty()).then(|| format!("proved by {} on {}", by.join(" and "), rows()))
}

/// How an engine comes to a metric, in words; nothing, if it measures it where the rows are.
fn supported(support: &Support) -> Option<String> {
    match support {
        Support::Measured => None,
        Support::Fetched => Some("of rows that are fetched for it".to_owned()),
        Support::Refused(reason) => Some(format!("cannot be measured: {reason}")),
    }
}

/// Says how often data is read, in a phrase for each part of the strategy.
fn scans(plan: &Plan, strategy: &Strategy) -> Vec<String> {
    // By now this has been done, and is done again where the data is judged.
    let first = (strategy.readings > 0).then(|| {
        let does = if strategy.readings == 1 { "writes" } else { "type and write" };
        format!(
            "{} of the files first, which {does} them as Parquet",
            counted(strategy.readings, "scan", "scans")
        )
    });
    let judging = match strategy.reads.len() {
        0 if plan.metrics.is_empty() => "no scan: the schema decides".to_owned(),
        0 if plan.metrics.len() == strategy.queries.len() => "no scan for all checks at once".to_owned(),
        0 => "no scan: statistics decide".to_owned(),
        parts => {
            let rows = thousands(&strategy.rows().to_string());
            let rows = if strategy.rows() == 0 { String::new() } else { format!(" of {rows} rows") };
            let parts = if parts > 1 { format!(", in {} parts", count(parts)) } else { String::new() };
            format!("1 scan{rows}{parts}")
        }
    };
    let second = match strategy.second_pass {
        SecondPass::Never => None,
        SecondPass::IfRowsFail => Some("a second, narrow one only if rows fail".to_owned()),
        SecondPass::Always => Some("a second one: what is measured first defines which rows fail".to_owned()),
    };
    let queries = match strategy.queries.len() {
        0 => None,
        1 => Some("1 more scan, for a query".to_owned()),
        many => Some(format!("{} more scans, one for each query", count(many))),
    };
    let others = strategy.others.iter().map(|other| {
        format!("{} of {}", counted(other.scans, "scan", "scans"), visible(&other.dataset.to_string()))
    });
    first.into_iter().chain([judging]).chain(second).chain(queries).chain(others).collect()
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
