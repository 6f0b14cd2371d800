//! `karat check`: verdicts and their exit codes.

use super::{Project, karat};

#[test]
fn what_holds_passes() {
    let project = Project::with(
        "suite: orders\ndata: orders.parquet\ncolumns:\n  order_id: [not_null, unique]\n  amount:\n    - max: {max: 60}\n",
    );
    insta::assert_snapshot!(project.check(&["orders.yml"]), @r"
    exit 0
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✓ order_id  not_null
      ✓ order_id  unique
      ✓ amount    max at most 60  observed 60

    gate PASSED: 3 passed  (the gate stops on fail and error; trust footer)  1 scan, [TIME]
    ");
}

#[test]
fn what_does_not_hold_fails() {
    let project = Project::with(
        "suite: orders\ndata: orders.parquet\nkey: order_id\ncolumns:\n  order_id: [not_null]\n  status:\n    - in_set: [O, F, P]\n  amount:\n    - between: {min: 0, max: 100}\n    - mean: {min: 50}\n",
    );
    insta::assert_snapshot!(project.check(&["orders.yml"]), @r##"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✓ order_id  not_null
      ✗ status    in_set [O, F, P]   1 of 5 rows fails (20 %): "X"
      ✗ amount    between 0 and 100  1 of 6 rows fails (16.7 %): -5
      ✗ amount    mean at least 50   observed 27.5833333333

    gate FAILED: 3 failed, 1 passed  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    "##);
    insta::assert_snapshot!(project.check(&["-v", "orders.yml"]), @r##"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✓ order_id  not_null
      ✗ status    in_set [O, F, P]   1 of 5 rows fails (20 %): "X"
            order_id=5 status="X"  (orders.parquet, row 4)
      ✗ amount    between 0 and 100  1 of 6 rows fails (16.7 %): -5
            order_id=4 amount=-5  (orders.parquet, row 3)
      ✗ amount    mean at least 50   observed 27.5833333333

    gate FAILED: 3 failed, 1 passed  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    "##);
    insta::assert_snapshot!(project.check(&["-q", "orders.yml"]), @r##"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  in_set [O, F, P]   1 of 5 rows fails (20 %): "X"
      ✗ amount  between 0 and 100  1 of 6 rows fails (16.7 %): -5
      ✗ amount  mean at least 50   observed 27.5833333333

    gate FAILED: 3 failed, 1 passed  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    "##);
    insta::assert_snapshot!(project.check(&["-q", "-v", "orders.yml"]), @r##"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  in_set [O, F, P]   1 of 5 rows fails (20 %): "X"
            order_id=5 status="X"  (orders.parquet, row 4)
      ✗ amount  between 0 and 100  1 of 6 rows fails (16.7 %): -5
            order_id=4 amount=-5  (orders.parquet, row 3)
      ✗ amount  mean at least 50   observed 27.5833333333

    gate FAILED: 3 failed, 1 passed  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    "##);
}

#[test]
fn a_warning_lets_through() {
    let project = Project::with(
        "suite: orders\ndata: orders.parquet\ncolumns:\n  status:\n    - not_null:\n      warn_if: '> 0'\n    - in_set: [O, F, P]\n      severity: warning\n  amount:\n    - between: {min: 0}\n      warn_if: '> 10 %'\n      fail_if: '> 20 %'\n",
    );
    insta::assert_snapshot!(project.check(&["orders.yml"]), @r##"
    exit 0
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ! status  not_null            1 of 6 rows fails (16.7 %); warns above 0, never fails
      ! status  in_set [O, F, P]    1 of 5 rows fails (20 %): "X"; severity warning
      ! amount  between at least 0  1 of 6 rows fails (16.7 %): -5; warns above 10 %, fails above 20 %

    gate PASSED: 3 warned  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    "##);
}

#[test]
fn what_cannot_be_evaluated_never_passes() {
    let project = Project::with(
        "suite: orders\ndata: orders.parquet\ncolumns:\n  order_id: [not_null]\n  statsu: [not_null]\n  placed_on:\n    - mean: {min: 1}\n",
    );
    insta::assert_snapshot!(project.check(&["orders.yml"]), @r##"
    exit 3
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✓ order_id   not_null
      ? statsu     not_null         could not be evaluated: no column "statsu"; did you mean "status"? (orders.yml:5)
      ? placed_on  mean at least 1  could not be evaluated: needs numbers, and column "placed_on" is string (orders.yml:7)

    gate COULD NOT TELL: 2 could not be evaluated, 1 passed  (the gate stops on fail and error; trust footer)  0 scans, [TIME]
    "##);
}

#[test]
fn a_failure_outweighs_what_cannot_be_evaluated() {
    let project = Project::with(
        "suite: orders\ndata: orders.parquet\ncolumns:\n  status: [not_null]\n  statsu: [not_null]\n",
    );
    insta::assert_snapshot!(project.check(&["orders.yml"]), @r##"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  not_null  1 of 6 rows fails (16.7 %)
      ? statsu  not_null  could not be evaluated: no column "statsu"; did you mean "status"? (orders.yml:5)

    gate FAILED: 1 failed, 1 could not be evaluated  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    "##);
}

#[test]
fn data_that_cannot_be_read_is_no_pass() {
    let project = Project::with(
        "suite: orders\ndata: order.parquet\ncolumns:\n  status: [not_null]\n  order_id: [not_null]\n",
    )
    .file("broken.parquet", "this is no Parquet file")
    .file("empty/readme.txt", "no data here");
    insta::assert_snapshot!(project.check(&["orders.yml"]), @r"
    exit 3
    --- stdout
    orders  order.parquet

      ? could not be judged: nothing lies at order.parquet; did you mean orders.parquet? (orders.yml:2)

    gate COULD NOT TELL: 2 could not be evaluated  (the gate stops on fail and error)
    ");
    insta::assert_snapshot!(project.check(&["orders.yml", "--data", "broken.parquet"]), @r"
    exit 3
    --- stdout
    orders  broken.parquet

      ? could not be judged: cannot read broken.parquet as Parquet: no Parquet footer; truncated?

    gate COULD NOT TELL: 2 could not be evaluated  (the gate stops on fail and error)
    ");
    insta::assert_snapshot!(project.check(&["orders.yml", "--data", "empty"]), @r"
    exit 3
    --- stdout
    orders  empty

      ? could not be judged: empty holds no table: the folder has neither a _delta_log nor a .parquet file, nor one of text or Arrow that is called so; name a Delta table, or a file, folder or pattern of Parquet, CSV, NDJSON or Arrow (see karat explain formats)

    gate COULD NOT TELL: 2 could not be evaluated  (the gate stops on fail and error)
    ");
}

#[test]
fn nothing_to_judge_is_said() {
    let project = Project::with(
        "suite: orders\ndata: orders.parquet\ncolumns:\n  amount:\n    - between: {min: 0}\n      where: status = 'lost'\n",
    );
    insta::assert_snapshot!(project.check(&["orders.yml"]), @r"
    exit 0
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✓ amount  between at least 0  no row to judge

    gate PASSED: 1 passed  (the gate stops on fail and error; trust footer)  0 scans, [TIME]
    ");
    insta::assert_snapshot!(project.check(&["orders.yml", "--no-vacuous"]), @r"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ amount  between at least 0  no row to judge

    gate FAILED: 1 failed  (the gate stops on fail and error; trust footer)  0 scans, [TIME]
    ");
}

#[test]
fn now_can_be_given() {
    let project = Project::with(
        "suite: orders\ndata: orders.parquet\ntable:\n  - fresh: {column: updated_at, within: 1 h}\n",
    );
    let mut frame = polars::prelude::df! { "updated_at" => [1_767_225_600_000_i64] }.unwrap();
    let timestamps = polars::prelude::DataType::Datetime(
        polars::prelude::TimeUnit::Milliseconds,
        Some(polars::prelude::TimeZone::UTC),
    );
    frame.apply("updated_at", |column| column.cast(&timestamps).unwrap()).unwrap();
    project.parquet("orders.parquet", &mut frame);
    insta::assert_snapshot!(project.check(&["orders.yml", "--now", "2026-01-01T00:59:00Z"]), @r"
    exit 0
    --- stdout
    orders  orders.parquet  1 row in 1 file

      ✓ table  fresh updated_at within 1 h  observed 2026-01-01T00:00:00Z; 59 min 0 s old

    gate PASSED: 1 passed  (the gate stops on fail and error; trust footer)  0 scans, [TIME]
    ");
    insta::assert_snapshot!(project.check(&["orders.yml", "--now", "2026-01-01T01:01:00Z"]), @r"
    exit 1
    --- stdout
    orders  orders.parquet  1 row in 1 file

      ✗ table  fresh updated_at within 1 h  observed 2026-01-01T00:00:00Z; 1 h 1 min old

    gate FAILED: 1 failed  (the gate stops on fail and error; trust footer)  0 scans, [TIME]
    ");
}

#[test]
fn colours_are_for_terminals() {
    let suite = "suite: orders\ndata: orders.parquet\ncolumns:\n  status: [not_null]\n";
    let project = Project::with(suite);
    let check = || karat().args(["check", "orders.yml"]).in_dir(project.path());
    assert!(!check().run().stdout.contains('\u{1b}'));
    assert!(check().env("CLICOLOR_FORCE", "1").run().stdout.contains("\u{1b}[1m\u{1b}[31m✗"));
    assert!(!check().env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").run().stdout.contains('\u{1b}'));
}

/// Blocked on a pipe that nobody reads, karat is interrupted, or told to end: its exit code is that of a
/// shell, and what it had written into a temporary folder goes with it, unless it is killed: then it goes
/// with the next run.
#[test]
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "there is no other way to send a signal")]
fn signals_end_it_with_their_exit_codes() {
    use std::io::Read as _;
    use std::os::unix::fs::PermissionsExt as _;
    use std::process::{Command, Stdio};

    let checks: Vec<String> =
        (0..400).map(|number| format!("  - row_count: {{min: 1}}\n    id: check_{number}\n")).collect();
    let suite = format!("suite: orders\ndata: orders.csv\ntable:\n{}", checks.concat());
    let project = Project::with(&suite).file("orders.csv", "a\n1\n");
    let place = project.path().join("tmp");
    std::fs::create_dir(&place).unwrap();
    let left = || std::fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let check = |arguments: &[&str]| {
        let command = karat().args(["check", "orders.yml"]).args(arguments);
        command.env("TMPDIR", &place.display().to_string()).in_dir(project.path())
    };
    for (signal, code) in [("INT", Some(130)), ("TERM", Some(143)), ("HUP", Some(129)), ("KILL", None)] {
        let mut command = check(&["--format", "json"]).command();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
        let kill = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        assert_eq!(child.wait().unwrap().code(), code, "{signal}");
        if code.is_some() {
            assert_eq!(left(), Vec::<std::path::PathBuf>::new(), "{signal}");
        }
    }
    for folder in left() {
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        for file in std::fs::read_dir(&folder).unwrap() {
            assert_eq!(mode(&file.unwrap().path()), 0o600);
        }
    }
    assert_eq!(check(&[]).run().code, 0);
    assert_eq!(left(), Vec::<std::path::PathBuf>::new());
}

/// The engine tells the threads of its runtime, where it is asked to tell much.
#[test]
fn threads_are_as_many_as_asked_for() {
    let project = Project::with("suite: orders\ndata: orders.parquet\ncolumns: {status: [not_null]}\n");
    let threads = |arguments: &[&str]| {
        let ran = karat()
            .arg("check")
            .args(arguments)
            .arg("orders.yml")
            .env("POLARS_VERBOSE", "1")
            .env("POLARS_MAX_THREADS", "2")
            .in_dir(project.path())
            .run();
        let told = ran.stderr.lines().find_map(|line| line.strip_prefix("async thread count: "));
        (ran.code, told.map(str::to_owned))
    };
    assert_eq!(threads(&[]), (1, Some("2".to_owned())));
    assert_eq!(threads(&["--threads", "2"]), (1, Some("2".to_owned())));
    assert_eq!(threads(&["--threads", "3"]), (1, Some("3".to_owned())));
    assert_eq!(threads(&["--threads", "0"]), (2, None));
}
