//! Small tables by chance, for both engines.

use polars::prelude::*;

use super::random::Random;

/// A column: its name, its type to DuckDB, and its values as literals; none for null.
struct Made {
    name: &'static str,
    sql: &'static str,
    cells: Vec<Option<String>>,
}

/// The same rows for both engines.
pub(super) struct Table {
    pub(super) frame: DataFrame,
    pub(super) statements: Vec<String>,
}

pub(super) fn table(random: &mut Random) -> Table {
    let rows = random.of(&[0, 1, 2, 3, 5, 6, 7, 8, 8, 9]);
    let mut columns = Vec::new();
    let mut made = Vec::new();
    for (name, sql, data_type) in [
        ("g", "INTEGER", DataType::Int32),
        ("k", "INTEGER", DataType::Int32),
        ("i8", "TINYINT", DataType::Int8),
        ("i32", "INTEGER", DataType::Int32),
        ("u32", "UINTEGER", DataType::UInt32),
        ("i64", "BIGINT", DataType::Int64),
        ("d1", "DECIMAL(9,2)", DataType::Decimal(9, 2)),
        ("d2", "DECIMAL(18,4)", DataType::Decimal(18, 4)),
        ("f", "DOUBLE", DataType::Float64),
        ("s", "VARCHAR", DataType::String),
        ("v", "VARCHAR", DataType::String),
        ("dt", "DATE", DataType::Date),
        ("ts", "TIMESTAMP", DataType::Datetime(TimeUnit::Microseconds, None)),
        ("b", "BOOLEAN", DataType::Boolean),
    ] {
        let cells: Vec<Option<Cell>> =
            (0..rows).map(|_| (!random.once_in(6)).then(|| cell(name, random))).collect();
        let values: Vec<AnyValue<'static>> =
            cells.iter().map(|cell| cell.as_ref().map_or(AnyValue::Null, |cell| cell.any.clone())).collect();
        let series = Series::from_any_values_and_dtype(name.into(), &values, &data_type, true).unwrap();
        columns.push(Column::from(series));
        let cells = cells.into_iter().map(|cell| cell.map(|cell| cell.sql)).collect();
        made.push(Made { name, sql, cells });
    }
    let frame = DataFrame::new(rows, columns).unwrap();
    Table { frame, statements: statements(rows, &made) }
}

fn statements(rows: usize, made: &[Made]) -> Vec<String> {
    let columns: Vec<_> = made.iter().map(|column| format!("{} {}", column.name, column.sql)).collect();
    let mut statements = vec![format!("CREATE OR REPLACE TABLE batch ({})", columns.join(", "))];
    for row in 0..rows {
        let cells: Vec<_> = made
            .iter()
            .map(|column| match &column.cells[row] {
                Some(cell) => format!("CAST({cell} AS {})", column.sql),
                None => "NULL".to_owned(),
            })
            .collect();
        statements.push(format!("INSERT INTO batch VALUES ({})", cells.join(", ")));
    }
    statements
}

struct Cell {
    any: AnyValue<'static>,
    sql: String,
}

fn cell(name: &str, random: &mut Random) -> Cell {
    let number = |value: i64, any: AnyValue<'static>| Cell { any, sql: format!("'{value}'") };
    let integer = |random: &mut Random, least: i64, most: i64| match random.below(5) {
        0 => random.of(&[least, least + 1, most, most - 1]),
        1 => random.within(least, most),
        _ => random.within(least.max(-9), 9),
    };
    match name {
        "g" => {
            let value = random.within(-1, 2);
            number(value, AnyValue::Int32(value as i32))
        }
        "k" => {
            let value = random.within(0, 5);
            number(value, AnyValue::Int32(value as i32))
        }
        "i8" => {
            let value = integer(random, -128, 127);
            number(value, AnyValue::Int8(value as i8))
        }
        "i32" => {
            let value = integer(random, i64::from(i32::MIN), i64::from(i32::MAX));
            number(value, AnyValue::Int32(value as i32))
        }
        "u32" => {
            let value = integer(random, 0, i64::from(u32::MAX));
            number(value, AnyValue::UInt32(value as u32))
        }
        "i64" => {
            let value = match random.below(4) {
                0 => random.of(&[i64::MIN, i64::MAX, i64::MAX - 1, (1 << 53) + 1, -(1 << 53) - 1]),
                1 => random.next() as i64,
                _ => random.within(-9, 9),
            };
            number(value, AnyValue::Int64(value))
        }
        "d1" => decimal(integer(random, -999_999_999, 999_999_999), 9, 2),
        "d2" => decimal(integer(random, -999_999_999_999_999_999, 999_999_999_999_999_999), 18, 4),
        "f" => {
            let value = match random.below(12) {
                0 => f64::NAN,
                1 => 1_048_576.5,
                _ => random.within(-40, 40) as f64 / 4.0,
            };
            let sql = if value.is_nan() { "'NaN'".to_owned() } else { format!("'{value:?}'") };
            Cell { any: AnyValue::Float64(value), sql }
        }
        "s" => text(random.of(&["a", "b", "B", "", "ab"])),
        "v" => text(random.of(&["Anna", "otto", " x ", "a_b", "100%", "é€", "x'y", "A", "zz top"])),
        "dt" => {
            let days = random.of(&[0, 1, -1, 10_957, 11_016, 19_000, 19_783]) + random.within(-40, 40) as i32;
            let date = chrono::NaiveDate::from_epoch_days(days).unwrap();
            Cell { any: AnyValue::Date(days), sql: format!("'{date}'") }
        }
        "ts" => {
            let seconds = random.of(&[-86_400, 0, 951_782_400, 1_704_067_199]) + random.within(-4000, 4000);
            let micros = seconds * 1_000_000 + random.of(&[0, 0, 1, 999_999]);
            let time = chrono::DateTime::from_timestamp_micros(micros).unwrap().naive_utc();
            let sql = format!("'{}'", time.format("%Y-%m-%d %H:%M:%S%.6f"));
            Cell { any: AnyValue::Datetime(micros, TimeUnit::Microseconds, None), sql }
        }
        _ => {
            let value = random.once_in(2);
            Cell { any: AnyValue::Boolean(value), sql: format!("{value}") }
        }
    }
}

fn decimal(unscaled: i64, precision: usize, scale: usize) -> Cell {
    let any = AnyValue::Decimal(i128::from(unscaled), precision, scale);
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if unscaled < 0 { "-" } else { "" };
    Cell { any, sql: format!("'{sign}{whole}.{fraction}'") }
}

fn text(value: &str) -> Cell {
    Cell { any: AnyValue::StringOwned(value.into()), sql: format!("'{}'", value.replace('\'', "''")) }
}
