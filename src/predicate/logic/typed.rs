//! Conditions on one text → formulas: what tests of texts lower to, whose column can have no other type.

use super::{Condition, Formula, Regex, Subject, Test};
use crate::data::{Literal, Value};
use crate::predicate::{Function, IpVersion, Term, TextTest, Typed};

impl Formula {
    /// A condition is true. Nothing where it is not made of tests of texts.
    #[must_use]
    pub fn of_text(condition: &Typed) -> Option<Self> {
        of(condition, true)
    }
}

fn of(condition: &Typed, truth: bool) -> Option<Formula> {
    let same = |all: &[Typed]| all.iter().map(|one| of(one, truth)).collect::<Option<Vec<_>>>();
    Some(match &condition.term {
        Term::And(all) if truth => Formula::All(same(all)?),
        Term::Or(any) if !truth => Formula::All(same(any)?),
        Term::And(all) | Term::Or(all) => Formula::Any(same(all)?),
        Term::Not(inner) => of(inner, !truth)?,
        Term::IsTrue(inner) if truth => of(inner, true)?,
        Term::IsTrue(inner) => of(inner, true)?.negated(),
        Term::IsNull(inner) if truth => Formula::present(&subject(inner)?).negated(),
        Term::IsNull(inner) => Formula::present(&subject(inner)?),
        Term::Literal(Value::Boolean(value)) if *value == truth => Formula::always(),
        Term::Literal(Value::Boolean(_)) => Formula::never(),
        Term::Compare(how, left, right) => {
            let Term::Literal(Value::Integer(number)) = &right.term else { return None };
            let how = if truth { *how } else { how.opposite() };
            Formula::compared(&subject(left)?, how, &Literal::Number(number.to_string()))
        }
        Term::Never(inner) if truth => Formula::value(&subject(inner)?, Condition::Never),
        Term::Never(inner) => Formula::present(&subject(inner)?),
        Term::Matches(inner, regex) => {
            tested(&subject(inner)?, Test::Regex(Regex::new(regex.as_str())), truth)
        }
        Term::Test(inner, TextTest::IpAddress(IpVersion::Any)) => {
            let of = subject(inner)?;
            let versions = [IpVersion::V4, IpVersion::V6];
            let versions =
                versions.map(|version| tested(&of, Test::Text(TextTest::IpAddress(version)), truth));
            if truth { Formula::Any(versions.into()) } else { Formula::All(versions.into()) }
        }
        Term::Test(inner, test) => tested(&subject(inner)?, Test::Text(test.clone()), truth),
        _ => return None,
    })
}

fn tested(of: &Subject, test: Test, passes: bool) -> Formula {
    Formula::value(of, Condition::Test(test, passes))
}

fn subject(of: &Typed) -> Option<Subject> {
    match &of.term {
        Term::Column(path) => Some(Subject::column(path)),
        Term::Call(Function::Length, arguments) => match arguments.as_slice() {
            [Typed { term: Term::Column(path), .. }] => Some(Subject::length(path)),
            _ => None,
        },
        _ => None,
    }
}
