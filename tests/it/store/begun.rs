//! A project for a lake in an object store.

use std::path::Path;

use super::copy;
use super::s3::S3;

#[test]
fn a_lake_in_a_store_is_found_and_drafted() {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/delta");
    copy(&fixtures.join("dv_files/table"), &folder.path().join("lake/silver/amounts"));
    copy(&fixtures.join("evolved/table"), &folder.path().join("lake/raw/evolved"));
    let server = S3::of(folder.path().to_path_buf());
    let project = tempfile::tempdir().unwrap();
    let told = server.karat().args(["init", "s3://lake"]).in_dir(project.path()).run();
    assert_eq!(told.code, 0, "{told}");
    let suite = std::fs::read_to_string(project.path().join("suites/silver/amounts.yml")).unwrap();
    assert!(suite.contains("layer: silver\ndata: 's3://lake/silver/amounts'\n"), "{suite}");
    let checked = server.karat().arg("check").in_dir(project.path()).run();
    assert!(checked.code == 0 && checked.stdout.contains("2 of 2 gates passed"), "{checked}");
    let one = tempfile::tempdir().unwrap();
    let told = server.karat().args(["init", "s3://lake/silver/amounts/"]).in_dir(one.path()).run();
    assert!(told.stdout.contains("1 suite written") && told.code == 0, "{told}");
}
