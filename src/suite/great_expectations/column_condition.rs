//! Translates Great Expectations' own language of conditions: `col("x") > 5`, `col("x").notnull()`.

use super::condition::{SIGNS, column, compare, has_value, literal};
use crate::data::Literal;
use crate::predicate::Expression;

/// Translates a condition.
///
/// # Errors
/// What is not understood, as a lower-case fragment.
pub(super) fn translate(text: &str) -> Result<Expression, String> {
    const FORM: &str = "the form is col(\"name\") > 5, col(\"name\") == \"text\" or col(\"name\").notnull()";
    let inner = text.trim().strip_prefix("col(\"").and_then(|rest| rest.split_once("\")"));
    let (name, rest) = inner.ok_or(FORM)?;
    let of = column(name);
    let rest = rest.trim();
    if rest.eq_ignore_ascii_case(".notnull()") {
        return Ok(has_value(of));
    }
    let (sign, how) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)).ok_or(FORM)?;
    let value = rest[sign.len()..].trim();
    let dated = value.strip_prefix("date(").and_then(|inner| inner.strip_suffix(')'));
    let value = dated.unwrap_or(value).trim();
    let quoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    let value = match quoted {
        Some(text) => Literal::Text(text.to_owned()),
        None if value.parse::<f64>().is_ok_and(f64::is_finite) => Literal::Number(value.to_owned()),
        None => return Err(FORM.to_owned()),
    };
    Ok(compare(*how, of, literal(value)))
}
