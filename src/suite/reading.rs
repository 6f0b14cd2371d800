//! What a suite is read with.

use super::Catalogue;

/// What a suite is read with beside its text.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    /// The expectations there are.
    pub catalogue: &'a Catalogue,
    /// Values of the parameters of a Great Expectations suite, as YAML: they go before its own.
    pub parameters: &'a [(String, String)],
}

impl<'a> From<&'a Catalogue> for Reading<'a> {
    fn from(catalogue: &'a Catalogue) -> Self {
        Self { catalogue, parameters: &[] }
    }
}
