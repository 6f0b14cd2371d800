//! Tests of plain literals that are compared with text. A literal that is written like a number, a date or a
//! boolean is more likely meant as one than as a text, which has another order and another equality.

use crate::data::{DataType, Literal, LiteralError, TimeUnit};

const NUMBER: &str = "a number";

/// Returns the type that a literal is written like, unless the literal is written as a text.
fn written_like(literal: &Literal) -> Option<&'static str> {
    let Literal::Plain(text) = literal else {
        return match literal {
            Literal::Number(_) => Some(NUMBER),
            Literal::Boolean(_) => Some("a boolean"),
            _ => None,
        };
    };
    let is = |data_type: &DataType| Literal::Text(text.clone()).bind_below(data_type).is_ok();
    let timestamp = |zone: Option<&str>| DataType::Timestamp {
        unit: TimeUnit::Microseconds,
        zone: zone.map(str::to_owned),
    };
    // A code such as 007 is not written as people write numbers.
    let digits = text.trim_start_matches(['-', '+']);
    if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // YAML reads these names of NaN and infinity as texts, except the ones with a point.
    let number =
        literal.bind(&DataType::FLOAT64).is_ok() && !text.starts_with(['N', 'I']) && text != "-Infinity";
    if number || literal.is_numeral() {
        Some(NUMBER)
    } else if literal.bind(&DataType::Boolean).is_ok() {
        Some("a boolean")
    } else if is(&DataType::Date) {
        Some("a date")
    } else if is(&DataType::Time) {
        Some("a time")
    } else if is(&timestamp(None)) || is(&timestamp(Some("UTC"))) {
        Some("a timestamp")
    } else {
        None
    }
}

/// Returns whether a plain text begins like a number or a date in any notation.
fn begins_like_one(text: &str) -> bool {
    text.trim_start_matches(['-', '+', '.']).starts_with(|c: char| c.is_ascii_digit())
}

/// Refuses a literal that texts should equal and that is written like a date, a time or a boolean. A plain
/// number is accepted as text: codes consist of digits, and another spelling of the number fails the check.
///
/// # Errors
/// It is.
pub(super) fn refuse_value(literal: &Literal) -> Result<(), LiteralError> {
    match written_like(literal) {
        Some(NUMBER) if matches!(literal, Literal::Plain(_)) => Ok(()),
        _ => refuse_excluded(literal),
    }
}

/// Refuses a literal that no text may equal and that is written like a value of another type: another text
/// for the same number would pass.
///
/// # Errors
/// It is.
pub(super) fn refuse_excluded(literal: &Literal) -> Result<(), LiteralError> {
    written_like(literal).map_or(Ok(()), |kind| Err(refused("value", literal, kind)))
}

/// Refuses a bound on texts that is written like a number or a date, whose order is not that of texts.
///
/// # Errors
/// It is written like a number or a date.
pub(super) fn refuse_bound(literal: &Literal) -> Result<(), LiteralError> {
    let kind = written_like(literal).or_else(|| match literal {
        Literal::Plain(text) if begins_like_one(text) => Some("no text in quotes"),
        _ => None,
    });
    kind.map_or(Ok(()), |kind| Err(refused("bound", literal, kind)))
}

fn refused(what: &str, literal: &Literal, kind: &str) -> LiteralError {
    let text = match literal {
        Literal::Boolean(value) => value.to_string(),
        other => other.to_string(),
    };
    let quoted = Literal::Text(text.clone());
    let (type_name, other) = match kind {
        "a boolean" => ("boolean", ""),
        NUMBER => ("int64", ""),
        "a time" => ("time", ""),
        "a timestamp" => ("timestamp", ", and date_parseable or datetime_format judge texts that say times"),
        _ => ("date", ", and date_parseable or datetime_format judge texts that say dates"),
    };
    LiteralError {
        message: format!("the {what} {text} is {kind}, and the column is text"),
        help: Some(format!(
            "write {quoted} to compare as text; `schema: {{…: {type_name}}}` gives a column of a text file its type{other}"
        )),
    }
}
