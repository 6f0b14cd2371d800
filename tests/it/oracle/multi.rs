//! The checks that judge several columns of a row, compared with loops.

use karat::check;
use karat::data::{Decimal, Value};
use karat::evaluate::{Counts, Verdict};
use proptest::prelude::*;

use super::columns::{filters, name, passing, scalar, where_text};
use super::evaluate::{double, order};
use super::rows::{config, over_each_engine, suite};
use super::table::{schema, table, value};

#[derive(Clone, Debug)]
enum Rule {
    PairInSet([usize; 2], Vec<[Value; 2]>),
    UniqueWithinRow(Vec<usize>),
    EqualColumns(Vec<usize>),
    RowSum(Vec<usize>, i128),
}

/// The choices of `ignore_row_if`: ignore rows of nulls only, rows with any null, or no rows.
const IGNORE: [[&str; 2]; 3] = [
    ["both_values_are_missing", "all_values_are_missing"],
    ["either_value_is_missing", "any_value_is_missing"],
    ["neither", "never"],
];

/// Columns of numbers that can be compared with each other, and added, without loss.
const NUMBERS: [&[&str]; 3] = [
    &["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "j64"],
    &["d10", "e10", "i8", "i32"],
    &["f64", "g64"],
];
const OTHERS: [&[&str]; 5] =
    [&["a.b", "select"], &["yes", "x`y"], &["Tag", "day"], &["utc", "berlin"], &["wall_ns", "other_ns"]];

fn some_of(groups: Vec<&'static [&'static str]>) -> impl Strategy<Value = Vec<usize>> {
    let names = prop::sample::select(groups).prop_flat_map(|group| {
        prop::sample::subsequence(group.to_vec(), 2..=group.len().min(4)).prop_shuffle()
    });
    names.prop_map(|names| names.into_iter().map(|name| schema().position(name).unwrap()).collect())
}

fn rules() -> impl Strategy<Value = Rule> {
    let all = || [NUMBERS.as_slice(), OTHERS.as_slice()].concat();
    let columns = schema().fields.len();
    let pairs = (0..columns, 0..columns).prop_flat_map(|(left, right)| {
        let of = |column: usize| {
            let value = value(&schema().fields[column].data_type);
            prop_oneof![1 => Just(Value::Null), 6 => value]
        };
        let pairs = prop::collection::vec((of(left), of(right)), 1..30);
        pairs.prop_map(move |pairs| {
            Rule::PairInSet([left, right], pairs.into_iter().map(|(left, right)| [left, right]).collect())
        })
    });
    // One column that cannot be compared joins columns that can.
    let odd = (some_of(all()), 0..columns).prop_map(|(mut some, odd)| {
        if !some.contains(&odd) && comparable(some[0], odd).is_none() {
            some.push(odd);
        }
        some
    });
    prop_oneof![
        3 => pairs,
        2 => odd.prop_map(Rule::UniqueWithinRow),
        2 => some_of(all()).prop_map(Rule::EqualColumns),
        2 => (some_of(NUMBERS.to_vec()), -3..9_i128).prop_map(|(columns, equal)| Rule::RowSum(columns, equal)),
    ]
}

/// Returns the kind of values that two columns share, if there is one.
fn comparable(left: usize, right: usize) -> Option<&'static str> {
    let kind = |column: usize| match schema().fields[column].data_type.to_string().as_str() {
        "string" => "text",
        "boolean" => "boolean",
        name if name.starts_with("date") || name.starts_with("time") => "time",
        _ => "number",
    };
    (kind(left) == kind(right)).then(|| kind(left))
}

fn written(rule: &Rule, ignore: usize) -> String {
    let list = |columns: &[usize]| columns.iter().copied().map(name).collect::<Vec<_>>().join(", ");
    let [of_pair, of_columns] = IGNORE[ignore];
    match rule {
        Rule::PairInSet([left, right], pairs) => {
            let text = |value: &Value| if value.is_null() { "~".to_owned() } else { scalar(value) };
            let pairs: Vec<_> =
                pairs.iter().map(|[left, right]| format!("[{}, {}]", text(left), text(right))).collect();
            format!(
                "pair_in_set: {{left: {}, right: {}, values: [{}], ignore_row_if: {of_pair}}}",
                name(*left),
                name(*right),
                pairs.join(", ")
            )
        }
        Rule::UniqueWithinRow(columns) => {
            format!("unique_within_row: {{columns: [{}], ignore_row_if: {of_columns}}}", list(columns))
        }
        Rule::EqualColumns(columns) => {
            format!("equal_columns: {{columns: [{}], ignore_row_if: {of_columns}}}", list(columns))
        }
        Rule::RowSum(columns, equal) => {
            format!("row_sum: {{columns: [{}], equal: {equal}, ignore_row_if: {of_columns}}}", list(columns))
        }
    }
}

/// Judges a row: none if the row is not considered, or else whether the row passes.
fn judged(rule: &Rule, ignore: usize, row: &[Value]) -> Option<bool> {
    let columns = match rule {
        Rule::PairInSet(columns, _) => columns.as_slice(),
        Rule::UniqueWithinRow(columns) | Rule::EqualColumns(columns) | Rule::RowSum(columns, _) => columns,
    };
    let values: Vec<&Value> = columns.iter().map(|column| &row[*column]).collect();
    let nulls = values.iter().filter(|value| value.is_null()).count();
    if (ignore == 0 && nulls == values.len()) || (ignore == 1 && nulls > 0) {
        return None;
    }
    Some(match rule {
        Rule::PairInSet(_, pairs) => {
            pairs.iter().any(|[left, right]| same(values[0], left) && same(values[1], right))
        }
        Rule::UniqueWithinRow(_) => {
            let equal = |left: usize, right: usize| {
                let both_null = values[left].is_null() && values[right].is_null();
                both_null
                    || (comparable(columns[left], columns[right]).is_some()
                        && same(values[left], values[right]))
            };
            !(0..values.len()).any(|right| (0..right).any(|left| equal(left, right)))
        }
        Rule::EqualColumns(_) => values.windows(2).all(|pair| same(pair[0], pair[1])),
        Rule::RowSum(_, _) if nulls > 0 => false,
        Rule::RowSum(_, equal) if matches!(values[0], Value::Float(_)) => {
            values.iter().map(|value| double(value)).reduce(|sum, value| sum + value) == Some(*equal as f64)
        }
        Rule::RowSum(_, equal) => values.iter().map(|value| hundredths(value)).sum::<i128>() == equal * 100,
    })
}

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Null, _) | (_, Value::Null) => false,
        (left, right) => order(left, right).is_eq(),
    }
}

fn hundredths(value: &Value) -> i128 {
    match value {
        Value::Integer(value) => value * 100,
        Value::Decimal(Decimal { unscaled, scale: 2 }) => *unscaled,
        other => panic!("{other:?}"),
    }
}

/// Random checks of several columns, each with its text.
#[cfg(any(feature = "duckdb", feature = "postgres"))]
pub fn texts() -> impl Strategy<Value = (Option<String>, String)> {
    (rules(), 0..3_usize, filters()).prop_map(|(rule, ignore, filter)| {
        (None, format!("{}{}", written(&rule, ignore), where_text(filter.as_ref())))
    })
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn several_columns_are_judged_as_by_loops(
        table in table(),
        checks in prop::collection::vec((rules(), 0..3_usize, filters()), 10),
    ) {
        let texts = checks.iter().map(|(rule, ignore, filter)| {
            (None, format!("{}{}", written(rule, *ignore), where_text(filter.as_ref())))
        });
        let texts: Vec<_> = texts.collect();
        for options in over_each_engine() {
        let run = check(&suite(texts.iter().cloned()), table.frame(), &options);
        for (index, (rule, ignore, filter)) in checks.iter().enumerate() {
            let rows = passing(&table, filter.as_ref());
            let verdicts: Vec<bool> = rows.iter().filter_map(|row| judged(rule, *ignore, row)).collect();
            let failing = verdicts.iter().filter(|holds| !**holds).count() as u64;
            let counts = Counts { rows: rows.len() as u64, considered: verdicts.len() as u64, failing };
            let outcome = run.suites[0].outcome(&format!("c{index}")).unwrap();
            prop_assert_eq!(outcome.counts, Some(counts), "{:?}\n{:?}", texts[index], outcome.reason);
            prop_assert_eq!(outcome.verdict, if failing > 0 { Verdict::Fail } else { Verdict::Pass });
        }
        }
    }
}
