//! `karat demo`, and time travel on what it makes.

use tempfile::TempDir;

use super::karat;

#[test]
fn the_demo_finds_its_faults() {
    let folder = TempDir::new().unwrap();
    let demo = karat().args(["demo", "lakehouse"]).in_dir(folder.path()).run();
    assert_eq!(demo.code, 0, "{demo}");
    let conclusion: Vec<&str> = demo.stdout.lines().rev().take(11).collect();
    let conclusion: Vec<&str> = conclusion.into_iter().rev().collect();
    insta::assert_snapshot!(conclusion.join("\n"), @r"
    These are exactly the 24 faults that were seeded (karat demo --help lists them).

      lakehouse/docs/index.html   the data docs, to open in a browser
      lakehouse/suites            the suites
      lakehouse/lake              the tables, with their versions
      lakehouse/lake/quarantine   what did not reach silver
      lakehouse/lake/staging      what was refused for gold
      lakehouse/history           the runs, one of each version

    As a gate, `karat check lakehouse/suites` exits with 1.
    ");
    insta::assert_snapshot!(demo.stderr, @r"
    writing a lakehouse to lakehouse
    docs: lakehouse/docs/index.html
    ");

    let again = karat().args(["demo", "lakehouse"]).in_dir(folder.path()).run();
    insta::assert_snapshot!(again, @r"
    exit 2
    --- stderr
    error: lakehouse holds a lakehouse already
      help: name another folder, or remove it
    ");
    let check = karat().args(["check", "-q", "lakehouse/suites"]).in_dir(folder.path()).run();
    insta::assert_snapshot!(check, @r#"
    exit 1
    --- stdout
    bronze/customers  lakehouse/lake/bronze/customers @ v8  1,500 rows in 1 file

      ! name             trimmed                                       6 of 1,500 rows fail (0.4 %); severity warning
      ✗ phone            matches ^\d{2}-\d{3}-\d{3}-\d{4}$             8 of 1,500 rows fail (0.53 %)
      ✗ nation_id        between 0 and 24                              3 of 1,500 rows fail (0.2 %): 99 ×3
      ✗ account_balance  between -1000 and 10,000                      2 of 1,500 rows fail (0.13 %): 99999999.99 ×2
      ✗ segment          in_set [AUTOMOBILE, BUILDING, FURNITURE, HOUSEHOLD, MACHINERY]  5 of 1,500 rows fail (0.33 %): "furniture" ×4, "building"
      ! _rescued_data    null                                          2 of 1,500 rows fail (0.13 %): "{\"loyalty_tier\":\"gold\"}" ×2; severity warning

    gate FAILED: 4 failed, 2 warned, 8 passed  (bronze stops on fail and error; trust log)  2 scans, [TIME]

    bronze/line_items  lakehouse/lake/bronze/line_items @ v8  60,177 rows in 8 files

      ✗ order_id   exists_in lake/bronze/orders                  4 of 60,177 rows fail (0.0066 %): 13711, 18796, 3724, …
      ✗ quantity   between 1 and 50                              6 of 60,177 rows fail (0.01 %): 0 ×6
      ✗ discount   between 0 and 0.1                             4 of 60,177 rows fail (0.0066 %): 5 ×4
      ✗ ship_mode  not_in_set ["", N/A, TBD]                     11 of 60,177 rows fail (0.018 %): "N/A" ×4, "TBD" ×4, "" ×3
      ✗ table      primary_key.unique [order_id, line_number]    4 of 60,177 rows fail (0.0066 %): {order_id: 5027, line_number: 4} ×2, {order_id: 69, line_number: 4} ×2
      ✗ table      pair receipt_date >= ship_date                5 of 60,177 rows fail (0.0083 %)
      ✗ table      rows NOT (return_flag = 'R' AND line_status = 'O')  3 of 60,177 rows fail (0.005 %)

    gate FAILED: 7 failed, 11 passed  (bronze stops on fail and error; trust log)  2 scans, plus 1 of another dataset, [TIME]

    bronze/orders  lakehouse/lake/bronze/orders @ v8  15,007 rows in 8 files

      ✗ customer_id  not_null                         5 of 15,007 rows fail (0.033 %)
      ✗ customer_id  exists_in lake/bronze/customers  4 of 15,002 rows fail (0.027 %): 999999 ×4
      ✗ status       in_set [F, O, P]                 12 of 15,007 rows fail (0.08 %): "X" ×9, "?" ×3
      ✗ total_price  between 0 and 1,000,000          3 of 15,007 rows fail (0.02 %): -108142.13, -190137.68, -27475.15
      ✗ order_date   matches ^\d{4}-\d{2}-\d{2}$      6 of 15,007 rows fail (0.04 %): "03/23/1994", "05/25/1994", "05/30/1996", …
      ! priority     trimmed                          10 of 15,007 rows fail (0.067 %): "1-URGENT " ×5, "3-MEDIUM " ×3, "2-HIGH ", …; severity warning
      ✗ clerk        matches ^Clerk#\d{9}$            8 of 15,007 rows fail (0.053 %): "Clerk#249", "Clerk#454", "Clerk#626", …
      ✗ table        primary_key.unique [order_id]    14 of 15,007 rows fail (0.093 %): 12129 ×2, 16102 ×2, 162 ×2, …

    gate FAILED: 7 failed, 1 warned, 9 passed  (bronze stops on fail and error; trust log)  2 scans, plus 1 of another dataset, [TIME]

    gold/revenue_by_segment  lakehouse/lake/gold/revenue_by_segment @ v8  400 rows in 1 file

      ! order_count  between at least 10  5 of 400 rows fail (1.2 %): 1 ×3, 4, 5; severity warning

    gate FAILED: 1 warned, 13 passed  (gold stops on warn, fail and error; trust log)  2 scans, plus 2 of other datasets, [TIME]

      ✗ bronze/customers         4 failed, 2 warned, 8 passed
      ✗ bronze/line_items        7 failed, 11 passed
      ✗ bronze/orders            7 failed, 1 warned, 9 passed
      ✗ gold/revenue_by_segment  1 warned, 13 passed

    FAILED: 5 of 9 gates passed  [TIME]
    "#);
}

#[test]
fn the_tables_of_the_demo_have_versions() {
    let folder = TempDir::new().unwrap();
    assert_eq!(karat().args(["demo", "lakehouse"]).in_dir(folder.path()).run().code, 0);
    // What was refused for gold is refused still, and what was published is there.
    let staged = [
        "check",
        "-q",
        "lakehouse/suites/gold/orders_by_load.yml",
        "--staged",
        "lakehouse/lake/staging/orders_by_load",
    ];
    let refused = karat().args(staged).in_dir(folder.path()).run();
    insta::assert_snapshot!(refused, @r"
    exit 1
    --- stdout
    gold/orders_by_load  lakehouse/lake/gold/orders_by_load @ v6  10 rows in 8 files, of which 2 rows in 1 staged file

      ✗ loaded_on  unique                                        4 of 10 rows fail (40 %): 1998-08-06 ×2, 1998-08-07 ×2
      ✗ table      same_as sum(order_count) = count(*) of lake/silver/orders  self 15,226, other 14,976

    gate FAILED: 2 failed, 3 passed  (gold stops on warn, fail and error; trust log)  2 scans, plus 1 of another dataset, [TIME]
    ");

    let suite = "lakehouse/suites/gold/shipping_by_mode.yml";
    let at = |arguments: &[&str]| {
        let ran = karat().args(["check", "-q", suite]).args(arguments).in_dir(folder.path()).run();
        format!("exit {}\n{}{}", ran.code, ran.stdout.lines().next().unwrap_or_default(), ran.stderr)
    };
    insta::assert_snapshot!(at(&["--version", "0"]), @r"
    exit 1
    gold/shipping_by_mode  lakehouse/lake/gold/shipping_by_mode @ v0  0 rows in 0 files
    ");
    insta::assert_snapshot!(at(&["--version", "99"]), @r"
    exit 3
    gold/shipping_by_mode  lakehouse/lake/gold/shipping_by_mode
    ");
    insta::assert_snapshot!(at(&["--timestamp", "2100-01-01T00:00:00Z"]), @r"
    exit 0
    gold/shipping_by_mode  lakehouse/lake/gold/shipping_by_mode @ v8  49 rows in 1 file
    ");
    insta::assert_snapshot!(at(&["--timestamp", "1999-01-01T00:00:00Z"]), @r"
    exit 3
    gold/shipping_by_mode  lakehouse/lake/gold/shipping_by_mode
    ");
    insta::assert_snapshot!(at(&["--timestamp", "yesterday"]), @r"
    exit 2
    error: invalid value 'yesterday' for '--timestamp <T>': a time is written 2026-01-31T10:00:00Z

    For more information, try '--help'.
    ");
}
