//! Computes every metric by a loop over all rows.

use std::cmp::Ordering;

use karat::data::{DataType, Value};
use karat::metric::{
    Aggregate, Correspondence, Differences, Group, GroupStatistic, Grouping, Interpolation, Lookup, Measured,
    Metric, Sequence, Sizes, Sum, Tallied, Tally, Unit, UnmatchedResult, mark,
};
use karat::predicate::Typed;
use num_bigint::BigInt;

use super::table::Table;
use super::terms::{Row, same};
use crate::oracle::digits::{digits, ten};
use crate::oracle::evaluate::{compared, double, order};

/// A group of rows with equal keys.
pub struct RowGroup<'a> {
    pub keys: Vec<Value>,
    pub rows: Vec<(usize, Row<'a>)>,
}

/// Returns the rows of a table on which a condition is true, each with its number.
pub fn rows_of<'a>(table: &'a Table, filter: &Typed) -> Vec<(usize, Row<'a>)> {
    let rows = table.rows.iter().map(|values| Row { schema: &table.schema, values }).enumerate();
    rows.filter(|(_, row)| row.holds(filter)).collect()
}

/// Groups rows by equal keys, in the order of the groups' first rows.
pub fn grouped<'a>(rows: &[(usize, Row<'a>)], by: &[Typed]) -> Vec<RowGroup<'a>> {
    let mut groups: Vec<RowGroup<'a>> = Vec::new();
    for (number, row) in rows {
        let keys = row.values(by);
        match groups.iter_mut().find(|group| alike(&group.keys, &keys)) {
            Some(group) => group.rows.push((*number, *row)),
            None => groups.push(RowGroup { keys, rows: vec![(*number, *row)] }),
        }
    }
    groups
}

fn alike(left: &[Value], right: &[Value]) -> bool {
    left.iter().zip(right).all(|(left, right)| same(left, right))
}

/// Compares keys. Nulls come before all values.
fn by_keys(left: &[Value], right: &[Value]) -> Ordering {
    let parts = left.iter().zip(right).map(|(left, right)| match (left.is_null(), right.is_null()) {
        (false, false) => match (left, right) {
            (Value::Binary(left), Value::Binary(right)) => left.cmp(right),
            _ => order(left, right),
        },
        (left, right) => right.cmp(&left),
    });
    parts.fold(Ordering::Equal, Ordering::then)
}

/// Measures a metric on some rows. The metric may read another dataset too.
pub fn measured(
    metric: &Metric,
    rows: &[(usize, Row<'_>)],
    there: Option<&Table>,
) -> Result<Measured, String> {
    let passing = |filter: &Typed| -> Vec<(usize, Row<'_>)> {
        rows.iter().filter(|(_, row)| row.holds(filter)).copied().collect()
    };
    let missing = || "the other dataset is not there".to_owned();
    Ok(match metric {
        Metric::Count(condition) => Measured::Count(passing(condition).len() as u64),
        Metric::Aggregate { function, of, filter } => {
            let rows = passing(filter);
            let values = rows.iter().map(|(_, row)| row.value(of)).filter(|value| !value.is_null());
            Measured::Scalar(aggregate(*function, values.collect(), &of.data_type))
        }
        Metric::Correlation { left, right, filter } => {
            let pairs = passing(filter).iter().map(|(_, row)| (row.value(left), row.value(right))).collect();
            Measured::Scalar(correlation(pairs))
        }
        Metric::Tally(tally) => Measured::Tally(tallied(tally, &passing(&tally.filter))),
        Metric::Group { grouping, statistic } => group(grouping, statistic, &passing(&grouping.filter)),
        Metric::OutOfOrder(sequence) => {
            Measured::Count(out_of_order(sequence, &passing(&sequence.filter)).len() as u64)
        }
        Metric::Unmatched { lookup, result } => {
            unmatched(lookup, result, &passing(&lookup.grouping.filter), there.ok_or_else(missing)?)
        }
        Metric::Differences(of) => {
            Measured::Differences(differences(of, &passing(&of.filter), there.ok_or_else(missing)?))
        }
        Metric::OtherDataset { metric, .. } => {
            let there = there.ok_or_else(missing)?;
            measured(metric, &rows_of(there, &Typed::always()), None)?
        }
        Metric::Each { by, metric } => {
            let mut groups = Vec::new();
            for group in grouped(rows, by) {
                groups.push(Group { result: measured(metric, &group.rows, there)?, keys: group.keys });
            }
            Measured::Groups(groups)
        }
        Metric::QueryRows(_) | Metric::QueryDifference { .. } => return Err("it has no SQL".to_owned()),
    })
}

/// Halves the values that are counted until they are few enough.
fn tallied(tally: &Tally, rows: &[(usize, Row<'_>)]) -> Tallied {
    let mut values: Vec<(Value, u64)> = Vec::new();
    for value in rows.iter().map(|(_, row)| row.value(&tally.of)).filter(|value| !value.is_null()) {
        match values.iter_mut().find(|(other, _)| same(other, &value)) {
            Some((_, count)) => *count += 1,
            None => values.push((value, 1)),
        }
    }
    let mut one_in = 1;
    while values.len() > tally.most {
        one_in *= 2;
        values.retain(|(value, _)| u128::from(mark(value)) * u128::from(one_in) < 1 << 64);
    }
    values.sort_by(|left, right| right.1.cmp(&left.1).then(order(&left.0, &right.0)));
    Tallied { values, one_in }
}

fn aggregate(function: Aggregate, mut values: Vec<Value>, of: &DataType) -> Value {
    match function {
        Aggregate::Sum => sum(&values, of),
        Aggregate::Min => values
            .into_iter()
            .reduce(|one, next| if order(&next, &one).is_lt() { next } else { one })
            .unwrap_or_default(),
        Aggregate::Max => values
            .into_iter()
            .reduce(|one, next| if order(&next, &one).is_gt() { next } else { one })
            .unwrap_or_default(),
        Aggregate::StandardDeviation => deviation(&values),
        Aggregate::Quantile { at, interpolation } => {
            values.sort_by(order);
            quantile(&values, at.0, interpolation)
        }
    }
}

fn sum(values: &[Value], of: &DataType) -> Value {
    let special: Vec<f64> =
        values.iter().filter_map(Value::as_f64).filter(|number| !number.is_finite()).collect();
    if matches!(of, DataType::Float { .. }) && !special.is_empty() {
        return Value::float(special.iter().sum());
    }
    let unit = Unit::of(of);
    let in_units = |value: &Value| match (value, of) {
        (Value::Float(number), _) => in_smallest_doubles(number.0),
        (_, DataType::Decimal { scale, .. }) => digits(value).unwrap().with(u32::from(*scale)),
        _ => digits(value).unwrap().with(0),
    };
    Sum::of_units(unit, values.iter().map(in_units).sum()).value()
}

/// Converts a double to a multiple of the smallest positive double.
fn in_smallest_doubles(number: f64) -> BigInt {
    let bits = number.to_bits();
    let (exponent, fraction) = ((bits >> 52) & 0x7ff, bits & ((1 << 52) - 1));
    let whole = if exponent == 0 {
        BigInt::from(fraction)
    } else {
        BigInt::from(fraction | (1 << 52)) << (exponent - 1)
    };
    if number < 0.0 { -whole } else { whole }
}

/// Converts numbers to fractions with one denominator.
fn common_fractions(values: &[Value]) -> Option<(Vec<BigInt>, BigInt)> {
    if values.iter().any(|value| matches!(value, Value::Float(_))) {
        let doubles: Vec<f64> = values.iter().map(double).collect();
        let whole = doubles.iter().all(|number| number.is_finite());
        return whole.then(|| {
            (doubles.iter().map(|number| in_smallest_doubles(*number)).collect(), BigInt::from(1) << 1074)
        });
    }
    let parts: Vec<_> = values.iter().map(|value| digits(value).unwrap()).collect();
    let scale = parts.iter().map(|part| part.scale).max().unwrap_or(0);
    Some((parts.iter().map(|part| part.with(scale)).collect(), ten(scale)))
}

/// Returns the quotient of two numbers of any size, as a double.
fn ratio(above: &BigInt, below: &BigInt) -> f64 {
    use num_traits::ToPrimitive as _;
    num_rational::Ratio::new(above.clone(), below.clone()).to_f64().unwrap()
}

fn deviation(values: &[Value]) -> Value {
    if values.len() < 2 {
        return Value::Null;
    }
    let Some((numbers, unit)) = common_fractions(values) else { return Value::float(f64::NAN) };
    let count = BigInt::from(numbers.len());
    let total: BigInt = numbers.iter().sum();
    let squares: BigInt = numbers.iter().map(|number| number * number).sum();
    let spread = squares * &count - &total * &total;
    Value::float(ratio(&spread, &(&count * (&count - 1) * &unit * &unit)).sqrt())
}

fn correlation(pairs: Vec<(Value, Value)>) -> Value {
    let pairs: Vec<_> =
        pairs.into_iter().filter(|(left, right)| !left.is_null() && !right.is_null()).collect();
    let (left, right): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    let (Some((left, _)), Some((right, _))) = (common_fractions(&left), common_fractions(&right)) else {
        return Value::float(f64::NAN);
    };
    let count = BigInt::from(left.len());
    let product = |one: &[BigInt], other: &[BigInt]| -> BigInt {
        let both: BigInt = one.iter().zip(other).map(|(one, other)| one * other).sum();
        both * &count - one.iter().sum::<BigInt>() * other.iter().sum::<BigInt>()
    };
    let (of_left, of_right) = (product(&left, &left), product(&right, &right));
    if of_left == BigInt::ZERO || of_right == BigInt::ZERO {
        return Value::Null;
    }
    let both = product(&left, &right);
    let square = ratio(&(&both * &both), &(of_left * of_right)).sqrt();
    Value::float(if both < BigInt::ZERO { -square } else { square })
}

fn quantile(sorted: &[Value], at: f64, interpolation: Interpolation) -> Value {
    let Some(last) = sorted.len().checked_sub(1) else { return Value::Null };
    let place = at * last as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    let between = |share: f64| {
        if low == high {
            return sorted[low].clone();
        }
        let (one, other) = (double(&sorted[low]), double(&sorted[high]));
        Value::float(one + (other - one) * share)
    };
    match interpolation {
        Interpolation::Lower => sorted[low].clone(),
        Interpolation::Higher => sorted[high].clone(),
        Interpolation::Nearest => sorted[place.round_ties_even() as usize].clone(),
        Interpolation::Midpoint => between(0.5),
        Interpolation::Linear => between(place - low as f64),
    }
}

fn group(grouping: &Grouping, statistic: &GroupStatistic, rows: &[(usize, Row<'_>)]) -> Measured {
    let groups = grouped(rows, &grouping.keys);
    let count = |count: usize| Measured::Count(count as u64);
    let sorted = |mut keys: Vec<Vec<Value>>, limit: usize| {
        keys.sort_by(|left, right| by_keys(left, right));
        keys.truncate(limit);
        keys
    };
    let first =
        |keys: Vec<Vec<Value>>| Measured::Values(keys.into_iter().map(|mut key| key.remove(0)).collect());
    let is_among = |values: &[Value], key: &[Value]| values.iter().any(|value| same(value, &key[0]));
    let most = groups.iter().map(|group| group.rows.len()).max().unwrap_or(0);
    let keys = |which: &dyn Fn(&RowGroup<'_>) -> bool| -> Vec<Vec<Value>> {
        groups.iter().filter(|group| which(group)).map(|group| group.keys.clone()).collect()
    };
    match statistic {
        GroupStatistic::Distinct => count(groups.len()),
        GroupStatistic::DuplicatedRows => {
            count(groups.iter().map(|group| group.rows.len()).filter(|rows| *rows > 1).sum())
        }
        GroupStatistic::DuplicatedKeys { limit } => {
            let mut repeated = keys(&|group| group.rows.len() > 1);
            repeated.truncate(*limit);
            Measured::Keys(repeated)
        }
        GroupStatistic::OutsideCount(values) => count(keys(&|group| !is_among(values, &group.keys)).len()),
        GroupStatistic::Outside { values, limit } => {
            first(sorted(keys(&|group| !is_among(values, &group.keys)), *limit))
        }
        GroupStatistic::Inside(values) => Measured::Values(
            values
                .iter()
                .filter(|value| groups.iter().any(|group| same(value, &group.keys[0])))
                .cloned()
                .collect(),
        ),
        GroupStatistic::Singles => count(keys(&|group| group.rows.len() == 1).len()),
        GroupStatistic::ModeCount => count(keys(&|group| group.rows.len() == most).len()),
        GroupStatistic::Modes { limit } => first(sorted(keys(&|group| group.rows.len() == most), *limit)),
        GroupStatistic::ModesInside(values) => {
            let modes = keys(&|group| group.rows.len() == most);
            let known = values.iter().filter(|value| modes.iter().any(|key| same(value, &key[0])));
            Measured::Values(known.cloned().collect())
        }
        GroupStatistic::Entropy => {
            let all = rows.len() as f64;
            let shares = groups.iter().map(|group| group.rows.len() as f64 / all);
            let entropy: f64 = shares.map(|share| share * (1.0 / share).ln()).sum();
            Measured::Scalar(if groups.is_empty() { Value::Null } else { Value::float(entropy) })
        }
        GroupStatistic::Counts { limit } => {
            let mut groups: Vec<_> =
                groups.iter().map(|group| (group.keys.clone(), group.rows.len() as u64)).collect();
            groups.sort_by(|(left, _), (right, _)| by_keys(left, right));
            groups.truncate(*limit);
            let parts = (0..grouping.keys.len())
                .map(|part| groups.iter().map(|(keys, _)| keys[part].clone()).collect());
            Measured::Sizes(Sizes {
                parts: parts.collect(),
                rows: groups.iter().map(|(_, rows)| *rows).collect(),
            })
        }
    }
}

/// Returns the numbers of the rows that break the required order relation to the rows before them.
pub fn out_of_order(sequence: &Sequence, rows: &[(usize, Row<'_>)]) -> Vec<usize> {
    let mut found = Vec::new();
    for mut group in grouped(rows, &sequence.within) {
        group.rows.sort_by(|(_, left), (_, right)| {
            by_keys(&left.values(&sequence.order_by), &right.values(&sequence.order_by))
        });
        let mut before: Option<Value> = None;
        for (number, row) in group.rows {
            let value = row.value(&sequence.value);
            if before
                .as_ref()
                .is_some_and(|before| compared(sequence.must_be, &value, before) != Value::Boolean(true))
            {
                found.push(number);
            }
            let own = row.value(&sequence.before);
            before = match before {
                Some(greatest) if sequence.greatest && order(&greatest, &own).is_ge() => Some(greatest),
                _ => Some(own),
            };
        }
    }
    found
}

fn keys_there(of: &[Typed], filter: &Typed, there: &Table) -> Vec<Vec<Value>> {
    rows_of(there, filter).iter().map(|(_, row)| row.values(of)).collect()
}

/// Returns the groups of rows whose keys the other dataset lacks.
fn lost<'a>(lookup: &Lookup, rows: &[(usize, Row<'a>)], there: &Table) -> Vec<RowGroup<'a>> {
    let known = keys_there(&lookup.there, &lookup.filter, there);
    let mut lost = grouped(rows, &lookup.grouping.keys);
    lost.retain(|group| !known.iter().any(|key| !key.iter().any(Value::is_null) && alike(key, &group.keys)));
    lost
}

/// Returns the numbers of the rows whose keys the other dataset lacks.
pub fn unmatched_rows(lookup: &Lookup, rows: &[(usize, Row<'_>)], there: &Table) -> Vec<usize> {
    lost(lookup, rows, there).into_iter().flat_map(|group| group.rows).map(|(number, _)| number).collect()
}

fn unmatched(
    lookup: &Lookup,
    result: &UnmatchedResult,
    rows: &[(usize, Row<'_>)],
    there: &Table,
) -> Measured {
    let lost = lost(lookup, rows, there);
    match result {
        UnmatchedResult::Rows => Measured::Count(lost.iter().map(|group| group.rows.len() as u64).sum()),
        UnmatchedResult::Keys { limit } => {
            let mut keys: Vec<_> = lost.into_iter().map(|group| group.keys).collect();
            keys.sort_by(|left, right| by_keys(left, right));
            keys.truncate(*limit);
            Measured::Keys(keys)
        }
    }
}

fn differences(of: &Correspondence, rows: &[(usize, Row<'_>)], there: &Table) -> Differences {
    let (keys, keys_there): (Vec<_>, Vec<_>) = of.keys.iter().cloned().unzip();
    let (values, values_there): (Vec<_>, Vec<_>) = of.values.iter().cloned().unzip();
    let others = rows_of(there, &of.there);
    let mut found = Differences::default();
    let near = |left: &Value, right: &Value| {
        let apart = || Some((left.as_f64()? - right.as_f64()?).abs() <= of.tolerance.0);
        same(left, right)
            || (of.tolerance.0 > 0.0 && !left.is_null() && !right.is_null() && apart() == Some(true))
    };
    for (_, row) in rows {
        let key = row.values(&keys);
        match others.iter().find(|(_, other)| alike(&key, &other.values(&keys_there))) {
            None => found.only_here += 1,
            Some((_, other)) => {
                let (own, its) = (row.values(&values), other.values(&values_there));
                found.different += u64::from(!own.iter().zip(&its).all(|(own, its)| near(own, its)));
            }
        }
    }
    let own: Vec<_> = rows.iter().map(|(_, row)| row.values(&keys)).collect();
    let only_there =
        others.iter().filter(|(_, other)| !own.iter().any(|key| alike(key, &other.values(&keys_there))));
    found.only_there = only_there.count() as u64;
    found
}
