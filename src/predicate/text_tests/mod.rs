//! Tests of a text for which SQL has no word: each says what it tests, and nothing else tells two apart.

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
