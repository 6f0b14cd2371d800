//! The remarks interpreter: explains comparisons whose meaning may surprise.

use chrono::{DateTime, Utc};

use super::{Comparison, Expression, Kind, Typed, check};
use crate::data::{DataType, Literal, Moment, Schema};
use crate::document::Span;

/// An explanation of a part of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The explanation.
    pub message: String,
    /// Position of the part in the predicate's text, in bytes.
    pub span: Span,
}

/// Returns the remarks on an expression that fits a schema: how a date is compared with a timestamp, and how
/// a decimal is compared with a float.
#[must_use]
pub fn remarks(expression: &Expression, schema: &Schema, now: DateTime<Utc>) -> Vec<Remark> {
    let mut found = Vec::new();
    expression.visit(&mut |part| {
        let type_of = |of: &Expression| check(of, schema, now).ok().map(|Typed { data_type, .. }| data_type);
        let messages: Vec<_> = match &part.kind {
            Kind::Compare(how, left, right) => of_literal(right, type_of(left).as_ref())
                .or_else(|| of_literal(left, type_of(right).as_ref()))
                .or_else(|| of_types(*how, left, right, [type_of(left).as_ref(), type_of(right).as_ref()]))
                .into_iter()
                .collect(),
            Kind::InSet(of, values) => {
                let data_type = type_of(of);
                values.iter().find_map(|value| midnight(value, data_type.as_ref())).into_iter().collect()
            }
            _ => Vec::new(),
        };
        found.extend(messages.into_iter().map(|message| Remark { message, span: part.span }));
    });
    found
}

fn of_literal(literal: &Expression, beside: Option<&DataType>) -> Option<String> {
    match &literal.kind {
        Kind::Literal(literal) => midnight(literal, beside),
        _ => None,
    }
}

/// Explains a date literal beside a timestamp, or a timestamp literal beside a date.
fn midnight(literal: &Literal, beside: Option<&DataType>) -> Option<String> {
    match (literal, beside?) {
        (Literal::Moment(Moment::Date, text) | Literal::Text(text), DataType::Timestamp { zone, .. })
            if Literal::Text(text.clone()).bind(&DataType::Date).is_ok() =>
        {
            let zone = if zone.is_some() { "Z" } else { "" };
            Some(format!("{literal} beside a timestamp is its midnight, {text}T00:00:00{zone}"))
        }
        (Literal::Moment(Moment::Timestamp, _), DataType::Date) => {
            Some(format!("a date beside {literal} is its midnight"))
        }
        _ => None,
    }
}

fn of_types(
    how: Comparison,
    left: &Expression,
    right: &Expression,
    types: [Option<&DataType>; 2],
) -> Option<String> {
    match types {
        [Some(DataType::Date), Some(DataType::Timestamp { .. })] => Some(format!(
            "a date beside a timestamp is its midnight: {left} at 00:00:00 {} {right}",
            how.symbol()
        )),
        [Some(DataType::Timestamp { .. }), Some(DataType::Date)] => Some(format!(
            "a date beside a timestamp is its midnight: {left} {} {right} at 00:00:00",
            how.symbol()
        )),
        [Some(DataType::Decimal { .. }), Some(DataType::Float { .. })]
        | [Some(DataType::Float { .. }), Some(DataType::Decimal { .. })]
            if !matches!((&left.kind, &right.kind), (Kind::Literal(_), _) | (_, Kind::Literal(_))) =>
        {
            Some(
                "a decimal beside a float is compared by the values that they are, and no float is 0.1: \
                 CAST(… AS double) of the decimal is the nearest one"
                    .to_owned(),
            )
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Field, TimeUnit};
    use crate::predicate::parse;

    #[test]
    fn a_date_beside_a_timestamp_is_remarked() {
        let timestamp = |zone: Option<&str>| DataType::Timestamp {
            unit: TimeUnit::Microseconds,
            zone: zone.map(str::to_owned),
        };
        let fields = [
            ("d", DataType::Date),
            ("at", timestamp(Some("UTC"))),
            ("wall", timestamp(None)),
            ("price", DataType::Decimal { precision: 10, scale: 2 }),
            ("weight", DataType::FLOAT64),
        ];
        let fields = fields.into_iter().map(|(name, data_type)| Field::new(name, data_type));
        let schema = Schema { fields: fields.collect() };
        let said = |text: &str| {
            let remarks = remarks(&parse(text).unwrap(), &schema, DateTime::UNIX_EPOCH);
            remarks.into_iter().map(|remark| remark.message).collect::<Vec<_>>().join("; ")
        };
        for (text, remark) in [
            ("wall >= d", "a date beside a timestamp is its midnight: wall >= d at 00:00:00"),
            (
                "d < wall and d > '2026-01-31'",
                "a date beside a timestamp is its midnight: d at 00:00:00 < wall",
            ),
            (
                "at <= DATE '2026-01-31'",
                "DATE '2026-01-31' beside a timestamp is its midnight, 2026-01-31T00:00:00Z",
            ),
            (
                "wall in ('2026-01-31')",
                "'2026-01-31' beside a timestamp is its midnight, 2026-01-31T00:00:00",
            ),
            (
                "d < TIMESTAMP '2026-01-31 10:00:00'",
                "a date beside TIMESTAMP '2026-01-31 10:00:00' is its midnight",
            ),
            ("at <= '2026-01-31 10:00:00' and d = DATE '2026-01-31' and price > 0.1", ""),
        ] {
            assert_eq!(said(text), remark, "{text}");
        }
        assert!(said("price = weight").contains("no float is 0.1"));
    }
}
