//! The prose interpreter: the sentence in reports.

use super::expression::Shift;
use super::{Comparison, Expression, Function, Kind};
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
        Kind::Cast(of, to) => format!("cast({} as {to})", prose(of)),
        Kind::Call(Function::CurrentDate, _) => "today".to_owned(),
        Kind::Call(Function::CurrentTimestamp, _) => "now".to_owned(),
        Kind::Call(Function::Concat, texts) => texts.iter().map(operand).collect::<Vec<_>>().join(" || "),
        Kind::Call(function, arguments) => {
            if let Some(Shift { of, sign, count, unit }) = expression.shift() {
                let several = if count == "1" { "" } else { "s" };
                return format!("{} {sign} {count} {}{several}", operand(of), unit.name());
            }
            let arguments: Vec<_> = arguments.iter().map(prose).collect();
            format!("{}({})", function.name(), arguments.join(", "))
        }
        Kind::Case(branches, otherwise) => {
            let mut parts: Vec<_> = branches
                .iter()
                .map(|branch| format!("{} if {}", operand(&branch.then), operand(&branch.when)))
                .collect();
            parts.extend(otherwise.as_ref().map(|otherwise| format!("otherwise {}", operand(otherwise))));
            format!("({})", parts.join(", "))
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
    let several = matches!(
        of.kind,
        Kind::Arithmetic(..) | Kind::And(_) | Kind::Or(_) | Kind::Call(Function::Concat, _)
    );
    if several || of.shift().is_some() { format!("({})", prose(of)) } else { prose(of) }
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
        assert_eq!(
            sentence("d < current_date - interval 3 months and ts <= now()"),
            "d is less than today - 3 months and ts is at most now"
        );
        assert_eq!(
            sentence("case when a > 1 and b then 0 else x end >= (first || ' ' || last)"),
            "(0 if (a is more than 1 and b), otherwise x) is at least (first || ' ') || last"
        );
    }
}
