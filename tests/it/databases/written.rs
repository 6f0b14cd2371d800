//! Tables as statements that create and fill them, written by the tests themselves and not by what they test.

use chrono::{DateTime, NaiveDate};
use karat::data::{DataType, Schema, TimeUnit, Value};

/// How a database writes types and values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    #[cfg_attr(not(feature = "duckdb"), expect(dead_code, reason = "other builds test it"))]
    DuckDb,
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "other builds test it"))]
    Postgres,
}

/// A table, as a database can hold it.
pub struct Stored {
    pub schema: Schema,
    pub rows: Vec<Vec<Value>>,
}

impl Stored {
    /// Changes a table to what the database has types for.
    pub fn of(schema: &Schema, rows: &[Vec<Value>], system: System) -> Self {
        let fields = schema.fields.iter().map(|field| {
            let mut field = field.clone();
            field.data_type = system.held(&field.data_type);
            field
        });
        let schema = Schema { fields: fields.collect() };
        let held = |row: &Vec<Value>| {
            row.iter().zip(&schema.fields).map(|(value, field)| cut(value, &field.data_type)).collect()
        };
        let rows = rows.iter().map(held).collect();
        Self { schema, rows }
    }

    /// Returns the statements that create the table of a name, which is quoted, and fill it.
    pub fn statements(&self, name: &str, system: System) -> Vec<String> {
        let columns = self.schema.fields.iter();
        let columns = columns
            .map(|field| format!("{} {}", quoted(&field.name), system.type_name(&field.data_type)))
            .collect::<Vec<_>>();
        let mut statements = vec![format!("CREATE TABLE {name} ({})", columns.join(", "))];
        for rows in self.rows.chunks(50) {
            let row = |row: &Vec<Value>| {
                let values = row.iter().zip(&self.schema.fields);
                let values = values.map(|(value, field)| system.literal(value, &field.data_type));
                format!("({})", values.collect::<Vec<_>>().join(", "))
            };
            let rows: Vec<String> = rows.iter().map(row).collect();
            statements.push(format!("INSERT INTO {name} VALUES {}", rows.join(",\n")));
        }
        statements
    }
}

pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Cuts off what is finer than the unit of a type.
fn cut(value: &Value, data_type: &DataType) -> Value {
    match (value, data_type) {
        (Value::Timestamp { nanoseconds, instant }, DataType::Timestamp { unit, .. }) => {
            let nanoseconds = nanoseconds.div_euclid(unit.nanoseconds()) * unit.nanoseconds();
            Value::Timestamp { nanoseconds, instant: *instant }
        }
        (Value::Integer(number), DataType::Decimal { .. }) => {
            Value::Decimal(karat::data::Decimal { unscaled: *number, scale: 0 })
        }
        _ => value.clone(),
    }
}

impl System {
    pub fn name(self) -> &'static str {
        match self {
            Self::DuckDb => "DuckDB",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// Returns the type that holds the values of a type.
    fn held(self, of: &DataType) -> DataType {
        let micro = |zone: &Option<String>| DataType::Timestamp {
            unit: TimeUnit::Microseconds,
            zone: zone.as_ref().map(|_| "UTC".to_owned()),
        };
        match (self, of) {
            (Self::DuckDb, DataType::Timestamp { zone: zone @ Some(_), .. }) => micro(zone),
            (Self::Postgres, DataType::Timestamp { zone, .. }) => micro(zone),
            (Self::Postgres, DataType::Integer { bits: 64, signed: false }) => {
                DataType::Decimal { precision: 20, scale: 0 }
            }
            (Self::Postgres, DataType::Integer { bits, signed: false }) => {
                DataType::Integer { bits: bits * 2, signed: true }
            }
            (Self::Postgres, DataType::Integer { bits: 8, signed: true }) => {
                DataType::Integer { bits: 16, signed: true }
            }
            _ => of.clone(),
        }
    }

    fn type_name(self, of: &DataType) -> String {
        let is_duckdb = self == Self::DuckDb;
        let name = match of {
            DataType::Boolean => "BOOLEAN",
            DataType::Integer { bits: 8, signed: true } => "TINYINT",
            DataType::Integer { bits: 16, signed: true } => "SMALLINT",
            DataType::Integer { bits: 32, signed: true } => "INTEGER",
            DataType::Integer { bits: 64, signed: true } => "BIGINT",
            DataType::Integer { bits: 8, .. } => "UTINYINT",
            DataType::Integer { bits: 16, .. } => "USMALLINT",
            DataType::Integer { bits: 32, .. } => "UINTEGER",
            DataType::Integer { .. } => "UBIGINT",
            DataType::Float { bits: 32 } => "REAL",
            DataType::Float { .. } => "DOUBLE PRECISION",
            DataType::Decimal { precision, scale } => return format!("NUMERIC({precision},{scale})"),
            DataType::String => "TEXT",
            DataType::Binary if is_duckdb => "BLOB",
            DataType::Binary => "BYTEA",
            DataType::Date => "DATE",
            DataType::Time => "TIME",
            DataType::Timestamp { zone: Some(_), .. } => "TIMESTAMPTZ",
            DataType::Timestamp { unit: TimeUnit::Microseconds, .. } => "TIMESTAMP",
            DataType::Timestamp { unit: TimeUnit::Milliseconds, .. } => "TIMESTAMP_MS",
            DataType::Timestamp { .. } => "TIMESTAMP_NS",
            other => panic!("no column of {other}"),
        };
        name.to_owned()
    }

    fn literal(self, value: &Value, of: &DataType) -> String {
        let text = match value {
            Value::Null => return "NULL".to_owned(),
            Value::Float(float) if of == &(DataType::Float { bits: 32 }) => (float.0 as f32).to_string(),
            Value::Float(float) => float.0.to_string(),
            Value::Binary(bytes) => {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                return if self == Self::DuckDb {
                    format!("from_hex('{hex}')")
                } else {
                    format!("decode('{hex}', 'hex')")
                };
            }
            Value::Date(days) => NaiveDate::from_epoch_days(*days).unwrap().to_string(),
            Value::Timestamp { nanoseconds, instant } => {
                let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).unwrap();
                let rest = u32::try_from(nanoseconds.rem_euclid(1_000_000_000)).unwrap();
                let time = DateTime::from_timestamp(seconds, rest).unwrap().naive_utc();
                format!("{}{}", time.format("%Y-%m-%d %H:%M:%S%.f"), if *instant { "+00" } else { "" })
            }
            other => other.to_string(),
        };
        // A text of SQL has no NUL, but a value of DuckDB may.
        let parts: Vec<_> = text.split('\0').map(|part| format!("'{}'", part.replace('\'', "''"))).collect();
        format!("CAST({} AS {})", parts.join(" || chr(0) || "), self.type_name(of))
    }
}
