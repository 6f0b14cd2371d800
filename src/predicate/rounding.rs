//! Rounds single numbers, halves away from zero.

/// Rounds an integer to a multiple of `10^places`: 1250 becomes 1300 with 2 places. `None` if the result
/// overflows 128 bits.
pub(crate) fn to_tens(number: i128, places: u32) -> Option<i128> {
    let Some(step) = 10_i128.checked_pow(places) else { return Some(0) };
    let (whole, rest) = (number / step, number % step);
    let away = if rest.unsigned_abs() >= step.unsigned_abs().div_ceil(2) && places > 0 {
        number.signum()
    } else {
        0
    };
    whole.checked_add(away)?.checked_mul(step)
}

/// Rounds a float to `digits` digits after the point. Rounds its shortest text, so that 2.675 becomes 2.68.
pub(crate) fn float(number: f64, digits: i8) -> f64 {
    if digits == 0 || !number.is_finite() {
        return number.round();
    }
    of_text(&format!("{number:e}"), digits).unwrap_or(number)
}

/// Rounds a float of single precision in the same way.
pub(crate) fn single(number: f32, digits: i8) -> f32 {
    if digits == 0 || !number.is_finite() {
        return number.round();
    }
    of_text(&format!("{number:e}"), digits).unwrap_or(number)
}

/// Rounds a text such as `-1.2345e-2`; `None` if there is no digit to drop.
fn of_text<F: std::str::FromStr>(text: &str, digits: i8) -> Option<F> {
    let (mantissa, exponent) = text.split_once('e')?;
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let all: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let number: i128 = all.parse().ok()?;
    // The number is `all × 10^scale`.
    let scale = exponent.parse::<i64>().ok()? - i64::try_from(all.len()).ok()? + 1;
    let dropped = -i64::from(digits) - scale;
    if dropped <= 0 {
        return None;
    }
    let rounded = to_tens(number, u32::try_from(dropped).ok()?)?;
    format!("{sign}{rounded}e{scale}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        for (number, places, rounded) in [
            (1250, 2, 1300),
            (1249, 2, 1200),
            (-1250, 2, -1300),
            (5, 1, 10),
            (-4, 1, 0),
            (7, 0, 7),
            (7, 60, 0),
        ] {
            assert_eq!(to_tens(number, places), Some(rounded), "{number} {places}");
        }
        for (number, digits, rounded) in [
            (2.675, 2, 2.68),
            (-2.675, 2, -2.68),
            (0.5, 0, 1.0),
            (-0.5, 0, -1.0),
            (0.499_999_999_999_999_94, 0, 0.0),
            (1234.5, -2, 1200.0),
            (1e300, 2, 1e300),
            (1e-300, 2, 0.0),
            (99.995, 2, 100.0),
            (f64::INFINITY, 1, f64::INFINITY),
        ] {
            assert!(float(number, digits).total_cmp(&rounded).is_eq(), "{number}");
        }
        assert!(float(f64::NAN, 2).is_nan());
        assert!((single(0.15, 1) - 0.2).abs() < 1e-9);
    }
}
