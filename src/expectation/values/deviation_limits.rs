//! Rules that compare a value with all other values: their metrics, and the conditions that follow.
//!
//! The limits are exact. A limit, such as a mean and a number of deviations, is converted to a value that the
//! column can hold, so that the condition compares values as they are.

use std::ops::RangeInclusive;

use num_bigint::BigInt;

use super::super::Site;
use crate::data::{DataType, Decimal, Exact, Value, integer_range};
use crate::metric::{Aggregate, Metric};
use crate::predicate::{Comparison, Term, Typed};

/// The spread of values around their mean.
pub(super) enum Spread {
    /// No spread: there are fewer than two values, or all values are equal.
    Zero,
    /// The mean and the standard deviation, which is not 0.
    Of { mean: Exact, deviation: Exact },
}

/// Returns the metrics that [`spread`] reads: the count, the sum and the standard deviation.
pub(super) fn mean_and_deviation(site: &Site<'_>, column: &Typed) -> Vec<Metric> {
    let aggregate =
        |function| Metric::Aggregate { function, of: column.clone(), filter: site.filter.clone() };
    vec![
        Metric::Count(site.filter_not_null([column])),
        aggregate(Aggregate::Sum),
        aggregate(Aggregate::StandardDeviation),
    ]
}

pub(super) fn spread(values: &[Value]) -> Result<Spread, String> {
    let [count, sum, deviation] = values else { return Err("the engine gave no mean".to_owned()) };
    let Some(count) = count.as_count() else { return Err("the engine gave no mean".to_owned()) };
    if deviation.is_null() {
        return Ok(Spread::Zero);
    }
    let mean = Exact::of(sum).and_then(|sum| sum.over(&Exact::integer(count)));
    match (mean, Exact::of(deviation)) {
        (Some(_), Some(deviation)) if deviation.is_zero() => Ok(Spread::Zero),
        (Some(mean), Some(deviation)) => Ok(Spread::Of { mean, deviation }),
        _ => Err("the mean or the standard deviation is not finite".to_owned()),
    }
}

/// A limit among numbers: a fraction, plus a distance that is a fraction or a root.
#[derive(Clone)]
pub(super) struct Limit {
    base: Exact,
    beyond: Exact,
}

impl Limit {
    /// Returns the limit at a number plus a distance, which may be negative.
    pub(super) fn new(base: Exact, beyond: Exact) -> Self {
        Self { base, beyond }
    }

    /// Returns whether a number is at the limit or above.
    fn is_reached_by(&self, number: &Exact) -> bool {
        number.minus(&self.base).is_some_and(|apart| apart >= self.beyond)
    }

    fn negated(&self) -> Self {
        Self { base: self.base.negated(), beyond: self.beyond.negated() }
    }

    /// Returns the least `n` for which `n / parts` reaches the limit.
    fn least_multiple(&self, parts: &BigInt) -> BigInt {
        // Each of the two rounded parts is less than one too low, so that a few steps up suffice.
        let mut count = self.base.floor_of(parts) + self.beyond.floor_of(parts);
        while !Exact::fraction(count.clone(), parts.clone()).is_some_and(|number| self.is_reached_by(&number))
        {
            count += 1;
        }
        count
    }

    /// Returns the least double that reaches the limit.
    fn least_double(&self) -> f64 {
        // The fraction differs from the limit by less than the least positive double.
        let fine = BigInt::from(1) << 1_100_u32;
        let about = Exact::fraction(self.beyond.floor_of(&fine), fine)
            .and_then(|beyond| beyond.plus(&self.base))
            .map_or(f64::NAN, |about| about.to_f64());
        let reached = |double: f64| match Exact::double(double) {
            Some(number) => self.is_reached_by(&number),
            None => double > 0.0,
        };
        let mut least = about;
        while reached(least) && least > f64::NEG_INFINITY {
            least = least.next_down();
        }
        while !reached(least) && least < f64::INFINITY {
            least = least.next_up();
        }
        least
    }
}

/// The side of a limit on which a value lies.
#[derive(Clone, Copy)]
pub(super) enum Side {
    /// At the limit or above.
    From,
    /// Above the limit.
    Above,
    /// At the limit or below.
    UpTo,
    /// Below the limit.
    Below,
}

/// Returns the condition that the values of a column lie on one side of a limit.
pub(super) fn on_side(column: &Typed, side: Side, limit: &Limit) -> Typed {
    match &column.data_type {
        DataType::Integer { bits, signed } => {
            let (least, most) = integer_range(*bits, *signed);
            on_side_of_multiples(column, side, limit, &BigInt::from(1), least..=most, Value::Integer)
        }
        DataType::Decimal { precision, scale } => {
            let most = 10_i128.checked_pow(u32::from(*precision)).map_or(i128::MAX, |most| most - 1);
            let value = |unscaled| Value::Decimal(Decimal { unscaled, scale: *scale });
            on_side_of_multiples(column, side, limit, &power_of_ten(*scale), -most..=most, value)
        }
        _ => {
            let number = match column.data_type {
                DataType::FLOAT64 => column.clone(),
                _ => Typed { term: Term::Cast(Box::new(column.clone())), data_type: DataType::FLOAT64 },
            };
            let (how, limit) = match side {
                Side::From => (Comparison::GreaterOrEqual, limit.least_double()),
                Side::Below => (Comparison::Less, limit.least_double()),
                Side::UpTo => (Comparison::LessOrEqual, -limit.negated().least_double()),
                Side::Above => (Comparison::Greater, -limit.negated().least_double()),
            };
            compared(number, how, Value::float(limit))
        }
    }
}

/// Returns the condition that a value lies at least `times` deviations above the mean; none if no value can.
pub(super) fn above(of: &Typed, mean: &Exact, deviation: &Exact, times: f64) -> Option<Typed> {
    let Some(times) = Exact::written(times) else {
        // No value lies infinitely far above the mean, and every value lies above negative infinity.
        return (times < 0.0).then(Typed::always);
    };
    let beyond = times.times(deviation)?;
    Some(on_side(of, Side::From, &Limit::new(mean.clone(), beyond)))
}

/// Returns the condition that a value lies at least `times` deviations from the mean; none if no value can.
pub(super) fn at_least_from_mean(of: &Typed, mean: &Exact, deviation: &Exact, times: f64) -> Option<Typed> {
    let beyond = Exact::written(times)?.times(deviation)?;
    Some(Typed::any(vec![
        on_side(of, Side::From, &Limit::new(mean.clone(), beyond.clone())),
        on_side(of, Side::UpTo, &Limit::new(mean.clone(), beyond.negated())),
    ]))
}

/// Returns the condition of `on_side` for values that are multiples of `1 / parts`.
fn on_side_of_multiples(
    column: &Typed,
    side: Side,
    limit: &Limit,
    parts: &BigInt,
    whole: RangeInclusive<i128>,
    value: impl Fn(i128) -> Value,
) -> Typed {
    let (how, limit) = match side {
        Side::From => (Comparison::GreaterOrEqual, limit.least_multiple(parts)),
        Side::Below => (Comparison::Less, limit.least_multiple(parts)),
        Side::UpTo => (Comparison::LessOrEqual, -limit.negated().least_multiple(parts)),
        Side::Above => (Comparison::Greater, -limit.negated().least_multiple(parts)),
    };
    let is_high = matches!(side, Side::From | Side::Above);
    match i128::try_from(&limit) {
        Ok(limit) if whole.contains(&limit) => compared(column.clone(), how, value(limit)),
        // The limit lies beyond the range of the type, so that all values are on one side.
        _ if (limit < BigInt::from(0)) == is_high => Typed::always(),
        _ => Typed::always().negated(),
    }
}

fn power_of_ten(scale: u8) -> BigInt {
    BigInt::from(10).pow(u32::from(scale))
}

fn compared(of: Typed, how: Comparison, with: Value) -> Typed {
    let literal = Typed { term: Term::Literal(with), data_type: of.data_type.clone() };
    Typed::boolean(Term::Compare(how, Box::new(of), Box::new(literal)))
}
