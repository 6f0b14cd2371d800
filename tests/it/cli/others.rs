//! `karat lint` and `karat plan`.

use polars::prelude::{Column, DataFrame, DataType, TimeUnit};

use super::{Project, karat};

const SUITE: &str = "\
suite: orders
data: orders.parquet
columns:
  order_id: [not_null, unique]
  status:
    - in_set: [O, F, P]
      where: amount > 0
  amount:
    - between: {min: 0, max: 100}
    - type: float64
table:
  - row_count: {min: 1}
  - rows: amount > 0 or status = 'X'
    id: positive_unless_unknown
";

#[test]
fn lint_finds_what_does_not_fit() {
    let project = Project::with(SUITE)
        .file("types.yml", "suite: types\ndata: orders.parquet\ncolumns:\n  status:\n    - between: {min: 0}\n  oder_id: [not_null]\ntable:\n  - rows: amount > 'a lot'\n")
        .file("nowhere.yml", "suite: nowhere\ndata: nowhere.parquet\ntable: [{row_count: {min: 1}}]\n")
        .file("bare.yml", "suite: bare\ntable: [{row_count: {min: 1}}]\n");
    let lint = |suite: &str| karat().args(["lint", suite]).in_dir(project.path()).run();
    insta::assert_snapshot!(lint("orders.yml"), @r"
    exit 0
    --- stdout
    orders.yml: 7 checks fit orders.parquet
    ");
    insta::assert_snapshot!(lint("types.yml"), @r#"
    exit 2
    --- stderr
    error: status.between: the bound 0 is a number, and the column is text
     --> types.yml:5:16
      |
    5 |     - between: {min: 0}
      |                ^^^^^^^^
      |
      = help: write '0' to compare as text; `schema: {…: int64}` gives a column of a text file its type

    error: oder_id.not_null: no column "oder_id"
     --> types.yml:6:13
      |
    6 |   oder_id: [not_null]
      |             ^^^^^^^^
      |
      = help: did you mean "order_id"?

    error: rows: 'a lot' does not fit the type float64
     --> types.yml:8:20
      |
    8 |   - rows: amount > 'a lot'
      |                    ^^^^^^^
      |
      = help: a number is written 1500 or 0.5

    types.yml: 3 of 3 checks do not fit orders.parquet
    "#);
    insta::assert_snapshot!(lint("nowhere.yml"), @r"
    exit 3
    --- stderr
    error: nowhere.yml: nothing lies at nowhere.parquet
      help: a path is as seen from the folder of karat.yml, or from the one that karat runs in where there is none
    ");
    insta::assert_snapshot!(lint("bare.yml"), @r"
    exit 0
    --- stdout
    bare.yml: reads well; it names no data to check its types against
    ");
}

/// A date beside a timestamp is its midnight: that is said, and is no error.
#[test]
fn lint_says_what_a_comparison_means() {
    let suite = "suite: times\ndata: times.csv\ncolumns:\n  at:\n    - not_null: {}\n      where: at >= DATE '2026-01-31'\ntable:\n  - rows: day <= at\n  - pair: {left: day, is: <, right: at}\n";
    let project = Project::with(SUITE)
        .file("times.yml", suite)
        .file("times.csv", "day,at\n2026-01-31,2026-01-31T10:00:00\n");
    insta::assert_snapshot!(karat().args(["lint", "times.yml"]).in_dir(project.path()).run(), @r"
    exit 0
    --- stdout
    times.yml: 3 checks fit times.csv
    --- stderr
    note: at.not_null: it can never fail
     --> times.yml:5:7
      |
    5 |     - not_null: {}
      |       ^^^^^^^^
      |
      = help: where lets through only rows that meet it anyway, or every row does

    note: at.not_null: DATE '2026-01-31' beside a timestamp is its midnight, 2026-01-31T00:00:00
     --> times.yml:6:14
      |
    6 |       where: at >= DATE '2026-01-31'
      |              ^^^^^^^^^^^^^^^^^^^^^^^

    note: rows: a date beside a timestamp is its midnight: day at 00:00:00 <= at
     --> times.yml:8:11
      |
    8 |   - rows: day <= at
      |           ^^^^^^^^^

    note: pair: a date beside a timestamp is its midnight: day at 00:00:00 < at
     --> times.yml:9:11
      |
    9 |   - pair: {left: day, is: <, right: at}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    ");
}

#[test]
fn plan_shows_what_would_be_measured() {
    let project = Project::with(SUITE);
    insta::assert_snapshot!(karat().args(["plan", "orders.yml"]).in_dir(project.path()).run(), @r"
    exit 0
    --- stdout
    orders  orders.parquet

    7 checks ask for 17 metrics; 11 measured, the others are shared
    columns read: 3 of 4: order_id, status, amount
    1 scan of 6 rows; a second, narrow one only if rows fail

      count of all rows, proved by footers                                for order_id.not_null, order_id.unique, amount.between and 2 more
      count where order_id is null, proved by footers                     for order_id.not_null
      count where order_id is not null, proved by footers                 for order_id.unique
      rows that share values of order_id where order_id is not null, keeps a hash of each key  for order_id.unique
      first 10 repeated values of order_id where order_id is not null, keeps a hash of each key  for order_id.unique
      count where (amount > 0) is true                                    for status.in_set
      count where (amount > 0) is true and status is not null             for status.in_set
      count where (amount > 0) is true and status not in ('O', 'F', 'P')  for status.in_set
      count where amount is not null, proved by footers                   for amount.between
      count where not (amount >= 0 and amount <= 100)                     for amount.between
      count where (amount > 0 or status = 'X') is not true                for positive_unless_unknown
      the schema                                                          for amount.type
    ");
}

#[test]
fn lint_says_what_a_date_beside_a_time_means() {
    let day = |name: &str| Column::new(name.into(), &[0_i32][..]).cast(&DataType::Date).unwrap();
    let time = |name: &str| {
        Column::new(name.into(), &[0_i64][..])
            .cast(&DataType::Datetime(TimeUnit::Microseconds, None))
            .unwrap()
    };
    let mut here = DataFrame::new(1, vec![day("due"), time("paid")]).unwrap();
    let mut there = DataFrame::new(1, vec![time("due")]).unwrap();
    let project = Project::new();
    project.parquet("here.parquet", &mut here);
    project.parquet("there.parquet", &mut there);
    let project = project.file("s.yml", "suite: s\ndata: here.parquet\ntable:\n  - pair: {left: paid, is: '<=', right: due}\n  - exists_in: {data: there.parquet, columns: [due]}\n  - same_rows_as: {data: there.parquet, key: [due]}\n  - rows: paid < due\n");
    insta::assert_snapshot!(karat().args(["lint", "s.yml"]).in_dir(project.path()).run(), @r"
    exit 0
    --- stdout
    s.yml: 4 checks fit here.parquet
    --- stderr
    note: pair: rows fails whatever it fails
     --> s.yml:4:5
      |
    4 |   - pair: {left: paid, is: '<=', right: due}
      |     ^^^^
      |
      = help: line 7: rows paid < due

    note: exists_in: due is a date, and stands for its midnight beside the timestamp due
    note: same_rows_as: due is a date, and stands for its midnight beside the timestamp due
    note: pair: a date beside a timestamp is its midnight: paid <= due at 00:00:00
     --> s.yml:4:11
      |
    4 |   - pair: {left: paid, is: '<=', right: due}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    note: rows: a date beside a timestamp is its midnight: paid < due at 00:00:00
     --> s.yml:7:11
      |
    7 |   - rows: paid < due
      |           ^^^^^^^^^^
    ");
}

/// With as many digits as tell on which side of the tolerance it is.
#[test]
fn numbers_that_are_to_be_the_same_are_shown_with_their_distance() {
    let check = |tolerance: &str| {
        format!(
            "  - same_as: {{data: other.csv, of: sum(id), tolerance: {tolerance}}}\n    id: '{tolerance}'\n"
        )
    };
    let suite = ["0.2 %", "0.16 %", "0.1601 %", "1"].map(check).concat();
    let project = Project::with(&format!("suite: s\ndata: own.csv\ntable:\n{suite}"))
        .file("own.csv", "id\n1000000\n1001\n600\n3\n")
        .file("other.csv", "id\n1000000\n0\n0\n0\n");
    let said = project.check(&["orders.yml"]).stdout;
    let distances: Vec<_> = said
        .lines()
        .filter(|line| line.contains("same_as"))
        .map(|line| line.rsplit_once("other ").unwrap().1)
        .collect();
    assert_eq!(
        distances,
        ["1,000,000, 0.16 % apart", "1,000,000, 0.1604 % apart", "1,000,000, 0.1604 % apart", "1,000,000"]
    );
}
