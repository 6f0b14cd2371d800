//! Fetches all columns of the failing rows that are shown.

use std::collections::HashMap;

use polars::prelude::DataFrame;
use roaring::RoaringTreemap;

use crate::data::{ColumnPath, Value};
use crate::engine::polars::query::{QueryCost, cell, execute_counted};
use crate::engine::polars::row_batches::rows;
use crate::engine::polars::snapshot::Snapshot;
use crate::engine::{Control, EngineError, RowRequest};
use crate::privacy::{Masked, MaskedSamples, Privacy};
use crate::source::files::ROW_COLUMN;

/// The most values that are fetched for all checks together. The checks beyond show only what they read.
const MOST_VALUES: usize = 5_000;

/// Adds the values of all columns to the samples of as many checks as there is room for, in their order. What is withheld
/// is not read.
pub(in crate::engine::polars) fn add_whole_rows(
    samples: &mut [MaskedSamples],
    snapshot: &Snapshot,
    privacy: &Privacy,
    control: Control<'_>,
    cost: &mut QueryCost,
) -> Result<(), EngineError> {
    let shown = |name: &&str| {
        let column = ColumnPath::column(*name);
        snapshot.schema.unread(&column).is_none() && !privacy.withholds(&column)
    };
    let columns: Vec<String> = snapshot.schema.names().filter(shown).map(str::to_owned).collect();
    let mut room = MOST_VALUES;
    let fits = |samples: &&mut MaskedSamples| {
        let values = samples.rows.len() * columns.len();
        let fits = values <= room;
        room = room.saturating_sub(values);
        fits
    };
    let samples: Vec<&mut MaskedSamples> = samples.iter_mut().take_while(fits).collect();
    let wanted: RoaringTreemap =
        samples.iter().flat_map(|of| &of.rows).filter_map(|row| row.position).collect();
    if wanted.is_empty() || columns.is_empty() {
        return Ok(());
    }
    // Values are wrapped below.
    let request = RowRequest { columns: &columns, rows: Some(&wanted), privacy: &Privacy::default() };
    let found = execute_counted(vec![rows(snapshot, request)?], snapshot, control, cost)?;
    let found = by_number(found.first(), &columns)?;
    for row in samples.into_iter().flat_map(|of| &mut of.rows) {
        if let Some(values) = row.position.and_then(|number| found.get(&number)) {
            let named = columns.iter().zip(values);
            let named = named
                .map(|(name, value)| (name.clone(), Masked::of([&ColumnPath::column(name)], value.clone())));
            row.whole = named.collect();
        }
    }
    Ok(())
}

/// Returns the values of each row, by its number.
fn by_number(found: Option<&DataFrame>, columns: &[String]) -> Result<HashMap<u64, Vec<Value>>, EngineError> {
    let mut rows = HashMap::new();
    let Some(found) = found else { return Ok(rows) };
    for row in 0..found.height() {
        if let Some(number) = cell(found, ROW_COLUMN, row)?.as_count() {
            let values = columns.iter().map(|name| cell(found, name, row));
            rows.insert(number, values.collect::<Result<_, EngineError>>()?);
        }
    }
    Ok(rows)
}
