//! Row counts that the bounds interpreter derives for random conditions from statistics of random rows,
//! compared with counting the rows one by one.

use std::cmp::Ordering;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use karat::data::{
    ColumnBound, ColumnPath, DataType, Decimal, Field, KnownColumn, KnownRows, Schema, TimeUnit, Value,
};
use karat::predicate::bounds::{ProvedCount, count};
use karat::predicate::{Expression, Term, Typed, check_boolean, parse};
use proptest::prelude::*;

use super::evaluate::{Row, now, order};
use super::generate::condition;
use super::rows::config;
use super::table::{Table, schema, table};

/// The statistics that are known of a column.
#[derive(Clone, Debug)]
struct KnownStatistics {
    nulls: bool,
    lower: End,
    upper: End,
    /// The change made to the column's values first, so that more can be derived from their statistics.
    values: Values,
}

#[derive(Clone, Debug)]
enum End {
    Exact,
    NotAttained,
    Wider,
    Unknown,
}

#[derive(Clone, Debug)]
enum Values {
    AsTheyAre,
    Constant,
    OneOrNull,
    NoNulls,
}

fn telling() -> impl Strategy<Value = KnownStatistics> {
    let end = || {
        prop_oneof![
            4 => Just(End::Exact), 1 => Just(End::NotAttained), 1 => Just(End::Wider), 1 => Just(End::Unknown)
        ]
    };
    let values = prop_oneof![
        2 => Just(Values::AsTheyAre), 2 => Just(Values::Constant), 2 => Just(Values::OneOrNull), 2 => Just(Values::NoNulls)
    ];
    (prop::bool::weighted(0.8), end(), end(), values)
        .prop_map(|(nulls, lower, upper, values)| KnownStatistics { nulls, lower, upper, values })
}

/// Generates a table, with the statistics that are known of each column.
fn table_with_statistics() -> impl Strategy<Value = (Table, Vec<KnownStatistics>)> {
    let tellings = prop::collection::vec(telling(), schema().fields.len());
    (table(), tellings).prop_map(|(mut table, tellings)| {
        for (position, telling) in tellings.iter().enumerate() {
            narrow(&mut table, position, &telling.values);
        }
        (table, tellings)
    })
}

fn narrow(table: &mut Table, position: usize, to: &Values) {
    let one = table.rows.iter().map(|row| row[position].clone()).find(|value| !value.is_null());
    let Some(one) = one else { return };
    for row in &mut table.rows {
        let value = &mut row[position];
        match to {
            Values::Constant => *value = one.clone(),
            Values::OneOrNull if !value.is_null() => *value = one.clone(),
            Values::NoNulls if value.is_null() => *value = one.clone(),
            _ => {}
        }
    }
}

fn known(table: &Table, tellings: &[KnownStatistics]) -> KnownRows {
    let columns = schema().fields.into_iter().zip(tellings).map(|(field, telling)| {
        let values = table.column(&field.name);
        (ColumnPath::column(&field.name), known_column(&values, &field.data_type, telling))
    });
    KnownRows { rows: table.rows.len() as u64, columns: columns.collect() }
}

fn known_column(values: &[Value], data_type: &DataType, telling: &KnownStatistics) -> KnownColumn {
    let nulls = values.iter().filter(|value| value.is_null()).count() as u64;
    let mut sorted: Vec<_> = values.iter().filter(|value| !value.is_null()).collect();
    sorted.sort_by(|left, right| order(left, right));
    let end = |value: Option<&&Value>, end: &End, towards: Ordering| {
        let value = (*value?).clone();
        match end {
            End::Exact => Some(ColumnBound { value, is_exact: true }),
            End::NotAttained => Some(ColumnBound { value, is_exact: false }),
            End::Wider => Some(ColumnBound { value: beyond(value, data_type, towards), is_exact: false }),
            End::Unknown => None,
        }
    };
    KnownColumn {
        nulls: telling.nulls.then_some(nulls),
        lower: end(sorted.first(), &telling.lower, Ordering::Less),
        upper: end(sorted.last(), &telling.upper, Ordering::Greater),
    }
}

/// Returns a value beyond another value in one direction, or the same value.
fn beyond(value: Value, data_type: &DataType, towards: Ordering) -> Value {
    let step = if towards == Ordering::Less { -1 } else { 1 };
    match (value, data_type) {
        (Value::Integer(value), DataType::Integer { bits, signed }) => {
            let (least, most) = match signed {
                true => (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1),
                false => (0, (1_i128 << bits) - 1),
            };
            Value::Integer((value + step).clamp(least, most))
        }
        (Value::Decimal(Decimal { unscaled, scale }), DataType::Decimal { precision, .. }) => {
            let most = 10_i128.pow(u32::from(*precision)) - 1;
            Value::Decimal(Decimal { unscaled: (unscaled + 100 * step).clamp(-most, most), scale })
        }
        (Value::Date(days), _) => Value::Date(days + i32::try_from(step).unwrap()),
        (Value::Boolean(_), _) => Value::Boolean(step == 1),
        (Value::String(text), _) if step == 1 => Value::String(text + "\u{10ffff}"),
        (Value::String(text), _) => Value::String(text.chars().take(1).collect()),
        // The generator's values already reach the ends of 64-bit nanoseconds.
        (Value::Timestamp { nanoseconds, instant }, DataType::Timestamp { unit, .. })
            if *unit != TimeUnit::Nanoseconds =>
        {
            Value::Timestamp { nanoseconds: nanoseconds + step * unit.nanoseconds(), instant }
        }
        (other, _) => other,
    }
}

/// Counts the rows on which a condition is true, one by one.
fn counted(expression: &Expression, table: &Table) -> u64 {
    let schema = schema();
    let holds = |values: &&Vec<Value>| Row { schema: &schema, values }.holds(expression) == Some(true);
    table.rows.iter().filter(holds).count() as u64
}

fn typed(text: &str, schema: &Schema) -> Typed {
    check_boolean(&parse(text).unwrap(), schema, now()).unwrap()
}

static EVALUATIONS: AtomicU64 = AtomicU64::new(0);

/// Returns the number of evaluations of a condition on a row.
pub fn evaluations() -> u64 {
    EVALUATIONS.load(Relaxed)
}

/// Generates a table with known statistics, and conditions.
pub fn conditions_with_statistics() -> impl Strategy<Value = ConditionsWithStatistics> {
    let conditions = prop::collection::vec(condition(), 20);
    (table_with_statistics(), conditions)
        .prop_map(|((table, tellings), conditions)| ConditionsWithStatistics { table, tellings, conditions })
}

#[derive(Clone, Debug)]
pub struct ConditionsWithStatistics {
    table: Table,
    tellings: Vec<KnownStatistics>,
    conditions: Vec<Expression>,
}

/// Compares the row counts that statistics give with the rows one by one.
pub fn is_true(of: ConditionsWithStatistics) -> Result<(), TestCaseError> {
    let known = known(&of.table, &of.tellings);
    for expression in of.conditions {
        let Ok(typed) = check_boolean(&expression, &schema(), now()) else { continue };
        let counted = counted(&expression, &of.table);
        EVALUATIONS.fetch_add(known.rows, Relaxed);
        // A check asks for both counts: of the rows it considers, and of those that fail.
        let sides = [
            (count(&typed, &known), counted),
            (count(&typed.is_true().negated(), &known), known.rows - counted),
        ];
        for (told, counted) in sides {
            match told {
                ProvedCount::Exactly(rows) => prop_assert_eq!(rows, counted, "{}\n{:?}", expression, known),
                ProvedCount::AtLeastOne => prop_assert!(counted > 0, "{}\n{:?}", expression, known),
                ProvedCount::Unknown => {}
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn what_is_told_is_true(of in conditions_with_statistics()) {
        is_true(of)?;
    }
}

/// Returns the schema and the statistics of 10 rows, from each column's type, null count and attained
/// extremes.
fn ten_rows(columns: &[(&str, DataType, u64, Value, Value)]) -> (Schema, KnownRows) {
    let fields = columns.iter().map(|(name, data_type, ..)| Field::new(*name, data_type.clone()));
    let known = columns.iter().map(|(name, _, nulls, lower, upper)| {
        let bound = |value: &Value| Some(ColumnBound { value: value.clone(), is_exact: true });
        let column = KnownColumn { nulls: Some(*nulls), lower: bound(lower), upper: bound(upper) };
        (ColumnPath::column(*name), column)
    });
    (Schema { fields: fields.collect() }, KnownRows { rows: 10, columns: known.collect() })
}

fn example() -> (Schema, KnownRows) {
    let text = |text: &str| Value::String(text.to_owned());
    let money = |unscaled| Value::Decimal(Decimal { unscaled, scale: 2 });
    let at = |hours: i128| Value::Timestamp { nanoseconds: hours * 3_600_000_000_000, instant: false };
    let int32 = DataType::Integer { bits: 32, signed: true };
    ten_rows(&[
        ("id", DataType::INT64, 0, Value::Integer(1), Value::Integer(10)),
        ("code", int32, 3, Value::Integer(5), Value::Integer(7)),
        ("status", DataType::String, 0, text("O"), text("O")),
        ("region", DataType::String, 2, text("east"), text("west")),
        ("price", DataType::Decimal { precision: 10, scale: 2 }, 0, money(1), money(9_999)),
        ("ordered", DataType::Date, 0, Value::Date(19_000), Value::Date(19_010)),
        ("shipped", DataType::Date, 0, Value::Date(19_010), Value::Date(19_020)),
        ("returned", DataType::Date, 4, Value::Date(19_020), Value::Date(19_030)),
        ("paid", DataType::Boolean, 0, Value::Boolean(true), Value::Boolean(true)),
        (
            "seen",
            DataType::Timestamp { unit: TimeUnit::Microseconds, zone: None },
            0,
            at(19_000 * 24),
            at(19_001 * 24),
        ),
        ("weight", DataType::FLOAT64, 0, Value::float(1.0), Value::float(2.0)),
    ])
}

/// Guards against an interpreter that always answers "unknown".
#[test]
fn typical_rules_are_told_exactly() {
    let (schema, known) = example();
    for (condition, rows) in [
        ("id IS NULL", 0),
        ("code IS NULL", 3),
        ("code IS NOT NULL", 7),
        ("code IS NOT NULL AND NOT (code >= 5 AND code <= 7)", 0),
        ("code >= 5", 7),
        ("code > 7", 0),
        ("NOT (code > 7)", 7),
        ("code > 7 OR code IS NULL", 3),
        ("code BETWEEN 0 AND 9", 7),
        ("code IN (1, 5, 6, 7)", 7),
        ("code IS NOT NULL AND NOT (code IN (5, 6, 7, 8))", 0),
        ("code IN (1, 2, 8)", 0),
        ("code NOT IN (1, 2, 8)", 7),
        ("code <> 66.6", 7),
        ("status = 'O'", 10),
        ("status IN ('F', 'O', 'P')", 10),
        ("status <> 'O' AND code IS NULL", 0),
        ("status = 'O' AND code IS NULL", 3),
        ("status = 'P' AND price > 5", 0),
        ("region IN ('a', 'z')", 0),
        ("region >= 'a' AND length(region) > 0 AND region < 'b'", 0),
        ("price >= 0.01 AND price <= 100", 10),
        ("price * 2 <= 199.98 AND price + 1 >= 1.01 AND -price < 0", 10),
        ("price < id + 100", 10),
        ("shipped >= ordered", 10),
        ("NOT (shipped >= ordered)", 0),
        ("returned >= shipped AND shipped >= ordered", 6),
        ("returned IS NOT NULL AND returned < ordered", 0),
        ("paid", 10),
        ("NOT paid", 0),
        ("paid = (id > 0)", 10),
        ("seen <= shipped", 10),
        ("CAST(seen AS date) > shipped", 0),
        ("coalesce(code, 0) >= 0", 10),
        ("coalesce(code, 0) = 0", 3),
        ("CASE WHEN code IS NULL THEN 0 ELSE code END >= 0", 10),
        ("CASE WHEN paid THEN id ELSE -1 END > 0", 10),
        ("nullif(id, 11) > 0", 10),
        ("greatest(code, id) >= 1 AND least(id, code) <= 10", 10),
        ("round(price, 1) <= 100 AND floor(price) >= 0 AND ceil(price) <= 100", 10),
        ("ordered + INTERVAL 1 MONTH > shipped", 10),
        ("datediff(shipped, ordered) BETWEEN 0 AND 20", 10),
        ("year(ordered) = 2022 AND date_trunc('year', shipped) = '2022-01-01'", 10),
        ("ordered < current_date() AND seen < CAST(now() AS timestamp_ntz)", 10),
        ("seen >= DATE '2022-01-08' AND seen <= shipped", 10),
        ("code > id AND code IS NULL", 0),
        ("weight IS NOT NULL", 10),
    ] {
        let told = count(&typed(condition, &schema), &known);
        assert_eq!(told, ProvedCount::Exactly(rows), "{condition}");
    }
}

#[test]
fn an_extreme_that_is_attained_proves_a_row() {
    let (schema, mut known) = example();
    let told = |condition: &str, known: &KnownRows| count(&typed(condition, &schema), known);
    for condition in
        ["code < 6", "id = 10", "region > 'v'", "status = 'O' AND code >= 7", "code <= 5 OR price = 7"]
    {
        assert_eq!(told(condition, &known), ProvedCount::AtLeastOne, "{condition}");
    }
    for condition in ["code = 6", "id + code > 11", "weight >= 2", "id = 10 AND code = 7"] {
        assert_eq!(told(condition, &known), ProvedCount::Unknown, "{condition}");
    }
    for column in known.columns.values_mut() {
        for bound in [&mut column.lower, &mut column.upper].into_iter().flatten() {
            bound.is_exact = false;
        }
    }
    assert_eq!(told("code < 6", &known), ProvedCount::Unknown);
    // The column has nulls and other values, whatever the values are.
    assert_eq!(told("code IS NULL OR id = 3", &known), ProvedCount::AtLeastOne);
}

#[test]
fn pairs_and_elements_are_told_where_they_are_certain() {
    let (_, known) = example();
    let column = |name: &str, data_type| Typed::column(&ColumnPath::column(name), &data_type);
    let (status, code) =
        (column("status", DataType::String), column("code", DataType::Integer { bits: 32, signed: true }));
    let pairs = |pairs: &[(&str, Option<i128>)]| {
        let value = |code: &Option<i128>| code.map_or(Value::Null, Value::Integer);
        let pairs = pairs.iter().map(|(status, code)| (Value::String((*status).to_owned()), value(code)));
        Typed::boolean(Term::InPairs(Box::new(status.clone()), Box::new(code.clone()), pairs.collect()))
    };
    assert_eq!(count(&pairs(&[("O", None)]), &known), ProvedCount::Exactly(3));
    assert_eq!(count(&pairs(&[("O", Some(4)), ("F", Some(5))]), &known), ProvedCount::Exactly(0));
    assert_eq!(count(&pairs(&[("O", Some(4)), ("O", Some(5))]), &known), ProvedCount::AtLeastOne);
    assert_eq!(count(&pairs(&[("O", Some(6))]), &known), ProvedCount::Unknown);

    let tags = column("tags", DataType::List(Box::new(DataType::String)));
    let tagged = tags.any_element(column("element", DataType::String).is_not_null());
    let nulls = |nulls| KnownColumn { nulls: Some(nulls), ..KnownColumn::default() };
    let rows = |column| KnownRows { rows: 10, columns: [(ColumnPath::column("tags"), column)].into() };
    assert_eq!(count(&tagged, &rows(nulls(10))), ProvedCount::Exactly(0));
    assert_eq!(count(&tagged.clone().negated(), &rows(nulls(10))), ProvedCount::Exactly(10));
    assert_eq!(count(&tagged.negated(), &rows(nulls(4))), ProvedCount::AtLeastOne);
}

/// Each of these statistics contradicts ten rows of an `int8`.
#[test]
fn what_contradicts_itself_tells_nothing() {
    let schema = Schema { fields: vec![Field::new("a", DataType::Integer { bits: 8, signed: true })] };
    let bound = |value| Some(ColumnBound { value, is_exact: true });
    let integer = |value| bound(Value::Integer(value));
    let good = KnownColumn { nulls: Some(2), lower: integer(1), upper: integer(5) };
    let rows = |column: &KnownColumn| KnownRows {
        rows: 10,
        columns: [(ColumnPath::column("a"), column.clone())].into(),
    };
    let told = |condition: &str, column: &KnownColumn| count(&typed(condition, &schema), &rows(column));
    assert_eq!(told("a > 0", &good), ProvedCount::Exactly(8));
    for bad in [
        KnownColumn { nulls: Some(11), ..good.clone() },
        KnownColumn { nulls: Some(10), ..good.clone() },
        KnownColumn { lower: integer(6), ..good.clone() },
        KnownColumn { upper: integer(128), ..good.clone() },
        KnownColumn { upper: bound(Value::float(5.0)), ..good.clone() },
        KnownColumn { lower: bound(Value::String("1".to_owned())), ..good.clone() },
        KnownColumn { lower: bound(Value::Null), ..good.clone() },
    ] {
        for condition in ["a > 0", "a IS NULL", "a IS NOT NULL", "a = 5", "a < 0"] {
            assert_eq!(told(condition, &bad), ProvedCount::Unknown, "{condition}: {bad:?}");
        }
        // The range of the type alone decides.
        assert_eq!(told("a IS NOT NULL AND a + 1 > 128", &bad), ProvedCount::Exactly(0));
    }
    let none = KnownRows { rows: 0, ..rows(&good) };
    assert_eq!(count(&typed("a > 0", &schema), &none), ProvedCount::Exactly(0));
}
