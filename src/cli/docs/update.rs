//! Brings a site up to date with a history.

use std::error::Error;
use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::history;
use crate::cli::terminal::error;
use crate::history::History;
use crate::report::Report;
use crate::run::chain;
use crate::site::{Built, Site};
use crate::suite::Catalogue;

/// The folder of a site in which its runs are kept, if they are kept nowhere else.
pub(in crate::cli) const HISTORY: &str = "history";

/// Builds a site from all runs of a history, and names what in the history is no run.
pub(super) fn build(history: &History, site: &Path, catalogue: &Catalogue) -> Result<Built, Exit> {
    let kept = |problem| history::tell(&problem);
    let listing = history.runs().map_err(kept)?;
    history::tell_skipped(history.folder(), &listing.skipped);
    let skipped = listing.skipped.iter().map(ToString::to_string).collect();
    let mut unread = Vec::new();
    let reports = history.reports().map_err(kept)?.filter_map(|report| report.map_err(|of| unread.push(of)).ok());
    let built = Site::at(site, catalogue).build(reports, skipped).map_err(|problem| tell(&problem, HELP))?;
    // Those of which the record was read, and the report cannot be.
    unread.retain(|of| !listing.skipped.contains(of));
    history::tell_skipped(history.folder(), &unread);
    Ok(built)
}

/// Adds a run, which the history has already, to a site. Where there is none so far, it is built of the whole history.
pub(in crate::cli) fn add(
    report: &Report,
    history: &History,
    site: &Path,
    catalogue: &Catalogue,
) -> Result<(), Exit> {
    match Site::at(site, catalogue).add(report).map_err(|problem| tell(&problem, HELP))? {
        Some(_) => Ok(()),
        None => build(history, site, catalogue).map(drop),
    }
}

/// Says on the start page of a site that a run judged nothing. Returns whether it could be said.
pub(in crate::cli) fn say_unjudged(site: &Path) -> bool {
    Site::at(site, Catalogue::standard()).add_unjudged().unwrap_or(false)
}

const HELP: &str = "karat docs build makes the site anew; another folder leaves what is there alone";

/// Says why a site cannot be written or shown.
pub(super) fn tell(problem: &dyn Error, help: &str) -> Exit {
    error(&chain(problem), Some(help));
    Exit::Unknown
}
