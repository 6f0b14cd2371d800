//! Bounds of the results of functions.

use std::borrow::Cow;

use super::evaluate::World;
use super::range::Range;
use super::scalar::Scalar;
use super::values::{exact, fitted, number};
use crate::data::{DataType, Decimal, Value};
use crate::predicate::calendar::{Unit, year};
use crate::predicate::{Function, Term, Typed, rounding};

const NANOSECONDS_A_DAY: i128 = 86_400_000_000_000;

impl<'a> World<'a> {
    /// Returns the bounds of a function's result; most functions are null if an argument is null.
    pub(super) fn called(
        &self,
        function: Function,
        arguments: &'a [Typed],
        data_type: &'a DataType,
    ) -> Scalar<'a> {
        let mut scalars = arguments.iter().map(|argument| self.scalar(argument));
        match function {
            Function::Coalesce => return scalars.fold(Scalar::NULL, Scalar::or_else),
            Function::Greatest | Function::Least => {
                let Some(first) = scalars.next() else { return Scalar::unknown() };
                return scalars.fold(first, Scalar::one_of);
            }
            _ => {}
        }
        let scalars: Vec<_> = scalars.collect();
        if scalars.iter().any(|argument| argument.value.is_none()) {
            return Scalar::NULL;
        }
        // These functions are monotone, so that they map the ends of the argument's range to those of the
        // result's.
        let constant = |index: usize| match arguments.get(index).map(|argument| &argument.term) {
            Some(Term::Literal(value)) => Some(value),
            _ => None,
        };
        let unit = || match constant(0) {
            Some(Value::String(name)) => Unit::parse(name),
            _ => None,
        };
        let each = |index: usize, map: &dyn Fn(&Value) -> Option<Value>| {
            let scalar = scalars.get(index).cloned().unwrap_or_else(Scalar::unknown);
            scalar.mapped(|range| range.each_end(|value| fitted(Cow::Owned(map(value)?), data_type)))
        };
        match function {
            Function::Floor => each(0, &|value| whole(value, data_type, i128::div_euclid)),
            Function::Ceil => {
                each(0, &|value| whole(value, data_type, |number, one| -(-number).div_euclid(one)))
            }
            Function::Round => match constant(1) {
                Some(Value::Integer(digits)) => each(0, &|value| rounded(value, *digits, data_type)),
                _ => Scalar::unknown(),
            },
            Function::Year => each(0, &|value| year(nanoseconds(value)?).map(Value::Integer)),
            Function::DateTrunc => match unit() {
                Some(unit) => each(1, &|value| like(value, unit.begin(nanoseconds(value)?)?)),
                None => Scalar::unknown(),
            },
            Function::DateAdd => match (unit(), constant(1)) {
                (Some(unit), Some(Value::Integer(count))) => each(2, &|value| later(value, *count, unit)),
                _ => Scalar::unknown(),
            },
            Function::DateDiff => {
                let days = |index| {
                    each(index, &|value| match value {
                        Value::Date(days) => Some(Value::Integer((*days).into())),
                        _ => None,
                    })
                };
                days(0).computed(days(1), |end: &Range<'a>, start| end.minus(start, data_type))
            }
            _ => Scalar::unknown(),
        }
    }
}

/// Rounds an exact number to a whole one: `make` gets the digits and the factor `10^scale`.
fn whole(value: &Value, data_type: &DataType, make: impl Fn(i128, i128) -> i128) -> Option<Value> {
    let Decimal { unscaled, scale } = exact(value)?;
    let unscaled = make(unscaled, 10_i128.checked_pow(scale.into())?);
    number(Decimal { unscaled, scale: 0 }, data_type).map(Cow::into_owned)
}

fn rounded(value: &Value, digits: i128, data_type: &DataType) -> Option<Value> {
    let Decimal { unscaled, scale } = exact(value)?;
    let places = u32::try_from(i128::from(scale) - digits).unwrap_or(0);
    let unscaled = rounding::to_tens(unscaled, places)?;
    number(Decimal { unscaled, scale }, data_type).map(Cow::into_owned)
}

fn nanoseconds(value: &Value) -> Option<i128> {
    match value {
        Value::Date(days) => Some(i128::from(*days) * NANOSECONDS_A_DAY),
        Value::Timestamp { nanoseconds, .. } => Some(*nanoseconds),
        _ => None,
    }
}

/// Returns a time as a value of the same kind as another value.
fn like(value: &Value, nanoseconds: i128) -> Option<Value> {
    match value {
        Value::Date(_) => i32::try_from(nanoseconds.div_euclid(NANOSECONDS_A_DAY)).ok().map(Value::Date),
        Value::Timestamp { instant, .. } => Some(Value::Timestamp { nanoseconds, instant: *instant }),
        _ => None,
    }
}

fn later(value: &Value, count: i128, unit: Unit) -> Option<Value> {
    match value {
        Value::Date(days) => unit.add_to_date(*days, count).map(Value::Date),
        _ => like(value, unit.add_to_time(nanoseconds(value)?, count)?),
    }
}
