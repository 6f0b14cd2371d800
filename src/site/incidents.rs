//! Incidents: from the first run that a check failed to the run that it passed again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::dataset::{CheckHistory, DatasetHistory, DatasetRun};
use crate::evaluate::Verdict;
use crate::report::of_letter;

/// The runs in an unbroken row that a check failed, or could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Incident {
    /// The check's name within the suite.
    pub check: String,
    /// The worst verdict of these runs.
    pub verdict: Verdict,
    /// The first of these runs that is known.
    pub first: Place,
    /// The last of them.
    pub last: Place,
    /// The run that passed or warned again; null as long as there is none.
    pub ended_by: Option<Place>,
    /// True if the check, or the run of the suite, did not stand before; the incident may have begun earlier.
    pub begins_with_history: bool,
    /// Number of runs.
    pub runs: u64,
    /// Number of failing rows in the first run.
    pub failing_first: Option<u64>,
    /// Number of failing rows in the last run.
    pub failing_last: Option<u64>,
}

/// A run, and what it judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Place {
    /// The id of the run.
    pub run: String,
    /// Start of the run, RFC 3339.
    pub started_at: String,
    /// The version of the table.
    pub version: Option<u64>,
}

impl From<&DatasetRun> for Place {
    fn from(run: &DatasetRun) -> Self {
        Self { run: run.id.clone(), started_at: run.started_at.clone(), version: run.version }
    }
}

/// Returns the incidents of all checks: first those that last, then the others, the newest first.
pub(super) fn incidents(dataset: &DatasetHistory) -> Vec<Incident> {
    let mut incidents: Vec<Incident> =
        dataset.checks.iter().flat_map(|check| of_check(check, &dataset.runs)).collect();
    incidents.sort_by(|one, other| {
        let key = |incident: &Incident| (incident.ended_by.is_none(), incident.last.run.clone());
        key(other).cmp(&key(one))
    });
    incidents
}

fn of_check(check: &CheckHistory, runs: &[DatasetRun]) -> Vec<Incident> {
    let mut incidents = Vec::new();
    let mut open: Option<Incident> = None;
    let mut was_judged = false;
    for ((of, run), failing) in check.verdicts.chars().zip(runs).zip(&check.failing) {
        let judged = of_letter(of);
        if let Some(verdict @ (Verdict::Fail | Verdict::Error)) = judged {
            let incident = open.get_or_insert_with(|| Incident {
                check: check.id.clone(),
                verdict,
                first: run.into(),
                last: run.into(),
                ended_by: None,
                begins_with_history: !was_judged,
                runs: 0,
                failing_first: *failing,
                failing_last: *failing,
            });
            incident.runs += 1;
            incident.last = run.into();
            incident.failing_last = *failing;
            incident.verdict = incident.verdict.max(verdict);
        } else if matches!(judged, Some(Verdict::Pass | Verdict::Warn))
            && let Some(incident) = open.take()
        {
            incidents.push(Incident { ended_by: Some(run.into()), ..incident });
        }
        // What was skipped, or was not there, neither ends an incident nor begins one.
        was_judged |= matches!(judged, Some(Verdict::Pass | Verdict::Warn));
    }
    incidents.extend(open);
    incidents
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(number: usize) -> DatasetRun {
        DatasetRun {
            id: format!("run{number}"),
            started_at: String::new(),
            version: None,
            committed: None,
            rows: None,
            gate: Verdict::Pass,
            verdict: Verdict::Pass,
            reason: String::new(),
            policy: String::new(),
            error: None,
            changes: String::new(),
            statistics: crate::report::Statistics::default(),
        }
    }

    #[test]
    fn an_incident_lasts_from_the_first_failing_run_to_the_last() {
        let verdicts = "fpffseppw-f";
        let runs: Vec<DatasetRun> = (0..verdicts.len()).map(run).collect();
        let check = CheckHistory {
            id: "a".to_owned(),
            expectation: String::new(),
            columns: Vec::new(),
            demand: String::new(),
            sentence: String::new(),
            filter: None,
            thresholds: None,
            severity: crate::suite::Severity::Critical,
            tags: Vec::new(),
            description: None,
            fingerprint: String::new(),
            since: String::new(),
            finding: String::new(),
            failing_since: String::new(),
            least: None,
            most: None,
            verdicts: verdicts.to_owned(),
            failing: (0..11).map(Some).collect(),
            considered: vec![None; 11],
            observed: vec![None; 11],
        };
        let found = of_check(&check, &runs);
        let told: Vec<_> = found
            .iter()
            .map(|of| {
                let ended = of.ended_by.as_ref().map(|run| run.run.as_str());
                (of.first.run.as_str(), of.last.run.as_str(), ended, of.runs, of.begins_with_history)
            })
            .collect();
        let expected = [
            ("run0", "run0", Some("run1"), 1, true),
            ("run2", "run5", Some("run6"), 3, false),
            ("run10", "run10", None, 1, false),
        ];
        assert_eq!(told, expected);
        assert_eq!((found[1].failing_first, found[1].failing_last), (Some(2), Some(5)));
        // A failure is worse than what could not be evaluated.
        assert_eq!(found[1].verdict, Verdict::Fail);
    }
}
