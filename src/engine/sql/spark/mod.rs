//! Tables of Spark, and of what stands on it: how they are named, opened and read. What connects is elsewhere.

mod catalog;
mod history;
mod name;
mod open;
mod unconnected;

pub use name::TableName;
pub use open::{Opening, SETTINGS};
pub use unconnected::Unconnected;
