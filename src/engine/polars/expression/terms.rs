//! Converts typed predicates to vectorised expressions of Polars.

mod calls;
mod rows;
mod texts;
mod wide;

use std::collections::HashMap;

use polars::prelude::{
    DataType as PlType, Expr, Field, IntoColumn as _, IntoSeries as _, LiteralValue, NamedFrom as _, Null,
    PlSmallStr, Scalar, Series, StrptimeOptions, TimeUnit as PlUnit, TimeZone, element, lit, when,
};
use polars_core::prelude::AnyValue;
use polars_ops::series::{ClosedInterval, is_in};

use super::computed::computed;
use super::lossless;
use crate::data::{ColumnPath, DataType, Decimal, Float, MAX_DIGITS, TimeUnit, Value, is_wide};
use crate::predicate::{Arithmetic, Comparison, Term, Typed};

/// Returns the Polars type for values of a type. Computed integers wider than 64 bits have 128 bits, and
/// computed decimals of more digits than Polars holds are bytes.
pub(crate) fn polars_type(data_type: &DataType) -> PlType {
    match data_type {
        DataType::Null => PlType::Null,
        // For a value that is not read, only its presence is known.
        DataType::Boolean | DataType::Other(_) | DataType::Unread { .. } => PlType::Boolean,
        DataType::Integer { bits: 8, signed: true } => PlType::Int8,
        DataType::Integer { bits: 16, signed: true } => PlType::Int16,
        DataType::Integer { bits: 32, signed: true } => PlType::Int32,
        DataType::Integer { bits: 64, signed: true } => PlType::Int64,
        DataType::Integer { bits: 8, signed: false } => PlType::UInt8,
        DataType::Integer { bits: 16, signed: false } => PlType::UInt16,
        DataType::Integer { bits: 32, signed: false } => PlType::UInt32,
        DataType::Integer { bits: 64, signed: false } => PlType::UInt64,
        DataType::Integer { .. } => PlType::Int128,
        DataType::Float { bits: 32 } => PlType::Float32,
        DataType::Float { .. } => PlType::Float64,
        wide if is_wide(wide) => PlType::Binary,
        DataType::Decimal { precision, scale } => {
            PlType::Decimal(usize::from(*precision), usize::from(*scale))
        }
        DataType::String => PlType::String,
        DataType::Binary => PlType::Binary,
        DataType::Date => PlType::Date,
        DataType::Time => PlType::Time,
        DataType::Duration => PlType::Duration(PlUnit::Microseconds),
        DataType::Timestamp { unit, zone } => {
            let zone =
                zone.as_ref().and_then(|zone| TimeZone::opt_try_new(Some(zone.as_str())).ok().flatten());
            PlType::Datetime(polars_unit(*unit), zone)
        }
        DataType::List(of) => PlType::List(Box::new(polars_type(of))),
        DataType::Struct(fields) => PlType::Struct(
            fields
                .iter()
                .map(|field| Field::new(field.name.as_str().into(), polars_type(&field.data_type)))
                .collect(),
        ),
    }
}

fn polars_unit(unit: TimeUnit) -> PlUnit {
    match unit {
        TimeUnit::Milliseconds => PlUnit::Milliseconds,
        TimeUnit::Microseconds => PlUnit::Microseconds,
        TimeUnit::Nanoseconds => PlUnit::Nanoseconds,
    }
}

/// Converts a typed predicate to a vectorised expression.
pub(crate) fn to_polars(typed: &Typed) -> Expr {
    match &typed.term {
        Term::Column(path) => column(path),
        Term::Literal(value) => value_literal(value, &typed.data_type),
        Term::Compare(how, left, right) => compared(*how, left, right),
        Term::Never(of) => {
            when(to_polars(of).is_not_null()).then(lit(false)).otherwise(lit(Null {}).cast(PlType::Boolean))
        }
        Term::Arithmetic(how, left, right) => arithmetic(*how, left, right, &typed.data_type),
        Term::Negate(of) if is_wide(&typed.data_type) => wide::negated(of, &typed.data_type),
        Term::Negate(of) => negate(to_polars(of).cast(computed_type(&typed.data_type)), &typed.data_type),
        Term::And(all) => between(all).unwrap_or_else(|| folded(all, Expr::and)),
        Term::Or(all) => folded(all, Expr::or),
        Term::Not(of) => to_polars(of).not(),
        Term::IsNull(of) => to_polars(of).is_null(),
        Term::IsTrue(of) => to_polars(of).fill_null(lit(false)),
        Term::InSet(of, values) => in_set(of, values),
        Term::InPairs(left, right, pairs) => in_pairs(left, right, pairs),
        Term::Matches(of, regex) => texts::matches(to_polars(of), regex),
        Term::Test(of, test) => texts::passes(to_polars(of), test.clone()),
        Term::Cast(of) => cast(of, &typed.data_type),
        Term::AnyElement(list, condition) => any_element(to_polars(list), condition),
        Term::Call(function, arguments) => calls::call(*function, arguments, &typed.data_type),
        Term::Case(branches, otherwise) => {
            branches.iter().rev().fold(to_polars(otherwise), |rest, branch| {
                when(to_polars(&branch.when)).then(to_polars(&branch.then)).otherwise(rest)
            })
        }
    }
}

fn compared(how: Comparison, left: &Typed, right: &Typed) -> Expr {
    let (left_type, right_type) = (&left.data_type, &right.data_type);
    if is_wide(left_type) || is_wide(right_type) {
        return wide::compared(how, left, right);
    }
    let Some(common) = lossless::in_engine(left_type, right_type) else {
        return lossless::compared(how, to_polars(left), to_polars(right));
    };
    let in_common = |side: &Typed| {
        let same = polars_type(&side.data_type) == polars_type(&common);
        if same { to_polars(side) } else { cast(side, &common) }
    };
    let (left, right) = (in_common(left), in_common(right));
    match how {
        Comparison::Equal => left.eq(right),
        Comparison::NotEqual => left.neq(right),
        Comparison::Less => left.lt(right),
        Comparison::LessOrEqual => left.lt_eq(right),
        Comparison::Greater => left.gt(right),
        Comparison::GreaterOrEqual => left.gt_eq(right),
    }
}

fn column(path: &ColumnPath) -> Expr {
    let mut parts = path.parts().iter();
    // `Expr::Column` and not `col`, which would take `^…$` for a regular expression and `*` for all columns.
    let root = Expr::Column(PlSmallStr::from(parts.next().map_or("", String::as_str)));
    parts.fold(root, |of, field| of.struct_().field_by_name(field))
}

fn any_element(list: Expr, condition: &Typed) -> Expr {
    let met = if condition.is_always() {
        list.list().len()
    } else {
        let condition = to_polars(condition).map_expr(|expression| match expression {
            Expr::Column(_) => element(),
            other => other,
        });
        list.list().eval(condition).list().sum()
    };
    met.gt(lit(0)).fill_null(lit(false))
}

fn folded(all: &[Typed], with: fn(Expr, Expr) -> Expr) -> Expr {
    match all {
        [] => lit(true),
        [one] => to_polars(one),
        // Fold in halves: the engine needs stack space for each level of nesting.
        several => {
            let (first, second) = several.split_at(several.len().div_ceil(2));
            with(folded(first, with), folded(second, with))
        }
    }
}

/// Returns an expression for a computed value between two bounds, if the terms are that: each of them would compute it.
fn between(all: &[Typed]) -> Option<Expr> {
    let [low, high] = all else { return None };
    let (Term::Compare(above, of, least), Term::Compare(below, same, most)) = (&low.term, &high.term) else {
        return None;
    };
    let closed = match (above, below) {
        (Comparison::GreaterOrEqual, Comparison::LessOrEqual) => ClosedInterval::Both,
        (Comparison::GreaterOrEqual, Comparison::Less) => ClosedInterval::Left,
        (Comparison::Greater, Comparison::LessOrEqual) => ClosedInterval::Right,
        (Comparison::Greater, Comparison::Less) => ClosedInterval::None,
        _ => return None,
    };
    let is_alike = [least, most].iter().all(|bound| bound.data_type == of.data_type);
    let is_computed = matches!(of.term, Term::Call(..)) && of == same;
    let fits = is_computed && is_alike && !is_wide(&of.data_type);
    fits.then(|| to_polars(of).is_between(to_polars(least), to_polars(most), closed))
}

fn in_set(of: &Typed, values: &[Value]) -> Expr {
    match values {
        [] => to_polars(&Typed::boolean(Term::Never(Box::new(of.clone())))),
        [one] => to_polars(of).eq(value_literal(one, &of.data_type)),
        many => {
            let set = value_series(many, &of.data_type);
            // The engine finds a decimal only among decimals of the very same precision.
            let of = match &of.data_type {
                decimal @ DataType::Decimal { .. } => to_polars(of).cast(polars_type(decimal)),
                _ => to_polars(of),
            };
            is_among(of, set)
        }
    }
}

/// Returns an expression that is true if a value is in a set. It is evaluated row by row: Polars' own
/// expression joins the rows with the set, and holds back all other columns, decoded, until the join is done.
fn is_among(of: Expr, set: Series) -> Expr {
    computed(of, PlType::Boolean, move |values| {
        let set = set.cast(values.dtype())?.implode()?.into_series();
        Ok(is_in(values.as_materialized_series(), &set, false)?.into_column())
    })
}

/// Returns an expression that is true if a pair of values is among `pairs`. Polars cannot look up pairs, so
/// both sides are numbered, and the two numbers are looked up as one.
fn in_pairs(left: &Typed, right: &Typed, pairs: &[(Value, Value)]) -> Expr {
    let (lefts, rights): (Vec<_>, Vec<_>) = pairs.iter().map(|(left, right)| (left, right)).unzip();
    let (left, left_numbers) = numbered(left, &lefts);
    let (right, right_numbers) = numbered(right, &rights);
    let factor = right_numbers.iter().max().map_or(1, |most| most + 1);
    let both = left_numbers.iter().zip(&right_numbers).map(|(left, right)| left * factor + right);
    let known = Series::new(PlSmallStr::EMPTY, both.collect::<Vec<_>>());
    is_among(left * lit(factor) + right, known)
}

/// Returns an expression for the number of a value, 0 for a value that is not in `values`; and the numbers of
/// `values`.
fn numbered(of: &Typed, values: &[&Value]) -> (Expr, Vec<i64>) {
    let mut distinct = Vec::new();
    let mut numbers: HashMap<&Value, i64> = HashMap::new();
    for (value, number) in values.iter().zip(1..) {
        numbers.entry(*value).or_insert_with(|| {
            distinct.push((*value).clone());
            number
        });
    }
    let new: Vec<i64> = distinct.iter().filter_map(|value| numbers.get(value).copied()).collect();
    let new = lit(Series::new(PlSmallStr::EMPTY, new)).implode(true);
    let old = lit(value_series(&distinct, &of.data_type)).implode(true);
    let (column, old) = match of.data_type {
        // The engine cannot look up values of 128 bits.
        DataType::Decimal { .. } => {
            let column = to_polars(of).cast(polars_type(&of.data_type)).cast(PlType::String);
            (column, old.cast(PlType::List(Box::new(PlType::String))))
        }
        _ => (to_polars(of), old),
    };
    let number = column.replace_strict(old, new, Some(lit(0_i64)), Some(PlType::Int64));
    (number, values.iter().filter_map(|value| numbers.get(value).copied()).collect())
}

/// Converts values of one type to a series.
pub(crate) fn value_series(values: &[Value], data_type: &DataType) -> Series {
    let target = polars_type(data_type);
    let any: Vec<AnyValue<'static>> = values.iter().map(|value| any_value(value, data_type)).collect();
    Series::from_any_values_and_dtype(PlSmallStr::EMPTY, &any, &target, false)
        .unwrap_or_else(|_| Series::full_null(PlSmallStr::EMPTY, values.len(), &target))
}

/// Converts a value of a type to a literal.
pub(crate) fn value_literal(value: &Value, data_type: &DataType) -> Expr {
    let scalar = Scalar::new(polars_type(data_type), any_value(value, data_type));
    Expr::Literal(LiteralValue::Scalar(scalar))
}

#[expect(clippy::cast_possible_truncation, reason = "the type checker bound the value to the type's range")]
#[expect(clippy::cast_sign_loss, reason = "the type checker bound the value to the type's range")]
fn any_value(value: &Value, data_type: &DataType) -> AnyValue<'static> {
    match (value, data_type) {
        (Value::Boolean(value), _) => AnyValue::Boolean(*value),
        (Value::Integer(value), DataType::Integer { bits, signed }) => match (bits, signed) {
            (8, true) => AnyValue::Int8(*value as i8),
            (16, true) => AnyValue::Int16(*value as i16),
            (32, true) => AnyValue::Int32(*value as i32),
            (64, true) => AnyValue::Int64(*value as i64),
            (8, false) => AnyValue::UInt8(*value as u8),
            (16, false) => AnyValue::UInt16(*value as u16),
            (32, false) => AnyValue::UInt32(*value as u32),
            (64, false) => AnyValue::UInt64(*value as u64),
            _ => AnyValue::Int128(*value),
        },
        (Value::Float(Float(value)), DataType::Float { bits: 32 }) => AnyValue::Float32(*value as f32),
        (Value::Float(Float(value)), _) => AnyValue::Float64(*value),
        (number, DataType::Decimal { scale, .. }) if is_wide(data_type) => {
            wide::bytes(number, *scale).map_or(AnyValue::Null, AnyValue::BinaryOwned)
        }
        (Value::Decimal(Decimal { unscaled, scale }), DataType::Decimal { precision, .. }) => {
            AnyValue::Decimal(*unscaled, usize::from(*precision), usize::from(*scale))
        }
        (Value::String(text), _) => AnyValue::StringOwned(text.as_str().into()),
        (Value::Binary(bytes), _) => AnyValue::BinaryOwned(bytes.clone()),
        (Value::Date(days), _) => AnyValue::Date(*days),
        (Value::Time(nanoseconds), _) => AnyValue::Time(*nanoseconds),
        (Value::Duration(nanoseconds), _) => {
            AnyValue::Duration((*nanoseconds / 1000) as i64, PlUnit::Microseconds)
        }
        (Value::Timestamp { nanoseconds, .. }, DataType::Timestamp { unit, zone }) => {
            let zone =
                zone.as_ref().and_then(|zone| TimeZone::opt_try_new(Some(zone.as_str())).ok().flatten());
            AnyValue::DatetimeOwned(
                nanoseconds.div_euclid(unit.nanoseconds()) as i64,
                polars_unit(*unit),
                zone.map(std::sync::Arc::new),
            )
        }
        _ => AnyValue::Null,
    }
}

/// Returns the Polars type in which values of a type are computed: decimals have all 38 digits.
fn computed_type(data_type: &DataType) -> PlType {
    match data_type {
        DataType::Decimal { precision: ..=MAX_DIGITS, scale } => {
            PlType::Decimal(MAX_DIGITS.into(), usize::from(*scale))
        }
        other => polars_type(other),
    }
}

fn arithmetic(how: Arithmetic, left: &Typed, right: &Typed, whole: &DataType) -> Expr {
    let any_wide = [&left.data_type, &right.data_type, whole].into_iter().any(is_wide);
    let of_decimals = matches!(whole, DataType::Decimal { .. });
    if of_decimals && (any_wide || how == Arithmetic::Remainder) {
        return wide::arithmetic(how, left, right, whole);
    }
    let target = computed_type(whole);
    let side = |of: &Typed| {
        if is_wide(&of.data_type) { wide::cast(of, whole) } else { to_polars(of).cast(target.clone()) }
    };
    let (left, right) = (side(left), side(right));
    let non_zero = |divisor: &Expr| divisor.clone().neq(lit(0).cast(target.clone()));
    let null = || lit(Null {}).cast(target.clone());
    match how {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        Arithmetic::Multiply => left * right,
        Arithmetic::Divide => rows::divided(left, right),
        Arithmetic::Remainder => {
            // The engine's remainder has the sign of the divisor; SQL's has that of the dividend.
            let zero = || lit(0).cast(target.clone());
            let found = left.clone() % right.clone();
            let apart = found.clone().neq(zero()).and(found.clone().lt(zero()).neq(left.lt(zero())));
            let signed = when(apart).then(found.clone() - right.clone()).otherwise(found);
            when(non_zero(&right)).then(signed).otherwise(null())
        }
    }
}

/// Negates an expression. Polars cannot negate 128-bit integers, so these are subtracted from 0.
fn negate(of: Expr, data_type: &DataType) -> Expr {
    match data_type {
        DataType::Integer { .. } => lit(0).cast(polars_type(data_type)) - of,
        _ => -of,
    }
}

const NANOSECONDS_A_DAY: i64 = 86_400_000_000_000;

fn cast(of: &Typed, to: &DataType) -> Expr {
    if is_wide(&of.data_type) || is_wide(to) {
        return wide::cast(of, to);
    }
    if let (DataType::Decimal { .. }, DataType::String) = (&of.data_type, to) {
        return wide::written(of);
    }
    let value = to_polars(of);
    match (&of.data_type, to) {
        // The format alone would accept white space, signs and single digits.
        (DataType::String, DataType::Date) => {
            when(value.clone().str().contains(lit("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), true))
                .then(to_date(value, "%Y-%m-%d"))
                .otherwise(lit(Null {}).cast(PlType::Date))
        }
        // For an unsigned type, the engine would accept no sign, not even that of -0.
        (DataType::String, DataType::Integer { .. }) => value.cast(PlType::Int128).cast(polars_type(to)),
        // The engine rounds a decimal that is cast to an integer; SQL truncates.
        (DataType::Decimal { .. }, DataType::Integer { .. }) => value.truncate(0).cast(polars_type(to)),
        (DataType::Timestamp { .. }, DataType::Date) => in_utc(value, &of.data_type).dt().date(),
        // The count of units is in UTC, whatever the zone.
        (DataType::Timestamp { zone, .. }, DataType::Timestamp { unit, .. }) => {
            let of_unit = polars_type(&DataType::Timestamp { unit: *unit, zone: zone.clone() });
            value.cast(of_unit).cast(PlType::Int64).cast(polars_type(to))
        }
        (DataType::Timestamp { unit, .. }, DataType::Integer { .. }) => {
            value.cast(PlType::Int64).cast(PlType::Int128) * lit(unit.nanoseconds()).cast(PlType::Int128)
        }
        (DataType::Date, DataType::Integer { .. }) => {
            value.cast(PlType::Int32).cast(PlType::Int128) * lit(NANOSECONDS_A_DAY).cast(PlType::Int128)
        }
        _ => value.cast(polars_type(to)),
    }
}

/// Casts instants to UTC, whatever zone their column has, so that their parts are those in UTC.
fn in_utc(value: Expr, data_type: &DataType) -> Expr {
    match data_type {
        DataType::Timestamp { unit, zone: Some(_) } => {
            value.cast(polars_type(&DataType::Timestamp { unit: *unit, zone: Some("UTC".to_owned()) }))
        }
        _ => value,
    }
}

fn to_date(value: Expr, format: &str) -> Expr {
    let options = StrptimeOptions { format: Some(format.into()), strict: false, exact: true, cache: true };
    value.str().to_date(options)
}
