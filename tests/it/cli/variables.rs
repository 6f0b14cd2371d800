//! Variables of the environment that stand for options.

use super::{Karat, Project, karat};

const SUITE: &str = "\
suite: orders
data: orders.parquet
columns:
  order_id: [not_null]
  status:
    - in_set: [O, F, P]
      warn_if: \"> 0\"
";

fn check(project: &Project) -> Karat {
    karat().args(["check", "orders.yml"]).in_dir(project.path())
}

#[test]
fn stand_for_options_that_are_not_given() {
    let project = Project::with(SUITE);
    let check = || check(&project);
    assert_eq!(check().run().code, 0);
    assert_eq!(check().env("KARAT_FAIL_ON", "warn").run().code, 1);
    assert_eq!(check().env("KARAT_FAIL_ON", "warn").args(["--fail-on", "error"]).run().code, 0);
    // Empty is not given.
    assert_eq!(check().env("KARAT_FAIL_ON", "").run().code, 0);
    // A yes and a no, in the words that people write.
    let quiet = |word: &str| !check().env("KARAT_QUIET", word).run().stdout.contains("order_id");
    assert_eq!(
        ["1", "true", "yes", "on", "0", "false", "no"].map(quiet),
        [true, true, true, true, false, false, false]
    );
    // Of what is repeatable, each line is one.
    check().env("KARAT_FORMAT", "json=a.json\nhtml=b.html").run();
    assert!(project.path().join("a.json").exists() && project.path().join("b.html").exists());
    // `lint` and `plan` have theirs.
    for command in ["lint", "plan"] {
        let ran =
            karat().args([command, "orders.yml"]).env("KARAT_DATA", "nowhere.parquet").in_dir(project.path());
        assert_eq!(ran.run().code, 3, "{command}");
    }
}

/// What is written excludes what only stands in the environment.
#[test]
fn give_way_to_the_command_line() {
    let project = Project::with(SUITE);
    let ran = check(&project).env("KARAT_TIMESTAMP", "2026-01-01T00:00:00Z").args(["--version", "1"]).run();
    assert!(!ran.stderr.contains("cannot be used"), "{ran}");
    let ran = check(&project).env("KARAT_QUIET", "1").arg("--verbose").run();
    assert_eq!(ran.code, 0, "{ran}");
    insta::assert_snapshot!(
        check(&project).env("KARAT_TIMESTAMP", "2026-01-01T00:00:00Z").env("KARAT_VERSION", "1").run(), @r"
    exit 2
    --- stderr
    error: the argument '--version <N>' cannot be used with '--timestamp <T>'

    Usage: karat check --version <N> <SUITE|DIR>...

    For more information, try '--help'.
    note: --version comes from the variable KARAT_VERSION
    note: --timestamp comes from the variable KARAT_TIMESTAMP
    ");
}

#[test]
fn errors_say_which_variable_they_come_from() {
    let project = Project::with(SUITE);
    insta::assert_snapshot!(check(&project).env("KARAT_VERSION", "0.2.0").run(), @r"
    exit 2
    --- stderr
    error: invalid value '0.2.0' for '--version <N>': invalid digit found in string

    For more information, try '--help'.
    note: --version comes from the variable KARAT_VERSION
    ");
    insta::assert_snapshot!(check(&project).env("KARAT_NO_VACUOUS", "maybe").run(), @r"
    exit 2
    --- stderr
    error: invalid value 'maybe' for '--no-vacuous': value was not a boolean

    For more information, try '--help'.
    note: --no-vacuous comes from the variable KARAT_NO_VACUOUS
    ");
}

#[test]
fn mistyped_ones_are_told_once_and_others_are_not() {
    let project = Project::with(SUITE);
    let ran = check(&project)
        .env("KARAT_FAILON", "warn")
        .env("KARAT_SAMPLE", "3")
        .env("KARAT_PROFILE", "mine")
        // Begins again, with what the engine reads.
        .args(["--threads", "1", "--memory", "1GB", "-q"])
        .run();
    insta::assert_snapshot!(ran, @r#"
    exit 0
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ! status  in_set [O, F, P]  1 of 5 rows fails (20 %): "X"; warns above 0, never fails

    gate PASSED: 1 warned, 1 passed  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    --- stderr
    note: karat reads no variable "KARAT_FAILON"; did you mean KARAT_FAIL_ON?
    note: karat reads no variable "KARAT_SAMPLE"; did you mean KARAT_SAMPLES?
    "#);
}

/// No value is shown: of storage options it may be a secret.
#[test]
fn are_never_shown() {
    let project = Project::with(SUITE);
    for value in ["aws_secret_access_key=geheim", "aws_secret_access_keys=geheim", "geheim"] {
        for command in ["check", "lint", "plan", "inspect"] {
            let command = || karat().args([command, "orders.yml"]).env("KARAT_STORAGE_OPTION", value);
            for ran in [command().in_dir(project.path()).run(), command().arg("--help").run()] {
                assert!(!format!("{ran}").contains("geheim"), "{ran}");
            }
        }
    }
}
