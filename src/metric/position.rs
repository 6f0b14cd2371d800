//! Exact quantiles of sorted values.

use num_traits::ToPrimitive as _;

use super::Interpolation;
use crate::data::{Exact, Float, Value};

/// The position of a quantile in sorted values.
#[derive(Clone, Debug)]
pub(crate) struct Position {
    /// The index of the value at or below the position.
    pub(crate) below: u64,
    /// The distance from that index to the position, less than 1.
    beyond: Exact,
}

impl Position {
    /// Returns the position of the quantile `at`, between 0 and 1 and exactly as it is written, among `count`
    /// values; `None` if there are no values.
    pub(crate) fn of(at: Float, count: u64) -> Option<Self> {
        let position = Exact::written(at.0)?.times(&Exact::integer(count.checked_sub(1)?))?;
        let below = position.floor_of(&1.into());
        let beyond = position.minus(&Exact::integer(below.clone()))?;
        Some(Self { below: below.to_u64()?, beyond })
    }

    /// Returns the quantile, given the value at the index and the one next to it.
    pub(crate) fn between(&self, low: &Value, high: &Value, interpolation: Interpolation) -> Value {
        between(low, high, &self.share(interpolation))
    }

    /// Returns whether the position is exactly that of a value.
    pub(crate) fn is_a_place(&self) -> bool {
        self.beyond.is_zero()
    }

    /// Returns the share of the way from the value below to the next one.
    fn share(&self, interpolation: Interpolation) -> Exact {
        let half = Exact::scaled(5, 1);
        match interpolation {
            _ if self.beyond.is_zero() => Exact::integer(0),
            Interpolation::Lower => Exact::integer(0),
            Interpolation::Higher => Exact::integer(1),
            Interpolation::Linear => self.beyond.clone(),
            Interpolation::Midpoint => half,
            // Of two equally near values, the one at the even index, as in pandas.
            Interpolation::Nearest => {
                let is_odd = self.below % 2 == 1;
                Exact::integer(u8::from(self.beyond > half || (self.beyond == half && is_odd)))
            }
        }
    }
}

/// Interpolates between two values.
fn between(low: &Value, high: &Value, share: &Exact) -> Value {
    if share.is_zero() || low == high {
        return low.clone();
    }
    if *share == Exact::integer(1) {
        return high.clone();
    }
    match (Exact::of(low), Exact::of(high)) {
        (Some(from), Some(to)) => {
            let part = to.minus(&from).and_then(|range| range.times(share));
            part.and_then(|part| from.plus(&part)).map_or(Value::Null, Exact::value)
        }
        // One of them is NaN or infinite.
        _ => match (low.as_f64(), high.as_f64()) {
            (Some(low), Some(high)) => Value::float(low + high),
            _ => Value::Null,
        },
    }
}
