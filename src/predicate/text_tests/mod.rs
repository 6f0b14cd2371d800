//! Tests of texts that SQL cannot express. Two tests are equal if their definitions are.

mod backtracking;
mod card_number;
#[cfg(test)]
mod closure;
mod codes;
mod compiled;
mod dateutil;
mod ip_address;
mod json;
mod strptime;
mod text_test;

pub use backtracking::BacktrackingRegex;
pub use codes::Letters;
pub use ip_address::IpVersion;
pub use json::{JsonSchema, WrongSchema};
pub use strptime::TimeFormat;
pub use text_test::TextTest;
