//! Writes what is known of a dataset before its rows are read, as text and as JSON.

mod model;
mod text;

pub use model::{
    ColumnReport, Inspection, ParquetReport, ProtocolReport, TableReport, VectorsReport, inspection_json,
    inspection_schema,
};
pub use text::inspection_text;
