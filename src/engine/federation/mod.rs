//! Data of several systems, judged together: each dataset by the engine of what holds it.
//!
//! What one system can say of all that it holds, it says. Counts and aggregates of a dataset of another system are asked of
//! that one. What is left, such as keys of one system that must exist in another, is fetched under a limit, its columns only,
//! and karat's own engine judges it.
//!
//! ```text
//! held         data with the engine that opened it
//! datasets     those of a run: the judged one, and the others, here or away
//! needed       the columns that decide what is left
//! completion   what is left, judged of fetched rows
//! engine       the engine of all of them
//! ```

mod completion;
mod datasets;
mod engine;
mod held;
mod needed;

pub use engine::FederatedEngine;
pub use held::{Held, Opener};
