//! Whether one value can meet several conditions at once.

use std::collections::HashSet;

use super::{Condition, Point, Test};
use crate::data::Literal;
use crate::predicate::{Comparison, TextTest};

/// Returns whether some value may meet all of these, as far as is seen.
pub(super) fn can_meet(conditions: &[&Condition]) -> bool {
    if conditions.iter().any(|condition| matches!(condition, Condition::Never)) {
        return false;
    }
    let pairs = conditions.iter().enumerate();
    let conflict = pairs.flat_map(|(index, left)| conditions[..index].iter().map(move |right| (left, right)));
    let mut conflict = conflict.filter(|(left, right)| conflict_of(left, right));
    if conflict.next().is_some() {
        return false;
    }
    // Every set must have a member that all other conditions let through.
    conditions.iter().enumerate().all(|(index, condition)| {
        let points = match condition {
            Condition::In(points) => points.as_slice(),
            Condition::Compare(Comparison::Equal, point) => std::slice::from_ref(point),
            _ => return true,
        };
        let others = conditions.iter().enumerate().filter(|(other, _)| *other != index);
        let others: Vec<Met<'_>> = others.map(|(_, other)| Met::new(other)).collect();
        points.iter().any(|point| others.iter().all(|other| other.lets_through(point)))
    })
}

/// Returns whether two bounds, or two tests, certainly exclude each other.
fn conflict_of(left: &Condition, right: &Condition) -> bool {
    use Comparison::{Greater, GreaterOrEqual, Less, LessOrEqual};
    match (left, right) {
        (Condition::Compare(how, point), Condition::Compare(other, against)) => match (how, other) {
            (Less | LessOrEqual, Greater | GreaterOrEqual) => beyond(*other, against, *how, point),
            (Greater | GreaterOrEqual, Less | LessOrEqual) => beyond(*how, point, *other, against),
            _ => false,
        },
        (Condition::Test(test, passes), Condition::Test(other, others)) => {
            (test == other && passes != others)
                || follows(test, *passes, other, *others)
                || follows(other, *others, test, *passes)
        }
        _ => false,
    }
}

/// Returns whether a test that is passed implies another one that is not.
fn follows(test: &Test, passes: bool, other: &Test, others: bool) -> bool {
    use TextTest::{Absent, CountryCode, Found, IpAddress, Json, JsonSchema, LanguageCode};
    let (Test::Text(test), Test::Text(other)) = (test, other) else { return false };
    match (test, other) {
        _ if !passes => false,
        // A document that a schema allows is a document.
        (JsonSchema(_), Json) => !others,
        (Found(found), Absent(absent)) => others && found == absent,
        (IpAddress(version), IpAddress(another)) => others && version != another,
        (CountryCode(letters), CountryCode(another)) => others && letters != another,
        (LanguageCode(letters), LanguageCode(another)) => others && letters != another,
        _ => false,
    }
}

/// Returns whether nothing lies above a lower bound and below an upper one.
fn beyond(low: Comparison, least: &Point, high: Comparison, greatest: &Point) -> bool {
    let standing = greatest.beside(least);
    if low == Comparison::GreaterOrEqual && high == Comparison::LessOrEqual {
        standing.below
    } else {
        standing.at_most
    }
}

/// Returns whether a literal certainly does not meet a comparison.
fn excludes(how: Comparison, against: &Point, point: &Point) -> bool {
    match how {
        Comparison::Equal => point.beside(against).apart,
        Comparison::NotEqual => point.beside(against).same,
        Comparison::Less => against.beside(point).at_most,
        Comparison::LessOrEqual => against.beside(point).below,
        Comparison::Greater => point.beside(against).at_most,
        Comparison::GreaterOrEqual => point.beside(against).below,
    }
}

/// A condition that members of a set are held against.
struct Met<'a> {
    condition: &'a Condition,
    /// The members of a set, to find equal ones at once.
    members: HashSet<&'a Literal>,
}

impl<'a> Met<'a> {
    fn new(condition: &'a Condition) -> Self {
        let members = match condition {
            Condition::In(points) | Condition::NotIn(points) => points.iter().map(Point::literal).collect(),
            _ => HashSet::new(),
        };
        Self { condition, members }
    }

    /// Returns whether a member may meet the condition.
    fn lets_through(&self, point: &Point) -> bool {
        match self.condition {
            Condition::Never => false,
            Condition::Always => true,
            Condition::Compare(how, against) => !excludes(*how, against, point),
            Condition::In(points) => {
                self.members.contains(point.literal())
                    || points.iter().any(|other| !point.beside(other).apart)
            }
            Condition::NotIn(points) => {
                !self.members.contains(point.literal())
                    && !points.iter().any(|other| point.beside(other).same)
            }
            Condition::Test(test, passes) => {
                // What is tested is a text: a literal that can be none is none of those.
                let Some(text) = point.text() else { return false };
                test.holds(text).is_none_or(|holds| holds == *passes)
            }
        }
    }
}
