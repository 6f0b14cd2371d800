//! What a program that ends in the middle of its work would leave behind.

use crate::sink::withdraw_all;
use crate::source::remove_spools;

/// Deletes what is not committed, and what was fetched; stops what runs elsewhere.
pub(super) fn remove_leftovers() {
    crate::engine::sql::stop_statements();
    withdraw_all();
    remove_spools();
}
