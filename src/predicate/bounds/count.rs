//! The worlds that rows fall into, and what all of them say together.

use super::column::Column;
use super::evaluate::World;
use super::range::Range;
use super::scalar::Scalar;
use crate::data::KnownRows;
use crate::predicate::Typed;

/// How many columns split the rows into worlds. In a further one, a row may have a null or a value.
const MOST_SPLITTING: usize = 4;

/// On how many rows a condition is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// On so many.
    Exactly(u64),
    /// On one at least.
    AtLeastOne,
    /// On any number of them, as far as is known.
    Unknown,
}

/// On how many rows a condition is true, as a scan would count them.
#[must_use]
pub fn count(condition: &Typed, known: &KnownRows) -> Told {
    if known.rows == 0 {
        return Told::Exactly(0);
    }
    let columns = Column::read_by(condition, known);
    let world = World { columns: columns.iter().map(|column| (column.path, column.scalar())).collect() };
    let splitting = splitting(&columns, &world);
    let outcomes = outcomes(condition, &world, &splitting);
    if let Some(holds) = agreed(outcomes.iter().copied()) {
        return Told::Exactly(if holds { known.rows } else { 0 });
    }
    let mut some_row = false;
    for (place, column) in splitting.iter().enumerate() {
        let (Some(nulls), Some(values)) = (column.nulls, column.values) else { continue };
        let half = |null: bool| {
            let worlds = outcomes.iter().enumerate().filter(|(world, _)| is_null(*world, place) == null);
            agreed(worlds.map(|(_, outcome)| *outcome))
        };
        match (half(true), half(false)) {
            (Some(true), Some(false)) => return Told::Exactly(nulls),
            (Some(false), Some(true)) => return Told::Exactly(values),
            (Some(true), _) | (_, Some(true)) => some_row = true,
            _ => {}
        }
    }
    if some_row || holds_at_an_extreme(condition, &columns, &world) {
        Told::AtLeastOne
    } else {
        Told::Unknown
    }
}

/// The columns that may be null and may be not, those first of which it is known how often.
fn splitting<'c, 'a>(columns: &'c [Column<'a>], world: &World<'a>) -> Vec<&'c Column<'a>> {
    let both = |column: &&Column<'a>| {
        world.columns.get(column.path).is_some_and(|scalar| scalar.null && scalar.value.is_some())
    };
    let mut splitting: Vec<_> = columns.iter().filter(both).collect();
    splitting.sort_by_key(|column| column.nulls.is_none());
    splitting.truncate(MOST_SPLITTING);
    splitting
}

/// Returns whether the condition is true in each world, where that is certain.
fn outcomes<'a>(condition: &'a Typed, world: &World<'a>, splitting: &[&Column<'a>]) -> Vec<Option<bool>> {
    let split = |number: usize| {
        let mut columns = world.columns.clone();
        for (place, column) in splitting.iter().enumerate() {
            let Some(scalar) = columns.get_mut(column.path) else { continue };
            if is_null(number, place) {
                *scalar = Scalar::NULL;
            } else {
                scalar.null = false;
            }
        }
        World { columns }.truth(condition).decided()
    };
    (0..1 << splitting.len()).map(split).collect()
}

/// Returns whether a splitting column is null in a world: each number of a world has a bit for each of them.
fn is_null(world: usize, place: usize) -> bool {
    world >> place & 1 == 1
}

/// What all of some outcomes are, if it is the same.
fn agreed(mut outcomes: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let first = outcomes.next()??;
    outcomes.all(|outcome| outcome == Some(first)).then_some(first)
}

/// Returns whether it is true on a row that is known to have an extreme of a column.
fn holds_at_an_extreme<'a>(condition: &'a Typed, columns: &[Column<'a>], world: &World<'a>) -> bool {
    let holds_at = |column: &Column<'a>, value: &Range<'a>| {
        let mut at = World { columns: world.columns.clone() };
        at.columns.insert(column.path, Scalar::within(value.clone()));
        let splitting = splitting(columns, &at);
        agreed(outcomes(condition, &at, &splitting).into_iter()) == Some(true)
    };
    columns.iter().any(|column| column.attained.iter().any(|value| holds_at(column, value)))
}
