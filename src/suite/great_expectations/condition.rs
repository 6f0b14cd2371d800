//! Conditions with two truth values, as pandas has them, in karat's predicate language, which has three.
//!
//! A comparison with a null is false in pandas, and `!=` is true of it. Where only rows on which a
//! condition is true are kept, null and false are the same; under a negation they are not.

use crate::data::{ColumnPath, Literal};
use crate::document::{Node, NodeKind};
use crate::predicate::{Comparison, Expression, Kind};

/// Comparisons as Python writes them; a sign comes before the one that it begins with.
pub(super) const SIGNS: [(&str, Comparison); 6] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

/// The value of a column.
pub(super) fn column(name: &str) -> Expression {
    Expression::column(&ColumnPath::column(name))
}

/// A value.
pub(super) fn literal(literal: Literal) -> Expression {
    Expression::new(Kind::Literal(literal))
}

/// A scalar of JSON as a value; nothing for a null.
pub(super) fn value_of(node: &Node) -> Option<Literal> {
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.is_null() => None,
        NodeKind::Scalar(scalar) if scalar.quoted => Some(Literal::Text(scalar.text.clone())),
        NodeKind::Scalar(scalar) => Some(match scalar.text.as_str() {
            "true" => Literal::Boolean(true),
            "false" => Literal::Boolean(false),
            number => Literal::Number(number.to_owned()),
        }),
        NodeKind::List(_) | NodeKind::Map(_) => None,
    }
}

/// Returns whether a condition is not true: true where it is false or null.
pub(super) fn not(of: Expression) -> Expression {
    Expression::new(Kind::Not(Box::new(Expression::new(Kind::IsTrue(Box::new(of))))))
}

/// A comparison; what is not equal may be null.
pub(super) fn compare(how: Comparison, left: Expression, right: Expression) -> Expression {
    let compare = |how, left, right| Expression::new(Kind::Compare(how, Box::new(left), Box::new(right)));
    match how {
        Comparison::NotEqual => not(compare(Comparison::Equal, left, right)),
        how => compare(how, left, right),
    }
}

/// Returns whether it is one of these values. It is none of no values.
pub(super) fn is_in(of: Expression, values: Vec<Literal>) -> Expression {
    if values.is_empty() {
        return literal(Literal::Boolean(false));
    }
    Expression::new(Kind::InSet(Box::new(of), values))
}

/// Returns whether it is null.
pub(super) fn is_null(of: Expression) -> Expression {
    Expression::new(Kind::IsNull(Box::new(of)))
}

/// Returns whether it has a value.
pub(super) fn has_value(of: Expression) -> Expression {
    Expression::new(Kind::Not(Box::new(is_null(of))))
}

/// Returns whether all hold.
pub(super) fn all(mut conditions: Vec<Expression>) -> Expression {
    if conditions.len() == 1 { conditions.remove(0) } else { Expression::new(Kind::And(conditions)) }
}

/// Returns whether at least one holds.
pub(super) fn any(mut conditions: Vec<Expression>) -> Expression {
    if conditions.len() == 1 { conditions.remove(0) } else { Expression::new(Kind::Or(conditions)) }
}
