//! Exact comparison of numbers of different types, without allocation, since it runs row by row.

use std::cmp::Ordering;

use super::Decimal;

/// Number of digits kept after the point: the maximum scale of a decimal.
const DIGITS: u32 = 38;
const ONE: u128 = 10_u128.pow(DIGITS);

/// A number of a column.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// An integer or a decimal.
    Exact(Decimal),
    /// A float.
    Float(f64),
}

impl Number {
    /// Returns the order of two numbers. NaN equals itself and is above all other numbers.
    #[must_use]
    pub fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Exact(left), Self::Exact(right)) => Split::of(left).order(&Split::of(right)),
            (Self::Float(left), Self::Float(right)) => super::Float(left).cmp(&super::Float(right)),
            (Self::Float(left), Self::Exact(right)) => float_beside(left, right),
            (Self::Exact(left), Self::Float(right)) => float_beside(right, left).reverse(),
        }
    }

    /// Returns whether two numbers differ by at most a distance. If one of them is a float, the difference is
    /// computed in double precision.
    #[must_use]
    pub fn is_within(self, distance: f64, other: Self) -> bool {
        if self.compare(other).is_eq() {
            return true;
        }
        match (self, other) {
            (Self::Exact(left), Self::Exact(right)) => {
                let apart = Split::of(left).apart(&Split::of(right));
                // The distance counts as it is written: 0.1 is a tenth, and not the double next to it.
                match Decimal::parse(&distance.to_string()) {
                    Some(distance) => !apart.order(&Split::of(distance)).is_gt(),
                    None => distance > 1.0,
                }
            }
            (left, right) => (left.to_f64() - right.to_f64()).abs() <= distance,
        }
    }

    /// Returns the nearest double.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the nearest one is wanted")]
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Float(float) => float,
            Self::Exact(Decimal { unscaled, scale: 0 }) => unscaled as f64,
            Self::Exact(decimal) => decimal.to_f64(),
        }
    }

    /// Returns the number as a count of `10^-scale`, if that is exact.
    #[must_use]
    pub fn rescaled(self, scale: u8) -> Option<i128> {
        match self {
            Self::Exact(decimal) => {
                decimal.floor_to(scale).and_then(|(unscaled, exact)| exact.then_some(unscaled))
            }
            Self::Float(float) => float_rescaled(float, scale),
        }
    }
}

/// A number as its sign and the parts of its magnitude; `more` is true if further digits follow the fraction.
struct Split {
    negative: bool,
    whole: u128,
    /// In units of 10^-38; less than 1.
    fraction: u128,
    more: bool,
}

impl Split {
    fn of(Decimal { unscaled, scale }: Decimal) -> Self {
        let magnitude = unscaled.unsigned_abs();
        let (whole, fraction, more) = if u32::from(scale) <= DIGITS {
            let one = 10_u128.pow(scale.into());
            (magnitude / one, magnitude % one * 10_u128.pow(DIGITS - u32::from(scale)), false)
        } else {
            // A number of this scale is less than 1.
            match 10_u128.checked_pow(u32::from(scale) - DIGITS) {
                Some(unit) => (0, magnitude / unit, !magnitude.is_multiple_of(unit)),
                None => (0, 0, magnitude > 0),
            }
        };
        Self { negative: unscaled < 0, whole, fraction, more }
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        let parts = |of: &Self| (of.whole, of.fraction, of.more);
        parts(self).cmp(&parts(other))
    }

    /// Compares two numbers. Those that both go on after equal fractions count as equal.
    fn order(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }

    /// Returns the distance between two numbers of at most 38 digits after the point.
    fn apart(&self, other: &Self) -> Self {
        let (whole, fraction) = if self.negative ^ other.negative {
            let fraction = self.fraction + other.fraction;
            (self.whole + other.whole + fraction / ONE, fraction % ONE)
        } else {
            let (great, small) = if self.magnitude(other).is_lt() { (other, self) } else { (self, other) };
            let borrow = u128::from(great.fraction < small.fraction);
            (great.whole - small.whole - borrow, great.fraction + borrow * ONE - small.fraction)
        };
        Self { negative: false, whole, fraction, more: false }
    }
}

/// Compares a double with an exact number.
fn float_beside(float: f64, exact: Decimal) -> Ordering {
    if float.is_nan() {
        return Ordering::Greater;
    }
    match split_float(float) {
        Some(split) => split.order(&Split::of(exact)),
        // The double is beyond all numbers of 128 bits.
        None if float > 0.0 => Ordering::Greater,
        None => Ordering::Less,
    }
}

/// Splits a finite double below 2^128.
fn split_float(float: f64) -> Option<Split> {
    let (mantissa, exponent) = parts(float.abs())?;
    let (whole, rest, places) = match u32::try_from(exponent) {
        Ok(places) if places + u64::BITS - mantissa.leading_zeros() > u128::BITS => return None,
        Ok(places) => (u128::from(mantissa) << places, 0, 0),
        Err(_) => {
            let places = exponent.unsigned_abs();
            let whole = mantissa.checked_shr(places).unwrap_or(0);
            (u128::from(whole), mantissa - whole.checked_shl(places).unwrap_or(0), places)
        }
    };
    let (fraction, more) = scaled_down(rest, places);
    Some(Split { negative: float < 0.0, whole, fraction, more })
}

/// Returns `rest × 10^38 / 2^places`, rounded down, and whether a remainder is left. `rest` is less than
/// `2^places`.
fn scaled_down(rest: u64, places: u32) -> (u128, bool) {
    const HALF: u32 = 64;
    let (high, low) = (ONE >> HALF, ONE & u128::from(u64::MAX));
    let (high, low) = (high * u128::from(rest), low * u128::from(rest));
    // The product is `high × 2^128 + low`.
    let (low, carried) = low.overflowing_add(high << HALF);
    let high = (high >> HALF) + u128::from(carried);
    match places {
        0 => (0, false),
        1..128 => {
            let mask = (1_u128 << places) - 1;
            ((high << (128 - places)) | (low >> places), low & mask != 0)
        }
        128..256 => {
            let places = places - 128;
            let mask = (1_u128 << places) - 1;
            (high >> places, low != 0 || high & mask != 0)
        }
        _ => (0, rest != 0),
    }
}

/// Returns the mantissa and the exponent of a finite, non-negative double, with the least possible mantissa.
fn parts(float: f64) -> Option<(u64, i32)> {
    const MANTISSA: u32 = 52;
    const BIAS: i32 = 1075;
    if !float.is_finite() {
        return None;
    }
    let bits = float.to_bits();
    let fraction = bits & ((1 << MANTISSA) - 1);
    let exponent = i32::try_from(bits >> MANTISSA).ok()?;
    let (mantissa, exponent) =
        if exponent == 0 { (fraction, 1) } else { (fraction | 1 << MANTISSA, exponent) };
    if mantissa == 0 {
        return Some((0, 0));
    }
    let zeros = mantissa.trailing_zeros();
    Some((mantissa >> zeros, exponent - BIAS + i32::try_from(zeros).ok()?))
}

/// Returns `float × 10^scale`, if the result is a whole number of 128 bits.
fn float_rescaled(float: f64, scale: u8) -> Option<i128> {
    let (mantissa, exponent) = parts(float.abs())?;
    let scale = i32::from(scale);
    // The mantissa is odd, so that each binary digit after the point needs a decimal one.
    if exponent < -scale {
        return None;
    }
    let fives = 5_i128.checked_pow(scale.unsigned_abs())?;
    let digits = i128::from(mantissa).checked_mul(fives)?;
    let shifted =
        digits.checked_mul(1_i128.checked_shl((exponent + scale).unsigned_abs()).filter(|of| *of > 0)?)?;
    Some(if float < 0.0 { -shifted } else { shifted })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns the sign of a number and all its digits, padded to one width before and after the point.
    fn digits(number: Number) -> (bool, String) {
        const WIDTH: usize = 1100;
        let text = match number {
            Number::Float(float) => format!("{float:.WIDTH$}"),
            Number::Exact(decimal) => decimal.to_string(),
        };
        let negative = text.starts_with('-');
        let text = text.trim_start_matches('-');
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let magnitude = format!("{whole:0>400}{fraction:0<WIDTH$}");
        (negative && magnitude.contains(|c| c != '0'), magnitude)
    }

    /// Compares all digits of two numbers as texts of one width.
    fn expected(left: Number, right: Number) -> Ordering {
        match (digits(left), digits(right)) {
            ((false, left), (false, right)) => left.cmp(&right),
            ((true, left), (true, right)) => right.cmp(&left),
            ((negative, _), _) => {
                if negative {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
        }
    }

    fn exact() -> impl Strategy<Value = Decimal> {
        const MOST: i128 = 10_i128.pow(38);
        let small = (-100_i64..100).prop_map(i128::from);
        let wide = (1 - MOST..MOST, 0..38_u32).prop_map(|(number, cut)| number / 10_i128.pow(cut));
        (prop_oneof![small, any::<i64>().prop_map(i128::from), wide], 0..=38_u8)
            .prop_map(|(unscaled, scale)| Decimal { unscaled, scale })
    }

    /// Generates floats of all sizes, and floats next to exact numbers.
    fn number() -> impl Strategy<Value = Number> {
        let near = (exact(), -2..=2_i64).prop_map(|(decimal, steps)| {
            let float = decimal.to_f64();
            let bits = if float == 0.0 { 0 } else { float.to_bits().cast_signed() + steps };
            Number::Float(f64::from_bits(bits.cast_unsigned()))
        });
        let any = any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |float| float.is_finite());
        prop_oneof![exact().prop_map(Number::Exact), near, any.prop_map(Number::Float)]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4_000) })]

        #[test]
        fn numbers_have_the_order_of_their_digits(left in number(), right in number()) {
            prop_assert_eq!(left.compare(right), expected(left, right), "{:?} {:?}", left, right);
            prop_assert_eq!(right.compare(left), expected(right, left), "{:?} {:?}", left, right);
        }

        #[test]
        fn a_float_equals_the_number_next_to_it_or_does_not(exact in exact(), steps in -2..=2_i64) {
            let bits = exact.to_f64().to_bits().cast_signed();
            let float = Number::Float(f64::from_bits((bits + if bits == 0 { 0 } else { steps }).cast_unsigned()));
            prop_assert_eq!(float.compare(Number::Exact(exact)), expected(float, Number::Exact(exact)));
        }

        #[test]
        fn what_is_rescaled_is_the_same_number(number in number(), scale in 0..=38_u8) {
            if let Some(unscaled) = number.rescaled(scale) {
                let same = Number::Exact(Decimal { unscaled, scale });
                prop_assert_eq!(expected(number, same), Ordering::Equal, "{:?} {:?}", number, same);
            } else {
                // The number is too large, or has more digits after the point.
                let (_, digits) = digits(number);
                let cut = 400 + usize::from(scale);
                let whole = digits[..cut].trim_start_matches('0');
                prop_assert!(digits[cut..].contains(|c| c != '0') || whole.len() >= 39, "{:?}", number);
            }
        }

        #[test]
        fn a_distance_is_exact(left in -1000..1000_i64, right in -1000..1000_i64, distance in 0..30_u32) {
            let number = |unscaled: i64| Number::Exact(Decimal { unscaled: unscaled.into(), scale: 1 });
            let apart = left.abs_diff(right);
            let within = number(left).is_within(f64::from(distance) / 10.0, number(right));
            prop_assert_eq!(within, apart <= distance.into(), "{} {} {}", left, right, distance);
        }
    }

    #[test]
    fn infinities_and_nan_are_beyond_all_numbers() {
        let most = Number::Exact(Decimal { unscaled: i128::MAX, scale: 0 });
        assert_eq!(Number::Float(f64::INFINITY).compare(most), Ordering::Greater);
        assert_eq!(Number::Float(f64::NEG_INFINITY).compare(most), Ordering::Less);
        assert_eq!(Number::Float(f64::NAN).compare(Number::Float(f64::NAN)), Ordering::Equal);
        assert_eq!(most.compare(Number::Float(f64::NAN)), Ordering::Less);
        assert_eq!(
            Number::Float(-0.0).compare(Number::Exact(Decimal { unscaled: 0, scale: 0 })),
            Ordering::Equal
        );
        let wide = |unscaled| Number::Exact(Decimal { unscaled, scale: 0 });
        assert!(!wide(1 << 60).is_within(0.5, wide((1 << 60) + 1)));
        assert!(wide(i128::MAX).is_within(1e300, wide(i128::MIN)));
    }
}
