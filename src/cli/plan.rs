//! The command `karat plan`: shows what a suite would measure and which statistics would replace reading
//! rows.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::arguments::{DataArguments, ProjectArguments, parameter, trust};
use super::diagnostics::does_not_fit;
use super::engines::EngineArguments;
use super::exit::Exit;
use super::staged::{StagedArguments, with_staged};
use super::suites;
use super::terminal::{error, out, width};
use super::variables::{HELP, tell_mistyped};
use crate::data::{counted, thousands};
use crate::engine::{Kept, Proved, SecondPass, Strategy, Support};
use crate::metric::{MetricId, PerMetric};
use crate::plan::{JudgedBy, Plan};
use crate::report::{brief, display_width, padded, visible, wrapped};
use crate::run::{Bound, CheckOptions, bound, chain, strategy};
use crate::source::{Opened, Trust};
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
    project: ProjectArguments,
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    engine: EngineArguments,
    #[command(flatten)]
    staged: StagedArguments,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    tell_mistyped();
    let found = match suites::read_one(&arguments.suite, &arguments.parameter, &arguments.project) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    let mut asked = arguments.data.clone();
    // The table stands where other data would.
    asked.data = asked.data.or_else(|| arguments.staged.into.clone());
    let Some(uri) = found.uri(&asked) else {
        error("the suite names no data", Some("give it with --data"));
        return Exit::Usage;
    };
    let storage = found.storage(&asked);
    let suite = &found.suite;
    let trust = arguments.trust.min(found.project.most_trust(suite.layer.as_ref()));
    let engine = match arguments.engine.of_plan(&uri, &found.project) {
        Ok(engine) => engine,
        Err(exit) => return exit,
    };
    let options =
        CheckOptions { engine, datasets: found.datasets(), storage, trust, ..CheckOptions::default() };
    let data = with_staged(uri, asked.at(), arguments.staged.files(&found, &asked.source));
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

/// The most characters of a metric's phrase, and the widest phrase behind which names of checks are aligned.
const LONGEST: usize = 160;
const WIDEST: usize = 72;

/// Describes the plan, in lines of at most `columns` characters if that is known.
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
        .map(|check| check.judged_by.as_ref().map_or(0, |judged_by| plan.metrics_of(judged_by).len()))
        .sum();
    line(format_args!("{}  {}", visible(&suite.name), visible(&data.identity().uri)));
    let checks = counted(plan.checks.len() as u64, "check asks", "checks ask");
    let asked = counted(asked as u64, "metric", "metrics");
    let shared =
        format!("{checks} for {asked}; {} measured, the others are shared", count(plan.metrics.len()));
    line(format_args!("\n{}", folded(&shared, columns)));
    let all = data.schema().fields.len();
    let read = format!("columns read: {} of {}", count(strategy.columns.len()), count(all));
    let names = visible(&strategy.columns.join(", "));
    let read = if names.is_empty() { read } else { format!("{read}: {names}") };
    line(format_args!("{}", folded(&read, columns)));
    line(format_args!("{}\n", folded(&scans(plan, strategy).join("; "), columns)));
    let users = users(suite, plan);
    let metrics = plan.metrics.entries().zip(&users);
    let metrics = metrics.map(|((id, metric), users)| {
        let what = brief(&metric.to_string(), LONGEST);
        let how =
            [proved(strategy.proved[id]), supported(&support[id]), kept(strategy, id).map(str::to_owned)];
        let phrases: Vec<String> = std::iter::once(what).chain(how.into_iter().flatten()).collect();
        (phrases.join(", "), some_of(users))
    });
    let others =
        suite.checks.iter().zip(&plan.checks).filter_map(|(check, planned)| match &planned.judged_by {
            Err(problem) => Some((format!("nothing: {}", problem.message), check.id.clone())),
            Ok(JudgedBy::Decided(_)) => Some(("the schema".to_owned(), check.id.clone())),
            Ok(_) => None,
        });
    let rows: Vec<(String, String)> = metrics.chain(others).collect();
    let width =
        rows.iter().map(|(what, _)| display_width(what)).filter(|width| *width <= WIDEST).max().unwrap_or(0);
    for (what, users) in rows {
        let users = visible(&users);
        let fits = |columns: usize| display_width(&what).max(width) + display_width(&users) + 8 <= columns;
        match columns {
            Some(columns) if !fits(columns) => {
                let what = wrapped(&what, columns.saturating_sub(4)).join("\n    ");
                let users = wrapped(&format!("for {users}"), columns.saturating_sub(8)).join("\n        ");
                line(format_args!("  {what}\n      {users}"));
            }
            _ => line(format_args!("  {}  for {users}", padded(&what, width))),
        }
    }
    for (statement, _) in &strategy.statements {
        line(format_args!("\n{};", visible_lines(statement)));
    }
    text
}

/// Returns a statement as it can be shown: it quotes literals of the suite.
fn visible_lines(statement: &str) -> String {
    statement.lines().map(visible).collect::<Vec<_>>().join("\n")
}

fn count(number: usize) -> String {
    thousands(&number.to_string())
}

/// Wraps a line to the width of the terminal.
fn folded(text: &str, columns: Option<usize>) -> String {
    columns.map_or_else(|| text.to_owned(), |columns| wrapped(text, columns.saturating_sub(2)).join("\n  "))
}

/// Returns the statistics that prove a metric, in words; none if they prove no row.
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

/// Returns how an engine measures a metric, in words; none if the engine measures the metric where the rows
/// are.
fn supported(support: &Support) -> Option<String> {
    match support {
        Support::Measured => None,
        Support::Fetched => Some("of rows that are fetched for it".to_owned()),
        Support::Refused(reason) => Some(format!("cannot be measured: {reason}")),
    }
}

/// Says what is kept in memory for a metric while rows are read; nothing, if it does not grow with the data.
fn kept(strategy: &Strategy, metric: MetricId) -> Option<&'static str> {
    if strategy.proved[metric].is_whole() {
        return None;
    }
    match strategy.kept[metric] {
        Kept::Nothing => None,
        Kept::Hashes => Some("keeps a hash of each key"),
        Kept::Groups => Some("keeps each key"),
        Kept::Values => Some("keeps values of each row"),
        Kept::Keys => Some("keeps the keys of the other dataset"),
        Kept::Rows => Some("keeps rows"),
    }
}

/// Returns how often data is read, in one phrase for each part of the strategy.
fn scans(plan: &Plan, strategy: &Strategy) -> Vec<String> {
    if !strategy.statements.is_empty() {
        let statements = counted(strategy.statements.len() as u64, "statement", "statements");
        return vec![format!("{statements}; one more for each check whose rows fail")];
    }
    // Opening the data for this plan has already done these scans; judging the data repeats them.
    let first = (strategy.transcription_scans > 0).then(|| {
        let does = if strategy.transcription_scans == 1 { "writes" } else { "type and write" };
        format!(
            "{} of the files first, which {does} them as Parquet",
            counted(strategy.transcription_scans, "scan", "scans")
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

/// Returns the checks that ask for each metric.
fn users<'a>(suite: &'a Suite, plan: &Plan) -> PerMetric<Vec<&'a str>> {
    let mut users = plan.metrics.map(|_| Vec::new());
    for (check, planned) in suite.checks.iter().zip(&plan.checks) {
        let asked =
            planned.judged_by.as_ref().map(|judged_by| plan.metrics_of(judged_by)).unwrap_or_default();
        for metric in asked.into_iter().collect::<BTreeSet<_>>() {
            users[metric].push(check.id.as_str());
        }
    }
    users
}

/// Lists the first few ids, and the number of the others.
fn some_of(ids: &[&str]) -> String {
    const MOST: usize = 3;
    match ids.len().saturating_sub(MOST) {
        0 | 1 => ids.join(", "),
        more => format!("{} and {} more", ids[..MOST].join(", "), count(more)),
    }
}
