//! PostgreSQL, by its own protocol.

mod address;
mod catalog;
mod connector;
mod session;

pub use connector::{PostgresConnector, PostgresSettings};
