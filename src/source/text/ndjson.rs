//! NDJSON: a JSON object on each line.

use super::json::Json;
use super::window::Window;
use crate::data::Value;

/// How deep objects and lists may lie within each other.
const DEEPEST: usize = 32;

/// The fields of an object.
type Fields = Vec<(String, Value)>;

/// The line where a row stands, and its fields or why it is malformed.
type Row = (u64, Result<Fields, String>);

/// The rows of an NDJSON file.
pub(super) struct Ndjson {
    window: Window,
}

impl Ndjson {
    pub(super) fn new(window: Window) -> Self {
        Self { window }
    }

    /// Whether the file begins as one JSON array.
    pub(super) fn is_array(&self) -> bool {
        self.window.bytes().iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[')
    }

    /// Reads the next row. Empty lines are no rows.
    pub(super) fn read(&mut self) -> std::io::Result<Option<Row>> {
        while self.window.has_line()? {
            let line = self.window.line();
            let found = if self.window.is_cut() {
                Err("it is longer than the 16 MB that a row may be".to_owned())
            } else if self.window.bytes().iter().all(u8::is_ascii_whitespace) {
                self.window.consume_line();
                continue;
            } else {
                fields(self.window.bytes())
            };
            self.window.consume_line();
            return Ok(Some((line, found)));
        }
        Ok(None)
    }
}

fn fields(bytes: &[u8]) -> Result<Fields, String> {
    let text = std::str::from_utf8(bytes.trim_ascii_end()).map_err(|_| "its text is not UTF-8".to_owned())?;
    let Json(value) = serde_json::from_str(text).map_err(|error| {
        let whole = error.to_string();
        // It counts lines within this one.
        let what = whole.split(" at line ").next().unwrap_or_default();
        format!("no JSON: {what}, at column {}", error.column())
    })?;
    if depth(&value) > DEEPEST {
        return Err(format!("nested more than {DEEPEST} deep"));
    }
    match value {
        Value::Struct(fields) => Ok(fields),
        _ => Err("no JSON object".to_owned()),
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::List(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Struct(fields) => 1 + fields.iter().map(|(_, value)| depth(value)).max().unwrap_or_default(),
        _ => 0,
    }
}
