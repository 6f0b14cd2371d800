//! Data docs: the site that is made of a history.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use polars::prelude::df;
use serde_json::Value as Json;

use crate::cli::{Project, Ran, karat};

const ORDERS: &str = "suite: silver/orders
data: orders.parquet
layer: silver
description: One row an order.
columns:
  id: [not_null, unique]
  status: [{in_set: [O, F]}]
table:
  - row_count: {min: 3}
";

const PEOPLE: &str = "suite: bronze/people
data: people.parquet
layer: bronze
pii: [name]
columns:
  name: [not_null, {in_set: [nobody]}]
";

const SECRET: &str = "wombat-4711";

/// Orders with so many unknown states among six.
fn orders(project: &Project, wrong: usize) {
    let status: Vec<&str> = (0..6).map(|row| if row < wrong { "X" } else { "O" }).collect();
    let mut rows = df! { "id" => [1, 2, 3, 4, 5, 6], "status" => status, "note" => ["a"; 6] }.unwrap();
    project.parquet("orders.parquet", &mut rows);
}

fn project() -> Project {
    let project = Project::new().file("orders.yml", ORDERS).file("people.yml", PEOPLE);
    orders(&project, 0);
    project.parquet("people.parquet", &mut df! { "name" => [SECRET, "Z"] }.unwrap());
    project
}

/// A check of a day of January.
fn check(project: &Project, day: usize, arguments: &[&str]) -> Ran {
    let now = format!("2026-01-{:02}T{:02}:00:00Z", 1 + day / 24, day % 24);
    project.check(&[&["-q", "--now", &now], arguments].concat())
}

fn docs(project: &Project, arguments: &[&str]) -> Ran {
    karat().args(["docs"]).args(arguments).in_dir(project.path()).run()
}

/// The files below a folder with what they hold, but for what is not of the site itself.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            match name.as_str() {
                "history" | ".karat-lock" => {}
                _ if path.is_dir() => folders.push(path),
                _ => drop(files.insert(name, std::fs::read(&path).unwrap())),
            }
        }
    }
    files
}

fn is_of(file: &str, ending: &str) -> bool {
    Path::new(file).extension().is_some_and(|of| of == ending)
}

fn json(project: &Project, file: &str) -> Json {
    serde_json::from_str(&project.read(file)).unwrap()
}

/// Runs of which some fail, and some judge one suite only.
fn several_runs(project: &Project, arguments: &[&str]) {
    for (day, wrong) in [0, 0, 2, 3, 3, 0, 0].into_iter().enumerate() {
        orders(project, wrong);
        let suites: &[&str] = if day % 2 == 0 { &["orders.yml", "people.yml"] } else { &["orders.yml"] };
        let code = i32::from(wrong > 0 || day % 2 == 0);
        let ran = check(project, day, &[suites, arguments].concat());
        assert_eq!(ran.code, code, "{ran}");
    }
}

#[test]
fn adding_runs_one_by_one_makes_the_site_that_is_built_of_all() {
    let project = project();
    several_runs(&project, &["--history", "runs", "--docs", "added"]);
    let built = docs(&project, &["build", "--history", "runs", "--output", "built"]);
    assert_eq!((built.code, built.stdout.contains("7 runs")), (0, true), "{built}");
    let (added, built) = (files(&project.path().join("added")), files(&project.path().join("built")));
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&added), names(&built));
    for (name, text) in &added {
        assert!(*text == built[name], "{name} differs");
    }
    // What has not changed is left alone.
    let again = docs(&project, &["build", "--history", "runs", "--output", "built"]);
    assert!(again.stdout.contains("0 files written"), "{again}");
}

#[test]
fn a_run_that_is_added_rewrites_five_files_at_most() {
    let project = project();
    several_runs(&project, &["--history", "runs", "--docs", "site"]);
    let before = files(&project.path().join("site"));
    orders(&project, 1);
    check(&project, 30, &["orders.yml", "--history", "runs", "--docs", "site"]);
    let after = files(&project.path().join("site"));
    let changed: Vec<&String> =
        before.iter().filter(|(name, text)| after.get(*name) != Some(text)).map(|(name, _)| name).collect();
    assert_eq!(
        changed,
        ["d/silver.orders.html", "d/silver.orders.json", "index.html", "index.json", "now.js"]
    );
    assert_eq!(after.len(), before.len() + 2);
}

#[test]
fn an_incident_begins_and_ends() {
    let project = project();
    several_runs(&project, &["--docs", "site"]);
    let dataset = json(&project, "site/d/silver.orders.json");
    let status = dataset["checks"].as_array().unwrap().iter().find(|check| check["id"] == "status.in_set");
    assert_eq!(status.unwrap()["verdicts"], "ppfffpp");
    let page = project.read("site/d/silver.orders.html");
    assert!(page.contains("3 runs") && page.contains("2 → 3 rows") && page.contains("ended by"), "{page}");
    // Nothing is promised of the column `note`.
    assert_eq!(json(&project, "site/s/silver.orders.json")["unpromised"], serde_json::json!(["note"]));
    let start = project.read("site/index.html");
    assert!(start.contains("1 of 2 datasets is blocked"), "{start}");
}

/// Every relative link of every page leads to a file that is there, and to a place in it.
#[test]
fn every_link_leads_somewhere() {
    let project = project();
    several_runs(&project, &["--docs", "site"]);
    let site = project.path().join("site");
    let pages = files(&site);
    let mut followed = 0;
    for (name, text) in pages.iter().filter(|(name, _)| is_of(name, "html")) {
        let text = String::from_utf8(text.clone()).unwrap();
        for link in text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if link.starts_with("data:") {
                continue;
            }
            assert!(!link.contains("://"), "{name}: {link}");
            let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { site.join(name) } else { resolved(&site.join(name), file) };
            let found = std::fs::read_to_string(&target).unwrap_or_else(|_| panic!("{name}: {link}"));
            if !fragment.is_empty() && !fragment.starts_with('?') {
                assert!(found.contains(&format!("id=\"{fragment}\"")), "{name}: {link}");
            }
            followed += 1;
        }
    }
    assert!(followed > 100, "{followed}");
}

fn resolved(from: &Path, link: &str) -> PathBuf {
    let mut path = from.parent().unwrap().to_owned();
    for part in link.split('/') {
        match part {
            ".." => drop(path.pop()),
            part => path.push(part),
        }
    }
    path
}

#[test]
fn personal_values_are_in_no_byte_of_a_site() {
    let project = project();
    let ran = check(&project, 1, &["people.yml", "orders.yml", "--docs", "site", "--samples", "50"]);
    assert_eq!(ran.code, 1, "{ran}");
    let site = project.path().join("site");
    let mut all = files(&site);
    all.extend(files(&site.join("history")));
    assert!(all.len() > 20);
    for (name, text) in all {
        let is_in = text.windows(SECRET.len()).any(|bytes| bytes == SECRET.as_bytes());
        assert!(!is_in, "{name}");
    }
}

/// Names of suites, columns, checks and values that would be markup are text.
#[test]
fn hostile_names_are_text() {
    const HOSTILE: &str = "</script><script>x()</script><img src=x onerror=x()>\" onclick=\"x()";
    let suite = serde_json::json!({
        "suite": HOSTILE, "data": "t.parquet", "layer": "bronze", "owner": HOSTILE, "description": HOSTILE,
        "columns": { (HOSTILE): [{ "in_set": ["a"], "id": HOSTILE, "tags": [HOSTILE], "description": HOSTILE }] },
    });
    let project = Project::new().file("hostile.json", &suite.to_string());
    project.parquet("t.parquet", &mut df! { HOSTILE => [HOSTILE, "a"] }.unwrap());
    let ran = check(&project, 1, &["hostile.json", "--docs", "site"]);
    assert_eq!(ran.code, 1, "{ran}");
    let pages = files(&project.path().join("site"));
    for (name, text) in pages.iter().filter(|(name, _)| is_of(name, "html")) {
        let text = String::from_utf8_lossy(text);
        for wrong in ["<script>x()", "<img", " onclick=\"x()"] {
            assert!(!text.contains(wrong), "{name} has {wrong}");
        }
    }
    let now = String::from_utf8_lossy(&pages["now.js"]);
    assert!(now.starts_with("karat.now({") && now.trim_end().ends_with("});"), "{now}");
}

/// The page under the old name stays, as pages of runs link to it.
#[test]
fn a_suite_with_a_new_name_stands_once_on_the_start_page() {
    let project = project();
    check(&project, 1, &["orders.yml", "--history", "runs", "--docs", "site"]);
    let project = project.file("orders.yml", &ORDERS.replace("silver/orders", "silver/all_orders"));
    check(&project, 2, &["orders.yml", "--history", "runs", "--docs", "site"]);
    let index = json(&project, "site/index.json");
    assert_eq!(index["datasets"].as_array().unwrap().len(), 1, "{index}");
    let added = files(&project.path().join("site"));
    assert!(added.contains_key("d/silver.orders.html") && added.contains_key("d/silver.all_orders.html"));
    docs(&project, &["build", "--history", "runs", "--output", "built"]);
    assert!(added == files(&project.path().join("built")));
}

/// Paths are relative to the project, wherever it lies.
#[test]
fn no_page_names_a_folder_of_this_machine() {
    let project = project();
    let suite = project.path().join("orders.yml");
    check(&project, 1, &[suite.to_str().unwrap(), "--docs", "site"]);
    for (name, text) in files(&project.path().join("site")) {
        let text = String::from_utf8_lossy(&text).replace("&#x2f;", "/");
        let is_report = name.starts_with("r/") && is_of(&name, "json");
        assert!(is_report || !text.contains(project.path().to_str().unwrap()), "{name}");
    }
}

#[test]
fn what_is_no_run_is_named_on_the_site() {
    let project = project();
    several_runs(&project, &["--history", "runs"]);
    std::fs::write(project.path().join("runs/20260101T000000000Z-torn.jsonl"), "{\"history_version\":1,")
        .unwrap();
    let built = docs(&project, &["build", "--history", "runs", "--output", "site"]);
    assert_eq!(built.code, 0, "{built}");
    assert!(built.stderr.contains("20260101T000000000Z-torn.jsonl is no run"), "{built}");
    assert!(project.read("site/index.html").contains("20260101T000000000Z-torn.jsonl"));
}

#[test]
fn runs_that_are_pruned_leave_the_site_when_it_is_built() {
    let project = project();
    several_runs(&project, &["--history", "runs", "--docs", "site"]);
    karat().args(["history", "prune", "--history", "runs", "--keep", "2"]).in_dir(project.path()).run();
    std::fs::write(project.path().join("site/r/mine.txt"), "not karat's").unwrap();
    docs(&project, &["build", "--history", "runs", "--output", "site"]);
    let left: Vec<String> =
        files(&project.path().join("site")).into_keys().filter(|name| name.starts_with("r/")).collect();
    assert_eq!(left.len(), 5, "{left:?}");
    assert!(left.contains(&"r/mine.txt".to_owned()));
}

#[test]
fn somebody_elses_folder_is_left_alone() {
    let project = project().file("site/index.json", "{\"mine\": true}");
    let ran = check(&project, 1, &["orders.yml", "--docs", "site"]);
    assert_eq!(ran.code, 3, "{ran}");
    assert!(ran.stderr.contains("is not of a site"), "{ran}");
    assert_eq!(project.read("site/index.json"), "{\"mine\": true}");
    assert!(!project.path().join("site/index.html").exists());
}

/// A site of another karat is built anew, as its pages look otherwise.
#[test]
fn a_site_of_another_karat_is_built_anew() {
    let project = project();
    several_runs(&project, &["--docs", "site"]);
    let other = project.read("site/index.json").replace("\"karat_version\":\"", "\"karat_version\":\"0");
    std::fs::write(project.path().join("site/index.json"), other).unwrap();
    std::fs::write(project.path().join("site/site.css"), "").unwrap();
    check(&project, 30, &["orders.yml", "--docs", "site"]);
    assert_eq!(json(&project, "site/index.json")["runs"], 8);
    assert!(project.read("site/site.css").contains("--fail"));
}

#[test]
fn a_run_that_judged_nothing_says_so_on_the_start_page() {
    let project = project();
    check(&project, 1, &["orders.yml", "--docs", "site"]);
    let project = project.file("broken.yml", "suite: [");
    let ran = check(&project, 2, &["broken.yml", "--docs", "site"]);
    assert_eq!(ran.code, 2, "{ran}");
    let start = project.read("site/index.html");
    assert!(start.contains("The last run judged nothing") && !start.contains("is open"), "{start}");
    check(&project, 3, &["orders.yml", "--docs", "site"]);
    assert!(!project.read("site/index.html").contains("The last run judged nothing"));
}

/// What each file of JSON holds is what the schema says.
#[test]
fn the_schema_describes_the_files() {
    let project = project();
    several_runs(&project, &["--docs", "site"]);
    let schema = karat().args(["schema", "site"]).run();
    let schema: Json = serde_json::from_str(&schema.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut seen = 0;
    for (name, text) in files(&project.path().join("site")) {
        if is_of(&name, "json") && !name.starts_with("r/") {
            let file: Json = serde_json::from_slice(&text).unwrap();
            if let Err(error) = validator.validate(&file) {
                panic!("{name}: {error}");
            }
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen}");
    let wrong = serde_json::json!({ "site_version": 1, "suite": 2 });
    assert!(validator.validate(&wrong).is_err());
}

/// Writers that add runs at once wait for each other.
#[test]
fn two_writers_lose_no_run() {
    let project = project();
    check(&project, 1, &["orders.yml", "--history", "runs", "--docs", "site"]);
    let writers: Vec<_> = (2..8)
        .map(|day| {
            let now = format!("2026-01-01T{day:02}:00:00Z");
            let mut writer = karat()
                .args(["check", "orders.yml", "-q", "--history", "runs", "--docs", "site", "--now", &now])
                .in_dir(project.path())
                .command();
            writer.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut writer in writers {
        assert_eq!(writer.wait().unwrap().code(), Some(0));
    }
    assert_eq!(json(&project, "site/index.json")["runs"], 7);
    assert_eq!(json(&project, "site/d/silver.orders.json")["runs"].as_array().unwrap().len(), 7);
}

/// A dataset's page knows 200 runs, and the list of runs has parts that no run touches any more.
/// Runs of the same suites that began in the same millisecond would have the same id.
#[test]
fn runs_of_one_moment_have_a_page_each() {
    let project = project();
    check(&project, 1, &["orders.yml", "--history", "runs", "--docs", "added"]);
    for wrong in [0, 2] {
        orders(&project, wrong);
        check(&project, 2, &["orders.yml", "--history", "runs", "--docs", "added"]);
    }
    docs(&project, &["build", "--history", "runs", "--output", "built"]);
    let (added, built) = (files(&project.path().join("added")), files(&project.path().join("built")));
    let pages: Vec<&String> =
        added.keys().filter(|name| name.starts_with("r/") && is_of(name, "html")).collect();
    assert_eq!(pages.len(), 3, "{pages:?}");
    assert!(added.get(pages[1]) != added.get(pages[2]));
    assert!(added == built);
}

#[test]
fn a_long_history_is_kept_in_parts() {
    let project = project();
    check(&project, 1, &["orders.yml", "--history", "runs"]);
    let runs = project.path().join("runs");
    let first = std::fs::read_dir(&runs).unwrap().next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(&first).unwrap();
    let id = first.file_stem().unwrap().to_str().unwrap().to_owned();
    for number in 0..649 {
        let other = format!(
            "20260102T{:02}{:02}{:02}000Z-{number:08x}",
            number / 3600,
            number / 60 % 60,
            number % 60
        );
        // Ids are as long as each other, so that the record's number of bytes holds.
        std::fs::write(runs.join(format!("{other}.jsonl")), text.replace(&id, &other)).unwrap();
    }
    let built = docs(&project, &["build", "--history", "runs", "--output", "site"]);
    assert!(built.stdout.contains("650 runs"), "{built}");
    let index = json(&project, "site/index.json");
    assert_eq!((index["sealed"].as_u64(), index["newest"].as_array().unwrap().len()), (Some(2), 250));
    let part = json(&project, "site/runs/1.json");
    assert_eq!((part.as_array().unwrap().len(), &part[0]["id"]), (200, &Json::from(id)));
    assert_eq!(json(&project, "site/d/silver.orders.json")["runs"].as_array().unwrap().len(), 200);
    // As many as have pages of their own.
    assert_eq!(std::fs::read_dir(project.path().join("site/r")).unwrap().count(), 1300);
}

#[test]
fn a_site_is_served_to_this_machine_alone() {
    let project = project();
    check(&project, 1, &["orders.yml", "--history", "runs", "--docs", "site"]);
    let mut server = karat().args(["docs", "serve", "site", "--port", "0"]).in_dir(project.path()).command();
    let mut server = server.stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    let mut stderr = server.stderr.take().unwrap();
    while !said.contains("/ until") {
        let mut byte = [0];
        assert_eq!(stderr.read(&mut byte).unwrap(), 1, "{said}");
        said.push(byte[0].into());
    }
    let address = said.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let get = |path: &str, host: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let start = get("/", &address);
    assert!(start.starts_with("HTTP/1.1 200") && start.contains("/-/reload.js"), "{start}");
    assert!(start.contains("connect-src 'self'"), "{start}");
    assert!(get("/d/silver.orders.html", "localhost").contains("silver&#x2f;orders"));
    assert!(get("/site.css", &address).contains("text/css"));
    for path in
        ["/../runs/x", "/%2e%2e/orders.yml", "/.karat-lock", "/orders.yml", "//etc/hosts", "/d", "/none.html"]
    {
        assert!(get(path, &address).starts_with("HTTP/1.1 404"), "{path}");
    }
    assert!(get("/", "evil.example").starts_with("HTTP/1.1 403"));
    // Who knows the site as it is waits until a run is added.
    let known = get("/-/changes?", &address);
    let known = known.rsplit("\r\n\r\n").next().unwrap().to_owned();
    let asked = {
        let address = address.clone();
        let known = known.clone();
        std::thread::spawn(move || {
            let mut stream = TcpStream::connect(&address).unwrap();
            write!(stream, "GET /-/changes?{known} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        })
    };
    check(&project, 2, &["orders.yml", "--history", "runs", "--docs", "site"]);
    let now = asked.join().unwrap();
    assert!(!now.ends_with(&known), "{now}");
    server.kill().unwrap();
    server.wait().unwrap();
}

#[test]
fn what_is_asked_for_and_is_not_there_is_said() {
    let project = project();
    insta::assert_snapshot!(docs(&project, &["build"]), @r"
    exit 2
    --- stderr
    error: no site is named
      help: name its folder, or write docs: in karat.yml
    ");
    insta::assert_snapshot!(docs(&project, &["build", "--output", "site"]), @r"
    exit 2
    --- stderr
    error: site/history has no runs
      help: karat check --history DIR keeps a run there
    ");
    insta::assert_snapshot!(docs(&project, &["serve", "site"]), @r"
    exit 2
    --- stderr
    error: site has no site
      help: karat docs build --output site makes one
    ");
}
