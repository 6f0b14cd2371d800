//! Every type of Arrow, packed or not: what the engine reads has its values, and what it does not
//! read is refused where a check names it, and nowhere else.

use std::path::PathBuf;

use crate::support::{judge, outcome};
use karat::evaluate::Verdict;
use karat::source::Trust;
use karat::{CheckOptions, Run, Suite, check};

/// As `tests/fixtures/arrow/write.py` writes them.
fn fixture(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/arrow");
    folder.join(name).display().to_string()
}

fn run(suite: &str, name: &str) -> Run {
    judge(suite, fixture(name))
}

const PACKED: [&str; 4] = ["plain.arrow", "lz4.arrow", "zstd.arrow", "zstd.arrows"];

/// The columns that are read, with nulls among three rows and checks that hold.
const READ: [(&str, u64, &str); 24] = [
    ("id", 0, "{in_set: [1, 2, 3]}"),
    ("coded", 1, "{in_set: [a, b]}, {distinct_count: 2}"),
    (
        "text",
        1,
        "{in_set: [a, a text of more than twelve bytes]}, {max: {max: a text of more than twelve bytes}}",
    ),
    ("bytes", 1, "{distinct_count: 2}"),
    ("short", 1, "{in_set: [a, b]}"),
    ("no_text", 3, "type: string"),
    ("no_large", 3, "type: string"),
    ("half", 1, "{in_set: [1.5, -2]}, {sum: {min: -0.5, max: -0.5}}"),
    ("map", 1, "{type: list}"),
    ("offset", 1, "{in_set: ['2026-01-31T10:00:00Z']}"),
    ("zone", 1, "{in_set: ['2026-01-31T10:00:00Z']}"),
    ("seconds", 1, "{in_set: ['2026-01-31T10:00:00']}"),
    ("small", 1, "{in_set: [1.5, -2.25]}, {sum: {min: -0.75, max: -0.75}}"),
    ("middle", 1, "{in_set: [1.5, -2.25]}, {sum: {min: -0.75, max: -0.75}}"),
    ("decimal", 1, "{in_set: [1.5, 123456789012345678901234567890123456.78]}"),
    ("fixed", 1, "{distinct_count: 2}"),
    ("nested", 1, "{not_null: , id: same, fail_if: '> 1'}"),
    ("lists", 1, "{type: list}"),
    ("time", 1, "{in_set: ['10:00:01', '00:00:00']}"),
    ("day", 1, "{in_set: ['2026-01-31T00:00:00', '1970-01-01T00:00:00']}"),
    ("took", 1, "type: duration"),
    ("flag", 1, "{in_set: [true, false]}"),
    ("nothing", 3, "type: 'null'"),
    ("last", 1, "{in_set: [x, y]}"),
];

/// Those that are not: their nulls where these are known, and how their types are called.
const UNREAD: [(&str, Option<u64>, &str); 8] = [
    ("wide", Some(1), "decimal256(50,2)"),
    ("coded_wide", Some(1), "dictionary of decimal256(50,0)"),
    ("views", Some(1), "list view of int32"),
    ("interval", Some(1), "interval"),
    ("odd_nested", Some(1), "struct with decimal256(50,0)"),
    ("union", None, "union"),
    ("sparse", None, "union"),
    ("ends", None, "run-end encoded utf8"),
];

#[test]
fn every_type_that_is_read_has_its_values() {
    let mut suite = "suite: types\ncolumns:\n".to_owned();
    for (column, _, checks) in READ {
        let checks = if checks.starts_with('{') { checks.to_owned() } else { format!("{{{checks}}}") };
        suite += &format!("  {column}: [not_null, {checks}]\n");
    }
    for name in PACKED {
        let run = run(&suite, name);
        let run = &run.suites[0];
        for (check, outcome) in run.suite.checks.iter().zip(&run.outcomes) {
            let column = check.column.as_ref().unwrap().to_string();
            let (_, nulls, _) = READ.iter().find(|(name, _, _)| *name == column).unwrap();
            if check.id == format!("{column}.not_null") {
                assert_eq!(outcome.counts.unwrap().failing, *nulls, "{name} {column}");
            } else {
                assert_eq!(outcome.verdict, Verdict::Pass, "{name} {}: {outcome:?}", check.id);
            }
        }
    }
}

#[test]
fn a_type_that_is_not_read_is_refused_where_it_is_named() {
    for name in PACKED {
        for (column, nulls, of) in UNREAD {
            let run = run(
                &format!(
                    "{{suite: s, columns: {{id: [unique], {column}: [not_null, distinct_count: 2]}}, table: [row_count: 3]}}"
                ),
                name,
            );
            let outcomes = &run.suites[0].outcomes;
            let verdicts: Vec<Verdict> = outcomes.iter().map(|outcome| outcome.verdict).collect();
            let there = if nulls.is_some() { Verdict::Fail } else { Verdict::Error };
            assert_eq!(verdicts, [Verdict::Pass, there, Verdict::Error, Verdict::Pass], "{name} {column}");
            assert_eq!(
                outcome(&run, &format!("{column}.not_null")).counts.map(|counts| counts.failing),
                nulls,
                "{name} {column}"
            );
            let reason = outcome(&run, &format!("{column}.distinct_count")).reason.as_deref().unwrap();
            assert!(reason.contains(column) && reason.contains(of), "{name} {column}: {reason}");
        }
    }
}

#[test]
fn rows_without_columns_that_are_read_are_rows() {
    for (name, trust) in
        [("no-columns.arrow", "none"), ("no-columns.arrow", "footer"), ("odd-only.arrow", "none")]
    {
        let options = CheckOptions { trust: Trust::parse(trust).unwrap(), ..CheckOptions::default() };
        let suite = Suite::from_yaml("{suite: s, table: [row_count: 3, {rows: 1 = 1}]}").unwrap();
        let run = check(&suite, fixture(name), &options);
        let execution = &run.suites[0].execution.as_ref().unwrap().1;
        assert!(run.passed(), "{name} {trust}: {:?}", run.suites[0].outcomes);
        assert!(execution.rows_read >= 3, "{execution:?}");
    }
}
