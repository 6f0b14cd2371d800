//! The layers of a lakehouse, in their order.

use std::cmp::Ordering;
use std::fmt;
use std::sync::{Arc, LazyLock};

use crate::document::{Diagnostic, Node, did_you_mean};

/// A layer of a lakehouse. Layers of one project are ordered from raw to refined.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Layer {
    /// The position among the layers of the project.
    rank: usize,
    name: Arc<str>,
}

impl Layer {
    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl PartialOrd for Layer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Layer {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.rank, &self.name).cmp(&(other.rank, &other.name))
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The layers of a project: bronze, silver and gold, unless it names its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layers(Vec<Layer>);

impl Layers {
    /// Returns bronze, silver and gold.
    #[must_use]
    pub fn standard() -> &'static Self {
        static STANDARD: LazyLock<Layers> =
            LazyLock::new(|| Layers::of(["bronze", "silver", "gold"].map(str::to_owned)));
        &STANDARD
    }

    /// Returns the layers with these names, from raw to refined.
    pub fn of(names: impl IntoIterator<Item = String>) -> Self {
        let ranked = names.into_iter().enumerate();
        Self(ranked.map(|(rank, name)| Layer { rank, name: name.into() }).collect())
    }

    /// Returns the layer with this name, if there is one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Layer> {
        self.0.iter().find(|layer| layer.name() == name).cloned()
    }

    /// Reads the name of a layer.
    ///
    /// # Errors
    /// It is not the name of one.
    pub fn read(&self, node: &Node) -> Result<Layer, Diagnostic> {
        let wanted = self.phrase();
        let text = node.text(&wanted)?;
        self.get(text)
            .ok_or_else(|| node.expected_error(&wanted).maybe_help(did_you_mean(text, self.names())))
    }

    /// Returns the names, from raw to refined.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Layer::name)
    }

    /// Returns the names in a phrase: `bronze, silver or gold`.
    #[must_use]
    pub fn phrase(&self) -> String {
        let names: Vec<&str> = self.names().collect();
        match names.as_slice() {
            [] => "no layer".to_owned(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
        }
    }
}

impl Default for Layers {
    fn default() -> Self {
        Self::standard().clone()
    }
}
