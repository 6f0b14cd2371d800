//! `unexpected_rows`: a query in SQL returns no rows.

use super::super::{
    Definition, Demand, Expectation, FailureRule, Family, Judgement, JudgementInput, LowerError, Lowered,
    Nature, Parameter, ParameterKind, RowRule, Scope, Site,
};
use crate::data::Value;
use crate::metric::{Metric, Misshapen, Selection};
use crate::predicate::{Query, Typed, parse_query};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "unexpected_rows",
    family: Family::Table,
    scope: Scope::Table,
    nature: Nature::Measured,
    summary: "a query in SQL gives no rows",
    parameters: &[Parameter::required("query", ParameterKind::Sql, "a SELECT on {batch}, the table")],
    bare: Some("query"),
    page: include_str!("../../../expectations/table/unexpected_rows.md"),
    read: |arguments| {
        let node = arguments.required("query")?;
        let query = parse_query(arguments.text("query")?).map_err(|error| error.inside(node))?;
        Ok(Box::new(UnexpectedRows { query }))
    },
};

#[derive(Debug)]
struct UnexpectedRows {
    query: Query,
}

impl Expectation for UnexpectedRows {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let query = self.query.bind(site.schema, site.now).map_err(LowerError::in_predicate)?;
        // A query that only filters rows becomes a rule for rows, judged with all other checks in one scan.
        if let Some(condition) = query.chosen() {
            let fails =
                FailureRule::Condition(Typed::all([site.filter.clone(), condition.clone().is_true()]));
            return Ok(Lowered::Rows(RowRule { considered: site.filter.clone(), fails }));
        }
        let selection = Selection { text: self.query.text.clone(), query, filter: site.filter.clone() };
        let metrics = vec![Metric::QueryRows(Box::new(selection))];
        Ok(Lowered::Measured { metrics, demand: Demand::NoRows })
    }

    fn demand(&self) -> String {
        self.query.text.clone()
    }
}

/// Judges the rows that the query returns.
pub(in crate::expectation) fn judge(input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
    let found = input.of(0)?.query_rows()?;
    let judgement = Judgement::new(found.rows == 0, Value::of_count(found.rows));
    Ok(Judgement { examples: found.first.clone(), ..judgement })
}
