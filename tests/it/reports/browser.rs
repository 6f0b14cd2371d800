//! The page in a real browser. Skipped where there is none, unless `KARAT_REQUIRE_BROWSER=1`.

use std::path::Path;
use std::process::Command;

use super::golden::golden;

const CHROMIUM: &str = "/usr/bin/chromium";

/// The page's document after its script ran, opened at a fragment.
fn document(fragment: &str) -> Option<String> {
    if !Path::new(CHROMIUM).exists() {
        assert!(std::env::var_os("KARAT_REQUIRE_BROWSER").is_none(), "there is no {CHROMIUM}");
        eprintln!("skipped: there is no {CHROMIUM}");
        return None;
    }
    let profile = tempfile::TempDir::new().unwrap();
    let output = Command::new(CHROMIUM)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--virtual-time-budget=2000", "--dump-dom"])
        .arg(format!("file://{}{fragment}", golden("html").display()))
        .output()
        .unwrap();
    let document = String::from_utf8(output.stdout).unwrap();
    assert!(document.contains("</html>"), "{}", String::from_utf8_lossy(&output.stderr));
    Some(document)
}

/// Whether the check with this anchor is open.
fn is_open(document: &str, anchor: &str) -> bool {
    let body = document.find(&format!("id=\"{anchor}\"")).unwrap();
    let details = document[..body].rfind("<details").unwrap();
    document[details..body].split('>').next().unwrap().contains(" open")
}

#[test]
fn the_script_runs_and_no_other_does() {
    let Some(document) = document("") else { return };
    assert!(document.contains("<div class=\"scripted\">"), "the filters are not shown");
    assert!(
        !document.contains("<button class=\"chip fail\" type=\"button\" disabled"),
        "the chips do nothing"
    );
    let title = document.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
    assert!(title.starts_with("✗ failed · shop/orders"), "{title}");
    assert!(!is_open(&document, "shop/orders:order_id.not_null"));
    assert!(is_open(&document, "shop/orders:status.in_set"));
}

#[test]
fn a_deep_link_opens_its_check() {
    let Some(document) = document("#shop/orders:order_id.not_null") else { return };
    assert!(is_open(&document, "shop/orders:order_id.not_null"));
    assert!(!is_open(&document, "shop/orders:row_count"));
}
