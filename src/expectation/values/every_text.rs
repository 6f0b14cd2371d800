//! The check that every text passes a test.

use super::super::{Expectation, LowerError, Lowered, Site};
use crate::predicate::TextTest;

#[derive(Debug)]
pub(in crate::expectation) struct EveryText {
    test: TextTest,
    demand: String,
}

impl EveryText {
    /// A check without parameters.
    pub(in crate::expectation) fn that(
        name: &str,
        holds: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Box<dyn Expectation> {
        Self::demanding(String::new(), name, holds)
    }

    /// A check whose parameters `demand` tells, and the name of its test too.
    pub(in crate::expectation) fn demanding(
        demand: String,
        name: &str,
        holds: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Box<dyn Expectation> {
        Box::new(Self { test: TextTest::new(name, holds), demand })
    }
}

impl Expectation for EveryText {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.text_column()?;
        Ok(site.where_present([column.clone()], column.passes(self.test.clone())))
    }

    fn demand(&self) -> String {
        self.demand.clone()
    }
}
