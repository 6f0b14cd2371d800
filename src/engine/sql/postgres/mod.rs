//! PostgreSQL by its own protocol, and Redshift, which speaks the same.

mod address;
mod catalog;
mod connector;
mod redshift_catalog;
mod server;
mod session;

pub use connector::{PostgresConnector, PostgresSettings};
