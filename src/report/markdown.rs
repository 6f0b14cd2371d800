//! Markdown for a comment on a pull request, or for the summary of a job.

use std::fmt::Write as _;

use super::checkout::Checkout;
use super::model::{Report, Statistics, SuiteReport};
use super::numbers::duration;
use super::rows;
use super::troubles::{Trouble, message, worst_first};
use super::visible::brief;
use crate::data::counted;
use crate::evaluate::Verdict;
use crate::gate::tally;

/// GitHub takes no comment that is longer; so many bytes are so many characters at most.
pub const COMMENT: usize = 65_536;

/// By which a program finds the comment that it wrote before, to replace it. Nobody sees it.
const MARKER: &str = "<!-- karat: report -->\n";

/// Room for the last lines.
const END: usize = 400;

/// A text that stays below a size: what does not fit is left out whole.
struct Bounded {
    text: String,
    most: usize,
}

impl Bounded {
    /// Adds a part if it fits, and says whether it does.
    fn add(&mut self, part: &str) -> bool {
        let fits = self.text.len() + part.len() <= self.most;
        if fits {
            self.text.push_str(part);
        }
        fits
    }
}

/// The report as Markdown of at most so many bytes: the gate, what did not pass, the worst first, and its failing
/// rows, folded.
#[must_use]
pub fn markdown(report: &Report, checkout: &Checkout, most: usize) -> String {
    let mut out = Bounded { text: MARKER.to_owned(), most: most.saturating_sub(END) };
    out.add(&head(report));
    let mut left_out = Vec::new();
    if report.suites.len() > 1 {
        let gates: Vec<String> = report.suites.iter().map(gate_row).collect();
        let shown =
            table(&mut out, "| | suite | data | what its gate counted |\n|---|---|---|---|\n", &gates);
        left_out.extend(more(gates.len() - shown, "suite", "suites"));
    }
    let troubles = worst_first(report);
    let lines: Vec<String> = troubles.iter().map(|trouble| check_row(*trouble, checkout)).collect();
    let shown = table(&mut out, "| | check | what was found | where |\n|---|---|---|---|\n", &lines);
    left_out.extend(more(lines.len() - shown, "check that did not pass", "checks that did not pass"));
    for suite in &report.suites {
        if let Some(past) = suite.past.as_ref().filter(|past| !past.summary.is_empty()) {
            out.add(&format!("{}: {}\n\n", code(&suite.name, 100), code(&past.summary, 600)));
        }
    }
    let with_rows = || troubles.iter().take(shown).filter(|trouble| !trouble.check.samples.is_empty());
    let folded = with_rows().filter(|trouble| out.add(&samples(**trouble))).count();
    left_out.extend(more(with_rows().count() - folded, "list of failing rows", "lists of failing rows"));
    let mut text = out.text;
    if !left_out.is_empty() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "Left out, because there is no room here: {}.\n", left_out.join(", "));
    }
    text.push_str(&last_line(report));
    // Where there is no room even for these lines, nothing is better than a part of them.
    if text.len() <= most { text } else { String::new() }
}

/// How many do not fit.
fn more(number: usize, one: &str, many: &str) -> Option<String> {
    let number = u64::try_from(number).unwrap_or(u64::MAX);
    (number > 0).then(|| counted(number, one, many))
}

fn head(report: &Report) -> String {
    let gate = match report.gate.verdict {
        Verdict::Pass => "gate passed",
        Verdict::Fail => "gate failed",
        Verdict::Error => "gate could not tell",
        Verdict::Skip => "gate skipped",
        Verdict::Warn => "gate warned",
    };
    let sign = sign(report.gate.verdict);
    let policy = match report.gate.policy.as_str() {
        "" => String::new(),
        policy => format!(" ({})", code(policy, 200)),
    };
    let of = match report.suites.as_slice() {
        [suite] => format!(" for {}", code(&suite.name, 100)),
        _ => String::new(),
    };
    let staged = match report.suites.as_slice() {
        [suite] => suite.snapshot.as_ref().and_then(|snapshot| snapshot.staged.as_ref()),
        _ => None,
    };
    let staged = staged.map(|staged| {
        let rows = counted(staged.rows, "row", "rows");
        format!("judged with {rows} in {}", counted(staged.files, "staged file", "staged files"))
    });
    let published = report.publication.as_ref().map(|publication| publication.summary.clone());
    let parts = report.split.as_ref().map(|split| split.summary.clone());
    let said: Vec<String> = staged.into_iter().chain(published).chain(parts).collect();
    let said = match said.as_slice() {
        [] => String::new(),
        said => format!("{}\n\n", code(&said.join("; "), 600)),
    };
    format!("### {sign} karat: {gate}{of}\n\n{}{policy}\n\n{said}", code(&report.gate.reason, 300))
}

/// Adds a table with as many of its rows as fit, and says with how many.
fn table(out: &mut Bounded, head: &str, rows: &[String]) -> usize {
    if rows.is_empty() || !out.add(head) {
        return 0;
    }
    let shown = rows.iter().take_while(|row| out.add(row)).count();
    out.text.push('\n');
    shown
}

fn gate_row(suite: &SuiteReport) -> String {
    let data = suite.snapshot.as_ref().map_or_else(String::new, |snapshot| {
        let version = snapshot.version.map_or_else(String::new, |version| format!(" @ v{version}"));
        let staged = snapshot.staged.as_ref().map_or("", |_| " with staged files");
        code(&format!("{}{version}{staged}", snapshot.uri), 200)
    });
    let (mark, name) = (mark(suite.gate.verdict), code(&suite.name, 100));
    format!("| {mark} | {name} | {data} | {} |\n", code(&suite.gate.reason, 300))
}

fn check_row(Trouble { suite, check }: Trouble<'_>, checkout: &Checkout) -> String {
    let place = code(&format!("{}:{}", checkout.path(suite), check.line), 200);
    let (mark, name) = (mark(check.verdict), code(&format!("{}: {}", suite.name, check.id), 200));
    format!("| {mark} | {name} | {} | {place} |\n", code(&message(check), 300))
}

/// The failing rows of a check.
fn samples(Trouble { suite, check }: Trouble<'_>) -> String {
    let name = code(&format!("{}: {}", suite.name, check.id), 200);
    let mut text =
        format!("<details><summary>Failing rows of {name}</summary>\n\n| row | values |\n|---|---|\n");
    for sample in &check.samples {
        let place = rows::place(sample).map_or_else(String::new, |place| code(&place, 200));
        let _ = writeln!(text, "| {place} | {} |", code(&rows::values(sample), 600));
    }
    if let Some(more) = rows::more(check) {
        let _ = writeln!(text, "\n{more}");
    }
    text.push_str("\n</details>\n\n");
    text
}

fn last_line(report: &Report) -> String {
    let Statistics { checks, passed, warned, failed, errored, skipped } = report.statistics;
    let each = tally(|verdict| match verdict {
        Verdict::Pass => passed,
        Verdict::Warn => warned,
        Verdict::Fail => failed,
        Verdict::Error => errored,
        Verdict::Skip => skipped,
    });
    let checks = counted(checks, "check", "checks");
    let elapsed = duration(report.run.elapsed_ms);
    format!("{checks}: {each}. karat {}, {elapsed}\n", report.run.karat_version)
}

fn mark(verdict: Verdict) -> String {
    format!("{} {}", sign(verdict), verdict.name())
}

fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✅",
        Verdict::Warn => "⚠️",
        Verdict::Fail => "❌",
        Verdict::Error => "❓",
        Verdict::Skip => "➖",
    }
}

/// A text as code, in which nothing is markup, a link or a mention: whatever could be, is an entity, which Markdown takes
/// for text and HTML too. In code, nobody is mentioned; between backticks, a bar would still end a cell.
fn code(text: &str, most: usize) -> String {
    let mut escaped = String::from("<code>");
    for character in brief(text, most).chars() {
        // Most of it stays as it is read; `www.` without its point is no link.
        let is_plain = !character.is_ascii_punctuation()
            || "-,/()='".contains(character)
            || (character == '.' && !escaped.ends_with(['w', 'W']));
        if is_plain {
            escaped.push(character);
        } else {
            let _ = write!(escaped, "&#{};", u32::from(character));
        }
    }
    escaped + "</code>"
}
