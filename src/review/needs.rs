//! Whether what one check needs is implied by what another one does.

use crate::data::{DataType, Literal, TypeName};
use crate::expectation::{Bounds, Need};
use crate::predicate::logic::{Formula, Point, Subject, implies};

/// Returns whether whatever meets some needs meets others too.
pub(super) fn all_implied(needs: &[(String, Need)], by: &[(String, Need)]) -> bool {
    needs.iter().all(|(name, need)| by.iter().any(|(other, by)| name == other && is_implied(need, by)))
}

fn is_implied(need: &Need, by: &Need) -> bool {
    match (need, by) {
        (Need::Within(need), Need::Within(by)) => implies(&value_within(by), &value_within(need)),
        (Need::AtMost(need), Need::AtMost(by)) => by <= need,
        (Need::AtLeast(need), Need::AtLeast(by)) => by >= need,
        (Need::Among(need), Need::Among(by)) | (Need::All(by), Need::All(need)) => is_within(by, need),
        (Need::AmongNames(need), Need::AmongNames(by)) | (Need::AllNames(by), Need::AllNames(need)) => {
            by.iter().all(|name| need.contains(name))
        }
        (Need::Types(need), Need::Types(by)) => {
            by.iter().all(|name| need.iter().any(|wider| covers(wider, name)))
        }
        (Need::Strictly, Need::Strictly) => true,
        _ => false,
    }
}

/// The formula that a value which is measured lies within bounds.
pub(super) fn value_within(bounds: &Bounds) -> Formula {
    let value = Subject::new("value");
    Formula::present(&value).and(bounds.formula(&value))
}

/// Returns whether each of some values is certainly one of a set.
fn is_within(values: &[Literal], set: &[Literal]) -> bool {
    let set: Vec<Point> = set.iter().map(Point::new).collect();
    values.iter().map(Point::new).all(|value| set.iter().any(|member| value.beside(member).same))
}

/// Returns whether every type of one name goes by another one, too.
pub(super) fn covers(wider: &TypeName, name: &TypeName) -> bool {
    match (wider, name) {
        _ if wider == name => true,
        (TypeName::Number, TypeName::Integer | TypeName::Float | TypeName::Decimal) => true,
        (_, TypeName::Exact(data_type)) => wider.matches(data_type),
        _ => false,
    }
}

/// Types that go by a name: all that there are, or some where there are many and one stands for others.
pub(super) fn types_of(name: &TypeName) -> Vec<DataType> {
    let integer = |signed| [8, 16, 32, 64].map(|bits| DataType::Integer { bits, signed });
    let decimal = |(precision, scale)| DataType::Decimal { precision, scale };
    match name {
        TypeName::Exact(exact) => vec![exact.clone()],
        TypeName::Integer => [integer(true), integer(false)].concat(),
        TypeName::Float => vec![DataType::Float { bits: 32 }, DataType::FLOAT64],
        TypeName::Decimal => [(38, 0), (38, 10), (38, 38)].map(decimal).to_vec(),
        TypeName::Number => {
            [TypeName::Integer, TypeName::Float, TypeName::Decimal].iter().flat_map(types_of).collect()
        }
        // What lies in them is not told.
        TypeName::List | TypeName::Struct => Vec::new(),
    }
}
