//! Reads suites of Great Expectations, 0.x and 1.x: each expectation is translated to the check that a suite
//! of karat would hold, and read as this check.

mod aggregates;
mod column_condition;
mod columns;
mod condition;
mod deferred;
mod distributions;
mod evaluate;
mod formula;
mod kwargs;
mod mapping;
mod multi;
mod numbers;
mod pandas_query;
mod parameters;
mod read;
mod refused;
mod row_condition;
mod tables;
mod tokens;
mod type_names;
mod types;
mod values;

use super::tool::Importer;

/// The importer of suites of Great Expectations.
pub(super) static IMPORTER: Importer = Importer {
    form: "a suite of Great Expectations, with a list of \"expectations\"",
    recognises: read::recognises,
    translate: read::translate,
    refused: &refused::REFUSED,
    names: mapping::names,
    id: mapping::id,
};
