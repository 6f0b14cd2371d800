//! The order of an exact number beside a float, by the values that both really are: no type holds all
//! values of either.

use std::cmp::Ordering;

/// 2^127: from here on, no float is a number of 128 bits.
const BEYOND: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;

/// The order of `unscaled / 10^scale` beside a float; NaN is above every number.
#[expect(clippy::cast_possible_truncation, reason = "what is cast is whole and within the type")]
pub(super) fn order(unscaled: i128, scale: u32, float: f64) -> Ordering {
    if float.is_nan() || float >= BEYOND {
        return Ordering::Less;
    }
    if float < -BEYOND {
        return Ordering::Greater;
    }
    // A decimal has at most 38 digits.
    let one = 10_i128.pow(scale.min(38));
    // Towards zero, so that the rest of the float is exact, too.
    let (whole, rest) = (unscaled / one, unscaled % one);
    let (whole_float, rest_float) = (float.trunc(), float.fract());
    whole.cmp(&(whole_float as i128)).then_with(|| {
        let negative = rest < 0 || rest_float < 0.0;
        if negative && (rest > 0 || rest_float > 0.0) {
            return rest.cmp(&0);
        }
        let order = fractions(rest.unsigned_abs(), one.unsigned_abs(), rest_float.abs());
        if negative { order.reverse() } else { order }
    })
}

/// The order of `part / whole` beside a float, both from 0 up to 1: bit by bit, which is exact.
fn fractions(mut part: u128, whole: u128, mut float: f64) -> Ordering {
    while float > 0.0 {
        part *= 2;
        float *= 2.0;
        match (part >= whole, float >= 1.0) {
            (true, true) => {
                part -= whole;
                float -= 1.0;
            }
            (false, false) => {}
            (true, false) => return Ordering::Greater,
            (false, true) => return Ordering::Less,
        }
    }
    if part == 0 { Ordering::Equal } else { Ordering::Greater }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_digit_is_rounded() {
        for (unscaled, scale, float, expected) in [
            ((1 << 53) + 1, 0, 9_007_199_254_740_992.0, Ordering::Greater),
            (1 << 53, 0, 9_007_199_254_740_992.0, Ordering::Equal),
            (-(1 << 53) - 1, 0, -9_007_199_254_740_992.0, Ordering::Less),
            (1, 1, 0.1, Ordering::Less),
            (-1, 1, -0.1, Ordering::Greater),
            (15, 1, 1.5, Ordering::Equal),
            (-15, 1, -1.5, Ordering::Equal),
            (0, 0, 5e-324, Ordering::Less),
            (0, 38, -5e-324, Ordering::Greater),
            (-1, 38, -5e-324, Ordering::Less),
            (1, 38, -5e-324, Ordering::Greater),
            (-1, 38, 5e-324, Ordering::Less),
            (-1, 1, 0.1, Ordering::Less),
            (1, 1, -0.1, Ordering::Greater),
            (0, 0, -0.0, Ordering::Equal),
            (i128::MAX, 0, BEYOND, Ordering::Less),
            (i128::MIN, 0, -BEYOND, Ordering::Equal),
            (0, 0, f64::NEG_INFINITY, Ordering::Greater),
            (0, 0, f64::NAN, Ordering::Less),
        ] {
            assert_eq!(order(unscaled, scale, float), expected, "{unscaled} {scale} {float}");
        }
    }
}
