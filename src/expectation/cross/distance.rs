//! The distance between two numbers, as suites write it.

use serde::Serialize;

use super::super::Need;
use crate::data::Exact;
use crate::document::{Diagnostic, Node};

/// A distance, absolute or as a percentage of the number that is compared with. May be negative, as in `-10
/// %`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Distance {
    Absolute(f64),
    Percent(f64),
}

impl Distance {
    /// No distance.
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
            _ => Err(node.expected_error(WANTED)),
        }
    }

    /// Reads a distance that is not negative.
    pub(super) fn read_tolerance(node: &Node) -> Result<Self, Diagnostic> {
        match Self::read(node)? {
            Self::Absolute(number) | Self::Percent(number) if number < 0.0 => {
                Err(node.expected_error("a tolerance, which is not negative"))
            }
            tolerance => Ok(tolerance),
        }
    }

    /// What a claim needs of it: nothing at all is nothing in every unit.
    pub(super) fn needs(self, name: &str, need: fn(f64) -> Need) -> Vec<(String, Need)> {
        let (absolute, percent) = (format!("{name} by itself"), format!("{name} in percent"));
        match self {
            Self::Absolute(0.0) | Self::Percent(0.0) => vec![(absolute, need(0.0)), (percent, need(0.0))],
            Self::Absolute(number) => vec![(absolute, need(number))],
            Self::Percent(number) => vec![(percent, need(number))],
        }
    }

    /// Returns the distance as a number with its sign, relative to the number `from`.
    pub(super) fn signed(self, from: &Exact) -> Option<Exact> {
        match self {
            Self::Absolute(distance) => Exact::written(distance),
            Self::Percent(percent) => from.times(&Exact::written(percent)?)?.over(&Exact::integer(100)),
        }
    }

    /// Returns whether a number is at most this distance away from another number.
    pub(super) fn reaches(self, number: &Exact, from: &Exact) -> bool {
        // The difference of two roots is not exact, so a double takes its place.
        let apart = number
            .minus(from)
            .or_else(|| Exact::double(number.to_f64() - from.to_f64()))
            .map(|apart| apart.magnitude());
        let most = self.signed(from).map(|most| most.magnitude());
        apart.zip(most).is_some_and(|(apart, most)| apart <= most)
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
