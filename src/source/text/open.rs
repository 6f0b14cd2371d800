//! Text files → a snapshot. They are read twice: what their columns are only all rows tell, and only
//! then can any be written as what they are.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::SystemTime;

use roaring::RoaringTreemap;
use sha2::{Digest as _, Sha256};

use super::super::store::Here;
use super::super::transcription::Transcription;
use super::super::{Format, Snapshot, SourceError};
use super::columns::Columns;
use super::fit;
use super::input::FileDigest;
use super::records::{Cells, Record, Records};
use super::texts::Texts;
use super::transcript::{Malformed, MalformedRow, Transcript, Writer};
use crate::data::{DataType, Dialect, Field, FileFormat, Value};

/// A snapshot of text files, with their names below the dataset's folder, in the order of these.
pub(in crate::source) fn open(
    uri: &str,
    names: Vec<String>,
    files: &[Here],
    format: FileFormat,
    dialect: &Dialect,
) -> Result<Snapshot, SourceError> {
    let text = Text { format, dialect };
    let stamps = files.iter().map(stamp).collect::<Result<Vec<_>, _>>()?;
    let columns = text.columns(files, &names)?;
    let fields = columns.fields();
    let (mut malformed, mut left_out) = (Malformed::default(), HashMap::new());
    let mut transcription = Transcription::new()?;
    for ((file, name), before) in files.iter().zip(&names).zip(&stamps) {
        let digest: FileDigest = Rc::new(RefCell::new(Sha256::new()));
        let mut writer = Writer::create(&transcription.target(), &fields)?;
        let read = (&digest, &mut malformed);
        left_out.insert(name.clone(), text.transcribe((file, name), &columns, &fields, &mut writer, read)?);
        writer.finish()?;
        if stamp(file)? != *before {
            return Err(SourceError::Changed { path: file.shown.clone(), how: "rewritten" });
        }
        transcription.add(file, name, before.0, digest.take());
    }
    transcription.snapshot(uri, names, Format::from(format), |folder| Transcript {
        _folder: folder,
        malformed: Some(malformed),
        left_out,
    })
}

/// By which a file is known to be as it was.
fn stamp(file: &Here) -> Result<(u64, Option<SystemTime>), SourceError> {
    let metadata = std::fs::metadata(&file.path)
        .map_err(|source| SourceError::Io { path: file.shown.clone(), source })?;
    Ok((metadata.len(), metadata.modified().ok()))
}

/// How text is read.
#[derive(Clone, Copy)]
struct Text<'a> {
    format: FileFormat,
    dialect: &'a Dialect,
}

impl Text<'_> {
    /// The columns of all files with what their values are.
    fn columns(self, files: &[Here], names: &[String]) -> Result<Columns, SourceError> {
        let given = Columns::given(&self.dialect.schema);
        let mut columns = Columns::default();
        for (file, name) in files.iter().zip(names) {
            self.infer((file, name), &mut columns, &given)?;
        }
        for field in &self.dialect.schema {
            let refuse = |reason| SourceError::Unreadable { path: files[0].shown.clone(), reason };
            match self.format {
                // An object lacks what is null.
                FileFormat::Ndjson => columns.position(&field.name, &given).map(drop).map_err(refuse)?,
                _ if columns.find(&field.name).is_none() => {
                    return Err(refuse(format!(
                        "there is no column \"{}\", for which the suite's schema has a type",
                        field.name
                    )));
                }
                _ => {}
            }
        }
        Ok(columns)
    }

    fn infer(
        self,
        (file, name): (&Here, &str),
        columns: &mut Columns,
        given: &HashMap<&str, &DataType>,
    ) -> Result<(), SourceError> {
        let refuse = |reason| SourceError::Unreadable { path: file.shown.clone(), reason };
        let mut records = Records::open((file, name), self.format, self.dialect, None)?;
        let header = match records.header() {
            None => None,
            Some(header) => {
                let positions = header.iter().map(|column| columns.position(column, given));
                Some(positions.collect::<Result<Vec<usize>, String>>().map_err(refuse)?)
            }
        };
        if header.as_ref().is_some_and(|header| columns.are_given(header)) {
            return Ok(());
        }
        let mut rows = false;
        while let Some(Record { line, cells }) = records.next()? {
            rows = true;
            let seen = cells.and_then(|cells| match (cells, &header) {
                (Cells::Fields(values), Some(header)) => {
                    for (position, value) in header.iter().zip(&values) {
                        columns.see(*position, value, Texts::FIELDS, (name, line))?;
                    }
                    Ok(())
                }
                (cells, _) => see_named(columns, given, &cells, (name, line)),
            });
            if let Some(reason) = columns.are_too_many() {
                return Err(refuse(reason));
            }
            if let Err(reason) = seen
                && !self.dialect.leaves_out_malformed
            {
                return Err(SourceError::Malformed { path: file.shown.clone(), line, reason });
            }
        }
        if rows && columns.len() == 0 && !self.dialect.leaves_out_malformed {
            return Err(refuse("its rows have no columns".to_owned()));
        }
        Ok(())
    }

    /// Writes the rows of a file as values of their types; gives the numbers of those that are malformed.
    fn transcribe(
        self,
        (file, name): (&Here, &str),
        columns: &Columns,
        fields: &[Field],
        writer: &mut Writer<'_>,
        (digest, malformed): (&FileDigest, &mut Malformed),
    ) -> Result<RoaringTreemap, SourceError> {
        let mut records = Records::open((file, name), self.format, self.dialect, Some(digest))?;
        let header: Vec<Option<usize>> =
            records.header().unwrap_or_default().iter().map(|column| columns.find(column)).collect();
        let mut left_out = RoaringTreemap::new();
        let mut number = 0;
        while let Some(Record { line, cells }) = records.next()? {
            match cells.and_then(|cells| row(cells, &header, columns, fields)) {
                Ok(row) => writer.add(row)?,
                Err(reason) if self.dialect.leaves_out_malformed => {
                    left_out.insert(number);
                    malformed.add(MalformedRow { file: name.to_owned(), row: number, line, reason });
                }
                Err(reason) => {
                    return Err(SourceError::Malformed { path: file.shown.clone(), line, reason });
                }
            }
            number += 1;
        }
        Ok(left_out)
    }
}

/// Takes in an object whole, or not at all.
fn see_named(
    columns: &mut Columns,
    given: &HashMap<&str, &DataType>,
    cells: &Cells,
    place: (&str, u64),
) -> Result<(), String> {
    let Cells::Named(named) = cells else { return Ok(()) };
    let refused = named.iter().find_map(|(name, value)| columns.refuses(columns.find(name)?, value));
    if let Some(reason) = refused {
        return Err(reason);
    }
    for (name, value) in named {
        let position = columns.position(name, given)?;
        columns.see(position, value, Texts::STRINGS, place)?;
    }
    Ok(())
}

/// A value for each column, or why the row is malformed.
fn row(
    cells: Cells,
    header: &[Option<usize>],
    columns: &Columns,
    fields: &[Field],
) -> Result<Vec<Value>, String> {
    let mut row = vec![Value::Null; fields.len()];
    let misfit = |field: &Field| format!("its value of column \"{}\" is no {}", field.name, field.data_type);
    match cells {
        Cells::Fields(values) => {
            for (position, value) in header.iter().zip(values) {
                let position = position.ok_or("a column that was not there before")?;
                if let Value::String(text) = value {
                    let field = &fields[position];
                    row[position] = fit::field(text, &field.data_type).ok_or_else(|| misfit(field))?;
                }
            }
        }
        Cells::Named(named) => {
            for (name, value) in named {
                // A key that only malformed rows have is no column.
                let position = columns.find(&name).ok_or("it has a key that no row has that can be read")?;
                let field = &fields[position];
                row[position] = fit::json(value, &field.data_type).ok_or_else(|| misfit(field))?;
            }
        }
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::super::super::Rows;
    use super::*;

    #[test]
    fn what_was_written_goes_with_the_snapshot() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "a\n1\n").unwrap();
        let file = Here::local(path);
        let names = vec!["a.csv".to_owned()];
        let snapshot = open("a.csv", names, &[file], FileFormat::Csv, &Dialect::default()).unwrap();
        let Rows::Files(set) = &snapshot.rows else { panic!("no files") };
        let written = set.files[0].here.path.clone();
        assert!(written.exists());
        drop(snapshot);
        assert!(!written.exists());
        assert!(!written.parent().unwrap().exists());
    }
}
