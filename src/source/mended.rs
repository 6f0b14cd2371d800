//! Files whose footers say what the engine does not know and can do without: written anew without it.

use std::fs::{File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::SourceError;
use super::footer::{self, Footer, Read, TAIL};
use super::store::{Folder, Here, create_private};

/// The copies of local files. Those of object stores are copies already.
#[derive(Debug, Default)]
pub(super) struct Copies {
    folder: Option<Folder>,
    count: usize,
}

impl Copies {
    /// The file, or one with the same rows that the engine can read, and its footer.
    pub(super) fn open(&mut self, file: Here) -> Result<(Here, Footer), SourceError> {
        let (raw, unknown) = match footer::read(&file)? {
            Read::Footer(footer, _) => return Ok((file, *footer)),
            Read::Unknown(raw, unknown) => (raw, unknown),
        };
        let mended = self.mended(file, &raw, unknown)?;
        let (footer, _) = footer::read_whole(&mended)?;
        Ok((mended, footer))
    }

    /// The file without what is unknown in its footer.
    fn mended(&mut self, file: Here, raw: &[u8], unknown: Vec<Range<usize>>) -> Result<Here, SourceError> {
        let mut mended = raw.to_vec();
        for place in unknown.into_iter().rev() {
            mended.drain(place);
        }
        let io = |source| SourceError::Io { path: file.shown.clone(), source };
        let path = if file.fetched { file.path } else { self.copied(&file.path).map_err(io)? };
        let footer = u64::try_from(raw.len()).unwrap_or(u64::MAX).saturating_add(TAIL);
        let copy = OpenOptions::new().write(true).open(&path).map_err(io)?;
        end_with(copy, footer, &mended).map_err(io)?;
        Ok(Here { path, shown: file.shown, fetched: true })
    }

    fn copied(&mut self, file: &Path) -> std::io::Result<PathBuf> {
        let folder = match self.folder.take() {
            Some(folder) => folder,
            None => Folder::new()?,
        };
        let path = folder.path().join(format!("{}.parquet", self.count));
        self.count += 1;
        self.folder = Some(folder);
        // Not with the permissions of the file, by which others may read it.
        std::io::copy(&mut File::open(file)?, &mut create_private(&path)?)?;
        Ok(path)
    }
}

/// Writes another footer in the place of one of so many bytes.
fn end_with(mut file: File, bytes: u64, footer: &[u8]) -> std::io::Result<()> {
    let start = file.metadata()?.len().saturating_sub(bytes);
    file.set_len(start)?;
    file.seek(SeekFrom::Start(start))?;
    file.write_all(footer)?;
    file.write_all(&u32::try_from(footer.len()).unwrap_or(u32::MAX).to_le_bytes())?;
    file.write_all(b"PAR1")
}
