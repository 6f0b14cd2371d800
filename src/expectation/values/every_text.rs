//! The check that every text of a column passes a test.

use super::super::{Claim, Expectation, LowerError, Lowered, Site};
use crate::data::ColumnPath;
use crate::predicate::TextTest;

#[derive(Debug)]
pub(in crate::expectation) struct EveryText {
    test: TextTest,
    demand: String,
}

impl EveryText {
    /// Returns a check without parameters.
    pub(in crate::expectation) fn that(test: TextTest) -> Box<dyn Expectation> {
        Self::demanding(String::new(), test)
    }

    /// Returns a check whose parameters are described by `demand`.
    pub(in crate::expectation) fn demanding(demand: String, test: TextTest) -> Box<dyn Expectation> {
        Box::new(Self { test, demand })
    }
}

impl Expectation for EveryText {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.text_column()?;
        Ok(site.rule_where_not_null([column.clone()], column.passes(self.test.clone())))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Claim::of_texts(self, column)
    }

    fn demand(&self) -> String {
        self.demand.clone()
    }
}
