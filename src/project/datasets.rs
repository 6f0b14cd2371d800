//! The datasets of a project, by name.

use super::settings::storage;
use crate::data::{Dialect, redacted};
use crate::document::{Diagnostic, Node, NodeKind, did_you_mean};
use crate::engine::EngineName;
use crate::source::StorageOptions;
use crate::suite::{Layer, Layers, Variables, read_dialect};

/// The keys of a dataset and their meanings.
pub(super) const KEYS: [(&str, &str); 7] = [
    ("uri", "where it lies: a path relative to the project, or a URI"),
    ("layer", "the layer of suites that name no other"),
    ("engine", "what judges it, as `--engine` names it, where its URI does not say it"),
    ("format", "the kind of its files, where their names do not say it: parquet, csv, ndjson or arrow"),
    ("csv", "how its CSV is written, as in a suite"),
    ("schema", "the types of columns of CSV or NDJSON, as in a suite"),
    ("storage_options", "what opens its object store, beside the project's"),
];

/// A dataset of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    /// The path or URI.
    pub uri: String,
    /// The layer of suites that name no other.
    pub layer: Option<Layer>,
    /// What judges it, where not the URI says that.
    pub engine: EngineName,
    /// The format and the dialect of the files.
    pub dialect: Dialect,
    /// The options of the object store.
    pub storage: StorageOptions,
}

/// The datasets of a project, in the order of `karat.yml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Datasets(Vec<(String, Dataset)>);

impl Datasets {
    pub(super) fn get(&self, name: &str) -> Option<&Dataset> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, dataset)| dataset)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Dataset)> {
        self.0.iter().map(|(name, dataset)| (name.as_str(), dataset))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Reads a mapping from names to datasets, which take the place of known ones.
    pub(super) fn read(
        &mut self,
        node: &Node,
        layers: &Layers,
        variables: &Variables,
    ) -> Result<(), Diagnostic> {
        for (name, node) in node.map("a mapping from names to datasets")? {
            let dataset = dataset(&variables.fill(node)?, layers)?;
            match self.0.iter_mut().find(|(known, _)| *known == name.text) {
                Some((_, known)) => *known = dataset,
                None => self.0.push((name.text.clone(), dataset)),
            }
        }
        Ok(())
    }
}

/// `lake/orders`, or `{uri: lake/orders, layer: silver}`
fn dataset(node: &Node, layers: &Layers) -> Result<Dataset, Diagnostic> {
    let mut dataset = Dataset {
        uri: String::new(),
        layer: None,
        engine: EngineName::Auto,
        dialect: Dialect::default(),
        storage: StorageOptions::default(),
    };
    if !matches!(node.kind, NodeKind::Map(_)) {
        dataset.uri = uri(node)?;
        return Ok(dataset);
    }
    for (key, value) in node.map("a path or URI, or a mapping with the key \"uri\"")? {
        match key.text.as_str() {
            "uri" => dataset.uri = uri(value)?,
            "layer" => dataset.layer = Some(layers.read(value)?),
            "engine" => dataset.engine = engine(value)?,
            "storage_options" => dataset.storage = storage(value)?,
            other if read_dialect(&mut dataset.dialect, other, value)? => {}
            other => {
                return Err(Diagnostic::new(key.span, format!("a dataset has no {other:?}"))
                    .maybe_help(did_you_mean(other, KEYS.map(|(name, _)| name))));
            }
        }
    }
    if dataset.uri.is_empty() {
        return Err(Diagnostic::new(node.span, "\"uri\" is missing: where the dataset lies"));
    }
    Ok(dataset)
}

fn engine(node: &Node) -> Result<EngineName, Diagnostic> {
    let name = node.text("the name of an engine")?;
    let found = EngineName::ALL.into_iter().find(|known| known.name() == name);
    found.ok_or_else(|| {
        let known = EngineName::ALL.map(EngineName::name);
        let near = did_you_mean(name, known);
        Diagnostic::new(node.span, format!("there is no engine {name:?}"))
            .help(near.unwrap_or_else(|| format!("the engines are {}", known.join(", "))))
    })
}

/// A path or URI, without credentials.
pub(super) fn uri(node: &Node) -> Result<String, Diagnostic> {
    let uri = node.text("a path or URI")?.trim();
    if uri.is_empty() {
        return Err(node.expected_error("a path or URI"));
    }
    if redacted(uri) != uri {
        let message = "a URI with what may be a credential";
        return Err(Diagnostic::new(node.span, message)
            .secret()
            .help("give credentials as environment variables or --storage-option"));
    }
    Ok(uri.to_owned())
}
