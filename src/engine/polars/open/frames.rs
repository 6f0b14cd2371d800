//! Makes snapshots of frames and record batches that a caller holds.

use std::io::Cursor;

use arrow::ipc::writer::StreamWriter;
use arrow::record_batch::RecordBatch;
use polars::prelude::{
    DataFrame, IntoLazy as _, IpcStreamReader, LazyFrame, PolarsError, PolarsResult, SerReader as _,
    polars_err,
};

use crate::engine::polars::types::schema_of;
use crate::engine::polars::{Rows, Snapshot};
use crate::source::{EngineMessage, Format, Identity, SourceError};

impl Snapshot {
    /// Makes a snapshot of a lazy frame; `name` stands for its URI in reports.
    ///
    /// # Errors
    /// The frame has no schema: its plan is invalid.
    pub fn from_lazy(name: &str, mut frame: LazyFrame) -> Result<Self, SourceError> {
        let schema = frame.collect_schema().map_err(|error| failed(name, &error))?;
        Ok(Self {
            identity: Identity::of(name, Format::Memory),
            schema: schema_of(&schema),
            rows: Rows::Frame(Box::new(frame)),
            traffic: Vec::new(),
            appended: None,
        })
    }

    /// Makes a snapshot of record batches of one schema. The batches are copied once.
    ///
    /// # Errors
    /// The batches have a type that the engine does not know, or differ in their columns.
    pub fn from_batches(name: &str, batches: &[RecordBatch]) -> Result<Self, SourceError> {
        let engine = |error| failed(name, &error);
        let mut whole: Option<DataFrame> = None;
        for batch in batches {
            let frame = frame_of(batch).map_err(engine)?;
            match &mut whole {
                Some(whole) => {
                    whole.vstack_mut(&frame).map_err(engine)?;
                }
                None => whole = Some(frame),
            }
        }
        let frame = whole.ok_or_else(|| SourceError::NotATable {
            uri: name.to_owned(),
            reason: "there is no record batch to take a schema from".to_owned(),
        })?;
        Self::from_lazy(name, frame.lazy())
    }
}

fn failed(name: &str, error: &PolarsError) -> SourceError {
    SourceError::Engine { uri: name.to_owned(), source: EngineMessage::of(error) }
}

/// Converts a record batch through an IPC stream: one copy, and no unsafe code.
fn frame_of(batch: &RecordBatch) -> PolarsResult<DataFrame> {
    let foreign = |error: arrow::error::ArrowError| polars_err!(ComputeError: "{error}");
    let mut writer = StreamWriter::try_new(Vec::new(), batch.schema_ref()).map_err(foreign)?;
    writer.write(batch).map_err(foreign)?;
    writer.finish().map_err(foreign)?;
    let bytes = writer.into_inner().map_err(foreign)?;
    IpcStreamReader::new(Cursor::new(bytes)).finish()
}
