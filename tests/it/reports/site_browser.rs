//! The site and the page of a run as their readers use them: the tests of `tests/browser/`, in Chromium.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::cli::karat;

/// Opens, filters, sorts, prints and follows links, by mouse and by keyboard alone. What does not hold, the tests print.
#[test]
#[cfg_attr(
    not(all(chromium, browser_tests)),
    ignore = "there is no Chromium (KARAT_CHROMIUM), or `npm ci --prefix tests/browser` has not run"
)]
#[expect(clippy::disallowed_methods, reason = "node drives the browser")]
fn the_demo_is_browsed() {
    let folder = TempDir::new().unwrap();
    let demo = karat().args(["demo", "demo"]).in_dir(folder.path()).run();
    assert_eq!(demo.code, 0, "{demo}");
    let build = ["docs", "build", "--history", "demo/history", "--output", "site"];
    let built = karat().args(build).in_dir(folder.path()).run();
    assert_eq!(built.code, 0, "{built}");
    let page = ["check", "demo/suites", "--history", "demo/history", "--format", "html=run.html"];
    let checked = karat().args(page).in_dir(folder.path()).run();
    assert_eq!(checked.code, 1, "{checked}");

    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let ran = Command::new("node")
        .args(["--test", "--test-reporter=spec"])
        .current_dir(tests)
        .env("KARAT_SITE", folder.path().join("site"))
        .env("KARAT_RUN_PAGE", folder.path().join("run.html"))
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
}
