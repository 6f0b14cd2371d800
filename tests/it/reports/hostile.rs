//! Values are untrusted: in a report they are text, whatever they say.

use polars::prelude::df;

use super::golden::{project, rendered};
use crate::cli::Project;

#[test]
fn hostile_values_are_inert() {
    for (extension, text) in rendered(&project()) {
        // JSON escapes control characters; the rest is its readers' to escape.
        for character in
            ['\u{1b}', '\u{7}'].into_iter().chain((!extension.ends_with("json")).then_some('\u{202e}'))
        {
            assert!(!text.contains(character), "{extension} holds {character:?}");
        }
    }
    let [.., (_, page)] = rendered(&project());
    assert!(page.contains("&lt;script&gt;document.title"));
    assert!(!page.contains("<script>document.title") && !page.contains("<img"));
}

#[test]
fn the_page_is_one_file_and_small() {
    let [.., (_, page)] = rendered(&project());
    assert!(page.len() < 95_000, "{} bytes", page.len());
    // The name of the favicon's format is no address that is loaded.
    let page = page.replace("xmlns='http://www.w3.org/2000/svg'", "");
    for loads in ["http:", "https:", "src=\"", "@import", "url(", "fetch(", "XMLHttpRequest"] {
        assert!(!page.contains(loads), "the page holds {loads}");
    }
    for address in page.split("href=\"").skip(1) {
        assert!(address.starts_with('#') || address.starts_with("data:"), "{}", &address[..40]);
    }
}

#[test]
fn names_are_untrusted_too() {
    let column = "<b onclick='x'>\u{1b}[2J\u{202e}";
    let suite = format!(
        "suite: '<i>suite'\ndata: hostile.parquet\ndescription: '<u>'\ncolumns:\n  {}: [not_null]\n",
        serde_json::to_string(column).unwrap()
    );
    let project = Project::new().file("suite.yml", &suite);
    let mut frame = df! { "a" => [None::<i64>] }.unwrap();
    frame.rename("a", column.into()).unwrap();
    project.parquet("hostile.parquet", &mut frame);
    let ran = project.check(&["suite.yml", "-v", "--format", "html=report.html"]);
    assert_eq!(ran.code, 1, "{ran}");
    let page = project.read("report.html");
    for tag in ["<b onclick", "<i>suite", "<u>", "\u{1b}", "\u{202e}"] {
        assert!(!page.contains(tag) && !ran.stdout.contains('\u{1b}'), "{tag:?}");
    }
}

#[test]
fn a_value_of_a_megabyte_does_not_swell_what_people_read() {
    let project = Project::with(
        "suite: long\ndata: long.parquet\nkey: text\ncolumns:\n  text:\n    - length_between: {max: 10}\n",
    );
    project.parquet("long.parquet", &mut df! { "text" => ["x".repeat(1 << 20)] }.unwrap());
    let ran = project.check(&["orders.yml", "-v", "--format", "html=report.html"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.len() < 1_000, "{} bytes", ran.stdout.len());
    assert!(project.read("report.html").len() < 60_000);
}

#[test]
fn the_page_shows_no_path_of_the_machine() {
    let project = Project::new()
        .file(
            "suites/orders.yml",
            "suite: orders\ndata: a.csv\ncolumns: {a: [{in_set: [1], id: \"it's one\"}]}\n",
        )
        .file("suites/lost.yml", "suite: lost\ndata: nowhere.csv\ncolumns: {a: [not_null]}\n")
        .file("karat.yml", "layers: {bronze: {fail_on: warn}}\n")
        .file("a.csv", "a\n1\n2\n2\n");
    let folder = project.path().display().to_string();
    let suites = format!("{folder}/suites");
    for suites in [suites.as_str(), "suites"] {
        let ran = project.check(&[suites, "--format", "html=report.html"]);
        assert_eq!(ran.code, 1, "{ran}");
        let page = project.read("report.html").replace("&#x2f;", "/").replace("&#x27;", "'");
        assert!(!page.contains(&folder), "{}", page.split(&folder).nth(1).unwrap());
        assert!(page.contains(">a.csv<") && page.contains("nothing lies at nowhere.csv"));
        let command = r"karat rows suites/orders.yml --check 'it'\''s one'";
        assert!(page.contains(command), "{:?}", page.split("karat check").nth(1));
    }
}
