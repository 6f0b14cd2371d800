//! `not_like`: no value is like a pattern with % and _.

use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::patterns::{ESCAPE, Likes, PATTERN};
use crate::data::ColumnPath;
use crate::predicate::Typed;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "not_like",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "no value is like a pattern with % and _",
    parameters: &[PATTERN, ESCAPE],
    bare: Some("pattern"),
    page: include_str!("../../../expectations/values/not_like.md"),
    read: |arguments| Ok(Box::new(NotLike { likes: Likes::read(arguments)? })),
};

#[derive(Debug)]
struct NotLike {
    likes: Likes,
}

impl Expectation for NotLike {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.text_column()?;
        let holds = Typed::all(self.likes.found_in(&column).into_iter().map(Typed::negated));
        Ok(site.rule_where_not_null([column], holds))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Claim::of_texts(self, column)
    }

    fn demand(&self) -> String {
        self.likes.demand()
    }
}
