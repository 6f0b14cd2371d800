//! SQL warehouses of Databricks, by the Statement Execution API.

mod answers;
mod connector;
mod results;
mod session;
mod statements;

pub use connector::DatabricksConnector;
