//! The options of a run, as Python gives them, with what the project says.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use karat::cli::EngineArguments;
use karat::data::ColumnPath;
use karat::engine::EngineName;
use karat::history::{History, Place};
use karat::project::Project;
use karat::{
    At, CheckOptions, DataSource, Layer, Mask, MaskKey, Policies, Policy, StorageOptions, Trust,
    privacy::Masking,
};
use pyo3::prelude::*;

use crate::data::Given;
use crate::errors::value_error;
use crate::frame::Frame;

/// What Python gives, every key of it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Options {
    version: Option<u64>,
    timestamp: Option<String>,
    storage_options: Vec<(String, String)>,
    samples: usize,
    whole_rows: bool,
    key: Vec<String>,
    select: Vec<String>,
    fail_on: Option<String>,
    vacuous_passes: bool,
    trust: Option<String>,
    now: Option<String>,
    memory: Option<u64>,
    mask: Option<String>,
    mask_key: Option<String>,
    history: Option<Kept>,
    engine: Option<String>,
    statement_timeout: Option<u64>,
    fetch: Option<u64>,
    duckdb_library: Option<PathBuf>,
}

/// Where a run is to be kept.
#[derive(FromPyObject)]
enum Kept {
    /// Where the project says, or nowhere.
    AsTheProjectSays(bool),
    /// A folder, or `delta:URI`.
    At(PathBuf),
}

impl Options {
    /// Returns the version to read.
    pub(crate) fn at(&self) -> PyResult<At> {
        match (self.version, self.timestamp.as_deref()) {
            (Some(_), Some(_)) => Err(value_error("version and timestamp are both given", None)),
            (Some(version), None) => Ok(At::Version(version)),
            (None, Some(text)) => Ok(At::Timestamp(time(text)?)),
            (None, None) => Ok(At::Latest),
        }
    }

    /// Returns whether a version is asked for.
    pub(crate) const fn asks_for_version(&self) -> bool {
        self.version.is_some() || self.timestamp.is_some()
    }

    /// Returns the options of the object store of the dataset with this name or URI.
    pub(crate) fn storage(&self, project: &Project, data: Option<&str>) -> PyResult<StorageOptions> {
        Ok(self.given_storage()?.or(&project.storage_of(data.unwrap_or_default())))
    }

    fn given_storage(&self) -> PyResult<StorageOptions> {
        let mut given = StorageOptions::default();
        for (name, value) in &self.storage_options {
            given
                .set(name, value)
                .map_err(|problem| value_error(&problem.message, problem.help.as_deref()))?;
        }
        Ok(given)
    }

    /// Returns the number of bytes that may be taken for what grows with the rows.
    pub(crate) const fn memory(&self) -> Option<u64> {
        self.memory
    }

    /// Returns the options of a run of a suite of a layer in its project on the dataset of this name or URI; none if it is in memory.
    pub(crate) fn check(
        &self,
        layer: Option<&Layer>,
        project: &Project,
        data: Option<&str>,
    ) -> PyResult<CheckOptions> {
        let key = self.key.iter().map(|name| {
            ColumnPath::parse(name).map_err(|problem| value_error(&format!("key: {problem}"), None))
        });
        let policies = match self.fail_on.as_deref() {
            None => project.policies.clone(),
            Some("error") => Policies::all(Policy::StopOnFail),
            Some("warn") => Policies::all(Policy::StopOnWarn),
            Some(_) => return Err(value_error("fail_on is \"error\" or \"warn\"", None)),
        };
        let trust = self.trust.as_deref().map(|name| {
            Trust::parse(name).ok_or_else(|| value_error("trust is \"log\", \"footer\" or \"none\"", None))
        });
        let trust = trust.transpose()?.unwrap_or_default().min(project.most_trust(layer));
        Ok(CheckOptions {
            samples: self.samples,
            whole_rows: self.whole_rows,
            key: key.collect::<PyResult<_>>()?,
            policies,
            vacuous_passes: self.vacuous_passes && project.defaults.vacuous_passes.unwrap_or(true),
            select: self.select.clone(),
            storage: self.storage(project, data)?,
            trust,
            now: self.now.as_deref().map(time).transpose()?,
            memory: self.memory,
            ..CheckOptions::default()
        })
    }

    /// Returns which engine judges.
    pub(crate) fn engine(&self) -> PyResult<EngineArguments> {
        let name = |given: &str| {
            let known = EngineName::ALL.into_iter().find(|known| known.name() == given);
            known.ok_or_else(|| {
                let names = EngineName::ALL.map(EngineName::name).join(", ");
                value_error(&format!("there is no engine {given:?}"), Some(&format!("there are {names}")))
            })
        };
        Ok(EngineArguments {
            engine: self.engine.as_deref().map(name).transpose()?,
            duckdb_library: self.duckdb_library.clone(),
            spark: None,
            statement_timeout: self.statement_timeout,
            fetch: self.fetch,
        })
    }

    /// Returns the history in which a run of a suite of this project is kept.
    pub(crate) fn history(&self, project: &Project) -> PyResult<Option<History>> {
        let place = match &self.history {
            None | Some(Kept::AsTheProjectSays(false)) => return Ok(None),
            Some(Kept::AsTheProjectSays(true)) => project.history.clone().ok_or_else(|| {
                value_error("no history is kept here", Some("name it, or write history: into karat.yml"))
            })?,
            Some(Kept::At(place)) => Place::parse(place.clone())
                .map_err(|problem| value_error(&format!("history: {problem}"), None))?,
        };
        let storage = self.given_storage()?.or(&project.storage);
        Ok(Some(History::of(place, &storage)))
    }

    /// Returns the suite with what stands for its personal values.
    pub(crate) fn masked(&self, suite: &karat::Suite, project: &Project) -> PyResult<karat::Suite> {
        let masking = match self.mask.as_deref() {
            None => project.defaults.mask.unwrap_or(Masking::Withhold),
            Some("withhold") => Masking::Withhold,
            Some("hash") => Masking::Hash,
            Some(_) => return Err(value_error("mask is \"withhold\" or \"hash\"", None)),
        };
        if masking != Masking::Hash {
            return Ok(suite.clone());
        }
        let hint = Some("make one, keep it secret, and give every run the same");
        let key = self.mask_key.as_deref().ok_or_else(|| {
            value_error("personal values are to be hashed, and mask_key is not given", hint)
        })?;
        let key = MaskKey::new(key).map_err(|short| value_error(&format!("mask_key: {short}"), hint))?;
        let mut suite = suite.clone();
        suite.mask = Mask::Hash(key);
        Ok(suite)
    }
}

/// Returns what a check finds under the name of another dataset: what the caller gave, or else what the project has.
pub(crate) fn datasets(
    project: &Project,
    frames: Vec<(String, Frame)>,
    uris: Vec<(String, String)>,
) -> Arc<dyn Fn(&str) -> DataSource + Send + Sync> {
    let project = project.clone();
    Arc::new(move |name| {
        if let Some((_, frame)) = frames.iter().find(|(own, _)| own == name) {
            return frame.lazy().into();
        }
        let given = uris.iter().find(|(own, _)| own == name);
        given.map_or_else(|| project.source(name), |(_, uri)| project.source(uri))
    })
}

/// Returns where data lies: a dataset of the project by its name, or a path or URI as it is.
pub(crate) fn located(project: &Project, data: &str) -> String {
    if project.dataset(data).is_some() { project.locate(data) } else { data.to_owned() }
}

/// Other datasets, as they were given: by their names, each with its rows or where it lies.
pub(crate) fn others(given: &[(String, Bound<'_, PyAny>)]) -> PyResult<Vec<(String, Given)>> {
    given.iter().map(|(name, data)| Ok((name.clone(), Given::of(data)?))).collect()
}

/// Returns the file by which the project of the working folder is found.
pub(crate) fn here() -> &'static Path {
    Path::new("karat.yml")
}

fn time(text: &str) -> PyResult<DateTime<Utc>> {
    text.parse().map_err(|_| value_error("a time has an offset, as in 2026-01-31T10:00:00Z", None))
}
