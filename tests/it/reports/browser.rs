//! The page in a real browser.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::golden::golden;
use crate::cli::Project;

/// The page's document after its script ran, opened at a fragment.
fn document(fragment: &str) -> String {
    opened(&golden("html"), fragment)
}

/// The document of a page after its script ran. The page's policy has refused nothing of it: the console is empty.
#[expect(clippy::disallowed_methods, reason = "a browser is another program, asked for by the environment")]
fn opened(page: &Path, fragment: &str) -> String {
    let chromium = std::env::var_os("KARAT_CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".into());
    let profile = tempfile::TempDir::new().unwrap();
    let output = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--virtual-time-budget=2000", "--dump-dom", "--enable-logging=stderr"])
        .arg(format!("file://{}{fragment}", page.display()))
        .output()
        .unwrap();
    let document = String::from_utf8(output.stdout).unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(document.contains("</html>") && !log.contains(":CONSOLE"), "{log}");
    document
}

/// Whether the check with this anchor is open.
fn is_open(document: &str, anchor: &str) -> bool {
    let body = document.find(&format!("id=\"{anchor}\"")).unwrap();
    let details = document[..body].rfind("<details").unwrap();
    document[details..body].split('>').next().unwrap().contains(" open")
}

#[test]
#[cfg_attr(not(chromium), ignore = "there is no Chromium; KARAT_CHROMIUM names its executable")]
fn the_script_runs_and_no_other_does() {
    let document = document("");
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
#[cfg_attr(not(chromium), ignore = "there is no Chromium; KARAT_CHROMIUM names its executable")]
fn a_deep_link_opens_its_check() {
    let document = document("#shop/orders:order_id.not_null");
    assert!(is_open(&document, "shop/orders:order_id.not_null"));
    assert!(!is_open(&document, "shop/orders:row_count"));
}

/// The policy allows the page's own style and script by their digests, and neither styles within tags nor what else
/// somebody may have brought in.
#[test]
#[cfg_attr(not(chromium), ignore = "there is no Chromium; KARAT_CHROMIUM names its executable")]
fn what_is_not_of_the_page_is_refused() {
    let profile = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/golden/profile/customers.html");
    for page in [golden("html"), profile] {
        let text = std::fs::read_to_string(&page).unwrap();
        assert!(!text.contains(" style=") && !text.contains("unsafe-inline"), "{}", page.display());
        opened(&page, "");
        let folder = tempfile::TempDir::new().unwrap();
        let foreign: PathBuf = folder.path().join("page.html");
        let script = "<script>document.title = 'taken'</script><img src=\"data:,\" onerror=\"document.title = 'taken'\">";
        std::fs::write(&foreign, text.replace("<main", &format!("{script}<main"))).unwrap();
        let refused = std::panic::catch_unwind(|| opened(&foreign, ""));
        let log = *refused.unwrap_err().downcast::<String>().unwrap();
        assert!(log.contains("Content Security Policy"), "{log}");
    }
}

/// A project whose suite has so many checks that the page keeps what is not seen at first compressed.
fn many() -> Project {
    let columns: Vec<String> = (0..30)
        .map(|column| {
            let bounds: Vec<String> = (0..10)
                .map(|check| {
                    let description = "<img src=x onerror=document.title=1>";
                    format!("    - {{id: c{column}/{check}, tags: [t{check}], description: {description:?}, between: {{max: {check}}}}}\n")
                })
                .collect();
            format!("  a{column}:\n{}", bounds.concat())
        })
        .collect();
    let names: Vec<String> = (0..30).map(|column| format!("a{column}")).collect();
    let row = |first: &str| {
        std::iter::once(first).chain(std::iter::repeat_n("0", 29)).collect::<Vec<_>>().join(",")
    };
    let project = Project::with(&format!("suite: big\ndata: big.csv\ncolumns:\n{}", columns.concat()))
        .file("big.csv", &format!("{}\n{}\n{}\n", names.join(","), row("0"), row("3")));
    let ran = project.check(&["orders.yml", "--format", "html=report.html"]);
    assert_eq!(ran.code, 1, "{ran}");
    project
}

#[test]
#[cfg_attr(not(chromium), ignore = "there is no Chromium; KARAT_CHROMIUM names its executable")]
fn what_is_compressed_is_unfolded_by_a_link_and_by_a_search() {
    let project = many();
    let page = project.path().join("report.html");
    let text = std::fs::read_to_string(&page).unwrap();
    // What failed stands in the page as it is; what passed is a line a column until it is asked for.
    assert!(text.contains("id=\"big:c0&#x2f;2\"") && !text.contains("id=\"big:c0&#x2f;5\""));
    assert!(text.contains("<noscript>") && text.contains("type=\"text/plain\" id=\"_parts\""));
    assert!(text.len() < 150_000, "{} bytes", text.len());
    let linked = opened(&page, "#big:c29/5");
    assert!(is_open(&linked, "big:c29/5"));
    // What is unfolded is text, whatever it says.
    assert!(
        linked.contains("&lt;img src=x onerror=") && !linked.contains("<img") && !linked.contains("<title>1")
    );
    let searched = opened(&page, "#?q=tag:t5%20col:a7");
    assert!(searched.contains(">1 of 300 checks<"));
    assert!(searched.contains("id=\"big:c7/5\""));
}

#[test]
#[cfg_attr(not(chromium), ignore = "there is no Chromium; KARAT_CHROMIUM names its executable")]
fn the_address_holds_a_search() {
    let shown = |query: &str| {
        let document = document(&format!("#?q={query}"));
        let count = document.split("role=\"status\">").nth(1).unwrap().split('<').next().unwrap();
        count.to_owned()
    };
    assert_eq!(shown("v:fail"), "6 of 15 checks");
    assert_eq!(shown("v:fail%20v:error"), "7 of 15 checks");
    assert_eq!(shown("col:status%20tag:nightly"), "1 of 15 checks");
    assert_eq!(shown("sev:info"), "1 of 15 checks");
    assert_eq!(shown("layer:gold"), "0 of 15 checks");
    assert_eq!(shown("layer:silver%20-v:pass"), shown("-v:pass"));
}
