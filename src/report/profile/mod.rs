//! A profile → text, JSON and HTML.

mod html;
mod model;
mod text;

pub use html::profile_html;
pub use model::{
    ClassReport, ColumnProfileReport, CountedValue, DistinctReport, FormatReport, LengthsReport,
    ProfileReport, RemarkReport, ValuesReport, profile_json, profile_schema,
};
pub use text::profile_text;
