//! Conditions as they are written → formulas.

use super::{Condition, Formula, Point, Regex, Subject, Test};
use crate::data::Literal;
use crate::predicate::{Comparison, Expression, Function, Kind, LIKE_ESCAPE, like_to_regex};

impl Formula {
    /// A condition is true.
    #[must_use]
    pub fn is_true(condition: &Expression) -> Self {
        Self::of(condition, true)
    }

    /// A condition is true or null.
    #[must_use]
    pub fn is_not_false(condition: &Expression) -> Self {
        Self::of(condition, false).negated()
    }

    /// A condition is true, or is false.
    fn of(condition: &Expression, truth: bool) -> Self {
        let same = |all: &[Expression]| all.iter().map(|one| Self::of(one, truth)).collect();
        match &condition.kind {
            Kind::And(all) if truth => Self::All(same(all)),
            Kind::Or(any) if !truth => Self::All(same(any)),
            Kind::And(all) | Kind::Or(all) => Self::Any(same(all)),
            Kind::Not(of) => Self::of(of, !truth),
            Kind::IsTrue(of) if truth => Self::of(of, true),
            Kind::IsTrue(of) => Self::of(of, true).negated(),
            Kind::IsNull(of) if truth => Self::present(&Subject::of(of)).negated(),
            Kind::IsNull(of) => Self::present(&Subject::of(of)),
            Kind::Literal(Literal::Boolean(value)) if *value == truth => Self::always(),
            Kind::Literal(Literal::Boolean(_) | Literal::Null) => Self::never(),
            Kind::Compare(how, left, right) => {
                let how = if truth { *how } else { how.opposite() };
                comparison(how, left, right).unwrap_or_else(|| opaque(condition, truth))
            }
            Kind::InSet(of, literals) => in_set(of, literals, truth),
            Kind::Matches(of, regex) => Self::tested(of, Test::Regex(Regex::new(regex.as_str())), truth),
            Kind::Like(of, pattern) => {
                Self::tested(of, Test::Regex(Regex::new(like_to_regex(pattern, Some(LIKE_ESCAPE)))), truth)
            }
            Kind::Column(_) => {
                let is = Condition::Compare(Comparison::Equal, Point::new(&Literal::Boolean(truth)));
                Self::value(&Subject::of(condition), is)
            }
            _ => opaque(condition, truth),
        }
    }

    fn tested(of: &Expression, test: Test, truth: bool) -> Self {
        Self::value(&Subject::of(of), Condition::Test(test, truth))
    }
}

impl Subject {
    /// The value of an expression.
    #[must_use]
    pub fn of(expression: &Expression) -> Self {
        Self { text: expression.to_string(), nulls: nulls(expression) }
    }
}

/// What is null wherever an expression is, and nowhere else.
fn nulls(of: &Expression) -> String {
    use Function::{Abs, Length, Lower, Ltrim, Rtrim, Trim, Upper};
    match &of.kind {
        Kind::Negate(inner) => nulls(inner),
        Kind::Call(Abs | Length | Lower | Ltrim | Rtrim | Trim | Upper, arguments) => {
            match arguments.as_slice() {
                [inner] => nulls(inner),
                _ => of.to_string(),
            }
        }
        _ => of.to_string(),
    }
}

fn comparison(how: Comparison, left: &Expression, right: &Expression) -> Option<Formula> {
    Some(match (&left.kind, &right.kind) {
        (Kind::Literal(_), Kind::Literal(_)) => return None,
        (Kind::Literal(Literal::Null), _) | (_, Kind::Literal(Literal::Null)) => Formula::never(),
        (_, Kind::Literal(literal)) => Formula::compared(&Subject::of(left), how, literal),
        (Kind::Literal(literal), _) => Formula::compared(&Subject::of(right), how.flipped(), literal),
        _ => Formula::pair(&Subject::of(left), how, &Subject::of(right)),
    })
}

fn in_set(of: &Expression, literals: &[Literal], truth: bool) -> Formula {
    let points = literals.iter().filter(|literal| **literal != Literal::Null).map(Point::new).collect();
    let has_null = literals.contains(&Literal::Null);
    match truth {
        true => Formula::value(&Subject::of(of), Condition::In(points)),
        // What is not found may be the null.
        false if has_null => Formula::never(),
        false => Formula::value(&Subject::of(of), Condition::NotIn(points)),
    }
}

fn opaque(condition: &Expression, truth: bool) -> Formula {
    use super::Atom;
    let text = condition.to_string();
    Formula::Atom(Atom::Opaque { text, yes: truth, no: !truth, null: false })
}
