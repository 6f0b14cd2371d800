//! The predicate language and the checks on values, compared with naive implementations.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "naive arithmetic is the purpose"
)]

pub(crate) mod aggregates;
mod bounds;
pub(crate) mod calls;
pub(crate) mod casts;
pub(crate) mod columns;
pub(crate) mod digits;
pub(crate) mod evaluate;
mod exact;
mod examples;
mod files;
mod generate;
mod input;
pub(crate) mod multi;
mod pairs;
mod relative;
pub(crate) mod rows;
pub(crate) mod sequences;
mod statistics;
pub(crate) mod table;

/// The page of the language must name every function.
#[test]
fn every_function_is_documented() {
    let page = include_str!("../../expectations/predicates.md");
    for function in karat::predicate::Function::all() {
        assert!(page.contains(&format!("`{}(", function.name())), "{}", function.name());
    }
}

/// The page must be short enough for a newcomer to read to the end.
#[test]
fn the_page_of_the_language_is_short() {
    let page = include_str!("../../expectations/predicates.md");
    assert!(page.lines().count() < 200);
}
