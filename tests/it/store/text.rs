//! Text and Arrow in a bucket: fetched whole, and read as they are here.

use polars::prelude::*;

use super::s3::S3;
use super::{assert_passes, error, run};

#[test]
fn text_is_read_wherever_it_lies() {
    let server = S3::new();
    server.put("csv/day=1/a.csv", b"id,a\n1,x\n2,\n");
    server.put("csv/day=2/b.tsv", b"a\tid\nx\t3\n");
    server.put("csv/_SUCCESS", b"ok");
    server.put("json/a.json", b"{\"id\": 1, \"a\": \"x\"}\n{\"id\": 2}\n{\"id\": 3, \"a\": \"x\"}\n");
    let mut bytes = Vec::new();
    let mut frame = df!("id" => [1, 2, 3], "a" => [Some("x"), None, Some("x")]).unwrap();
    IpcWriter::new(&mut bytes).finish(&mut frame).unwrap();
    server.put("arrow/a.feather", &bytes);
    let suite = "{suite: s, columns: {id: [sum: {min: 6, max: 6}], a: [in_set: [x]]}, table: [row_count: 3, readable]}";
    for place in ["csv", "csv/day=*/*", "json/a.json", "json", "arrow/a.feather", "arrow/*.feather"] {
        assert_passes(&run(&server, suite, &format!("s3://lake/{place}")));
    }
}

#[test]
fn a_malformed_row_is_an_error_with_its_line() {
    let server = S3::new();
    server.put("a.csv", b"id,a\n1,x\n2\n");
    server.put("b.dat", b"id,a\n1,x\n2\n");
    let wanted = "line 3: it has 1 field where there are 2 columns";
    let suite = "{suite: s, table: [row_count: 1]}";
    assert_eq!(
        error(&run(&server, suite, "s3://lake/a.csv")),
        format!("cannot read s3://lake/a.csv: {wanted}")
    );
    let suite = "{suite: s, format: csv, table: [row_count: 1]}";
    assert_eq!(
        error(&run(&server, suite, "s3://lake/b.dat")),
        format!("cannot read s3://lake/b.dat: {wanted}")
    );
}
