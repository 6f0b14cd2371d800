//! Opens text files as a snapshot. They are read twice: all rows are needed to infer the types of the
//! columns, and only then can rows be written with these types.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::SystemTime;

use roaring::RoaringTreemap;
use sha2::{Digest as _, Sha256};

use super::writer::Writer;
use crate::data::{Dialect, Doubts, Field, FileFormat, Value};
use crate::engine::polars::Snapshot;
use crate::engine::polars::open::transcription::Transcription;
use crate::source::files::{Malformed, MalformedRow, RowLines, Transcript, TranscriptionCost};
use crate::source::local_file::LocalFile;
use crate::source::text::{
    Cells, Columns, FileDigest, Place, Record, Records, Refused, SuiteTypes, TextFile, TextRules, fit,
};
use crate::source::{Format, SourceError};

/// Opens text files as a snapshot. `names` are their paths below the dataset's folder, in the same order.
pub(in crate::engine::polars) fn open(
    uri: &str,
    names: Vec<String>,
    files: &[LocalFile],
    format: FileFormat,
    dialect: &Dialect,
) -> Result<Snapshot, SourceError> {
    let text = Text { format, dialect, rules: text_rules(format, dialect) };
    let stamps = files.iter().map(stamp).collect::<Result<Vec<_>, _>>()?;
    let (columns, doubts, mut cost) = text.columns(files, &names)?;
    let fields = columns.fields();
    let (mut malformed, mut malformed_rows, mut lines) =
        (Malformed::default(), HashMap::new(), HashMap::new());
    let mut transcription = Transcription::new(uri, stamps.iter().map(|stamp| stamp.0).sum())?;
    cost.scans += 1;
    for ((file, name), before) in files.iter().zip(&names).zip(&stamps) {
        let digest: FileDigest = Rc::new(RefCell::new(Sha256::new()));
        let mut writer = Writer::create(&transcription.target(), &fields, &file.shown, before.0)?;
        let rows = text.transcribe(
            TextFile { file, name },
            &columns,
            &fields,
            &mut writer,
            &digest,
            &mut malformed,
        )?;
        cost.add(rows.malformed.len() + writer.finish()?, before.0);
        malformed_rows.insert(name.clone(), rows.malformed);
        lines.insert(name.clone(), rows.lines);
        if stamp(file)? != *before {
            return Err(SourceError::Changed { path: file.shown.clone(), how: "rewritten" });
        }
        transcription.add(file, name, before.0, digest.take());
    }
    transcription.snapshot(uri, names, Format::from(format), |folder| Transcript {
        _folder: folder,
        malformed: Some(malformed),
        malformed_rows,
        lines,
        cost,
        doubts,
    })
}

/// Returns the rules for reading values of a format.
fn text_rules(format: FileFormat, dialect: &Dialect) -> TextRules {
    TextRules {
        may_be_all: format == FileFormat::Csv,
        nan: dialect.spelling.nan.clone(),
        infinity: dialect.spelling.infinity.clone(),
    }
}

/// Returns the size and the modification time of a file, which show whether it was changed.
fn stamp(file: &LocalFile) -> Result<(u64, Option<SystemTime>), SourceError> {
    let metadata = std::fs::metadata(&file.path)
        .map_err(|source| SourceError::Io { path: file.shown.clone(), source })?;
    Ok((metadata.len(), metadata.modified().ok()))
}

/// The malformed rows of a file, and the lines of its rows.
#[derive(Default)]
struct Transcribed {
    /// The numbers of the malformed rows.
    malformed: RoaringTreemap,
    lines: RowLines,
}

/// The format of text files, and the rules for reading them.
struct Text<'a> {
    format: FileFormat,
    dialect: &'a Dialect,
    rules: TextRules,
}

impl Text<'_> {
    /// Infers the columns of all files. Returns the columns, the doubts about them, and the work it took.
    fn columns(
        &self,
        files: &[LocalFile],
        names: &[String],
    ) -> Result<(Columns, Doubts, TranscriptionCost), SourceError> {
        let refuse = |reason| SourceError::Unreadable { path: files[0].shown.clone(), reason };
        let given = SuiteTypes::new(&self.dialect.schema, self.format).map_err(refuse)?;
        let (mut columns, mut doubts, mut cost) =
            (Columns::default(), Doubts::default(), TranscriptionCost::default());
        for (file, name) in files.iter().zip(names) {
            let (rows, separator) = self.infer(TextFile { file, name }, &mut columns, &given)?;
            if let Some(rows) = rows {
                cost.scans = 1;
                cost.add(rows, stamp(file)?.0);
            }
            doubts.separator = doubts.separator.or(separator);
        }
        for names in given.entries() {
            let [first, ..] = names.as_slice() else { continue };
            if names.iter().any(|name| columns.find(name).is_some()) {
                continue;
            }
            if self.format != FileFormat::Ndjson {
                let way_out = doubts.of_separator().map(|way_out| format!("; {way_out}")).unwrap_or_default();
                return Err(refuse(format!(
                    "there is no column \"{first}\", for which the suite's schema has a type{way_out}"
                )));
            }
            // An object may leave out a null.
            let root = names.last().unwrap_or(first);
            columns.position(root, &given).map_err(refuse)?;
        }
        doubts.mixed_columns = columns.mixed_columns(&self.rules);
        Ok((columns, doubts, cost))
    }

    /// Infers columns from the values of a file. Returns the number of rows read, if any had to be read, and
    /// the separator that the header seems to have.
    fn infer(
        &self,
        text: TextFile<'_>,
        columns: &mut Columns,
        given: &SuiteTypes,
    ) -> Result<(Option<u64>, Option<char>), SourceError> {
        let refuse = |reason| SourceError::Unreadable { path: text.file.shown.clone(), reason };
        let mut records = Records::open(text, self.format, self.dialect, None)?;
        let header = match records.header() {
            None => None,
            Some(header) => {
                let positions = header.iter().map(|column| columns.position(column, given));
                Some(positions.collect::<Result<Vec<usize>, String>>().map_err(refuse)?)
            }
        };
        if header.as_ref().is_some_and(|header| columns.are_given(header)) {
            return Ok((None, records.likely_separator()));
        }
        let mut rows = 0;
        while let Some(Record { line, cells }) = records.next()? {
            rows += 1;
            let place = Place { file: text.name, line };
            let seen = cells.map_err(Refused::from).and_then(|cells| match (cells, &header) {
                (Cells::Fields(values), Some(header)) => {
                    for (position, value) in header.iter().zip(&values) {
                        columns.add(*position, value, &self.rules, place)?;
                    }
                    Ok(())
                }
                (cells, _) => add_object(columns, given, &cells, &self.rules, place),
            });
            if let Some(reason) = columns.are_too_many() {
                return Err(refuse(reason));
            }
            if let Err(refused) = seen
                && !self.dialect.leaves_out_malformed
            {
                return Err(records.malformed(line, refused, true));
            }
        }
        Ok((Some(rows), records.likely_separator()))
    }

    /// Writes the rows of a file as values of the columns' types.
    fn transcribe(
        &self,
        text: TextFile<'_>,
        columns: &Columns,
        fields: &[Field],
        writer: &mut Writer<'_>,
        digest: &FileDigest,
        malformed: &mut Malformed,
    ) -> Result<Transcribed, SourceError> {
        let mut records = Records::open(text, self.format, self.dialect, Some(digest))?;
        let header: Vec<Option<usize>> =
            records.header().unwrap_or_default().iter().map(|column| columns.find(column)).collect();
        let mut rows = Transcribed::default();
        let mut number = 0;
        while let Some(Record { line, cells }) = records.next()? {
            rows.lines.see(number, line);
            let refuses = |cells: &Cells| {
                if self.dialect.leaves_out_malformed { refusal_of(columns, cells) } else { None }
            };
            let kept = cells.and_then(|cells| refuses(&cells).map_or(Ok(cells), Err));
            match kept.and_then(|cells| row(cells, &header, columns, fields, &self.rules)) {
                Ok(row) => writer.add(row)?,
                Err(reason) if self.dialect.leaves_out_malformed => {
                    rows.malformed.insert(number);
                    malformed.add(MalformedRow { file: text.name.to_owned(), row: number, line, reason });
                }
                Err(reason) => {
                    return Err(records.malformed(line, reason.into(), true));
                }
            }
            number += 1;
        }
        Ok(rows)
    }
}

/// Adds all values of an object to the columns, or none of them if one is refused.
fn add_object(
    columns: &mut Columns,
    given: &SuiteTypes,
    cells: &Cells,
    rules: &TextRules,
    place: Place<'_>,
) -> Result<(), Refused> {
    let Cells::Named(named) = cells else { return Ok(()) };
    // All values are checked before any is added: the schema may refuse values of new columns, too.
    let mut positions = Vec::with_capacity(named.len());
    for (name, value) in named {
        let known = columns.find(name);
        let refused = match known {
            Some(position) => columns.refuses(position, value),
            None => (!given.shape(name).accepts(value)).then(|| Columns::misfit(name, value)),
        };
        if let Some(refused) = refused {
            return Err(refused);
        }
        positions.push(known);
    }
    for ((name, value), known) in named.iter().zip(positions) {
        let position = known.map_or_else(|| columns.position(name, given), Ok)?;
        columns.add(position, value, rules, place)?;
    }
    Ok(())
}

/// Returns why the inference of columns refused a row. The row is refused again for the same reason.
fn refusal_of(columns: &Columns, cells: &Cells) -> Option<String> {
    let Cells::Named(named) = cells else { return None };
    let refused = named.iter().find_map(|(name, value)| columns.refuses(columns.find(name)?, value));
    refused.map(|refused| refused.reason)
}

/// Returns a value for each column, or the reason why the row is malformed.
fn row(
    cells: Cells,
    header: &[Option<usize>],
    columns: &Columns,
    fields: &[Field],
    rules: &TextRules,
) -> Result<Vec<Value>, String> {
    let mut row = vec![Value::Null; fields.len()];
    let misfit = |field: &Field| format!("its value of column \"{}\" is no {}", field.name, field.data_type);
    match cells {
        Cells::Fields(values) => {
            for (position, value) in header.iter().zip(values) {
                let position = position.ok_or("a column that was not there before")?;
                if !value.is_null() {
                    let field = &fields[position];
                    row[position] = fit(value, &field.data_type, rules).ok_or_else(|| misfit(field))?;
                }
            }
        }
        Cells::Named(named) => {
            for (name, value) in named {
                // A key that only malformed rows have is not a column.
                let position = columns.find(&name).ok_or("it has a key that no row has that can be read")?;
                let field = &fields[position];
                row[position] = fit(value, &field.data_type, rules).ok_or_else(|| misfit(field))?;
            }
        }
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::polars::Rows;

    #[test]
    fn what_was_written_goes_with_the_snapshot() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "a\n1\n").unwrap();
        let file = LocalFile::at(path);
        let names = vec!["a.csv".to_owned()];
        let snapshot = open("a.csv", names, &[file], FileFormat::Csv, &Dialect::default()).unwrap();
        let Rows::Files(set) = &snapshot.rows else { panic!("no files") };
        let written = set.files[0].local.path.clone();
        assert!(written.exists());
        drop(snapshot);
        assert!(!written.exists());
        assert!(!written.parent().unwrap().exists());
    }
}
