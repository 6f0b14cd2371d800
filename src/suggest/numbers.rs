//! What is suggested of numbers.

use super::columns::Column;
use super::names::{has_word, names_a_thing};
use super::suggestion::Suggestion;
use super::yaml;
use crate::data::{ColumnPath, DataType, Value};

/// A set of whole numbers is suggested of so many, each of which comes so often on average.
const SET: usize = 10;
const OFTEN: u64 = 20;
/// Fewer values tell no range.
pub(super) const FEWEST: u64 = 20;
/// The share of the seen range by which bounds are wider than it, on both sides.
const HEADROOM: f64 = 0.1;

/// The set or the range of a column.
pub(super) fn of_numbers(column: &Column<'_>) -> Option<Suggestion> {
    let (path, values) = (&column.profile.path, column.values?);
    let (Some(least), Some(greatest)) = (values.least.as_f64(), values.greatest.as_f64()) else {
        return None;
    };
    if !(least.is_finite() && greatest.is_finite()) {
        return None;
    }
    let seen = format!("{} to {}", values.least, values.greatest);
    if is_set(column) {
        let mut all: Vec<&Value> = values.tally.values.iter().map(|(value, _)| value).collect();
        all.sort_by(|left, right| left.compare(right).unwrap_or(std::cmp::Ordering::Equal));
        let items = all.into_iter().map(yaml::literal).collect();
        return Some(Suggestion::on(path, "in_set", "").with_list(items).mostly());
    }
    let is_whole = matches!(column.profile.data_type, DataType::Integer { .. });
    // What names a thing grows, and is not measured.
    if is_whole && (names_a_thing(path) || column.profile.may_be_unique()) {
        let from = i128::from(least >= 1.0);
        let positive = Suggestion::on(path, "between", format!("seen {seen}; a key may grow"));
        return (least >= 0.0).then(|| positive.with(yaml::bounds(Some(&Value::Integer(from)), None)));
    }
    // Years go on.
    if is_whole && has_word(path, &["year", "yr"]) && least >= 1_000.0 && greatest <= 2_999.0 {
        let since = Suggestion::on(path, "between", format!("seen {seen}; years go on"));
        return Some(since.with(yaml::bounds(Some(&values.least), None)));
    }
    // Few values tell no range, and a single one neither.
    if values.least == values.greatest || column.present() < FEWEST {
        return None;
    }
    let (min, max) =
        natural(path, least, greatest, is_whole).unwrap_or_else(|| widened(least, greatest, is_whole));
    let bound = |number: f64| number_as(number, is_whole);
    let range = Suggestion::on(path, "between", format!("seen {seen}"));
    Some(range.with(yaml::bounds(Some(&bound(min)), Some(&bound(max)))))
}

/// Whether the numbers are codes of which every one was seen: few, each often, and not all of a stretch.
fn is_set(column: &Column<'_>) -> bool {
    let Some(values) = column.values else { return false };
    let whole = |value: &Value| if let Value::Integer(number) = value { Some(*number) } else { None };
    let Some(numbers) =
        values.tally.values.iter().map(|(value, _)| whole(value)).collect::<Option<Vec<i128>>>()
    else {
        return false;
    };
    let count = u64::try_from(numbers.len()).unwrap_or(u64::MAX);
    let (least, greatest) = (numbers.iter().min(), numbers.iter().max());
    let stretch = least.zip(greatest).map_or(0, |(least, greatest)| greatest.saturating_sub(*least));
    let is_stretch = stretch.saturating_add(1) == i128::from(count) && count > 3;
    let rare = values.tally.values.iter().any(|(_, rows)| *rows < 3);
    values.tally.is_whole()
        && numbers.len() <= SET
        && column.present() >= count.saturating_mul(OFTEN)
        && !rare
        && !is_stretch
}

/// The bounds that a quantity has by its nature: shares, percents, degrees.
fn natural(path: &ColumnPath, least: f64, greatest: f64, is_whole: bool) -> Option<(f64, f64)> {
    let within = |min: f64, max: f64| (min <= least && greatest <= max).then_some((min, max));
    if has_word(path, &["latitude", "lat"]) {
        return within(-90.0, 90.0);
    }
    if has_word(path, &["longitude", "lon", "lng"]) {
        return within(-180.0, 180.0);
    }
    if has_word(path, &["percent", "pct", "percentage"]) && greatest > 1.0 {
        return within(0.0, 100.0);
    }
    if !is_whole && greatest > 0.3 { within(0.0, 1.0) } else { None }
}

/// Bounds wider than what was seen, at round numbers: by a tenth of what lies between, and not by more than half of the
/// bound itself. What was never below zero stays so, and what was never above.
fn widened(least: f64, greatest: f64, is_whole: bool) -> (f64, f64) {
    let room = |end: f64| ((greatest - least) * HEADROOM).min(end.abs() / 2.0);
    let mut min = -rounded_up(-(least - room(least)));
    let mut max = rounded_up(greatest + room(greatest));
    if is_whole {
        (min, max) = (min.floor(), max.ceil());
    }
    if least >= 0.0 {
        // A lower bound far from zero is worth telling, one near it is not.
        let near = if is_whole && least >= 1.0 { 1.0 } else { 0.0 };
        min = if min < greatest * HEADROOM { near } else { min };
    }
    if greatest <= 0.0 {
        max = max.min(0.0);
    }
    (min.min(least), max.max(greatest))
}

/// The next round number that is not less: of two digits, the second of which is 0 or 5 unless the first is 1.
fn rounded_up(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    let power = 10_f64.powf(number.abs().log10().floor());
    let step = if number.abs() < 2.0 * power { power / 10.0 } else { power / 2.0 };
    (number / step).ceil() * step
}

/// A bound without the digits that only its computation has.
#[expect(clippy::cast_possible_truncation, reason = "the bounds of an integer column; a cast saturates")]
fn number_as(number: f64, is_whole: bool) -> Value {
    if is_whole {
        return Value::Integer(number as i128);
    }
    let short = format!("{number:.12e}").parse().unwrap_or(number);
    Value::float(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_round_and_wider_than_what_was_seen() {
        assert_eq!(widened(1.0, 50.0, true), (1.0, 55.0));
        assert_eq!(widened(901.0, 104_949.5, false), (0.0, 120_000.0));
        assert_eq!(widened(-52.0, 3_004.0, true), (-80.0, 3_500.0));
        assert_eq!(widened(-9.0, -1.0, true), (-10.0, -0.0));
        assert_eq!(widened(900.0, 1_100.0, true), (850.0, 1_200.0));
    }
}
