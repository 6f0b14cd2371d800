//! Parses numbers with any number of digits.

/// A number by its digits: `±digits × 10^-scale`.
pub(super) struct Numeral {
    negative: bool,
    /// Without leading zeros; empty for 0.
    digits: String,
    scale: i64,
}

/// A number rounded down, if 128 bits can hold the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Floor {
    /// The number is below all results.
    Below,
    /// The result, which is the number itself or the next one below.
    At {
        /// The result, as a count of `10^-scale`.
        unscaled: i128,
        /// True if rounding dropped nothing.
        exact: bool,
    },
    /// The number is above all results.
    Above,
}

/// Maximum number of digits of an integer of 128 bits.
const MOST: usize = 39;

impl Numeral {
    /// Parses `-12.50`, `.5`, `1e3`, and the hexadecimal and octal notations of YAML's core schema.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let radix = |digits: &str, radix| {
            let number = u128::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+'))?;
            Some(Self::new(false, &number.to_string(), 0))
        };
        match text.get(..2) {
            Some("0x") => return radix(&text[2..], 16),
            Some("0o") => return radix(&text[2..], 8),
            _ => {}
        }
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (negative, mantissa) = match mantissa.as_bytes().first()? {
            b'-' => (true, &mantissa[1..]),
            b'+' => (false, &mantissa[1..]),
            _ => (false, mantissa),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        Some(Self::new(negative, &all, scale))
    }

    fn new(negative: bool, digits: &str, scale: i64) -> Self {
        Self { negative, digits: digits.trim_start_matches('0').to_owned(), scale }
    }

    /// Rounds the number down to `scale` digits after the point.
    pub(super) fn floor_to(&self, scale: u8) -> Floor {
        let beyond = if self.negative { Floor::Below } else { Floor::Above };
        let more = i64::from(scale).saturating_sub(self.scale);
        let (kept, exact) = if self.digits.is_empty() {
            ("0".to_owned(), true)
        } else if let Ok(zeros) = usize::try_from(more) {
            if self.digits.len().saturating_add(zeros) > MOST {
                return beyond;
            }
            (format!("{}{}", self.digits, "0".repeat(zeros)), true)
        } else {
            let cut = usize::try_from(more.unsigned_abs()).unwrap_or(usize::MAX);
            match self.digits.len().checked_sub(cut) {
                None | Some(0) => ("0".to_owned(), false),
                Some(at) => {
                    let (kept, rest) = self.digits.split_at(at);
                    (kept.to_owned(), rest.bytes().all(|digit| digit == b'0'))
                }
            }
        };
        let Ok(magnitude) = kept.parse::<i128>() else { return beyond };
        let unscaled = match (self.negative, exact) {
            (false, _) => magnitude,
            (true, true) => -magnitude,
            (true, false) => -magnitude - 1,
        };
        Floor::At { unscaled, exact }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_rounded_down_however_many_digits_it_has() {
        let floor = |text: &str, scale| Numeral::parse(text).unwrap().floor_to(scale);
        let at = |unscaled, exact| Floor::At { unscaled, exact };
        let long = format!("0.{}1", "0".repeat(60));
        for (text, scale, floored) in [
            ("12.50", 1, at(125, true)),
            ("-12.55", 1, at(-126, false)),
            ("1e3", 2, at(100_000, true)),
            ("1e-3", 0, at(0, false)),
            ("-1e-999999", 38, at(-1, false)),
            ("-0.0", 0, at(0, true)),
            ("0x1f", 0, at(31, true)),
            ("0o17", 1, at(150, true)),
            (long.as_str(), 38, at(0, false)),
            ("1e999999999", 0, Floor::Above),
            ("-1e40", 0, Floor::Below),
            ("170141183460469231731687303715884105727", 0, at(i128::MAX, true)),
            ("170141183460469231731687303715884105728", 0, Floor::Above),
            ("00000000000000000000000000000000000000000000000001.5", 0, at(1, false)),
        ] {
            assert_eq!(floor(text, scale), floored, "{text}");
        }
        for bad in ["", ".", "-", "1.2.3", "abc", "1e", "0x", "0x+1", "1 "] {
            assert!(Numeral::parse(bad).is_none(), "{bad}");
        }
    }
}
