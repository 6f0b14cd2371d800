//! The checks that judge rows, compared with loops over the values.

use std::cmp::Ordering;

use karat::check;
use karat::data::{DataType, Value};
use karat::evaluate::{Counts, Verdict};
use karat::predicate::Comparison;
use proptest::prelude::*;

use super::evaluate::{Row, compared, order};
use super::generate::condition;
use super::rows::{config, over_each_engine, quoted, refused, suite};
use super::table::{Table, schema, table, value};

#[derive(Clone, Debug)]
enum Rule {
    NotNull(usize),
    Null(usize),
    Unique(Vec<usize>, &'static str),
    InSet(usize, Vec<Value>, bool),
    Between { column: usize, min: Option<Value>, max: Option<Value>, strict_min: bool, strict_max: bool },
    Matches { column: usize, regexes: Vec<&'static str>, on: &'static str },
    Length { column: usize, min: i128, max: i128 },
    Pair { left: usize, is: Comparison, right: usize, ignore: &'static str },
}

/// Pairs of columns that can be compared without loss.
const PAIRS: [(&str, &str); 12] = [
    ("i8", "u64"),
    ("i64", "j64"),
    ("i64", "u64"),
    ("u8", "i16"),
    ("d10", "e10"),
    ("d10", "i32"),
    ("d38", "i64"),
    ("f64", "g64"),
    ("f32", "f64"),
    ("a.b", "select"),
    ("Tag", "day"),
    ("wall_ns", "other_ns"),
];
/// Regular expressions, some of which only a backtracking engine supports.
const REGEXES: [&str; 9] = ["^a", "b$", "^$", "[0-9]", "(?i)É", "^.{2}$", "a(?=b)", "^(?!a)", r"(.)\1"];

/// Returns whether a regular expression is found; those that need backtracking are written as code.
fn found(regex: &str, text: &str) -> bool {
    let mut pairs = text.chars().zip(text.chars().skip(1));
    match regex {
        "a(?=b)" => text.contains("ab"),
        "^(?!a)" => !text.starts_with('a'),
        r"(.)\1" => pairs.any(|(left, right)| left == right && left != '\n'),
        regular => regex::Regex::new(regular).unwrap().is_match(text),
    }
}

fn position(name: &str) -> usize {
    schema().position(name).unwrap()
}

fn rules() -> impl Strategy<Value = Rule> {
    let columns = schema().fields.len();
    let with_values = (0..columns).prop_flat_map(|column| {
        let data_type = schema().fields[column].data_type.clone();
        (Just(column), prop::collection::vec(value(&data_type), 1..5))
    });
    let ordered = with_values.clone().prop_filter("booleans have no order", |(column, _)| {
        schema().fields[*column].data_type != DataType::Boolean
    });
    let text = prop::sample::select(vec![position("a.b"), position("select")]);
    let ignore = |words: [&'static str; 3]| prop::sample::select(words.to_vec());
    prop_oneof![
        1 => (0..columns).prop_map(Rule::NotNull),
        1 => (0..columns).prop_map(Rule::Null),
        2 => (0..columns).prop_map(|column| Rule::Unique(vec![column], "any_value_is_missing")),
        3 => (prop::sample::subsequence((0..columns).collect::<Vec<_>>(), 1..4), ignore(["all_values_are_missing", "any_value_is_missing", "never"]))
            .prop_map(|(columns, ignore)| Rule::Unique(columns, ignore)),
        3 => (with_values, any::<bool>()).prop_map(|((column, values), allowed)| Rule::InSet(column, values, allowed)),
        3 => (ordered, any::<[bool; 4]>()).prop_map(|((column, mut values), [strict_min, strict_max, low, high])| {
            values.sort_by(order);
            Rule::Between {
                column,
                min: (low || !high).then(|| values[0].clone()),
                max: high.then(|| values[values.len() - 1].clone()),
                strict_min,
                strict_max,
            }
        }),
        3 => (text.clone(), prop::collection::vec(prop::sample::select(REGEXES.to_vec()), 1..4), prop::sample::select(vec!["any", "all", "none"]))
            .prop_map(|(column, regexes, on)| Rule::Matches { column, regexes, on }),
        1 => (text, 0..3_i128, 0..3_i128).prop_map(|(column, min, more)| Rule::Length { column, min, max: min + more }),
        3 => (
            prop::sample::select(PAIRS.to_vec()),
            prop::sample::select(Comparison::ALL.to_vec()),
            ignore(["both_values_are_missing", "either_value_is_missing", "neither"]),
        ).prop_map(|((left, right), is, ignore)| Rule::Pair { left: position(left), is, right: position(right), ignore }),
    ]
}

/// A threshold on failing rows, with its text and its verdict.
#[derive(Clone, Debug)]
enum Limit {
    Any,
    Mostly(u32),
    Fail(u64, bool),
    FailPercent(u32, bool),
    Warn(u64),
}

impl Limit {
    fn written(&self) -> String {
        let above = |inclusive: &bool| if *inclusive { ">=" } else { ">" };
        match self {
            Self::Any => String::new(),
            Self::Mostly(hundredths) => format!(", mostly: {}", f64::from(*hundredths) / 100.0),
            Self::Fail(count, inclusive) => format!(", fail_if: \"{} {count}\"", above(inclusive)),
            Self::FailPercent(tenths, inclusive) => {
                format!(", fail_if: \"{} {}.{} %\"", above(inclusive), tenths / 10, tenths % 10)
            }
            Self::Warn(count) => format!(", warn_if: \"> {count}\""),
        }
    }

    fn verdict(&self, failing: u64, considered: u64) -> Verdict {
        let exceeded = match self {
            Self::Any => failing > 0,
            Self::Mostly(hundredths) => {
                considered > 0
                    && ((considered - failing) as f64 / considered as f64) < f64::from(*hundredths) / 100.0
            }
            Self::Fail(count, inclusive) => failing > *count || (*inclusive && failing == *count),
            Self::FailPercent(tenths, inclusive) => {
                let (found, allowed) = (failing * 1000, u64::from(*tenths) * considered);
                failing > 0 && (found > allowed || (*inclusive && found == allowed))
            }
            Self::Warn(count) => failing > *count,
        };
        match self {
            _ if !exceeded => Verdict::Pass,
            Self::Warn(_) => Verdict::Warn,
            _ => Verdict::Fail,
        }
    }
}

fn limits() -> impl Strategy<Value = Limit> {
    prop_oneof![
        Just(Limit::Any),
        (0..=100_u32).prop_map(Limit::Mostly),
        (1..6_u64, any::<bool>()).prop_map(|(count, inclusive)| Limit::Fail(count, inclusive)),
        (0..=1000_u32, any::<bool>()).prop_map(|(tenths, inclusive)| Limit::FailPercent(tenths, inclusive)),
        (0..5_u64).prop_map(Limit::Warn),
    ]
}

/// Formats a value as a plain or quoted scalar of YAML.
pub fn scalar(value: &Value) -> String {
    match value {
        Value::Float(float) if float.0.is_nan() => ".nan".to_owned(),
        Value::Float(float) if float.0.is_infinite() => {
            if float.0 > 0.0 { ".inf" } else { "-.inf" }.to_owned()
        }
        Value::Float(float) => format!("{:e}", float.0),
        Value::String(text) => quoted(text),
        Value::Timestamp { instant, .. } => {
            let karat::data::Literal::Text(text) = super::generate::literal(value) else { unreachable!() };
            if *instant { format!("\"{text}Z\"") } else { format!("\"{text}\"") }
        }
        other => other.to_string(),
    }
}

/// Returns the key of a column in a suite.
pub fn name(column: usize) -> String {
    let name = &schema().fields[column].name;
    quoted(&karat::data::ColumnPath::column(name).to_string())
}

/// Returns the column of a rule, unless the rule stands on the table, and the rule's text.
fn written(rule: &Rule) -> (Option<usize>, String) {
    let list = |values: &[Value]| values.iter().map(scalar).collect::<Vec<_>>().join(", ");
    match rule {
        Rule::NotNull(column) => (Some(*column), "not_null:".to_owned()),
        Rule::Null(column) => (Some(*column), "\"null\":".to_owned()),
        Rule::Unique(columns, "any_value_is_missing") if columns.len() == 1 => {
            (Some(columns[0]), "unique:".to_owned())
        }
        Rule::Unique(columns, ignore) => {
            let names: Vec<_> = columns.iter().copied().map(name).collect();
            (None, format!("unique: {{columns: [{}], ignore_row_if: {ignore}}}", names.join(", ")))
        }
        Rule::InSet(column, values, allowed) => {
            (Some(*column), format!("{}: [{}]", if *allowed { "in_set" } else { "not_in_set" }, list(values)))
        }
        Rule::Between { column, min, max, strict_min, strict_max } => {
            let bound = |key, bound: &Option<Value>| {
                bound.as_ref().map_or_else(String::new, |value| format!("{key}: {}, ", scalar(value)))
            };
            let bounds = format!("{}{}", bound("min", min), bound("max", max));
            (
                Some(*column),
                format!("between: {{{bounds}strict_min: {strict_min}, strict_max: {strict_max}}}"),
            )
        }
        Rule::Matches { column, regexes, on } => {
            let regexes = regexes.iter().map(|regex| quoted(regex)).collect::<Vec<_>>().join(", ");
            let text = match *on {
                "none" => format!("not_matches: [{regexes}]"),
                on => format!("matches: {{regex: [{regexes}], match_on: {on}}}"),
            };
            (Some(*column), text)
        }
        Rule::Length { column, min, max } => {
            (Some(*column), format!("length_between: {{min: {min}, max: {max}}}"))
        }
        Rule::Pair { left, is, right, ignore } => {
            let (left, right) = (name(*left), name(*right));
            (
                None,
                format!(
                    "pair: {{left: {left}, is: {}, right: {right}, ignore_row_if: {ignore}}}",
                    quoted(is.symbol())
                ),
            )
        }
    }
}

/// Judges a row: none if the row is not considered, or else whether the row passes. Duplicates are searched
/// in `rows`.
fn judged(rule: &Rule, row: &[Value], rows: &[&Vec<Value>]) -> Option<bool> {
    let present = |column: &usize, holds: &dyn Fn(&Value) -> bool| {
        let value = &row[*column];
        if value.is_null() { None } else { Some(holds(value)) }
    };
    match rule {
        Rule::NotNull(column) => Some(!row[*column].is_null()),
        Rule::Null(column) => Some(row[*column].is_null()),
        Rule::Unique(columns, ignore) => {
            let considered = |row: &[Value]| match *ignore {
                "all_values_are_missing" => columns.iter().any(|column| !row[*column].is_null()),
                "any_value_is_missing" => columns.iter().all(|column| !row[*column].is_null()),
                _ => true,
            };
            let same = |other: &[Value]| {
                columns.iter().all(|column| match (&row[*column], &other[*column]) {
                    (Value::Null, Value::Null) => true,
                    (Value::Null, _) | (_, Value::Null) => false,
                    (left, right) => order(left, right).is_eq(),
                })
            };
            considered(row).then(|| rows.iter().filter(|other| considered(other) && same(other)).count() == 1)
        }
        Rule::InSet(column, values, allowed) => {
            present(column, &|value| values.iter().any(|one| order(value, one).is_eq()) == *allowed)
        }
        Rule::Between { column, min, max, strict_min, strict_max } => present(column, &|value| {
            let side = |bound: &Option<Value>, wrong: Ordering, strict: bool| {
                bound.as_ref().is_none_or(|bound| {
                    let order = order(value, bound);
                    order != wrong && !(strict && order.is_eq())
                })
            };
            side(min, Ordering::Less, *strict_min) && side(max, Ordering::Greater, *strict_max)
        }),
        Rule::Matches { column, regexes, on } => present(column, &|value| {
            let Value::String(text) = value else { unreachable!() };
            let mut each = regexes.iter().map(|regex| found(regex, text));
            match *on {
                "any" => each.any(|found| found),
                "all" => each.all(|found| found),
                _ => !each.any(|found| found),
            }
        }),
        Rule::Length { column, min, max } => present(column, &|value| {
            let Value::String(text) = value else { unreachable!() };
            (*min..=*max).contains(&(text.chars().count() as i128))
        }),
        Rule::Pair { left, is, right, ignore } => {
            let (left, right) = (&row[*left], &row[*right]);
            let considered = match *ignore {
                "both_values_are_missing" => !left.is_null() || !right.is_null(),
                "either_value_is_missing" => !left.is_null() && !right.is_null(),
                _ => true,
            };
            considered.then(|| {
                // A comparison with null does not hold.
                compared(*is, left, right) == Value::Boolean(true)
            })
        }
    }
}

/// Returns the rows that a filter lets through.
pub fn passing<'a>(table: &'a Table, filter: Option<&karat::predicate::Expression>) -> Vec<&'a Vec<Value>> {
    let schema = schema();
    let passes = |values: &&Vec<Value>| {
        filter.is_none_or(|filter| Row { schema: &schema, values }.holds(filter) == Some(true))
    };
    table.rows.iter().filter(passes).collect()
}

/// Formats a filter: `, where: …`.
pub fn where_text(filter: Option<&karat::predicate::Expression>) -> String {
    filter.map_or_else(String::new, |filter| format!(", where: {}", quoted(&filter.to_string())))
}

pub fn filters() -> impl Strategy<Value = Option<karat::predicate::Expression>> {
    proptest::option::of(condition().prop_filter("the checker must take it", |filter| !refused(filter)))
}

/// Random checks on values, each with its column, if it stands on one, and its text.
#[cfg(any(feature = "duckdb", feature = "postgres"))]
pub fn texts() -> impl Strategy<Value = (Option<String>, String)> {
    (rules(), limits(), filters()).prop_map(|(rule, limit, filter)| {
        let (column, text) = written(&rule);
        (column.map(name), format!("{text}{}{}", limit.written(), where_text(filter.as_ref())))
    })
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn checks_on_values_count_as_loops_do(
        table in table(),
        checks in prop::collection::vec((rules(), limits(), filters()), 10),
    ) {
        let texts = checks.iter().map(|(rule, limit, filter)| {
            let (column, text) = written(rule);
            (column.map(name), format!("{text}{}{}", limit.written(), where_text(filter.as_ref())))
        });
        let texts: Vec<_> = texts.collect();
        for options in over_each_engine() {
        let run = check(&suite(texts.iter().cloned()), table.frame(), &options);
        for (index, (rule, limit, filter)) in checks.iter().enumerate() {
            let rows = passing(&table, filter.as_ref());
            let verdicts: Vec<bool> = rows.iter().filter_map(|row| judged(rule, row, &rows)).collect();
            let failing = verdicts.iter().filter(|holds| !**holds).count() as u64;
            let counts = Counts { rows: rows.len() as u64, considered: verdicts.len() as u64, failing };
            let outcome = run.suites[0].outcome(&format!("c{index}")).unwrap();
            prop_assert_eq!(outcome.counts, Some(counts), "{:?}\n{:?}", texts[index], outcome.reason);
            prop_assert_eq!(outcome.verdict, limit.verdict(failing, counts.considered), "{:?}", texts[index]);
            prop_assert_eq!(outcome.vacuous, counts.considered == 0);
        }
        }
    }
}
