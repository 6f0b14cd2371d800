//! Makes files ready before Polars reads them: fetches them, compares them with what was opened, and verifies
//! them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;

use super::file_set::FileSet;
use super::stand_ins::Made;
use crate::engine::polars::parquet::footer::column_ranges;
use crate::source::SourceError;
use crate::source::files::{DataFile, overlap};
use crate::source::local_file::FileRows;

/// The files and columns that a scan reads.
#[derive(Clone, Debug)]
pub(crate) struct ScanRequest {
    /// Paths of the files.
    pub(crate) paths: Vec<PathBuf>,
    /// The rows read, counted from the first row of the first file. `None` means all.
    pub(crate) rows: Option<Range<u64>>,
    /// The names of the columns in the files.
    pub(crate) columns: BTreeSet<String>,
}

/// A file of which a scan reads some rows.
struct RequestedFile<'a> {
    file: &'a DataFile,
    rows: Range<u64>,
}

impl FileSet {
    /// Makes files ready to be read, and returns the stand-ins to read instead of some of them.
    pub(in crate::engine::polars) fn make_ready(
        &self,
        request: &ScanRequest,
    ) -> Result<Vec<Made>, SourceError> {
        let files = self.requested_files(request);
        let is_recoded =
            |file: &DataFile| file.needs_stand_in || self.layouts.of(file).recodes(&request.columns);
        let parts: Vec<_> = files
            .iter()
            .map(|RequestedFile { file, rows }| {
                // A stand-in holds all rows.
                let rows = if is_recoded(file) { 0..file.rows } else { rows.clone() };
                FileRows { file: &file.local, rows }
            })
            .collect();
        self.verify(&parts, request)?;
        let mut made = Vec::new();
        for RequestedFile { file, .. } in files {
            let mut misread_columns = self.verified.misread_columns(&file.local);
            misread_columns.retain(|name| request.columns.contains(name));
            if misread_columns.is_empty() && !is_recoded(file) {
                continue;
            }
            self.verify(&[FileRows { file: &file.local, rows: 0..file.rows }], request)?;
            let stored = &self.layouts.of(file).stored;
            made.push(self.stand_ins.make(&file.local, &request.columns, &misread_columns, stored)?);
        }
        Ok(made)
    }

    /// Fetches columns of parts of files, and verifies them.
    fn verify(&self, parts: &[FileRows<'_>], request: &ScanRequest) -> Result<(), SourceError> {
        if let Some(spool) = &self.spool {
            spool.fetch(parts, |part| column_ranges(part.file, &request.columns, &part.rows))?;
        }
        self.unchanged(request)?;
        self.verified.verify(parts, &request.columns)
    }

    /// Verifies that files are still those that were opened: another writer may have removed or replaced
    /// them.
    pub(in crate::engine::polars) fn unchanged(&self, request: &ScanRequest) -> Result<(), SourceError> {
        self.requested_files(request).into_iter().try_for_each(|requested| requested.file.unchanged())
    }

    /// Returns the number of bytes that a scan reads from files that were made ready.
    pub(in crate::engine::polars) fn bytes_of(&self, request: &ScanRequest) -> u64 {
        let files = self.requested_files(request).into_iter();
        let parts = files.map(|requested| FileRows { file: &requested.file.local, rows: requested.rows });
        self.verified.bytes(parts, &request.columns)
    }

    /// Translates names of columns in files to those in the dataset.
    pub(in crate::engine::polars) fn names_of(&self, stored: &BTreeSet<String>) -> BTreeSet<String> {
        self.layouts.names_of(stored).map(str::to_owned).collect()
    }

    /// Returns the files that a scan reads, with the rows of each.
    fn requested_files(&self, request: &ScanRequest) -> Vec<RequestedFile<'_>> {
        let mut end = 0;
        let mut found = Vec::with_capacity(request.paths.len());
        for path in &request.paths {
            let Some(file) = self.files.at(&self.stand_ins.original(path)) else { continue };
            let all = end..end + file.rows;
            end = all.end;
            let rows = request.rows.as_ref().map_or(all.clone(), |rows| overlap(&all, rows));
            if request.rows.is_none() || !rows.is_empty() {
                found.push(RequestedFile { file, rows: rows.start - all.start..rows.end - all.start });
            }
        }
        found
    }
}
