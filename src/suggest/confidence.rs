//! How sure it is that a check holds.

use std::fmt;

use crate::data::thousands;
use crate::evaluate::Counts;

/// Standard deviations of a normal distribution within which 95 % of it lie.
const Z: f64 = 1.96;

/// How many rows of how many hold, and what that says of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Confidence {
    holding: u64,
    of: u64,
}

impl Confidence {
    pub(super) fn of(counts: Counts) -> Self {
        Self { holding: counts.considered.saturating_sub(counts.failing), of: counts.considered }
    }

    /// The share of rows that hold.
    #[expect(clippy::cast_precision_loss, reason = "a share for people, and for a bound with headroom")]
    pub(super) fn share(self) -> f64 {
        if self.of == 0 { 0.0 } else { self.holding as f64 / self.of as f64 }
    }

    /// Wilson's lower bound of the share in data of which these rows are a sample: with 95 % confidence it is not
    /// outside of the interval that begins there.
    #[expect(clippy::cast_precision_loss, reason = "a share for people, and for a bound with headroom")]
    pub(super) fn lower(self) -> f64 {
        if self.of == 0 {
            return 0.0;
        }
        let (share, rows) = (self.share(), self.of as f64);
        let spread = (share * (1.0 - share) / rows + Z * Z / (4.0 * rows * rows)).sqrt();
        let bound = (share + Z * Z / (2.0 * rows) - Z * spread) / (1.0 + Z * Z / rows);
        bound.clamp(0.0, share)
    }

    /// The share to demand where it is not all: the lower bound, cut to two digits, or to three of many rows.
    pub(super) fn mostly(self) -> f64 {
        let digits = if self.of >= 10_000 { 1_000.0 } else { 100.0 };
        (self.lower() * digits).floor() / digits
    }
}

/// `all 1,500,000 rows, ≥ 99.9997 %`
impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |number: u64| thousands(&number.to_string());
        match (self.of, self.of - self.holding) {
            (1, 0) => f.write_str("1 row")?,
            (of, 0) => write!(f, "all {} rows", count(of))?,
            (of, 1) => write!(f, "all but 1 of {} rows", count(of))?,
            (of, failing) => write!(f, "all but {} of {} rows", count(failing), count(of))?,
        }
        write!(f, ", ≥ {} %", percent(self.lower()))
    }
}

/// A share as a percent, cut behind the first digit that is no nine: never shown as more than it is.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let digits = (0_i32..6).find(|digits| (100.0 - percent) * 10_f64.powi(*digits) >= 1.0).unwrap_or(6);
    let unit = 10_f64.powi(digits);
    format!("{:.*}", usize::try_from(digits).unwrap_or_default(), (percent * unit).floor() / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(considered: u64, failing: u64) -> Confidence {
        Confidence::of(Counts { rows: considered, considered, failing })
    }

    #[test]
    fn bounds_are_those_of_wilson() {
        // As statsmodels' proportion_confint(method="wilson") has them.
        assert!((of(100, 5).lower() - 0.888_249_6).abs() < 1e-5);
        assert!((of(20, 0).lower() - 0.838_873_1).abs() < 1e-4);
        assert!((of(1_313, 1).mostly() - 0.99).abs() < 1e-9);
        assert_eq!(of(1_500_000, 0).to_string(), "all 1,500,000 rows, ≥ 99.9997 %");
        assert_eq!(of(20, 1).to_string(), "all but 1 of 20 rows, ≥ 76 %");
    }
}
