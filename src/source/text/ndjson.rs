//! Reads NDJSON: a JSON object on each line.

use super::csv::NOT_UTF8;
use super::json;
use super::raw::Raw;
use super::window::Window;

/// The names and values of an object's fields.
type Fields = Vec<(String, Raw)>;

/// The line of a row, and its fields or the reason why it is malformed.
type Row = (u64, Result<Fields, String>);

/// A reader of the rows of an NDJSON file.
pub(crate) struct Ndjson {
    window: Window,
}

impl Ndjson {
    pub(crate) fn new(window: Window) -> Self {
        Self { window }
    }

    /// Returns whether the file begins with a JSON array.
    pub(crate) fn is_array(&self) -> bool {
        self.window.bytes().iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[')
    }

    /// Reads the next row and skips empty lines.
    pub(crate) fn read(&mut self) -> std::io::Result<Option<Row>> {
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
    let text = std::str::from_utf8(bytes.trim_ascii_end()).map_err(|_| NOT_UTF8.to_owned())?;
    match json::read(text)? {
        Raw::Struct(fields) => Ok(fields),
        _ => Err("no JSON object".to_owned()),
    }
}
