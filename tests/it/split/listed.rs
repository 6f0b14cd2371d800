//! `karat rows` as its users see it.

use crate::cli::{Ran, karat};

use super::command::{ORDERS, SUITE, project};

fn rows(further: &[&str]) -> Ran {
    let project = project();
    karat().args(["rows", "orders.yml"]).args(further).in_dir(project.path()).run()
}

#[test]
fn all_failing_rows_are_listed_with_their_reasons() {
    let ran = rows(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    insta::assert_snapshot!(ran.stdout, @r"
    _karat_errors              id    status  amount  email
    ─────────────────────────  ────  ──────  ──────  ─────
    status.in_set              2     lost    20      null
    id.unique; amount.between  3     open    -5      null
    id.unique                  3     open    7       null
    id.not_null                null  paid    1       null
    ");
    assert_eq!(ran.stderr.trim(), "4 rows fail");
}

#[test]
fn personal_values_are_in_no_list() {
    for format in ["table", "csv", "ndjson"] {
        let ran = rows(&["--format", format]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        for address in ["a@x.org", "b@x.org", "c@x.org"] {
            assert!(ORDERS.contains(address) && !ran.stdout.contains(address), "{}", ran.stdout);
        }
    }
    let project = project();
    let hashed = karat().args(["rows", "orders.yml", "--format", "csv", "--mask", "hash"]);
    let hashed =
        hashed.env("KARAT_MASK_KEY", "0123456789abcdef0123456789abcdef").in_dir(project.path()).run();
    assert!(hashed.stdout.contains("hash:") && !hashed.stdout.contains("@x.org"), "{}", hashed.stdout);
}

#[test]
fn one_check_some_columns_and_a_limit() {
    let ran = rows(&["--check", "id.unique", "--columns", "id,amount", "--limit", "1", "--format", "csv"]);
    insta::assert_snapshot!(ran.stdout, @r"
    id,amount,_karat_errors
    3,-5,id.unique
    ");
    assert_eq!(ran.stderr.trim(), "2 rows fail, of which 1 are listed");
    let unknown = rows(&["--columns", "amuont"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("did you mean \"amount\""), "{}", unknown.stderr);
    let unknown = rows(&["--check", "id.uniqe"]);
    assert_eq!(unknown.code, 2);
}

#[test]
fn formats_are_told_by_the_name_of_the_file() {
    let project = project();
    for file in ["bad.parquet", "bad.csv", "bad.ndjson", "bad.arrow"] {
        let ran = karat().args(["rows", "orders.yml", "--output", file]).in_dir(project.path()).run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        // It is read back.
        let suite = format!("{{suite: read, data: {file}, table: [row_count: {{equal: 4}}]}}");
        std::fs::write(project.path().join("read.yml"), suite).unwrap();
        assert_eq!(project.check(&["read.yml", "-q"]).code, 0, "{file}");
    }
}

#[test]
fn no_text_is_a_formula() {
    let project = project().file("orders.csv", "id,status,amount,email\n1,=1+2,-5,a\n2,@x,3,b\n");
    let ran = karat().args(["rows", "orders.yml", "--format", "csv"]).in_dir(project.path()).run();
    assert!(ran.stdout.contains("1,'=1+2,-5,") && ran.stdout.contains("2,'@x,3,"), "{}", ran.stdout);
}

#[test]
fn nothing_fails() {
    let project = project().file("orders.yml", &SUITE.replace("in_set: [paid, open]", "not_null"));
    let project = project.file("orders.csv", "id,status,amount,email\n1,x,5,a\n");
    for format in ["table", "csv", "ndjson"] {
        let ran = karat().args(["rows", "orders.yml", "--format", format]).in_dir(project.path()).run();
        assert_eq!((ran.code, ran.stderr.trim()), (0, "0 rows fail"));
        assert!(ran.stdout.lines().count() <= 1, "{}", ran.stdout);
    }
}
