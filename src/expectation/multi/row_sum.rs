//! `row_sum`: the columns of a row add up to a number.

use super::super::ignore_row_if::Ignore;
use super::super::{
    Arguments, Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind,
    Scope, Site,
};
use super::equality::list;
use crate::data::{ColumnPath, DataType, Literal};
use crate::document::Diagnostic;
use crate::predicate::logic::{Formula, Subject};
use crate::predicate::{Arithmetic, Comparison, Expression, Kind, check_boolean};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "row_sum",
    family: Family::Multi,
    scope: Scope::Table,
    nature: Nature::Rows,
    summary: "in every row the columns add up to a number",
    parameters: &[
        Parameter::required("columns", ParameterKind::Columns, "the columns to be added"),
        Parameter::required("equal", ParameterKind::Literal, "the sum wanted"),
        Ignore::OF_COLUMNS,
    ],
    bare: None,
    page: include_str!("../../../expectations/multi/row_sum.md"),
    read: |arguments| Ok(Box::new(RowSum::read(arguments)?)),
};

#[derive(Debug)]
struct RowSum {
    columns: Vec<ColumnPath>,
    equal: Literal,
    ignore: Ignore,
}

impl RowSum {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let equal = arguments.required("equal")?.scalar("a number").map(Literal::from_scalar)?;
        Ok(Self { columns: arguments.columns("columns")?, equal, ignore: Ignore::of_columns(arguments)? })
    }
}

fn plus(sum: Expression, column: Expression) -> Expression {
    Expression::new(Kind::Arithmetic(Arithmetic::Add, Box::new(sum), Box::new(column)))
}

/// Adds the terms as a balanced tree. Each addition may need one more digit of precision, so that the depth
/// of additions must stay small.
fn halves(terms: &[Expression]) -> Option<Expression> {
    match terms {
        [] => None,
        [one] => Some(one.clone()),
        several => {
            let (first, second) = several.split_at(several.len().div_ceil(2));
            Some(plus(halves(first)?, halves(second)?))
        }
    }
}

impl Expectation for RowSum {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let columns: Vec<_> = self.columns.iter().map(|path| site.numbers(path)).collect::<Result<_, _>>()?;
        let terms: Vec<_> = self.columns.iter().map(Expression::column).collect();
        let exact = !columns.iter().any(|column| matches!(column.data_type, DataType::Float { .. }));
        let added = if exact { halves(&terms) } else { terms.into_iter().reduce(plus) };
        let sum = added.ok_or_else(|| LowerError::new("no columns to be added"))?;
        let equal = Expression::new(Kind::Literal(self.equal.clone()));
        let holds = Expression::new(Kind::Compare(Comparison::Equal, Box::new(sum), Box::new(equal)));
        let holds = check_boolean(&holds, site.schema, site.now)?;
        Ok(site.rule_on_considered(self.ignore.considered(&columns), holds))
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        let sum = Subject::new(format!("the sum of {}", list(&self.columns)));
        let equal = match &self.equal {
            Literal::Plain(text) => Literal::Number(text.clone()),
            other => other.clone(),
        };
        let holds = Formula::compared(&sum, Comparison::Equal, &equal);
        Some(Claim::of_rows("", self.ignore.considered_of(&self.columns), &holds))
    }

    fn demand(&self) -> String {
        format!("{} is {}{}", list(&self.columns), self.equal, self.ignore.demand_suffix())
    }
}
