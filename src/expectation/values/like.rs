//! `like`: every value is like a pattern with % and _.

use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use super::patterns::{ESCAPE, Likes, MATCH_ON, MatchOn, PATTERN};
use crate::data::ColumnPath;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "like",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is like a pattern with % and _",
    parameters: &[PATTERN, MATCH_ON, ESCAPE],
    bare: Some("pattern"),
    page: include_str!("../../../expectations/values/like.md"),
    read: |arguments| {
        Ok(Box::new(Like { likes: Likes::read(arguments)?, match_on: MatchOn::read(arguments)? }))
    },
};

#[derive(Debug)]
struct Like {
    likes: Likes,
    match_on: MatchOn,
}

impl Expectation for Like {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.text_column()?;
        let holds = self.match_on.of(self.likes.found_in(&column));
        Ok(site.rule_where_not_null([column], holds))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Claim::of_texts(self, column)
    }

    fn demand(&self) -> String {
        match self.match_on {
            MatchOn::Any => self.likes.demand(),
            MatchOn::All => format!("all of {}", self.likes.demand()),
        }
    }
}
