//! The report as a piece of a page of somebody else.

use karat::{CheckOptions, Report, Suite, check, report};
use polars::prelude::df;

fn fragment(yaml: &str) -> String {
    let suite = Suite::from_yaml(yaml).unwrap();
    let data = df!["status" => ["O", "<script>alert(1)</script>", "\u{202e}x"]].unwrap();
    let run = check(&suite, data, &CheckOptions::default());
    report::fragment(&Report::from(&run)).unwrap()
}

#[test]
fn nothing_in_it_acts_or_is_loaded() {
    let html = fragment(
        "suite: <img src=x onerror=alert(1)>\ncolumns:\n  status:\n    - {in_set: [O], id: '<script>1</script>'}\n",
    );
    for harmful in ["<script", "<img", "<link", "<iframe", "src=", "http", "\u{202e}", "url("] {
        let without = html.replace("&lt;img src=x onerror", "");
        assert!(!without.contains(harmful), "{harmful}: {html}");
    }
    assert!(html.contains("&lt;script&gt;alert(1)"), "{html}");
    assert!(html.starts_with("<div class=\"karat-run\">") && html.trim_end().ends_with("</div>"));
}

#[test]
fn what_failed_comes_first_and_what_has_no_room_is_counted() {
    let failing = (0..3).map(|id| format!("    - {{in_set: [O], id: f{id}}}\n"));
    let passing = (0..60).map(|id| format!("    - {{not_null: , id: p{id}}}\n"));
    let checks: String = passing.chain(failing).collect();
    let html = fragment(&format!("suite: many\ncolumns:\n  status:\n{checks}"));
    let place = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text}: {html}"));
    assert!(place("<code>f0</code>") < place("<code>p0</code>"));
    assert_eq!(html.matches("<tr><td>").count(), 50);
    assert!(html.contains("… and 13 more checks: 13 passed"), "{html}");
    assert!(html.contains("✗ gate FAILED</b> <strong>many</strong>"), "{html}");
}
