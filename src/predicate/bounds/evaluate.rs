//! Evaluates expressions over the bounds of columns in a world.

use std::collections::BTreeMap;

use super::range::Range;
use super::scalar::Scalar;
use super::truth_values::TruthValues;
use crate::data::{ColumnPath, DataType, Value};
use crate::predicate::{Arithmetic, Term, Typed, TypedBranch};

/// A set of rows, described by the values that each column may have on them.
pub(super) struct World<'a> {
    pub columns: BTreeMap<&'a ColumnPath, Scalar<'a>>,
}

impl<'a> World<'a> {
    /// Returns the outcomes that a condition may have.
    pub(super) fn truth_values(&self, condition: &'a Typed) -> TruthValues {
        match &condition.term {
            Term::Compare(how, left, right) => self.scalar(left).compared(*how, &self.scalar(right)),
            Term::Never(of) => self.scalar(of).never(),
            Term::And(all) => self.folded(all, TruthValues::and),
            Term::Or(all) => self.folded(all, TruthValues::or),
            Term::Not(of) => self.truth_values(of).not(),
            Term::IsNull(of) => self.scalar(of).is_null(),
            Term::IsTrue(of) => self.truth_values(of).is_true(),
            Term::InSet(of, set) => self.scalar(of).is_among(set),
            Term::InPairs(left, right, pairs) => {
                is_among_pairs(&self.scalar(left), &self.scalar(right), pairs)
            }
            Term::Matches(of, _) | Term::Test(of, _) => self.scalar(of).some_condition(),
            Term::AnyElement(list, _) => {
                TruthValues { yes: self.scalar(list).value.is_some(), no: true, null: false }
            }
            Term::Column(_)
            | Term::Literal(_)
            | Term::Arithmetic(..)
            | Term::Negate(_)
            | Term::Cast(_)
            | Term::Case(..)
            | Term::Call(..) => self.scalar(condition).truth_values(),
        }
    }

    /// Combines the outcomes of conditions; without conditions the result is true for AND and OR, as in a
    /// scan.
    fn folded(&self, all: &'a [Typed], with: fn(TruthValues, TruthValues) -> TruthValues) -> TruthValues {
        all.iter().map(|one| self.truth_values(one)).reduce(with).unwrap_or(TruthValues::TRUE)
    }

    /// Returns the values that an expression may have.
    pub(super) fn scalar(&self, typed: &'a Typed) -> Scalar<'a> {
        let data_type = &typed.data_type;
        match &typed.term {
            Term::Column(path) => self.columns.get(path).cloned().unwrap_or_else(Scalar::unknown),
            Term::Literal(value) => Scalar::literal(value, data_type),
            Term::Arithmetic(how, left, right) => {
                let (left, right) = (self.scalar(left), self.scalar(right));
                left.computed(right, |left, right| match how {
                    Arithmetic::Add => left.plus(right, data_type),
                    Arithmetic::Subtract => left.minus(right, data_type),
                    Arithmetic::Multiply => left.times(right, data_type),
                    Arithmetic::Divide | Arithmetic::Remainder => Range::default(),
                })
            }
            Term::Negate(of) => self.scalar(of).mapped(|range| range.negated(data_type)),
            Term::Cast(of) => self.cast(of, data_type),
            Term::Call(function, arguments) => self.called(*function, arguments, data_type),
            Term::Case(branches, otherwise) => self.case(branches, otherwise),
            Term::Compare(..)
            | Term::Never(_)
            | Term::And(_)
            | Term::Or(_)
            | Term::Not(_)
            | Term::IsNull(_)
            | Term::IsTrue(_)
            | Term::InSet(..)
            | Term::InPairs(..)
            | Term::Matches(..)
            | Term::Test(..)
            | Term::AnyElement(..) => Scalar::of_truth_values(self.truth_values(typed)),
        }
    }

    fn cast(&self, of: &'a Typed, to: &DataType) -> Scalar<'a> {
        if of.data_type == *to {
            return self.scalar(of);
        }
        self.scalar(of).mapped(|range| range.cast(&of.data_type, to))
    }

    /// Returns the values of all branches that may be taken.
    fn case(&self, branches: &'a [TypedBranch], otherwise: &'a Typed) -> Scalar<'a> {
        let mut given: Option<Scalar<'a>> = None;
        let mut add = |more: Scalar<'a>| {
            given = Some(match given.take() {
                Some(before) => before.either(more),
                None => more,
            });
        };
        let mut goes_on = true;
        for branch in branches {
            let condition = self.truth_values(&branch.when);
            if condition.yes {
                add(self.scalar(&branch.then));
            }
            goes_on = condition.no || condition.null;
            if !goes_on {
                break;
            }
        }
        if goes_on {
            add(self.scalar(otherwise));
        }
        given.unwrap_or_else(Scalar::unknown)
    }
}

/// Returns the outcomes of the condition that two values together are one of these pairs; never null.
fn is_among_pairs(left: &Scalar<'_>, right: &Scalar<'_>, pairs: &[(Value, Value)]) -> TruthValues {
    let yes = pairs.iter().any(|(first, second)| left.may_be(first) && right.may_be(second));
    TruthValues { yes, no: !(yes && left.is_constant() && right.is_constant()), null: false }
}
