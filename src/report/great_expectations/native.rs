//! Translates checks of karat to expectations of Great Expectations.

use serde_json::{Map, Value as Json, json};

use super::config::column_name;
use super::counterparts::COUNTERPARTS;
use crate::data::ColumnPath;
use crate::suite::{Check, Limit};

/// Returns the type and kwargs of a check: those of its counterpart, if Great Expectations has one that can
/// express the whole check, otherwise the check's own name and arguments.
pub(super) fn expectation(check: &Check) -> (String, Map<String, Json>) {
    let plain = check.name == check.definition.id && check.group_by.is_empty();
    let arguments = check.arguments.as_object().filter(|_| plain);
    let counterpart = arguments.and_then(|arguments| match check.definition.id {
        "pair" => pair(arguments),
        "quantiles" => quantiles(arguments),
        "unique" if check.column.is_some() => {
            Some(("expect_column_values_to_be_unique".to_owned(), Map::new()))
        }
        id => listed(id, arguments),
    });
    let (theirs, given) = counterpart.unwrap_or_else(|| {
        let given = check.given().as_object().cloned().unwrap_or_default();
        (check.name.clone(), given)
    });
    let mut kwargs = Map::new();
    if let Some(column) = &check.column {
        kwargs.insert("column".to_owned(), column_name(column).into());
    }
    kwargs.extend(given);
    if !check.group_by.is_empty() {
        kwargs.insert("group_by".to_owned(), check.group_by.iter().map(column_name).collect());
    }
    if let Some(mostly) = check.thresholds.fail.map_or(Some(0.0), mostly) {
        kwargs.insert("mostly".to_owned(), mostly.into());
    }
    if let Some(condition) = check.condition() {
        kwargs.insert("row_condition".to_owned(), condition.to_string().into());
        kwargs.insert("condition_parser".to_owned(), "spark".into());
    }
    (theirs, kwargs)
}

type Counterpart = Option<(String, Map<String, Json>)>;

/// Returns the first counterpart that has all given arguments.
fn listed(id: &str, given: &Map<String, Json>) -> Counterpart {
    // These arguments choose how karat treats values of another type; Great Expectations has no such choice.
    const NOT_THEIRS: [&str; 2] = ["other_types", "unknown_types"];
    let given: Vec<_> = given.iter().filter(|(name, _)| !NOT_THEIRS.contains(&name.as_str())).collect();
    let mut counterparts = COUNTERPARTS.iter().filter(|counterpart| counterpart.id == id);
    let found = counterparts.find(|counterpart| {
        given.iter().all(|(name, _)| counterpart.arguments.iter().any(|(ours, _)| ours == name))
    })?;
    let (mut theirs, mut kwargs) = (found.theirs.to_owned(), Map::new());
    for (name, value) in given {
        for (_, kwarg) in found.arguments.iter().filter(|(ours, _)| ours == name) {
            if value.is_array() && matches!(*kwarg, "regex" | "like_pattern") {
                theirs.push_str("_list");
                kwargs.insert(format!("{kwarg}_list"), value.clone());
            } else if kwarg.starts_with("column_") {
                kwargs.insert((*kwarg).to_owned(), names(value));
            } else {
                kwargs.insert((*kwarg).to_owned(), value.clone());
            }
        }
    }
    Some((theirs, kwargs))
}

/// Returns the comparison of two columns. Columns are swapped where Great Expectations has only the reverse.
fn pair(given: &Map<String, Json>) -> Counterpart {
    let (theirs, turned, or_equal) = match given.get("is")?.as_str()? {
        "=" => ("expect_column_pair_values_to_be_equal", false, None),
        ">" => ("expect_column_pair_values_a_to_be_greater_than_b", false, Some(false)),
        ">=" => ("expect_column_pair_values_a_to_be_greater_than_b", false, Some(true)),
        "<" => ("expect_column_pair_values_a_to_be_greater_than_b", true, Some(false)),
        "<=" => ("expect_column_pair_values_a_to_be_greater_than_b", true, Some(true)),
        _ => return None,
    };
    let (left, right) = if turned { ("right", "left") } else { ("left", "right") };
    let mut kwargs = Map::new();
    kwargs.insert("column_A".to_owned(), names(given.get(left)?));
    kwargs.insert("column_B".to_owned(), names(given.get(right)?));
    if let Some(or_equal) = or_equal {
        kwargs.insert("or_equal".to_owned(), or_equal.into());
    }
    if let Some(ignore) = given.get("ignore_row_if") {
        kwargs.insert("ignore_row_if".to_owned(), ignore.clone());
    }
    Some((theirs.to_owned(), kwargs))
}

fn quantiles(given: &Map<String, Json>) -> Counterpart {
    let ranges = given.get("ranges")?.as_array()?;
    let at: Vec<Json> = ranges.iter().map(|range| range["at"].clone()).collect();
    let bounds = ranges.iter().map(|range| json!([range["min"], range["max"]]));
    let mut kwargs = Map::new();
    let ranges = json!({ "quantiles": at, "value_ranges": bounds.collect::<Vec<_>>() });
    kwargs.insert("quantile_ranges".to_owned(), ranges);
    if let Some(interpolation) = given.get("interpolation") {
        kwargs.insert("allow_relative_error".to_owned(), interpolation.clone());
    }
    Some(("expect_column_quantile_values_to_be_between".to_owned(), kwargs))
}

/// Returns one column name or several, as Great Expectations knows them. A position stays unchanged.
fn names(json: &Json) -> Json {
    match json {
        Json::String(name) => {
            ColumnPath::parse(name).map_or_else(|_| json.clone(), |path| column_name(&path).into())
        }
        Json::Array(all) => all.iter().map(names).collect(),
        other => other.clone(),
    }
}

/// Returns the share of rows that must hold, or nothing for a limit on a count. Without a limit, the caller
/// takes 0.
fn mostly(limit: Limit) -> Option<f64> {
    match limit {
        Limit::Mostly(mostly) => Some(mostly),
        Limit::Percent { percent, .. } => Some(1.0 - percent.to_f64() / 100.0),
        Limit::Count { .. } => None,
    }
}
