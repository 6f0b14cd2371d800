//! What is selected for each metric, and how its value is read from that.

mod aggregates;
mod each;
mod groups;
mod lookups;
mod recipe;

pub(super) use lookups::without_match;
pub(super) use recipe::{Context, Finish, Guard, Recipe, recipe, statement};
