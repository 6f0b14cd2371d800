//! Validation results of Great Expectations: what its own results, under `corpora`, do not show.

use karat::report::{ResultFormat, ValidationOptions, validation_result};
use karat::{CheckOptions, Suite, check};
use polars::prelude::{DataFrame, DataType, IntoLazy as _, TimeUnit, col, df, lit};
use serde_json::{Value as Json, json};

use crate::cli::Project;

fn orders() -> DataFrame {
    df! {
        "id" => [Some(1), Some(2), Some(3), Some(2), None, Some(3), Some(4)],
        "status" => ["O", "F", "X", "P", "X", "?", "X"],
        "amount" => [1.0, f64::NAN, -3.0, f64::INFINITY, 5.0, 6.0, 7.0],
    }
    .unwrap()
}

fn told(checks: &str, told: &ValidationOptions) -> Json {
    let suite = Suite::from_yaml(&format!("suite: orders\n{checks}")).unwrap_or_else(|e| panic!("{e}"));
    let options =
        CheckOptions { samples: told.samples(), key: told.index_columns.clone(), ..CheckOptions::default() };
    let run = check(&suite, orders(), &options);
    validation_result(&run, &run.suites[0], told)
}

fn complete() -> ValidationOptions {
    ValidationOptions { result_format: ResultFormat::Complete, ..ValidationOptions::default() }
}

#[test]
fn success_is_about_what_is_expected_and_not_about_the_gate() {
    let result = told(
        "columns:
  status:
    - {in_set: [O, F, P], severity: warning, id: capped}
    - {in_set: [O, F, P], severity: info, id: informed}
    - {in_set: [O, F, P], warn_if: '> 0', fail_if: '> 90 %', id: warned}
  nowhere: [not_null]
table: [{row_count: 7}]",
        &ValidationOptions::default(),
    );
    let told = result["results"].as_array().unwrap().iter().map(|result| {
        (
            result["expectation_config"]["meta"]["karat"]["id"].as_str().unwrap(),
            result["success"].as_bool().unwrap(),
        )
    });
    // First what could not be evaluated.
    let expected = [
        ("nowhere.not_null", false),
        ("capped", false),
        ("informed", false),
        ("warned", true),
        ("row_count", true),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    let error = &result["results"][0];
    assert_eq!(error["result"], json!({}));
    assert_eq!(error["exception_info"]["raised_exception"], true);
    assert!(error["exception_info"]["exception_message"].as_str().unwrap().contains("no column \"nowhere\""));
    assert_eq!(
        result["statistics"],
        json!({"evaluated_expectations": 5, "successful_expectations": 2, "unsuccessful_expectations": 3, "success_percent": 40.0})
    );
    assert_eq!(result["success"], false);
}

/// A check of every expectation that has a counterpart, in each of its forms.
const COUNTERPARTS: &str = "columns:
  id:
    - unique
    - not_null
    - 'null'
    - {between: {min: 1, strict_max: true, max: 3}, mostly: 0.9, where: status <> 'O'}
    - {in_set: [1, 2], fail_if: '> 40 %'}
    - not_in_set: [4]
    - increasing
    - decreasing: {strictly: true}
    - exists: {index: 1}
    - type: int32
    - type_in: [int64, string]
    - min: {min: 2}
    - max: {max: 3, strict_max: true}
    - sum: {min: 15, max: 15}
    - distinct_count: 4
    - distinct_ratio: {max: 0.5}
    - non_null_ratio: {min: 0.9}
    - z_score: {threshold: 1, double_sided: true}
    - not_outlier: {method: std, multiplier: 1}
    - kl_divergence: {partition: {values: [1, 2, 3, 4], weights: [0.1, 0.4, 0.4, 0.1]}, threshold: 0.01}
  status:
    - matches: ['^O', '^F']
    - {matches: '^[A-Z]$', id: one}
    - not_matches: ['X', 'P']
    - like: 'O%'
    - not_like: ['O%', 'X%']
    - length_between: {max: 1}
    - length_equal: 2
    - datetime_format: '%Y'
    - date_parseable
    - json
    - json_schema: {schema: {type: string}}
    - distinct_values: {in: [O, F]}
    - {distinct_values: {contain: [O, Q]}, id: contain}
    - {distinct_values: {equal: [O, F, X, P, '?']}, id: equal}
    - most_common: {values: [X]}
    - not_blank
  amount:
    - mean: {max: 1}
    - median: {max: 1}
    - stddev: {min: 1}
    - quantiles: [{at: 0.5, min: 1}, {at: 0.9, max: 2}]
    - measure: {of: avg(amount), max: 9}
table:
  - unique: [id, status]
  - unique_within_row: [id, amount]
  - equal_columns: [id, amount]
  - row_sum: {columns: [id, amount], equal: 2}
  - pair: {left: id, is: <, right: amount}
  - {pair: {left: id, is: =, right: amount}, id: equal pair}
  - pair_in_set: {left: id, right: status, values: [[1, O], [2, F]]}
  - columns: [id, status, amount]
  - {columns: {set: [id, status], exact: false}, id: set}
  - row_count: 7
  - {row_count: {min: 8}, id: least}
  - column_count: {max: 2}
  - unexpected_rows: SELECT * FROM {batch} WHERE id > 3
  - rows: id > 0";

#[test]
fn checks_of_karat_are_told_by_their_counterparts() {
    let result = told(COUNTERPARTS, &complete());
    let results = result["results"].as_array().unwrap();
    let mut theirs = Vec::new();
    let mut listed = Vec::new();
    for result in results {
        let config = &result["expectation_config"];
        let mut kwargs = config["kwargs"].clone();
        kwargs.as_object_mut().unwrap().retain(|name, _| name != "batch_id");
        let name = config["type"].as_str().unwrap();
        listed.push(format!("{name} {kwargs}"));
        assert_eq!(result["exception_info"]["raised_exception"], false, "{result}");
        if name.contains("expect") {
            theirs.push((json!({"type": name, "kwargs": kwargs}), result));
        }
    }
    insta::assert_snapshot!(listed.join("\n"), @r#"
    expect_column_values_to_be_unique {"column":"id"}
    expect_column_values_to_not_be_null {"column":"id"}
    expect_column_values_to_be_null {"column":"id"}
    expect_column_values_to_be_between {"column":"id","min_value":1,"strict_max":true,"max_value":3,"mostly":0.9,"row_condition":"status <> 'O'","condition_parser":"spark"}
    expect_column_values_to_be_in_set {"column":"id","value_set":[1,2],"mostly":0.6}
    expect_column_values_to_not_be_in_set {"column":"id","value_set":[4]}
    expect_column_values_to_be_increasing {"column":"id"}
    expect_column_values_to_be_decreasing {"column":"id","strictly":true}
    expect_column_to_exist {"column":"id","column_index":1}
    expect_column_values_to_be_of_type {"column":"id","type_":"int32"}
    expect_column_values_to_be_in_type_list {"column":"id","type_list":["int64","string"]}
    expect_column_min_to_be_between {"column":"id","min_value":2}
    expect_column_max_to_be_between {"column":"id","max_value":3,"strict_max":true}
    expect_column_sum_to_be_between {"column":"id","min_value":15,"max_value":15}
    expect_column_unique_value_count_to_be_between {"column":"id","min_value":4,"max_value":4}
    expect_column_proportion_of_unique_values_to_be_between {"column":"id","max_value":0.5}
    expect_column_proportion_of_non_null_values_to_be_between {"column":"id","min_value":0.9}
    expect_column_value_z_scores_to_be_less_than {"column":"id","threshold":1,"double_sided":true}
    expect_column_values_to_not_be_outliers {"column":"id","method":"std","multiplier":1}
    expect_column_kl_divergence_to_be_less_than {"column":"id","partition_object":{"values":[1,2,3,4],"weights":[0.1,0.4,0.4,0.1]},"threshold":0.01}
    expect_column_values_to_match_regex_list {"column":"status","regex_list":["^O","^F"]}
    expect_column_values_to_match_regex {"column":"status","regex":"^[A-Z]$"}
    expect_column_values_to_not_match_regex_list {"column":"status","regex_list":["X","P"]}
    expect_column_values_to_match_like_pattern {"column":"status","like_pattern":"O%"}
    expect_column_values_to_not_match_like_pattern_list {"column":"status","like_pattern_list":["O%","X%"]}
    expect_column_value_lengths_to_be_between {"column":"status","max_value":1}
    expect_column_value_lengths_to_equal {"column":"status","value":2}
    expect_column_values_to_match_strftime_format {"column":"status","strftime_format":"%Y"}
    expect_column_values_to_be_dateutil_parseable {"column":"status"}
    expect_column_values_to_be_json_parseable {"column":"status"}
    expect_column_values_to_match_json_schema {"column":"status","json_schema":{"type":"string"}}
    expect_column_distinct_values_to_be_in_set {"column":"status","value_set":["O","F"]}
    expect_column_distinct_values_to_contain_set {"column":"status","value_set":["O","Q"]}
    expect_column_distinct_values_to_equal_set {"column":"status","value_set":["O","F","X","P","?"]}
    expect_column_most_common_value_to_be_in_set {"column":"status","value_set":["X"]}
    not_blank {"column":"status"}
    expect_column_mean_to_be_between {"column":"amount","max_value":1}
    expect_column_median_to_be_between {"column":"amount","max_value":1}
    expect_column_stdev_to_be_between {"column":"amount","min_value":1}
    expect_column_quantile_values_to_be_between {"column":"amount","quantile_ranges":{"quantiles":[0.5,0.9],"value_ranges":[[1,null],[null,2]]}}
    measure {"column":"amount","of":"avg(amount)","max":9}
    expect_compound_columns_to_be_unique {"column_list":["id","status"]}
    expect_select_column_values_to_be_unique_within_record {"column_list":["id","amount"]}
    expect_multicolumn_values_to_be_equal {"column_list":["id","amount"]}
    expect_multicolumn_sum_to_equal {"column_list":["id","amount"],"sum_total":2}
    expect_column_pair_values_a_to_be_greater_than_b {"column_A":"amount","column_B":"id","or_equal":false}
    expect_column_pair_values_to_be_equal {"column_A":"id","column_B":"amount"}
    expect_column_pair_values_to_be_in_set {"column_A":"id","column_B":"status","value_pairs_set":[[1,"O"],[2,"F"]]}
    expect_table_columns_to_match_ordered_list {"column_list":["id","status","amount"]}
    expect_table_columns_to_match_set {"column_set":["id","status"],"exact_match":false}
    expect_table_row_count_to_equal {"value":7}
    expect_table_row_count_to_be_between {"min_value":8}
    expect_table_column_count_to_be_between {"max_value":2}
    unexpected_rows_expectation {"unexpected_rows_query":"SELECT * FROM {batch} WHERE id > 3"}
    rows {"predicate":"id > 0"}
    "#);

    // Read as a suite of Great Expectations, they find the same.
    let expectations: Vec<&Json> = theirs.iter().map(|(expectation, _)| expectation).collect();
    let suite = json!({"name": "orders", "expectations": expectations}).to_string();
    let suite = Suite::parse(&suite, "orders.json", karat::document::Syntax::Json).unwrap();
    let options = CheckOptions { samples: complete().samples(), ..CheckOptions::default() };
    let run = check(&suite, orders(), &options);
    let again = validation_result(&run, &run.suites[0], &complete());
    let again = again["results"].as_array().unwrap();
    assert_eq!(again.len(), theirs.len());
    for (again, (_, result)) in again.iter().zip(&theirs) {
        for part in ["success", "result"] {
            assert_eq!(again[part], result[part], "{}", result["expectation_config"]);
        }
    }
}

#[test]
fn rows_are_told_by_their_numbers_or_by_index_columns() {
    const CHECKS: &str =
        "columns: {id: [unique], status: [{in_set: [O, F, P]}]}\ntable: [{unique: [id, status]}]";
    let result = told(CHECKS, &complete());
    let results = result["results"].as_array().unwrap();
    // Duplicates in the order of the table, not of their values.
    assert_eq!(results[0]["result"]["unexpected_list"], json!([2, 3, 2, 3]));
    assert_eq!(results[0]["result"]["unexpected_index_list"], json!([1, 2, 3, 5]));
    assert_eq!(results[1]["result"]["unexpected_index_query"], "df.filter(items=[2, 4, 5, 6], axis=0)");

    let keyed =
        ValidationOptions { index_columns: vec![karat::data::ColumnPath::column("id")], ..complete() };
    let result = told(CHECKS, &keyed);
    let status = &result["results"][1]["result"];
    assert_eq!(status["unexpected_index_column_names"], json!(["id"]));
    assert_eq!(status["unexpected_index_list"][1], json!({"status": "X", "id": null}));
}

/// Keys of every type, nulls and NaN among them: the same rows are found again by their keys.
#[test]
fn duplicates_are_the_first_of_the_table_whatever_their_keys() {
    let frame = df! {
        "text" => [Some("z"), None, Some("a"), None, Some("z"), Some("y")],
        "double" => [f64::NAN, 0.5, 2.0, 0.5, f64::NAN, 2.5],
        "whole" => [9_i64, 1, 2, 1, 9, 3],
        "flag" => [true, false, true, false, true, true],
        "part" => [7, 7, 1, 7, 7, 7],
    }
    .unwrap()
    .lazy()
    .with_columns([
        (col("whole") * lit(86_400_000_000_i64))
            .cast(DataType::Datetime(TimeUnit::Nanoseconds, None))
            .alias("time"),
        (col("whole") * lit(86_400_000_000_i64))
            .cast(DataType::Duration(TimeUnit::Milliseconds))
            .alias("span"),
        col("whole").cast(DataType::Date).alias("day"),
        col("whole").cast(DataType::Decimal(20, 4)).alias("exact"),
        col("text").cast(DataType::Binary).alias("bytes"),
    ]);
    let columns = ["text", "double", "whole", "flag", "time", "span", "day", "exact", "bytes"];
    let mut checks = format!("table: [{{unique: [{}]}}", columns.join(", "));
    for column in columns {
        checks += &format!(", {{unique: [{column}, part], id: {column}}}");
    }
    let suite = Suite::from_yaml(&format!("suite: keys\n{checks}]")).unwrap();
    let options = CheckOptions { samples: 3, ..CheckOptions::default() };
    let run = check(&suite, frame, &options);
    let result = validation_result(&run, &run.suites[0], &ValidationOptions::default());
    for result in result["results"].as_array().unwrap() {
        let found = &result["result"]["partial_unexpected_index_list"];
        assert_eq!(*found, json!([0, 1, 3]), "{}", result["expectation_config"]);
    }
}

#[test]
fn what_json_has_no_number_for_is_text() {
    let result = told("columns: {amount: [{between: {max: 4}}, {max: {max: 1}}]}", &complete());
    let results = result["results"].as_array().unwrap();
    assert_eq!(results[0]["result"]["unexpected_list"], json!(["NaN", "Infinity", 5.0, 6.0, 7.0]));
    assert_eq!(results[1]["result"], json!({"observed_value": "NaN"}));
}

#[test]
fn each_format_tells_more_than_the_one_before() {
    let keys = |result_format| {
        let options = ValidationOptions { result_format, ..ValidationOptions::default() };
        let result = told("columns: {status: [{in_set: [O, F, P]}]}", &options);
        result["results"][0]["result"].as_object().unwrap().len()
    };
    assert_eq!(ResultFormat::NAMES.map(|(_, format)| keys(format)), [0, 8, 10, 13]);
}

/// Twelve rows in two files, ten of which fail twice.
fn project() -> Project {
    let project = Project::new()
        .file("bad.yml", "suite: bad\ndata: data\ncolumns: {a: [{between: {min: 100}}]}\n")
        .file("good.yml", "suite: good\ndata: data\ncolumns: {a: [not_null]}\n");
    for (file, values) in [("0", [0, 1, 2, 3, 4, 5]), ("1", [6, 7, 8, 9, 10, 11])] {
        project.parquet(&format!("data/{file}.parquet"), &mut df! { "a" => values }.unwrap());
    }
    project
}

#[test]
fn it_lists_more_rows_than_others_show_and_numbers_them_through_all_files() {
    let project = project();
    let ran = project.check(&[
        "bad.yml",
        "--samples",
        "2",
        "--format",
        "gx=gx.json",
        "--format",
        "json=report.json",
    ]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    let validation: Json = serde_json::from_str(&project.read("gx.json")).unwrap();
    let places = &validation["results"][0]["result"]["partial_unexpected_index_list"];
    assert_eq!(*places, json!([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
    let report: Json = serde_json::from_str(&project.read("report.json")).unwrap();
    assert_eq!(report["suites"][0]["checks"][0]["samples"].as_array().unwrap().len(), 2);
}

#[test]
fn several_suites_are_a_list_and_one_that_was_not_judged_has_not_succeeded() {
    let project = project();
    let ran = project.check(&["bad.yml", "good.yml", "--select", "not_null", "--format", "gx"]);
    let all: Json = serde_json::from_str(&ran.stdout).unwrap();
    let told: Vec<_> =
        all.as_array().unwrap().iter().map(|one| (&one["suite_name"], &one["success"])).collect();
    assert_eq!(told, [(&json!("bad"), &json!(false)), (&json!("good"), &json!(true))]);
    assert_eq!(all[0]["statistics"]["success_percent"], Json::Null);
}

#[test]
fn what_says_nothing_is_refused() {
    let project = project();
    insta::assert_snapshot!(project.check(&["bad.yml", "--gx-result-format", "BASIC"]), @r"
    exit 2
    --- stderr
    error: --gx-result-format is given without --format gx
      help: --format gx=validation.json
    ");
    insta::assert_snapshot!(project.check(&["bad.yml", "--format", "gx", "--gx-result-format", "basic"]), @r"
    exit 2
    --- stderr
    error: invalid value 'basic' for '--gx-result-format <LEVEL>': a result format is BOOLEAN_ONLY, BASIC, SUMMARY or COMPLETE

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(project.check(&["bad.yml", "--index-columns", "b"]), @r#"
    exit 3
    --- stdout
    bad  data  12 rows in 2 files

      ? could not be judged: in index columns: no column "b"; the columns are a

    gate COULD NOT TELL: 1 could not be evaluated  (the gate stops on fail and error)
    "#);
}
