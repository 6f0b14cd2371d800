//! The text report on terminals of two widths.

use ::karat::report::{TextOptions, text};
use ::karat::{CheckOptions, Run, Suite, check};
use polars::prelude::df;

use crate::cli::scrubbed;

const SUITE: &str = "\
suite: shop/orders
layer: gold
columns:
  order_id: [not_null]
  status:
    - in_set: [open, filled, pending]
      warn_if: '> 0'
      fail_if: '> 10 %'
  shipped_at:
    - fresh: {within: 1 h}
";

fn run() -> Run {
    let frame = df! { "order_id" => [1, 2, 3], "status" => ["open", "lost in the post", "eaten by the dog"], "shipped_on" => [1, 2, 3] };
    check(&Suite::from_yaml(SUITE).unwrap(), frame.unwrap(), &CheckOptions::default())
}

/// What a terminal of that width shows, without its colours.
fn shown(width: usize) -> String {
    let coloured = text(&run(), TextOptions { width: Some(width), passed: true, samples: true });
    scrubbed(&anstream::adapter::strip_str(&coloured).to_string())
}

#[test]
fn wide() {
    insta::assert_snapshot!(shown(120), @r#"
    shop/orders  (in memory)

      ✓ order_id    not_null
      ✗ status      in_set [open, filled, pending]
          2 of 3 rows fail (66.7 %): "eaten by the dog", "lost in the post"; warns above 0, fails above 10 %
            status="lost in the post"  (row 1)
            status="eaten by the dog"  (row 2)
      ? shipped_at  fresh within 1 h
          could not be evaluated: no column "shipped_at"; did you mean "shipped_on"? (suite.yml:10)

    gate FAILED: 1 failed, 1 could not be evaluated, 1 passed  (gold stops on warn, fail and error)  2 scans, [TIME]
    "#);
}

#[test]
fn narrow() {
    let narrow = shown(60);
    insta::assert_snapshot!(narrow, @r#"
    shop/orders  (in memory)

      ✓ order_id    not_null
      ✗ status      in_set [open, filled, pending]
          2 of 3 rows fail (66.7 %): "eaten by the dog", "lost
          in the post"; warns above 0, fails above 10 %
            status="lost in the post"  (row 1)
            status="eaten by the dog"  (row 2)
      ? shipped_at  fresh within 1 h
          could not be evaluated: no column "shipped_at"; did
          you mean "shipped_on"? (suite.yml:10)

    gate FAILED: 1 failed, 1 could not be evaluated, 1 passed
      (gold stops on warn, fail and error)  2 scans, [TIME]
    "#);
    assert!(narrow.lines().all(|line| line.chars().count() <= 60));
}
