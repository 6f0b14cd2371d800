//! Others' schemas: that of Jenkins for JUnit XML, and that of OASIS for SARIF.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{project, run};

fn schema(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/schemas").join(name)
}

/// Asks a reader of XML that is not ours whether it is XML, and whether the schema allows it.
fn xmllint(file: &Path) {
    let xmllint = std::env::var_os("KARAT_XMLLINT").unwrap_or("/usr/bin/xmllint".into());
    let schema = schema("junit-10.xsd");
    let asked = Command::new(xmllint).args(["--noout", "--nonet", "--schema"]).arg(schema).arg(file).output();
    let asked = asked.unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
}

#[test]
#[cfg_attr(not(xmllint), ignore = "needs xmllint (KARAT_XMLLINT)")]
fn junit_meets_the_schema_of_jenkins() {
    let project = project();
    run(&project);
    xmllint(&project.path().join("junit.xml"));
}

/// Every character that a text of YAML and Parquet can hold.
#[test]
#[cfg_attr(not(xmllint), ignore = "needs xmllint (KARAT_XMLLINT)")]
fn junit_is_xml_whatever_the_data_holds() {
    let all: Vec<String> = (0..=0x0010_ffff_u32)
        .filter(|code| *code < 0x3000 || code % 0x1000 >= 0xff0 || code % 997 == 0)
        .filter_map(char::from_u32)
        .map(|character| format!("{character}]]>&<\"'{character}"))
        .collect();
    let project = crate::cli::Project::with(
        "suite: all\ndata: all.parquet\nkey: text\ncolumns:\n  text:\n    - length_between: {max: 2}\n",
    );
    project.parquet("all.parquet", &mut polars::prelude::df! { "text" => all }.unwrap());
    let ran = project.check(&["orders.yml", "-q", "--samples", "100000", "--format", "junit=junit.xml"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(project.read("junit.xml").lines().count() > 12_000);
    xmllint(&project.path().join("junit.xml"));
}

#[test]
fn sarif_meets_its_schema() {
    let schema = std::fs::read_to_string(schema("sarif-schema-2.1.0.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let project = project();
    run(&project);
    let log: serde_json::Value = serde_json::from_str(&project.read("sarif.json")).unwrap();
    let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    // It is a schema that refuses something.
    let mut wrong = log.clone();
    wrong["runs"][0]["results"][0]["level"] = "bad".into();
    assert!(!validator.is_valid(&wrong));
}
