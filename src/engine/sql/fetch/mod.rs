//! Fetches what a system cannot say exactly, and has karat's own engine judge it.

mod batches;
mod fetching;
mod needed;

pub use fetching::Fetching;
pub(super) use fetching::Run;
pub(super) use needed::{Tables, is_fetched_for};
