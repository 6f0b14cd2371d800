//! The columns that are locked, and those of data to be locked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::super::diagnostics;
use super::super::exit::Exit;
use super::super::output::write;
use super::super::suites::Found;
use super::super::terminal::{error, out};
use super::command::{BoundTo, lock_file};
use crate::data::{Dataset, counted};
use crate::expectation::OtherSchemas;
use crate::plan::{BindOptions, bind};
use crate::project::{LOCK, Lock, LockedDataset};
use crate::review::Column;
use crate::run::{chain, now};
use crate::source::{ColumnDetails, Opened};

/// The locks of the projects that suites belong to, by their files.
pub(super) struct Locks {
    files: BTreeMap<PathBuf, Lock>,
}

impl Locks {
    /// Reads the locks of all projects.
    pub(super) fn of(found: &[Found]) -> Result<Self, Exit> {
        let mut files = BTreeMap::new();
        for found in found {
            let file = lock_file(found);
            if files.contains_key(&file) {
                continue;
            }
            match Lock::open(&found.project.root) {
                Ok(lock) => files.insert(file, lock),
                Err(problem) => {
                    diagnostics::show(&problem);
                    return Err(Exit::Usage);
                }
            };
        }
        Ok(Self { files })
    }

    /// What is locked of the data of a suite.
    pub(super) fn dataset(&self, found: &Found) -> Option<&LockedDataset> {
        self.named(found, found.suite.data.as_deref()?)
    }

    fn named(&self, found: &Found, name: &str) -> Option<&LockedDataset> {
        self.files.get(&lock_file(found))?.datasets.get(name)
    }

    /// Locks the data of a suite, and the other datasets that its checks speak of.
    pub(super) fn add(
        &mut self,
        found: &Found,
        snapshot: &dyn Opened,
        others: &BTreeMap<Dataset, Box<dyn Opened>>,
    ) -> Result<(), Exit> {
        let own = found.suite.data.as_deref().map(|name| (name, snapshot));
        let named = others.iter().filter_map(|(dataset, opened)| match dataset {
            Dataset::Named(name) => Some((name.as_str(), opened.as_ref())),
            Dataset::Version(_) | Dataset::Previous => None,
        });
        let mut locked = Vec::new();
        for (name, opened) in named.chain(own) {
            let identity = opened.identity();
            let (format, version) = (identity.format.name().to_owned(), identity.version);
            locked.push((name.to_owned(), LockedDataset { format, version, columns: columns(opened)? }));
        }
        self.files.entry(lock_file(found)).or_default().datasets.extend(locked);
        Ok(())
    }

    /// Writes all of them.
    pub(super) fn write(&self) -> Exit {
        for (file, lock) in &self.files {
            if let Err(exit) = write(file, &lock.text()) {
                return exit;
            }
            let datasets = counted(lock.datasets.len() as u64, "dataset", "datasets");
            out(&format!("{}: the columns of {datasets} are locked\n", file.display()));
        }
        Exit::Passed
    }
}

/// The columns of data, with whether they may be null.
pub(super) fn columns(opened: &dyn Opened) -> Result<Vec<Column>, Exit> {
    let details = opened.details().map_err(|problem| {
        error(&chain(&problem), problem.help());
        Exit::Unknown
    })?;
    let column = |of: ColumnDetails| Column { name: of.name, data_type: of.data_type, nullable: of.nullable };
    Ok(details.columns.into_iter().map(column).collect())
}

/// A suite bound to the columns that are locked.
pub(super) fn bound_to(found: &Found, dataset: &LockedDataset, locks: &Locks) -> BoundTo {
    let suite = &found.suite;
    let mut others = OtherSchemas::default();
    for other in suite.checks.iter().flat_map(|check| check.expectation.datasets()) {
        let schema = match &other {
            Dataset::Named(name) => locks.named(found, name).map(LockedDataset::schema).ok_or_else(|| {
                format!("the columns of {name} are not locked; karat lint --update-lock writes them")
            }),
            // Another version may have had other columns: these are the ones that are known.
            Dataset::Version(_) | Dataset::Previous => Ok(dataset.schema()),
        };
        others.insert(other, schema);
    }
    let (schema, now) = (dataset.schema(), now());
    let options =
        BindOptions { samples: 0, all_rows: false, key: &[], now, selected: &|_| true, others: &others };
    let plan = bind(suite, &schema, &options);
    let data = suite.data.as_deref().unwrap_or_default();
    let version = dataset.version.map_or_else(String::new, |version| format!(" @ v{version}"));
    BoundTo { plan, schema, now, name: format!("{data}{version}, as {LOCK} has it") }
}
