//! `pair_in_set`: the values of two columns are together one of a set of pairs.

use super::super::ignore_row_if::Ignore;
use super::super::other_types::OtherTypes;
use super::super::{
    Arguments, Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind,
    Scope, Site,
};
use crate::data::{ColumnPath, Literal};
use crate::document::{Diagnostic, Node};
use crate::predicate::logic::Formula;
use crate::predicate::{Term, Typed};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "pair_in_set",
    family: Family::Multi,
    scope: Scope::Table,
    nature: Nature::Rows,
    summary: "in every row the values of two columns are together one of a set of pairs",
    parameters: &[
        Parameter::required("left", ParameterKind::Column, "the first of each pair"),
        Parameter::required("right", ParameterKind::Column, "the second of each pair"),
        Parameter::required("values", ParameterKind::Pairs, "the pairs allowed"),
        Ignore::OF_PAIR,
        OtherTypes::PARAMETER,
    ],
    bare: None,
    page: include_str!("../../../expectations/multi/pair_in_set.md"),
    read: |arguments| Ok(Box::new(PairInSet::read(arguments)?)),
};

#[derive(Debug)]
struct PairInSet {
    left: ColumnPath,
    right: ColumnPath,
    values: Vec<(Literal, Literal)>,
    ignore: Ignore,
    other_types: OtherTypes,
}

impl PairInSet {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let node = arguments.required("values")?;
        let values: Vec<_> = node.list("a list of pairs")?.iter().map(pair).collect::<Result<_, _>>()?;
        if values.is_empty() {
            return Err(Diagnostic::new(node.span, "an empty list of pairs"));
        }
        Ok(Self {
            left: arguments.required_column("left")?,
            right: arguments.required_column("right")?,
            values,
            ignore: Ignore::of_pair(arguments)?,
            other_types: OtherTypes::read(arguments)?,
        })
    }
}

/// Reads a pair of literals, either of which may be null.
fn pair(node: &Node) -> Result<(Literal, Literal), Diagnostic> {
    const WANTED: &str = "a pair of values, [a, b]";
    let literal = |node: &Node| {
        if node.is_null() { Ok(Literal::Null) } else { node.scalar("a value").map(Literal::from_scalar) }
    };
    match node.list(WANTED)? {
        [left, right] => Ok((literal(left)?, literal(right)?)),
        _ => Err(node.expected_error(WANTED)),
    }
}

impl Expectation for PairInSet {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let columns = [site.comparable(&self.left)?, site.comparable(&self.right)?];
        let [left, right] = &columns;
        let mut pairs = Vec::with_capacity(self.values.len());
        for (first, second) in &self.values {
            let first = self.other_types.value(first, &left.data_type)?;
            // A pair with a value that no row has matches no row, and is left out.
            pairs.extend(first.zip(self.other_types.value(second, &right.data_type)?));
        }
        let found = if pairs.is_empty() {
            Typed::always().negated()
        } else {
            Typed::boolean(Term::InPairs(Box::new(left.clone()), Box::new(right.clone()), pairs))
        };
        Ok(site.rule_on_considered(self.ignore.considered(&columns), found))
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        let columns = [self.left.clone(), self.right.clone()];
        let of = |pair| Formula::opaque(format!("({}, {}) is {pair:?}", self.left, self.right));
        let holds = Formula::Any(self.values.iter().map(of).collect());
        Some(Claim::of_rows(self.other_types.manner(), self.ignore.considered_of(&columns), &holds))
    }

    fn demand(&self) -> String {
        const MOST: usize = 4;
        let shown = self.values.iter().take(MOST).map(|(left, right)| format!("({left}, {right})"));
        let shown: Vec<_> = shown.collect();
        let count = self.values.len();
        let more = if count > MOST { format!(", … {count} in all") } else { String::new() };
        let ignored = self.ignore.demand_suffix();
        format!("({}, {}) in [{}{more}]{ignored}", self.left, self.right, shown.join(", "))
    }
}
