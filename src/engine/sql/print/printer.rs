//! Prints typed expressions. Every printed part is in parentheses, a call or a single word, so that it stands for itself
//! within any other.

use crate::data::{ColumnPath, DataType, Value};
use crate::engine::sql::sql_text::Guards;
use crate::engine::sql::{Dialect, NotPushable, Sql};
use crate::predicate::{Term, TextTest, Typed};

/// The text of an expression, or why there is none.
pub(in crate::engine::sql) type Printed = Result<String, NotPushable>;

/// Prints an expression in a dialect: exactly what it means, or why that cannot be said.
///
/// # Errors
/// The dialect has no expression that means the same for all values, and for none of its rows can that be told.
pub fn print(expression: &Typed, dialect: &dyn Dialect) -> Result<Sql, NotPushable> {
    let mut printer = Printer::new(dialect);
    let text = printer.print(expression)?;
    Ok(Sql { text, guards: printer.guards })
}

/// Prints expressions on the rows of one relation, and gathers what must hold of its rows.
pub(in crate::engine::sql) struct Printer<'a> {
    pub(super) dialect: &'a dyn Dialect,
    /// What no row may be.
    pub(in crate::engine::sql) guards: Guards,
}

impl<'a> Printer<'a> {
    pub(in crate::engine::sql) fn new(dialect: &'a dyn Dialect) -> Self {
        Self { dialect, guards: Guards::new() }
    }

    /// Demands that a condition is true on no row, for a reason.
    pub(super) fn guard(&mut self, condition: String, why: &str) {
        self.guards.insert(condition, why.to_owned());
    }

    /// Returns that something cannot be said in this dialect.
    pub(super) fn refuse(&self, what: &str) -> NotPushable {
        NotPushable::new(format!("{}: {what}", self.dialect.name()))
    }

    /// Returns the name of a type.
    pub(super) fn type_name(&self, of: &DataType) -> Printed {
        self.dialect.type_name(of).ok_or_else(|| self.refuse(&format!("no type holds what a {of} may hold")))
    }

    pub(in crate::engine::sql) fn print(&mut self, typed: &Typed) -> Printed {
        if let Some(why) = self.dialect.refuses(typed) {
            return Err(self.refuse(why));
        }
        match &typed.term {
            Term::Column(path) => self.column(path),
            Term::Literal(value) => self.literal(value, &typed.data_type),
            Term::Compare(how, left, right) => self.compared(*how, left, right),
            Term::Never(of) => Ok(format!("(CASE WHEN {} IS NOT NULL THEN FALSE END)", self.print(of)?)),
            Term::Arithmetic(how, left, right) => self.arithmetic(*how, left, right, &typed.data_type),
            Term::Negate(of) => self.negated(of, &typed.data_type),
            Term::And(all) => self.joined(all, " AND ", "TRUE"),
            Term::Or(all) => self.joined(all, " OR ", "FALSE"),
            Term::Not(of) => Ok(format!("(NOT {})", self.print(of)?)),
            Term::IsNull(of) => Ok(format!("({} IS NULL)", self.print(of)?)),
            Term::IsTrue(of) => Ok(format!("COALESCE({}, FALSE)", self.print(of)?)),
            Term::InSet(of, values) => self.in_set(of, values),
            Term::InPairs(left, right, pairs) => self.in_pairs(left, right, pairs),
            Term::Matches(of, regex) => {
                let text = self.print(of)?;
                self.found(&text, regex)
            }
            Term::Test(_, test) => Err(self.refuse(&format!("{} is nothing that SQL can tell", named(test)))),
            Term::Cast(of) => self.cast(of, &typed.data_type),
            Term::AnyElement(..) => Err(self.refuse("elements of lists are not looked into")),
            Term::Call(function, arguments) => self.call(*function, arguments, &typed.data_type),
            Term::Case(branches, otherwise) => {
                let branches = branches.iter().map(|branch| {
                    let (when, then) = (self.print(&branch.when)?, self.print(&branch.then)?);
                    Ok(format!(" WHEN {when} THEN {then}"))
                });
                let branches = branches.collect::<Result<String, NotPushable>>()?;
                Ok(format!("(CASE{branches} ELSE {} END)", self.print(otherwise)?))
            }
        }
    }

    fn column(&self, path: &ColumnPath) -> Printed {
        match path.parts() {
            _ if path.elements().is_some() => Err(self.refuse("elements of lists are not looked into")),
            [name] if self.dialect.can_name(name) => Ok(self.dialect.quoted(name)),
            [_] => Err(self.refuse("a column of this name cannot be written")),
            _ => Err(self.refuse("fields of structs are not looked into")),
        }
    }

    /// Prints the condition that a regular expression of karat is found in a printed text.
    pub(super) fn found(&self, text: &str, regex: &str) -> Printed {
        if let Some(part) = super::regex::literal(regex) {
            return Ok(self.dialect.contains(text, &self.text(&part)?));
        }
        let regex = super::regex::regex(regex, self.dialect)?;
        Ok(self.dialect.found(text, &self.text(&regex)?))
    }

    fn joined(&mut self, all: &[Typed], with: &str, none: &str) -> Printed {
        let all = all.iter().map(|one| self.print(one)).collect::<Result<Vec<_>, _>>()?;
        Ok(if all.is_empty() { none.to_owned() } else { format!("({})", all.join(with)) })
    }

    /// Prints a value so that equal ones are equal in groups, too, and texts are told apart by their bytes.
    pub(in crate::engine::sql) fn key(&mut self, typed: &Typed) -> Printed {
        let text = self.print(typed)?;
        Ok(match &typed.data_type {
            // The two zeros are one.
            of @ DataType::Float { .. } => format!("({text} + {})", self.literal(&Value::float(0.0), of)?),
            DataType::String => self.dialect.by_code_point(&text),
            _ => text,
        })
    }

    /// Prints the value of an expression where a condition holds, and null elsewhere.
    pub(in crate::engine::sql) fn where_true(&mut self, of: &str, filter: &Typed) -> Printed {
        if filter.is_always() {
            return Ok(of.to_owned());
        }
        Ok(format!("CASE WHEN {} THEN {of} END", self.print(filter)?))
    }

    fn in_set(&mut self, of: &Typed, values: &[Value]) -> Printed {
        if values.is_empty() {
            return self.print(&Typed::boolean(Term::Never(Box::new(of.clone()))));
        }
        let subject = self.key(of)?;
        let values =
            values.iter().map(|value| self.literal(value, &of.data_type)).collect::<Result<Vec<_>, _>>()?;
        Ok(format!("({subject} IN ({}))", values.join(", ")))
    }

    fn in_pairs(&mut self, left: &Typed, right: &Typed, pairs: &[(Value, Value)]) -> Printed {
        let (one, other) = (self.key(left)?, self.key(right)?);
        let mut any = Vec::with_capacity(pairs.len());
        for (first, second) in pairs {
            let first = self.literal(first, &left.data_type)?;
            let second = self.literal(second, &right.data_type)?;
            let differ = [self.dialect.differ(&one, &first), self.dialect.differ(&other, &second)];
            any.push(format!("(NOT ({}) AND NOT ({}))", differ[0], differ[1]));
        }
        Ok(if any.is_empty() { "FALSE".to_owned() } else { format!("({})", any.join(" OR ")) })
    }
}

/// Returns what a test tells of a text, without what it is compiled from.
fn named(test: &TextTest) -> &'static str {
    match test {
        TextTest::Iban => "an IBAN",
        TextTest::CardNumber => "a card number",
        TextTest::CountryCode(_) => "a code of a country",
        TextTest::CurrencyCode => "a code of a currency",
        TextTest::LanguageCode(_) => "a code of a language",
        TextTest::IpAddress(_) => "an IP address",
        TextTest::Json | TextTest::JsonSchema(_) => "a JSON document",
        TextTest::Dateutil | TextTest::Time(_) => "a written time",
        TextTest::Found(_) | TextTest::Absent(_) => "a regular expression that looks around",
        #[cfg(test)]
        TextTest::Closure(_) => "a function",
    }
}
