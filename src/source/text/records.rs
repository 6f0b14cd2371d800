//! The rows of a text file, whatever its kind.

use std::path::Path;

use super::super::SourceError;
use super::super::store::Here;
use super::csv::Csv;
use super::input::{self, FileDigest};
use super::ndjson::Ndjson;
use super::window::Window;
use crate::data::{self, Dialect, FileFormat, Value};

/// The rows of a file.
pub(super) struct Records {
    path: String,
    reader: Reader,
    /// The null texts of CSV.
    null: Vec<String>,
    /// A row that was read to count the columns of a file without a header.
    ahead: Option<Record>,
}

enum Reader {
    Csv { csv: Csv, header: Vec<String> },
    Ndjson(Ndjson),
}

/// A row.
pub(super) struct Record {
    /// The line where it begins, from 1.
    pub(super) line: u64,
    /// Its values, or why it is malformed.
    pub(super) cells: Result<Cells, String>,
}

/// The values of a row.
pub(super) enum Cells {
    /// One for each column of the header.
    Fields(Vec<Value>),
    /// Each with its name.
    Named(Vec<(String, Value)>),
}

impl Records {
    /// The rows of a file.
    pub(super) fn open(
        (file, name): (&Here, &str),
        format: FileFormat,
        dialect: &Dialect,
        digest: Option<&FileDigest>,
    ) -> Result<Self, SourceError> {
        let shown = file.shown.clone();
        let io = |source| SourceError::Io { path: shown.clone(), source };
        let window = Window::new(input::open((file, name), digest)?).map_err(io)?;
        let null = dialect.csv.null.clone();
        if format == FileFormat::Ndjson {
            let ndjson = Ndjson::new(window);
            if ndjson.is_array() {
                let reason =
                    "it is one JSON array, and not an object on each line (`jq -c '.[]'` makes such)";
                return Err(SourceError::Unreadable { path: shown, reason: reason.to_owned() });
            }
            return Ok(Self { path: shown, reader: Reader::Ndjson(ndjson), null, ahead: None });
        }
        let separator = dialect.csv.separator.unwrap_or_else(|| separator(Path::new(name)));
        let mut csv = Csv::new(window, separator, dialect.csv.quote);
        let (header, ahead) = header(&mut csv, &dialect.csv, &shown)?;
        Ok(Self { path: shown, reader: Reader::Csv { csv, header }, null, ahead })
    }

    /// The names of the columns, where the file tells them before its rows.
    pub(super) fn header(&self) -> Option<&[String]> {
        match &self.reader {
            Reader::Csv { header, .. } => Some(header),
            Reader::Ndjson(_) => None,
        }
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<Record>, SourceError> {
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
                // Of a table of one column, an empty line is a row with a null.
                if whole.is_ok() && csv.is_blank() && header.len() > 1 {
                    continue;
                }
                let found = csv.fields().len();
                let cells = match whole {
                    Err(reason) => Err(reason.to_owned()),
                    Ok(()) if found != header.len() => {
                        Err(format!("it has {} where there are {}", fields(found), fields_of(header.len())))
                    }
                    Ok(()) => Ok(Cells::Fields(values(csv, &self.null))),
                };
                return Ok(Some(Record { line, cells }));
            },
        }
    }
}

fn fields(count: usize) -> String {
    if count == 1 { "1 field".to_owned() } else { format!("{count} fields") }
}

fn fields_of(columns: usize) -> String {
    if columns == 1 { "1 column".to_owned() } else { format!("{columns} columns") }
}

fn values(csv: &Csv, null: &[String]) -> Vec<Value> {
    csv.fields()
        .map(|(text, quoted)| {
            if (text.is_empty() && !quoted) || null.iter().any(|null| null == text) {
                Value::Null
            } else {
                Value::String(text.to_owned())
            }
        })
        .collect()
}

/// A tab, if the file is so named.
fn separator(path: &Path) -> u8 {
    let is =
        |path: &Path, wanted: &str| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(wanted));
    let unpacked = if is(path, "gz") { path.with_extension("") } else { path.to_path_buf() };
    if is(&unpacked, "tsv") { b'\t' } else { b',' }
}

/// The names of the columns, and the first row if it is no header.
fn header(csv: &mut Csv, how: &data::Csv, path: &str) -> Result<(Vec<String>, Option<Record>), SourceError> {
    let malformed = |line, reason: String| SourceError::Malformed { path: path.to_owned(), line, reason };
    let line = loop {
        let read = csv.read().map_err(|source| SourceError::Io { path: path.to_owned(), source })?;
        match read {
            None => {
                let reason = "it is empty: there is no row to tell its columns from".to_owned();
                return Err(SourceError::Unreadable { path: path.to_owned(), reason });
            }
            Some((_, Ok(()))) if csv.is_blank() => {}
            Some((line, Ok(()))) => break line,
            Some((line, Err(reason))) => return Err(malformed(line, reason.to_owned())),
        }
    };
    if !how.header {
        let names = (1..=csv.fields().len()).map(|number| format!("column_{number}")).collect();
        let cells = Ok(Cells::Fields(values(csv, &how.null)));
        return Ok((names, Some(Record { line, cells })));
    }
    let names: Vec<String> = csv.fields().map(|(name, _)| name.to_owned()).collect();
    let mut seen = std::collections::HashSet::with_capacity(names.len());
    match names.iter().find(|name| !seen.insert(name.as_str())) {
        Some(twice) => Err(malformed(line, format!("two columns are called \"{twice}\""))),
        None => Ok((names, None)),
    }
}
