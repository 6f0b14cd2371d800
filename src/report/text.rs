//! Writes a run as text for people: aligned, with ANSI styles, and one line per check where it fits.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::gate::{decided, gate_verdict, gates as gates_passed};
use super::inert::inert;
use super::layout::{display_width, padded, room, wrapped};
use super::model::milliseconds;
use super::numbers::{count, duration};
use super::past::{changes_text, since_text};
use super::phrases::{finding, quoted};
use super::staged::staged_phrase;
use super::visible::{brief, visible};
use crate::data::{Value, counted};
use crate::document::Lines;
use crate::evaluate::{Outcome, Verdict};
use crate::expectation::Nature;
use crate::gate::Decision;
use crate::run::{CheckPast, Run, SuiteRun};
use crate::source::Dispute;
use crate::suite::Check;

/// The layout of the text.
#[derive(Clone, Copy, Debug)]
pub struct TextOptions {
    /// Width of the terminal in columns; without a width, lines are not wrapped.
    pub width: Option<usize>,
    /// True if checks that passed are shown.
    pub passed: bool,
    /// True if failing rows are shown.
    pub samples: bool,
}

impl Default for TextOptions {
    /// Returns options that show every check on one line, without failing rows.
    fn default() -> Self {
        Self { width: None, passed: true, samples: false }
    }
}

/// Returns the run as text with ANSI styles, for a stream that strips them where they are not wanted.
#[must_use]
pub fn text(run: &Run, options: TextOptions) -> String {
    let mut out = String::new();
    let several = run.suites.len() > 1;
    for suite in &run.suites {
        // If there are several suites, one that passed appears only in the count at the end, unless passed
        // checks are shown, or a check of it is gone.
        let lost = suite.changes().is_some_and(|changes| !changes.gone.is_empty());
        if !several || options.passed || suite.verdict() > Verdict::Pass || lost {
            suite_text(&mut out, suite, options);
            out.push_str(if several { "\n" } else { "" });
        }
    }
    if several {
        gates(&mut out, run, options);
    }
    if let Some(publication) = &run.publication {
        let (style, _) = match publication.version() {
            Some(_) => mark(Verdict::Pass),
            None => mark(Verdict::Fail),
        };
        flow(&mut out, options, None, 0, &visible(&publication.sentence()), style);
    }
    if let Some(parts) = &run.split {
        for (name, part) in parts.each() {
            let line = format!("{name:<10}  {}  {}", visible(&part.place()), visible(&part.content()));
            flow(&mut out, options, None, 0, &line, Style::new());
        }
        let (style, _) = mark(decided(parts.gate.decision));
        flow(&mut out, options, None, 0, &parts.sentence(), style);
    }
    out
}

/// Writes the verdicts of the gates at the end, where they are seen without scrolling.
fn gates(out: &mut String, run: &Run, options: TextOptions) {
    let names: Vec<String> = run.suites.iter().map(|suite| measured(&visible(&suite.suite.name))).collect();
    let widest = names.iter().map(|name| display_width(name)).max().unwrap_or_default();
    let shown = run.suites.iter().zip(&names);
    for (suite, name) in shown.filter(|(suite, _)| options.passed || gate_verdict(suite) > Verdict::Pass) {
        let reason = &suite.gate.reason;
        let plain = Style::new();
        match options.width {
            Some(width) if widest + display_width(reason) + 6 > width => {
                flow(out, options, Some(mark(gate_verdict(suite))), 4, name, plain);
                flow(out, options, None, 6, reason, plain);
            }
            _ => {
                let (style, sign) = mark(gate_verdict(suite));
                let name = padded(name, widest);
                line(out, format_args!("  {style}{sign}{style:#} {name}  {reason}"));
            }
        }
    }
    let (style, word) = decision(run.decision());
    let seconds = duration(milliseconds(run.elapsed));
    line(out, format_args!("\n{style}{word}{style:#}: {}  {seconds}", gates_passed(run)));
}

/// Returns the help for the error that keeps a suite from being judged. The outcomes of its checks hold the
/// help.
fn way_out(run: &SuiteRun, error: &str) -> String {
    let same = run.outcomes.iter().find(|outcome| outcome.reason.as_deref() == Some(error));
    let help = same.and_then(|outcome| outcome.help.as_deref());
    help.map(|help| format!("; {}", visible(help))).unwrap_or_default()
}

/// Returns the place in its file where a suite names data that could not be opened.
fn place_of_data(run: &SuiteRun, error: &str) -> String {
    let suite = &run.suite;
    // The error may speak of other files, which are to be appended to the data.
    let is_meant = |data: &&String| {
        run.uri.as_ref().is_some_and(|uri| uri.ends_with(data.as_str()) && error.contains(uri.as_str()))
    };
    match suite.data.as_ref().filter(is_meant) {
        Some(_) if run.snapshot.is_none() => {
            format!(" ({}:{})", visible(&suite.path), Lines::of(&suite.text).line(suite.data_span))
        }
        _ => String::new(),
    }
}

fn suite_text(out: &mut String, run: &SuiteRun, options: TextOptions) {
    let bold = Style::new().bold();
    parts(out, options, bold, &visible(&run.suite.name), &snapshot(run));
    out.push('\n');
    if let Some(error) = &run.error {
        let reason = format!(
            "could not be judged: {}{}{}",
            visible(error),
            way_out(run, error),
            place_of_data(run, error)
        );
        flow(out, options, Some(mark(Verdict::Error)), 4, &reason, Style::new());
        out.push('\n');
    }
    checks(out, run, options);
    disputes(out, run, options);
    if let Some(changes) = changes_text(run) {
        flow(out, options, None, 2, &changes, Style::new());
        out.push('\n');
    }
    let (style, word) = match gate_verdict(run) {
        Verdict::Skip => (mark(Verdict::Skip).0, "SKIPPED"),
        _ => decision(run.gate.decision),
    };
    let scans = run.execution.as_ref().map_or_else(String::new, |(_, execution)| {
        let seconds = duration(milliseconds(run.elapsed));
        let others: u64 = execution.others.iter().map(|other| other.scans).sum();
        let others = match others {
            0 => String::new(),
            1 => ", plus 1 of another dataset".to_owned(),
            more => format!(", plus {} of other datasets", count(more)),
        };
        let memory = match execution.scans_for_memory {
            0 => String::new(),
            more => format!(" ({} to keep within the memory)", count(more)),
        };
        let shared = match run.shared_by {
            1 => String::new(),
            suites => format!(" for {} suites at once", count(suites as u64)),
        };
        format!("  {}{shared}{memory}{others}, {seconds}", counted(execution.scans, "scan", "scans"))
    });
    let reason = &run.gate.reason;
    let trust = run.execution.as_ref().and_then(|(_, execution)| execution.trust);
    let trust = trust.map_or_else(String::new, |trust| format!("; trust {}", trust.name()));
    let rest = format!("({}{trust}){scans}", run.gate.policy);
    // The colour is that of the first words.
    let mut verdict = String::new();
    parts(&mut verdict, options, Style::new(), &format!("gate {word}: {reason}"), &rest);
    match verdict.strip_prefix(&format!("gate {word}")) {
        Some(rest) => line(out, format_args!("{style}gate {word}{style:#}{}", rest.trim_end_matches('\n'))),
        None => out.push_str(&verdict),
    }
}

/// Writes the files whose statistics contradict each other: they need attention, whatever the verdict.
fn disputes(out: &mut String, run: &SuiteRun, options: TextOptions) {
    const MOST: usize = 5;
    let disputes = run.execution.iter().flat_map(|(_, execution)| &execution.disputes);
    let mut tell = |text: &str| flow(out, options, Some(mark(Verdict::Warn)), 4, text, Style::new());
    let privacy = run.suite.privacy();
    for Dispute { file, column, what } in disputes.clone().take(MOST) {
        let file = privacy.text(file);
        let (file, column) = (visible(&file), visible(column));
        tell(&format!("{file}: {column}: {what}, so it was read"));
    }
    match disputes.count() {
        0 => {}
        all if all > MOST => {
            let more = counted(u64::try_from(all - MOST).unwrap_or(u64::MAX), "column", "columns");
            tell(&format!("the same of {more} more"));
            out.push('\n');
        }
        _ => out.push('\n'),
    }
}

/// Writes two parts of a line beside each other if they fit, otherwise each in lines of its own.
fn parts(out: &mut String, options: TextOptions, style: Style, first: &str, second: &str) {
    let (first, second) = (&measured(first), &measured(second));
    let fits = options.width.is_none_or(|width| display_width(first) + display_width(second) + 4 <= width);
    if fits {
        line(out, format_args!("{style}{first}{style:#}  {second}"));
        return;
    }
    for (index, part) in wrapped(first, room(options.width, 2)).iter().enumerate() {
        let indent = if index == 0 { "" } else { "  " };
        line(out, format_args!("{indent}{style}{part}{style:#}"));
    }
    flow(out, options, None, 2, second, Style::new());
}

/// Writes a text in lines that fit, each indented by as many blanks; the first one may begin with a mark.
fn flow(
    out: &mut String,
    options: TextOptions,
    mark: Option<(Style, char)>,
    indent: usize,
    text: &str,
    style: Style,
) {
    let blanks = " ".repeat(indent);
    for (index, part) in wrapped(text, room(options.width, indent)).iter().enumerate() {
        match mark {
            Some((style, sign)) if index == 0 => line(out, format_args!("  {style}{sign}{style:#} {part}")),
            _ => line(out, format_args!("{blanks}{style}{part}{style:#}")),
        }
    }
}

/// Returns the dataset with its version and size: `lake/silver/orders @ v42  1,500,000 rows in 8 files`.
fn snapshot(run: &SuiteRun) -> String {
    let Some(identity) = &run.snapshot else {
        return run.uri.as_deref().map(visible).unwrap_or_default();
    };
    let mut text = visible(&identity.uri);
    if let Some(version) = identity.version {
        let _ = write!(text, " @ v{version}");
    }
    if let Some(from) = identity.changes_from {
        let _ = write!(text, "  what changed since v{from}");
    }
    if let Some(rows) = identity.rows {
        let _ = write!(text, "  {}", counted(rows, "row", "rows"));
    }
    if let Some(files) = identity.files {
        let _ = write!(text, " in {}", counted(files, "file", "files"));
    }
    if let Some(staged) = staged_phrase(identity) {
        let _ = write!(text, ", {staged}");
    }
    text
}

fn checks(out: &mut String, run: &SuiteRun, options: TextOptions) {
    const WIDEST_PLACE: usize = 28;
    let past = |position: usize| run.past.as_ref().and_then(|past| past.checks.get(position));
    let shown: Vec<(&Check, &Outcome, Option<&CheckPast>, String, String)> = run
        .suite
        .checks
        .iter()
        .zip(&run.outcomes)
        .enumerate()
        .filter(|(_, (_, outcome))| {
            options.passed || !matches!(outcome.verdict, Verdict::Pass | Verdict::Skip)
        })
        // The error of the whole suite stands above and is not repeated for each check.
        .filter(|(_, (_, outcome))| run.error.is_none() || outcome.reason != run.error)
        .map(|(position, (check, outcome))| (check, outcome, past(position), place(check), demand(check)))
        .collect();
    let width = |texts: &mut dyn Iterator<Item = usize>, most: usize| texts.max().unwrap_or(0).min(most);
    // The width of demands is limited, so that most findings fit beside them.
    let widest_demand = options.width.map_or(44, |width| (width / 3).clamp(16, 44));
    let places = width(&mut shown.iter().map(|(.., place, _)| display_width(place)), WIDEST_PLACE);
    let demands = width(&mut shown.iter().map(|(.., demand)| display_width(demand)), widest_demand);
    let dim = Style::new().dimmed();
    let lines = Lines::of(&run.suite.text);
    for (check, outcome, past, place, demand) in &shown {
        let mut finding = match outcome.verdict {
            // The place in the suite shows where to fix the check.
            Verdict::Error => format!(
                "{} ({}:{})",
                visible_finding(check, outcome),
                visible(&run.suite.path),
                lines.line(check.span)
            ),
            _ => visible_finding(check, outcome),
        };
        let since = past.map(|past| since_text(outcome.verdict, past)).unwrap_or_default();
        if !since.is_empty() {
            finding.push_str("; ");
            finding.push_str(&since);
        }
        let loud = !matches!(outcome.verdict, Verdict::Pass | Verdict::Skip);
        let paint = if loud { Style::new() } else { dim };
        let (head, taken) = (padded(place, places), 4 + display_width(place).max(places) + 2);
        let (style, sign) = mark(outcome.verdict);
        match options.width {
            Some(width) if taken + display_width(demand) > width => {
                flow(out, options, Some((style, sign)), 4, place, Style::new());
                flow(out, options, None, 6, demand, Style::new());
                below(out, options, &finding, paint);
            }
            Some(width)
                if taken + display_width(demand).max(demands) + 2 + display_width(&finding) > width =>
            {
                line(out, format_args!("  {style}{sign}{style:#} {head}  {demand}"));
                below(out, options, &finding, paint);
            }
            _ if finding.is_empty() => line(out, format_args!("  {style}{sign}{style:#} {head}  {demand}")),
            _ => {
                let demand = padded(demand, demands);
                line(
                    out,
                    format_args!("  {style}{sign}{style:#} {head}  {demand}  {paint}{finding}{paint:#}"),
                );
            }
        }
        if options.samples && loud {
            samples(out, check, outcome, options, dim);
        }
    }
    if !shown.is_empty() {
        out.push('\n');
    }
}

/// What was found, below what it speaks of.
fn below(out: &mut String, options: TextOptions, finding: &str, style: Style) {
    if !finding.is_empty() {
        flow(out, options, None, 6, finding, style);
    }
}

fn samples(out: &mut String, check: &Check, outcome: &Outcome, options: TextOptions, style: Style) {
    // The reason why a row could not be read, or why a group fails, is no value of the data.
    let has_words = check.definition.nature == Nature::Reading || !check.group_by.is_empty();
    for sample in &outcome.samples.rows {
        let values = sample.key.iter().chain(&sample.values);
        let mut parts: Vec<String> = Vec::new();
        for (name, value) in values {
            let value = match value {
                Value::String(words) if has_words && name == "reason" => brief(words, 60),
                value => quoted(value, 60),
            };
            let part = format!("{}={value}", brief(name, 40));
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        let file =
            sample.file.as_deref().map_or_else(String::new, |file| measured(&format!("{}, ", visible(file))));
        let values = measured(&parts.join(" "));
        // A group of rows, or a row of a query, has no place in a file.
        let Some(row) = sample.row else {
            flow(out, options, None, 8, &values, style);
            continue;
        };
        // Text files are opened in editors, which count lines.
        let place = match sample.line {
            Some(line) => format!("({file}line {})", count(line)),
            None => format!("({file}row {})", count(row)),
        };
        match options.width {
            Some(width) if 8 + display_width(&values) + 2 + display_width(&place) > width => {
                flow(out, options, None, 8, &values, style);
                flow(out, options, None, 8, &place, style);
            }
            _ => line(out, format_args!("        {style}{values}  {place}{style:#}")),
        }
    }
    let shown = u64::try_from(outcome.samples.rows.len()).unwrap_or(u64::MAX);
    if let Some(more) =
        failing(outcome).and_then(|all| all.checked_sub(shown)).filter(|more| *more > 0 && shown > 0)
    {
        line(out, format_args!("        {style}and {} more{style:#}", count(more)));
    }
}

/// Returns the number of rows or groups that fail.
fn failing(outcome: &Outcome) -> Option<u64> {
    let of_groups = || outcome.observed.field("failing").and_then(Value::as_count);
    outcome.counts.map(|counts| counts.failing).or_else(of_groups)
}

fn visible_finding(check: &Check, outcome: &Outcome) -> String {
    measured(&visible(&finding(check, outcome)))
}

/// A text as it will stand in a line, where escapes may make it longer.
fn measured(text: &str) -> String {
    inert(text).into_owned()
}

/// Returns the column of a check, or `table`.
fn place(check: &Check) -> String {
    measured(&brief(&check.column.as_ref().map_or_else(|| "table".to_owned(), ToString::to_string), 60))
}

fn demand(check: &Check) -> String {
    measured(&brief(&check.demand(), 80))
}

fn mark(verdict: Verdict) -> (Style, char) {
    let bold = |color: AnsiColor| Style::new().bold().fg_color(Some(color.into()));
    match verdict {
        Verdict::Pass => (Style::new().fg_color(Some(AnsiColor::Green.into())), '✓'),
        Verdict::Fail => (bold(AnsiColor::Red), '✗'),
        Verdict::Warn => (bold(AnsiColor::Yellow), '!'),
        Verdict::Error => (bold(AnsiColor::Magenta), '?'),
        Verdict::Skip => (Style::new().dimmed(), '-'),
    }
}

fn decision(decision: Decision) -> (Style, &'static str) {
    match decision {
        Decision::Passed => (mark(Verdict::Pass).0.bold(), "PASSED"),
        Decision::Failed => (mark(Verdict::Fail).0, "FAILED"),
        Decision::Unknown => (mark(Verdict::Error).0, "COULD NOT TELL"),
    }
}

/// Writes a line in which nothing is a command to a build server. Writing to a string cannot fail.
pub(super) fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(out, "{}", inert(&text.to_string()));
}
