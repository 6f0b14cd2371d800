//! Renders typed expressions in the words of SQL, as `karat plan` shows them.

use std::fmt::{self, Display as _};

use super::{Term, Typed};
use crate::data::Value;

impl fmt::Display for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.term {
            Term::Column(path) => path.fmt(f),
            Term::Literal(value) => literal(value).fmt(f),
            Term::Compare(how, left, right) => write!(f, "{} {} {}", Inner(left), how.symbol(), Inner(right)),
            Term::Never(of) => write!(f, "{} is never met", Inner(of)),
            Term::Arithmetic(how, left, right) => {
                write!(f, "{} {} {}", Inner(left), how.symbol(), Inner(right))
            }
            Term::Negate(of) => write!(f, "-{}", Inner(of)),
            Term::And(all) => joined(f, all, " and "),
            Term::Or(all) => joined(f, all, " or "),
            Term::Not(of) => match &of.term {
                Term::IsNull(of) => write!(f, "{} is not null", Inner(of)),
                Term::IsTrue(of) => write!(f, "{} is not true", Inner(of)),
                Term::InSet(of, values) => write!(f, "{} not in ({})", Inner(of), listed(values)),
                _ => write!(f, "not {}", Inner(of)),
            },
            Term::IsNull(of) => write!(f, "{} is null", Inner(of)),
            Term::IsTrue(of) => write!(f, "{} is true", Inner(of)),
            Term::InSet(of, values) => write!(f, "{} in ({})", Inner(of), listed(values)),
            Term::InPairs(left, right, pairs) => {
                let pairs: Vec<_> = pairs
                    .iter()
                    .map(|(left, right)| format!("({}, {})", literal(left), literal(right)))
                    .collect();
                write!(f, "({left}, {right}) in ({})", pairs.join(", "))
            }
            Term::Matches(of, regex) => write!(f, "{} rlike {}", Inner(of), text(regex)),
            Term::Test(of, test) => write!(f, "{} {test}", Inner(of)),
            Term::Cast(of) => write!(f, "cast({of} as {})", self.data_type),
            Term::AnyElement(of, condition) => write!(f, "for an element of {}, {condition}", Inner(of)),
            Term::Case(branches, otherwise) => {
                f.write_str("case")?;
                for branch in branches {
                    write!(f, " when {} then {}", branch.when, branch.then)?;
                }
                write!(f, " else {otherwise} end")
            }
            Term::Call(function, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(ToString::to_string).collect();
                write!(f, "{}({})", function.name(), arguments.join(", "))
            }
        }
    }
}

/// An operand, in parentheses unless it cannot be misread.
struct Inner<'a>(&'a Typed);

impl fmt::Display for Inner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.term {
            Term::Column(_) | Term::Literal(_) | Term::Cast(_) | Term::Call(..) => self.0.fmt(f),
            _ => write!(f, "({})", self.0),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, all: &[Typed], with: &str) -> fmt::Result {
    for (index, one) in all.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { with })?;
        match &one.term {
            // All other terms bind closer than `and` and `or`.
            Term::And(_) | Term::Or(_) => Inner(one).fmt(f)?,
            _ => one.fmt(f)?,
        }
    }
    Ok(())
}

fn listed(values: &[Value]) -> String {
    values.iter().map(literal).collect::<Vec<_>>().join(", ")
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null | Value::Boolean(_) | Value::Integer(_) | Value::Decimal(_) | Value::Float(_) => {
            value.to_string()
        }
        other => text(&other.to_string()),
    }
}

fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{ColumnPath, DataType};

    #[test]
    fn conditions_read_as_sql() {
        let status = Typed::column(&ColumnPath::column("status"), &DataType::String);
        let values = vec![Value::String("O".into()), Value::String("it's".into())];
        let found = Typed::boolean(Term::InSet(Box::new(status.clone()), values));
        let failing = Typed::all([status.clone().is_not_null(), found.clone().negated()]);
        assert_eq!(failing.to_string(), "status is not null and status not in ('O', 'it''s')");
        assert_eq!(
            Typed::any(vec![status.is_null(), failing, found.is_true()]).to_string(),
            "status is null or (status is not null and status not in ('O', 'it''s')) or (status in ('O', 'it''s')) is true"
        );
    }
}
