//! How far two numbers may be apart.

use crate::document::{Diagnostic, Node};

/// A distance, or a share of the number that is compared with. `-10 %` of it may be below it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Distance {
    Absolute(f64),
    Percent(f64),
}

impl Distance {
    /// Nothing.
    pub(super) const ZERO: Self = Self::Absolute(0.0);

    /// Reads `0.01` or `0.1 %`.
    pub(super) fn read(node: &Node) -> Result<Self, Diagnostic> {
        const WANTED: &str = "a number, or a percent such as \"0.1 %\"";
        let text = node.text(WANTED)?.trim();
        let (number, of): (_, fn(f64) -> Self) = match text.strip_suffix('%') {
            Some(percent) => (percent.trim(), Self::Percent),
            None => (text, Self::Absolute),
        };
        match number.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(of(number)),
            _ => Err(node.not(WANTED)),
        }
    }

    /// Reads one that is not negative.
    pub(super) fn read_tolerance(node: &Node) -> Result<Self, Diagnostic> {
        match Self::read(node)? {
            Self::Absolute(number) | Self::Percent(number) if number < 0.0 => {
                Err(node.not("a tolerance, which is not negative"))
            }
            tolerance => Ok(tolerance),
        }
    }

    /// The distance from a number.
    pub(super) fn from(self, number: f64) -> f64 {
        match self {
            Self::Absolute(distance) => distance,
            Self::Percent(percent) => number.abs() * percent / 100.0,
        }
    }
}

impl std::fmt::Display for Distance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Absolute(number) => number.fmt(f),
            Self::Percent(percent) => write!(f, "{percent} %"),
        }
    }
}
