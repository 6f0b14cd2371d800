//! `karat schema`

use serde_json::Value;

use super::{Project, karat};

fn schema(of: &[&str]) -> Value {
    let ran = karat().arg("schema").args(of).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran}");
    serde_json::from_str(&ran.stdout).unwrap()
}

/// They are those of the repository, each with a name of its own, and valid.
#[test]
fn prints_the_schemas_of_the_repository() {
    let files = [
        ("suite", "suites/suite.v1.schema.json"),
        ("report", "reports/report.v1.schema.json"),
        ("inspect", "reports/inspect.v1.schema.json"),
        ("profile", "reports/profile.v1.schema.json"),
        ("diff", "reports/diff.v1.schema.json"),
        ("history", "reports/history.v1.schema.json"),
        ("project", "suites/project.v1.schema.json"),
    ];
    for (of, file) in files {
        let printed = schema(&[of]);
        let stored =
            std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        let is_stored = printed == serde_json::from_str::<Value>(&stored).unwrap();
        assert!(is_stored, "{file} is stale: KARAT_UPDATE=1 cargo test");
        assert_eq!(printed["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(printed["$id"], format!("urn:karat:{of}:v1"));
        jsonschema::meta::validate(&printed).unwrap();
    }
    assert_eq!(schema(&[]), schema(&["suite"]));
}

/// What karat prints meets what it says of it.
#[test]
fn of_what_karat_prints() {
    let project = Project::with("suite: s\ndata: orders.parquet\ncolumns: {status: [not_null]}\n");
    let meets = |of: &str, text: &str| {
        let validator = jsonschema::validator_for(&schema(&[of])).unwrap();
        let errors: Vec<_> = validator
            .iter_errors(&serde_json::from_str(text).unwrap())
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors, [""; 0], "{of}");
    };
    project.check(&["orders.yml", "--format", "json=report.json"]);
    meets("report", &project.read("report.json"));
    let inspected =
        karat().args(["inspect", "orders.parquet", "--format", "json"]).in_dir(project.path()).run();
    meets("inspect", &inspected.stdout);
}
