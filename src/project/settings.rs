//! Reads `karat.yml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::ProjectError;
use super::datasets::{Datasets, uri};
use super::project::Selection;
use crate::document::{
    Diagnostic, Key, Node, NodeKind, Span, Syntax, did_you_mean, masked_quotations, masked_values, open_file,
    parse,
};
use crate::gate::{Policies, Policy};
use crate::history::Place;
use crate::privacy::Masking;
use crate::source::{StorageOptions, Trust};
use crate::suite::{Layers, Variables};

/// The keys of `karat.yml` and their meanings.
pub(super) const KEYS: [(&str, &str); 10] = [
    ("layers", "the project's own layers in their order, or the settings of bronze, silver and gold"),
    ("datasets", "the datasets that suites may name, each with its URI"),
    ("variables", "the values of ${NAME} in suites and in this file"),
    ("environments", "what differs by environment, chosen by --env: variables, datasets, storage_options"),
    ("suites", "the folders or files of suites that `karat check` runs; suites unless given"),
    ("expectations", "the folder of the project's own expectations; expectations unless given"),
    ("docs", "the folder into which `karat check` without a suite writes the data docs"),
    ("history", "the folder in which `karat check` keeps every run, or the Delta table: {delta: URI}"),
    ("defaults", "what applies where the command line says nothing else"),
    ("storage_options", "what opens object stores, beside the environment"),
];

/// The settings of a layer and their meanings.
pub(super) const OF_LAYER: [(&str, &str); 2] = [
    ("fail_on", "what stops it: error (failed checks) or warn (warnings too)"),
    ("trust", "which statistics may replace reading rows, at most: log, footer or none"),
];

/// The keys of an environment and their meanings.
pub(super) const OF_ENVIRONMENT: [(&str, &str); 3] = [
    ("variables", "values of variables, instead of those of the project"),
    ("datasets", "datasets that take the place of those with the same names"),
    ("storage_options", "what opens object stores, instead of the same options of the project"),
];

/// The keys of a history that is no folder, and their meanings.
pub(super) const OF_HISTORY: [(&str, &str); 1] =
    [("delta", "the path or URI of a Delta table, with one row for each check and run")];

/// The defaults of a run and their meanings.
pub(super) const OF_DEFAULTS: [(&str, &str); 3] = [
    ("mask", "what stands for values of personal columns (pii) in failing rows: withhold or hash"),
    ("vacuous", "what a check becomes that had no row to judge: pass or fail"),
    ("stop_on_layer", "whether the layers after one whose gate did not pass are skipped"),
];

/// The defaults of a run, where the project gives them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// What stands for personal values.
    pub mask: Option<Masking>,
    /// True if a check that had no row to judge passes.
    pub vacuous_passes: Option<bool>,
    /// True if the layers after one whose gate did not pass are skipped.
    pub stop_on_layer: Option<bool>,
}

/// The settings of a project.
pub(super) struct Settings {
    pub(super) layers: Layers,
    pub(super) policies: Policies,
    /// The most trusted kind of statistics, by the names of layers.
    pub(super) trust: BTreeMap<String, Trust>,
    pub(super) variables: Variables,
    pub(super) storage: StorageOptions,
    pub(super) datasets: Datasets,
    pub(super) suites: Vec<PathBuf>,
    pub(super) expectations: PathBuf,
    pub(super) docs: Option<PathBuf>,
    pub(super) history: Option<Place>,
    pub(super) defaults: Defaults,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            layers: Layers::default(),
            policies: Policies::default(),
            trust: BTreeMap::new(),
            variables: Variables::default(),
            storage: StorageOptions::default(),
            datasets: Datasets::default(),
            suites: vec![PathBuf::from("suites")],
            expectations: PathBuf::from("expectations"),
            docs: None,
            history: None,
            defaults: Defaults::default(),
        }
    }
}

impl Settings {
    /// Returns the settings of a project without a file.
    ///
    /// # Errors
    /// An environment is selected.
    pub(super) fn without_file(selection: &Selection) -> Result<Self, ProjectError> {
        match &selection.environment {
            None => Ok(Self { variables: selection.variables.clone(), ..Self::default() }),
            Some(name) => Err(ProjectError::Invalid {
                path: super::find::FILE.to_owned(),
                text: String::new(),
                diagnostics: vec![
                    Diagnostic::new(
                        Span::default(),
                        format!("no environment {name:?}: there is no karat.yml"),
                    )
                    .help(format!("environments: {{{name}: {{variables: {{LAKE: …}}}}}}")),
                ],
            }),
        }
    }

    /// Reads the settings of a file.
    ///
    /// # Errors
    /// The file cannot be read, or is wrong.
    pub(super) fn open(file: &Path, selection: &Selection) -> Result<Self, ProjectError> {
        let path = file.display().to_string();
        let text = open_file(file).and_then(std::io::read_to_string);
        let text = text.map_err(|source| ProjectError::Read { path: path.clone(), source })?;
        parse(&text, Syntax::Yaml).and_then(|node| Self::read(&node, selection)).map_err(|error| {
            ProjectError::Invalid {
                path,
                text: shown(&text),
                diagnostics: vec![Diagnostic {
                    message: masked_quotations(&error.message, is_plain),
                    help: error.help.map(|help| masked_quotations(&help, is_plain)),
                    ..error
                }],
            }
        })
    }

    /// Layers and variables are read first: the other settings refer to them.
    fn read(node: &Node, selection: &Selection) -> Result<Self, Diagnostic> {
        let mut settings = Self::default();
        let nothing = Vec::new();
        let entries =
            if node.is_null() { &nothing } else { node.map("a mapping, as in layers: [bronze, gold]")? };
        let value = |name: &str| entries.iter().find(|(key, _)| key.text == name).map(|(_, value)| value);
        for (key, _) in entries {
            known(key, &KEYS, "a project has no")?;
        }
        let chosen = environment(value("environments"), node.span, selection)?.unwrap_or_default();
        let own = |name: &str| chosen.iter().find(|(key, _)| key.text == name).map(|(_, value)| value);
        let both = |name: &str| value(name).into_iter().chain(own(name));
        if let Some(layers) = value("layers") {
            settings.layers(layers)?;
        }
        for variables in both("variables") {
            settings.variables.read(variables)?;
        }
        settings.variables.extend(&selection.variables);
        let variables = settings.variables.clone();
        for datasets in both("datasets") {
            settings.datasets.read(datasets, &settings.layers, &variables)?;
        }
        for options in both("storage_options") {
            settings.storage = storage(&variables.fill(options)?)?.or(&settings.storage);
        }
        if let Some(suites) = value("suites") {
            settings.suites = paths(&variables.fill(suites)?)?;
        }
        if let Some(folder) = value("expectations") {
            settings.expectations = path(&variables.fill(folder)?)?;
        }
        if let Some(folder) = value("docs") {
            settings.docs = Some(path(&variables.fill(folder)?)?);
        }
        if let Some(place) = value("history") {
            settings.history = Some(history(&variables.fill(place)?)?);
        }
        if let Some(defaults) = value("defaults") {
            settings.defaults = read_defaults(defaults)?;
        }
        Ok(settings)
    }

    /// `layers: {gold: {fail_on: warn}}`, or `layers: [raw, staging: {trust: none}, mart]`
    fn layers(&mut self, node: &Node) -> Result<(), Diagnostic> {
        let NodeKind::List(items) = &node.kind else {
            for (name, settings) in
                node.map("a list of layers, or a mapping from layers to their settings")?
            {
                if self.layers.get(&name.text).is_none() {
                    let help = did_you_mean(&name.text, self.layers.names()).unwrap_or_else(|| {
                        "layers of one's own are a list: layers: [raw, staging, mart]".to_owned()
                    });
                    return Err(Diagnostic::new(name.span, format!("no layer {:?}", name.text)).help(help));
                }
                self.layer(&name.text, settings)?;
            }
            return Ok(());
        };
        let mut names: Vec<String> = Vec::with_capacity(items.len());
        let mut add = |name: &str, span: Span| {
            if name.is_empty() || names.iter().any(|known| known == name) {
                return Err(Diagnostic::new(span, format!("a second layer {name:?}")));
            }
            names.push(name.to_owned());
            Ok(())
        };
        for item in items {
            match &item.kind {
                NodeKind::Map(entries) => {
                    for (name, settings) in entries {
                        add(&name.text, name.span)?;
                        self.layer(&name.text, settings)?;
                    }
                }
                _ => add(item.text("the name of a layer")?, item.span)?,
            }
        }
        if names.is_empty() {
            return Err(Diagnostic::new(node.span, "a project has at least one layer"));
        }
        self.layers = Layers::of(names);
        Ok(())
    }

    fn layer(&mut self, name: &str, settings: &Node) -> Result<(), Diagnostic> {
        for (setting, value) in settings.map("a mapping with the keys \"fail_on\" and \"trust\"")? {
            known(setting, &OF_LAYER, "a layer has no")?;
            if setting.text == "fail_on" {
                self.policies = std::mem::take(&mut self.policies).with(name, policy(value)?);
            } else {
                self.trust.insert(name.to_owned(), trust(value)?);
            }
        }
        Ok(())
    }
}

/// Returns the entries of the selected environment, if one is selected. The others are looked at too: an unknown key is
/// an error whichever is selected.
fn environment<'a>(
    node: Option<&'a Node>,
    file: Span,
    selection: &Selection,
) -> Result<Option<&'a [(Key, Node)]>, Diagnostic> {
    let entries = match node {
        Some(node) => node.map("a mapping from the names of environments to what differs in them")?,
        None => &[],
    };
    let mut chosen = None;
    for (name, node) in entries {
        let own = if node.is_null() { &[] } else { node.map("a mapping, as in {variables: {LAKE: …}}")? };
        for (key, _) in own {
            known(key, &OF_ENVIRONMENT, "an environment has no")?;
        }
        if Some(&name.text) == selection.environment.as_ref() {
            chosen = Some(own);
        }
    }
    match &selection.environment {
        Some(name) if chosen.is_none() => {
            let names = entries.iter().map(|(name, _)| name.text.as_str());
            let all = || {
                let names: Vec<&str> = names.clone().collect();
                (!names.is_empty()).then(|| format!("the environments are {}", names.join(", ")))
            };
            let help = did_you_mean(name, names.clone()).or_else(all);
            let span = node.map_or(Span::new(file.start, file.start), |node| node.span);
            Err(Diagnostic::new(span, format!("no environment {name:?}")).maybe_help(help))
        }
        _ => Ok(chosen),
    }
}

/// Refuses a key that is not one of these.
fn known(key: &Key, keys: &[(&str, &str)], who: &str) -> Result<(), Diagnostic> {
    let mut names = keys.iter().map(|(name, _)| *name);
    if names.clone().any(|name| name == key.text) {
        return Ok(());
    }
    let help = did_you_mean(&key.text, names.clone())
        .unwrap_or_else(|| format!("the keys are {}", names.by_ref().collect::<Vec<_>>().join(", ")));
    Err(Diagnostic::new(key.span, format!("{who} {:?}", key.text)).help(help))
}

fn read_defaults(node: &Node) -> Result<Defaults, Diagnostic> {
    let mut defaults = Defaults::default();
    for (key, value) in node.map("a mapping, as in {stop_on_layer: true}")? {
        known(key, &OF_DEFAULTS, "defaults have no")?;
        match key.text.as_str() {
            "mask" => {
                const HOW: &str = "withhold or hash";
                let masking = Masking::parse(value.text(HOW)?);
                defaults.mask = Some(masking.ok_or_else(|| value.expected_error(HOW))?);
            }
            "vacuous" => {
                defaults.vacuous_passes = Some(match value.text("pass or fail")? {
                    "pass" => true,
                    "fail" => false,
                    _ => return Err(value.expected_error("pass or fail")),
                });
            }
            _ => defaults.stop_on_layer = Some(value.boolean("true or false")?),
        }
    }
    Ok(defaults)
}

fn paths(node: &Node) -> Result<Vec<PathBuf>, Diagnostic> {
    match &node.kind {
        NodeKind::List(items) if items.is_empty() => Err(node.expected_error("a path or a list of paths")),
        NodeKind::List(items) => items.iter().map(path).collect(),
        _ => Ok(vec![path(node)?]),
    }
}

fn path(node: &Node) -> Result<PathBuf, Diagnostic> {
    match node.text("a path")?.trim() {
        "" => Err(node.expected_error("a path")),
        path => Ok(PathBuf::from(path)),
    }
}

/// `history: runs`, or `history: {delta: lake/runs}`
fn history(node: &Node) -> Result<Place, Diagnostic> {
    if !matches!(node.kind, NodeKind::Map(_)) {
        return path(node).map(Place::Folder);
    }
    let entries = node.map("a folder, or a mapping with the key \"delta\"")?;
    for (key, _) in entries {
        known(key, &OF_HISTORY, "a history has no")?;
    }
    match entries.first() {
        Some((_, value)) => uri(value).map(Place::Delta),
        None => Err(Diagnostic::new(node.span, "\"delta\" is missing: where the table lies")),
    }
}

fn trust(node: &Node) -> Result<Trust, Diagnostic> {
    const WHOSE: &str = "log, footer or none";
    Trust::parse(node.text(WHOSE)?).ok_or_else(|| node.expected_error(WHOSE))
}

fn policy(node: &Node) -> Result<Policy, Diagnostic> {
    match node.text("error or warn")? {
        "error" => Ok(Policy::StopOnFail),
        "warn" => Ok(Policy::StopOnWarn),
        _ => Err(node.expected_error("error or warn")),
    }
}

/// `storage_options: {aws_region: eu-north-1}`. Secrets do not belong there, but into the environment.
pub(super) fn storage(node: &Node) -> Result<StorageOptions, Diagnostic> {
    let mut options = StorageOptions::default();
    // The other text there may be a secret.
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

/// Returns the file as errors show it: its names, and of its values only those that cannot be a secret. Somebody may have
/// written one where none belongs.
fn shown(text: &str) -> String {
    const VALUES: [&str; 10] =
        ["error", "warn", "log", "footer", "none", "pass", "true", "false", "withhold", "hash"];
    masked_values(text, |word| VALUES.contains(&word.text) || (word.is_name && is_plain(word.text)))
}

/// Returns whether a word is one that people write in such a file, and nobody has as a secret.
fn is_plain(word: &str) -> bool {
    const LONGEST: usize = 48;
    let letters = word.bytes().all(|byte| byte.is_ascii_lowercase() || b"_ ".contains(&byte));
    letters && word.len() <= LONGEST || StorageOptions::names().any(|name| name == word)
}
