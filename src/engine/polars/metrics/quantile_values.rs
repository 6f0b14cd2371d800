//! Quantiles of all rows. Their values are kept as integers of the same order while the rows pass by, counted
//! where few are distinct, spilled where they exceed memory, and in the end selected bit by bit.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use polars::prelude::{Column, DataFrame, DataType as PlType, Expr, PlSmallStr, PolarsResult, Scalar, len};
use polars_core::prelude::Series;

use super::quantiles::{of_ranked, ranked};
use super::running::MetricInput;
use super::shown_rows;
use crate::data::Value;
use crate::engine::polars::memory::{Allotment, Spilled};
use crate::engine::polars::query::of_rows;
use crate::engine::{EngineError, SpillError};
use crate::metric::{Aggregate, Grouping, Metric, Position};

/// Maximum number of bits of values that one pass over them resolves.
const BITS: u32 = 16;
/// Number of values that are written at once.
const AT_ONCE: usize = 8 << 10;
/// The partitions of the spilled file: values of 64 bits, and wider ones.
const NARROW: usize = 0;
const WIDE: usize = 1;
/// Values are counted if there are at least this many for each distinct one.
const WORTH_COUNTING: usize = 8;

/// The values of the quantiles of one execution.
#[derive(Default)]
pub(in crate::engine::polars) struct QuantileValues<'a> {
    of: Vec<(MetricInput<'a>, Arc<QuantileRecorder>)>,
}

/// The values of one list of numbers.
struct QuantileRecorder {
    values: Mutex<Values>,
    /// Number of rows that passed by, with or without a number.
    rows: AtomicU64,
    room: Allotment,
}

#[derive(Default)]
struct Values {
    /// Number of values.
    count: u64,
    /// The latest values that fit in 64 bits.
    buffered: Vec<i64>,
    /// The latest values that need more bits.
    wide: Vec<i128>,
    /// Earlier values, with the number of times that each occurred.
    counted: BTreeMap<i64, u64>,
    spilled: Option<Spilled>,
    failed: Option<SpillError>,
}

impl<'a> QuantileValues<'a> {
    /// Prepares to keep the values that these metrics need, each list of numbers within `room`.
    pub(in crate::engine::polars) fn of(metrics: impl Iterator<Item = &'a Metric>, room: &Allotment) -> Self {
        let recorder = |numbers| (numbers, Arc::new(QuantileRecorder::new(room.clone())));
        Self { of: quantile_inputs(metrics).into_iter().map(recorder).collect() }
    }

    /// Returns expressions to select over all rows. They are evaluated for their side effect, which keeps
    /// values; each gives the number of rows.
    pub(in crate::engine::polars) fn expressions(&self) -> Vec<Expr> {
        let of = self.of.iter().enumerate();
        let mut expressions: Vec<Expr> =
            of.map(|(index, (numbers, recorder))| recorder.expression(*numbers).alias(seen(index))).collect();
        if !expressions.is_empty() {
            expressions.push(len().alias(ROWS));
        }
        expressions
    }

    /// Compares the rows that passed by with those that the same query counts.
    ///
    /// # Errors
    /// The engine left out rows, or showed some of them twice.
    pub(in crate::engine::polars) fn verify(&self, result: &DataFrame) -> Result<(), EngineError> {
        let shown = |(index, (_, recorder)): (usize, &(_, Arc<QuantileRecorder>))| {
            (seen(index), recorder.rows.load(Ordering::Relaxed))
        };
        shown_rows::verify(result, ROWS, self.of.iter().enumerate().map(shown))
    }

    /// Returns the value of a metric, if it is a quantile of these values.
    pub(in crate::engine::polars) fn value_of(&self, metric: &Metric) -> Result<Option<Value>, SpillError> {
        let Some(numbers) = quantile_input(metric) else { return Ok(None) };
        let (
            Some((_, recorder)),
            Metric::Aggregate { function: Aggregate::Quantile { at, interpolation }, of, .. },
        ) = (self.of.iter().find(|(other, _)| *other == numbers), metric)
        else {
            return Ok(None);
        };
        let values = recorder.values();
        if let Some(failed) = &values.failed {
            return Err(failed.clone());
        }
        let Some(position) = Position::of(*at, values.count) else { return Ok(Some(Value::Null)) };
        let low = values.select(position.below)?;
        let high = if position.is_a_place() { low } else { values.select(position.below + 1)? };
        let [low, high] = [low, high].map(|number| of_ranked(number, &of.data_type));
        Ok(Some(position.between(&low, &high, *interpolation)))
    }
}

/// Returns the numbers of a quantile.
pub(in crate::engine::polars) fn quantile_input(metric: &Metric) -> Option<MetricInput<'_>> {
    match metric {
        Metric::Aggregate { function: Aggregate::Quantile { .. }, of, filter } => {
            Some(MetricInput { value: of, paired_value: None, filter })
        }
        _ => None,
    }
}

/// Returns the numbers of the quantiles among metrics, each list of numbers once.
pub(in crate::engine::polars) fn quantile_inputs<'a>(
    metrics: impl Iterator<Item = &'a Metric>,
) -> Vec<MetricInput<'a>> {
    let mut all: Vec<MetricInput<'_>> = Vec::new();
    for numbers in metrics.filter_map(quantile_input) {
        if !all.contains(&numbers) {
            all.push(numbers);
        }
    }
    all
}

impl QuantileRecorder {
    fn new(room: Allotment) -> Self {
        Self { values: Mutex::default(), rows: AtomicU64::new(0), room }
    }

    fn values(&self) -> MutexGuard<'_, Values> {
        // A poisoned lock only means that another thread panicked; the query fails for that reason.
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn expression(self: &Arc<Self>, numbers: MetricInput<'_>) -> Expr {
        let recorder = Arc::clone(self);
        let grouping = Grouping { keys: vec![numbers.value.clone()], filter: numbers.filter.clone() };
        let see = of_rows(&grouping, PlType::Boolean, move |rows| {
            recorder.rows.fetch_add(rows.height() as u64, Ordering::Relaxed);
            if let [numbers] = rows.grouped_keys()?.as_slice() {
                recorder.add(numbers.as_materialized_series())?;
            }
            Ok(Column::new_scalar(PlSmallStr::EMPTY, Scalar::from(true), rows.height()))
        });
        see.sum()
    }

    fn add(&self, numbers: &Series) -> PolarsResult<()> {
        let ranked = ranked(numbers)?;
        let mut values = self.values();
        if values.failed.is_some() {
            return Ok(());
        }
        values.count += ranked.len() as u64;
        for number in ranked {
            match i64::try_from(number) {
                Ok(narrow) => values.buffered.push(narrow),
                Err(_) => values.wide.push(number),
            }
        }
        if size_of_val(values.buffered.as_slice()) + size_of_val(values.wide.as_slice()) > self.room.bytes()
            && let Err(error) = values.make_room(&self.room)
        {
            // The query continues, and `value_of` returns the error.
            *values = Values { failed: Some(error), ..Values::default() };
        }
        Ok(())
    }
}

impl Values {
    /// Counts the latest values if few are distinct, or spills them.
    fn make_room(&mut self, room: &Allotment) -> Result<(), SpillError> {
        self.buffered.sort_unstable();
        let runs = || self.buffered.chunk_by(|left, right| left == right);
        if runs().count() <= self.buffered.len() / WORTH_COUNTING
            && self.counted.len() <= self.buffered.len() / WORTH_COUNTING
        {
            for run in runs() {
                *self.counted.entry(run[0]).or_default() += run.len() as u64;
            }
            self.buffered.clear();
        }
        if self.buffered.is_empty() && self.wide.is_empty() {
            return Ok(());
        }
        let spilled = match &mut self.spilled {
            Some(spilled) => spilled,
            none => none.insert(room.spills.file(WIDE + 1, room.rows * size_of::<i64>() as u64)?),
        };
        for values in self.buffered.chunks(AT_ONCE) {
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            spilled.append(NARROW, &bytes)?;
        }
        for values in self.wide.chunks(AT_ONCE) {
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            spilled.append(WIDE, &bytes)?;
        }
        self.buffered.clear();
        self.wide.clear();
        Ok(())
    }

    /// Passes every value to `see` with the number of times that it occurs; a value may be passed repeatedly.
    fn each(&self, mut see: impl FnMut(u128, u64)) -> Result<(), SpillError> {
        for value in &self.buffered {
            see(above_zero((*value).into()), 1);
        }
        for value in &self.wide {
            see(above_zero(*value), 1);
        }
        for (value, count) in &self.counted {
            see(above_zero((*value).into()), *count);
        }
        let Some(spilled) = &self.spilled else { return Ok(()) };
        spilled.read(NARROW, size_of::<i64>(), |bytes| {
            for value in bytes.as_chunks().0 {
                see(above_zero(i64::from_le_bytes(*value).into()), 1);
            }
        })?;
        spilled.read(WIDE, size_of::<i128>(), |bytes| {
            for value in bytes.as_chunks().0 {
                see(above_zero(i128::from_le_bytes(*value)), 1);
            }
        })
    }

    /// Returns the value at an index of the sorted values, which must exist.
    fn select(&self, mut place: u64) -> Result<i128, SpillError> {
        let (mut least, mut greatest) = (u128::MAX, 0);
        self.each(|value, _| (least, greatest) = (least.min(value), greatest.max(value)))?;
        // All remaining values begin with the same bits; this many bits behind them are open.
        let mut open = u128::BITS - (least ^ greatest).leading_zeros();
        let mut prefix = least.checked_shr(open).unwrap_or_default();
        loop {
            // Few values need few counts.
            let step = open.min(BITS).min(u64::BITS - self.count.leading_zeros());
            let next = open - step;
            let mut counts = vec![0_u64; 1 << step];
            let begins = |value: u128| value.checked_shr(open).unwrap_or_default() == prefix;
            self.each(|value, count| {
                if begins(value) {
                    counts[index(value.checked_shr(next).unwrap_or_default(), step)] += count;
                }
            })?;
            let mut chosen = 0;
            for (index, count) in counts.iter().enumerate() {
                chosen = index;
                if place < *count {
                    break;
                }
                place -= count;
            }
            prefix = prefix.checked_shl(step).unwrap_or_default() | chosen as u128;
            open = next;
            if open == 0 {
                return Ok(below_zero(prefix));
            }
        }
    }
}

/// Encodes an integer as one without a sign, in the same order.
fn above_zero(integer: i128) -> u128 {
    integer.cast_unsigned() ^ (1 << (u128::BITS - 1))
}

fn below_zero(integer: u128) -> i128 {
    (integer ^ (1 << (u128::BITS - 1))).cast_signed()
}

/// Returns the last bits of a value.
fn index(value: u128, bits: u32) -> usize {
    usize::try_from(value & ((1 << bits) - 1)).unwrap_or_default()
}

/// Column with the number of rows that the query counts.
const ROWS: &str = "\u{1}rows ranked";

/// Returns the name of the column with the number of rows that an expression was evaluated on.
fn seen(index: usize) -> String {
    format!("\u{1}ranked{index}")
}

#[cfg(test)]
mod tests {
    use polars::prelude::NamedFrom as _;
    use proptest::collection::vec;
    use proptest::prelude::{ProptestConfig, any, prop_assert_eq, prop_oneof, proptest};

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
        #[test]
        fn every_place_is_found_however_little_room_there_is(
            parts in vec(vec(prop_oneof![-3_i128..3, -70_000_i128..70_000, any::<i128>()], 0..60), 0..8),
            words in 0_usize..200,
        ) {
            let recorder = QuantileRecorder::new(Allotment { words, spills: Arc::default(), rows: 0 });
            for part in &parts {
                recorder.add(&Series::new(PlSmallStr::EMPTY, part)).unwrap();
            }
            let mut sorted = parts.concat();
            sorted.sort_unstable();
            let values = recorder.values();
            prop_assert_eq!(values.count, sorted.len() as u64);
            for (place, expected) in sorted.iter().enumerate().step_by(7) {
                prop_assert_eq!(values.select(place as u64).unwrap(), *expected);
            }
        }
    }
}
