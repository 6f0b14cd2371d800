//! Random rows of every type, so that statistics tell something and writers have something to cut.

use polars::prelude::{AnyValue, Column, DataFrame, DataType, PlSmallStr, Series, TimeUnit, TimeZone};

use crate::fuzz::Random;

const TEXTS: [&str; 24] = [
    "",
    "a",
    "ab",
    "abc",
    "s0",
    "s001",
    "s039",
    "s1",
    "zz",
    "é",
    "ßa",
    "日本語",
    "a b",
    "A",
    "~",
    "\u{7f}",
    "\u{fffd}",
    "\u{10ffff}",
    "\0",
    "\0a",
    "a\0",
    "007",
    "2024-01-31",
    "12",
];

const PREFIXES: [&str; 4] = [
    "the same beginning of all of these texts: ",
    "sixteen bytes___",
    "日本語日本語日本語日本語日本語日本語日本語",
    "\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}\u{10ffff}",
];

/// The columns: their names and types.
pub fn types() -> Vec<(&'static str, DataType)> {
    use DataType::{
        Binary, Boolean, Date, Datetime, Decimal, Float32, Float64, Int8, Int16, Int32, Int64, String, Time,
        UInt8, UInt16, UInt32, UInt64,
    };
    vec![
        ("yes", Boolean),
        ("i8", Int8),
        ("i16", Int16),
        ("i32", Int32),
        ("i64", Int64),
        ("u8", UInt8),
        ("u16", UInt16),
        ("u32", UInt32),
        ("u64", UInt64),
        ("f32", Float32),
        ("f64", Float64),
        ("d9", Decimal(9, 2)),
        ("d18", Decimal(18, 3)),
        ("d38", Decimal(38, 4)),
        ("text", String),
        ("other text", String),
        ("bytes", Binary),
        ("day", Date),
        ("hour", Time),
        ("at", Datetime(TimeUnit::Microseconds, TimeZone::opt_try_new(Some("UTC")).unwrap())),
        ("wall", Datetime(TimeUnit::Microseconds, None)),
        ("wall ms", Datetime(TimeUnit::Milliseconds, None)),
        ("wall ns", Datetime(TimeUnit::Nanoseconds, None)),
    ]
}

/// Some rows, in the order of one of the columns.
pub fn rows(random: &mut Random) -> DataFrame {
    let height = [1, 7, 30, 60][random.below(4)] + random.below(9);
    let columns = types().into_iter().map(|(name, data_type)| column(name, &data_type, height, random));
    let frame = DataFrame::new(height, columns.collect()).unwrap();
    let by = random.below(frame.width());
    let name = frame.columns()[by].name().clone();
    frame.sort([name], polars::prelude::SortMultipleOptions::default()).unwrap()
}

fn column(name: &str, data_type: &DataType, height: usize, random: &mut Random) -> Column {
    let nulls = [0, 0, 3, 9, 10][random.below(5)];
    // Of few values, dictionaries are made.
    let pool: Vec<AnyValue<'static>> =
        (0..=[0, 2, 20][random.below(3)]).map(|_| value(data_type, random)).collect();
    let cells = (0..height).map(|_| {
        if random.below(10) < nulls { AnyValue::Null } else { pool[random.below(pool.len())].clone() }
    });
    let cells: Vec<_> = cells.collect();
    let series = Series::from_any_values_and_dtype(PlSmallStr::from(name), &cells, data_type, true);
    series.unwrap().into()
}

fn value(data_type: &DataType, random: &mut Random) -> AnyValue<'static> {
    let small = i64::try_from(random.below(12)).unwrap() - 4;
    let edge = random.below(6) == 0;
    match data_type {
        DataType::Boolean => AnyValue::Boolean(random.below(2) == 0),
        DataType::Int8 => AnyValue::Int8(if edge { i8::MIN } else { small as i8 }),
        DataType::Int16 => AnyValue::Int16(if edge { i16::MAX } else { small as i16 }),
        DataType::Int32 => AnyValue::Int32(if edge { i32::MIN } else { small as i32 }),
        DataType::Int64 => AnyValue::Int64(if edge { i64::MAX - 1 } else { small }),
        DataType::UInt8 => AnyValue::UInt8(if edge { u8::MAX } else { small.unsigned_abs() as u8 }),
        DataType::UInt16 => AnyValue::UInt16(if edge { u16::MAX } else { small.unsigned_abs() as u16 }),
        DataType::UInt32 => AnyValue::UInt32(if edge { u32::MAX } else { small.unsigned_abs() as u32 }),
        DataType::UInt64 => AnyValue::UInt64(if edge { u64::MAX } else { small.unsigned_abs() }),
        DataType::Float32 => AnyValue::Float32(if edge { f32::NAN } else { small as f32 / 2.0 }),
        DataType::Float64 => AnyValue::Float64(if edge { f64::NAN } else { small as f64 / 2.0 }),
        DataType::Decimal(precision, scale) => {
            let most = 10_i128.pow(u32::try_from(*precision).unwrap()) - 1;
            AnyValue::Decimal(if edge { most } else { i128::from(small) * 7 }, *precision, *scale)
        }
        DataType::String => AnyValue::StringOwned(text(random).into()),
        DataType::Binary => AnyValue::BinaryOwned(text(random).into_bytes()),
        DataType::Date => AnyValue::Date(if edge { -200_000 } else { small as i32 * 400 }),
        DataType::Time => AnyValue::Time(small.abs() * 3_600_000_000_001),
        DataType::Datetime(unit, zone) => {
            let count = if edge { -7_000_000_000_000_123 } else { small * 86_400_000_123 };
            AnyValue::DatetimeOwned(count, *unit, zone.clone().map(std::sync::Arc::new))
        }
        other => panic!("no values of {other}"),
    }
}

fn text(random: &mut Random) -> String {
    let short = TEXTS[random.below(TEXTS.len())];
    match random.below(3) {
        0 => format!("{}{short}", PREFIXES[random.below(PREFIXES.len())]),
        _ => short.to_owned(),
    }
}
