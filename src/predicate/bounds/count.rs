//! Counts, from statistics, the rows on which a condition is true: evaluates the condition in each world and
//! combines the outcomes.

use super::column::Column;
use super::evaluate::World;
use super::range::Range;
use super::scalar::Scalar;
use crate::data::KnownRows;
use crate::predicate::Typed;

/// Maximum number of columns that split the rows into worlds. Any further column may be null or not in each
/// world.
const MOST_SPLITTING: usize = 4;

/// The number of rows on which a condition is true, as far as the statistics tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvedCount {
    /// Exactly this number of rows.
    Exactly(u64),
    /// At least one row.
    AtLeastOne,
    /// Any number of rows, as far as is known.
    Unknown,
}

/// Returns the number of rows on which a condition is true, as a scan would count them.
#[must_use]
pub fn count(condition: &Typed, known: &KnownRows) -> ProvedCount {
    if known.rows == 0 {
        return ProvedCount::Exactly(0);
    }
    let columns = Column::read_by(condition, known);
    let world = World { columns: columns.iter().map(|column| (column.path, column.scalar())).collect() };
    let splitting = splitting(&columns, &world);
    let outcomes = outcomes(condition, &world, &splitting);
    if let Some(holds) = agreed(outcomes.iter().copied()) {
        return ProvedCount::Exactly(if holds { known.rows } else { 0 });
    }
    let mut some_row = false;
    for (place, column) in splitting.iter().enumerate() {
        let (Some(nulls), Some(values)) = (column.nulls, column.values) else { continue };
        let half = |null: bool| {
            let worlds = outcomes.iter().enumerate().filter(|(world, _)| is_null(*world, place) == null);
            agreed(worlds.map(|(_, outcome)| *outcome))
        };
        match (half(true), half(false)) {
            (Some(true), Some(false)) => return ProvedCount::Exactly(nulls),
            (Some(false), Some(true)) => return ProvedCount::Exactly(values),
            (Some(true), _) | (_, Some(true)) => some_row = true,
            _ => {}
        }
    }
    if some_row || holds_at_an_extreme(condition, &columns, &world) {
        ProvedCount::AtLeastOne
    } else {
        ProvedCount::Unknown
    }
}

/// Returns the columns that may be null and may have a value, those with a known null count first.
fn splitting<'c, 'a>(columns: &'c [Column<'a>], world: &World<'a>) -> Vec<&'c Column<'a>> {
    let both = |column: &&Column<'a>| {
        world.columns.get(column.path).is_some_and(|scalar| scalar.null && scalar.value.is_some())
    };
    let mut splitting: Vec<_> = columns.iter().filter(both).collect();
    splitting.sort_by_key(|column| column.nulls.is_none());
    splitting.truncate(MOST_SPLITTING);
    splitting
}

/// Returns, for each world, whether the condition is true on all rows or on none; `None` if neither is
/// certain.
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
        World { columns }.truth_values(condition).decided()
    };
    (0..1 << splitting.len()).map(split).collect()
}

/// Returns whether a splitting column is null in a world. The number of a world has one bit for each of these
/// columns.
fn is_null(world: usize, place: usize) -> bool {
    world >> place & 1 == 1
}

/// Returns the outcome that all worlds share, if they share one.
fn agreed(mut outcomes: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let first = outcomes.next()??;
    outcomes.all(|outcome| outcome == Some(first)).then_some(first)
}

/// Returns whether the condition is certainly true on a row that has a known extreme of a column.
fn holds_at_an_extreme<'a>(condition: &'a Typed, columns: &[Column<'a>], world: &World<'a>) -> bool {
    let holds_at = |column: &Column<'a>, value: &Range<'a>| {
        let mut at = World { columns: world.columns.clone() };
        at.columns.insert(column.path, Scalar::within(value.clone()));
        let splitting = splitting(columns, &at);
        agreed(outcomes(condition, &at, &splitting).into_iter()) == Some(true)
    };
    columns.iter().any(|column| column.attained.iter().any(|value| holds_at(column, value)))
}
