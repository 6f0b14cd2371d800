//! The stage from bronze to silver: orders that the suite of bronze puts aside go to a quarantine, and the others to silver.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use arrow::array::{AsArray as _, BooleanArray};
use arrow::compute::{concat_batches, filter_record_batch};
use arrow::datatypes::{Date32Type, Int64Type};
use arrow::record_batch::RecordBatch;

use super::customers::RawCustomer;
use super::lake::LakeError;
use super::orders::RawOrder;
use super::table::Version;
use super::tpch::LOADS;
use crate::run::CheckOptions;
use crate::source::DataSource;
use crate::split::{SplitError, SplitOptions, split};
use crate::suite::Suite;

const SUITE: &str = include_str!("../../../suites/bronze/orders.yml");
const CUSTOMERS: &str = "lake/bronze/customers";

/// Orders, told apart.
pub(super) struct Staged {
    /// Those for silver.
    pub(super) valid: Vec<RawOrder>,
    /// The versions of the quarantine: each load adds what it brought.
    pub(super) quarantine: Vec<Version>,
}

/// Tells orders apart by the checks of single rows in the suite of bronze.
pub(super) fn stage(orders: Vec<RawOrder>, customers: &[RawCustomer]) -> Result<Staged, LakeError> {
    let suite = Suite::from_yaml(SUITE).map_err(|error| LakeError::Stage { reason: error.to_string() })?;
    let of_rows = suite.checks.iter().filter(|check| check.judges_rows());
    let customers = RawCustomer::batch(&customers.iter().collect::<Vec<_>>())?;
    let check = CheckOptions {
        select: of_rows.map(|check| check.id.clone()).collect(),
        datasets: Arc::new(move |name| match name {
            CUSTOMERS => vec![customers.clone()].into(),
            other => DataSource::from(other),
        }),
        ..CheckOptions::default()
    };
    let batch = RawOrder::batch(&orders.iter().collect::<Vec<_>>())?;
    let options = SplitOptions { check, ..SplitOptions::default() };
    let divided = split(&suite, vec![batch], &options)?;
    let mut quarantined = Vec::new();
    divided.read(&mut |parts| {
        quarantined.extend(parts.quarantine);
        ControlFlow::Continue(())
    })?;
    let quarantined = concat_batches(&divided.quarantine_schema()?, &quarantined)?;
    let aside: HashSet<(i64, i32)> = keys(&quarantined).into_iter().collect();
    let valid = orders.into_iter().filter(|order| !aside.contains(&order.key())).collect();
    Ok(Staged { valid, quarantine: by_load(&quarantined)? })
}

/// Returns the id and the load of each order.
fn keys(orders: &RecordBatch) -> Vec<(i64, i32)> {
    let ids = orders.column_by_name("order_id").and_then(|ids| ids.as_primitive_opt::<Int64Type>());
    let days = orders.column_by_name("loaded_on").and_then(|days| days.as_primitive_opt::<Date32Type>());
    let (Some(ids), Some(days)) = (ids, days) else { return Vec::new() };
    (0..ids.len()).map(|row| (ids.value(row), days.value(row))).collect()
}

fn by_load(orders: &RecordBatch) -> Result<Vec<Version>, LakeError> {
    let keys = keys(orders);
    let of_load = |day: i32| {
        let is_of: BooleanArray = keys.iter().map(|(_, loaded)| Some(*loaded == day)).collect();
        Ok(Version::appended(filter_record_batch(orders, &is_of)?))
    };
    LOADS.iter().map(|load| of_load(load.day)).collect()
}

impl From<SplitError> for LakeError {
    fn from(error: SplitError) -> Self {
        Self::Stage { reason: crate::run::chain(&error) }
    }
}
