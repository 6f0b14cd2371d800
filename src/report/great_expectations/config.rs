//! What was expected, as Great Expectations keeps it.

use serde_json::{Map, Value as Json, json};

use super::native;
use crate::data::ColumnPath;
use crate::run::SuiteRun;
use crate::suite::Check;

/// The configuration of a check: the one it was read from, else the one it would have been.
pub(super) fn expectation_config(suite: &SuiteRun, check: &Check) -> Json {
    let (theirs, kwargs, mut rest) = match &check.origin {
        Some(origin) => {
            let mut rest = Map::new();
            rest.insert("meta".to_owned(), or_empty(&origin.meta));
            rest.insert("id".to_owned(), json!(origin.id));
            rest.insert("severity".to_owned(), check.severity.name().into());
            if !origin.notes.is_null() {
                rest.insert("notes".to_owned(), origin.notes.clone());
            }
            (origin.expectation.clone(), or_empty(&origin.kwargs), rest)
        }
        None => {
            let (theirs, kwargs) = native::expectation(check);
            let mut rest = Map::new();
            rest.insert("meta".to_owned(), json!({ "karat": of_karat(check) }));
            rest.insert("id".to_owned(), check.id.clone().into());
            rest.insert("severity".to_owned(), check.severity.name().into());
            (theirs, Json::Object(kwargs), rest)
        }
    };
    let description = match &check.origin {
        Some(origin) => origin.description.as_ref(),
        None => check.description.as_ref(),
    };
    if let Some(description) = description {
        rest.insert("description".to_owned(), description.clone().into());
    }
    let mut given = Map::new();
    given.insert("batch_id".to_owned(), batch_id(suite).into());
    if let Json::Object(kwargs) = kwargs {
        given.extend(kwargs.into_iter().filter(|(name, _)| name != "batch_id"));
    }
    let mut config = Map::new();
    config.insert("type".to_owned(), theirs.into());
    config.insert("kwargs".to_owned(), Json::Object(given));
    config.extend(rest);
    Json::Object(config)
}

/// The name of the data that was judged.
pub(super) fn batch_id(suite: &SuiteRun) -> String {
    let version = suite.snapshot.as_ref().and_then(|snapshot| snapshot.version);
    let version = version.map(|version| format!("-version_{version}")).unwrap_or_default();
    format!("karat-{}{version}", suite.uri.as_deref().unwrap_or_default())
}

/// The name of a column as Great Expectations knows it: without backticks, unless it is a field.
pub(super) fn column_name(path: &ColumnPath) -> String {
    match path.parts() {
        [name] => name.clone(),
        _ => path.to_string(),
    }
}

/// What a suite of karat says that Great Expectations has no word for.
fn of_karat(check: &Check) -> Json {
    let mut told = Map::new();
    told.insert("sentence".to_owned(), check.summary.clone().into());
    told.insert("demand".to_owned(), check.demand().into());
    if check.definition.nature == crate::expectation::Nature::Rows {
        told.insert("thresholds".to_owned(), check.thresholds.to_string().into());
    }
    if !check.tags.is_empty() {
        told.insert("tags".to_owned(), json!(check.tags));
    }
    Json::Object(told)
}

fn or_empty(json: &Json) -> Json {
    if json.is_null() { json!({}) } else { json.clone() }
}
