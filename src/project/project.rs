//! A project: a folder, its `karat.yml`, and its expectations.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::datasets::{Dataset, Datasets};
use super::find::FILE;
use super::settings::{Defaults, Settings};
use crate::data::Dialect;
use crate::document::{Diagnostic, did_you_mean};
use crate::engine::EngineName;
use crate::gate::Policies;
use crate::history::Place;
use crate::source::{Data, DataSource, StorageOptions, Trust};
use crate::suite::{Catalogue, Layer, Layers, Suite, SuiteError, Variables};

/// What a caller selects of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The environment, one of `environments:`.
    pub environment: Option<String>,
    /// Values of variables, which take precedence over those of the project.
    pub variables: Variables,
}

/// A project: a folder, the settings of its `karat.yml`, and the expectations that its suites may name.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder to which paths of the project are relative.
    pub root: PathBuf,
    /// The layers, from raw to refined.
    pub layers: Layers,
    /// The verdicts that stop each layer.
    pub policies: Policies,
    /// The values of variables.
    pub variables: Variables,
    /// The options of object stores, in addition to the environment.
    pub storage: StorageOptions,
    /// The folders or files of suites that are run when none is named.
    pub suites: Vec<PathBuf>,
    /// The folder of the data docs, if the project has one.
    pub docs: Option<PathBuf>,
    /// The place where runs are kept, if the project has one.
    pub history: Option<Place>,
    /// The defaults of a run.
    pub defaults: Defaults,
    /// The catalogue, with the project's own expectations.
    pub catalogue: Arc<Catalogue>,
    trust: BTreeMap<String, Trust>,
    datasets: Datasets,
}

/// An error of a project's file that cannot be read or is wrong, shown as the error of a suite.
pub type ProjectError = SuiteError;

impl Project {
    /// Returns a project without a file.
    ///
    /// # Errors
    /// An environment is selected: there is none without a file.
    pub fn at(root: PathBuf, selection: &Selection) -> Result<Self, Vec<ProjectError>> {
        let settings = Settings::without_file(selection).map_err(|error| vec![error])?;
        Ok(Self::of(root, settings, Catalogue::standard().clone()))
    }

    /// Opens the project of a folder with a `karat.yml`.
    ///
    /// # Errors
    /// All files of the project that cannot be read, or are wrong.
    pub fn open(root: PathBuf, selection: &Selection) -> Result<Self, Vec<ProjectError>> {
        let settings = Settings::open(&root.join(FILE), selection);
        let defaults = Settings::default();
        let folder = &settings.as_ref().unwrap_or(&defaults).expectations;
        match (Catalogue::open(&root.join(folder)), settings) {
            (Ok(catalogue), Ok(settings)) => Ok(Self::of(root, settings, catalogue)),
            (catalogue, settings) => {
                Err(settings.err().into_iter().chain(catalogue.err().into_iter().flatten()).collect())
            }
        }
    }

    fn of(root: PathBuf, settings: Settings, catalogue: Catalogue) -> Self {
        let Settings {
            layers,
            policies,
            trust,
            variables,
            storage,
            datasets,
            suites,
            docs,
            history,
            defaults,
            ..
        } = settings;
        Self {
            suites: suites.iter().map(|path| root.join(path)).collect(),
            docs: docs.map(|path| root.join(path)),
            history: history.map(|place| match place {
                Place::Folder(path) => Place::Folder(root.join(path)),
                Place::Delta(uri) => Place::Delta(within(&root, &uri)),
            }),
            root,
            layers,
            policies,
            variables,
            storage,
            defaults,
            catalogue: Arc::new(catalogue),
            trust,
            datasets,
        }
    }

    /// Returns the most trusted kind of statistics for data of a layer.
    #[must_use]
    pub fn most_trust(&self, layer: Option<&Layer>) -> Trust {
        layer.and_then(|layer| self.trust.get(layer.name())).copied().unwrap_or_default()
    }

    /// Returns a dataset that the project names.
    #[must_use]
    pub fn dataset(&self, name: &str) -> Option<&Dataset> {
        self.datasets.get(name)
    }

    /// Returns the names of the datasets, in the order of `karat.yml`.
    pub fn dataset_names(&self) -> impl Iterator<Item = &str> {
        self.datasets.names()
    }

    /// Returns the URI of data: of the dataset with this name, or else of the path, relative to the project.
    #[must_use]
    pub fn locate(&self, data: &str) -> String {
        let uri = self.dataset(data).map_or(data, |dataset| dataset.uri.as_str());
        within(&self.root, uri)
    }

    /// Returns the engine of data at a URI that [`locate`](Self::locate) gives, as its dataset names it.
    #[must_use]
    pub fn engine_of(&self, uri: &str) -> EngineName {
        let mut named = self.datasets.iter().filter(|(_, dataset)| dataset.engine != EngineName::Auto);
        named
            .find(|(name, _)| self.locate(name) == uri)
            .map_or(EngineName::Auto, |(_, dataset)| dataset.engine)
    }

    /// Returns the options of the object store in which data lies.
    #[must_use]
    pub fn storage_of(&self, data: &str) -> StorageOptions {
        match self.dataset(data) {
            Some(dataset) => dataset.storage.clone().or(&self.storage),
            None => self.storage.clone(),
        }
    }

    /// Returns a suite with what the project says of its dataset: the layer, and how its files are written, where the suite
    /// does not say so itself.
    ///
    /// # Errors
    /// The suite and its dataset name different layers.
    pub fn described(&self, suite: Suite) -> Result<Suite, ProjectError> {
        let Some(name) = suite.data.as_deref() else { return Ok(suite) };
        let dataset = self.dataset(name);
        let refused = match (dataset, &suite.layer) {
            (None, _) => self.misnamed(name).map(|help| (format!("no dataset {name:?}"), help)),
            (Some(Dataset { layer: Some(other), .. }), Some(own)) if own != other => Some((
                format!("the suite is of the layer {own}, and its dataset {name:?} of {other}"),
                "take the layer out of one of them: of the suite, or of karat.yml".to_owned(),
            )),
            _ => None,
        };
        if let Some((message, help)) = refused {
            let diagnostics = vec![Diagnostic::new(suite.data_span, message).help(help)];
            return Err(ProjectError::Invalid { path: suite.path, text: suite.text, diagnostics });
        }
        let Some(dataset) = dataset else { return Ok(suite) };
        let is_described = suite.dialect != Dialect::default();
        let dialect = if is_described { suite.dialect.clone() } else { dataset.dialect.clone() };
        let layer = suite.layer.clone().or_else(|| dataset.layer.clone());
        Ok(Suite { layer, dialect, ..suite })
    }

    /// Returns help if data can only be meant as the name of a dataset, and none is called so: it is one word, and no file
    /// or folder has this name.
    fn misnamed(&self, data: &str) -> Option<String> {
        let is_word = data.chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
        let names: Vec<&str> = self.dataset_names().collect();
        if names.is_empty() || !is_word || self.root.join(data).exists() {
            return None;
        }
        let all = || format!("the datasets of karat.yml are {}", names.join(", "));
        Some(did_you_mean(data, names.iter().copied()).unwrap_or_else(all))
    }

    /// Returns data with what opens it, by the name of a dataset, a path or a URI.
    #[must_use]
    pub fn source(&self, data: &str) -> DataSource {
        let dataset = self.dataset(data);
        DataSource {
            data: Data::from(self.locate(data)),
            storage: dataset.map(|_| self.storage_of(data)),
            dialect: dataset.map(|dataset| dataset.dialect.clone()).unwrap_or_default(),
        }
    }
}

/// Returns a URI, a path of which is relative to a folder.
fn within(root: &Path, uri: &str) -> String {
    if uri.contains("://") || Path::new(uri).is_absolute() || root.as_os_str().is_empty() {
        uri.to_owned()
    } else {
        root.join(uri).display().to_string()
    }
}
