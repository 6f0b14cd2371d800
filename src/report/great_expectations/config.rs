//! Builds the configuration of a check as Great Expectations stores it.

use serde_json::{Map, Value as Json, json};

use super::native;
use crate::data::ColumnPath;
use crate::run::SuiteRun;
use crate::suite::{Check, Origin, Tool};

/// The parts of the configuration of an expectation.
struct Config {
    expectation: String,
    kwargs: Map<String, Json>,
    meta: Json,
    id: Option<String>,
    notes: Json,
    description: Option<String>,
}

/// Returns the configuration of a check: the one from which it was read, otherwise the equivalent one.
pub(super) fn expectation_config(suite: &SuiteRun, check: &Check) -> Json {
    let Config { expectation, kwargs, meta, id, notes, description } =
        origin(check).map_or_else(|| of_karat(check), adopted);
    let mut given = Map::new();
    given.insert("batch_id".to_owned(), batch_id(suite).into());
    given.extend(kwargs.into_iter().filter(|(name, _)| name != "batch_id"));
    let mut config = json!({
        "type": expectation,
        "kwargs": given,
        "meta": meta,
        "id": id,
        "severity": check.severity.name(),
    });
    if !notes.is_null() {
        config["notes"] = notes;
    }
    if let Some(description) = description {
        config["description"] = description.into();
    }
    config
}

/// Returns the expectation of Great Expectations from which a check was read.
pub(super) fn origin(check: &Check) -> Option<&Origin> {
    check.origin.as_ref().filter(|origin| origin.tool == Tool::GreatExpectations)
}

/// Returns the configuration in the suite of Great Expectations.
fn adopted(origin: &Origin) -> Config {
    let kept = |name: &str| origin.kept.get(name).cloned().unwrap_or_default();
    let meta = kept("meta");
    Config {
        expectation: origin.name.clone(),
        kwargs: origin.arguments.as_object().cloned().unwrap_or_default(),
        meta: if meta.is_null() { json!({}) } else { meta },
        id: origin.id.clone(),
        notes: kept("notes"),
        description: origin.description.clone(),
    }
}

/// Returns the configuration of a check of karat. `meta` holds what Great Expectations has no keys for.
fn of_karat(check: &Check) -> Config {
    let (expectation, kwargs) = native::expectation(check);
    let mut of_karat = json!({ "id": check.id, "sentence": check.summary, "demand": check.demand() });
    if check.definition.nature.counts_rows() {
        of_karat["thresholds"] = check.thresholds.to_string().into();
    }
    if !check.tags.is_empty() {
        of_karat["tags"] = json!(check.tags);
    }
    Config {
        expectation,
        kwargs,
        meta: json!({ "karat": of_karat }),
        // Ids of Great Expectations are UUIDs, so karat's id is no valid one.
        id: None,
        notes: Json::Null,
        description: check.description.clone(),
    }
}

/// Returns the name of the data that was judged: its URI and version.
pub(super) fn batch_id(suite: &SuiteRun) -> String {
    let version = suite.snapshot.as_ref().and_then(|snapshot| snapshot.version);
    let version = version.map(|version| format!("-version_{version}")).unwrap_or_default();
    format!("karat-{}{version}", suite.uri.as_deref().unwrap_or_default())
}

/// Returns the name of a column as Great Expectations knows it: without backticks, unless it is a field.
pub(super) fn column_name(path: &ColumnPath) -> String {
    match path.parts() {
        [name] => name.clone(),
        _ => path.to_string(),
    }
}
