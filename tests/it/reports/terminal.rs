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

/// Chinese names, and values without a blank in them.
fn chinese(width: usize) -> String {
    let suite = "\
suite: 商店/订单
key: 编号
columns:
  编号: [not_null]
  状态:
    - in_set: [新订单, 已付款]
  order_state: [not_null]
table:
  - rows: '`金额` > 100'
";
    let frame = df! {
        "编号" => [1, 2, 3],
        "状态" => ["新订单", "在邮寄过程中丢失了的订单", "被狗吃掉的订单"],
        "order_state" => [Some("a"), None, None],
        "金额" => [1, 2, 3],
    };
    let run = check(
        &Suite::from_yaml(suite).unwrap(),
        frame.unwrap(),
        &CheckOptions { samples: 1, ..CheckOptions::default() },
    );
    let options = TextOptions { width: Some(width), passed: true, samples: true };
    scrubbed(&anstream::adapter::strip_str(&text(&run, options)).to_string())
}

#[test]
fn chinese_takes_two_columns_a_character_and_rows_that_are_cut_are_counted() {
    insta::assert_snapshot!(chinese(110), @r#"
    商店/订单  (in memory)

      ✓ 编号         not_null
      ✗ 状态         in_set [新订单, 已付款]
          2 of 3 rows fail (66.7 %): "在邮寄过程中丢失了的订单", "被狗吃掉的订单"
            编号=2 状态="在邮寄过程中丢失了的订单"  (row 1)
            and 1 more
      ✗ order_state  not_null                 2 of 3 rows fail (66.7 %)
            编号=2 order_state=null  (row 1)
            and 1 more
      ✗ table        rows `金额` > 100        3 of 3 rows fail (100 %): 1, 2, 3
            编号=1 金额=1  (row 0)
            and 2 more

    gate FAILED: 3 failed, 1 passed  (the gate stops on fail and error)  2 scans, [TIME]
    "#);
    let narrow = chinese(30);
    insta::assert_snapshot!(narrow, @r#"
    商店/订单  (in memory)

      ✓ 编号         not_null
      ✗ 状态
          in_set [新订单, 已付款]
          2 of 3 rows fail (66.7
          %):
          "在邮寄过程中丢失了的订
          单", "被狗吃掉的订单"
            编号=2
            状态="在邮寄过程中丢失
            了的订单"
            (row 1)
            and 1 more
      ✗ order_state  not_null
          2 of 3 rows fail (66.7
          %)
            编号=2
            order_state=null
            (row 1)
            and 1 more
      ✗ table
          rows `金额` > 100
          3 of 3 rows fail (100
          %): 1, 2, 3
            编号=1 金额=1  (row 0)
            and 2 more

    gate FAILED: 3 failed, 1
      passed
      (the gate stops on fail and
      error)  2 scans, [TIME]
    "#);
    assert!(narrow.lines().all(|line| ::karat::report::display_width(line) <= 30));
}
