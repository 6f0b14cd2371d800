//! Opening the data of a suite, and the other datasets that its checks speak of.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::doubts::explain;
use super::{CheckOptions, clock, untrusted};
use crate::data::{Dataset, Dialect};
use crate::expectation::Others;
use crate::plan::{BindError, BindOptions, Plan, bind};
use crate::source::{At, Data, Identity, Opened, SourceError, unversioned};
use crate::suite::{Check, Suite};

/// A suite bound to the data that it is asked of.
pub struct Bound {
    /// The data.
    pub snapshot: Box<dyn Opened>,
    /// The other datasets that its checks speak of.
    pub others: BTreeMap<Dataset, Box<dyn Opened>>,
    /// The time that counts as now.
    pub now: DateTime<Utc>,
    /// What would run, or why nothing would.
    pub plan: Result<Plan, BindError>,
}

/// Opens the data of a suite and binds it; no row is read, but of text, which tells its columns no
/// sooner.
///
/// # Errors
/// The data cannot be opened.
pub fn bound(suite: &Suite, data: Data, options: &CheckOptions) -> Result<Bound, SourceError> {
    let location = data.location().map(str::to_owned);
    let asked = |check: &&Check| options.selects(check);
    let counted = suite.checks.iter().filter(asked).any(|check| check.expectation.counts_malformed());
    let dialect = Dialect { leaves_out_malformed: counted, ..suite.dialect.clone() };
    let snapshot = options.engine.open(data, &options.storage, &dialect)?;
    Ok(bound_to(suite, snapshot, location.as_deref(), options))
}

/// Binds a suite to data that the engine has opened. `uri` is theirs, if they have any.
pub(super) fn bound_to(
    suite: &Suite,
    snapshot: Box<dyn Opened>,
    uri: Option<&str>,
    options: &CheckOptions,
) -> Bound {
    let (schemas, others) = others(suite, snapshot.as_ref(), uri, options);
    let selected = |check: &Check| options.selects(check);
    let now = options.now.unwrap_or_else(clock::now);
    let bind_options = BindOptions {
        samples: options.samples,
        key: &options.key,
        now,
        selected: &selected,
        others: &schemas,
    };
    let mut plan = bind(suite, snapshot.schema(), &bind_options);
    if let Some(doubts) = snapshot.doubts() {
        explain(&mut plan, suite, doubts);
    }
    Bound { snapshot, others, now, plan }
}

/// Opens the other datasets that the checks asked for need: what binding may know of them, and
/// their rows. `uri` is that of the judged one, if it has any.
fn others(
    suite: &Suite,
    snapshot: &dyn Opened,
    uri: Option<&str>,
    options: &CheckOptions,
) -> (Others, BTreeMap<Dataset, Box<dyn Opened>>) {
    let (mut others, mut snapshots) = (Others::default(), BTreeMap::new());
    let asked = suite.checks.iter().filter(|check| options.selects(check));
    let reason = |error| suite.privacy().text(&untrusted(&error)).to_string();
    for dataset in asked.flat_map(|check| check.expectation.datasets()) {
        if snapshots.contains_key(&dataset) {
            continue;
        }
        let opened = data(&dataset, snapshot.identity(), uri, options).and_then(|data| {
            let opened = options.engine.open(data, &options.storage, &Dialect::default());
            opened.map_err(reason)
        });
        match opened {
            Ok(opened) => {
                others.insert(dataset.clone(), Ok(opened.schema().clone()));
                snapshots.insert(dataset, opened);
            }
            Err(reason) => others.insert(dataset, Err(reason)),
        }
    }
    (others, snapshots)
}

fn data(
    dataset: &Dataset,
    identity: &Identity,
    uri: Option<&str>,
    options: &CheckOptions,
) -> Result<Data, String> {
    let at = |version| match uri {
        Some(uri) => Ok(Data::Uri { uri: unversioned(uri).to_owned(), at: At::Version(version) }),
        None => Err("only a table with versions can be compared with another one of them".to_owned()),
    };
    // The rows that some versions changed are not like all rows of another one.
    if let (Dataset::Version(_) | Dataset::Previous, Some(from)) = (dataset, identity.changes_from) {
        return Err(format!(
            "only the rows that changed since version {from} are judged, which cannot be compared with all \
             rows of another version: ask it of the whole table, without --changes"
        ));
    }
    match dataset {
        Dataset::Named(name) => Ok((options.datasets)(name)),
        Dataset::Version(version) => at(*version),
        Dataset::Previous => match identity.version {
            Some(0) => Err("this is the first version: there is none before it".to_owned()),
            Some(version) => at(version - 1),
            None => Err("only a table with versions has one before".to_owned()),
        },
    }
}
