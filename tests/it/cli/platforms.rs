//! `--format auto`, and what a build server is told.

use super::{Karat, Project, karat};

const SUITE: &str = "suite: orders\ndata: orders.parquet\ncolumns:\n  status: [not_null]\n";

fn check(project: &Project, arguments: &[&str]) -> Karat {
    karat().arg("check").args(arguments).in_dir(project.path())
}

#[test]
fn github_gets_annotations_and_a_summary() {
    let project = Project::with(SUITE);
    let summary = project.path().join("summary.md");
    let ran = check(&project, &["orders.yml", "--format", "auto"])
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())
        .run();
    insta::assert_snapshot!(ran, @r"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  not_null  1 of 6 rows fails (16.7 %)

    gate FAILED: 1 failed  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    ::error file=orders.yml,line=4,title=orders%3A status.not_null::1 of 6 rows fails (16.7 %25)
    ");
    assert!(project.read("summary.md").contains("### ❌ karat: gate failed for <code>orders</code>"));
}

#[test]
fn azure_gets_issues() {
    let project = Project::with(SUITE);
    let ran = check(&project, &["orders.yml", "-q", "--format", "auto"]).env("TF_BUILD", "True").run();
    insta::assert_snapshot!(ran, @r"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  not_null  1 of 6 rows fails (16.7 %)

    gate FAILED: 1 failed  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    ##vso[task.logissue type=error;sourcepath=orders.yml;linenumber=4;]orders: status.not_null: 1 of 6 rows fails (16.7 %AZP25)
    ");
}

#[test]
fn gitlab_gets_a_file() {
    let project = Project::with(SUITE);
    let ran = check(&project, &["orders.yml", "--format", "auto"]).env("GITLAB_CI", "true").run();
    assert!(ran.code == 1 && ran.stdout.starts_with("orders  orders.parquet"), "{ran}");
    assert!(project.read("gl-code-quality-report.json").contains("\"check_name\": \"not_null\""));
}

#[test]
fn elsewhere_it_is_text() {
    let project = Project::with(SUITE);
    let plain = check(&project, &["orders.yml"]).run().to_string();
    assert_eq!(check(&project, &["orders.yml", "--format", "auto"]).run().to_string(), plain);
    assert_eq!(
        check(&project, &["orders.yml", "--format=auto"]).env("GITHUB_ACTIONS", "false").run().to_string(),
        plain
    );
    // Nor does where it runs say anything unless it is asked.
    assert_eq!(check(&project, &["orders.yml"]).env("GITHUB_ACTIONS", "true").run().to_string(), plain);
}

#[test]
fn commands_go_to_the_log_and_text_to_its_file() {
    let project = Project::with(SUITE);
    let ran = check(&project, &["orders.yml", "--format", "auto", "--output", "out.txt"]);
    let ran = ran.env("GITHUB_ACTIONS", "true").run();
    assert!(ran.stdout.starts_with("::error file=orders.yml,line=4,"), "{ran}");
    assert!(project.read("out.txt").starts_with("orders  orders.parquet"));
    // Text and commands go together; a document is alone.
    let ran = check(&project, &["orders.yml", "--format", "azure", "--format", "text"]).run();
    assert!(ran.stdout.starts_with("orders  ") && ran.stdout.contains("\n##vso[task.logissue "), "{ran}");
    for formats in [["--format=json", "--format=github"], ["--format=junit", "--format=auto"]] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(check(&project, &["orders.yml"]).args(formats).run().stderr, @r"
            error: only one format can go to standard output
              help: --format json=report.json
            ");
        }
    }
    insta::assert_snapshot!(check(&project, &["orders.yml", "--format", "auto=x"]).run().stderr, @r"
    error: invalid value 'auto=x' for '--format <FORMAT[=FILE]>': auto chooses where it writes; name a format with the file

    For more information, try '--help'.
    ");
}

/// A job in a folder of the repository: platforms know files by their path from its top.
#[test]
fn paths_are_those_of_the_repository() {
    let project =
        Project::new().file("data/suites/orders.yml", &SUITE.replace("orders.parquet", "../orders.parquet"));
    let folder = project.path().join("data");
    let root = project.path().to_str().unwrap();
    let github = |path: &str| {
        let karat = karat().args(["check", path, "-q", "--format=auto", "--format=sarif=karat.sarif"]);
        let karat = karat.env("GITHUB_ACTIONS", "true").env("GITHUB_WORKSPACE", root);
        karat.in_dir(&folder).run().stdout
    };
    let whole = folder.join("suites/orders.yml");
    for path in ["suites/orders.yml", "./suites/../suites/orders.yml", whole.to_str().unwrap()] {
        let told = github(path);
        assert!(told.contains("::error file=data/suites/orders.yml,line=4,"), "{told}");
        assert!(project.read("data/karat.sarif").contains("\"uri\": \"data/suites/orders.yml\""));
    }
    let gitlab = karat()
        .args(["check", "suites", "--format=auto"])
        .env("GITLAB_CI", "true")
        .env("CI_PROJECT_DIR", root);
    assert_eq!(gitlab.in_dir(&folder).run().code, 1);
    assert!(
        project.read("data/gl-code-quality-report.json").contains("\"path\": \"data/suites/orders.yml\"")
    );
}

/// The page links the lines of suites, but only where the commit is known that is checked out.
#[test]
fn lines_of_suites_are_linked_where_the_platform_shows_them() {
    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
    let name = "my suites/orders#1.yml";
    let project = Project::new()
        .file(name, SUITE)
        .file(".git/HEAD", "ref: refs/heads/main\n")
        .file(".git/packed-refs", &format!("# pack-refs with: peeled\n{COMMIT} refs/heads/main\n"));
    let root = project.path().to_str().unwrap().to_owned();
    let page = |variables: &[(&str, &str)]| {
        let mut karat = check(&project, &[name, "-q", "--format=html=page.html"]);
        for (name, value) in variables {
            karat = karat.env(name, value);
        }
        assert_eq!(karat.run().code, 1);
        project.read("page.html").replace("&#x2f;", "/")
    };
    let github = |server: &str, commit: &str| {
        page(&[
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_WORKSPACE", &root),
            ("GITHUB_SERVER_URL", server),
            ("GITHUB_REPOSITORY", "shop/lake"),
            ("GITHUB_SHA", commit),
        ])
    };
    let linked = github("https://github.com", COMMIT);
    let link = format!("href=\"https://github.com/shop/lake/blob/{COMMIT}/my%20suites/orders%231.yml#L4\"");
    assert!(linked.contains(&link), "{linked}");
    let gitlab = page(&[
        ("GITLAB_CI", "true"),
        ("CI_PROJECT_DIR", &root),
        ("CI_PROJECT_URL", "https://gitlab.com/shop/lake"),
        ("CI_COMMIT_SHA", COMMIT),
    ]);
    let link = format!("href=\"https://gitlab.com/shop/lake/-/blob/{COMMIT}/my%20suites/orders%231.yml#L4\"");
    assert!(gitlab.contains(&link), "{gitlab}");
    for unknown in [
        page(&[]),
        github("https://github.com", "another"),
        github("javascript:x", COMMIT),
        github("https://x\"onclick=", COMMIT),
    ] {
        assert!(!unknown.contains("#L4"), "{unknown}");
    }
}

#[test]
fn a_run_that_judged_nothing_says_so_there_too() {
    let project = Project::with("suite: orders\ncolums: {}\n").file("gl-code-quality-report.json", "[]");
    let ran = check(&project, &["orders.yml", "--format", "auto"]).env("GITHUB_ACTIONS", "true").run();
    assert_eq!(ran.code, 2);
    assert_eq!(ran.stdout, "::error title=karat::nothing was judged; the log of this step says why\n");
    let ran = check(&project, &["orders.yml", "--format", "auto"]).env("TF_BUILD", "True").run();
    assert_eq!(
        ran.stdout,
        "##vso[task.logissue type=error;]karat: nothing was judged; the log of this task says why\n"
    );
    // What an earlier run wrote does not stay as if this one had.
    check(&project, &["orders.yml", "--format", "auto"]).env("GITLAB_CI", "true").run();
    assert!(!project.path().join("gl-code-quality-report.json").exists());
}

#[test]
fn a_summary_that_cannot_be_written_is_told() {
    let project = Project::with(SUITE);
    let ran = check(&project, &["orders.yml", "-q", "--format", "github"]);
    let ran = ran.env("GITHUB_STEP_SUMMARY", "missing/summary.md").run();
    assert_eq!(ran.code, 3, "{ran}");
    assert_eq!(
        ran.stderr,
        "error: cannot add to the summary of the step, missing/summary.md: No such file or directory (os error 2)\n"
    );
    assert!(ran.stdout.starts_with("::error file=orders.yml"), "{ran}");
}
