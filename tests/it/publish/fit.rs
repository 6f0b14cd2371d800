//! Which staged files fit a table, and how those are told that do not.

use karat::{CheckOptions, Data, Run, Staged, check};
use polars::prelude::*;
use serde_json::json;

use super::lake::{Definition, Lake};
use crate::support::{assert_all_pass, parsed};

const SUITE: &str = "{suite: s, table: [row_count: {min: 1}]}";

fn judged(lake: &Lake, suite: &str, into: &str, files: &str) -> Run {
    let data =
        Data::Staged { into: lake.uri(into), at: karat::At::Latest, files: Staged::at(lake.uri(files)) };
    check(&parsed(suite), data, &CheckOptions::default())
}

/// Why nothing could be judged, without the folder.
fn refused(lake: &Lake, into: &str, files: &str) -> String {
    let run = judged(lake, SUITE, into, files);
    let error = run.suites[0].error.as_deref().expect("it was judged").to_owned();
    error.replace(&format!("{}/", lake.folder().display()), "")
}

#[test]
fn a_file_must_fit_in_every_column() {
    let lake = Lake::new();
    let definition = Definition { required: &["id"], ..Definition::default() };
    lake.table("orders", &definition);
    let staged = |name: &str, frame: PolarsResult<DataFrame>| {
        lake.parquet(&format!("{name}/a.parquet"), &frame.unwrap());
        refused(&lake, "orders", name)
    };
    assert_eq!(
        staged("extra", df!("id" => [1_i64], "status" => ["O"], "notes" => ["x"])),
        "extra/a.parquet does not fit the table: the table has no column \"notes\""
    );
    assert_eq!(
        staged("case", df!("id" => [1_i64], "Status" => ["O"])),
        "case/a.parquet does not fit the table: the table has no column \"Status\"; it has \"status\""
    );
    assert_eq!(
        staged("lacks", df!("status" => ["O"])),
        "lacks/a.parquet does not fit the table: it lacks the column \"id\", which is never null in the table"
    );
    assert_eq!(
        staged("null", df!("id" => [Some(1_i64), None], "status" => ["O", "F"])),
        "null/a.parquet does not fit the table: its column \"id\" holds a null, and the table allows none there"
    );
    assert_eq!(
        staged("type", df!("id" => ["1"], "status" => ["O"])),
        "type/a.parquet does not fit the table: its column \"id\": string is stored, and int64 expected"
    );
    // The first of several files that does not fit is named.
    lake.parquet("several/a.parquet", &df!("id" => [1_i64]).unwrap());
    assert!(staged("several/b", df!("ids" => [1_i64])).starts_with("several/b/a.parquet does not fit"));
    assert!(refused(&lake, "orders", "several").starts_with("several/b/a.parquet does not fit"));
    // A column that may be null may be left out.
    assert_all_pass(&judged(&lake, SUITE, "orders", "several/a.parquet"));
}

#[test]
fn a_null_is_found_in_what_a_column_holds() {
    let lake = Lake::new();
    let inner = json!({"type": "struct", "fields": [
        {"name": "zip", "type": "string", "nullable": false, "metadata": {}},
        {"name": "town", "type": "string", "nullable": true, "metadata": {}},
    ]});
    let list = json!({"type": "array", "elementType": "long", "containsNull": false});
    let field = |name: &str, kind: &serde_json::Value| json!({"name": name, "type": kind, "nullable": true, "metadata": {}});
    let fields = vec![field("address", &inner), field("sizes", &list)];
    lake.commit("people", 0, &Definition::default().with_fields(fields));
    let address = |zip: Option<&str>, town: Option<&str>, there: bool| {
        let parts =
            df!("zip" => [zip], "town" => [town]).unwrap().into_struct("address".into()).into_series();
        if there { parts } else { Series::full_null("address".into(), 1, parts.dtype()) }
    };
    let sizes = |sizes: &[Option<i64>]| Series::new("sizes".into(), [Series::new("".into(), sizes)]);
    let mut number = 0;
    let mut staged = |address: Series, sizes: Series| {
        number += 1;
        let name = format!("p{number}");
        lake.parquet(
            &format!("{name}/a.parquet"),
            &DataFrame::new(1, vec![address.into(), sizes.into()]).unwrap(),
        );
        let run = judged(&lake, SUITE, "people", &name);
        run.suites[0]
            .error
            .as_deref()
            .map(|error| error.split("its column ").nth(1).unwrap_or(error).to_owned())
    };
    assert_eq!(staged(address(Some("1"), None, true), sizes(&[Some(1)])), None);
    // Where there is no address, it has no zip that could be null.
    assert_eq!(staged(address(None, None, false), sizes(&[])), None);
    let found = |column: &str| Some(format!("\"{column}\" holds a null, and the table allows none there"));
    assert_eq!(staged(address(None, Some("x"), true), sizes(&[Some(1)])), found("address.zip"));
    assert_eq!(staged(address(Some("1"), None, true), sizes(&[Some(1), None])), found("sizes.element"));
}

#[test]
fn the_folder_or_the_column_states_the_partition() {
    let lake = Lake::new();
    let definition = Definition {
        columns: &[("id", "long"), ("day", "date"), ("country", "string")],
        partitioned: &["day", "country"],
        ..Definition::default()
    };
    lake.table("orders", &definition);
    let ids = df!("id" => [1_i64, 2]).unwrap();
    let suite = "
suite: s
columns: {day: [in_set: [2026-01-02]], country: [in_set: [SE]]}
table: [row_count: {equal: 2}]
";
    lake.parquet("a/day=2026-01-02/country=SE/x.parquet", &ids);
    assert_all_pass(&judged(&lake, suite, "orders", "a"));
    // The place itself may name folders, too.
    assert_all_pass(&judged(&lake, suite, "orders", "a/day=2026-01-02"));
    assert_all_pass(&judged(&lake, suite, "orders", "a/day=2026-01-02/country=SE/x.parquet"));
    assert_all_pass(&judged(&lake, suite, "orders", "a/day=*/country=SE"));
    let day = |days: [i32; 2]| Series::new("day".into(), days).cast(&DataType::Date).unwrap();
    let with = |days, countries: [&str; 2]| {
        let mut frame = ids.clone();
        frame.with_column(Column::from(day(days))).unwrap();
        frame.with_column(Column::new("country".into(), countries)).unwrap();
        frame
    };
    lake.parquet("b/x.parquet", &with([20_455, 20_455], ["SE", "SE"]));
    assert_all_pass(&judged(&lake, suite, "orders", "b"));
    lake.parquet("c/country=SE/x.parquet", &with([20_455, 20_455], ["SE", "SE"]));
    assert_all_pass(&judged(&lake, suite, "orders", "c"));
    let reason =
        |name: &str| refused(&lake, "orders", name).split("its partition column ").nth(1).unwrap().to_owned();
    lake.parquet("d/x.parquet", &with([20_455, 20_456], ["SE", "SE"]));
    assert_eq!(reason("d"), "\"day\": its rows belong to several partitions: write a file for each");
    lake.parquet("e/day=2026-01-02/country=NO/x.parquet", &with([20_455, 20_455], ["SE", "SE"]));
    assert_eq!(reason("e"), "\"country\": its folder states one value, and it stores another");
    lake.parquet("f/day=2026-01-02/x.parquet", &ids);
    assert_eq!(
        reason("f"),
        "\"country\": no folder states it: put the file into one that is called country=…"
    );
    lake.parquet("g/day=yesterday/country=SE/x.parquet", &ids);
    assert_eq!(reason("g"), "\"day\": what its folder states is no value of the type date");
    lake.parquet("h/day=2026-01-02/country=/x.parquet", &ids);
    assert_eq!(reason("h"), "\"country\": its folder states no value");
}

#[test]
fn only_files_and_tables_of_the_right_kind_go_together() {
    let lake = Lake::new();
    let frame = df!("id" => [1_i64], "status" => ["O"]).unwrap();
    lake.orders("orders", &frame).parquet("plain/a.parquet", &frame).parquet("staged/a.parquet", &frame);
    lake.text("text/a.csv", "id,status\n1,O\n").text("nothing/readme", "");
    assert!(
        refused(&lake, "plain", "staged")
            .starts_with("plain holds no table: files are appended to a Delta table")
    );
    assert!(refused(&lake, "orders", "text").contains("staged files are Parquet, and these are csv"));
    assert!(refused(&lake, "orders", "orders").contains("it is a Delta table"));
    assert!(refused(&lake, "orders", "nothing").contains("has neither a _delta_log nor a .parquet file"));
    assert!(refused(&lake, "orders", "nowhere").starts_with("nothing lies at nowhere"));
    assert!(refused(&lake, "orders", "orders/first.parquet").ends_with("it is a file of the table already"));
    // What was killed before its first commit is no table, and in nobody's way.
    let left = "left/part-3fa85f64-5717-4562-b3fc-2c963f66afa6.parquet";
    lake.parquet(left, &frame).text("left/_delta_log/00000000000000000000.json#1", "{");
    let run = judged(&lake, "{suite: s, table: [row_count: {equal: 1}]}", "left", "staged");
    assert_all_pass(&run);
    assert_eq!(run.suites[0].snapshot.as_ref().unwrap().version, None);
}

/// Deletion vectors, column mapping and widened types of the table are as they are without staged files.
#[test]
fn what_is_special_about_a_table_is_read_right() {
    let lake = Lake::new();
    let fixture = |name: &str| format!("{}/tests/fixtures/delta/{name}/table", env!("CARGO_MANIFEST_DIR"));
    let judge = |table: &str, suite: &str, frame: &DataFrame| {
        lake.parquet(&format!("{table}/a.parquet"), frame);
        let files = Staged::at(lake.uri(table));
        let data = Data::Staged { into: fixture(table), at: karat::At::Latest, files };
        assert_all_pass(&check(&parsed(suite), data, &CheckOptions::default()));
    };
    judge(
        "dv_files",
        "{suite: s, columns: {id: [not_null], amount: [{max: {min: 1e9, max: 1e9}}]}, table: [row_count: {equal: 244}]}",
        &df!("id" => [-1_i64, -2], "text" => ["a", "b"], "amount" => [1e9, 0.0]).unwrap(),
    );
    judge(
        "mapped_by_id",
        "{suite: s, columns: {id: [not_null, {min: {min: -7, max: -7}}], text: [{in_set: [new], where: id < 0}]}, table: [row_count: {equal: 16}]}",
        &df!("id" => [-7_i64], "text" => ["new"]).unwrap(),
    );
    judge(
        "mapped_by_name",
        "{suite: s, columns: {id: [{min: {min: -7, max: -7}}], text: [{in_set: [new], where: id < 0}]}, table: [row_count: {equal: 16}]}",
        &df!("id" => [-7_i64], "text" => ["new"]).unwrap(),
    );
    judge(
        "dv_partitioned",
        "{suite: s, columns: {id: [{min: {min: -7, max: -7}}], day: [{in_set: [2030-01-01], where: id < 0}]}, table: [row_count: {equal: 102}]}",
        &{
            let day = Series::new("day".into(), [21_915]).cast(&DataType::Date).unwrap();
            DataFrame::new(1, vec![Column::new("id".into(), [-7_i64]), day.into()]).unwrap()
        },
    );
}
