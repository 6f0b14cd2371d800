//! Colours: where they are asked for, and nowhere else.

use super::{Project, karat};

const SUITE: &str = "suite: orders\ndata: orders.parquet\ncolumns: {order_id: [not_null]}\n";

/// Arguments, variables, and whether there are colours with them.
type Case = (&'static [&'static str], &'static [(&'static str, &'static str)], bool);

/// Whether what is printed has colours: a verdict, and an error.
fn colored(arguments: &[&str], variables: &[(&str, &str)]) -> [bool; 2] {
    let project = Project::with(SUITE);
    ["orders.yml", "missing.yml"].map(|suite| {
        let mut command = karat().arg("check").arg(suite).args(arguments).in_dir(project.path());
        for (name, value) in variables {
            command = command.env(name, value);
        }
        let ran = command.run();
        assert_eq!(ran.code, if suite == "orders.yml" { 0 } else { 2 }, "{ran}");
        format!("{}{}", ran.stdout, ran.stderr).contains('\u{1b}')
    })
}

#[test]
fn are_where_they_are_asked_for() {
    const CASES: [Case; 16] = [
        (&[], &[], false),
        (&["--color", "auto"], &[], false),
        (&["--color", "always"], &[], true),
        (&["--color=never"], &[("FORCE_COLOR", "1")], false),
        (&[], &[("FORCE_COLOR", "1")], true),
        (&[], &[("FORCE_COLOR", "3")], true),
        (&[], &[("FORCE_COLOR", "0")], false),
        (&[], &[("FORCE_COLOR", "")], false),
        (&[], &[("CLICOLOR_FORCE", "1")], true),
        (&[], &[("CLICOLOR_FORCE", "0")], false),
        // What a user wants nowhere is nowhere, unless it is asked for by name.
        (&[], &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], false),
        (&[], &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], false),
        (&[], &[("NO_COLOR", ""), ("FORCE_COLOR", "1")], true),
        (&["--color", "always"], &[("NO_COLOR", "1")], true),
        (&[], &[("NO_COLOR", "1"), ("KARAT_COLOR", "always")], true),
        (&["--color", "never"], &[("KARAT_COLOR", "always")], false),
    ];
    for (arguments, variables, wanted) in CASES {
        assert_eq!(colored(arguments, variables), [wanted; 2], "{arguments:?} {variables:?}");
    }
}

/// The option stands before a command or behind it, and what clap itself says keeps to it.
#[test]
fn are_of_help_and_of_bad_usage_too() {
    for arguments in [["--color", "always", "nope"], ["nope", "--color", "always"]] {
        assert!(karat().args(arguments).run().stderr.contains('\u{1b}'));
    }
    assert!(karat().args(["check", "--help"]).env("FORCE_COLOR", "1").run().stdout.contains('\u{1b}'));
    assert!(!karat().args(["check", "--help", "--color", "never"]).run().stdout.contains('\u{1b}'));
    insta::assert_snapshot!(karat().arg("list").env("KARAT_COLOR", "blue").run(), @r"
    exit 2
    --- stderr
    error: KARAT_COLOR is auto, always or never
    ");
}

/// What goes to a file is plain, as it is read by programs.
#[test]
fn are_in_no_file() {
    let project = Project::with(SUITE);
    project.check(&["orders.yml", "--color", "always", "--output", "out.txt", "--format", "json=out.json"]);
    assert!(!format!("{}{}", project.read("out.txt"), project.read("out.json")).contains('\u{1b}'));
}
