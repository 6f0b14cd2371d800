//! Writes deletion vectors: all those of a commit into one file beside the data.

use std::io::Write;

use delta_kernel::actions::deletion_vector_writer::{KernelDeletionVector, StreamingDeletionVectorWriter};
use object_store::path::Path as Key;
use roaring::RoaringTreemap;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::table::Table;
use crate::sink::error::SinkError;
use crate::sink::file::{Output, OutputError, Uncommitted, Upload};

/// Deletion vectors that are written, and belong to no version so far.
pub(super) struct Vectors {
    /// What the log says of each of them.
    pub(super) described: Vec<Json>,
    pub(super) bytes: u64,
    /// Their file; `None` if there are none.
    pub(super) guard: Option<Uncommitted>,
}

/// Counts what it lets through.
struct Counted<W> {
    to: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

impl Table {
    /// Writes deletion vectors.
    pub(super) fn write_vectors<'v>(
        &self,
        vectors: impl Iterator<Item = &'v RoaringTreemap>,
    ) -> Result<Vectors, SinkError> {
        let mut vectors = vectors.peekable();
        if vectors.peek().is_none() {
            return Ok(Vectors { described: Vec::new(), bytes: 0, guard: None });
        }
        let id = Uuid::new_v4();
        let name = format!("deletion_vector_{id}.bin");
        let (output, guard) = if let Some(folder) = &self.folder {
            let place = folder.join(&name);
            let file =
                std::fs::File::create_new(&place).map_err(|error| self.unwritten(OutputError::Io(error)))?;
            (Output::local(file), Uncommitted::file(place))
        } else {
            let (store, key) = (self.store(), Key::from(name.as_str()));
            let guard = Uncommitted::object(store.clone(), key.clone());
            (Output::Remote(Upload::begin(store, key)), guard)
        };
        let failed = |error: delta_kernel::Error| self.unwritten(OutputError::Encode(error.to_string()));
        let mut output = Counted { to: output, bytes: 0 };
        let mut writer = StreamingDeletionVectorWriter::new(&mut output);
        let mut described = Vec::new();
        for rows in vectors {
            let mut vector = KernelDeletionVector::new();
            vector.add_deleted_row_indexes(rows.iter());
            let written = writer.write_deletion_vector(vector).map_err(failed)?;
            described.push(json!({
                "storageType": "u",
                "pathOrInlineDv": z85::encode(id.as_bytes()),
                "offset": written.offset,
                "sizeInBytes": written.size_in_bytes,
                "cardinality": written.cardinality,
            }));
        }
        writer.finalize().map_err(failed)?;
        let Counted { to, bytes } = output;
        to.complete(false).map_err(|error| self.unwritten(error))?;
        Ok(Vectors { described, bytes, guard: Some(guard) })
    }
}
