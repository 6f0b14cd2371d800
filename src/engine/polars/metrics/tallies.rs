//! How often values come, counted while their rows pass by: of each batch, each different value once, and of those
//! only the ones that are counted at all.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::{Column, DataFrame, DataType as PlType, Expr, PlSmallStr, PolarsResult, Scalar, len};
use polars_core::prelude::Series;

use super::shown_rows;
use crate::engine::EngineError;
use crate::engine::polars::query::{of_rows, value};
use crate::metric::tally::{mark_of_bytes, mark_of_float, mark_of_number, short};
use crate::metric::{Counted, Grouping, Metric, State, Tally};

/// So many rows are looked at before what they came to is counted.
const AT_ONCE: usize = 1 << 16;

/// The tallies of one execution.
#[derive(Default)]
pub(in crate::engine::polars) struct Tallies<'a> {
    of: Vec<(&'a Tally, Arc<Held>)>,
}

/// A tally that is being made.
struct Held {
    counted: Mutex<Counted>,
    /// The level of what is counted, or one before it: to pass over values without the lock.
    level: AtomicU32,
    /// How many rows passed by, with or without a value.
    rows: AtomicU64,
}

impl<'a> Tallies<'a> {
    /// Those that are among some metrics.
    pub(in crate::engine::polars) fn of(metrics: impl Iterator<Item = &'a Metric>) -> Self {
        let mut tallies = Self::default();
        for metric in metrics {
            let Metric::Tally(tally) = metric else { continue };
            let counted = Mutex::new(Counted::new(tally.most));
            let held = Held { counted, level: AtomicU32::new(0), rows: AtomicU64::new(0) };
            tallies.of.push((tally, Arc::new(held)));
        }
        tallies
    }

    /// Expressions to select of all rows. They are evaluated for their side effect, which counts; what they give is how
    /// many rows there were.
    pub(in crate::engine::polars) fn expressions(&self) -> Vec<Expr> {
        let of = self.of.iter().enumerate();
        let mut expressions: Vec<Expr> =
            of.map(|(index, (tally, held))| expression(tally, held).alias(seen(index))).collect();
        if !expressions.is_empty() {
            expressions.push(len().alias(ROWS));
        }
        expressions
    }

    /// Holds what was counted against the rows that the same query counts.
    ///
    /// # Errors
    /// The engine left out rows, or showed some of them twice.
    pub(in crate::engine::polars) fn verify(&self, result: &DataFrame) -> Result<(), EngineError> {
        let shown =
            |(index, (_, held)): (usize, &(_, Arc<Held>))| (seen(index), held.rows.load(Ordering::Relaxed));
        shown_rows::verify(result, ROWS, self.of.iter().enumerate().map(shown))
    }

    /// What a metric came to, if it is such a tally.
    pub(in crate::engine::polars) fn state_of(&self, metric: &Metric) -> Option<State> {
        let Metric::Tally(tally) = metric else { return None };
        let (_, held) = self.of.iter().find(|(other, _)| *other == tally.as_ref())?;
        Some(State::Tally(held.counted.lock().unwrap_or_else(PoisonError::into_inner).clone()))
    }
}

fn expression(tally: &Tally, held: &Arc<Held>) -> Expr {
    let held = Arc::clone(held);
    let grouping = Grouping { keys: vec![tally.of.clone()], filter: tally.filter.clone() };
    let see = of_rows(&grouping, PlType::Boolean, move |rows| {
        held.rows.fetch_add(rows.height() as u64, Ordering::Relaxed);
        if let [values] = rows.grouped_keys()?.as_slice() {
            let values = values.as_materialized_series();
            for start in (0..values.len()).step_by(AT_ONCE) {
                held.add(&values.slice(i64::try_from(start).unwrap_or(i64::MAX), AT_ONCE))?;
            }
        }
        Ok(Column::new_scalar(PlSmallStr::EMPTY, Scalar::from(true), rows.height()))
    });
    see.sum()
}

impl Held {
    /// Counts values of a batch.
    fn add(&self, values: &Series) -> PolarsResult<()> {
        let level = self.level.load(Ordering::Relaxed);
        let different = different(values, level)?;
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        for (row, mark, rows) in different {
            if counted.counts(mark) {
                counted.add(short(value(&values.get(row)?)), mark, rows);
            }
        }
        self.level.store(counted.level(), Ordering::Relaxed);
        Ok(())
    }
}

/// The different values of a batch whose hashes begin with so many zeros: the row of each, its hash, and how often it
/// comes.
fn different(values: &Series, level: u32) -> PolarsResult<Vec<(usize, u64, u64)>> {
    Ok(match values.dtype() {
        PlType::String => {
            let texts = values.str()?.iter();
            each(texts.map(|of| of.map(|text| (mark_of_bytes(text.as_bytes()), text))), level)
        }
        PlType::Binary => {
            each(values.binary()?.iter().map(|of| of.map(|bytes| (mark_of_bytes(bytes), bytes))), level)
        }
        PlType::Float64 => {
            let numbers = values.f64()?.iter();
            each(numbers.map(|of| of.map(|number| (mark_of_float(number), bits(number)))), level)
        }
        PlType::Float32 | PlType::Float16 => return different(&values.cast(&PlType::Float64)?, level),
        PlType::Boolean => {
            let truths = values.bool()?.iter();
            each(truths.map(|of| of.map(|truth| (mark_of_number(i128::from(truth)), truth))), level)
        }
        PlType::Datetime(unit, _) | PlType::Duration(unit) => {
            let factor = match unit {
                polars::prelude::TimeUnit::Milliseconds => 1_000_000,
                polars::prelude::TimeUnit::Microseconds => 1_000,
                polars::prelude::TimeUnit::Nanoseconds => 1,
            };
            let physical = values.to_physical_repr();
            let numbers = physical.i64()?.iter();
            each(numbers.map(|of| of.map(|of| (mark_of_number(i128::from(of) * factor), of))), level)
        }
        PlType::Null => Vec::new(),
        PlType::Int128 | PlType::Decimal(..) | PlType::UInt64 => {
            let wide = values.to_physical_repr().cast(&PlType::Int128)?;
            each(wide.i128()?.iter().map(|of| of.map(|number| (mark_of_number(number), number))), level)
        }
        _ => {
            let narrow = values.to_physical_repr().cast(&PlType::Int64)?;
            let numbers = narrow.i64()?.iter();
            each(numbers.map(|of| of.map(|number| (mark_of_number(number.into()), number))), level)
        }
    })
}

/// Equal numbers have equal bits.
fn bits(number: f64) -> u64 {
    if number.is_nan() { f64::NAN.to_bits() } else { (number + 0.0).to_bits() }
}

fn each<T: Eq>(values: impl Iterator<Item = Option<(u64, T)>>, level: u32) -> Vec<(usize, u64, u64)> {
    let mut found: HashMap<Marked<T>, (usize, u64), BuildHasherDefault<Given>> = HashMap::default();
    for (row, of) in values.enumerate() {
        let Some((mark, value)) = of else { continue };
        if mark.leading_zeros() >= level {
            found.entry(Marked { mark, value }).or_insert((row, 0)).1 += 1;
        }
    }
    let mut found: Vec<_> = found.into_iter().map(|(of, (row, rows))| (row, of.mark, rows)).collect();
    // The order of a hash map would be another one each time; which errors come first must not be.
    found.sort_unstable();
    found
}

/// A value with its hash.
#[derive(PartialEq, Eq)]
struct Marked<T> {
    mark: u64,
    value: T,
}

impl<T> Hash for Marked<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.mark);
    }
}

/// The hash that a value has already.
#[derive(Default)]
struct Given(u64);

impl Hasher for Given {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = mark_of_bytes(bytes);
    }

    fn write_u64(&mut self, mark: u64) {
        // Marks of counted values begin alike; the map looks at both ends.
        self.0 = mark.rotate_left(32) ^ mark;
    }
}

/// The column of the rows that the query counts.
const ROWS: &str = "\u{1}rows tallied";

/// The column of the rows that an expression was evaluated on.
fn seen(index: usize) -> String {
    format!("\u{1}tallied{index}")
}
