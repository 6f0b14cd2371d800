//! What is suggested of dates and timestamps.

use super::columns::Column;
use super::names::has_word;
use super::suggestion::Suggestion;
use super::yaml;
use crate::data::Value;

const NANOSECONDS_A_DAY: i128 = 86_400_000_000_000;
/// Nanoseconds of an hour.
const HOUR: i128 = NANOSECONDS_A_DAY / 24;
/// What was written so many days ago at most is still being written.
const RECENT: i128 = 30 * NANOSECONDS_A_DAY;
/// How old the newest value may be: the first of these that is twice as long as it is old.
const WITHIN: [(i128, &str); 9] = [
    (HOUR, "1 h"),
    (6 * HOUR, "6 h"),
    (24 * HOUR, "1 d"),
    (48 * HOUR, "2 d"),
    (72 * HOUR, "3 d"),
    (7 * 24 * HOUR, "7 d"),
    (14 * 24 * HOUR, "14 d"),
    (30 * 24 * HOUR, "30 d"),
    (60 * 24 * HOUR, "60 d"),
];

/// Nanoseconds since 1970 of a date or a timestamp.
pub(super) fn instant(value: &Value) -> Option<i128> {
    match value {
        Value::Date(days) => Some(i128::from(*days) * NANOSECONDS_A_DAY),
        Value::Timestamp { nanoseconds, .. } => Some(*nanoseconds),
        _ => None,
    }
}

/// Where a column begins, and that it is in the past if all of it is.
pub(super) fn of_times(column: &Column<'_>, now: i128) -> Vec<Suggestion> {
    let Some(values) = column.values else { return Vec::new() };
    let (path, mut found) = (&column.profile.path, Vec::new());
    let seen = format!("seen {} to {}", values.least, values.greatest);
    let is_placeholder = |value: &Value| values.placeholders.iter().any(|(other, _)| other == value);
    let year = values.least.to_string().split('-').next().and_then(|year| year.parse::<u32>().ok());
    if let Some(year) = year.filter(|year| (1..=9999).contains(year) && !is_placeholder(&values.least)) {
        let start = match &values.least {
            Value::Date(_) => format!("{year:04}-01-01"),
            Value::Timestamp { instant: true, .. } => format!("{year:04}-01-01T00:00:00Z"),
            _ => format!("{year:04}-01-01T00:00:00"),
        };
        let greatest = values.greatest.to_string();
        let end = greatest.split('-').next().and_then(|year| year.parse::<u32>().ok());
        let is_past = instant(&values.greatest).is_some_and(|greatest| greatest <= now);
        // What lies in the future has an end too, unless that stands for none.
        let end = end.filter(|_| !is_past && !is_placeholder(&values.greatest));
        let end = end.map(|year| year + 10).filter(|year| *year <= 9999);
        let end = end.map_or_else(String::new, |year| {
            format!(", max: {}", start.replacen(&start[..4], &format!("{year:04}"), 1))
        });
        found.push(Suggestion::on(path, "between", seen.clone()).with(format!("{{min: {start}{end}}}")));
        if is_past {
            found.push(Suggestion::on(path, "in_past", format!("newest {}", values.greatest)));
        }
    }
    found
}

/// That the table is fresh, by the newest value of the column that tells it best.
pub(super) fn fresh(columns: &[Column<'_>], now: i128) -> Option<Suggestion> {
    const WRITTEN: [&str; 16] = [
        "updated",
        "update",
        "modified",
        "loaded",
        "load",
        "ingested",
        "ingest",
        "inserted",
        "created",
        "processed",
        "synced",
        "extracted",
        "event",
        "timestamp",
        "ts",
        "etl",
    ];
    let ages = columns.iter().filter_map(|column| {
        let newest = instant(&column.values?.greatest)?;
        let age = now - newest;
        let is_other = !has_word(&column.profile.path, &WRITTEN);
        (0..=RECENT).contains(&age).then_some((is_other, age, column))
    });
    let (_, age, column) = ages.min_by_key(|(is_other, age, _)| (*is_other, *age))?;
    let newest = &column.values?.greatest;
    // A date is as old as its day at most.
    let is_date = matches!(newest, Value::Date(_));
    let age = if is_date { age + NANOSECONDS_A_DAY } else { age };
    let (_, within) = WITHIN.into_iter().find(|(within, _)| *within >= age.saturating_mul(2))?;
    let arguments = format!("{{column: {}, within: {within}}}", yaml::name(&column.profile.path));
    Some(Suggestion::on_table("fresh", arguments, format!("newest {newest}")))
}
