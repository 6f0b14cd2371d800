//! Text files → a snapshot. They are read twice: what their columns are only all rows tell, and only
//! then can any be written as what they are.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::SystemTime;

use roaring::RoaringTreemap;
use sha2::{Digest as _, Sha256};

use super::super::columns::schema_of;
use super::super::footer::{self, ColumnBytes};
use super::super::parquet::{hive, name_below};
use super::super::{DataFile, FileSet, Format, Identity, Rows, Snapshot, SourceError, temporary_folder};
use super::columns::Columns;
use super::fit;
use super::input::FileDigest;
use super::records::{Cells, Record, Records};
use super::texts::Texts;
use super::transcript::{Malformed, MalformedRow, Transcript, Writer};
use crate::data::{DataType, Field, FileFormat, Layout, Value, hex};
use crate::predicate::polars_type;

/// A snapshot of text files below a folder (or of one file, in its own folder).
pub(in crate::source) fn open(
    uri: &str,
    root: &Path,
    mut paths: Vec<PathBuf>,
    format: FileFormat,
    layout: &Layout,
) -> Result<Snapshot, SourceError> {
    paths.sort();
    let names: Vec<String> = paths.iter().map(|path| name_below(root, path)).collect();
    let (partitioned, partitions) = hive(&names)?;
    let text = Text { format, layout };
    let stamps = paths.iter().map(|path| stamp(path)).collect::<Result<Vec<_>, _>>()?;
    let columns = text.columns(&paths, &names)?;
    let fields = columns.fields();
    let folder = temporary_folder()?;
    let (mut malformed, mut left_out) = (Malformed::default(), Vec::new());
    let mut files = Vec::with_capacity(paths.len());
    let mut column_bytes = ColumnBytes::new();
    let mut whole = Sha256::new();
    let inputs = paths.iter().zip(&names).zip(partitions).zip(stamps).enumerate();
    for (index, (((path, name), partition), stamp_before)) in inputs {
        let digest: FileDigest = Rc::new(RefCell::new(Sha256::new()));
        let target = folder.path().join(format!("{index}.parquet"));
        let mut writer = Writer::create(&target, &fields)?;
        left_out.push(text.transcribe(
            (path, name),
            &columns,
            &fields,
            &mut writer,
            (&digest, &mut malformed),
        )?);
        writer.finish()?;
        if stamp(path)? != stamp_before {
            let reason = "it was changed while it was read".to_owned();
            return Err(SourceError::Unreadable { path: path.display().to_string(), reason });
        }
        let footer = footer::read(&target)?;
        footer::add(&mut column_bytes, footer.column_bytes);
        let (bytes, _) = stamp_before;
        whole.update(format!("{name}\0{bytes}\0"));
        whole.update(digest.borrow().clone().finalize());
        files.push(DataFile { path: target, name: name.clone(), bytes, rows: footer.rows, partition });
    }
    let stored: Vec<&Field> =
        fields.iter().filter(|field| !partitioned.iter().any(|(name, _)| *name == field.name)).collect();
    let stored = stored
        .iter()
        .map(|field| polars::prelude::Field::new(field.name.as_str().into(), polars_type(&field.data_type)))
        .collect();
    let mut schema = schema_of(&stored);
    schema
        .fields
        .extend(partitioned.iter().map(|(name, data_type)| Field::new(name.as_str(), data_type.clone())));
    let order = schema.names().map(str::to_owned).collect();
    let identity = Identity::of_files(uri, Format::from(format), &files, hex(whole));
    let transcript = Some(Arc::new(Transcript { _folder: folder, malformed: Some(malformed), left_out }));
    let set = FileSet { files, stored, partitioned, order, column_bytes, transcript };
    Ok(Snapshot { identity, schema, rows: Rows::Files(set) })
}

/// By which a file is known to be as it was.
fn stamp(path: &Path) -> Result<(u64, Option<SystemTime>), SourceError> {
    let metadata = std::fs::metadata(path)
        .map_err(|source| SourceError::Io { path: path.display().to_string(), source })?;
    Ok((metadata.len(), metadata.modified().ok()))
}

/// How text is read.
#[derive(Clone, Copy)]
struct Text<'a> {
    format: FileFormat,
    layout: &'a Layout,
}

impl Text<'_> {
    /// The columns of all files with what their values are.
    fn columns(self, paths: &[PathBuf], names: &[String]) -> Result<Columns, SourceError> {
        let given = Columns::given(&self.layout.schema);
        let mut columns = Columns::default();
        for (path, name) in paths.iter().zip(names) {
            self.infer((path, name), &mut columns, &given)?;
        }
        for field in &self.layout.schema {
            let refuse = |reason| SourceError::Unreadable { path: paths[0].display().to_string(), reason };
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
        (path, name): (&Path, &str),
        columns: &mut Columns,
        given: &HashMap<&str, &DataType>,
    ) -> Result<(), SourceError> {
        let refuse = |reason| SourceError::Unreadable { path: path.display().to_string(), reason };
        let mut records = Records::open(path, self.format, self.layout, None)?;
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
                && !self.layout.leaves_out_malformed
            {
                return Err(SourceError::Malformed { path: path.display().to_string(), line, reason });
            }
        }
        if rows && columns.len() == 0 && !self.layout.leaves_out_malformed {
            return Err(refuse("its rows have no columns".to_owned()));
        }
        Ok(())
    }

    /// Writes the rows of a file as values of their types; gives the numbers of those that are malformed.
    fn transcribe(
        self,
        (path, name): (&Path, &str),
        columns: &Columns,
        fields: &[Field],
        writer: &mut Writer<'_>,
        (digest, malformed): (&FileDigest, &mut Malformed),
    ) -> Result<RoaringTreemap, SourceError> {
        let mut records = Records::open(path, self.format, self.layout, Some(digest))?;
        let header: Vec<Option<usize>> =
            records.header().unwrap_or_default().iter().map(|column| columns.find(column)).collect();
        let mut left_out = RoaringTreemap::new();
        let mut number = 0;
        while let Some(Record { line, cells }) = records.next()? {
            match cells.and_then(|cells| row(cells, &header, columns, fields)) {
                Ok(row) => writer.add(row)?,
                Err(reason) if self.layout.leaves_out_malformed => {
                    left_out.insert(number);
                    malformed.add(MalformedRow { file: name.to_owned(), row: number, line, reason });
                }
                Err(reason) => {
                    return Err(SourceError::Malformed { path: path.display().to_string(), line, reason });
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
