//! Failing values and rows, as the report has them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

use super::phrases::quoted;
use crate::data::{Value, reads_as_other};
use crate::engine::SampleRow;

/// A value of the data: JSON in JSON. A page is told, too, what JSON does not tell apart: text from dates, decimals and
/// all else that stands there as text.
#[derive(Clone, Debug)]
pub struct Datum(Value);

impl Serialize for Datum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const WHOLE: usize = usize::MAX;
        if !minijinja::value::serializing_for_value() {
            return self.0.to_json().serialize(serializer);
        }
        let (kind, text) = match &self.0 {
            Value::Null => ("null", String::new()),
            Value::String(text) if text.is_empty() => ("empty", String::new()),
            Value::String(text) if reads_as_other(text) => ("quoted", text.clone()),
            Value::String(text) => ("text", text.clone()),
            other => ("other", quoted(other, WHOLE)),
        };
        BTreeMap::from([("kind", kind), ("text", &text)]).serialize(serializer)
    }
}

impl JsonSchema for Named {
    fn schema_name() -> Cow<'static, str> {
        Map::<String, Json>::schema_name()
    }

    fn inline_schema() -> bool {
        Map::<String, Json>::inline_schema()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Map::<String, Json>::json_schema(generator)
    }
}

impl JsonSchema for Datum {
    fn schema_name() -> Cow<'static, str> {
        Json::schema_name()
    }

    fn inline_schema() -> bool {
        Json::inline_schema()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Json::json_schema(generator)
    }
}

/// Values by their names, in the order in which they are told.
#[derive(Clone, Debug)]
pub struct Named(Vec<(String, Datum)>);

impl Serialize for Named {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A frequent failing value.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FrequentValue {
    /// The value.
    pub value: Datum,
    /// How often.
    pub count: u64,
}

/// A failing row.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SampleReport {
    /// Its file within the dataset.
    pub file: Option<String>,
    /// Its number within the file, from 0; null of a group of rows and of what a query gives.
    pub row: Option<u64>,
    /// The line in which it begins, from 1; of files of text only.
    pub line: Option<u64>,
    /// The values that name it.
    pub key: Named,
    /// The values that the check reads.
    pub values: Named,
}

impl FrequentValue {
    pub(super) fn new(value: &Value, count: u64) -> Self {
        Self { value: Datum(value.clone()), count }
    }
}

impl From<&SampleRow> for SampleReport {
    fn from(row: &SampleRow) -> Self {
        let map = |values: &[(String, Value)]| {
            Named(values.iter().map(|(name, value)| (name.clone(), Datum(value.clone()))).collect())
        };
        Self {
            file: row.file.clone(),
            row: row.row,
            line: row.line,
            key: map(&row.key),
            values: map(&row.values),
        }
    }
}
