//! `unexpected_rows`: a query in SQL gives no rows.

use super::super::{
    Definition, Expectation, Facts, Failing, Family, Judgement, LowerError, Lowered, Nature, Parameter,
    ParameterKind, RowRule, Scope, Site,
};
use crate::data::Value;
use crate::metric::{Metric, Selection};
use crate::predicate::{Query, Typed, check_boolean, parse_query};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "unexpected_rows",
    great_expectations: &["unexpected_rows_expectation"],
    family: Family::Table,
    scope: Scope::Table,
    nature: Nature::Measured,
    summary: "a query in SQL gives no rows",
    parameters: &[Parameter::required("query", ParameterKind::Sql, "a SELECT on {batch}, the table")],
    bare: Some("query"),
    page: include_str!("../../../expectations/table/unexpected_rows.md"),
    read: |arguments| {
        let query = parse_query(arguments.text("query")?)
            .map_err(|error| crate::document::Diagnostic { span: arguments.span, ..error })?;
        Ok(Box::new(UnexpectedRows { query }))
    },
};

#[derive(Debug)]
struct UnexpectedRows {
    query: Query,
}

impl Expectation for UnexpectedRows {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        // What only chooses rows is judged with all other checks, in one scan.
        let check = |condition| check_boolean(condition, site.schema, site.now);
        let condition = self.query.condition.as_ref().map(check);
        if let Some(Ok(condition)) = condition {
            let fails = Failing::When(Typed::all([site.filter.clone(), condition.is_true()]));
            return Ok(Lowered::Rows(RowRule { considered: site.filter.clone(), fails }));
        }
        let selection = Selection { text: self.query.text.clone(), filter: site.filter.clone() };
        let judge = |facts: &Facts<'_>| judgement(&facts.values[0]);
        let metrics = vec![Metric::Selected(Box::new(selection))];
        Ok(Lowered::Measured { metrics, judge: Box::new(judge) })
    }

    fn demand(&self) -> String {
        self.query.text.clone()
    }
}

fn judgement(result: &Value) -> Judgement {
    match (result.field("rows"), result.field("error")) {
        (Some(rows), _) => {
            let first = match result.field("first") {
                Some(Value::List(rows)) => rows.as_slice(),
                _ => &[],
            };
            let examples = first.iter().filter_map(|row| match row {
                Value::Struct(fields) => Some(fields.clone()),
                _ => None,
            });
            let examples = examples.collect();
            Judgement { examples, ..Judgement::new(rows.as_count() == Some(0), rows.clone()) }
        }
        (None, Some(error)) => Judgement::unknown(error.to_string()),
        (None, None) => Judgement::unknown("the query gave nothing"),
    }
}
