//! Judges a table with staged files, and appends them if its gates let it through.

use std::sync::atomic::Ordering;
use std::time::Instant;

use super::copies::Copies;
use super::target::{Committed, Target};
use crate::data::{Dialect, redacted};
use crate::privacy::Untrusted;
use crate::run::{
    CheckOptions, Judged, Publication, PublicationOutcome, Run, SuiteRun, chain, now, run_opened_together,
    run_unopened,
};
use crate::source::{At, Data, SourceError, Staged};
use crate::suite::Suite;

/// How often a table is judged while others change it. One of those who publish at once succeeds each time.
const MOST_JUDGED: u64 = 25;

/// The runs of suites on a table with staged files, and what became of these.
#[derive(Debug)]
#[non_exhaustive]
pub struct Published {
    /// One run for each suite, in the order of the suites.
    pub runs: Vec<SuiteRun>,
    /// What became of the files.
    pub publication: Publication,
}

/// Judges a Delta table as it would be after staged Parquet files are appended to it, and appends them in one commit if,
/// and only if, the suite's gate lets it through.
///
/// The commit goes to the version right behind the one that was judged: if others have changed the table meanwhile, it is judged
/// again. Nothing is appended otherwise, and nothing twice: files whose bytes are a part of the table already are recognised.
/// A table that is not there is made by the same commit. [`Run::publication`] says what became of the files;
/// [`Run::published`] is an error unless the table has them.
pub fn publish(suite: &Suite, into: &str, files: &Staged, options: &CheckOptions) -> Run {
    let started_at = options.now.unwrap_or_else(now);
    let start = Instant::now();
    let options = CheckOptions { now: Some(started_at), ..options.clone() };
    let Published { runs, publication } = publish_together(&[suite], into, files, &options);
    let mut run = Run::new(started_at, start.elapsed(), runs);
    run.publication = Some(publication);
    run
}

/// Does the same as [`publish`] if the gates of several suites let it through, all of which judge this table.
pub fn publish_together(suites: &[&Suite], into: &str, files: &Staged, options: &CheckOptions) -> Published {
    let data = || Data::Staged { into: into.to_owned(), at: At::Latest, files: files.clone() };
    let publishing = Publishing { suites, into, options };
    if let Some(problem) = publishing.misuse() {
        return publishing.unjudged(&data(), &problem, 0);
    }
    let mut copies: Option<Copies> = None;
    for judged in 1..=MOST_JUDGED {
        let dialect = suites.first().map(|suite| suite.dialect.clone()).unwrap_or_default();
        let dialect = Dialect { leaves_out_malformed: false, ..dialect };
        let opened = match options.engine.open(data(), &options.storage, &dialect) {
            Ok(opened) => opened,
            Err(problem) => return publishing.unjudged(&data(), &problem, judged - 1),
        };
        let target = Target::of(opened.as_ref(), into, suites, &options.storage);
        let target = match target.and_then(|target| Ok((target.already()?, target))) {
            Ok((None, target)) => target,
            Ok((Some(version), _)) => return publishing.already(version, judged - 1),
            Err(problem) => return publishing.unjudged(&data(), &problem, judged - 1),
        };
        let Judged { runs, .. } = run_opened_together(suites, opened, &data(), options);
        if !runs.iter().all(SuiteRun::passed) {
            return publishing.done(runs, judged, PublicationOutcome::Refused);
        }
        if options.cancelled.load(Ordering::Relaxed) {
            return publishing.failed(runs, judged, "it was cancelled");
        }
        let made = match copies.take() {
            Some(made) => Ok(made),
            None => Copies::make(&target.appended, &target.location),
        };
        let made = match made {
            Ok(made) => made,
            Err(problem) => return publishing.failed(runs, judged, &chain(&problem)),
        };
        made.hold();
        match target.commit(&made.names, now()) {
            Committed::Version(version) => {
                made.keep();
                return publishing.done(runs, judged, PublicationOutcome::Published { version });
            }
            Committed::Already(version) => {
                return publishing.done(runs, judged, PublicationOutcome::Already { version });
            }
            Committed::Failed(reason) => return publishing.failed(runs, judged, &reason),
            Committed::Unknown(reason) => {
                made.keep();
                let reason = publishing.shown(&runs, &reason);
                return publishing.done(runs, judged, PublicationOutcome::Unknown { reason });
            }
            Committed::Moved if judged == MOST_JUDGED => {
                return publishing.failed(runs, judged, "others write to the table all the time");
            }
            Committed::Moved => {
                made.release();
                copies = Some(made);
            }
        }
    }
    publishing.failed(Vec::new(), MOST_JUDGED, "others write to the table all the time")
}

/// What is to be published, where, and how it is judged.
struct Publishing<'a> {
    suites: &'a [&'a Suite],
    into: &'a str,
    options: &'a CheckOptions,
}

impl Publishing<'_> {
    /// Returns what is wrong with the options.
    fn misuse(&self) -> Option<SourceError> {
        let refused = |reason: &str| {
            Some(SourceError::Unpublishable { uri: redacted(self.into), reason: reason.to_owned() })
        };
        if !self.options.select.is_empty() {
            return refused("only some of the checks are asked for, and a part of them is no gate");
        }
        if self.suites.is_empty() {
            return refused("no suite judges it");
        }
        None
    }

    /// Returns what becomes of files that cannot be opened, or must not be appended.
    fn unjudged(&self, data: &Data, problem: &SourceError, judged: u64) -> Published {
        let runs = run_unopened(self.suites, data, problem, self.options);
        self.failed(runs, judged, &chain(problem))
    }

    /// Returns what becomes of files that the table has already.
    fn already(&self, version: u64, judged: u64) -> Published {
        let reason = format!("the same files are a part of the table since v{version}");
        let skipped = self.suites.iter().map(|suite| SuiteRun::skipped(suite, &reason, self.options));
        self.done(skipped.collect(), judged, PublicationOutcome::Already { version })
    }

    fn failed(&self, runs: Vec<SuiteRun>, judged: u64, reason: &str) -> Published {
        let reason = self.shown(&runs, reason);
        self.done(runs, judged, PublicationOutcome::Failed { reason })
    }

    fn done(&self, runs: Vec<SuiteRun>, judged: u64, outcome: PublicationOutcome) -> Published {
        let into = self.shown(&runs, &redacted(self.into));
        Published { runs, publication: Publication { into, judged, outcome } }
    }

    /// Returns a reason without values of personal partitions, which the names of files hold.
    fn shown(&self, runs: &[SuiteRun], reason: &str) -> String {
        let of_runs = runs.iter().map(|run| run.suite.privacy());
        let all = self.suites.iter().map(|suite| suite.privacy()).chain(of_runs);
        all.fold(reason.to_owned(), |text, privacy| privacy.text(&Untrusted::places(text)).to_string())
    }
}
