//! The context of reading a suite.

use super::Catalogue;

/// The context of reading a suite: what is needed in addition to the text.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    /// The expectations that the suite may name.
    pub catalogue: &'a Catalogue,
    /// Values of the parameters of a Great Expectations suite, as YAML. They take precedence over its own.
    pub parameters: &'a [(String, String)],
}

impl<'a> From<&'a Catalogue> for Reading<'a> {
    fn from(catalogue: &'a Catalogue) -> Self {
        Self { catalogue, parameters: &[] }
    }
}
