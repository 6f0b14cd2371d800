//! Splits CSV into rows and fields according to RFC 4180. Malformed text is always reported, never repaired
//! by a guess.

use super::window::{LONGEST, Window};

/// The reason for refusing a row with bytes that are not UTF-8.
pub(crate) const NOT_UTF8: &str = "its text is not UTF-8";

/// A reader of the rows of a CSV file.
pub(crate) struct Csv {
    window: Window,
    separator: u8,
    quote: Option<u8>,
    /// The concatenated fields of the row read last, without their quotes.
    text: Vec<u8>,
    fields: Vec<Field>,
}

/// The end of a field in the text, and whether the field was quoted.
#[derive(Clone, Copy)]
struct Field {
    end: usize,
    quoted: bool,
}

/// The line where a row begins, and the reason if the row is malformed.
type Row = (u64, Result<(), &'static str>);

/// The state of the parser before a byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// The start of a field.
    Start,
    Plain,
    Quotes,
    /// After a quote, which ended the quoted text unless another quote follows.
    Behind,
}

/// The size of a row in the window.
struct Extent {
    bytes: usize,
    lines: u64,
}

/// The reason why a row is malformed or reading failed.
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

    /// Reads the next row and returns the line where it begins, or `None` at the end of the file.
    ///
    /// After a malformed row, the next line is tried as a row: a quote that is never closed spoils one line
    /// and not the rest of the file.
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

    /// Returns the fields of the row read last, each with whether it was quoted.
    pub(crate) fn fields(&self) -> impl ExactSizeIterator<Item = (&str, bool)> {
        let mut start = 0;
        self.fields.iter().map(move |field| {
            // Separators and quotes are ASCII, so that the parts of valid UTF-8 are valid.
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
