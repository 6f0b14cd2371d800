//! What is known of a dataset → text and JSON.

mod model;
mod text;

pub use model::{
    ColumnReport, Inspection, ParquetReport, ProtocolReport, TableReport, VectorsReport, inspection_json,
    inspection_schema,
};
pub use text::inspection_text;
