//! Writes a run as the validation results that Great Expectations 1.x would have written.

mod config;
mod counterparts;
mod format;
mod json;
mod list;
mod native;
mod observed;
mod result;
mod rows;
mod validation;

pub use format::{ResultFormat, ValidationOptions};
pub use validation::{validation_result, validation_results};
