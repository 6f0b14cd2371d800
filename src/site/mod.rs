//! Makes the data docs of a history: a site of plain files that works from a folder, without a server or a network.
//!
//! A site tells of the whole lake: a [start page](SiteIndex) with a line for each dataset, a page for each
//! [dataset](DatasetHistory) with its last runs, its numbers and its [incidents](Incident), one for each suite as a
//! [contract](Contract), one for each [expectation](ExpectationUses) in use, one for each run, and a list of all runs. Beside
//! each page lies its data as JSON, which is also what the site itself remembers: to [add](Site::add) a run, only the files of
//! its datasets and those of the start page are read and written, however many runs there are. What changes with every run
//! and is shown on many pages stands in `now.js`, which these pages load.
//!
//! Reports come from the [history](crate::history); how they are read is its business. A page shows what its data holds, and
//! nothing else: columns that are personal are withheld by the report already.

mod charts;
mod contract;
mod dataset;
mod error;
mod files;
mod incidents;
mod index;
mod markdown;
mod pages;
mod schema;
#[expect(clippy::module_inception, reason = "the type that gives the room its name")]
mod site;
mod slug;
mod uses;

/// The version of the site's JSON.
const VERSION: u32 = 1;

pub use contract::{Contract, Promise, Promises};
pub use dataset::{CheckHistory, DatasetHistory, DatasetRun};
pub use error::SiteError;
pub use incidents::{Incident, Place};
pub use index::{CheckLine, DatasetLine, RunLine, SiteIndex, SuiteLine, Worst};
pub use schema::site_schema;
pub use site::{Built, Site};
pub use uses::{ExpectationUses, Use};
