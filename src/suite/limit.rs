//! Limits on the failing rows of a check.

use std::fmt;

use crate::data::{Decimal, thousands};
use crate::document::{Diagnostic, Node};

/// The limits on failing rows at which a check warns or fails.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// The limit beyond which the check warns.
    pub warn: Option<Limit>,
    /// The limit beyond which the check fails.
    pub fail: Option<Limit>,
}

impl Default for Thresholds {
    /// Returns thresholds at which any failing row fails the check.
    fn default() -> Self {
        Self { warn: None, fail: Some(Limit::ANY) }
    }
}

/// A limit on failing rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// A limit on the number of failing rows.
    Count {
        /// True if reaching the limit is too many, false if only exceeding it is.
        inclusive: bool,
        /// Number of failing rows.
        count: u64,
    },
    /// A limit on the percentage of the considered rows that fail.
    Percent {
        /// True if reaching the limit is too many, false if only exceeding it is.
        inclusive: bool,
        /// The percentage, between 0 and 100.
        percent: Decimal,
    },
    /// The least share of rows that must hold, divided as Great Expectations does.
    Mostly(f64),
}

impl Limit {
    /// The limit that any failing row exceeds.
    pub const ANY: Self = Self::Count { inclusive: false, count: 0 };

    /// Reads `> 0`, `>= 10`, `> 0.1 %`.
    ///
    /// # Errors
    /// Something else.
    pub fn read(node: &Node) -> Result<Self, Diagnostic> {
        let wanted = || {
            node.expected_error("a limit on failing rows")
                .help("\"> 0\", \">= 10\" or \"> 0.1 %\", in quotes")
        };
        let text = node.text("a limit on failing rows")?.trim();
        let (inclusive, rest) = match text.strip_prefix(">=") {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('>').ok_or_else(wanted)?),
        };
        let rest = rest.trim();
        if let Some(number) = rest.strip_suffix('%') {
            let percent = Decimal::parse(number.trim()).ok_or_else(wanted)?;
            if percent.unscaled < 0 || percent.to_f64() > 100.0 {
                return Err(Diagnostic::new(node.span, "a percent lies between 0 and 100"));
            }
            return Ok(Self::Percent { inclusive, percent });
        }
        let count = rest.parse().map_err(|_| wanted())?;
        if inclusive && count == 0 {
            return Err(
                Diagnostic::new(node.span, "at least 0 rows always fail").help("did you mean \"> 0\"?")
            );
        }
        Ok(Self::Count { inclusive, count })
    }

    /// Reads the argument of `mostly`.
    ///
    /// # Errors
    /// Something else than a number between 0 and 1.
    pub fn read_mostly(node: &Node) -> Result<Self, Diagnostic> {
        const WANTED: &str = "a number between 0 and 1";
        // `95%` gets help on how to write the share.
        let percent =
            node.text(WANTED).ok().and_then(|text| text.trim().strip_suffix('%')?.trim().parse::<f64>().ok());
        if let Some(percent) = percent {
            return Err(node.expected_error(WANTED).help(format!("{percent} % is {}", percent / 100.0)));
        }
        match node.number::<f64>(WANTED).map_err(|error| error.help("write it as in mostly: 0.95"))? {
            mostly if (0.0..=1.0).contains(&mostly) => Ok(Self::Mostly(mostly)),
            percent if (1.0..=100.0).contains(&percent) => {
                Err(node.expected_error(WANTED).help(format!("{percent} % is {}", percent / 100.0)))
            }
            _ => Err(node.expected_error(WANTED)),
        }
    }

    /// Returns what the limit allows, in words that follow the failing rows: `0.1 % allowed`.
    #[must_use]
    pub fn allowed(self) -> String {
        match self {
            Self::Count { inclusive: false, count } => format!("{} allowed", grouped(count)),
            Self::Count { inclusive: true, count } => format!("fewer than {} allowed", grouped(count)),
            Self::Percent { inclusive: false, percent } => format!("{percent} % allowed"),
            Self::Percent { inclusive: true, percent } => format!("less than {percent} % allowed"),
            Self::Mostly(mostly) => format!("{} % allowed", spared_percent(mostly)),
        }
    }

    /// Returns the limit as a percentage of the considered rows; 0 where no row is.
    #[must_use]
    pub fn percent(self, considered: u64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a percent for people")]
        match self {
            Self::Count { .. } if considered == 0 => 0.0,
            Self::Count { count, .. } => count as f64 * 100.0 / considered as f64,
            Self::Percent { percent, .. } => percent.to_f64(),
            Self::Mostly(mostly) => 100.0 * (1.0 - mostly),
        }
    }

    /// Returns whether `failing` of `considered` rows are too many. Zero failing rows never are.
    #[must_use]
    pub fn exceeded(self, failing: u64, considered: u64) -> bool {
        if failing == 0 {
            return false;
        }
        match self {
            Self::Count { inclusive: true, count } => failing >= count,
            Self::Count { inclusive: false, count } => failing > count,
            Self::Percent { inclusive, percent } => {
                // Whole numbers decide whether failing / considered > unscaled / 10^scale / 100.
                let scale = 10_i128.checked_pow(u32::from(percent.scale)).unwrap_or(i128::MAX);
                let left = i128::from(failing).saturating_mul(100).saturating_mul(scale);
                let right = percent.unscaled.saturating_mul(i128::from(considered));
                if inclusive { left >= right } else { left > right }
            }
            Self::Mostly(mostly) => share(considered.saturating_sub(failing), considered) < mostly,
        }
    }
}

fn grouped(count: u64) -> String {
    thousands(&count.to_string())
}

/// Returns the percentage of failing rows that a `mostly` allows, as exact as it is written: 0.1 for 0.999.
fn spared_percent(mostly: f64) -> String {
    let exact = || {
        let mostly = Decimal::parse(&mostly.to_string())?;
        let one = 10_i128.checked_pow(mostly.scale.into())?;
        let unscaled = (one - mostly.unscaled).checked_mul(100)?;
        Some(Decimal { unscaled, scale: mostly.scale }.normalised().to_string())
    };
    exact().unwrap_or_else(|| format!("{}", 100.0 * (1.0 - mostly)))
}

#[expect(clippy::cast_precision_loss, reason = "Great Expectations divides doubles, and so must this")]
fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = |inclusive: bool| if inclusive { "from" } else { "above" };
        match self {
            Self::Count { inclusive, count } => write!(f, "{} {}", verb(*inclusive), grouped(*count)),
            Self::Percent { inclusive, percent } => write!(f, "{} {percent} %", verb(*inclusive)),
            Self::Mostly(mostly) => write!(f, "above {} %", spared_percent(*mostly)),
        }
    }
}

impl fmt::Display for Thresholds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.warn, self.fail) {
            (Some(warn), Some(fail)) => write!(f, "warns {warn}, fails {fail}"),
            (Some(warn), None) => write!(f, "warns {warn}, never fails"),
            (None, Some(fail)) => write!(f, "fails {fail}"),
            (None, None) => f.write_str("never fails"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Syntax, parse};

    fn read(text: &str) -> Result<Limit, Diagnostic> {
        Limit::read(&parse(text, Syntax::Yaml).unwrap())
    }

    #[test]
    fn limits_are_exact() {
        let limit = read("'> 0.1 %'").unwrap();
        assert!(!limit.exceeded(1, 1000));
        assert!(limit.exceeded(2, 1000));
        assert!(read("'>= 0.1 %'").unwrap().exceeded(1, 1000));
        assert!(read("'>= 3'").unwrap().exceeded(3, 10));
        assert!(!read("'> 3'").unwrap().exceeded(3, 10));
        for bad in ["0", "'< 3'", "'> -1'", "'> 101 %'", "'>= 0'", "[1]", "'> x %'"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn mostly_is_a_division_of_doubles() {
        assert!(!Limit::Mostly(0.9).exceeded(1, 10));
        assert!(Limit::Mostly(0.91).exceeded(1, 10));
        assert!(!Limit::Mostly(1.0).exceeded(0, 0));
        assert_eq!(Limit::Mostly(0.999).to_string(), "above 0.1 %");
        assert_eq!(Limit::Mostly(0.5).allowed(), "50 % allowed");
    }
}
