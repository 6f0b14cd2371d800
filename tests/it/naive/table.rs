//! A table as rows of values, each converted from its cell.

use std::any::Any;

use karat::data::{Float, Schema, Value};
use karat::engine::polars::Snapshot;
use karat::source::{Details, Identity, Opened, SourceError};
use polars::prelude::{AnyValue, DataFrame, DataType as PlType, IntoLazy as _, TimeUnit};

/// The rows of a frame.
pub struct Table {
    identity: Identity,
    pub schema: Schema,
    pub rows: Vec<Vec<Value>>,
}

impl Table {
    pub fn of(frame: &DataFrame) -> Result<Self, SourceError> {
        // The snapshot gives only the identity and the schema, no rows.
        let Snapshot { identity, schema, .. } = Snapshot::from_lazy("naive", frame.clone().lazy())?;
        let columns: Vec<Vec<Value>> = frame
            .columns()
            .iter()
            .map(|column| (0..frame.height()).map(|row| cell(&column.get(row).unwrap())).collect())
            .collect();
        let rows = (0..frame.height()).map(|row| columns.iter().map(|column| column[row].clone()).collect());
        Ok(Self { identity, schema, rows: rows.collect() })
    }

    pub fn from_opened(opened: &dyn Opened) -> Option<&Self> {
        (opened as &dyn Any).downcast_ref()
    }
}

impl Opened for Table {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn show_as(&mut self, uri: String) {
        self.identity.uri = uri;
    }

    fn details(&self) -> Result<Details, SourceError> {
        let reason = "nothing more is known of rows in memory".to_owned();
        Err(SourceError::Unsupported { uri: self.identity.uri.clone(), reason })
    }
}

fn cell(value: &AnyValue<'_>) -> Value {
    let timestamp = |number: i64, unit: TimeUnit, instant: bool| {
        let factor = match unit {
            TimeUnit::Nanoseconds => 1,
            TimeUnit::Microseconds => 1_000,
            TimeUnit::Milliseconds => 1_000_000,
        };
        Value::Timestamp { nanoseconds: i128::from(number) * factor, instant }
    };
    match value {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(value) => Value::Boolean(*value),
        AnyValue::String(text) => Value::String((*text).to_owned()),
        AnyValue::StringOwned(text) => Value::String(text.to_string()),
        AnyValue::Binary(bytes) => Value::Binary(bytes.to_vec()),
        AnyValue::BinaryOwned(bytes) => Value::Binary(bytes.clone()),
        AnyValue::Time(nanoseconds) => Value::Time(*nanoseconds),
        AnyValue::Float32(number) => Value::Float(Float(f64::from(*number))),
        AnyValue::Float64(number) => Value::Float(Float(*number)),
        AnyValue::Date(days) => Value::Date(*days),
        AnyValue::Datetime(number, unit, zone) => timestamp(*number, *unit, zone.is_some()),
        AnyValue::DatetimeOwned(number, unit, zone) => timestamp(*number, *unit, zone.is_some()),
        AnyValue::Decimal(unscaled, _, scale) => {
            super::super::oracle::evaluate::decimal(*unscaled, u8::try_from(*scale).unwrap())
        }
        AnyValue::List(items) => Value::List(items.iter().map(|item| cell(&item)).collect()),
        AnyValue::Struct(..) | AnyValue::StructOwned(_) => {
            let PlType::Struct(fields) = value.dtype() else { panic!("{value:?} is no struct") };
            let values = value.clone().into_static();
            let AnyValue::StructOwned(parts) = values else { panic!("{value:?} is no struct") };
            let named = fields.iter().zip(&parts.0).map(|(field, part)| (field.name.to_string(), cell(part)));
            Value::Struct(named.collect())
        }
        number => {
            Value::Integer(number.extract::<i128>().unwrap_or_else(|| panic!("{number:?} is not known")))
        }
    }
}
