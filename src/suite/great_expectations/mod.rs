//! Suites of Great Expectations, 0.x and 1.x: each expectation becomes the check that a suite of
//! karat would write, and is read as that.

mod aggregates;
mod column_condition;
mod columns;
mod condition;
mod distributions;
mod evaluate;
mod formula;
mod kwargs;
mod late;
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

/// What reads its suites.
pub(super) static IMPORTER: Importer = Importer {
    form: "a suite of Great Expectations, with a list of \"expectations\"",
    recognises: read::recognises,
    translate: read::translate,
    refused: &refused::REFUSED,
    names: mapping::names,
    id: mapping::id,
};
