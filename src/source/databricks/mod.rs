//! What a workspace of Databricks, or a catalog that speaks as its Unity Catalog does, answers: where tables lie, and who may read
//! them. `engine/sql/databricks` asks its warehouses.

mod lending;
mod name;
mod settings;
mod tables;
mod token;
mod workspace;

pub(crate) use lending::CatalogLender;
pub(crate) use name::TableName;
pub use settings::{DatabricksSettings, Login};
pub(crate) use tables::CatalogTable;
pub(crate) use workspace::{Refusal, Workspace};
