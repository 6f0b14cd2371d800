//! Computes the measures naively, in fractions.

use std::cmp::Ordering;

use num_rational::BigRational;
use num_traits::{Signed as _, Zero as _};

use super::number::{Number, ratio, read};

fn fractions(values: &[Number]) -> Option<Vec<BigRational>> {
    let fraction = |number: &Number| match number {
        // Every value of a column is a fraction, so that its square has an exact root.
        Number::Root { negative, square } => {
            let root = BigRational::new(square.numer().sqrt(), square.denom().sqrt());
            Some(if *negative { -root } else { root })
        }
        _ => None,
    };
    values.iter().map(fraction).collect()
}

pub fn fraction(number: &Number) -> Option<BigRational> {
    fractions(std::slice::from_ref(number)).map(|mut one| one.remove(0))
}

fn count(of: usize) -> BigRational {
    ratio(of, 1)
}

/// Returns the sum, which is 0 if there are no values.
pub fn sum(values: &[Number]) -> Number {
    if let Some(fractions) = fractions(values) {
        return Number::fraction(&fractions.iter().sum());
    }
    let any = |wanted: &Number| values.contains(wanted);
    match (any(&Number::Nan), any(&Number::Infinite), any(&Number::MinusInfinite)) {
        (false, true, false) => Number::Infinite,
        (false, false, true) => Number::MinusInfinite,
        _ => Number::Nan,
    }
}

pub fn mean(values: &[Number]) -> Option<Number> {
    if values.is_empty() {
        return None;
    }
    let sum = sum(values);
    Some(fraction(&sum).map_or(sum, |sum| Number::fraction(&(sum / count(values.len())))))
}

/// Returns the sample variance; none for fewer than two values, and no number if a value is infinite.
#[expect(clippy::option_option, reason = "of few values there is nothing, of infinite ones no number")]
pub fn variance(values: &[Number]) -> Option<Option<BigRational>> {
    if values.len() < 2 {
        return None;
    }
    let Some(fractions) = fractions(values) else { return Some(None) };
    let mean = fractions.iter().sum::<BigRational>() / count(values.len());
    let squares: BigRational = fractions.iter().map(|value| (value - &mean) * (value - &mean)).sum();
    Some(Some(squares / count(values.len() - 1)))
}

pub fn deviation(values: &[Number]) -> Option<Number> {
    variance(values).map(|variance| variance.map_or(Number::Nan, Number::root))
}

fn sorted(values: &[Number]) -> Vec<Number> {
    let mut sorted = values.to_vec();
    sorted.sort_by(Number::order);
    sorted
}

pub fn least(values: &[Number]) -> Option<Number> {
    sorted(values).first().cloned()
}

pub fn greatest(values: &[Number]) -> Option<Number> {
    sorted(values).last().cloned()
}

pub fn quantile(values: &[Number], at: &str, interpolation: &str) -> Option<Number> {
    let sorted = sorted(values);
    let position = read(at) * count(values.len().checked_sub(1)?);
    let below: usize = position.floor().to_integer().try_into().unwrap();
    let rest = &position - position.floor();
    let (low, half) = (sorted[below].clone(), ratio(1, 2));
    if rest.is_zero() {
        return Some(low);
    }
    let high = sorted[below + 1].clone();
    let share = match interpolation {
        "lower" => return Some(low),
        "higher" => return Some(high),
        "nearest" => {
            let up = match rest.cmp(&half) {
                Ordering::Less => false,
                Ordering::Greater => true,
                Ordering::Equal => below % 2 == 1,
            };
            return Some(if up { high } else { low });
        }
        "midpoint" => half,
        _ => rest,
    };
    Some(match (fraction(&low), fraction(&high)) {
        (Some(from), Some(to)) => Number::fraction(&(&from + (to - &from) * share)),
        _ if low == high => low,
        _ => match (low, high) {
            (_, Number::Nan) | (Number::MinusInfinite, Number::Infinite) => Number::Nan,
            (Number::MinusInfinite, _) => Number::MinusInfinite,
            _ => Number::Infinite,
        },
    })
}

/// Returns Pearson's correlation; none if one side does not vary.
pub fn correlation(pairs: &[(Number, Number)]) -> Option<Number> {
    let (left, right): (Vec<_>, Vec<_>) = pairs.iter().cloned().unzip();
    let (Some(left), Some(right)) = (fractions(&left), fractions(&right)) else { return Some(Number::Nan) };
    if left.is_empty() {
        return None;
    }
    let apart = |side: &[BigRational]| {
        let mean = side.iter().sum::<BigRational>() / count(side.len());
        side.iter().map(|value| value - &mean).collect::<Vec<_>>()
    };
    let (left, right) = (apart(&left), apart(&right));
    let product = |one: &[BigRational], other: &[BigRational]| -> BigRational {
        one.iter().zip(other).map(|(one, other)| one * other).sum()
    };
    let alone = product(&left, &left) * product(&right, &right);
    if alone.is_zero() {
        return None;
    }
    let together = product(&left, &right);
    Some(Number::Root { negative: together.is_negative(), square: &together * &together / alone })
}

/// Counts the values that lie far from the mean; none if that cannot be decided.
pub fn far(values: &[Number], times: &str, double_sided: bool) -> Option<usize> {
    let Some(variance) = variance(values) else { return Some(0) };
    let (variance, values) = (variance?, fractions(values)?);
    if variance.is_zero() {
        return Some(0);
    }
    let mean = values.iter().sum::<BigRational>() / count(values.len());
    let times = if double_sided { read(times).abs() } else { read(times) };
    let limit = Number::Root { negative: times.is_negative(), square: &times * &times * variance };
    let fails = |value: &&BigRational| {
        let apart = *value - &mean;
        Number::fraction(&if double_sided { apart.abs() } else { apart }).order(&limit).is_ge()
    };
    Some(values.iter().filter(fails).count())
}

pub fn beyond_fences(values: &[Number], times: &str) -> Option<usize> {
    let quartile = |at| quantile(values, at, "linear");
    let (Some(lower), Some(upper)) = (quartile("0.25"), quartile("0.75")) else { return Some(0) };
    let (lower, upper) = (fraction(&lower)?, fraction(&upper)?);
    let far = read(times) * (&upper - &lower);
    let (low, high) = (Number::fraction(&(lower - &far)), Number::fraction(&(upper + far)));
    let fails = |value: &&Number| value.order(&low).is_lt() || value.order(&high).is_gt();
    Some(values.iter().filter(fails).count())
}
