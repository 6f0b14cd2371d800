//! Ranges of values between two bounds.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::values::{NANOSECONDS_A_DAY, discrete, exact, fitted, limits, number, order, rescaled};
use crate::data::{DataType, Decimal, Value};

const TRUE: &Value = &Value::Boolean(true);
const FALSE: &Value = &Value::Boolean(false);

/// The range of values of one type between two bounds; without a bound, the range is open on that side.
#[derive(Clone, Debug, Default)]
pub(super) struct Range<'a> {
    lower: Option<Cow<'a, Value>>,
    upper: Option<Cow<'a, Value>>,
}

impl<'a> Range<'a> {
    /// Returns the range between two values of a type. A bound that is no value of the type, or whose order
    /// is not certain, is left out. Ranges of integers and booleans end where their type does.
    pub(super) fn of(lower: Option<&'a Value>, upper: Option<&'a Value>, data_type: &DataType) -> Self {
        let end = |value: Option<&'a Value>| value.and_then(|value| fitted(Cow::Borrowed(value), data_type));
        let (first, last) = limits(data_type).unzip();
        Self {
            lower: end(lower).or_else(|| first.map(Cow::Owned)),
            upper: end(upper).or_else(|| last.map(Cow::Owned)),
        }
    }

    pub(super) fn of_booleans(no: bool, yes: bool) -> Self {
        Self {
            lower: Some(Cow::Borrowed(if no { FALSE } else { TRUE })),
            upper: Some(Cow::Borrowed(if yes { TRUE } else { FALSE })),
        }
    }

    /// Returns whether a range of booleans may contain false, and whether it may contain true.
    pub(super) fn booleans(&self) -> (bool, bool) {
        (self.may_hold(FALSE), self.may_hold(TRUE))
    }

    /// Returns whether the bounds are in order, if there are two.
    pub(super) fn is_consistent(&self) -> bool {
        match (&self.lower, &self.upper) {
            (Some(lower), Some(upper)) => is(order(lower, upper), Ordering::is_le),
            _ => true,
        }
    }

    /// Returns the least range that contains both ranges.
    pub(super) fn hull(&self, other: &Self) -> Self {
        let outer =
            |one: &Option<Cow<'a, Value>>, other: &Option<Cow<'a, Value>>, is_outer: fn(Ordering) -> bool| {
                let (one, other) = (one.as_ref()?, other.as_ref()?);
                order(one, other).map(|order| if is_outer(order) { one.clone() } else { other.clone() })
            };
        Self {
            lower: outer(&self.lower, &other.lower, Ordering::is_le),
            upper: outer(&self.upper, &other.upper, Ordering::is_ge),
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lower.is_some() && self.upper.is_some()
    }

    pub(super) fn is_point(&self) -> bool {
        match (&self.lower, &self.upper) {
            (Some(lower), Some(upper)) => is(order(lower, upper), Ordering::is_eq),
            _ => false,
        }
    }

    /// Returns whether a value of this range may be less than a value of the other range.
    pub(super) fn may_be_less(&self, other: &Self) -> bool {
        match (&self.lower, &other.upper) {
            (Some(lower), Some(upper)) => !is(order(lower, upper), Ordering::is_ge),
            _ => true,
        }
    }

    pub(super) fn may_equal(&self, other: &Self) -> bool {
        let above = |one: &Self, other: &Self| match (&one.lower, &other.upper) {
            (Some(lower), Some(upper)) => is(order(lower, upper), Ordering::is_gt),
            _ => false,
        };
        !above(self, other) && !above(other, self)
    }

    pub(super) fn may_hold(&self, value: &Value) -> bool {
        let below = self.lower.as_ref().is_some_and(|lower| is(order(value, lower), Ordering::is_lt));
        let above = self.upper.as_ref().is_some_and(|upper| is(order(value, upper), Ordering::is_gt));
        !below && !above
    }

    /// Returns whether every value of the range is certainly one of a set.
    pub(super) fn lies_among(&self, set: &[Value]) -> bool {
        let (Some(lower), Some(upper)) = (&self.lower, &self.upper) else { return false };
        if self.is_point() {
            return set.iter().any(|value| is(order(value, lower), Ordering::is_eq));
        }
        let (Some(first), Some(last)) = (discrete(lower), discrete(upper)) else { return false };
        let Some(steps) = last.checked_sub(first).and_then(|steps| usize::try_from(steps).ok()) else {
            return false;
        };
        // A set with fewer values than the range cannot contain all of them.
        steps < set.len() && {
            let within = set.iter().filter(|value| order(value, lower).is_some()).filter_map(discrete);
            within.filter(|value| (first..=last).contains(value)).collect::<BTreeSet<_>>().len() == steps + 1
        }
    }

    /// Returns the range of the sums, as values of a type.
    pub(super) fn plus(&self, other: &Self, data_type: &DataType) -> Range<'a> {
        let sum = |left: &Option<Cow<'_, Value>>, right: &Option<Cow<'_, Value>>| {
            let (left, right) = (exact(left.as_deref()?)?, exact(right.as_deref()?)?);
            let scale = left.scale.max(right.scale);
            let unscaled = rescaled(left, scale)?.checked_add(rescaled(right, scale)?)?;
            number(Decimal { unscaled, scale }, data_type)
        };
        Range { lower: sum(&self.lower, &other.lower), upper: sum(&self.upper, &other.upper) }
    }

    /// Returns the range of the differences, as values of a type.
    pub(super) fn minus(&self, other: &Self, data_type: &DataType) -> Range<'a> {
        self.plus(&other.negated(data_type), data_type)
    }

    /// Returns the range of the negated numbers, as values of a type.
    pub(super) fn negated(&self, data_type: &DataType) -> Range<'a> {
        let negative = |end: &Option<Cow<'_, Value>>| {
            let Decimal { unscaled, scale } = exact(end.as_deref()?)?;
            number(Decimal { unscaled: unscaled.checked_neg()?, scale }, data_type)
        };
        Range { lower: negative(&self.upper), upper: negative(&self.lower) }
    }

    /// Returns the range of the products, as values of a type.
    pub(super) fn times(&self, other: &Self, data_type: &DataType) -> Range<'a> {
        self.products(other, data_type).unwrap_or_default()
    }

    fn products(&self, other: &Self, data_type: &DataType) -> Option<Range<'a>> {
        let ends = |range: &Self| Some([exact(range.lower.as_deref()?)?, exact(range.upper.as_deref()?)?]);
        let (lefts, rights) = (ends(self)?, ends(other)?);
        let mut products = Vec::new();
        for (left, right) in lefts.iter().flat_map(|left| rights.iter().map(move |right| (left, right))) {
            products.push(left.unscaled.checked_mul(right.unscaled)?);
        }
        let scale = lefts[0].scale.checked_add(rights[0].scale)?;
        let end = |unscaled| number(Decimal { unscaled, scale }, data_type);
        let (lower, upper) = (*products.iter().min()?, *products.iter().max()?);
        Some(Range { lower: end(lower), upper: end(upper) })
    }

    /// Returns the range of the values cast from one type to another. A bound that the target type may not
    /// hold is left out, since the cast may be null there.
    pub(super) fn cast(&self, from: &DataType, to: &DataType) -> Range<'a> {
        use DataType::{Date, Decimal as Exact, Integer, Timestamp};
        match (from, to) {
            (Timestamp { unit: from, zone: from_zone }, Timestamp { unit: to, zone: to_zone })
                if from == to && from_zone.is_some() == to_zone.is_some() =>
            {
                self.clone()
            }
            (Date | Timestamp { .. }, Integer { .. }) => self.each_end(|value| match value {
                Value::Date(days) => Some(Cow::Owned(Value::Integer(i128::from(*days) * NANOSECONDS_A_DAY))),
                Value::Timestamp { nanoseconds, .. } => Some(Cow::Owned(Value::Integer(*nanoseconds))),
                _ => None,
            }),
            (Timestamp { .. }, Timestamp { unit, zone }) => self.each_end(|value| match value {
                Value::Timestamp { nanoseconds, .. } => {
                    let step = unit.nanoseconds();
                    let nanoseconds = nanoseconds.div_euclid(step) * step;
                    fitted(Cow::Owned(Value::Timestamp { nanoseconds, instant: zone.is_some() }), to)
                }
                _ => None,
            }),
            (Integer { .. }, Integer { .. } | Exact { .. }) => {
                self.each_end(|value| number(exact(value)?, to))
            }
            (Exact { scale: from, .. }, Exact { scale: wide, .. }) if from <= wide => {
                self.each_end(|value| number(exact(value)?, to))
            }
            (Date, Timestamp { zone: None, .. }) => self.each_end(|value| match value {
                Value::Date(days) => {
                    let nanoseconds = i128::from(*days) * NANOSECONDS_A_DAY;
                    fitted(Cow::Owned(Value::Timestamp { nanoseconds, instant: false }), to)
                }
                _ => None,
            }),
            (Timestamp { .. }, Date) => self.each_end(|value| match value {
                Value::Timestamp { nanoseconds, .. } => {
                    let days = i32::try_from(nanoseconds.div_euclid(NANOSECONDS_A_DAY)).ok()?;
                    Some(Cow::Owned(Value::Date(days)))
                }
                _ => None,
            }),
            _ => Range::default(),
        }
    }

    /// Maps the bounds by a function that keeps their order; a bound without a result is left out.
    pub(super) fn each_end(&self, map: impl Fn(&Value) -> Option<Cow<'a, Value>>) -> Range<'a> {
        Range { lower: self.lower.as_deref().and_then(&map), upper: self.upper.as_deref().and_then(&map) }
    }
}

fn is(order: Option<Ordering>, what: fn(Ordering) -> bool) -> bool {
    order.is_some_and(what)
}
