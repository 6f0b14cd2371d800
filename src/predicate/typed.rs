//! Typed expressions, whose names and types are resolved.

use serde::Serialize;

use super::{Arithmetic, Comparison, Function, TextTest};
use crate::data::{ColumnPath, DataType, Value};

/// An expression that is bound to a schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Typed {
    /// The form of the expression.
    pub term: Term,
    /// The type of the value. The `bits` of a computed integer, or the `precision` of a computed decimal,
    /// bound its magnitude, so that no computation can overflow.
    pub data_type: DataType,
}

/// A branch of a `CASE`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct TypedBranch {
    /// The condition.
    pub when: Typed,
    /// The value, in the type of the whole `CASE`.
    pub then: Typed,
}

/// The forms of a typed expression. Both sides of a comparison have the same type, or types without a common
/// supertype, which are compared value by value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// The value of a column.
    Column(ColumnPath),
    /// A literal.
    Literal(Value),
    /// A comparison; null if a side is null.
    Compare(Comparison, Box<Typed>, Box<Typed>),
    /// False, or null where the operand is null: a comparison that no value of the operand's type can meet.
    Never(Box<Typed>),
    /// A computation, in the type of the whole; null if a side is null.
    Arithmetic(Arithmetic, Box<Typed>, Box<Typed>),
    /// A negated number.
    Negate(Box<Typed>),
    /// True if all conditions hold (three-valued).
    And(Vec<Typed>),
    /// True if at least one condition holds (three-valued).
    Or(Vec<Typed>),
    /// True if the condition does not hold (three-valued).
    Not(Box<Typed>),
    /// True if the value is null; never null itself.
    IsNull(Box<Typed>),
    /// True if the condition is true; never null itself.
    IsTrue(Box<Typed>),
    /// True if the operand is one of these values, none of which is null; null if the operand is null.
    InSet(Box<Typed>, Vec<Value>),
    /// True if both operands together are one of these pairs, where a null equals a null.
    InPairs(Box<Typed>, Box<Typed>, Vec<(Value, Value)>),
    /// True if a regular expression is found in the text.
    Matches(Box<Typed>, String),
    /// True if the text passes a test; null if the operand is null.
    Test(Box<Typed>, TextTest),
    /// A cast to the type of the whole; null where the cast fails.
    Cast(Box<Typed>),
    /// True if a condition is true on an element of a list; false if the list is null. The only column of the
    /// condition is the element.
    AnyElement(Box<Typed>, Box<Typed>),
    /// A call of a function.
    Call(Function, Vec<Typed>),
    /// The value of the first branch whose condition is true, else the last value.
    Case(Vec<TypedBranch>, Box<Typed>),
}

impl Typed {
    /// Returns a boolean expression.
    #[must_use]
    pub fn boolean(term: Term) -> Self {
        Self { term, data_type: DataType::Boolean }
    }

    /// Returns an expression that reads a column of a type.
    #[must_use]
    pub fn column(path: &ColumnPath, data_type: &DataType) -> Self {
        Self { term: Term::Column(path.clone()), data_type: data_type.clone() }
    }

    /// Returns the condition that is true for every row.
    #[must_use]
    pub fn always() -> Self {
        Self::boolean(Term::Literal(Value::Boolean(true)))
    }

    /// Returns whether this is the condition that is true for every row.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.term == Term::Literal(Value::Boolean(true))
    }

    /// Returns the condition that a regular expression, which is checked and in the engine's dialect, is
    /// found in this text.
    #[must_use]
    pub fn matches(self, regex: String) -> Self {
        Self::boolean(Term::Matches(Box::new(self), regex))
    }

    /// Returns the condition that this text passes a test.
    #[must_use]
    pub fn passes(self, test: TextTest) -> Self {
        Self::boolean(Term::Test(Box::new(self), test))
    }

    /// Returns the condition that another condition is true on an element of this list.
    #[must_use]
    pub fn any_element(self, condition: Self) -> Self {
        Self::boolean(Term::AnyElement(Box::new(self), Box::new(condition)))
    }

    /// Returns `self IS NULL`.
    #[must_use]
    pub fn is_null(self) -> Self {
        Self::boolean(Term::IsNull(Box::new(self)))
    }

    /// Returns `self IS NOT NULL`.
    #[must_use]
    pub fn is_not_null(self) -> Self {
        self.is_null().negated()
    }

    /// Returns `NOT self`.
    #[must_use]
    pub fn negated(self) -> Self {
        match self.term {
            Term::Not(of) => *of,
            _ => Self::boolean(Term::Not(Box::new(self))),
        }
    }

    /// Returns `self IS TRUE`; a condition that is never null stays as it is.
    #[must_use]
    pub fn is_true(self) -> Self {
        if self.is_never_null() { self } else { Self::boolean(Term::IsTrue(Box::new(self))) }
    }

    /// Returns the condition that all terms hold; terms that always hold are left out.
    #[must_use]
    pub fn all(terms: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for typed in terms {
            match typed.term {
                Term::And(inner) => flat.extend(inner),
                _ if typed.is_always() => {}
                _ => flat.push(typed),
            }
        }
        match flat.len() {
            0 => Self::always(),
            1 => flat.remove(0),
            _ => Self::boolean(Term::And(flat)),
        }
    }

    /// Returns the condition that at least one term holds.
    #[must_use]
    pub fn any(mut terms: Vec<Self>) -> Self {
        match terms.len() {
            1 => terms.remove(0),
            _ => Self::boolean(Term::Or(terms)),
        }
    }

    fn is_never_null(&self) -> bool {
        match &self.term {
            Term::IsNull(_) | Term::IsTrue(_) | Term::InPairs(..) | Term::AnyElement(..) => true,
            Term::Not(of) => of.is_never_null(),
            Term::And(all) | Term::Or(all) => all.iter().all(Self::is_never_null),
            Term::Literal(value) => !value.is_null(),
            _ => false,
        }
    }

    /// Returns whether the value follows from those of some expressions.
    pub(crate) fn follows_from(&self, keys: &[&Self]) -> bool {
        let is_known = match self.term {
            Term::Literal(_) => true,
            Term::Column(_) => false,
            _ => self.children().into_iter().all(|child| child.follows_from(keys)),
        };
        is_known || keys.contains(&self)
    }

    /// Returns the terms directly below this one.
    pub(super) fn children(&self) -> Vec<&Self> {
        match &self.term {
            Term::Column(_) | Term::Literal(_) => Vec::new(),
            Term::Compare(_, left, right)
            | Term::Arithmetic(_, left, right)
            | Term::InPairs(left, right, _) => vec![left, right],
            Term::And(all) | Term::Or(all) | Term::Call(_, all) => all.iter().collect(),
            Term::Case(branches, otherwise) => {
                let branches = branches.iter().flat_map(|branch| [&branch.when, &branch.then]);
                branches.chain(std::iter::once(otherwise.as_ref())).collect()
            }
            Term::Never(of)
            | Term::Negate(of)
            | Term::Not(of)
            | Term::IsNull(of)
            | Term::IsTrue(of)
            | Term::InSet(of, _)
            | Term::Matches(of, _)
            | Term::Test(of, _)
            | Term::Cast(of)
            | Term::AnyElement(of, _) => vec![of],
        }
    }

    /// Calls `see` with both sides of every comparison of two values.
    pub fn each_comparison(&self, see: &mut impl FnMut(&Self, &Self)) {
        if let Term::Compare(_, left, right) = &self.term {
            see(left, right);
        }
        for child in self.children() {
            child.each_comparison(see);
        }
    }

    /// Calls `see` with every column that the expression reads.
    pub fn each_column<'a>(&'a self, see: &mut impl FnMut(&'a ColumnPath)) {
        if let Term::Column(path) = &self.term {
            see(path);
        }
        for child in self.children() {
            child.each_column(see);
        }
    }
}
