//! Generates random tables of one schema that has every type of the predicate language, with values at which
//! implementations tend to fail.

use karat::data::{DataType, Decimal, Field, Schema, TimeUnit, Value};
use polars::prelude::{
    AnyValue, Column, DataFrame, DataType as PlType, PlSmallStr, Series, TimeUnit as PlUnit, TimeZone,
};
use proptest::prelude::*;

pub const D10: DataType = DataType::Decimal { precision: 10, scale: 2 };
pub const D38: DataType = DataType::Decimal { precision: 38, scale: 10 };

/// Rows of values, in the order of the schema's columns.
#[derive(Clone)]
pub struct Table {
    pub rows: Vec<Vec<Value>>,
}

/// Formats each row on one line.
impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = schema().fields.into_iter().map(|field| field.name).collect();
        self.rows.iter().try_for_each(|row| {
            let cells: Vec<_> =
                names.iter().zip(row).map(|(name, value)| format!("{name}={value:?}")).collect();
            writeln!(f, "{}", cells.join(" "))
        })
    }
}

pub fn schema() -> Schema {
    let int = |bits, signed| DataType::Integer { bits, signed };
    let time = |unit, zone: Option<&str>| DataType::Timestamp { unit, zone: zone.map(str::to_owned) };
    let (ms, us, ns) = (TimeUnit::Milliseconds, TimeUnit::Microseconds, TimeUnit::Nanoseconds);
    let columns = [
        ("i8", int(8, true)),
        ("i16", int(16, true)),
        ("i32", int(32, true)),
        ("i64", int(64, true)),
        ("u8", int(8, false)),
        ("u16", int(16, false)),
        ("u32", int(32, false)),
        ("u64", int(64, false)),
        ("j64", int(64, true)),
        ("f32", DataType::Float { bits: 32 }),
        ("f64", DataType::FLOAT64),
        ("g64", DataType::FLOAT64),
        ("d10", D10),
        ("e10", D10),
        ("d38", D38),
        ("a.b", DataType::String),
        ("select", DataType::String),
        ("yes", DataType::Boolean),
        ("x`y", DataType::Boolean),
        ("Tag", DataType::Date),
        ("day", DataType::Date),
        ("utc", time(us, Some("UTC"))),
        ("utc_ns", time(ns, Some("UTC"))),
        ("berlin", time(us, Some("Europe/Berlin"))),
        ("wall", time(us, None)),
        ("wall_ms", time(ms, None)),
        ("wall_ns", time(ns, None)),
        ("other_ns", time(ns, None)),
    ];
    Schema { fields: columns.into_iter().map(|(name, data_type)| Field::new(name, data_type)).collect() }
}

pub fn table() -> impl Strategy<Value = Table> {
    let row: Vec<_> = schema().fields.iter().map(|field| nullable(value(&field.data_type))).collect();
    let rows = |count| prop::collection::vec(row.clone(), count);
    // Some caches of the engine start at fifty rows.
    prop_oneof![12 => rows(0..40), 1 => rows(60..70)].prop_map(|rows| Table { rows })
}

fn nullable(of: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    prop_oneof![1 => Just(Value::Null), 6 => of].boxed()
}

/// Generates a value of a type, often a special one.
pub fn value(data_type: &DataType) -> BoxedStrategy<Value> {
    match data_type {
        DataType::Integer { bits, signed } => integer(*bits, *signed).prop_map(Value::Integer).boxed(),
        DataType::Float { bits: 32 } => {
            float().prop_map(|value| Value::float(f64::from(value as f32))).boxed()
        }
        DataType::Float { .. } => float().prop_map(Value::float).boxed(),
        DataType::Decimal { precision, scale } => {
            let (most, scale) = (10_i128.pow(u32::from(*precision)) - 1, *scale);
            let unscaled = prop_oneof![
                4 => -1000_i128..1000,
                2 => (-20_i128..20).prop_map(move |whole| whole * 10_i128.pow(u32::from(scale))),
                1 => -most..=most,
                1 => prop::sample::select(vec![-most, most, 0, 1, -1, 50, -50, 150, 250]),
            ];
            unscaled.prop_map(move |unscaled| Value::Decimal(Decimal { unscaled, scale })).boxed()
        }
        DataType::String => text().prop_map(Value::String).boxed(),
        DataType::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        DataType::Date => days().prop_map(Value::Date).boxed(),
        DataType::Timestamp { unit, zone } => {
            let (unit, instant) = (*unit, zone.is_some());
            count(unit)
                .prop_map(move |count| Value::Timestamp {
                    nanoseconds: i128::from(count) * unit.nanoseconds(),
                    instant,
                })
                .boxed()
        }
        other => panic!("no values of {other}"),
    }
}

pub fn integer(bits: u8, signed: bool) -> BoxedStrategy<i128> {
    let (least, most) = if signed {
        (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1)
    } else {
        (0, (1_i128 << bits) - 1)
    };
    prop_oneof![
        4 => least.max(-5)..8,
        1 => least..=most,
        1 => prop::sample::select(vec![least, least + 1, most - 1, most, 100]),
    ]
    .boxed()
}

fn float() -> BoxedStrategy<f64> {
    let special = vec![
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        -0.0,
        f64::MIN_POSITIVE / 4.0,
        f64::MAX,
        f64::MIN,
        0.1,
        0.5,
        -0.5,
        1.5,
        127.9,
        -128.9,
        255.5,
        9_007_199_254_740_993.0,
        9.223_372_036_854_776e18,
        1.844_674_407_370_955_2e19,
        2_147_483_647.5,
        66.6,
    ];
    prop_oneof![3 => prop::sample::select(special), 2 => (-8_i32..8).prop_map(|n| f64::from(n) / 2.0), 1 => any::<f64>()]
        .boxed()
}

pub const TEXTS: [&str; 50] = [
    "",
    " ",
    "a",
    "A",
    "b",
    "ab",
    "aB",
    "%",
    "_",
    "a%b",
    "a_b",
    "a\nb",
    "\n",
    "a\n",
    "é",
    "É",
    "e\u{301}",
    "ß",
    "İ",
    "Σς",
    "ǆ",
    "日本語",
    "🦀",
    "\u{1}",
    "\t x \u{a0}",
    "\u{200b}z",
    "\u{3000}q\u{85}",
    "'",
    "\\",
    "\"",
    "1",
    "-5",
    "+7",
    "007",
    "128",
    "-0",
    "99999999999999999999",
    "1.5",
    "1e3",
    ".5",
    "5.",
    " 1",
    "NaN",
    "-inf",
    "2024-02-29",
    "0001-01-01",
    "9999-12-31",
    "2024-02-30",
    "2024-2-9",
    "31.12.1999",
];

pub fn text() -> BoxedStrategy<String> {
    prop_oneof![
        4 => prop::sample::select(TEXTS.to_vec()).prop_map(str::to_owned),
        1 => "[ab%_\\\\\n ]{0,4}",
        1 => "[ 0-9.+-]{0,6}",
        1 => any::<String>().prop_map(|text| text.replace('\0', "")),
    ]
    .boxed()
}

/// Generates days since 1970-01-01, from year 1 to year 9999.
pub fn days() -> BoxedStrategy<i32> {
    prop_oneof![
        4 => 19_700..19_800_i32,
        2 => -3_i32..3,
        1 => -719_162..2_932_896_i32,
        1 => prop::sample::select(vec![-719_162, 2_932_896, -1, 0, 11_016, 19_782]),
    ]
    .boxed()
}

fn count(unit: TimeUnit) -> BoxedStrategy<i64> {
    let second = i64::try_from(1_000_000_000 / unit.nanoseconds()).unwrap();
    // 64-bit nanoseconds reach from 1677 to 2262.
    let (least, most) = if unit == TimeUnit::Nanoseconds {
        (-9_223_372_036, 9_223_372_036)
    } else {
        (-62_135_596_800, 253_402_300_799)
    };
    let near = 1_709_164_800_i64;
    prop_oneof![
        3 => (-200_000..200_000_i64).prop_map(move |offset| (near + offset) * second),
        2 => -2 * second..2 * second,
        1 => (least..most).prop_map(move |at| at * second),
        1 => prop::sample::select(vec![least * second, most * second, -1, 0, 1, near * second, near * second + 1]),
    ]
    .boxed()
}

impl Table {
    /// Returns the values of a column.
    pub fn column(&self, column: &str) -> Vec<Value> {
        let position = schema().position(column).unwrap();
        self.rows.iter().map(|row| row[position].clone()).collect()
    }

    pub fn frame(&self) -> DataFrame {
        let columns = schema()
            .fields
            .into_iter()
            .map(|field| Column::from(series(&field.name, &field.data_type, &self.column(&field.name))));
        DataFrame::new(self.rows.len(), columns.collect()).unwrap()
    }
}

pub fn series(name: &str, data_type: &DataType, values: &[Value]) -> Series {
    let name = PlSmallStr::from(name);
    let counts = |step: i128| -> Vec<Option<i64>> {
        let count = |value: &Value| match value {
            Value::Timestamp { nanoseconds, .. } => Some(i64::try_from(nanoseconds / step).unwrap()),
            Value::Date(days) => Some(i64::from(*days)),
            _ => None,
        };
        values.iter().map(count).collect()
    };
    match data_type {
        DataType::Date => {
            let days: Vec<_> =
                counts(1).into_iter().map(|days| days.map(|days| i32::try_from(days).unwrap())).collect();
            <Series as polars::prelude::NamedFrom<_, _>>::new(name, days).cast(&PlType::Date).unwrap()
        }
        DataType::Timestamp { unit, zone } => {
            let zone = TimeZone::opt_try_new(zone.as_deref()).unwrap();
            let pl_unit = match unit {
                TimeUnit::Milliseconds => PlUnit::Milliseconds,
                TimeUnit::Microseconds => PlUnit::Microseconds,
                TimeUnit::Nanoseconds => PlUnit::Nanoseconds,
            };
            let counts = counts(unit.nanoseconds());
            let counts = <Series as polars::prelude::NamedFrom<_, _>>::new(name, counts);
            counts.cast(&PlType::Datetime(pl_unit, zone)).unwrap()
        }
        _ => {
            let any: Vec<AnyValue<'_>> = values.iter().map(|value| any_value(value, data_type)).collect();
            Series::from_any_values_and_dtype(name, &any, &pl_type(data_type), true).unwrap()
        }
    }
}

fn pl_type(data_type: &DataType) -> PlType {
    match data_type {
        DataType::Integer { bits: 8, signed: true } => PlType::Int8,
        DataType::Integer { bits: 16, signed: true } => PlType::Int16,
        DataType::Integer { bits: 32, signed: true } => PlType::Int32,
        DataType::Integer { bits: 64, signed: true } => PlType::Int64,
        DataType::Integer { bits: 8, .. } => PlType::UInt8,
        DataType::Integer { bits: 16, .. } => PlType::UInt16,
        DataType::Integer { bits: 32, .. } => PlType::UInt32,
        DataType::Integer { .. } => PlType::UInt64,
        DataType::Float { bits: 32 } => PlType::Float32,
        DataType::Float { .. } => PlType::Float64,
        DataType::Decimal { precision, scale } => {
            PlType::Decimal(usize::from(*precision), usize::from(*scale))
        }
        DataType::Boolean => PlType::Boolean,
        _ => PlType::String,
    }
}

fn any_value<'a>(value: &'a Value, data_type: &DataType) -> AnyValue<'a> {
    match (value, data_type) {
        (Value::Integer(value), DataType::Integer { bits, signed }) => match (bits, signed) {
            (8, true) => AnyValue::Int8(i8::try_from(*value).unwrap()),
            (16, true) => AnyValue::Int16(i16::try_from(*value).unwrap()),
            (32, true) => AnyValue::Int32(i32::try_from(*value).unwrap()),
            (64, true) => AnyValue::Int64(i64::try_from(*value).unwrap()),
            (8, _) => AnyValue::UInt8(u8::try_from(*value).unwrap()),
            (16, _) => AnyValue::UInt16(u16::try_from(*value).unwrap()),
            (32, _) => AnyValue::UInt32(u32::try_from(*value).unwrap()),
            _ => AnyValue::UInt64(u64::try_from(*value).unwrap()),
        },
        (Value::Float(value), DataType::Float { bits: 32 }) => AnyValue::Float32(value.0 as f32),
        (Value::Float(value), _) => AnyValue::Float64(value.0),
        (Value::Decimal(value), DataType::Decimal { precision, scale }) => {
            AnyValue::Decimal(value.unscaled, usize::from(*precision), usize::from(*scale))
        }
        (Value::String(text), _) => AnyValue::String(text),
        (Value::Boolean(value), _) => AnyValue::Boolean(*value),
        _ => AnyValue::Null,
    }
}
