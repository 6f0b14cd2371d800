//! The demo's lakehouse, made from TPC-H: raw bronze tables, cleaned silver tables, aggregated gold tables.
//!
//! Bronze has the faults of [`FAULTS`](super::faults::FAULTS). Silver follows from bronze by one rule: a
//! value that can be repaired is repaired, a detail that cannot is left blank, and a row whose customer,
//! status, dates or amounts cannot be trusted is left out; orders among them go to a quarantine (see
//! [`stage`](super::stage)). Nothing is random and nothing depends on the
//! clock, so that every lakehouse is the same.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use chrono::{DateTime, Utc};
use deltalake::{DeltaTable, DeltaTableError};
use tokio::runtime::{Builder, Runtime};

use super::columns::by_load;
use super::customers::{self, Customer, RawCustomer};
use super::gold::{self, Silver};
use super::incidents;
use super::line_items::{self, LineItem, RawLineItem};
use super::orders::{self, RawOrder};
use super::publishing::OrdersByLoad;
use super::stage::{Staged, stage};
use super::table::{Target, Version};
use super::tpch::{COUNT, LOADS, Tpch};

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
    /// Bronze could not be told apart for silver.
    #[error("cannot split bronze: {reason}")]
    Stage {
        /// The reason.
        reason: String,
    },
    /// A table's rows could not be staged, or were neither published nor refused.
    #[error("cannot publish gold: {reason}")]
    Unpublished {
        /// The reason.
        reason: String,
    },
    /// The async runtime that deltalake needs could not be started.
    #[error("cannot start the runtime that writes tables")]
    Runtime {
        /// The error of the system.
        source: io::Error,
    },
}

/// A lakehouse that is being written: `lake/bronze`, `lake/silver` and `lake/gold`, each a few Delta tables. They are created, and
/// each load adds a version to all of them, unless what it stages for gold is refused.
pub(super) struct Lake {
    root: PathBuf,
    runtime: Runtime,
    /// Each table with the versions to come.
    tables: Vec<(Target, DeltaTable, Vec<Version>)>,
    orders_by_load: OrdersByLoad,
}

/// All tables with their versions, but for the one that is published.
struct Tables {
    versions: Vec<(Target, Vec<Version>)>,
    orders_by_load: OrdersByLoad,
}

impl Lake {
    /// Creates the tables below a folder.
    ///
    /// # Errors
    /// A table is already there, or the folder cannot be written to.
    pub(super) fn create(root: &Path) -> Result<Self, LakeError> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| LakeError::Runtime { source })?;
        let Tables { versions, orders_by_load } = tables()?;
        let mut tables = Vec::new();
        for (target, versions) in versions {
            if let Some(first) = versions.first() {
                tables.push((target, runtime.block_on(target.create(root, first))?, versions));
            }
        }
        Ok(Self { root: root.to_owned(), runtime, tables, orders_by_load })
    }

    /// Commits a load, counted from 1, to all tables, as of a time; what it brings to gold is published at last.
    ///
    /// # Errors
    /// A table cannot be written.
    pub(super) fn load(&mut self, load: usize, time: DateTime<Utc>) -> Result<(), LakeError> {
        for (target, table, versions) in &mut self.tables {
            if let Some(version) = versions.get(load - 1) {
                self.runtime.block_on(target.commit(table, version))?;
                target.date(&self.root, load as u64, time.into())?;
            }
        }
        self.orders_by_load.publish(&self.root, load, time)
    }
}

fn tables() -> Result<Tables, LakeError> {
    let tpch = Tpch::new();
    let raw_customers = customers::raw(&tpch);
    let raw_orders = orders::raw(&tpch);
    let raw_line_items = line_items::raw(&tpch);
    let customers = customers::clean(&raw_customers, &tpch.nations());
    let known: HashSet<i64> = customers.iter().map(|customer| customer.customer_id).collect();
    let bronze_orders = by_load(&raw_orders, |row| row.loaded_on, RawOrder::batch)?;
    let Staged { valid, quarantine } = stage(raw_orders, &raw_customers)?;
    let orders = orders::clean(&valid, &known);
    let line_items = line_items::clean(&raw_line_items, &orders);
    let standings: Vec<_> = (1..=COUNT)
        .map(incidents::gold_of)
        .filter_map(|load| LOADS.get(load - 1))
        .map(|load| Silver {
            customers: &customers,
            orders: orders.iter().filter(|order| order.loaded_on <= load.day).collect(),
            line_items: line_items.iter().filter(|item| item.loaded_on <= load.day).collect(),
        })
        .collect();
    let versions = vec![
        (BRONZE_CUSTOMERS, by_load(&raw_customers, |row| row.loaded_on, RawCustomer::batch)?),
        (BRONZE_ORDERS, bronze_orders),
        (BRONZE_LINE_ITEMS, by_load(&raw_line_items, |row| row.loaded_on, RawLineItem::batch)?),
        (QUARANTINE_ORDERS, quarantine),
        (SILVER_CUSTOMERS, by_load(&customers, |row| row.loaded_on, Customer::batch)?),
        (SILVER_ORDERS, incidents::silver_orders(&orders)?),
        (SILVER_LINE_ITEMS, by_load(&line_items, |row| row.loaded_on, LineItem::batch)?),
        (GOLD_REVENUE, overwritten(&standings, gold::revenue_by_segment)?),
        (GOLD_SHIPPING, overwritten(&standings, gold::shipping_by_mode)?),
    ];
    Ok(Tables { versions, orders_by_load: OrdersByLoad::of(&orders) })
}

/// Returns one version for each standing, which replaces the one before.
fn overwritten(
    standings: &[Silver<'_>],
    rows: impl Fn(&Silver<'_>) -> Result<RecordBatch, ArrowError>,
) -> Result<Vec<Version>, ArrowError> {
    standings.iter().map(|standing| rows(standing).map(Version::overwritten)).collect()
}

const BRONZE_CUSTOMERS: Target = Target {
    path: "lake/bronze/customers",
    comment: "customers as the source system sends them",
    partition_by: &[],
};

const BRONZE_ORDERS: Target = Target {
    path: "lake/bronze/orders",
    comment: "orders as the source system sends them",
    partition_by: &["loaded_on"],
};

const BRONZE_LINE_ITEMS: Target = Target {
    path: "lake/bronze/line_items",
    comment: "line items as the source system sends them",
    partition_by: &["loaded_on"],
};

const QUARANTINE_ORDERS: Target = Target {
    path: "lake/quarantine/orders",
    comment: "orders of bronze that did not reach silver, with the reasons",
    partition_by: &[],
};

const SILVER_CUSTOMERS: Target =
    Target { path: "lake/silver/customers", comment: "one row per customer, cleaned", partition_by: &[] };

const SILVER_ORDERS: Target = Target {
    path: "lake/silver/orders",
    comment: "one row per order of a known customer, cleaned",
    partition_by: &["order_year"],
};

const SILVER_LINE_ITEMS: Target = Target {
    path: "lake/silver/line_items",
    comment: "one row per line of an order in silver, cleaned",
    partition_by: &[],
};

const GOLD_REVENUE: Target = Target {
    path: "lake/gold/revenue_by_segment",
    comment: "revenue by month and market segment",
    partition_by: &[],
};

const GOLD_SHIPPING: Target = Target {
    path: "lake/gold/shipping_by_mode",
    comment: "punctuality by year and ship mode",
    partition_by: &[],
};

impl LakeError {
    pub(super) fn folder(path: &Path, source: io::Error) -> Self {
        Self::Folder { path: path.to_owned(), source }
    }

    pub(super) const fn unpublished(reason: String) -> Self {
        Self::Unpublished { reason }
    }
}
