//! The demo's lakehouse, made from TPC-H: raw bronze tables, cleaned silver tables, aggregated gold tables.
//!
//! Bronze has the faults of [`FAULTS`](super::faults::FAULTS). Silver follows from bronze by one rule: a
//! value that can be repaired is repaired, a detail that cannot is left blank, and a row whose customer,
//! status, dates or amounts cannot be trusted is left out. Nothing is random and nothing depends on the
//! clock, so that every lakehouse is the same.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use deltalake::DeltaTableError;
use deltalake::protocol::SaveMode;
use tokio::runtime::Builder;

use super::columns::by_load;
use super::customers::{self, Customer, RawCustomer};
use super::gold::{self, Silver};
use super::line_items::{self, LineItem, RawLineItem};
use super::orders::{self, Order, RawOrder};
use super::table::Target;
use super::tpch::{LOADS, Tpch};

/// The error that the lakehouse could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(super) enum LakeError {
    /// A table's folder could not be made.
    #[error("cannot create the folder {}", .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The error of the file system.
        source: io::Error,
    },
    /// A table's folder has no URL.
    #[error("the folder {} cannot be written as a URL", .path.display())]
    Location {
        /// The folder.
        path: PathBuf,
    },
    /// A table could not be created or written, for example because it exists.
    #[error("cannot write the table {table}")]
    Delta {
        /// The table, relative to the lakehouse's root.
        table: &'static str,
        /// The error of deltalake.
        source: Box<DeltaTableError>,
    },
    /// The rows could not be converted to Arrow columns.
    #[error("cannot make columns of the demo's rows")]
    Columns {
        /// The error of arrow.
        #[from]
        source: ArrowError,
    },
    /// The async runtime that deltalake needs could not be started.
    #[error("cannot start the runtime that writes tables")]
    Runtime {
        /// The error of the system.
        source: io::Error,
    },
}

/// Writes the lakehouse below `root`: `lake/bronze`, `lake/silver` and `lake/gold`, each a few Delta tables
/// with four versions (created, then three loads).
///
/// # Errors
///
/// If a table is already there, or the folder cannot be written to.
pub(super) fn write(root: &Path) -> Result<(), LakeError> {
    let tables = tables()?;
    let runtime =
        Builder::new_current_thread().enable_all().build().map_err(|source| LakeError::Runtime { source })?;
    runtime.block_on(async {
        for (target, commits) in &tables {
            target.write(root, commits).await?;
        }
        Ok(())
    })
}

/// Returns every table with the batches of its versions.
fn tables() -> Result<Vec<(Target, Vec<RecordBatch>)>, LakeError> {
    let tpch = Tpch::new();
    let raw_customers = customers::raw(&tpch);
    let raw_orders = orders::raw(&tpch);
    let raw_line_items = line_items::raw(&tpch);
    let customers = customers::clean(&raw_customers, &tpch.nations());
    let known: HashSet<i64> = customers.iter().map(|customer| customer.customer_id).collect();
    let orders = orders::clean(&raw_orders, &known);
    let line_items = line_items::clean(&raw_line_items, &orders);
    let standings: Vec<_> = LOADS
        .iter()
        .map(|load| Silver {
            customers: &customers,
            orders: orders.iter().filter(|order| order.loaded_on <= load.day).collect(),
            line_items: line_items.iter().filter(|item| item.loaded_on <= load.day).collect(),
        })
        .collect();
    Ok(vec![
        (BRONZE_CUSTOMERS, by_load(&raw_customers, |row| row.loaded_on, RawCustomer::batch)?),
        (BRONZE_ORDERS, by_load(&raw_orders, |row| row.loaded_on, RawOrder::batch)?),
        (BRONZE_LINE_ITEMS, by_load(&raw_line_items, |row| row.loaded_on, RawLineItem::batch)?),
        (SILVER_CUSTOMERS, by_load(&customers, |row| row.loaded_on, Customer::batch)?),
        (SILVER_ORDERS, by_load(&orders, |row| row.loaded_on, Order::batch)?),
        (SILVER_LINE_ITEMS, by_load(&line_items, |row| row.loaded_on, LineItem::batch)?),
        (GOLD_REVENUE, standings.iter().map(gold::revenue_by_segment).collect::<Result<_, _>>()?),
        (GOLD_SHIPPING, standings.iter().map(gold::shipping_by_mode).collect::<Result<_, _>>()?),
    ])
}

const BRONZE_CUSTOMERS: Target = Target {
    path: "lake/bronze/customers",
    comment: "customers as the source system sends them",
    partition_by: &[],
    mode: SaveMode::Append,
};

const BRONZE_ORDERS: Target = Target {
    path: "lake/bronze/orders",
    comment: "orders as the source system sends them",
    partition_by: &["loaded_on"],
    mode: SaveMode::Append,
};

const BRONZE_LINE_ITEMS: Target = Target {
    path: "lake/bronze/line_items",
    comment: "line items as the source system sends them",
    partition_by: &["loaded_on"],
    mode: SaveMode::Append,
};

const SILVER_CUSTOMERS: Target = Target {
    path: "lake/silver/customers",
    comment: "one row per customer, cleaned",
    partition_by: &[],
    mode: SaveMode::Append,
};

const SILVER_ORDERS: Target = Target {
    path: "lake/silver/orders",
    comment: "one row per order of a known customer, cleaned",
    partition_by: &["order_year"],
    mode: SaveMode::Append,
};

const SILVER_LINE_ITEMS: Target = Target {
    path: "lake/silver/line_items",
    comment: "one row per line of an order in silver, cleaned",
    partition_by: &[],
    mode: SaveMode::Append,
};

const GOLD_REVENUE: Target = Target {
    path: "lake/gold/revenue_by_segment",
    comment: "revenue by month and market segment",
    partition_by: &[],
    mode: SaveMode::Overwrite,
};

const GOLD_SHIPPING: Target = Target {
    path: "lake/gold/shipping_by_mode",
    comment: "punctuality by year and ship mode",
    partition_by: &[],
    mode: SaveMode::Overwrite,
};

impl LakeError {
    pub(super) fn folder(path: &Path, source: io::Error) -> Self {
        Self::Folder { path: path.to_owned(), source }
    }
}
