//! Spans of time, as suites write them.

use std::fmt;

use serde::Serialize;

use crate::document::{Diagnostic, Node};

/// A span of time: `30 min`, `1 h`, `2 d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    count: u32,
    unit: &'static str,
    seconds: i64,
}

/// The units, each with its other spellings and its seconds.
const UNITS: [(&str, &[&str], i64); 5] = [
    ("s", &["sec", "second", "seconds"], 1),
    ("min", &["m", "minute", "minutes"], 60),
    ("h", &["hour", "hours"], 3_600),
    ("d", &["day", "days"], 86_400),
    ("w", &["week", "weeks"], 604_800),
];

impl Period {
    /// Returns a span of this number of minutes.
    pub(super) const fn minutes(count: u32) -> Self {
        Self { count, unit: "min", seconds: 60 }
    }

    pub(super) fn read(node: &Node) -> Result<Self, Diagnostic> {
        const WANTED: &str = "a span of time such as 30 min, 1 h or 2 d";
        let text = node.text(WANTED)?.trim();
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let count = text[..digits].parse().map_err(|_| node.expected_error(WANTED))?;
        let word = text[digits..].trim();
        let (unit, _, seconds) = UNITS
            .into_iter()
            .find(|(unit, others, _)| *unit == word || others.contains(&word))
            .ok_or_else(|| node.expected_error(WANTED))?;
        Ok(Self { count, unit, seconds })
    }

    /// In seconds: so few of the longest units, a double counts exactly.
    #[expect(clippy::cast_precision_loss, reason = "2^32 weeks are fewer than 2^53 seconds")]
    pub(super) fn seconds(self) -> f64 {
        f64::from(self.count) * self.seconds as f64
    }

    /// Returns the length of the span in nanoseconds.
    pub(super) fn nanoseconds(self) -> i128 {
        i128::from(self.count) * i128::from(self.seconds) * 1_000_000_000
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.count, self.unit)
    }
}
