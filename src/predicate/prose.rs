//! The prose interpreter: the sentence in reports.

use super::{Comparison, Expression, Kind};
use crate::data::Literal;

/// An expression as an English phrase: `amount is more than 0 and status is one of 'O', 'P'`.
#[must_use]
pub fn prose(expression: &Expression) -> String {
    match &expression.kind {
        Kind::Column(path) => path.to_string(),
        Kind::Literal(literal) => literal.to_string(),
        Kind::Compare(how, left, right) => format!("{} {} {}", prose(left), verb(*how), prose(right)),
        Kind::Arithmetic(how, left, right) => {
            format!("{} {} {}", operand(left), how.symbol(), operand(right))
        }
        Kind::Negate(of) => format!("-{}", operand(of)),
        Kind::And(all) => joined(all, "and"),
        Kind::Or(all) => joined(all, "or"),
        Kind::Not(of) => match &of.kind {
            Kind::IsNull(of) => format!("{} is present", prose(of)),
            Kind::InSet(of, values) => format!("{} is none of {}", prose(of), listed(values)),
            Kind::Matches(of, regex) => format!("{} does not match {regex}", prose(of)),
            Kind::Like(of, pattern) => format!("{} is not like {pattern}", prose(of)),
            Kind::And(_) | Kind::Or(_) => format!("it is not so that ({})", prose(of)),
            _ => format!("it is not so that {}", prose(of)),
        },
        Kind::IsNull(of) => format!("{} is missing", prose(of)),
        Kind::IsTrue(of) => format!("{} is true", prose(of)),
        Kind::InSet(of, values) => format!("{} is one of {}", prose(of), listed(values)),
        Kind::Matches(of, regex) => format!("{} matches {regex}", prose(of)),
        Kind::Like(of, pattern) => format!("{} is like {pattern}", prose(of)),
        Kind::Cast(of, to) => format!("{} as {to}", prose(of)),
        Kind::Call(function, arguments) => {
            let arguments: Vec<_> = arguments.iter().map(prose).collect();
            format!("{}({})", function.name(), arguments.join(", "))
        }
    }
}

fn verb(how: Comparison) -> &'static str {
    match how {
        Comparison::Equal => "is",
        Comparison::NotEqual => "is not",
        Comparison::Less => "is less than",
        Comparison::LessOrEqual => "is at most",
        Comparison::Greater => "is more than",
        Comparison::GreaterOrEqual => "is at least",
    }
}

fn operand(of: &Expression) -> String {
    if matches!(of.kind, Kind::Arithmetic(..)) { format!("({})", prose(of)) } else { prose(of) }
}

fn joined(all: &[Expression], word: &str) -> String {
    let parts: Vec<_> = all
        .iter()
        .map(|one| {
            if matches!(one.kind, Kind::And(_) | Kind::Or(_)) {
                format!("({})", prose(one))
            } else {
                prose(one)
            }
        })
        .collect();
    parts.join(&format!(" {word} "))
}

fn listed(values: &[Literal]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predicate::parse;

    #[test]
    fn reads_as_a_sentence() {
        let sentence = |text: &str| prose(&parse(text).unwrap());
        assert_eq!(
            sentence("a >= b and (c is not null or d in (1, 2))"),
            "a is at least b and (c is present or d is one of 1, 2)"
        );
        assert_eq!(sentence("not (x * 2 < 3)"), "it is not so that x * 2 is less than 3");
    }
}
