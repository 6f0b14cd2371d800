//! Translates `row_condition` in all its forms to karat's `where`.

use super::columns::path;
use super::condition::{all, any, compare, has_value, is_in, is_null, literal, not, value_of};
use super::{column_condition, pandas_query};
use crate::document::{Diagnostic, Node, NodeKind};
use crate::predicate::{Comparison, Expression, parse};

/// Returns the condition as a text of karat's predicate language.
///
/// # Errors
/// It cannot be translated; its text is shown.
pub(super) fn filter(condition: &Node, parser: Option<&Node>) -> Result<Node, Diagnostic> {
    let expression = match &condition.kind {
        NodeKind::Map(_) => object(condition)?,
        _ => text(condition, parser)?,
    };
    Ok(Node::derived_text(expression.to_string(), condition.span))
}

fn text(condition: &Node, parser: Option<&Node>) -> Result<Expression, Diagnostic> {
    let text = condition.text("a condition")?;
    let translated = match parser {
        None => passed_through(text),
        Some(parser) => match parser.text("the name of a condition parser")? {
            "pandas" | "python" => pandas_query::translate(text),
            "spark" | "spark_sql" | "sql" => spark(text),
            "great_expectations" | "great_expectations__experimental__" | "ge" => {
                column_condition::translate(text)
            }
            other => return Err(Diagnostic::new(parser.span, format!("no condition_parser {other:?}"))),
        },
    };
    translated.map_err(|reason| untranslated(condition, text, &reason))
}

fn untranslated(condition: &Node, text: &str, reason: &str) -> Diagnostic {
    let message = format!("the row_condition {text:?} is not translated: {reason}");
    Diagnostic::new(condition.span, message).help("write it as a predicate in SQL under \"where\"")
}

/// Translates a condition that goes to an unknown engine as it is: as pandas, otherwise as Spark SQL.
fn passed_through(text: &str) -> Result<Expression, String> {
    pandas_query::translate(text).or_else(|reason| spark(text).map_err(|_| reason))
}

/// Translates a condition of Spark SQL, in which double quotes enclose texts and `==` means `=`.
fn spark(text: &str) -> Result<Expression, String> {
    let mut sql = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut inside = None;
    while let Some(c) = rest.next() {
        match (inside, c) {
            (None, '\'' | '`') => {
                inside = Some(c);
                sql.push(c);
            }
            (None, '"') => {
                inside = Some(c);
                sql.push('\'');
            }
            (None, '=') if rest.next_if_eq(&'=').is_some() => sql.push('='),
            (Some('"'), '"') => {
                inside = None;
                sql.push('\'');
            }
            (Some('"'), '\'') => sql.push_str("''"),
            (Some(quote), c) if c == quote => {
                inside = None;
                sql.push(c);
            }
            (_, c) => sql.push(c),
        }
    }
    parse(&sql).map_err(|error| error.message)
}

/// Translates the object form of 1.x, with nulls as in pandas.
fn object(condition: &Node) -> Result<Expression, Diagnostic> {
    let part = |name: &str| {
        let missing = || Diagnostic::new(condition.span, format!("the row_condition lacks {name:?}"));
        condition.get(name).ok_or_else(missing)
    };
    let named = || {
        let of = part("column")?;
        let name = match &of.kind {
            NodeKind::Map(_) => of.get("name").ok_or_else(|| of.expected_error("{\"name\": …}"))?,
            _ => of,
        };
        path(name).map(|path| Expression::column(&path))
    };
    let several =
        || part("conditions")?.list("conditions")?.iter().map(object).collect::<Result<Vec<_>, _>>();
    let kind = part("type")?;
    Ok(match kind.text("a type of conditions")? {
        "and" => all(several()?),
        "or" => any(several()?),
        "nullity" if part("is_null")?.boolean("true or false")? => is_null(named()?),
        "nullity" => has_value(named()?),
        "pass_through" => {
            let filter = part("pass_through_filter")?;
            let text = filter.text("a condition")?;
            passed_through(text).map_err(|reason| untranslated(filter, text, &reason))?
        }
        "comparison" => comparison(named()?, part("operator")?, part("parameter")?)?,
        other => {
            return Err(Diagnostic::new(kind.span, format!("no row_condition has the type {other:?}")));
        }
    })
}

fn comparison(of: Expression, operator: &Node, parameter: &Node) -> Result<Expression, Diagnostic> {
    let value = |node: &Node| value_of(node).ok_or_else(|| node.expected_error("a value"));
    let how = match operator.text("an operator")? {
        "==" => Comparison::Equal,
        "!=" => Comparison::NotEqual,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        listed @ ("IN" | "NOT_IN") => {
            let values = parameter.list("a list of values")?.iter().map(value).collect::<Result<_, _>>()?;
            let found = is_in(of, values);
            return Ok(if listed == "IN" { found } else { not(found) });
        }
        other => return Err(Diagnostic::new(operator.span, format!("no operator {other:?}"))),
    };
    Ok(compare(how, of, literal(value(parameter)?)))
}
