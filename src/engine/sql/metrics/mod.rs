//! What is selected for each metric, and how its value is read from that.

mod aggregates;
mod differences;
mod each;
mod groups;
mod lookups;
mod recipe;
mod sequences;

pub(super) use lookups::without_match;
pub(super) use recipe::{Context, Finish, Guard, Recipe, as_text, counted, recipe, statement};
pub(super) use sequences::misplaced;
