//! Opens the data of a suite and the other datasets that its checks refer to, and binds the suite to them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::doubts::suggest_fixes;
use super::{CheckOptions, clock, untrusted};
use crate::data::{Dataset, Dialect};
use crate::expectation::OtherSchemas;
use crate::plan::{BindError, BindOptions, Plan, bind};
use crate::source::{At, Data, DataSource, Identity, Opened, SourceError, Staged, unversioned};
use crate::suite::{Check, Suite};

/// A suite bound to the data that it judges.
pub struct Bound {
    /// The data.
    pub snapshot: Box<dyn Opened>,
    /// The other datasets that the checks refer to.
    pub others: BTreeMap<Dataset, Box<dyn Opened>>,
    /// The time that counts as now.
    pub now: DateTime<Utc>,
    /// The plan to run, or the reason why nothing can run.
    pub plan: Result<Plan, BindError>,
}

/// The data that suites judge, and the other datasets that their checks refer to.
pub(super) struct OpenedData {
    pub(super) snapshot: Box<dyn Opened>,
    pub(super) others: BTreeMap<Dataset, Box<dyn Opened>>,
    /// The time that counts as now.
    pub(super) now: DateTime<Utc>,
    /// What binding needs to know of the other datasets.
    schemas: OtherSchemas,
}

/// Opens the data of a suite and binds the suite to it. Reads no rows, except of text, whose columns only the
/// rows reveal.
///
/// # Errors
/// The data cannot be opened.
pub fn bound(suite: &Suite, data: Data, options: &CheckOptions) -> Result<Bound, SourceError> {
    let opened = open(&[suite], data, options)?;
    let plan = opened.plan(suite, options);
    let OpenedData { snapshot, others, now, .. } = opened;
    Ok(Bound { snapshot, others, now, plan })
}

/// Opens the data of suites, all of which must read it by the same dialect, and the other datasets that they
/// need.
///
/// # Errors
/// The data cannot be opened.
pub(super) fn open(suites: &[&Suite], data: Data, options: &CheckOptions) -> Result<OpenedData, SourceError> {
    let place = Place::of(&data);
    let counted = suites.iter().any(|suite| options.counts_malformed(suite));
    let dialect = suites.first().map(|suite| suite.dialect.clone()).unwrap_or_default();
    let dialect = Dialect { leaves_out_malformed: counted, ..dialect };
    let snapshot = options.engine.open(data, &options.storage, &dialect)?;
    Ok(with_others(suites, snapshot, place.as_ref(), options))
}

/// Where the judged data lies.
pub(super) struct Place {
    uri: String,
    /// What is to be appended to it.
    staged: Option<Staged>,
}

impl Place {
    /// Returns the place of data; `None` for data in memory.
    pub(super) fn of(data: &Data) -> Option<Self> {
        let staged = match data {
            Data::Staged { files, .. } => Some(files.clone()),
            _ => None,
        };
        Some(Self { uri: data.location()?.to_owned(), staged })
    }

    /// Returns the place of a URI.
    pub(super) fn of_uri(uri: &str) -> Self {
        Self { uri: uri.to_owned(), staged: None }
    }

    /// Returns a dataset, which may be the judged one itself: then with what is to be appended, at the same version.
    fn with_staged(&self, source: DataSource, identity: &Identity) -> DataSource {
        let is_itself = |uri: &str| uri.trim_end_matches('/') == self.uri.trim_end_matches('/');
        match (&source.data, &self.staged) {
            (Data::Uri { uri, at: At::Latest }, Some(files)) if is_itself(uri) => {
                let at = identity.version.map_or(At::Latest, At::Version);
                let into = unversioned(uri).to_owned();
                DataSource { data: Data::Staged { into, at, files: files.clone() }, ..source }
            }
            _ => source,
        }
    }
}

/// Opens the other datasets that the suites of opened data need. `place` is that of the data, if it has one.
pub(super) fn with_others(
    suites: &[&Suite],
    snapshot: Box<dyn Opened>,
    place: Option<&Place>,
    options: &CheckOptions,
) -> OpenedData {
    let (schemas, others) = others(&selected(suites, options), snapshot.as_ref(), place, options);
    let now = options.now.unwrap_or_else(clock::now);
    OpenedData { snapshot, others, now, schemas }
}

/// Returns the checks that are selected, each with its suite.
fn selected<'a>(suites: &[&'a Suite], options: &CheckOptions) -> Vec<(&'a Suite, &'a Check)> {
    suites
        .iter()
        .flat_map(|suite| suite.checks.iter().map(move |check| (*suite, check)))
        .filter(|(_, check)| options.selects(check))
        .collect()
}

impl OpenedData {
    /// Binds a suite to the data.
    pub(super) fn plan(&self, suite: &Suite, options: &CheckOptions) -> Result<Plan, BindError> {
        let selected = |check: &Check| options.selects(check);
        let bind_options = BindOptions {
            samples: options.samples,
            key: &options.key,
            now: self.now,
            selected: &selected,
            others: &self.schemas,
        };
        let mut plan = bind(suite, self.snapshot.schema(), &bind_options);
        if let Some(doubts) = self.snapshot.doubts() {
            suggest_fixes(&mut plan, suite, doubts);
        }
        plan
    }
}

/// Opens the other datasets that checks need. Returns their schemas for binding, and the opened datasets.
/// `place` is that of the judged dataset, if it has one.
fn others(
    asked: &[(&Suite, &Check)],
    snapshot: &dyn Opened,
    place: Option<&Place>,
    options: &CheckOptions,
) -> (OtherSchemas, BTreeMap<Dataset, Box<dyn Opened>>) {
    let (mut others, mut snapshots) = (OtherSchemas::default(), BTreeMap::new());
    let datasets = asked.iter().flat_map(|(suite, check)| {
        check.expectation.datasets().into_iter().map(move |dataset| (*suite, dataset))
    });
    for (suite, dataset) in datasets {
        if snapshots.contains_key(&dataset) {
            continue;
        }
        let reason = |error| suite.privacy().text(&untrusted(&error)).to_string();
        let opened = data(&dataset, snapshot.identity(), place, options).and_then(|data| {
            let DataSource { data, storage, dialect } = data;
            let storage = storage.as_ref().unwrap_or(&options.storage);
            options.engine.open(data, storage, &dialect).map_err(reason)
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
    place: Option<&Place>,
    options: &CheckOptions,
) -> Result<DataSource, String> {
    let at = |version| match place {
        Some(Place { uri, .. }) => {
            Ok(Data::Uri { uri: unversioned(uri).to_owned(), at: At::Version(version) }.into())
        }
        None => Err("only a table with versions can be compared with another one of them".to_owned()),
    };
    // The rows that some versions changed cannot be compared with all rows of another version.
    if let (Dataset::Version(_) | Dataset::Previous, Some(from)) = (dataset, identity.changes_from) {
        return Err(format!(
            "only the rows that changed since version {from} are judged, which cannot be compared with all \
             rows of another version: ask it of the whole table, without --changes"
        ));
    }
    match dataset {
        Dataset::Named(name) => {
            let source = (options.datasets)(name);
            Ok(match place {
                Some(place) => place.with_staged(source, identity),
                None => source,
            })
        }
        Dataset::Version(version) => at(*version),
        // The version before that of what is to be appended is the one to which it is appended.
        Dataset::Previous if identity.staged.is_some() => match identity.version {
            Some(version) => at(version),
            None => Err("there is no table so far, and so no version before".to_owned()),
        },
        Dataset::Previous => match identity.version {
            Some(0) => Err("this is the first version: there is none before it".to_owned()),
            Some(version) => at(version - 1),
            None => Err("only a table with versions has one before".to_owned()),
        },
    }
}
