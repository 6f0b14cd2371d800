//! The `result` of rows that hold or fail.

use serde_json::{Map, Value as Json, json};

use super::config::column_name;
use super::format::{LISTED, ResultFormat, ValidationOptions};
use super::json::json as written;
use super::list::{Domain, counted, find};
use crate::data::ColumnPath;
use crate::evaluate::{Counts, Outcome};
use crate::privacy::SampleRow;
use crate::run::SuiteRun;
use crate::suite::Check;

/// Returns the `result` of counted rows.
pub(super) fn result(
    suite: &SuiteRun,
    check: &Check,
    outcome: &Outcome,
    counts: Counts,
    options: &ValidationOptions,
) -> Map<String, Json> {
    let index = index(suite, options);
    let domain = Domain::of(check, outcome);
    let rows = &outcome.samples.rows;
    let partial = options.partial_unexpected_count.min(rows.len());
    let failing = ratio(counts.failing, counts.considered);
    let mut found = Map::new();
    let mut put = |name: &str, value: Json| found.insert(name.to_owned(), value);
    // Values of personal data are left out, as if they had been excluded.
    let is_public = !outcome.masked;
    let values: Vec<Json> = rows.iter().take(LISTED).map(|row| domain.value(row)).collect();

    put("element_count", counts.rows.into());
    put("unexpected_count", counts.failing.into());
    put("unexpected_percent", json!(failing));
    if is_public {
        put("partial_unexpected_list", values.iter().take(partial).cloned().collect());
    }
    if !index.is_empty() {
        put("unexpected_index_column_names", index.iter().copied().map(column_name).collect::<Json>());
    }
    if !matches!(check.definition.id, "not_null" | "null") {
        let missing = counts.rows.saturating_sub(counts.considered);
        put("missing_count", missing.into());
        put("missing_percent", json!(ratio(missing, counts.rows)));
        put("unexpected_percent_total", json!(ratio(counts.failing, counts.rows)));
        put("unexpected_percent_nonmissing", json!(failing));
    }
    if options.result_format < ResultFormat::Summary {
        return found;
    }
    let complete = options.result_format == ResultFormat::Complete;
    // Great Expectations counts the rows that it lists, not all failing rows.
    let listed = if complete { rows.len().min(LISTED) } else { partial };
    let places = |most: usize| -> Json {
        rows.iter().take(most).map(|row| place(row, &index, &domain, is_public)).collect()
    };
    if is_public {
        put("partial_unexpected_counts", counted(&domain, &rows[..listed], options.partial_unexpected_count));
    }
    put("partial_unexpected_index_list", places(partial));
    if complete {
        if is_public {
            put("unexpected_list", Json::Array(values));
        }
        put("unexpected_index_list", places(rows.len()));
        put("unexpected_index_query", query(rows).into());
    }
    found
}

/// Returns the columns that identify a failing row, without those of personal data that is withheld.
fn index<'a>(suite: &'a SuiteRun, options: &'a ValidationOptions) -> Vec<&'a ColumnPath> {
    let given = if options.index_columns.is_empty() { &suite.suite.key } else { &options.index_columns };
    let privacy = suite.suite.privacy();
    given.iter().filter(|path| !privacy.withholds(path)).collect()
}

/// Returns the place of a row: its number in the table, or its key with the judged values.
fn place(row: &SampleRow, index: &[&ColumnPath], domain: &Domain, is_public: bool) -> Json {
    if index.is_empty() {
        return json!(row.position);
    }
    let key = row.key.iter().map(|(name, value)| (unquoted(name), written(value)));
    let values = named(domain, row).filter(|_| is_public);
    Json::Object(values.chain(key).collect())
}

/// Returns the name of a column of a sample, as Great Expectations knows it.
fn unquoted(name: &str) -> String {
    ColumnPath::parse(name).map_or_else(|_| name.to_owned(), |path| column_name(&path))
}

/// Returns the pandas expression that looks the rows up.
fn query(rows: &[SampleRow]) -> String {
    let numbers = rows.iter().filter_map(|row| row.position).map(|number| number.to_string());
    format!("df.filter(items=[{}], axis=0)", numbers.collect::<Vec<_>>().join(", "))
}

#[expect(clippy::cast_precision_loss, reason = "Great Expectations divides doubles")]
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64 * 100.0)
}

/// Returns the values that represent a row, by the names of their columns.
fn named<'a>(domain: &'a Domain, row: &'a SampleRow) -> impl Iterator<Item = (String, Json)> + 'a {
    let columns = domain.columns().iter();
    columns.filter_map(|path| Some((column_name(path), written(find(row, path)?))))
}
