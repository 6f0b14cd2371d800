//! The context of reading a suite.

use super::{Catalogue, Layers, Variables};

/// The context of reading a suite: what is needed in addition to the text.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    /// The expectations that the suite may name.
    pub catalogue: &'a Catalogue,
    /// The layers that the suite may name.
    pub layers: &'a Layers,
    /// The values of `${NAME}`.
    pub variables: &'a Variables,
    /// Values of the parameters of a Great Expectations suite, as YAML. They take precedence over its own.
    pub parameters: &'a [(String, String)],
}

impl<'a> From<&'a Catalogue> for Reading<'a> {
    fn from(catalogue: &'a Catalogue) -> Self {
        Self { catalogue, layers: Layers::standard(), variables: Variables::none(), parameters: &[] }
    }
}
