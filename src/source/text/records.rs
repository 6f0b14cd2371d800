//! Reads the rows of a text file in any text format.

use std::path::Path;

use super::columns::Refused;
use super::csv::{Csv, NOT_UTF8};
use super::input;
use super::input::{FileDigest, TextFile};
use super::ndjson::Ndjson;
use super::raw::Raw;
use super::window::Window;
use crate::data::{Dialect, Doubts, Encoding, FileFormat};
use crate::source::SourceError;

/// A reader of the rows of a file.
pub(crate) struct Records {
    path: String,
    reader: Reader,
    /// The texts that stand for null in CSV.
    null: Vec<String>,
    encoding: Encoding,
    /// True if the file begins with the byte order mark of UTF-16.
    wide: bool,
    /// The separator that the header probably uses, if it is not the one in use and the suite gives none.
    separator: Option<char>,
    /// The first row of a file without a header, which was read to count the columns.
    ahead: Option<Record>,
}

enum Reader {
    Csv { csv: Csv, header: Vec<String> },
    Ndjson(Ndjson),
}

/// A row.
pub(crate) struct Record {
    /// The line where the row begins, from 1.
    pub(crate) line: u64,
    /// The values of the row, or the reason why it is malformed.
    pub(crate) cells: Result<Cells, String>,
}

/// The values of a row.
pub(crate) enum Cells {
    /// One value for each column of the header.
    Fields(Vec<Raw>),
    /// The values with their names.
    Named(Vec<(String, Raw)>),
}

impl Records {
    /// Opens a file and reads its header.
    pub(crate) fn open(
        text: TextFile<'_>,
        format: FileFormat,
        dialect: &Dialect,
        digest: Option<&FileDigest>,
    ) -> Result<Self, SourceError> {
        let shown = text.file.shown.clone();
        let io = |source| SourceError::Io { path: shown.clone(), source };
        let is_json = format == FileFormat::Ndjson;
        let encoding = if is_json { Encoding::UTF_8 } else { dialect.spelling.encoding };
        let window = Window::new(input::open(text, encoding, digest)?).map_err(io)?;
        let wide = window.bytes().starts_with(b"\xff\xfe") || window.bytes().starts_with(b"\xfe\xff");
        let null = dialect.csv.null.clone();
        if is_json {
            let ndjson = Ndjson::new(window);
            if ndjson.is_array() {
                let reason =
                    "it is one JSON array, and not an object on each line (`jq -c '.[]'` makes such)";
                return Err(SourceError::Unreadable { path: shown, reason: reason.to_owned() });
            }
            let reader = Reader::Ndjson(ndjson);
            return Ok(Self { path: shown, reader, null, encoding, wide, separator: None, ahead: None });
        }
        let separator = dialect.csv.separator.unwrap_or_else(|| separator(Path::new(text.name)));
        let mut csv = Csv::new(window, separator, dialect.csv.quote);
        let first = first(&mut csv).map_err(io)?;
        let mut records = Self {
            path: shown,
            reader: Reader::Csv { csv, header: Vec::new() },
            null,
            encoding,
            wide,
            separator: None,
            ahead: None,
        };
        let found = match first {
            None => Err(records.unreadable("it is empty: there is no row to tell its columns from")),
            Some((line, Err(reason))) => {
                Err(records.malformed(line, with_encoding(reason, encoding).into(), false))
            }
            Some((line, Ok(()))) => records.begin(line, dialect.csv.header),
        };
        found.map(|()| {
            records.separator = records.separator.filter(|_| dialect.csv.separator.is_none());
            records
        })
    }

    /// Sets the column names from the first row, or numbers the columns and keeps the row if it is no header.
    fn begin(&mut self, line: u64, is_header: bool) -> Result<(), SourceError> {
        let Reader::Csv { csv, header } = &mut self.reader else { return Ok(()) };
        if !is_header {
            *header = (1..=csv.fields().len()).map(|number| format!("column_{number}")).collect();
            let cells = Ok(Cells::Fields(values(csv, &self.null)));
            self.ahead = Some(Record { line, cells });
            return Ok(());
        }
        *header = csv.fields().map(|(name, _)| name.to_owned()).collect();
        if let [only] = header.as_slice() {
            self.separator = [';', '\t', ',', '|'].into_iter().find(|mark| only.contains(*mark));
        }
        let mut seen = std::collections::HashSet::with_capacity(header.len());
        match header.iter().find(|name| !seen.insert(name.as_str())) {
            None => Ok(()),
            Some(twice) => {
                let reason = format!("two columns are called \"{twice}\"");
                let help = Some("every column needs a name of its own".to_owned());
                Err(SourceError::Malformed { path: self.path.clone(), line, reason, help })
            }
        }
    }

    /// Returns the separator that the header probably uses.
    pub(crate) fn likely_separator(&self) -> Option<char> {
        self.separator
    }

    fn unreadable(&self, reason: &str) -> SourceError {
        SourceError::Unreadable { path: self.path.clone(), reason: reason.to_owned() }
    }

    /// Returns the error of a malformed row, with advice. `counted` is true if the check `readable` can count
    /// the row instead.
    pub(crate) fn malformed(&self, line: u64, refused: Refused, counted: bool) -> SourceError {
        let Refused { reason, help } = refused;
        let separator = Doubts { separator: self.separator, ..Doubts::default() }.of_separator();
        let help = if help.is_some() {
            help
        } else if reason == no_text(self.encoding) && matches!(self.reader, Reader::Csv { .. }) {
            let written = if self.wide { "utf-16" } else { "windows-1252" };
            Some(format!("if it is written so, `csv: {{encoding: {written}}}` says that"))
        } else if let Some(separator) = separator {
            Some(separator)
        } else {
            counted.then(|| "with the check `readable`, such rows are counted and left out".to_owned())
        };
        SourceError::Malformed { path: self.path.clone(), line, reason, help }
    }

    /// Returns the column names of a CSV file, or `None` for NDJSON.
    pub(crate) fn header(&self) -> Option<&[String]> {
        match &self.reader {
            Reader::Csv { header, .. } => Some(header),
            Reader::Ndjson(_) => None,
        }
    }

    /// Reads the next row, or returns `None` at the end of the file.
    pub(crate) fn next(&mut self) -> Result<Option<Record>, SourceError> {
        if let Some(record) = self.ahead.take() {
            return Ok(Some(record));
        }
        let path = &self.path;
        let io = |source| SourceError::Io { path: path.clone(), source };
        match &mut self.reader {
            Reader::Ndjson(ndjson) => {
                let found = ndjson.read().map_err(io)?;
                Ok(found.map(|(line, fields)| Record { line, cells: fields.map(Cells::Named) }))
            }
            Reader::Csv { csv, header } => loop {
                let Some((line, whole)) = csv.read().map_err(io)? else { return Ok(None) };
                // In a table of one column, an empty line is a row with a null.
                if whole.is_ok() && csv.is_blank() && header.len() > 1 {
                    continue;
                }
                let found = csv.fields().len();
                let cells = match whole {
                    Err(reason) => Err(with_encoding(reason, self.encoding)),
                    Ok(()) if found != header.len() => {
                        Err(format!("it has {} where there {}", fields(found), columns(header.len())))
                    }
                    Ok(()) => Ok(Cells::Fields(values(csv, &self.null))),
                };
                return Ok(Some(Record { line, cells }));
            },
        }
    }
}

/// Returns the reason why a row is malformed, with the name of its encoding.
fn with_encoding(reason: &str, encoding: Encoding) -> String {
    if reason == NOT_UTF8 { no_text(encoding) } else { reason.to_owned() }
}

fn no_text(encoding: Encoding) -> String {
    NOT_UTF8.replace("UTF-8", &encoding.to_string())
}

fn fields(count: usize) -> String {
    if count == 1 { "1 field".to_owned() } else { format!("{count} fields") }
}

fn columns(count: usize) -> String {
    if count == 1 { "is 1 column".to_owned() } else { format!("are {count} columns") }
}

fn values(csv: &Csv, null: &[String]) -> Vec<Raw> {
    csv.fields()
        .map(|(text, quoted)| {
            if (text.is_empty() && !quoted) || null.iter().any(|null| null == text) {
                Raw::Null
            } else {
                Raw::Text(text.to_owned())
            }
        })
        .collect()
}

/// Returns the default separator: a tab for the extension `.tsv`, and a comma otherwise.
fn separator(path: &Path) -> u8 {
    let is =
        |path: &Path, wanted: &str| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(wanted));
    let unpacked = if is(path, "gz") { path.with_extension("") } else { path.to_path_buf() };
    if is(&unpacked, "tsv") { b'\t' } else { b',' }
}

/// Reads the first row that is not an empty line: its line, and the reason if the row is malformed.
fn first(csv: &mut Csv) -> std::io::Result<Option<(u64, Result<(), &'static str>)>> {
    loop {
        match csv.read()? {
            Some((_, Ok(()))) if csv.is_blank() => {}
            found => return Ok(found),
        }
    }
}
