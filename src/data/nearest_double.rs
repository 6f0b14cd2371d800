//! Rounds exact numbers to the nearest doubles, with ties to even.

use num_bigint::BigUint;
use num_traits::{ToPrimitive as _, Zero as _};

/// Number of stored bits of a double's mantissa.
const STORED: u32 = 52;
/// The exponent of the least positive double.
const LEAST: i64 = -1074;
const EXPONENTS: u64 = 0x7ff;

/// Returns a double as `mantissa × 2^exponent`; `None` for NaN and the infinities.
pub(super) fn parts(number: f64) -> Option<(i64, i64)> {
    let bits = number.to_bits();
    let (exponent, stored) = ((bits >> STORED) & EXPONENTS, bits & ((1 << STORED) - 1));
    let mantissa = match exponent {
        EXPONENTS => return None,
        0 => stored,
        _ => stored | 1 << STORED,
    };
    let mantissa = i64::try_from(mantissa).ok()?;
    let exponent = i64::try_from(exponent.max(1)).ok()? - 1 + LEAST;
    Some((if number.is_sign_negative() { -mantissa } else { mantissa }, exponent))
}

/// Returns the double nearest to a quotient.
pub(super) fn quotient(numerator: &BigUint, denominator: &BigUint) -> f64 {
    let shift = bits(denominator) - bits(numerator) + 64;
    let (numerator, denominator) = match u64::try_from(shift) {
        Ok(shift) => (numerator << shift, denominator.clone()),
        Err(_) => (numerator.clone(), denominator << shift.unsigned_abs()),
    };
    let whole = &numerator / &denominator;
    let inexact = !(&numerator - &whole * &denominator).is_zero();
    scaled(&whole, inexact, -shift)
}

/// Returns the double nearest to the square root of a quotient.
pub(super) fn root(numerator: &BigUint, denominator: &BigUint) -> f64 {
    // The root needs twice its bits under the radical; the shift is even, so that the root shifts by half of
    // it.
    let shift = (bits(denominator) - bits(numerator) + 130) & !1;
    let (numerator, denominator) = match u64::try_from(shift) {
        Ok(shift) => (numerator << shift, denominator.clone()),
        Err(_) => (numerator.clone(), denominator << shift.unsigned_abs()),
    };
    let whole = &numerator / &denominator;
    let root = whole.sqrt();
    let inexact = &root * &root * &denominator != numerator;
    scaled(&root, inexact, -shift / 2)
}

fn bits(of: &BigUint) -> i64 {
    i64::try_from(of.bits()).unwrap_or(i64::MAX / 4)
}

/// Returns the double nearest to `whole × 2^exponent`, or to a little more if `inexact`. Unless `whole` is 0,
/// it has more bits than a double's mantissa.
fn scaled(whole: &BigUint, inexact: bool, exponent: i64) -> f64 {
    let Some(whole) = whole.to_u128() else { return f64::INFINITY };
    if whole == 0 {
        return 0.0;
    }
    // The last bit is too low to be kept, and serves as the sticky bit.
    let whole = whole | u128::from(inexact);
    let length = 128 - i64::from(whole.leading_zeros());
    // The exponent of the last bit that the double keeps.
    let last = (exponent + length - i64::from(STORED) - 1).max(LEAST);
    let Ok(dropped @ 1..128) = u32::try_from(last - exponent) else {
        // At least 128 bits are dropped, which is all of them. Fewer than one bit is never dropped.
        return if last > exponent { 0.0 } else { f64::INFINITY };
    };
    let (kept, rest, half) = (whole >> dropped, whole & ((1 << dropped) - 1), 1_u128 << (dropped - 1));
    let up = rest > half || (rest == half && kept & 1 == 1);
    let (Ok(kept), Ok(field @ 0..=EXPONENTS)) =
        (u64::try_from(kept + u128::from(up)), u64::try_from(last - LEAST))
    else {
        return f64::INFINITY;
    };
    // Adding the mantissa carries its leading bit, if it has one, into the exponent.
    let bits = (field << STORED) + kept;
    if bits < EXPONENTS << STORED { f64::from_bits(bits) } else { f64::INFINITY }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;

    use super::super::Exact;

    #[test]
    fn doubles_are_their_own_nearest() {
        for number in [
            0.0,
            1.0,
            0.1,
            -0.1,
            1e300,
            f64::MAX,
            f64::MIN,
            f64::MIN_POSITIVE,
            f64::MIN_POSITIVE / 8.0,
            5e-324,
            1e-310,
            123_456.789,
            9_007_199_254_740_993.0,
        ] {
            assert_eq!(
                Exact::double(number).unwrap().to_f64().to_bits(),
                (number + 0.0).to_bits(),
                "{number}"
            );
            if number >= 0.0 {
                let square = Exact::double(number).unwrap();
                let square = square.times(&square).unwrap();
                assert_eq!(Exact::root(&square).unwrap().to_f64().to_bits(), number.to_bits(), "{number}");
            }
        }
    }

    #[test]
    fn numbers_between_doubles_go_to_the_nearest_even_one() {
        for text in [
            "9007199254740993",
            "9007199254740995",
            "9007199254740992.5",
            "9007199254740993.0000000001",
            "0.3",
            "1e-320",
            "4e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "1.7976931348623158e308",
            "1e309",
            "2.2250738585072011e-308",
            "123456789012345678901234567890",
        ] {
            let expected: f64 = text.parse().unwrap();
            assert_eq!(Exact::parse(text).unwrap().to_f64().to_bits(), expected.to_bits(), "{text}");
        }
        let two = Exact::root(&Exact::integer(2)).unwrap();
        assert_eq!(two.to_f64().to_bits(), 2_f64.sqrt().to_bits());
        let sixth = Exact::fraction(1, BigInt::from(6)).unwrap();
        assert_eq!(sixth.to_f64().to_bits(), (1.0_f64 / 6.0).to_bits());
    }
}
