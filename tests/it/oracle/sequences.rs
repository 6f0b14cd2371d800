//! Checks of rows against the rows before them, of groups, and against another table, compared with loops.

use std::cmp::Ordering;
use std::sync::Arc;

use karat::data::Value;
use karat::evaluate::{Counts, Verdict};
use karat::{CheckOptions, DataSource, check};
use proptest::prelude::*;

use super::columns::{filters, name, passing, where_text};
use super::evaluate::order;
use super::rows::{config, options, suite};
use super::table::{Table, schema, table};

/// Compares values. Nulls come first.
fn total(left: &Value, right: &Value) -> Ordering {
    match (left.is_null(), right.is_null()) {
        (false, false) => order(left, right),
        (left, right) => right.cmp(&left),
    }
}

fn position(name: &str) -> usize {
    schema().position(name).unwrap()
}

#[derive(Clone, Debug)]
enum Rule {
    /// The column, true if ascending, true if strict, and the column that orders the rows.
    Ordered(usize, bool, bool, Option<usize>),
    /// The start, the end, the column that separates the windows, true for gaps or false for overlaps, and
    /// true if ends are inclusive.
    Windows(usize, usize, usize, bool, bool),
}

fn rules() -> impl Strategy<Value = Rule> {
    let ordered = || {
        prop::sample::select(
            (0..schema().fields.len())
                .filter(|column| schema().fields[*column].data_type.is_ordered())
                .collect::<Vec<_>>(),
        )
    };
    let ordering = (ordered(), any::<bool>(), any::<bool>(), prop::option::of(ordered()));
    let times = prop::sample::select(vec![("Tag", "day"), ("day", "Tag"), ("wall_ns", "other_ns")]);
    let windows = (times, prop::sample::select(vec!["yes", "i8", "a.b"]), any::<bool>(), any::<bool>());
    prop_oneof![
        ordering.prop_map(|(column, up, strictly, by)| Rule::Ordered(column, up, strictly, by)),
        windows.prop_map(|((start, end), within, gaps, inclusive)| {
            // Only a date has a next one after an inclusive end.
            let inclusive = inclusive && (start != "wall_ns" || !gaps);
            Rule::Windows(position(start), position(end), position(within), gaps, inclusive)
        }),
    ]
}

fn written(rule: &Rule) -> (Option<String>, String) {
    match rule {
        Rule::Ordered(column, up, strictly, by) => {
            let id = if *up { "increasing" } else { "decreasing" };
            let by = by.map_or_else(String::new, |by| format!(", order_by: {}", name(by)));
            (Some(name(*column)), format!("{id}: {{strictly: {strictly}{by}}}"))
        }
        Rule::Windows(start, end, within, gaps, inclusive) => {
            let id = if *gaps { "no_gaps" } else { "no_overlaps" };
            let ends = if *inclusive { "inclusive" } else { "exclusive" };
            let (start, end, within) = (name(*start), name(*end), name(*within));
            (None, format!("{id}: {{start: {start}, end: {end}, within: {within}, ends: {ends}}}"))
        }
    }
}

/// Returns the numbers of considered and failing rows among the rows that pass the filter.
fn expected(rule: &Rule, rows: &[&Vec<Value>]) -> (u64, u64) {
    match rule {
        Rule::Ordered(column, up, strictly, by) => {
            let mut rows: Vec<_> = rows
                .iter()
                .filter(|row| !row[*column].is_null() && by.is_none_or(|by| !row[by].is_null()))
                .collect();
            if let Some(by) = by {
                rows.sort_by(|left, right| order(&left[*by], &right[*by]));
            }
            let holds = |pair: &&[&&Vec<Value>]| {
                let step = order(&pair[1][*column], &pair[0][*column]);
                let step = if *up { step } else { step.reverse() };
                if *strictly { step.is_gt() } else { step.is_ge() }
            };
            let failing = rows.windows(2).filter(|pair| !holds(pair)).count();
            (rows.len() as u64, failing as u64)
        }
        Rule::Windows(start, end, within, gaps, inclusive) => {
            let mut rows: Vec<_> = rows.iter().filter(|row| !row[*start].is_null()).collect();
            let later = |left: &Value, right: &Value| match (left.is_null(), right.is_null()) {
                (false, false) => order(left, right),
                (left, right) => left.cmp(&right),
            };
            rows.sort_by(|left, right| {
                total(&left[*within], &right[*within])
                    .then_with(|| order(&left[*start], &right[*start]))
                    .then_with(|| later(&left[*end], &right[*end]))
            });
            let mut failing = 0;
            for (index, row) in rows.iter().enumerate() {
                let before =
                    rows[..index].iter().filter(|other| total(&other[*within], &row[*within]).is_eq());
                let Some(last) = before.map(|other| &other[*end]).max_by(|left, right| later(left, right))
                else {
                    continue;
                };
                let next_day = |value: &Value| match value {
                    Value::Date(days) if *gaps && *inclusive => Value::Date(days + 1),
                    other => other.clone(),
                };
                let step = if last.is_null() { Ordering::Less } else { order(&row[*start], &next_day(last)) };
                failing += u64::from(match (gaps, inclusive) {
                    (true, _) => step.is_gt(),
                    (false, true) => step.is_le(),
                    (false, false) => step.is_lt(),
                });
            }
            (rows.len() as u64, failing)
        }
    }
}

/// Pairs of key columns for lookups in another table, of different types where these can be compared.
const KEYS: [&[(&str, &str)]; 7] = [
    &[("i8", "i64")],
    &[("u64", "i16")],
    &[("d10", "e10")],
    &[("a.b", "select")],
    &[("day", "Tag"), ("yes", "x`y")],
    &[("f32", "f64")],
    &[("i8", "i8"), ("yes", "yes")],
];

fn looked_up(keys: &[(&str, &str)], rows: &[&Vec<Value>], others: &Table) -> (u64, u64) {
    let pairs: Vec<_> = keys.iter().map(|(here, there)| (position(here), position(there))).collect();
    let considered: Vec<_> =
        rows.iter().filter(|row| pairs.iter().all(|(here, _)| !row[*here].is_null())).collect();
    let missing = considered.iter().filter(|row| {
        let same = |other: &&Vec<Value>| {
            pairs
                .iter()
                .all(|(here, there)| !other[*there].is_null() && order(&row[*here], &other[*there]).is_eq())
        };
        !others.rows.iter().any(|other| same(&other))
    });
    (considered.len() as u64, missing.count() as u64)
}

/// Checks on one value that are judged by group; each is a column and a check.
const MEASURES: [(&str, &str); 7] = [
    ("i32", "max: {max: 3}"),
    ("i64", "sum: {min: 0}"),
    ("f64", "min: {min: 0}"),
    ("d10", "mean: {min: 0}"),
    ("i8", "distinct_count: {max: 1}"),
    ("u8", "median: {min: 1}"),
    ("select", "distinct_values: {in: [a, b]}"),
];
const GROUPS: [&[&str]; 3] = [&["yes"], &["x`y", "yes"], &["a.b"]];

/// Random checks of rows beside the rows before them, each with its column, if it stands on one, and its text.
#[cfg(any(feature = "duckdb", feature = "postgres"))]
pub fn texts() -> impl Strategy<Value = (Option<String>, String)> {
    (rules(), filters()).prop_map(|(rule, filter)| {
        let (column, text) = written(&rule);
        (column, text + &where_text(filter.as_ref()))
    })
}

/// Random checks beside the dataset `others`: of keys, of counts and aggregates, and of rows.
#[cfg(any(feature = "duckdb", feature = "postgres"))]
pub fn beside_others() -> impl Strategy<Value = (Option<String>, String)> {
    let keys = prop::sample::select(KEYS.to_vec()).prop_map(|keys| {
        let columns =
            keys.iter().map(|(here, there)| format!("{}: {}", name(position(here)), name(position(there))));
        format!("exists_in: {{data: others, columns: {{{}}}}}", columns.collect::<Vec<_>>().join(", "))
    });
    let aggregates =
        ["count(*)", "sum(i32)", "max(d10)", "min(day)", "count(distinct `a.b`)", "max(f64)", "avg(i8)"];
    let aggregates = prop::sample::select(aggregates.to_vec());
    let same = (aggregates, 0..50_u32)
        .prop_map(|(of, percent)| format!("same_as: {{data: others, of: \"{of}\", tolerance: {percent} %}}"));
    let tolerance = prop::sample::select(vec!["", ", tolerance: 0.5", ", tolerance: 1e30"]);
    let rows = (
        prop::sample::select(vec!["i8", "a.b", "day", "d10", "f64"]),
        "i16|u64|select|wall|d38|g64|yes",
        tolerance,
    )
        .prop_map(|(key, value, tolerance)| {
            let key = name(position(key));
            format!("same_rows_as: {{data: others, key: {key}, columns: \"{value}\"{tolerance}}}")
        });
    let counts = Just("row_count_same_as: others".to_owned());
    let query = prop::sample::select(vec!["i8", "day", "select"]).prop_map(|column| {
        let query = format!("SELECT `{column}`, count(*) AS n FROM {{batch}} GROUP BY `{column}`");
        format!("query_matches: {{data: others, query: \"{query}\", other: \"{query}\"}}")
    });
    (prop_oneof![4 => keys, 2 => same, 3 => rows, 1 => counts, 1 => query], filters())
        .prop_map(|(text, filter)| (None, text + &where_text(filter.as_ref())))
}

/// Random columns by which rows are grouped: `, group_by: […]`.
#[cfg(any(feature = "duckdb", feature = "postgres"))]
pub fn groups() -> impl Strategy<Value = String> {
    prop::sample::select(GROUPS.to_vec()).prop_map(|by| {
        let names: Vec<_> = by.iter().map(|column| name(position(column))).collect();
        format!(", group_by: [{}]", names.join(", "))
    })
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn sequences_are_those_of_loops(
        table in table(),
        checks in prop::collection::vec((rules(), filters()), 8),
    ) {
        let texts = checks.iter().map(|(rule, filter)| {
            let (column, text) = written(rule);
            (column, text + &where_text(filter.as_ref()))
        });
        let run = check(&suite(texts), table.frame(), &options());
        for (index, (rule, filter)) in checks.iter().enumerate() {
            let outcome = run.suites[0].outcome(&format!("c{index}")).unwrap();
            let rows = passing(&table, filter.as_ref());
            let (considered, failing) = expected(rule, &rows);
            let counts = Counts { rows: rows.len() as u64, considered, failing };
            prop_assert_eq!(outcome.counts, Some(counts), "{:?} {:?} {:?}", rule, filter, outcome.reason);
            prop_assert_eq!(outcome.samples.rows.len() as u64, failing.min(10), "{:?}", rule);
        }
    }

    #[test]
    fn keys_are_looked_up_as_loops_do(
        table in table(),
        others in table(),
        filter in filters(),
    ) {
        let texts = KEYS.iter().map(|keys| {
            let columns: Vec<_> = keys.iter().map(|(here, there)| format!("{}: {}", name(position(here)), name(position(there)))).collect();
            (None, format!("exists_in: {{data: others, columns: {{{}}}}}{}", columns.join(", "), where_text(filter.as_ref())))
        });
        let frame = others.frame();
        let datasets = Arc::new(move |_: &str| DataSource::from(frame.clone()));
        let run = check(&suite(texts), table.frame(), &CheckOptions { datasets, ..options() });
        let rows = passing(&table, filter.as_ref());
        for (index, keys) in KEYS.iter().enumerate() {
            let outcome = run.suites[0].outcome(&format!("c{index}")).unwrap();
            let (considered, failing) = looked_up(keys, &rows, &others);
            let counts = Counts { rows: rows.len() as u64, considered, failing };
            prop_assert_eq!(outcome.counts, Some(counts), "{:?} {:?}", keys, outcome.reason);
            prop_assert_eq!(outcome.samples.rows.len() as u64, failing.min(10), "{:?}", keys);
        }
    }
}

proptest! {
    // Each case takes a hundred runs.
    #![proptest_config(config(8))]

    #[test]
    fn every_group_is_judged_as_a_table_of_its_own(table in table(), filter in filters()) {
        let on = |measure: usize, more: &str| {
            let (column, text) = MEASURES[measure];
            (Some(name(position(column))), format!("{text}{more}{}", where_text(filter.as_ref())))
        };
        for by in GROUPS {
            let names: Vec<_> = by.iter().map(|column| name(position(column))).collect();
            let more = format!(", group_by: [{}]", names.join(", "));
            let run = check(&suite((0..MEASURES.len()).map(|measure| on(measure, &more))), table.frame(), &options());
            let keys: Vec<_> = by.iter().map(|column| position(column)).collect();
            let mut rows: Vec<_> = passing(&table, filter.as_ref()).into_iter().cloned().collect();
            let compare = |left: &Vec<Value>, right: &Vec<Value>| {
                keys.iter().fold(Ordering::Equal, |order, key| order.then_with(|| total(&left[*key], &right[*key])))
            };
            rows.sort_by(compare);
            let groups: Vec<Table> = rows.chunk_by(|left, right| compare(left, right).is_eq()).map(|rows| Table { rows: rows.to_vec() }).collect();
            let alone: Vec<_> = groups.iter().map(|group| {
                check(&suite((0..MEASURES.len()).map(|measure| on(measure, ""))), group.frame(), &options())
            }).collect();
            for (measure, (column, text)) in MEASURES.iter().enumerate() {
                let id = format!("c{measure}");
                let failing = alone.iter().filter(|run| run.suites[0].outcome(&id).unwrap().verdict == Verdict::Fail).count();
                let outcome = run.suites[0].outcome(&id).unwrap();
                let observed = format!("{{groups: {}, failing: {failing}}}", groups.len());
                prop_assert_eq!(outcome.observed.to_string(), observed, "{} {} by {:?}: {:?}", column, text, by, outcome.reason);
                prop_assert_eq!(outcome.samples.rows.len(), failing.min(10));
            }
        }
    }
}
