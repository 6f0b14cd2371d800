//! Parses YAML and JSON into trees whose nodes know their places in the text, and describes errors as
//! diagnostics that point at these places. Texts that may hold secrets are masked here before they are shown.

mod credentials;
mod derived_nodes;
mod diagnostic;
mod json;
mod json_schema;
mod lines;
mod masked;
mod nearest;
mod node;
mod parse;
mod quotation;
mod regular_file;
mod spelling;
mod unfinished_file;
mod write;
mod yaml;

pub use credentials::{is_web, masked_credentials, user, without_credentials};
pub use diagnostic::{Diagnostic, Position, Span};
pub(crate) use json_schema::identified;
pub use lines::Lines;
pub use masked::{Word, masked_quotations, masked_values};
pub use nearest::{did_you_mean, nearest};
pub use node::{Key, Node, NodeKind, Scalar};
pub use parse::{MAX_BYTES, MAX_NODES, Syntax, parse};
pub use quotation::brief;
pub(crate) use regular_file::{irregular_kind, open_file};
pub(crate) use unfinished_file::{UNFINISHED, unfinished_file};
pub use write::{text as yaml_text, to_yaml};
