//! Stand-ins: temporary files with the same rows, read where Polars cannot read the original, or not
//! correctly.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::{ParquetReader, Schema as PlSchema, SchemaExt as _, SerReader as _};

use crate::data::caught;
use crate::engine::polars::parquet::footer;
use crate::engine::polars::parquet::recode::write_columns;
use crate::source::SourceError;
use crate::source::local_file::LocalFile;
use crate::source::scratch::{Folder, Temporary, unwritten};

/// The stand-ins made so far for a dataset, by the file that each replaces.
#[derive(Clone, Debug, Default)]
pub(super) struct StandIns(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    folder: Option<Folder>,
    made: HashMap<PathBuf, StandIn>,
    count: usize,
}

#[derive(Debug)]
struct StandIn {
    path: PathBuf,
    columns: BTreeSet<String>,
    /// The columns whose pages only the other decoder reads.
    misread_columns: BTreeSet<String>,
}

/// A file, and its stand-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) file: PathBuf,
    pub(crate) stand_in: PathBuf,
}

impl StandIns {
    /// Returns the original of a stand-in; the same path if it is none.
    pub(super) fn original(&self, path: &Path) -> PathBuf {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.made.iter().find(|(_, stand_in)| stand_in.path == path);
        found.map_or(path, |(original, _)| original.as_path()).to_path_buf()
    }

    /// Writes a stand-in of a file with at least the wanted columns. `misread_columns` names those whose
    /// pages only the other decoder reads. `stored` has the types that Polars must find.
    ///
    /// # Errors
    /// A column cannot be read.
    pub(super) fn make(
        &self,
        file: &LocalFile,
        wanted: &BTreeSet<String>,
        misread_columns: &BTreeSet<String>,
        stored: &PlSchema,
    ) -> Result<Made, SourceError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut columns = wanted.clone();
        let mut misread_columns = misread_columns.clone();
        if let Some(known) = kept.made.get(&file.path) {
            if known.columns.is_superset(wanted) && known.misread_columns.is_superset(&misread_columns) {
                return Ok(Made { file: file.path.clone(), stand_in: known.path.clone() });
            }
            columns.extend(known.columns.iter().cloned());
            misread_columns.extend(known.misread_columns.iter().cloned());
        }
        let size = std::fs::metadata(&file.path).map_or(0, |metadata| metadata.len());
        let unwritten = |source| unwritten(&file.shown, size, source);
        let folder = match kept.folder.take() {
            Some(folder) => folder,
            None => Folder::new().map_err(unwritten)?,
        };
        let path = folder.path().join(format!("{}.parquet", kept.count));
        kept.folder = Some(folder);
        kept.count += 1;
        let target = Temporary::create(&path).map_err(unwritten)?;
        let full = target.full();
        let corrupt = |reason| SourceError::Corrupt { path: file.shown.clone(), reason };
        // Decoders are third-party code that parses untrusted bytes.
        caught(|| write(file, &columns, &misread_columns, target))
            .unwrap_or_else(|panic| Ok(Err(format!("its columns make no sense: {panic}"))))?
            .and_then(|()| as_expected(&path, &columns, stored))
            .map_err(|reason| full.or(corrupt(reason), &file.shown, size))?;
        let stand_in = StandIn { path: path.clone(), columns, misread_columns };
        if let Some(before) = kept.made.insert(file.path.clone(), stand_in) {
            // A file that cannot be removed now is removed with the folder.
            let _ = std::fs::remove_file(before.path);
        }
        Ok(Made { file: file.path.clone(), stand_in: path })
    }
}

fn write(
    file: &LocalFile,
    columns: &BTreeSet<String>,
    misread_columns: &BTreeSet<String>,
    target: Temporary,
) -> Result<Result<(), String>, SourceError> {
    let (footer, metadata) = footer::read_whole(file)?;
    Ok(write_columns(&file.path, &footer.raw, &metadata, columns, misread_columns, target))
}

/// Returns an error if Polars does not decode the columns of a file to the types of `stored`.
fn as_expected(path: &Path, columns: &BTreeSet<String>, stored: &PlSchema) -> Result<(), String> {
    let read = || {
        let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
        let schema = ParquetReader::new(file).schema().map_err(|error| error.to_string())?;
        Ok::<_, String>(PlSchema::from_arrow_schema(&schema))
    };
    let found = caught(read).map_err(|_| "its columns make no sense".to_owned())??;
    let differs = |name: &&String| match (found.get(name), stored.get(name)) {
        (Some(found), Some(expected)) => found != expected,
        _ => false,
    };
    match columns.iter().find(differs) {
        Some(name) => Err(format!("its column \"{name}\" is stored in a way that is not read")),
        None => Ok(()),
    }
}
