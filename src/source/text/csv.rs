//! CSV as RFC 4180 has it: which fields a row has. A mark of malformed text is never guessed away.

use super::window::{LONGEST, Window};

/// Why a row is malformed whose bytes are no text.
pub(crate) const NOT_UTF8: &str = "its text is not UTF-8";

/// The rows of a CSV file.
pub(crate) struct Csv {
    window: Window,
    separator: u8,
    quote: Option<u8>,
    /// The fields of the row read last, one behind the other, without their quotes.
    text: Vec<u8>,
    fields: Vec<Field>,
}

/// Where a field ends, and whether it stood in quotes.
#[derive(Clone, Copy)]
struct Field {
    end: usize,
    quoted: bool,
}

/// The line where a row begins, and why it is malformed if it is.
type Row = (u64, Result<(), &'static str>);

/// Within what a byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Nothing: a field begins.
    Start,
    Plain,
    Quotes,
    /// Behind a quote, which ended the quotes unless another one follows.
    Behind,
}

/// How much of the window a row takes.
struct Extent {
    bytes: usize,
    lines: u64,
}

/// Why a row is malformed, or why nothing more is read.
pub(crate) enum Failure {
    Malformed(&'static str),
    Io(std::io::Error),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl Csv {
    pub(crate) fn new(window: Window, separator: u8, quote: Option<u8>) -> Self {
        Self { window, separator, quote, text: Vec::new(), fields: Vec::new() }
    }

    /// Reads the next row; the line where it begins, or nothing at the end of the file.
    ///
    /// After a row whose marks make no sense the next line is tried as a row: a quote that is never
    /// closed takes one line with it and not the rest of the file.
    pub(crate) fn read(&mut self) -> std::io::Result<Option<Row>> {
        if !self.window.has_line()? {
            return Ok(None);
        }
        let line = self.window.line();
        match self.split() {
            Ok(extent) => {
                self.window.consume(extent.bytes, extent.lines);
                let whole = match std::str::from_utf8(&self.text) {
                    Err(_) => Err(NOT_UTF8),
                    Ok(_) if self.text.contains(&0) => Err("a NUL byte, which is no text"),
                    Ok(_) => Ok(()),
                };
                Ok(Some((line, whole)))
            }
            Err(Failure::Malformed(reason)) => {
                self.window.consume_line();
                Ok(Some((line, Err(reason))))
            }
            Err(Failure::Io(error)) => Err(error),
        }
    }

    /// The fields of the row read last, each with whether it stood in quotes.
    pub(crate) fn fields(&self) -> impl ExactSizeIterator<Item = (&str, bool)> {
        let mut start = 0;
        self.fields.iter().map(move |field| {
            // Marks are ASCII: what was whole is so in parts.
            let text = std::str::from_utf8(&self.text[start..field.end]).unwrap_or_default();
            start = field.end;
            (text, field.quoted)
        })
    }

    /// Returns whether the row read last is an empty line.
    pub(crate) fn is_blank(&self) -> bool {
        matches!(self.fields.as_slice(), [Field { end: 0, quoted: false }])
    }

    fn split(&mut self) -> Result<Extent, Failure> {
        self.text.clear();
        self.fields.clear();
        let (mut at, mut lines, mut within) = (0, 0, Within::Start);
        loop {
            let Some(byte) = self.window.bytes().get(at).copied() else {
                if self.window.is_cut() {
                    return Err(Failure::Malformed("it is longer than the 16 MB that a row may be"));
                }
                if within != Within::Quotes {
                    self.end_field(within);
                    return Ok(Extent { bytes: at, lines: lines + 1 });
                }
                if at > LONGEST || !self.window.more()? {
                    return Err(Failure::Malformed("a quote that is never closed"));
                }
                continue;
            };
            at += 1;
            match within {
                Within::Quotes if Some(byte) == self.quote => within = Within::Behind,
                Within::Quotes => {
                    lines += u64::from(byte == b'\n');
                    self.text.push(byte);
                }
                Within::Behind if Some(byte) == self.quote => {
                    self.text.push(byte);
                    within = Within::Quotes;
                }
                Within::Start if Some(byte) == self.quote => within = Within::Quotes,
                _ if byte == self.separator => {
                    self.end_field(within);
                    within = Within::Start;
                }
                _ if byte == b'\n' => {
                    self.end_field(within);
                    return Ok(Extent { bytes: at, lines: lines + 1 });
                }
                _ if byte == b'\r' => {
                    if self.window.bytes().get(at) != Some(&b'\n') {
                        return Err(Failure::Malformed("a carriage return without a line feed"));
                    }
                }
                Within::Behind => return Err(Failure::Malformed("text behind a closing quote")),
                Within::Start | Within::Plain => {
                    self.text.push(byte);
                    within = Within::Plain;
                }
            }
        }
    }

    fn end_field(&mut self, within: Within) {
        self.fields.push(Field { end: self.text.len(), quoted: within == Within::Behind });
    }
}
