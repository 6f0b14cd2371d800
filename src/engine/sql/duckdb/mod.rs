//! DuckDB in this process, by its shared library, which is loaded when it is first asked for.

mod catalog;
mod connector;
mod session;

pub use connector::DuckDbConnector;
