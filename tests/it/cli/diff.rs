//! `karat diff`.

use std::path::Path;
use std::process::Command;

use super::{Project, Ran, karat};

const OLD: &str = "suite: silver/orders
layer: silver
data: orders.parquet
owner: orders-team
pii: [placed_on]
columns:
  order_id: [not_null, unique]
  status:
    - in_set: [O, F, P]
    - matches: '^[A-Z]$'
  amount:
    - between: {min: 0, max: 100}
      mostly: 0.99
    - mean: {min: 1, max: 50}
table:
  - row_count: {min: 1}
  - rows: amount > 0 OR status = 'O'
";

const NEW: &str = "suite: silver/orders
layer: gold
data: orders.parquet
owner: \"<b>\\e[31mus\"
columns:
  order_id: [not_null, unique]
  status:
    - in_set: [O, F]
    - {matches: '^[A-Z]$', id: letters}
  amount:
    - between: {min: 0, max: 50}
      mostly: 0.9
    - mean: {min: 1}
      severity: warning
table:
  - row_count: {min: 2}
    id: enough
  - rows: amount > 0
  - fresh: 1 d
";

fn both() -> Project {
    Project::new().file("old/orders.yml", OLD).file("new/orders.yml", NEW)
}

fn diff(project: &Project, arguments: &[&str]) -> Ran {
    karat().arg("diff").args(arguments).in_dir(project.path()).run()
}

#[test]
fn it_says_what_has_become_of_each_check() {
    insta::assert_snapshot!(diff(&both(), &["old", "new"]), @r"
    exit 0
    --- stdout
    silver/orders  new/orders.yml
      stronger      gate: stops on fail and error → stops on warn, fail and error
      equal         layer: silver → gold
      weaker        pii: placed_on → none
      equal         owner: orders-team → <b>\u{1b}[31mus
      weaker        amount.mean, line 13
                    demand (weaker): amount mean between 1 and 50 → amount mean at least 1
                    severity (weaker): critical → warning
      incomparable  amount.between, line 11
                    demand (stronger): amount between 0 and 100 → amount between 0 and 50
                    limits (weaker): fails above 1 % → fails above 10 %
      stronger      status.in_set, line 8
                    demand: status in_set [O, F, P] → status in_set [O, F]
      stronger      enough (was row_count), line 16
                    demand: row_count at least 1 → row_count at least 2
      stronger      rows, line 18
                    demand: rows amount > 0 OR status = 'O' → rows amount > 0
      added         fresh, line 19: fresh within 1 d
      equal         letters (was status.matches), line 9

    1 weaker, 1 incomparable, 3 stronger, 1 added, 3 equal
    ");
}

#[test]
fn nothing_has_changed_between_a_suite_and_itself() {
    insta::assert_snapshot!(diff(&both(), &["old", "old/orders.yml", "--fail-on", "any"]), @r"
    exit 0
    --- stdout
    nothing has changed: 8 equal
    ");
}

#[test]
fn gates_stop_on_what_they_are_told() {
    let project = both()
        .file("stronger.yml", &OLD.replace("max: 100", "max: 99"))
        .file("incomparable.yml", &OLD.replace("'^[A-Z]$'", "'^[A-Za-z]$'"))
        .file("removed.yml", &OLD.replace("  - row_count: {min: 1}\n", ""))
        .file(
            "covered.yml",
            &OLD.replace("  - row_count: {min: 1}\n", "  - row_count: {min: 3, max: 9}\n    id: n\n"),
        )
        .file("public.yml", &OLD.replace("pii: [placed_on]\n", ""))
        .file("renamed.yml", &OLD.replace("owner: orders-team", "owner: others"));
    let code = |new: &str, fail_on: &str| diff(&project, &["old/orders.yml", new, "--fail-on", fail_on]).code;
    for (new, codes) in [
        ("stronger.yml", [0, 0, 0, 1]),
        ("incomparable.yml", [0, 0, 1, 1]),
        ("removed.yml", [1, 1, 1, 1]),
        ("covered.yml", [0, 0, 0, 1]),
        ("public.yml", [0, 1, 1, 1]),
        ("renamed.yml", [0, 0, 0, 1]),
        ("new/orders.yml", [0, 1, 1, 1]),
        ("old/orders.yml", [0, 0, 0, 0]),
    ] {
        assert_eq!(
            ["removed", "weaker", "incomparable", "any"].map(|level| code(new, level)),
            codes,
            "{new}"
        );
    }
    insta::assert_snapshot!(diff(&project, &["old", "removed.yml", "--fail-on", "weaker"]), @r"
    exit 1
    --- stdout
    silver/orders  removed.yml
      removed       row_count, line 16 before: row_count at least 1

    1 removed, 7 equal
    --- stderr
    error: 1 change lets more through
      help: who answers for the data approves it
    ");
}

#[test]
fn checks_are_found_where_they_have_moved() {
    let of = |name: &str, checks: &str| format!("suite: {name}\ndata: orders.parquet\ncolumns:\n{checks}");
    let project = Project::new()
        .file("old/a.yml", &of("a", "  amount: [not_null]\n  status: [{in_set: [O], id: s}]\n"))
        .file("old/b.yml", &of("b", "  order_id: [unique]\n"))
        .file("new/a.yml", &of("a", "  amount: [not_null]\n"))
        .file("new/c.yml", &of("c", "  order_id: [unique, not_null]\n  status: [{in_set: [O], id: t}]\n"));
    insta::assert_snapshot!(diff(&project, &["old", "new"]), @r"
    exit 0
    --- stdout
    c  new/c.yml  was b
      added         order_id.not_null, line 4: order_id not_null
      equal         t (was s, moved from a), line 5

    1 added, 3 equal
    ");
}

#[test]
fn json_meets_its_schema() {
    let ran = diff(&both(), &["old", "new", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let validator = jsonschema::validator_for(&::karat::review::diff_schema()).unwrap();
    let wrong: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(report["schema_version"], 1);
    assert_eq!(report["counts"]["weaker"], 1);
    assert_eq!(report["suites"][0]["checks"][0]["change"], "equal");
}

#[test]
fn markdown_holds_no_markup_of_a_suite() {
    insta::assert_snapshot!(diff(&both(), &["old", "new", "--format", "markdown"]), @r"
    exit 0
    --- stdout
    ### Changes of data quality checks

    1 weaker, 1 incomparable, 3 stronger, 1 added, 3 equal

    #### silver/orders

    | | | |
    |---|---|---|
    | **stronger** | gate | stops on fail and error → stops on warn, fail and error |
    | **equal** | layer | silver → gold |
    | **weaker** | pii | placed\_on → none |
    | **equal** | owner | orders-team → &lt;b&gt;\\u\{1b\}\[31mus |
    | **weaker** | amount.mean | demand weaker: amount mean between 1 and 50 → amount mean at least 1<br>severity weaker: critical → warning |
    | **incomparable** | amount.between | demand stronger: amount between 0 and 100 → amount between 0 and 50<br>limits weaker: fails above 1 % → fails above 10 % |
    | **stronger** | status.in\_set | demand: status in\_set \[O, F, P\] → status in\_set \[O, F\] |
    | **stronger** | enough \(was row\_count\) | demand: row\_count at least 1 → row\_count at least 2 |
    | **stronger** | rows | demand: rows amount &gt; 0 OR status = 'O' → rows amount &gt; 0 |
    | **added** | fresh | fresh within 1 d |
    | **equal** | letters \(was status.matches\) |  |
    ");
}

#[test]
fn what_is_no_suite_is_told() {
    let project = both().file("broken/orders.yml", "suite: s\ncolumns:\n  a: [not_nul]\n");
    for arguments in [["old", "nowhere"], ["old", "broken"], ["broken", "old"]] {
        let ran = diff(&project, &arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?} {}", ran.stderr);
    }
}

/// Git, with nothing of the machine.
#[expect(clippy::disallowed_methods, reason = "revisions are git's")]
fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    for (name, value) in [
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_SYSTEM", "/dev/null"),
        ("GIT_AUTHOR_NAME", "a"),
        ("GIT_AUTHOR_EMAIL", "a@example.org"),
        ("GIT_COMMITTER_NAME", "a"),
        ("GIT_COMMITTER_EMAIL", "a@example.org"),
    ] {
        command.env(name, value);
    }
    let ran = command.args(arguments).current_dir(folder).output().unwrap();
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn revisions_of_git_are_compared() {
    const OWN: &str = "expectation: small
on: column
summary: every value is small
checks:
  - between: {max: 9}
";
    let suite = |check: &str| format!("suite: s\nlayer: silver\ncolumns:\n  amount: [{check}]\n");
    let project = Project::new()
        .file("karat.yml", "layers: {silver: {fail_on: warn}}\n")
        .file("expectations/small.yml", OWN)
        .file("suites/s.yml", &suite("small"));
    git(project.path(), &["init", "-q", "-b", "main"]);
    git(project.path(), &["add", "."]);
    git(project.path(), &["commit", "-q", "-m", "one"]);
    let project = project
        .file("karat.yml", "layers: {silver: {fail_on: error}}\n")
        .file("expectations/small.yml", &OWN.replace('9', "10"));
    insta::assert_snapshot!(diff(&project, &["main:suites", "suites"]), @r"
    exit 0
    --- stdout
    s  suites/s.yml
      weaker        gate: stops on warn, fail and error → stops on fail and error
      weaker        amount.small, line 4
                    demand: amount between at most 9 → amount between at most 10

    1 weaker
    ");
    let folder = project.path().join("suites");
    let inside = |arguments: &[&str]| karat().arg("diff").args(arguments).in_dir(&folder).run();
    assert_eq!(inside(&["main:./s.yml", "HEAD:suites", "--fail-on", "any"]).code, 0);
    assert_eq!(inside(&["main:../suites/s.yml", "HEAD:suites/s.yml", "--fail-on", "any"]).code, 0);
    insta::assert_snapshot!(diff(&project, &["main:later", "suites"]), @r"
    exit 0
    --- stdout
    s  suites/s.yml  added
      added         amount.small, line 4: amount small

    1 added
    ");
    insta::assert_snapshot!(diff(&project, &["gone:suites", "suites"]), @r#"
    exit 2
    --- stderr
    error: git knows no revision "gone": Needed a single revision
      help: a revision of git is written REV:PATH, such as main:suites or HEAD~1:suites/silver
    "#);
    insta::assert_snapshot!(diff(&project, &["--end-of-options:suites", "suites"]), @r"
    exit 2
    --- stderr
    error: unexpected argument '--end-of-options:suites' found

      tip: to pass '--end-of-options:suites' as a value, use '-- --end-of-options:suites'

    Usage: karat diff [OPTIONS] <OLD> <NEW>

    For more information, try '--help'.
    ");
    let broken = project.file("suites/s.yml", "suite: s\ncolumns: {a: [no]}\n");
    git(broken.path(), &["commit", "-q", "-a", "-m", "two"]);
    insta::assert_snapshot!(diff(&broken, &["main~1:suites", "main:suites"]), @r#"
    exit 2
    --- stderr
    error: no expectation "no"
     --> main:suites/s.yml:2:15
      |
    2 | columns: {a: [no]}
      |               ^^
      |
      = help: `karat list` shows the catalogue
    "#);
}
