//! `karat lint`: checks that contradict each other, and columns that are locked.

use std::fmt::Write as _;

use polars::prelude::df;

use super::{Project, Ran, karat};

fn lint(project: &Project, arguments: &[&str]) -> Ran {
    karat().arg("lint").args(arguments).in_dir(project.path()).run()
}

#[test]
fn contradictions_are_errors_at_their_place() {
    let project = Project::with(
        "suite: s
columns:
  amount:
    - between: {min: 0, max: 10}
    - {in_set: [11, 12], id: outside}
    - max: {max: -1}
  placed_on:
    - between: {min: 2026-01-01}
    - type: string
  status:
    - in_set: [o, f]
    - matches: '^[A-Z]$'
  order_id:
    - not_null
    - null
",
    );
    insta::assert_snapshot!(lint(&project, &["orders.yml"]), @r"
    exit 2
    --- stderr
    error: outside: it contradicts amount.between: no value meets both
     --> orders.yml:5:8
      |
    5 |     - {in_set: [11, 12], id: outside}
      |        ^^^^^^
      |
      = help: line 4: amount between 0 and 10

    error: amount.max: it contradicts amount.between: no table meets both
     --> orders.yml:6:7
      |
    6 |     - max: {max: -1}
      |       ^^^
      |
      = help: line 4: amount between 0 and 10

    error: placed_on.between: the bound 2026-01-01 is a date, and the column is text, as placed_on.type demands
     --> orders.yml:8:16
      |
    8 |     - between: {min: 2026-01-01}
      |                ^^^^^^^^^^^^^^^^^
      |
      = help: write '2026-01-01' to compare as text; `schema: {…: date}` gives a column of a text file its type, and date_parseable or datetime_format judge texts that say dates

    error: status.matches: it contradicts status.in_set: no value meets both
      --> orders.yml:12:7
       |
    12 |     - matches: '^[A-Z]$'
       |       ^^^^^^^
       |
       = help: line 11: status in_set [o, f]

    error: order_id.null: it contradicts order_id.not_null: no value meets both
      --> orders.yml:15:7
       |
    15 |     - null
       |       ^^^^
       |
       = help: line 14: order_id not_null
    ");
}

#[test]
fn what_can_never_hold_is_an_error() {
    let project = Project::with(
        "suite: s
columns:
  amount:
    - {mean: {min: 3, max: 2}, id: upside_down}
    - not_in_set: [5]
      where: amount = 3 AND amount = 4
    - between: {min: 1}
      where: amount IS NULL
  order_id:
    - unique: null
      warn_if: '> 5'
      fail_if: '> 2'
table:
  - rows: status = 'O' AND status LIKE 'F%'
",
    );
    insta::assert_snapshot!(lint(&project, &["orders.yml"]), @r"
    exit 2
    --- stderr
    error: upside_down: nothing can meet it
     --> orders.yml:4:14
      |
    4 |     - {mean: {min: 3, max: 2}, id: upside_down}
      |              ^^^^^^^^^^^^^^^^
      |
      = help: is min above max, or the set empty?

    error: amount.not_in_set: where holds on no row, so that nothing is judged
     --> orders.yml:6:14
      |
    6 |       where: amount = 3 AND amount = 4
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: of what it demands of one value, something excludes another part

    error: amount.between: it considers no row that where lets through
     --> orders.yml:7:7
      |
    7 |     - between: {min: 1}
      |       ^^^^^^^
      |
      = help: the check speaks of rows that where leaves out

    error: order_id.unique: it never warns: it warns above 5, and fails above 2 already
      --> orders.yml:10:7
       |
    10 |     - unique: null
       |       ^^^^^^
       |
       = help: warn_if is the lower limit of the two

    error: rows: nothing can meet it
      --> orders.yml:14:11
       |
    14 |   - rows: status = 'O' AND status LIKE 'F%'
       |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: look at its bounds, its values and its where: together they let nothing through
    ");
}

#[test]
fn what_is_superfluous_is_a_note() {
    let project = Project::with(
        "suite: s
columns:
  status:
    - in_set: [O, F, n]
    - {in_set: [O, F, n], id: again}
    - {in_set: [O, F, P, X, n], id: wider}
    - matches: '^[A-Z]$'
    - {in_set: [O], id: only, where: status = 'O'}
    - length_between: {min: 1}
      fail_if: '> 100 %'
",
    );
    insta::assert_snapshot!(lint(&project, &["orders.yml"]), @r"
    exit 0
    --- stdout
    orders.yml: reads well; it names no data to check its types against
    --- stderr
    note: status.in_set: its value n fails status.matches
     --> orders.yml:4:7
      |
    4 |     - in_set: [O, F, n]
      |       ^^^^^^
      |
      = help: line 7: status matches ^[A-Z]$

    note: again: it says the same as status.in_set
     --> orders.yml:5:8
      |
    5 |     - {in_set: [O, F, n], id: again}
      |        ^^^^^^
      |
      = help: line 4: status in_set [O, F, n]

    note: wider: status.in_set fails whatever it fails
     --> orders.yml:6:8
      |
    6 |     - {in_set: [O, F, P, X, n], id: wider}
      |        ^^^^^^
      |
      = help: line 4: status in_set [O, F, n]

    note: only: it can never fail
     --> orders.yml:8:8
      |
    8 |     - {in_set: [O], id: only, where: status = 'O'}
      |        ^^^^^^
      |
      = help: where lets through only rows that meet it anyway, or every row does

    note: status.length_between: its limit is never exceeded: above 100 %
     --> orders.yml:9:7
      |
    9 |     - length_between: {min: 1}
      |       ^^^^^^^^^^^^^^
      |
      = help: severity: info is for what must not stop anything
    ");
}

/// A suite of any size is looked at: only pairs of checks that speak of the same values have a limit.
#[test]
fn large_suites_are_compared_as_far_as_that_is_cheap() {
    let many = |checks: usize, column: &dyn Fn(usize) -> usize, last: &str| {
        let mut suite = "suite: s\ntable:\n".to_owned();
        for number in 0..checks {
            writeln!(suite, "  - {{id: c{number}, rows: \"a{} <> {number}\"}}", column(number)).unwrap();
        }
        suite + last
    };
    let impossible = "columns: {a0: [{id: last, between: {min: 5, max: 1}}]}\n";
    let contradicting = "columns: {a1999: [{id: last, in_set: [1999]}]}\n";

    let apart = Project::with(&many(2_000, &|number| number, contradicting));
    let ran = lint(&apart, &["orders.yml"]);
    assert!(ran.code == 2 && ran.stderr.contains("last: it contradicts c1999"), "{ran}");
    assert!(!ran.stderr.contains("not compared"), "{ran}");

    let alike = Project::with(&many(600, &|_| 0, impossible));
    let ran = lint(&alike, &["orders.yml"]);
    assert!(ran.code == 2 && ran.stderr.contains("last: nothing can meet it"), "{ran}");
    let limit = "c500: from here on, checks are not compared with each other";
    assert_eq!(ran.stderr.matches(limit).count(), 1, "{ran}");
}

#[test]
fn types_decide_with_the_data() {
    let project = Project::new().file(
        "s.yml",
        "suite: s
data: small.parquet
columns:
  tiny:
    - between: {min: 300}
    - {between: {min: -200}, id: always}
    - not_null: null
      where: tiny > 1000
",
    );
    project.parquet("small.parquet", &mut df!("tiny" => [1_i8, 2]).unwrap());
    insta::assert_snapshot!(lint(&project, &["s.yml"]), @r"
    exit 2
    --- stderr
    note: always: tiny.between fails whatever it fails
     --> s.yml:6:8
      |
    6 |     - {between: {min: -200}, id: always}
      |        ^^^^^^^
      |
      = help: line 5: tiny between at least 300

    note: tiny.not_null: it can never fail
     --> s.yml:7:7
      |
    7 |     - not_null: null
      |       ^^^^^^^^
      |
      = help: where lets through only rows that meet it anyway, or every row does

    error: tiny.between: no value of a column of this type meets it
     --> s.yml:5:7
      |
    5 |     - between: {min: 300}
      |       ^^^^^^^

    error: tiny.not_null: where holds on no row that columns of these types can have
     --> s.yml:7:7
      |
    7 |     - not_null: null
      |       ^^^^^^^^

    s.yml: 2 of 3 checks do not fit small.parquet
    ");
}

const LOCKED: &str = "suite: orders
data: orders.parquet
columns:
  order_id: [not_null]
  amount:
    - between: {min: -10, max: 100}
      where: status <> 'P'
  status:
    - exists_in: {data: states.parquet, column: name}
";

fn locked() -> Project {
    let project = Project::new().file("karat.yml", "").file("suites/orders.yml", LOCKED);
    project.parquet("states.parquet", &mut df!("name" => ["O", "F", "P"]).unwrap());
    project
}

#[test]
fn columns_are_locked_and_stand_for_the_data() {
    let project = locked();
    insta::assert_snapshot!(lint(&project, &["--locked"]), @r"
    exit 3
    --- stderr
    error: suites/orders.yml: the columns of orders.parquet are not locked
      help: karat lint --update-lock writes them to schema.lock, where the data can be read
    ");
    insta::assert_snapshot!(lint(&project, &["--update-lock"]), @r"
    exit 0
    --- stdout
    suites/orders.yml: 3 checks fit orders.parquet
    schema.lock: the columns of 2 datasets are locked
    ");
    insta::assert_snapshot!(project.read("schema.lock"), @r#"
    {
      "lock_version": 1,
      "datasets": {
        "orders.parquet": {
          "format": "parquet",
          "version": null,
          "columns": [
            {
              "name": "order_id",
              "type": "int64",
              "nullable": true
            },
            {
              "name": "status",
              "type": "string",
              "nullable": true
            },
            {
              "name": "amount",
              "type": "float64",
              "nullable": true
            },
            {
              "name": "placed_on",
              "type": "string",
              "nullable": true
            }
          ]
        },
        "states.parquet": {
          "format": "parquet",
          "version": null,
          "columns": [
            {
              "name": "name",
              "type": "string",
              "nullable": true
            }
          ]
        }
      }
    }
    "#);
    let bytes = project.read("schema.lock");
    assert_eq!(lint(&project, &["--lock"]).code, 0);
    assert_eq!(project.read("schema.lock"), bytes);
    std::fs::remove_file(project.path().join("orders.parquet")).unwrap();
    std::fs::remove_file(project.path().join("states.parquet")).unwrap();
    insta::assert_snapshot!(lint(&project, &["--locked"]), @r"
    exit 0
    --- stdout
    suites/orders.yml: 3 checks fit orders.parquet, as schema.lock has it
    ");
    insta::assert_snapshot!(lint(&project, &[]), @r"
    exit 0
    --- stdout
    suites/orders.yml: 3 checks fit orders.parquet, as schema.lock has it
    --- stderr
    note: suites/orders.yml: nothing lies at orders.parquet; its columns in schema.lock stand for it
    ");
    let wrong = project.file("suites/orders.yml", &LOCKED.replace("amount:", "amonut:"));
    insta::assert_snapshot!(lint(&wrong, &["--locked"]), @r#"
    exit 2
    --- stderr
    error: amonut.between: no column "amonut"
     --> suites/orders.yml:6:16
      |
    6 |     - between: {min: -10, max: 100}
      |                ^^^^^^^^^^^^^^^^^^^^
      |
      = help: did you mean "amount"?

    suites/orders.yml: 1 of 3 checks does not fit orders.parquet, as schema.lock has it
    "#);
}

#[test]
fn drift_is_compatible_or_breaking_and_names_what_it_touches() {
    let project = locked();
    assert_eq!(lint(&project, &["--update-lock"]).code, 0);
    let mut orders = df! {
        "order_id" => [1_i32, 2],
        "state" => ["O", "F"],
        "amount" => [1_i64, 2],
        "placed_on" => ["2026-01-01", "2026-01-02"],
        "note" => [None, Some("\u{1b}[31m")],
    }
    .unwrap();
    project.parquet("orders.parquet", &mut orders);
    let project = project.file("suites/orders.yml", &LOCKED[..LOCKED.find("  amount").unwrap()]);
    insta::assert_snapshot!(lint(&project, &[]), @r#"
    exit 2
    --- stdout
    suites/orders.yml: 1 check fits orders.parquet
    --- stderr
    error: suites/orders.yml: orders.parquet: column "order_id" was int64 and is int32 (breaking)
      help: touches order_id.not_null; karat lint --update-lock accepts it
    error: suites/orders.yml: orders.parquet: column "status" is gone; it may be called "state" now (breaking)
      help: touches no check; karat lint --update-lock accepts it
    error: suites/orders.yml: orders.parquet: column "amount" was float64 and is int64 (breaking)
      help: touches no check; karat lint --update-lock accepts it
    note: suites/orders.yml: orders.parquet: column "note" is new, of type string (compatible, touches no check)
    "#);
    insta::assert_snapshot!(lint(&project, &["--update-lock"]), @r#"
    exit 0
    --- stdout
    suites/orders.yml: 1 check fits orders.parquet
    schema.lock: the columns of 2 datasets are locked
    --- stderr
    note: suites/orders.yml: orders.parquet: column "order_id" was int64 and is int32 (breaking, touches order_id.not_null)
    note: suites/orders.yml: orders.parquet: column "status" is gone; it may be called "state" now (breaking, touches no check)
    note: suites/orders.yml: orders.parquet: column "amount" was float64 and is int64 (breaking, touches no check)
    note: suites/orders.yml: orders.parquet: column "note" is new, of type string (compatible, touches no check)
    "#);
    insta::assert_snapshot!(lint(&project, &[]), @r"
    exit 0
    --- stdout
    suites/orders.yml: 1 check fits orders.parquet
    ");
}

#[test]
fn a_lock_is_read_strictly() {
    for (text, told) in [
        ("{}", "\"lock_version\" is missing"),
        ("{\"lock_version\": 2, \"datasets\": {}}", "version 1"),
        ("{\"lock_version\": 1, \"datasets\": {}, \"dataset\": {}}", "did you mean \"datasets\"?"),
        (
            "{\"lock_version\": 1, \"datasets\": {\"a\": {\"format\": \"csv\", \"version\": null, \"columns\": [{\"name\": \"a\", \"type\": \"int65\", \"nullable\": true}]}}}",
            "a type",
        ),
        ("nothing", "schema.lock"),
    ] {
        let ran = lint(&locked().file("schema.lock", text), &["--locked"]);
        assert_eq!(ran.code, 2, "{text}");
        assert!(ran.stderr.contains(told) && ran.stderr.contains("schema.lock"), "{text}: {}", ran.stderr);
    }
}
