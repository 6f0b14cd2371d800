//! The values that an expression may have in a world.

use super::range::Range;
use super::truth_values::TruthValues;
use crate::data::{DataType, Value};
use crate::predicate::Comparison;

/// The values that an expression may have on the rows of a world: null, the values of a range, or both.
#[derive(Clone, Debug)]
pub(super) struct Scalar<'a> {
    /// True if the expression may be null.
    pub null: bool,
    /// The range of the values; `None` if the expression is always null.
    pub value: Option<Range<'a>>,
}

impl<'a> Scalar<'a> {
    pub(super) const NULL: Self = Self { null: true, value: None };

    /// Returns the scalar that may be null or any value.
    pub(super) fn unknown() -> Self {
        Self { null: true, value: Some(Range::default()) }
    }

    /// Returns the scalar of a range that is never null.
    pub(super) fn within(range: Range<'a>) -> Self {
        Self { null: false, value: Some(range) }
    }

    pub(super) fn literal(value: &'a Value, data_type: &DataType) -> Self {
        if value.is_null() {
            Self::NULL
        } else {
            Self::within(Range::of(Some(value), Some(value), data_type))
        }
    }

    /// Returns the scalar of a condition.
    pub(super) fn of_truth_values(truth_values: TruthValues) -> Self {
        let value = (truth_values.yes || truth_values.no)
            .then(|| Range::of_booleans(truth_values.no, truth_values.yes));
        Self { null: truth_values.null, value }
    }

    /// Returns the outcomes of a boolean scalar.
    pub(super) fn truth_values(&self) -> TruthValues {
        let (no, yes) = self.value.as_ref().map_or((false, false), Range::booleans);
        TruthValues { yes, no, null: self.null }
    }

    /// Returns a condition that is null where this value is; elsewhere, `judge` tells whether the condition
    /// may be true, and whether false.
    fn judged(&self, judge: impl FnOnce(&Range<'a>) -> (bool, bool)) -> TruthValues {
        let (yes, no) = self.value.as_ref().map_or((false, false), judge);
        TruthValues { yes, no, null: self.null }
    }

    /// Returns a condition of which only the nulls are known: the condition is null where this value is.
    pub(super) fn some_condition(&self) -> TruthValues {
        self.judged(|_| (true, true))
    }

    pub(super) fn never(&self) -> TruthValues {
        self.judged(|_| (false, true))
    }

    pub(super) fn is_null(&self) -> TruthValues {
        TruthValues { yes: self.null, no: self.value.is_some(), null: false }
    }

    pub(super) fn compared(&self, how: Comparison, other: &Self) -> TruthValues {
        let null = self.null || other.null;
        let (Some(left), Some(right)) = (&self.value, &other.value) else {
            return TruthValues { yes: false, no: false, null };
        };
        let (less, equal, greater) =
            (left.may_be_less(right), left.may_equal(right), right.may_be_less(left));
        let (yes, no) = match how {
            Comparison::Equal => (equal, less || greater),
            Comparison::NotEqual => (less || greater, equal),
            Comparison::Less => (less, equal || greater),
            Comparison::LessOrEqual => (less || equal, greater),
            Comparison::Greater => (greater, less || equal),
            Comparison::GreaterOrEqual => (greater || equal, less),
        };
        TruthValues { yes, no, null }
    }

    pub(super) fn is_among(&self, set: &[Value]) -> TruthValues {
        self.judged(|range| (set.iter().any(|value| range.may_hold(value)), !range.lies_among(set)))
    }

    /// Returns whether the scalar may equal a value, where null equals null.
    pub(super) fn may_be(&self, value: &Value) -> bool {
        if value.is_null() {
            self.null
        } else {
            self.value.as_ref().is_some_and(|range| range.may_hold(value))
        }
    }

    /// Returns whether the scalar is the same on all rows.
    pub(super) fn is_constant(&self) -> bool {
        match &self.value {
            None => true,
            Some(range) => !self.null && range.is_point(),
        }
    }

    /// Returns a value computed from two; null if either is null, and maybe null if the result is not
    /// bounded.
    pub(super) fn computed(
        self,
        other: Self,
        compute: impl FnOnce(&Range<'a>, &Range<'a>) -> Range<'a>,
    ) -> Self {
        let value = self.value.zip(other.value).map(|(left, right)| compute(&left, &right));
        let failing = value.as_ref().is_some_and(|range| !range.is_closed());
        Self { null: self.null || other.null || failing, value }
    }

    /// Returns a value computed from this one; null if this one is null, and maybe null if the result is not
    /// bounded.
    pub(super) fn mapped(self, map: impl FnOnce(&Range<'a>) -> Range<'a>) -> Self {
        let value = self.value.as_ref().map(map);
        let failing = value.as_ref().is_some_and(|range| !range.is_closed());
        Self { null: self.null || failing, value }
    }

    /// Returns the scalar that is either this one or the other.
    pub(super) fn either(self, other: Self) -> Self {
        let value = match (self.value, other.value) {
            (Some(one), Some(other)) => Some(one.hull(&other)),
            (one, other) => one.or(other),
        };
        Self { null: self.null || other.null, value }
    }

    /// Returns the scalar that is one of both, and null only if both are null.
    pub(super) fn one_of(self, other: Self) -> Self {
        let null = self.null && other.null;
        Self { null, ..self.either(other) }
    }

    /// Returns this scalar or, where this one is null, the other.
    pub(super) fn or_else(self, other: Self) -> Self {
        match (self.null, self.value, other.value) {
            (false, value, _) => Self { null: false, value },
            (true, None, value) | (true, value, None) => Self { null: other.null, value },
            (true, Some(one), Some(another)) => Self { null: other.null, value: Some(one.hull(&another)) },
        }
    }
}
