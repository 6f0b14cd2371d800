//! The gold table that is published: each load stages a row of its day, which becomes a part of the table if the suite's
//! gate lets it through. One load stages the row of the day before once more and is refused; the next one stages what is missing.

use std::collections::HashSet;
use std::fs::{self, File};
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use chrono::{DateTime, Utc};
use parquet::arrow::ArrowWriter;

use super::columns::{batch, date, int64};
use super::lake::LakeError;
use super::orders::Order;
use super::table::Target;
use super::tpch::LOADS;
use crate::publish::publish;
use crate::run::{CheckOptions, PublicationOutcome};
use crate::source::{DataSource, Staged};
use crate::suite::Suite;

/// The first load makes it.
const TABLE: Target =
    Target { path: "lake/gold/orders_by_load", comment: "what each load brought", partition_by: &[] };
/// Where files wait to be published.
const STAGING: &str = "lake/staging/orders_by_load";
const SUITE: &str = include_str!("../../../suites/gold/orders_by_load.yml");

/// The load that stages the row of the load before once more, counted from 1.
const REPEATED: usize = 5;

/// What each load brought to silver.
#[derive(Debug)]
struct Brought {
    day: i32,
    order_count: usize,
    customer_count: usize,
}

/// The rows of all loads, in the order of these.
pub(super) struct OrdersByLoad(Vec<Brought>);

impl OrdersByLoad {
    pub(super) fn of(orders: &[Order]) -> Self {
        let brought = LOADS.iter().map(|load| {
            let of_load = orders.iter().filter(|order| order.loaded_on == load.day);
            let customers: HashSet<i64> = of_load.clone().map(|order| order.customer_id).collect();
            Brought { day: load.day, order_count: of_load.count(), customer_count: customers.len() }
        });
        Self(brought.collect())
    }

    /// Stages what comes with a load, counted from 1, and publishes it unless it is refused, which leaves it where it is.
    ///
    /// # Errors
    /// The file cannot be written, or is neither published nor refused.
    pub(super) fn publish(&self, root: &Path, load: usize, time: DateTime<Utc>) -> Result<(), LakeError> {
        let suite = Suite::from_yaml(SUITE).map_err(|error| LakeError::unpublished(error.to_string()))?;
        let staging = root.join(STAGING);
        fs::create_dir_all(&staging).map_err(|source| LakeError::folder(&staging, source))?;
        let file = staging.join(format!("load-{load}.parquet"));
        write(&file, &self.staged(load)?)?;
        let lake = root.to_owned();
        let options = CheckOptions {
            now: Some(time),
            datasets: Arc::new(move |name| DataSource::from(lake.join(name).display().to_string())),
            ..CheckOptions::default()
        };
        let into = root.join(TABLE.path).display().to_string();
        let run = publish(&suite, &into, &Staged::at(file.display().to_string()), &options);
        match run.publication.map(|publication| publication.outcome) {
            Some(PublicationOutcome::Published { version }) => {
                TABLE.date(root, version, time.into())?;
                fs::remove_file(&file).map_err(|source| LakeError::folder(&file, source))
            }
            Some(PublicationOutcome::Refused) => Ok(()),
            other => Err(LakeError::unpublished(format!("{other:?}"))),
        }
    }

    fn staged(&self, load: usize) -> Result<RecordBatch, ArrowError> {
        let loads = loads(load);
        let rows = self.0.iter().zip(1..).filter(|(_, load)| loads.contains(load)).map(|(row, _)| row);
        batch([
            ("loaded_on", date(rows.clone().map(|row| row.day))),
            ("order_count", int64(rows.clone().map(|row| i64::try_from(row.order_count).ok()))),
            ("customer_count", int64(rows.map(|row| i64::try_from(row.customer_count).ok()))),
        ])
    }
}

/// Returns the loads whose rows are staged with one.
fn loads(load: usize) -> RangeInclusive<usize> {
    // The load after the one that was refused brings both.
    let first = if [REPEATED, REPEATED + 1].contains(&load) { load - 1 } else { load };
    first..=load
}

fn write(path: &Path, rows: &RecordBatch) -> Result<(), LakeError> {
    let unwritten = |error: parquet::errors::ParquetError| LakeError::unpublished(error.to_string());
    let file = File::create(path).map_err(|source| LakeError::folder(path, source))?;
    let mut writer = ArrowWriter::try_new(file, rows.schema(), None).map_err(unwritten)?;
    writer.write(rows).and_then(|()| writer.close().map(drop)).map_err(unwritten)
}
