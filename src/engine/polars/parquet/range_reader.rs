//! Reads byte ranges of a Parquet file, on disk or in memory.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::Range;

/// A file that is read by byte ranges. Validation needs no other access to a file.
pub(in crate::engine::polars) trait RangeReader {
    /// A reader of the bytes of one range, from its start.
    type Bytes<'a>: Read + Seek
    where
        Self: 'a;

    /// Returns the length of the file in bytes.
    fn length(&self) -> io::Result<u64>;

    /// Returns a reader of a range, which is cut where the file ends.
    fn range(&mut self, place: Range<u64>) -> io::Result<Self::Bytes<'_>>;
}

impl RangeReader for File {
    type Bytes<'a> = io::Take<&'a mut File>;

    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn range(&mut self, place: Range<u64>) -> io::Result<Self::Bytes<'_>> {
        self.seek(SeekFrom::Start(place.start))?;
        Ok(self.take(place.end.saturating_sub(place.start)))
    }
}

impl RangeReader for &[u8] {
    type Bytes<'a>
        = Cursor<&'a [u8]>
    where
        Self: 'a;

    fn length(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn range(&mut self, place: Range<u64>) -> io::Result<Self::Bytes<'_>> {
        let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(self.len());
        let bytes = self.get(at(place.start)..at(place.end)).unwrap_or_default();
        Ok(Cursor::new(bytes))
    }
}

/// Reads a whole range into memory.
pub(super) fn read(file: &mut impl RangeReader, place: Range<u64>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.range(place)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::super::{footer, pages};
    use std::path::Path;

    use super::*;
    use crate::source::local_file::LocalFile;

    /// Files and memory must be validated with the same result, whether the bytes are sound or damaged.
    #[test]
    fn files_and_memory_are_validated_alike() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parquet");
        let (mut whole, mut broken) = (0, 0);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let Ok((_, metadata)) = footer::read_whole(&LocalFile::at(path.clone())) else { continue };
            let mut bytes = std::fs::read(&path).unwrap();
            let damaged = tempfile::NamedTempFile::new().unwrap();
            for is_damaged in [false, true] {
                let file = if is_damaged { damaged.path() } else { path.as_path() };
                if is_damaged {
                    let middle = metadata
                        .row_groups
                        .first()
                        .map_or(4, |group| group.parquet_columns()[0].byte_range().start);
                    bytes[usize::try_from(middle).unwrap() + 3] ^= 0xff;
                    std::fs::write(file, &bytes).unwrap();
                }
                for group in &metadata.row_groups {
                    for chunk in group.parquet_columns() {
                        let on_disk = pages::verify(&mut File::open(file).unwrap(), chunk, group.num_rows());
                        let in_memory = pages::verify(&mut bytes.as_slice(), chunk, group.num_rows());
                        assert_eq!(on_disk, in_memory, "{path:?}");
                        *(if on_disk.is_ok() { &mut whole } else { &mut broken }) += 1;
                    }
                }
            }
        }
        assert!(whole > 50 && broken > 5, "{whole} whole, {broken} broken");
    }
}
