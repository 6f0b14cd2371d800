//! Brings a site up to date with a history.

use std::error::Error;
use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::history;
use crate::cli::terminal::error;
use crate::history::History;
use crate::report::{Home, Report};
use crate::run::chain;
use crate::site::{Built, Site};
use crate::suite::Catalogue;

/// The folder of a site in which its runs are kept, if they are kept nowhere else.
pub(in crate::cli) const HISTORY: &str = "history";

/// Builds a site from all runs of a history, and names what in the history is no run. Of no runs there is no site.
pub(super) fn build(history: &History, site: &Site<'_>) -> Result<Built, Exit> {
    let kept = |problem| history::tell(&problem);
    let listing = history.runs().map_err(kept)?;
    history::tell_skipped(history, &listing.skipped);
    if listing.runs.is_empty() {
        return Ok(Built::default());
    }
    let skipped = listing.skipped.iter().map(ToString::to_string).collect();
    let mut unread = Vec::new();
    let reports =
        history.reports().map_err(kept)?.filter_map(|report| report.map_err(|of| unread.push(of)).ok());
    let built = site.build(reports, skipped).map_err(|problem| tell(&problem, HELP))?;
    // Those of which the record was read, and the report cannot be.
    unread.retain(|of| !listing.skipped.contains(of));
    history::tell_skipped(history, &unread);
    Ok(built)
}

/// Adds a run, which the history has already, to a site. Where there is none so far, it is built of the whole history.
pub(in crate::cli) fn add(report: &Report, history: &History, site: &Site<'_>) -> Result<(), Exit> {
    match site.add(report).map_err(|problem| tell(&problem, HELP))? {
        Some(_) => Ok(()),
        None => build(history, site).map(drop),
    }
}

/// Says on the start page of a site that a run judged nothing. Returns whether it could be said.
pub(in crate::cli) fn say_unjudged(site: &Path) -> bool {
    Site::at(site, Catalogue::standard(), Home::default()).add_unjudged().unwrap_or(false)
}

const HELP: &str = "karat docs build makes the site anew; another folder leaves what is there alone";

/// Says why a site cannot be written or shown.
pub(super) fn tell(problem: &dyn Error, help: &str) -> Exit {
    error(&chain(problem), Some(help));
    Exit::Unknown
}
