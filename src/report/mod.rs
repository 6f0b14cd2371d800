//! A run, a profile, or what is known of a dataset → bytes: a versioned model, then one file a format. Pure.

mod evidence;
mod failing;
mod great_expectations;
mod html;
mod inspection;
mod json;
mod model;
mod numbers;
mod others;
mod phrases;
mod profile;
mod stage;
mod text;
mod visible;
mod words;

pub use evidence::{EvidenceReport, ProvedReport};
pub use failing::{Datum, FrequentValue, Named, SampleReport};
pub use great_expectations::{ResultFormat, ValidationOptions, validation_result, validation_results};
pub use html::{HtmlError, html};
pub use inspection::{
    ColumnReport, Inspection, ParquetReport, ProtocolReport, TableReport, VectorsReport, inspection_json,
    inspection_schema, inspection_text,
};
pub use json::{ReadError, json, report_schema};
pub use model::{
    CheckReport, CountsReport, DisputeReport, ExecutionReport, GateReport, Report, RunReport, SnapshotReport,
    Statistics, SuiteReport,
};
#[cfg(feature = "cli")]
pub(crate) use numbers::bytes;
pub use others::OtherReport;
pub use profile::{
    ClassReport, ColumnProfileReport, CountedValue, DistinctReport, FormatReport, LengthsReport,
    ProfileReport, RemarkReport, ValuesReport, profile_html, profile_json, profile_schema, profile_text,
};
pub use stage::{Failure, Stopped};
pub use text::{TextOptions, text, wrapped};
pub use visible::{brief, visible};
