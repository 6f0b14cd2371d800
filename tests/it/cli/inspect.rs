//! `karat inspect`.

use std::path::Path;

use polars::prelude::df;
use serde_json::Value;

use super::karat::{Ran, karat};
use super::project::Project;

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/delta")
}

fn inspect(arguments: &[&str]) -> Ran {
    karat().arg("inspect").args(arguments).in_dir(&fixtures()).run()
}

#[test]
fn a_table_with_deletion_vectors() {
    insta::assert_snapshot!(inspect(&["dv_files/table"]), @"");
}

#[test]
fn a_table_with_mapped_columns_at_a_version() {
    insta::assert_snapshot!(inspect(&["mapped_by_name/table", "--version", "9"]), @"");
}

#[test]
fn parquet_files() {
    let project = Project::new();
    let mut frame = df! { "id" => [1_i64, 2], "name" => ["a", "b"] }.unwrap();
    project.parquet("day=2024-01-01/part.parquet", &mut frame);
    project.parquet("day=2024-01-02/part.parquet", &mut frame);
    insta::assert_snapshot!(karat().args(["inspect", "."]).in_dir(project.path()).run(), @"");
}

#[test]
fn what_cannot_be_read_is_an_error_that_says_why() {
    insta::assert_snapshot!(inspect(&["unknown_reader_feature/table"]), @"");
    insta::assert_snapshot!(inspect(&["dv_files/table@v99"]), @"");
}

#[test]
fn the_json_meets_its_schema() {
    let schema = ::karat::report::inspection_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for table in ["dv_partitioned/table", "empty/table", "variants/table"] {
        let ran = inspect(&[table, "--format", "json"]);
        let inspection: Value = serde_json::from_str(&ran.stdout).unwrap();
        let errors: Vec<String> = validator.iter_errors(&inspection).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}
