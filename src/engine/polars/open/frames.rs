//! Makes snapshots of frames and record batches that a caller holds.

use std::io::Cursor;

use arrow::ipc::writer::StreamWriter;
use arrow::record_batch::RecordBatch;
use polars::prelude::{
    DataFrame, IntoLazy as _, IpcStreamReader, LazyFrame, PolarsError, PolarsResult, SerReader as _,
    polars_err,
};
use polars_plan::dsl::DslPlan;
use polars_plan::plans::DslFunction;

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

impl Snapshot {
    /// Returns how many rows are to be expected at most, if that is known without reading any: of a frame that its expressions make no
    /// rows of their own.
    pub(in crate::engine::polars) fn expected_rows(&self) -> Option<u64> {
        match &self.rows {
            Rows::Frame(frame) => rows_in_memory(&frame.logical_plan),
            Rows::Files(_) => self.identity.rows,
        }
    }
}

fn rows_in_memory(plan: &DslPlan) -> Option<u64> {
    match plan {
        DslPlan::DataFrameScan { df, .. } => u64::try_from(df.height()).ok(),
        DslPlan::Filter { input, .. }
        | DslPlan::Select { input, .. }
        | DslPlan::HStack { input, .. }
        | DslPlan::MapFunction { input, function: DslFunction::RowIndex { .. } } => rows_in_memory(input),
        DslPlan::IR { dsl, .. } => rows_in_memory(dsl),
        _ => None,
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

#[cfg(test)]
mod tests {
    use polars::prelude::{col, df};

    use super::*;

    #[test]
    fn the_rows_of_a_frame_in_memory_are_known() {
        let frame = || df!["n" => [1, 2, 3]].unwrap().lazy();
        let expected = |frame: LazyFrame| Snapshot::from_lazy("frame", frame).unwrap().expected_rows();
        assert_eq!(expected(frame()), Some(3));
        let chosen = frame().with_row_index("row", None).filter(col("n").gt(1)).select([col("row")]);
        assert_eq!(expected(chosen), Some(3));
        assert_eq!(expected(frame().group_by([col("n")]).agg([])), None);
    }
}
