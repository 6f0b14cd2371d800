//! What earlier runs came to, in the report.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::numbers::{count, minute, timestamp};
use super::visible::visible;
use crate::data::counted;
use crate::evaluate::Verdict;
use crate::run::{Changes, CheckPast, GoneCheck, PreviousRun, Since, SuiteRun};

/// How a suite fares beside the previous run.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SuitePastReport {
    /// The id of the previous run of the suite.
    pub run: String,
    /// Start of that run, RFC 3339.
    pub started_at: String,
    /// The version of the table that it judged.
    pub version: Option<u64>,
    /// Number of rows that the table had then.
    pub rows: Option<u64>,
    /// The checks that passed and do not any more.
    pub newly_failing: Vec<String>,
    /// The checks that did not pass and do now.
    pub fixed: Vec<String>,
    /// The checks that the previous run did not have.
    pub new: Vec<String>,
    /// The checks that let less through than they did.
    pub stronger: Vec<String>,
    /// The checks that let more through than they did.
    pub weaker: Vec<String>,
    /// The checks that demand something else.
    pub changed: Vec<String>,
    /// The checks that only the previous run had, with the verdicts that they had.
    pub gone: Vec<GoneReport>,
    /// The same in one line; empty if nothing has changed.
    pub summary: String,
}

/// A check that is gone.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct GoneReport {
    /// The check's name within the suite.
    pub id: String,
    /// Its last verdict.
    pub verdict: Verdict,
}

/// How a check fared in the runs before.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CheckPastReport {
    /// The verdict of the previous run; null if the check is new.
    pub previous: Option<Verdict>,
    /// True if the check demands something else than in the previous run.
    pub changed: bool,
    /// The first of the runs in an unbroken row, up to this one, that the check did not pass.
    pub since: Option<SinceReport>,
    /// The last verdicts, the oldest first, this run's among them: p, w, f, e (error) or s (skip).
    pub verdicts: String,
    /// Since when the check does not pass, in words; empty if it does.
    pub summary: String,
}

/// The first of several runs in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SinceReport {
    /// Start of the first run, RFC 3339.
    #[schemars(with = "String")]
    pub started_at: DateTime<Utc>,
    /// The version of the table that it judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// Number of runs.
    pub runs: u64,
}

impl From<&Since> for SinceReport {
    fn from(since: &Since) -> Self {
        Self { started_at: since.started_at, version: since.version, runs: since.runs }
    }
}

impl From<&SinceReport> for Since {
    fn from(since: &SinceReport) -> Self {
        Self { started_at: since.started_at, version: since.version, runs: since.runs }
    }
}

/// Returns the letter of a verdict.
#[must_use]
pub const fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Pass => 'p',
        Verdict::Warn => 'w',
        Verdict::Fail => 'f',
        Verdict::Error => 'e',
        Verdict::Skip => 's',
    }
}

/// Returns the verdict that a letter stands for.
pub(crate) fn of_letter(of: char) -> Option<Verdict> {
    use Verdict::{Error, Fail, Pass, Skip, Warn};
    [Pass, Warn, Fail, Error, Skip].into_iter().find(|verdict| letter(*verdict) == of)
}

pub(super) fn suite_past(run: &SuiteRun) -> Option<SuitePastReport> {
    let changes = run.changes()?;
    let PreviousRun { id, started_at, version, rows } = run.past.as_ref()?.previous.as_ref()?;
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    let gone = |gone: &&GoneCheck| GoneReport { id: gone.id.clone(), verdict: gone.verdict };
    Some(SuitePastReport {
        run: id.clone(),
        started_at: timestamp(*started_at),
        version: *version,
        rows: *rows,
        newly_failing: ids(&changes.newly_failing),
        fixed: ids(&changes.fixed),
        new: ids(&changes.new),
        stronger: ids(&changes.stronger),
        weaker: ids(&changes.weaker),
        changed: ids(&changes.changed),
        gone: changes.gone.iter().map(gone).collect(),
        summary: changes_text(run).unwrap_or_default(),
    })
}

/// Returns the past of the check at a position of its suite.
pub(super) fn check_past(run: &SuiteRun, position: usize) -> Option<CheckPastReport> {
    let past = run.past.as_ref()?.checks.get(position)?;
    let verdict = run.outcomes.get(position)?.verdict;
    Some(CheckPastReport {
        previous: past.previous,
        changed: past.change.is_some(),
        since: past.since.as_ref().map(SinceReport::from),
        verdicts: past.verdicts.iter().copied().map(letter).collect(),
        summary: since_text(verdict, past),
    })
}

/// Says since when a check does not pass: `failing since v38, 4 runs`. Empty if it does, or did so until this run.
pub(super) fn since_text(verdict: Verdict, past: &CheckPast) -> String {
    let what = match verdict {
        Verdict::Fail => "failing",
        Verdict::Warn => "warning",
        Verdict::Error => "not evaluated",
        Verdict::Pass | Verdict::Skip => return String::new(),
    };
    match &past.since {
        Some(since) if since.runs > 1 => {
            format!("{what} since {}, {} runs", place(since.version, since.started_at), count(since.runs))
        }
        Some(_) if past.previous == Some(Verdict::Pass) => "passed in the run before".to_owned(),
        _ => String::new(),
    }
}

/// Says what has changed since the previous run, with the number of its rows; `None` if nothing has.
pub(super) fn changes_text(run: &SuiteRun) -> Option<String> {
    let changes = run.changes()?;
    let previous = run.past.as_ref()?.previous.as_ref()?;
    let Changes { newly_failing, fixed, new, stronger, weaker, changed, gone } = &changes;
    let gone: Vec<String> =
        gone.iter().map(|gone| format!("{} ({})", visible(&gone.id), gone.verdict.past_tense())).collect();
    let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
    let lists = [
        ("newly failing", newly_failing),
        ("fixed", fixed),
        ("new", new),
        ("weaker", weaker),
        ("stronger", stronger),
        ("changed", changed),
        ("gone", &gone),
    ];
    let lists: Vec<String> = lists
        .iter()
        .filter(|(_, ids)| !ids.is_empty())
        .map(|(what, ids)| format!("{what}: {}", some(ids)))
        .collect();
    let when = place(previous.version, previous.started_at);
    (!lists.is_empty()).then(|| format!("since {when}: {}", lists.join("; ")))
}

/// The first few of some ids.
fn some(ids: &[&str]) -> String {
    const MOST: usize = 5;
    let shown: Vec<String> = ids.iter().take(MOST).map(|id| visible(id)).collect();
    match ids.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{} and {}", shown.join(", "), counted(more as u64, "more", "more")),
    }
}

/// A version of a table, or the time of the run where it has none.
fn place(version: Option<u64>, started_at: DateTime<Utc>) -> String {
    match version {
        Some(version) => format!("v{version}"),
        None => minute(started_at),
    }
}
