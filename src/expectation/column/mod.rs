//! Expectations on a column of the schema.

pub(super) mod exists;
pub(super) mod r#type;
pub(super) mod type_in;
