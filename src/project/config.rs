//! Reads the project's `karat.yml` and the expectations beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::find::FILE;
use crate::document::{
    Diagnostic, Node, Syntax, did_you_mean, masked_quotations, masked_values, open_file, parse,
};
use crate::gate::{Policies, Policy};
use crate::source::{StorageOptions, Trust};
use crate::suite::{Catalogue, Layer, SuiteError};

/// The folder of a project's own expectations.
const EXPECTATIONS: &str = "expectations";

/// A project: its root folder, the settings of its `karat.yml`, and the expectations that its suites may
/// name.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder to which the paths of datasets are relative.
    pub root: PathBuf,
    /// The policy of the gate of each layer.
    pub policies: Policies,
    /// The highest trust in statistics, by layer.
    trust: BTreeMap<Layer, Trust>,
    /// The options of the object stores of its datasets, in addition to the environment.
    pub storage: StorageOptions,
    /// The standard catalogue, with the expectations of the project's `expectations` folder.
    pub catalogue: Arc<Catalogue>,
}

/// A file of a project that cannot be read or is invalid, reported like that of a suite.
pub type ProjectError = SuiteError;

impl Project {
    /// Returns a project without a file.
    #[must_use]
    pub fn at(root: PathBuf) -> Self {
        Self {
            root,
            policies: Policies::default(),
            trust: BTreeMap::new(),
            storage: StorageOptions::default(),
            catalogue: Arc::new(Catalogue::standard().clone()),
        }
    }

    /// Opens the project of a folder with a `karat.yml`.
    ///
    /// # Errors
    /// All files of the project that cannot be read, or are wrong.
    pub fn open(root: PathBuf) -> Result<Self, Vec<ProjectError>> {
        let settings = settings_of(&root.join(FILE));
        let catalogue = Catalogue::open(&root.join(EXPECTATIONS));
        match (settings, catalogue) {
            (Ok(Settings { policies, trust, storage }), Ok(catalogue)) => {
                Ok(Self { root, policies, trust, storage, catalogue: Arc::new(catalogue) })
            }
            (settings, catalogue) => {
                Err(settings.err().into_iter().chain(catalogue.err().into_iter().flatten()).collect())
            }
        }
    }

    /// Returns the highest trust in statistics for data of a layer.
    #[must_use]
    pub fn most_trust(&self, layer: Option<Layer>) -> Trust {
        layer.and_then(|layer| self.trust.get(&layer)).copied().unwrap_or_default()
    }

    /// Returns the location of a dataset: a relative path is joined to the root folder.
    #[must_use]
    pub fn locate(&self, data: &str) -> String {
        if data.contains("://") || Path::new(data).is_absolute() || self.root.as_os_str().is_empty() {
            data.to_owned()
        } else {
            self.root.join(data).display().to_string()
        }
    }
}

/// The settings of the file.
#[derive(Default)]
struct Settings {
    policies: Policies,
    trust: BTreeMap<Layer, Trust>,
    storage: StorageOptions,
}

fn settings_of(file: &Path) -> Result<Settings, ProjectError> {
    let path = file.display().to_string();
    let text = open_file(file).and_then(std::io::read_to_string);
    let text = text.map_err(|source| ProjectError::Read { path: path.clone(), source })?;
    parse(&text, Syntax::Yaml).and_then(|node| settings(&node)).map_err(|error| ProjectError::Invalid {
        path,
        text: shown(&text),
        diagnostics: vec![Diagnostic {
            message: masked_quotations(&error.message, is_plain),
            help: error.help.map(|help| masked_quotations(&help, is_plain)),
            ..error
        }],
    })
}

fn settings(node: &Node) -> Result<Settings, Diagnostic> {
    let mut settings = Settings::default();
    if node.is_null() {
        return Ok(settings);
    }
    for (key, value) in node.map("a mapping with the keys \"layers\" and \"storage_options\"")? {
        match key.text.as_str() {
            "layers" => settings.layers(value)?,
            "storage_options" => settings.storage = storage(value)?,
            _ => {
                return Err(Diagnostic::new(key.span, format!("a project has no {:?}", key.text))
                    .maybe_help(did_you_mean(&key.text, KEYS)));
            }
        }
    }
    Ok(settings)
}

const KEYS: [&str; 2] = ["layers", "storage_options"];

/// Returns the text of the file in which only plain names and known values are visible. A secret may have
/// been written where none belongs.
fn shown(text: &str) -> String {
    const VALUES: [&str; 5] = ["error", "warn", "log", "footer", "none"];
    masked_values(text, |word| VALUES.contains(&word.text) || (word.is_name && is_plain(word.text)))
}

/// Returns whether a word is a name that such files usually hold, and so is no secret.
fn is_plain(word: &str) -> bool {
    const LONGEST: usize = 48;
    let letters = word.bytes().all(|byte| byte.is_ascii_lowercase() || b"_ ".contains(&byte));
    letters && word.len() <= LONGEST || StorageOptions::names().any(|name| name == word)
}

/// The settings of a layer.
const OF_LAYER: [&str; 2] = ["fail_on", "trust"];

impl Settings {
    /// Reads `layers: {gold: {fail_on: warn, trust: none}}`.
    fn layers(&mut self, node: &Node) -> Result<(), Diagnostic> {
        for (name, settings) in node.map("a mapping from layers to their settings")? {
            let layer = Layer::parse(&name.text).ok_or_else(|| {
                Diagnostic::new(name.span, format!("no layer {:?}", name.text))
                    .maybe_help(did_you_mean(&name.text, Layer::ALL.map(Layer::name)))
            })?;
            for (setting, value) in settings.map("a mapping with the keys \"fail_on\" and \"trust\"")? {
                match setting.text.as_str() {
                    "fail_on" => self.policies = self.policies.with(layer, policy(value)?),
                    "trust" => {
                        self.trust.insert(layer, trust(value)?);
                    }
                    _ => {
                        return Err(Diagnostic::new(
                            setting.span,
                            format!("a layer has no {:?}", setting.text),
                        )
                        .maybe_help(did_you_mean(&setting.text, OF_LAYER)));
                    }
                }
            }
        }
        Ok(())
    }
}

fn trust(node: &Node) -> Result<Trust, Diagnostic> {
    const WHOSE: &str = "log, footer or none";
    Trust::parse(node.text(WHOSE)?).ok_or_else(|| node.expected_error(WHOSE))
}

/// Reads `storage_options: {aws_region: eu-north-1}`. Secrets belong in the environment.
fn storage(node: &Node) -> Result<StorageOptions, Diagnostic> {
    let mut options = StorageOptions::default();
    // Any other node may hold a secret, so its text is not quoted.
    let entries = node.map("a mapping").map_err(|_| {
        Diagnostic::new(node.span, "storage_options is a mapping from storage options to their values")
    })?;
    for (name, value) in entries {
        let text = value
            .text("a text")
            .map_err(|_| Diagnostic::new(name.span, "the value of a storage option is one text"))?;
        options
            .set(&name.text, text)
            .map_err(|error| Diagnostic::new(name.span, error.message).maybe_help(error.help))?;
    }
    Ok(options)
}

fn policy(node: &Node) -> Result<Policy, Diagnostic> {
    match node.text("error or warn")? {
        "error" => Ok(Policy::StopOnFail),
        "warn" => Ok(Policy::StopOnWarn),
        _ => Err(node.expected_error("error or warn")),
    }
}
