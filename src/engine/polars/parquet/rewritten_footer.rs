//! Rewrites the footers of files that have details which the engine does not know and can do without.

use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;

use polars::prelude::{ArrowDataType, ArrowField};

use super::footer;
use super::footer::{Footer, Read, Rewritten};
use crate::source::SourceError;
use crate::source::local_file::LocalFile;
use crate::source::parquet_footer::TAIL;
use crate::source::scratch::{Folder, Temporary, unwritten};

/// The copies of local files with rewritten footers. Fetched files of object stores are copies already.
#[derive(Debug, Default)]
pub(in crate::engine::polars) struct RewrittenFiles {
    folder: Option<Folder>,
    count: usize,
}

impl RewrittenFiles {
    /// Opens a file. Returns the file itself, or one with the same rows that the engine can read, and its
    /// footer.
    pub(in crate::engine::polars) fn open(
        &mut self,
        file: LocalFile,
    ) -> Result<(LocalFile, Footer), SourceError> {
        let rewritten = match footer::read(&file)? {
            Read::AsIs(footer, _) => return Ok((file, *footer)),
            Read::Rewritten(rewritten) => rewritten,
        };
        let file = self.rewrite(file, &rewritten)?;
        let (mut footer, _) = footer::read_whole(&file)?;
        for name in rewritten.unread.keys() {
            // The copy has no data of this column, but the dataset has the column.
            let nothing = ArrowField::new(name.as_str().into(), ArrowDataType::Null, true);
            footer.schema.insert(name.as_str().into(), nothing);
        }
        footer.unread.extend(rewritten.unread);
        Ok((file, footer))
    }

    /// Writes the new footer to a file that was fetched, or to a copy of a local file.
    fn rewrite(&mut self, file: LocalFile, rewritten: &Rewritten) -> Result<LocalFile, SourceError> {
        let io = |source| SourceError::Io { path: file.shown.clone(), source };
        let bytes = std::fs::metadata(&file.path).map_err(io)?.len();
        let unwritten = |source| unwritten(&file.shown, bytes, source);
        let path = if file.fetched { file.path } else { self.copied(&file, bytes)? };
        let copy = OpenOptions::new().write(true).open(&path).map_err(unwritten)?;
        end_with(copy, rewritten.length.saturating_add(TAIL), &rewritten.footer).map_err(unwritten)?;
        Ok(LocalFile { path, shown: file.shown, fetched: true })
    }

    fn copied(&mut self, file: &LocalFile, bytes: u64) -> Result<PathBuf, SourceError> {
        let unwritten = |source| unwritten(&file.shown, bytes, source);
        let folder = match self.folder.take() {
            Some(folder) => folder,
            None => Folder::new().map_err(unwritten)?,
        };
        let path = folder.path().join(format!("{}.parquet", self.count));
        self.count += 1;
        self.folder = Some(folder);
        // The copy does not take over the file's permissions, by which others may read it.
        let mut original =
            File::open(&file.path).map_err(|source| SourceError::Io { path: file.shown.clone(), source })?;
        let mut copy = Temporary::create(&path).map_err(unwritten)?;
        std::io::copy(&mut original, &mut copy).map_err(unwritten)?;
        Ok(path)
    }
}

/// Replaces the last `bytes` bytes of a file by another footer.
fn end_with(mut file: File, bytes: u64, footer: &[u8]) -> std::io::Result<()> {
    let start = file.metadata()?.len().saturating_sub(bytes);
    file.set_len(start)?;
    file.seek(SeekFrom::Start(start))?;
    file.write_all(footer)?;
    file.write_all(&u32::try_from(footer.len()).unwrap_or(u32::MAX).to_le_bytes())?;
    file.write_all(b"PAR1")
}
