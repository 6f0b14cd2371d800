//! Turns a run, a profile, or what is known of a dataset, into a versioned model and writes the model or the run in
//! several formats, one module per format. The module is pure.

mod azure;
mod bullet;
mod changes;
mod charts;
mod checkout;
mod counts;
mod evidence;
mod excerpt;
mod failing;
mod fragment;
mod gate;
mod github;
mod gitlab;
mod great_expectations;
mod html;
mod inert;
mod inspection;
mod json;
mod junit;
mod layout;
mod markdown;
mod model;
mod numbers;
mod others;
mod page;
mod past;
mod phrases;
mod profile;
mod rows;
mod sarif;
mod selection;
mod split_parts;
mod stage;
mod staged;
mod text;
mod troubles;
mod visible;
mod words;

pub use azure::azure;
pub use changes::{diff_markdown, diff_text};
pub use checkout::Checkout;
pub use counts::CountsReport;
pub use evidence::{EvidenceReport, ProvedReport};
pub use failing::{Datum, FrequentValue, Named, SampleReport};
pub use fragment::fragment;
pub use gate::GateReport;
pub use github::github;
pub use gitlab::gitlab;
pub use great_expectations::{ResultFormat, ValidationOptions, validation_result, validation_results};
pub use html::{HtmlError, html, html_at};
pub(crate) use html::{RUN_CSS, RUN_JS, html_in_site, page_environment};
pub use inert::inert;
#[cfg(feature = "cli")]
pub(crate) use inert::inert_json;
pub use inspection::{
    ColumnReport, Inspection, ParquetReport, ProtocolReport, TableReport, VectorsReport, inspection_json,
    inspection_schema, inspection_text,
};
pub use json::{ReadError, json, report_schema};
pub use junit::junit;
pub use layout::{display_width, padded, wrapped};
pub use markdown::{COMMENT, markdown};
pub use model::{
    CheckReport, DisputeReport, ExecutionReport, Report, RunReport, SnapshotReport, Statistics, SuiteReport,
};
#[cfg(feature = "cli")]
pub(crate) use numbers::bytes;
pub(crate) use numbers::{growth, minute, percent as percent_text};
pub use others::OtherReport;
pub use page::Home;
pub(crate) use page::anchor;
pub(crate) use past::of_letter;
pub use past::{CheckPastReport, GoneReport, SinceReport, SuitePastReport, letter};
pub use profile::{
    ClassReport, ColumnProfileReport, CountedValue, DistinctReport, FormatReport, LengthsReport,
    ProfileReport, RemarkReport, ValuesReport, profile_html, profile_json, profile_schema, profile_text,
};
pub use sarif::sarif;
pub use selection::NothingSelected;
pub use split_parts::{SplitPartReport, SplitReport};
pub use stage::{Failure, Stopped};
pub use staged::{PublicationReport, StagedReport};
pub use text::{TextOptions, text};
pub use visible::{brief, visible};
