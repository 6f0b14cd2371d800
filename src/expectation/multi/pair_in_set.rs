//! `pair_in_set`: the values of two columns are together one of a set of pairs.

use super::super::missing::Ignore;
use super::super::{
    Arguments, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope,
    Site,
};
use crate::data::{ColumnPath, Literal};
use crate::document::{Diagnostic, Node};
use crate::predicate::{Term, Typed};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "pair_in_set",
    great_expectations: &["expect_column_pair_values_to_be_in_set"],
    family: Family::Multi,
    scope: Scope::Table,
    nature: Nature::Rows,
    summary: "in every row the values of two columns are together one of a set of pairs",
    parameters: &[
        Parameter::required("left", ParameterKind::Column, "the first of each pair"),
        Parameter::required("right", ParameterKind::Column, "the second of each pair"),
        Parameter::required("values", ParameterKind::Pairs, "the pairs allowed"),
        Ignore::OF_PAIR,
    ],
    bare: None,
    page: include_str!("../../../expectations/multi/pair_in_set.md"),
    read: |arguments| Ok(Box::new(PairInSet::read(arguments)?)),
};

#[derive(Debug)]
struct PairInSet {
    left: ColumnPath,
    right: ColumnPath,
    /// Each value of the left side once, with those it may stand beside.
    beside: Vec<(Literal, Vec<Literal>)>,
    ignore: Ignore,
}

impl PairInSet {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let mut beside: Vec<(Literal, Vec<Literal>)> = Vec::new();
        let values = arguments.required("values")?;
        for node in values.list("a list of pairs")? {
            let (left, right) = pair(node)?;
            match beside.iter_mut().find(|(known, _)| *known == left) {
                Some((_, rights)) => rights.push(right),
                None => beside.push((left, vec![right])),
            }
        }
        if beside.is_empty() {
            return Err(Diagnostic::new(values.span, "an empty list of pairs"));
        }
        Ok(Self {
            left: arguments.required_column("left")?,
            right: arguments.required_column("right")?,
            beside,
            ignore: Ignore::of_pair(arguments)?,
        })
    }
}

/// Two literals, either of which may be null.
fn pair(node: &Node) -> Result<(Literal, Literal), Diagnostic> {
    const WANTED: &str = "a pair of values, [a, b]";
    let literal = |node: &Node| {
        if node.is_null() { Ok(Literal::Null) } else { node.scalar("a value").map(Literal::from_scalar) }
    };
    match node.list(WANTED)? {
        [left, right] => Ok((literal(left)?, literal(right)?)),
        _ => Err(node.not(WANTED)),
    }
}

/// The condition that a value is one of these; a null equals a null.
fn one_of(of: &Typed, literals: &[Literal]) -> Result<Typed, LowerError> {
    let nulls = literals.contains(&Literal::Null).then(|| of.clone().is_null());
    let known = literals.iter().filter(|literal| **literal != Literal::Null);
    let values: Vec<_> = known.map(|literal| literal.bind(&of.data_type)).collect::<Result<_, _>>()?;
    let found = (!values.is_empty()).then(|| Typed::boolean(Term::InSet(Box::new(of.clone()), values)));
    Ok(Typed::any(nulls.into_iter().chain(found).collect()))
}

impl Expectation for PairInSet {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let columns = [site.comparable(&self.left)?, site.comparable(&self.right)?];
        let [left, right] = &columns;
        let mut allowed = Vec::with_capacity(self.beside.len());
        for (first, seconds) in &self.beside {
            allowed.push(Typed::all([one_of(left, std::slice::from_ref(first))?, one_of(right, seconds)?]));
        }
        Ok(site.where_considered(self.ignore.considered(&columns), Typed::any(allowed)))
    }

    fn demand(&self) -> String {
        const MOST: usize = 4;
        let pairs =
            self.beside.iter().flat_map(|(left, rights)| rights.iter().map(move |right| (left, right)));
        let shown: Vec<_> =
            pairs.clone().take(MOST).map(|(left, right)| format!("({left}, {right})")).collect();
        let count = pairs.count();
        let more = if count > MOST { format!(", … {count} in all") } else { String::new() };
        format!("({}, {}) in [{}{more}]", self.left, self.right, shown.join(", "))
    }
}
