//! `query_matches`: a query gives the same rows as one on another dataset.

use serde::Serialize;

use super::super::{
    Arguments, Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError,
    Lowered, Nature, Need, Parameter, ParameterKind, Place, Scope, Site,
};
use crate::data::{ColumnPath, DataType, Dataset, Value};
use crate::document::{Diagnostic, Node};
use crate::metric::{Metric, Misshapen, QueryDifference, Selection};
use crate::predicate::{BoundQuery, Fit, Query, Typed, fit, parse_query};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "query_matches",
    family: Family::Cross,
    scope: Scope::Table,
    nature: Nature::Measured,
    summary: "a query in SQL gives the same rows as one on another dataset",
    parameters: &[
        Parameter::required("query", ParameterKind::Sql, "a SELECT on {batch}, the table"),
        Parameter::required("data", ParameterKind::Dataset, "where the other dataset lies"),
        Parameter::optional(
            "other",
            ParameterKind::Sql,
            "a SELECT on {batch}, the other dataset; the same unless given",
        ),
        Parameter::optional(
            "share",
            ParameterKind::Number,
            "the share of rows that must match, of the longer result",
        ),
    ],
    bare: None,
    page: include_str!("../../../expectations/cross/query_matches.md"),
    read: |arguments| Ok(Box::new(QueryMatches::read(arguments)?)),
};

#[derive(Debug)]
struct QueryMatches {
    query: Query,
    data: String,
    other: Option<Query>,
    share: f64,
}

impl QueryMatches {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let query = |node: &Node| parse_query(node.text("a query")?).map_err(|error| error.inside(node));
        let share = match arguments.node("share") {
            Some(node) => match node.number::<f64>("a number between 0 and 1")? {
                share if (0.0..=1.0).contains(&share) => share,
                _ => return Err(node.expected_error("a number between 0 and 1")),
            },
            None => 1.0,
        };
        Ok(Self {
            query: query(arguments.required("query")?)?,
            data: arguments.dataset("data")?,
            other: arguments.node("other").map(query).transpose()?,
            share,
        })
    }

    fn dataset(&self) -> Dataset {
        Dataset::Named(self.data.clone())
    }
}

impl Expectation for QueryMatches {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let here = self.query.bind(site.schema, site.now).map_err(LowerError::in_predicate)?;
        let other = self.other.as_ref().unwrap_or(&self.query);
        let there = other.bind(site.others.schema(&self.dataset())?, site.now).map_err(|error| {
            let message = format!("of {}: {}", self.data, error.message);
            let error = LowerError { message, ..LowerError::in_predicate(error) };
            // Without a query of its own for the other dataset, the error is shown at its place in `query`.
            if self.other.is_some() { LowerError { place: Place::Arguments, ..error } } else { error }
        })?;
        let fits = fits(&here, &there).map_err(LowerError::new)?;
        let selection =
            |of: &Query, query, filter| Box::new(Selection { text: of.text.clone(), query, filter });
        let metrics = vec![Metric::QueryDifference {
            here: selection(&self.query, here, site.filter.clone()),
            dataset: self.dataset(),
            there: selection(other, there, Typed::always()),
            fits,
        }];
        Ok(Lowered::Measured { metrics, demand: Demand::MatchingRows(MatchingRows { share: self.share }) })
    }

    fn datasets(&self) -> Vec<Dataset> {
        vec![self.dataset()]
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        let other = self.other.as_ref().unwrap_or(&self.query);
        let subject = format!("{} beside {} of {}", self.query.text, other.text, self.data);
        Some(Claim::whole(subject).needing("share", Need::AtLeast(self.share)))
    }

    fn demand(&self) -> String {
        let other = self.other.as_ref().map_or_else(String::new, |other| format!(": {}", other.text));
        format!("{} = {}{other}", self.query.text, self.data)
    }
}

/// Pairs the columns of both results and returns how to compare each pair.
fn fits(here: &BoundQuery, there: &BoundQuery) -> Result<Vec<Fit>, String> {
    here.wholly_read()?;
    there.wholly_read()?;
    if here.names.len() != there.names.len() {
        return Err(format!("the queries give {} and {} columns", here.names.len(), there.names.len()));
    }
    let named = |selected: &BoundQuery| {
        let types = selected.relation.columns.iter().map(|column| column.data_type.clone());
        selected.names.iter().cloned().zip(types).collect::<Vec<_>>()
    };
    let pairs = named(here).into_iter().zip(named(there));
    let fit_of = |((here, left), (there, right)): ((String, DataType), (String, DataType))| {
        fit(&left, &right).map_err(|why| format!("column \"{here}\" beside \"{there}\": {why}"))
    };
    pairs.map(fit_of).collect()
}

/// The demand that a query returns the same rows as a query on another dataset.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MatchingRows {
    /// The least share of rows that must match, relative to the longer result.
    share: f64,
}

impl MatchingRows {
    #[expect(clippy::cast_precision_loss, reason = "a share of rows")]
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
        let QueryDifference { rows, other, missing, unexpected } = input.of(0)?.query_difference()?;
        let (longer, apart) = (rows.max(other), missing.max(unexpected));
        let met = apart == 0 || (longer.saturating_sub(apart)) as f64 / longer as f64 >= self.share;
        let observed = [("rows", rows), ("other", other), ("missing", missing), ("unexpected", unexpected)];
        Ok(Judgement::new(met, Value::of_counts(observed)))
    }
}
