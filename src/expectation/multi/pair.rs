//! `pair`: the comparison of two columns holds.

use super::super::ignore_row_if::Ignore;
use super::super::other_types::OtherTypes;
use super::super::{
    Arguments, Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind,
    Scope, Site,
};
use super::equality::apart;
use crate::data::ColumnPath;
use crate::document::Diagnostic;
use crate::predicate::logic::{Formula, Subject};
use crate::predicate::{Comparison, Expression, Kind, compared};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "pair",
    family: Family::Multi,
    scope: Scope::Table,
    nature: Nature::Rows,
    summary: "in every row the comparison of two columns holds",
    parameters: &[
        Parameter::required("left", ParameterKind::Column, "the left side"),
        Parameter::required("is", ParameterKind::Choice(&["=", "<>", "<", "<=", ">", ">="]), "the relation"),
        Parameter::required("right", ParameterKind::Column, "the right side"),
        Ignore::OF_PAIR,
        OtherTypes::PARAMETER,
    ],
    bare: None,
    page: include_str!("../../../expectations/multi/pair.md"),
    read: |arguments| Ok(Box::new(Pair::read(arguments)?)),
};

#[derive(Debug)]
struct Pair {
    left: ColumnPath,
    is: Comparison,
    right: ColumnPath,
    ignore: Ignore,
    other_types: OtherTypes,
}

impl Pair {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let relations = Comparison::ALL.map(|comparison| (comparison.symbol(), comparison));
        Ok(Self {
            left: arguments.required_column("left")?,
            is: arguments.choice("is", &relations)?,
            right: arguments.required_column("right")?,
            ignore: Ignore::of_pair(arguments)?,
            other_types: OtherTypes::read(arguments)?,
        })
    }

    fn comparison(&self) -> Expression {
        let [left, right] = [&self.left, &self.right].map(|path| Box::new(Expression::column(path)));
        Expression::new(Kind::Compare(self.is, left, right))
    }
}

impl Expectation for Pair {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let columns = [site.named(&self.left)?, site.named(&self.right)?];
        let [left, right] = columns.clone();
        let (left, right) = self.other_types.beside(left, right);
        let compared = compared(self.is, left, right);
        let holds = match (compared, self.other_types, self.is) {
            // Both columns exist, so a comparison fails only because their types differ.
            (Err(_), OtherTypes::Unequal, Comparison::Equal) => apart(&columns),
            (Err(_), OtherTypes::Unequal, Comparison::NotEqual) => apart(&columns).negated(),
            (compared, _, _) => compared.map_err(LowerError::from)?,
        };
        Ok(site.rule_on_considered(self.ignore.considered(&columns), holds))
    }

    fn expressions(&self) -> Vec<Expression> {
        vec![self.comparison()]
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        let columns = [self.left.clone(), self.right.clone()];
        let [left, right] = columns.each_ref().map(Subject::column);
        let holds = Formula::pair(&left, self.is, &right);
        Some(Claim::of_rows(self.other_types.manner(), self.ignore.considered_of(&columns), &holds))
    }

    fn demand(&self) -> String {
        format!("{} {} {}{}", self.left, self.is.symbol(), self.right, self.ignore.demand_suffix())
    }
}
