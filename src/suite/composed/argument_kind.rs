//! The kinds of arguments that parameters of composed expectations take.

use crate::data::{Decimal, Literal};
use crate::document::{Diagnostic, Node, NodeKind};
use crate::expectation::{ParameterKind, column_of};
use crate::predicate::{Expression, parse};

/// The kind of argument that a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// A literal.
    Value,
    /// A list of literals.
    Values,
    /// A number.
    Number,
    /// A text, whatever it looks like.
    Text,
    /// `true` or `false`.
    Boolean,
    /// The name of a column.
    Column,
    /// A list of names of columns.
    Columns,
    /// SQL: a predicate or a value of one row.
    Sql,
    /// Any argument of the expectation to which the parameter is passed on.
    Any,
}

impl ArgumentKind {
    /// The names of the kinds, the default first.
    pub(super) const NAMES: [(&'static str, Self); 9] = [
        ("value", Self::Value),
        ("values", Self::Values),
        ("number", Self::Number),
        ("text", Self::Text),
        ("boolean", Self::Boolean),
        ("column", Self::Column),
        ("columns", Self::Columns),
        ("sql", Self::Sql),
        ("any", Self::Any),
    ];

    /// Returns the name of the kind in definitions.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, takes)| *takes == self).map_or("any", |(name, _)| name)
    }

    /// Returns the kind in terms of the catalogue; `None` for any argument.
    #[must_use]
    pub fn kind(self) -> Option<ParameterKind> {
        Some(match self {
            Self::Value => ParameterKind::Literal,
            Self::Values => ParameterKind::Literals,
            Self::Number => ParameterKind::Number,
            Self::Text => ParameterKind::Text,
            Self::Boolean => ParameterKind::Boolean,
            Self::Column => ParameterKind::Column,
            Self::Columns => ParameterKind::Columns,
            Self::Sql => ParameterKind::Sql,
            Self::Any => return None,
        })
    }

    /// Checks that an argument is of this kind.
    ///
    /// # Errors
    /// The argument is something else.
    pub(super) fn check(self, argument: &Node) -> Result<(), Diagnostic> {
        match self {
            Self::Any => Ok(()),
            // Only the use decides whether the SQL must be a predicate.
            Self::Sql => argument.text("a text in SQL").map(drop),
            _ => self.as_sql(argument).map(drop),
        }
    }

    /// Returns the argument as SQL that keeps its meaning wherever it is inserted.
    ///
    /// # Errors
    /// The argument is something else than is taken, or nothing that SQL can say.
    pub(super) fn as_sql(self, argument: &Node) -> Result<String, Diagnostic> {
        match self {
            Self::Value => {
                let scalar = argument.scalar("a value")?;
                Ok(match argument.boolean("") {
                    Ok(value) if !scalar.quoted => Literal::Boolean(value).to_string(),
                    _ => match Decimal::parse(&scalar.text) {
                        Some(number) if !scalar.quoted => as_operand(number),
                        _ => Literal::Text(scalar.text.clone()).to_string(),
                    },
                })
            }
            Self::Values => each(argument, "a list of values", |item| Self::Value.as_sql(item)),
            Self::Number => {
                let scalar = argument.scalar("a number")?;
                let number = Decimal::parse(&scalar.text).filter(|_| !scalar.quoted);
                number.map(as_operand).ok_or_else(|| argument.expected_error("a number"))
            }
            // A text in quotes may be empty or look like a null.
            Self::Text => match &argument.kind {
                NodeKind::Scalar(scalar) => Ok(Literal::Text(scalar.text.clone()).to_string()),
                _ => Err(argument.expected_error("a text")),
            },
            Self::Boolean => {
                argument.boolean("true or false").map(|value| Literal::Boolean(value).to_string())
            }
            Self::Column => {
                let path = column_of(argument, "the name of a column")?;
                Ok(Expression::column(&path).to_string())
            }
            // One column needs no list.
            Self::Columns if matches!(argument.kind, NodeKind::Scalar(_)) => Self::Column.as_sql(argument),
            Self::Columns => each(argument, "a list of columns", |item| Self::Column.as_sql(item)),
            Self::Sql => {
                let parsed = parse(argument.text("a predicate in SQL")?);
                Ok(format!("({})", parsed.map_err(|error| error.inside(argument))?))
            }
            Self::Any => Err(argument.expected_error("what SQL can say")),
        }
    }
}

/// Returns a number as SQL, a negative one in parentheses: two minus signs in a row would begin a comment.
fn as_operand(number: Decimal) -> String {
    if number.unscaled < 0 { format!("({number})") } else { number.to_string() }
}

fn each(
    argument: &Node,
    what: &str,
    as_sql: impl Fn(&Node) -> Result<String, Diagnostic>,
) -> Result<String, Diagnostic> {
    let items = argument.list(what)?.iter().map(as_sql).collect::<Result<Vec<_>, _>>()?;
    if items.is_empty() { Err(Diagnostic::new(argument.span, "an empty list")) } else { Ok(items.join(", ")) }
}
