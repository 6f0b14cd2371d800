//! Failing values and rows, as the report writes them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json};

use super::phrases::quoted;
use super::visible::brief;
use crate::data::{Value, reads_as_other};
use crate::privacy::SampleRow;

/// A value of the data. JSON reports write it as JSON. The HTML page also gets its kind, because JSON writes
/// dates, decimals and other values as text.
#[derive(Clone, Debug)]
pub struct Datum(Held);

/// A value, with or without its type.
#[derive(Clone, Debug)]
enum Held {
    /// The value with its type.
    Typed(Value),
    /// The value as read from a report, where a text may be a date, a decimal or binary.
    Written(Json),
}

impl Datum {
    /// A value with its type.
    #[must_use]
    pub fn of(value: Value) -> Self {
        Self(Held::Typed(value))
    }

    /// Returns the value as the report writes it.
    #[must_use]
    pub fn json(&self) -> Json {
        match &self.0 {
            Held::Typed(value) => value.to_json(),
            Held::Written(json) => json.clone(),
        }
    }

    /// Returns the value as it stands in a sentence, cut short: text in quotes.
    #[must_use]
    pub fn brief(&self, most: usize) -> String {
        match &self.0 {
            Held::Typed(value) => quoted(value, most),
            Held::Written(Json::String(text)) => quoted(&Value::String(text.as_str().into()), most),
            Held::Written(other) => brief(&other.to_string(), most),
        }
    }

    /// Returns a word for the kind of the value, and its text, for the HTML page.
    fn shown(&self) -> (&'static str, String) {
        const WHOLE: usize = usize::MAX;
        match &self.0 {
            Held::Typed(Value::Null) | Held::Written(Json::Null) => ("null", String::new()),
            Held::Typed(Value::String(text)) | Held::Written(Json::String(text)) if text.is_empty() => {
                ("empty", String::new())
            }
            Held::Typed(Value::String(text)) if reads_as_other(text) => ("quoted", text.clone()),
            Held::Typed(Value::String(text)) | Held::Written(Json::String(text)) => ("text", text.clone()),
            Held::Typed(other) => ("other", quoted(other, WHOLE)),
            Held::Written(other) => ("other", other.to_string()),
        }
    }
}

impl Serialize for Datum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !minijinja::value::serializing_for_value() {
            return self.json().serialize(serializer);
        }
        let (kind, text) = self.shown();
        BTreeMap::from([("kind", kind), ("text", &text)]).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Datum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Held::Written(Json::deserialize(deserializer)?)))
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

/// Values with their names, in the order of the report.
#[derive(Clone, Debug, Default)]
pub struct Named(Vec<(String, Datum)>);

impl Named {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Named {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = Map::<String, Json>::deserialize(deserializer)?.into_iter();
        Ok(Self(values.map(|(name, value)| (name, Datum(Held::Written(value)))).collect()))
    }
}

impl Named {
    /// Returns the names and their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Datum)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Returns the value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Datum> {
        self.iter().find(|(other, _)| *other == name).map(|(_, value)| value)
    }
}

/// A frequent failing value.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct FrequentValue {
    /// The value.
    pub value: Datum,
    /// Number of counted rows with the value.
    pub count: u64,
}

/// A failing row.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SampleReport {
    /// The row's file within the dataset.
    pub file: Option<String>,
    /// The row's number within the file, from 0; null for a group of rows and for a row of a query.
    pub row: Option<u64>,
    /// The line in which the row begins, from 1; only in text files.
    pub line: Option<u64>,
    /// The values that identify the row.
    pub key: Named,
    /// The values that the check reads.
    pub values: Named,
    /// The values of all columns, where the run fetched them for a page; empty otherwise.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub whole: Named,
}

impl FrequentValue {
    pub(super) fn new(value: &Value, count: u64) -> Self {
        Self { value: Datum::of(value.clone()), count }
    }
}

impl From<&SampleRow> for SampleReport {
    fn from(row: &SampleRow) -> Self {
        let map = |values: &[(String, Value)]| {
            Named(values.iter().map(|(name, value)| (name.clone(), Datum::of(value.clone()))).collect())
        };
        Self {
            file: row.file.clone(),
            row: row.row,
            line: row.line,
            key: map(&row.key),
            values: map(&row.values),
            whole: map(&row.whole),
        }
    }
}
