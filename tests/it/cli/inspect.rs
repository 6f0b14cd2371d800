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
    insta::assert_snapshot!(inspect(&["dv_files/table"]), @r"
    exit 0
    --- stdout
    dv_files/table @ v6

      format            delta
      created           [WHEN]
      committed         [WHEN]
      rows              242
      files             3, 6.8 kB
      deletion vectors  58 rows deleted, in 3 files
      protocol          reader 3, writer 7
      reader features   deletionVectors
      writer features   deletionVectors, invariants, appendOnly
      column mapping    none
      statistics        of every file
      row groups        3
      codecs            snappy
      written by        parquet-mr version 1.15.2 (build 859eac165b08f927fa14590c33bc5f476405fb68)

    properties
      delta.enableDeletionVectors  true

    columns (3)
      id      int64
      text    string
      amount  float64
    ");
}

#[test]
fn a_table_with_mapped_columns_at_a_version() {
    insta::assert_snapshot!(inspect(&["mapped_by_name/table", "--version", "9"]), @r"
    exit 0
    --- stdout
    mapped_by_name/table @ v9

      format            delta
      created           [WHEN]
      committed         [WHEN]
      rows              10
      files             1, 6.9 kB
      deletion vectors  none
      protocol          reader 2, writer 7
      writer features   columnMapping, invariants, appendOnly
      column mapping    name
      statistics        of every file
      row groups        1
      codecs            snappy
      written by        parquet-mr version 1.15.2 (build 859eac165b08f927fa14590c33bc5f476405fb68)

    properties
      delta.columnMapping.maxColumnId  16
      delta.columnMapping.mode         name

    columns (7)
      id           int64
      text         string
      s            struct
        first      int32
        b          struct
          letter   string
        a          string
      l            list
        element    struct
          ex       int32
          y        int32
      m            list
        element    struct  not null
          key      string  not null
          value    struct
            value  int32
      gone         string
      old          int32
    ");
}

#[test]
fn parquet_files() {
    let project = Project::new();
    let mut frame = df! { "id" => [1_i64, 2], "name" => ["a", "b"] }.unwrap();
    project.parquet("lake/day=2024-01-01/part.parquet", &mut frame);
    project.parquet("lake/day=2024-01-02/part.parquet", &mut frame);
    insta::assert_snapshot!(karat().args(["inspect", "lake"]).in_dir(project.path()).run(), @r"
    exit 0
    --- stdout
    lake

      format          parquet
      rows            4
      files           2, 1.6 kB
      partitioned by  day
      statistics      of every file
      row groups      2
      codecs          zstd
      written by      Polars

    columns (3)
      id    int64
      name  string
      day   date
    ");
}

#[test]
fn what_cannot_be_read_is_an_error_that_says_why() {
    insta::assert_snapshot!(inspect(&["unknown_reader_feature/table"]), @r"
    exit 3
    --- stderr
    error: unknown_reader_feature/table cannot be opened: it needs the reader feature rowsWrittenBackwards, which is not known
    ");
    insta::assert_snapshot!(inspect(&["dv_files/table@v99"]), @r"
    exit 3
    --- stderr
    error: cannot read the Delta log of dv_files/table: there is no version 99; the newest is 6
    ");
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
