//! Builds conditions with the two truth values of pandas in karat's predicate language, which has three.
//!
//! In pandas, a comparison with a null is false, except that `!=` is true. Where only rows on which a
//! condition is true are kept, null and false are the same; under a negation they are not.

use crate::data::{ColumnPath, Literal};
use crate::document::{Node, NodeKind};
use crate::predicate::{Comparison, Expression, Kind};

/// Comparisons as Python writes them; a longer sign comes before its prefix.
pub(super) const SIGNS: [(&str, Comparison); 6] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

/// Returns the value of a column as an expression.
pub(super) fn column(name: &str) -> Expression {
    Expression::column(&ColumnPath::column(name))
}

/// Returns a literal as an expression.
pub(super) fn literal(literal: Literal) -> Expression {
    Expression::new(Kind::Literal(literal))
}

/// Returns a scalar of JSON as a literal, or nothing for a null.
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

/// Returns the negation of a condition: true where the condition is false or null.
pub(super) fn not(of: Expression) -> Expression {
    Expression::new(Kind::Not(Box::new(Expression::new(Kind::IsTrue(Box::new(of))))))
}

/// Returns a comparison. A null is unequal to every value.
pub(super) fn compare(how: Comparison, left: Expression, right: Expression) -> Expression {
    let compare = |how, left, right| Expression::new(Kind::Compare(how, Box::new(left), Box::new(right)));
    match how {
        Comparison::NotEqual => not(compare(Comparison::Equal, left, right)),
        how => compare(how, left, right),
    }
}

/// Returns the condition that an expression equals one of some values: false if there are none.
pub(super) fn is_in(of: Expression, values: Vec<Literal>) -> Expression {
    if values.is_empty() {
        return literal(Literal::Boolean(false));
    }
    Expression::new(Kind::InSet(Box::new(of), values))
}

/// Returns the condition that an expression is null.
pub(super) fn is_null(of: Expression) -> Expression {
    Expression::new(Kind::IsNull(Box::new(of)))
}

/// Returns the condition that an expression is not null.
pub(super) fn has_value(of: Expression) -> Expression {
    Expression::new(Kind::Not(Box::new(is_null(of))))
}

/// Returns the conjunction of conditions.
pub(super) fn all(mut conditions: Vec<Expression>) -> Expression {
    if conditions.len() == 1 { conditions.remove(0) } else { Expression::new(Kind::And(conditions)) }
}

/// Returns the disjunction of conditions.
pub(super) fn any(mut conditions: Vec<Expression>) -> Expression {
    if conditions.len() == 1 { conditions.remove(0) } else { Expression::new(Kind::Or(conditions)) }
}
