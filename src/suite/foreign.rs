//! Words of other tools and their equivalents in karat: of Great Expectations, dbt, Soda, Deequ, DQX and
//! pandera.

/// Returns the equivalent of an expectation of another tool, as help.
pub(super) fn expectation(name: &str) -> Option<String> {
    // Packages stand before a dot: `dbt_utils.accepted_range`, `dbt_expectations.expect_…`.
    let plain = name.rsplit_once('.').map_or(name, |(_, plain)| plain);
    if let Some(id) = id(plain) {
        return Some(format!("that is {id} here"));
    }
    // Soda writes whole sentences: `missing_count(id) = 0`, `row_count > 0`, `freshness(at) < 1d`.
    let word = plain.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    let is_sentence = word.len() < plain.len() && plain.contains(['(', '>', '<', '=', ' ']);
    let id = if is_sentence { id(word).or_else(|| known(word)) } else { None };
    if plain.contains(" - ") {
        return Some("the dashes of a list stand below each other".to_owned());
    }
    id.map(|id| format!("that is {id} here; `karat explain {id}` shows how it is written"))
        .or_else(|| whole(plain).map(str::to_owned))
}

fn id(name: &str) -> Option<&'static str> {
    Some(match name {
        "accepted_values" | "isContainedIn" | "is_in_list" | "valid_count" | "enum" | "one_of" | "isin"
        | "allowed_values" | "valid values" | "value_in_set" => "in_set",
        "is_not_in_list" | "rejected_values" | "notin" => "not_in_set",
        "relationships"
        | "relationships_where"
        | "foreign_key"
        | "references"
        | "reference"
        | "is_in_reference" => "exists_in",
        "missing_count"
        | "missing_percent"
        | "isComplete"
        | "hasCompleteness"
        | "areComplete"
        | "is_not_null"
        | "not_null_proportion"
        | "required"
        | "nullable"
        | "nonnull"
        | "notNull" => "not_null",
        "is_not_null_and_not_empty" | "not_empty_string" | "is_not_empty" => "not_blank",
        "duplicate_count"
        | "duplicate_percent"
        | "isUnique"
        | "is_unique"
        | "unique_combination_of_columns"
        | "distinct" => "unique",
        "invalid_count" | "invalid_percent" | "regex_match" | "hasPattern" | "valid regex"
        | "valid format" | "regex" | "pattern" | "str_matches" => "matches",
        "freshness" | "is_data_fresh" | "recency" => "fresh",
        "hasSize" | "count" | "equal_row_count" => "row_count",
        "equal_rowcount" => "row_count_same_as",
        "equality" | "cardinality_equality" => "same_rows_as",
        "is_in_range"
        | "accepted_range"
        | "in_range"
        | "range"
        | "is_not_less_than"
        | "is_not_greater_than" => "between",
        "isNonNegative" => "non_negative",
        "isPositive" => "positive",
        "isPrimaryKey" | "hasPrimaryKey" => "primary_key",
        "avg" | "average" | "hasMean" => "mean",
        "hasMin" => "min",
        "hasMax" => "max",
        "hasSum" => "sum",
        "hasStandardDeviation" | "std" => "stddev",
        "hasApproxQuantile" | "percentile" | "quantile" => "quantiles",
        "hasCorrelation" => "correlation",
        "hasEntropy" => "entropy",
        "hasUniqueness" => "uniqueness",
        "hasDistinctness" => "distinctness",
        "hasNumberOfDistinctValues" => "distinct_count",
        "hasMinLength" | "hasMaxLength" | "min_length" | "max_length" | "length" | "str_length" => {
            "length_between"
        }
        "hasDataType" | "data_type" | "dtype" | "column_type" => "type",
        "containsEmail" | "valid_email" => "email",
        "containsURL" => "url",
        "containsCreditCardNumber" => "credit_card",
        "satisfies" | "expression_is_true" | "sql_expression" | "expression" | "check" | "condition" => {
            "rows"
        }
        "failed rows" | "failed_rows" | "query" => "unexpected_rows",
        "mutually_exclusive_ranges" => "no_overlaps",
        "is_valid_date" | "is_valid_timestamp" => "date_parseable",
        "isLessThan" | "isLessThanOrEqualTo" | "isGreaterThan" | "isGreaterThanOrEqualTo" => "pair",
        _ => return None,
    })
}

/// What Soda calls by the same name as karat does.
fn known(name: &str) -> Option<&'static str> {
    ["row_count", "min", "max", "sum", "stddev", "duplicate_rows"].into_iter().find(|known| *known == name)
}

/// Returns help for a key that is no expectation, but a form in which other tools write one.
fn whole(name: &str) -> Option<&'static str> {
    Some(match name {
        "expectation_type" | "expectation" | "kwargs" | "function" | "arguments" => {
            "a check is the expectation's name with its arguments below it, as in - in_set: [a, b]"
        }
        "tests" | "data_tests" | "checks" | "expectations" => {
            "the checks themselves are the list: take this key out"
        }
        "name" | "column" => "a check stands below the name of its column, as in order_id: [not_null]",
        "schema" => "columns: and type: of `karat list` say what the columns are",
        _ => return None,
    })
}

/// Returns the equivalent of an option of another tool beside a check, as help.
pub(super) fn option(name: &str) -> Option<&'static str> {
    Some(match name {
        "row_condition" | "filter" | "condition" => "that is where here: a predicate in SQL",
        "condition_parser" => "take it out: where: is always SQL",
        "meta" | "notes" | "comment" => "that is description here",
        "result_format" | "catch_exceptions" | "include_config" => {
            "take it out: `--format` and `samples` say what is told"
        }
        "config" | "kwargs" | "arguments" => {
            "what it holds stands here itself: arguments below the expectation, severity and where beside it"
        }
        "error_if" | "fail" | "error" => "that is fail_if here, as in fail_if: \"> 10\"",
        "warn" => "that is warn_if here, as in warn_if: \"> 10\"",
        "threshold" | "tolerance" | "assertion" | "max_failures" => {
            "the share that must hold is mostly: 0.95, how many may fail is fail_if: \"> 10\""
        }
        "criticality" | "level" => "that is severity here: critical, warning or info",
        "name" | "check_name" | "title" => "that is id here",
        "limit" | "samples limit" => "that is samples here",
        "column" | "column_name" => "a check stands below the name of its column, under columns:",
        _ => return None,
    })
}

/// Returns the equivalent of a key in a suite of another tool, as help.
pub(super) fn key(name: &str) -> Option<&'static str> {
    if name.starts_with("checks for ") || name.starts_with("filter ") {
        return Some(
            "data: names the dataset; checks stand below their columns under columns:, or under table:",
        );
    }
    Some(match name {
        "models" | "sources" | "seeds" | "version" => {
            "a suite speaks of one dataset, which data: names; its columns and their checks stand under columns:"
        }
        "dataset" | "source" | "table_name" | "path" | "file" | "uri" | "location" | "data_source"
        | "datasource" => "that is data: here",
        "name" | "expectation_suite_name" | "title" => "that is suite: here",
        "primary_key" | "id" | "keys" => "that is key: here: the columns that name a failing row",
        "where" | "filter" | "severity" | "mostly" => "that stands beside each check",
        "tags" | "meta" => "that stands beside each check: the words of tags:, or a description:",
        "team" | "contact" => "that is owner: here",
        "personal" | "sensitive" => "that is pii: here",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::Catalogue;

    #[test]
    fn what_stands_for_words_of_others_is_there() {
        let file = include_str!("foreign.rs");
        let (body, _) = file.split_once("/// What Soda calls").unwrap();
        let ids = body
            .split("=> ")
            .skip(1)
            .filter_map(|rest| rest.trim_start_matches(['{', '\n', ' ']).strip_prefix('"'));
        let ids: Vec<&str> = ids.filter_map(|rest| rest.split('"').next()).collect();
        assert!(ids.len() > 30, "{ids:?}");
        for id in ids {
            assert!(Catalogue::standard().find(id).is_some(), "{id}");
        }
    }

    #[test]
    fn sentences_of_soda_are_known() {
        let mend = |name: &str| expectation(name).unwrap_or_default();
        assert!(mend("missing_count(id) = 0").starts_with("that is not_null here"));
        assert!(mend("row_count > 0").starts_with("that is row_count here"));
        assert!(mend("dbt_utils.accepted_range").starts_with("that is between here"));
        assert_eq!(expectation("row_cuont"), None);
    }
}
