//! Computations of more digits than a decimal has: exact where they are compared, and where a column
//! would have to hold them, an error of that check alone.

use crate::support::{judge, only, outcome};
use karat::evaluate::{Outcome, Verdict};
use karat::{CheckOptions, Suite, check};
use polars::prelude::{AnyValue, DataFrame, DataType, NamedFrom as _, Series};

/// Prices and quantities as Spark has them, and columns of the greatest numbers.
fn frame() -> DataFrame {
    let decimals = |name: &str, scale: usize, values: [Option<i128>; 4]| {
        let values =
            values.map(|value| value.map_or(AnyValue::Null, |value| AnyValue::Decimal(value, 38, scale)));
        Series::from_any_values_and_dtype(name.into(), &values, &DataType::Decimal(38, scale), true)
            .unwrap()
            .into()
    };
    let (one, most) = (10_i128.pow(18), 10_i128.pow(38) - 1);
    let columns = vec![
        decimals("price", 18, [Some(1250 * one / 100), Some(one / 3), Some(-7 * one / 2), None]),
        decimals("qty", 18, [Some(1_000_000 * one), Some(3 * one), Some(one), Some(one)]),
        decimals("total", 18, [Some(12_500_000 * one), Some(one), Some(-7 * one / 2), None]),
        decimals("great", 2, [Some(most), Some(-most), Some(100), Some(0)]),
        decimals("more", 2, [Some(most), Some(-most), Some(-300), None]),
        decimals("whole", 0, [Some(most), Some(7), Some(-7), Some(0)]),
        Series::new("n".into(), [Some(i64::MAX), Some(i64::MIN), Some(-7), None]).into(),
    ];
    DataFrame::new(4, columns).unwrap()
}

fn judged(checks: &[String]) -> Vec<Outcome> {
    let listed: Vec<String> =
        checks.iter().enumerate().map(|(id, check)| format!("  - {{{check}, id: c{id}}}\n")).collect();
    let suite = Suite::from_yaml(&format!("suite: s\ntable:\n{}", listed.concat())).unwrap();
    check(&suite, frame(), &CheckOptions::default()).suites.remove(0).outcomes
}

#[test]
fn conditions_are_exact_beyond_38_digits() {
    let most = "9".repeat(36);
    let twice = format!("1{most}");
    // The rows, from 1, on which a condition is true.
    let conditions = [
        ("price * qty = total".to_owned(), "13"),
        ("price * qty < total".to_owned(), "2"),
        ("round(price * qty, 2) = total".to_owned(), "123"),
        ("floor(price * qty) = 0".to_owned(), "2"),
        ("ceil(price * qty) = -3".to_owned(), "3"),
        ("great + more = 2 * great".to_owned(), "12"),
        (format!("great + more = {twice}.{}8", "9"), "1"),
        (format!("great + more >= {twice}.98"), "1"),
        ("great - more = 0".to_owned(), "12"),
        (format!("abs(great + more) > {most}.99"), "12"),
        ("-(great + more) = 2".to_owned(), "3"),
        ("great + more IN (-2, 5)".to_owned(), "3"),
        ("great + more BETWEEN -2 AND 1e60".to_owned(), "13"),
        ("great * great * great > 1e100".to_owned(), "1"),
        ("great * more > total".to_owned(), "123"),
        ("n * n * n < -1e50".to_owned(), "2"),
        ("n * n * n = -343".to_owned(), "3"),
        ("whole % 0.5 = 0".to_owned(), "1234"),
        ("whole % 4 = -3".to_owned(), "3"),
        ("great % whole = -0.99".to_owned(), "2"),
        ("great % 0 IS NULL".to_owned(), "1234"),
        ("great + more IS NULL".to_owned(), "4"),
        ("CASE WHEN great > 0 THEN great + more ELSE 0 END = 0".to_owned(), "24"),
        ("coalesce(great + more, 5) = 5".to_owned(), "4"),
        ("CAST(price * qty AS double) = 12500000".to_owned(), "1"),
        ("CAST(price * qty AS int64) = -3".to_owned(), "3"),
        ("(great + more) / 2 < -1e35".to_owned(), "2"),
        ("whole = great".to_owned(), "4"),
        ("great < price".to_owned(), "2"),
        ("n * n > great".to_owned(), "123"),
    ];
    let checks: Vec<String> =
        conditions.iter().map(|(condition, _)| format!("rows: \"{condition}\"")).collect();
    for ((condition, holds), outcome) in conditions.iter().zip(judged(&checks)) {
        let failing: Vec<u64> = outcome.samples.rows.iter().filter_map(|sample| sample.row).collect();
        let told: String =
            (0..4).filter(|row| !failing.contains(row)).map(|row| (row + 1).to_string()).collect();
        assert_eq!(told, *holds, "{condition}: {:?}", outcome.reason);
        assert_ne!(outcome.verdict, Verdict::Error, "{condition}: {:?}", outcome.reason);
    }
}

#[test]
fn sums_of_rows_are_exact_beyond_38_digits() {
    let columns = ["great", "more", "whole", "price"];
    let all: Vec<&str> = columns.iter().copied().cycle().take(300).collect();
    let checks = [
        "row_sum: {columns: [great, more], equal: -2}".to_owned(),
        format!("row_sum: {{columns: [{}], equal: -1}}", all.join(", ")),
    ];
    let failing: Vec<_> =
        judged(&checks).iter().map(|outcome| outcome.counts.map(|counts| counts.failing)).collect();
    assert_eq!(failing, [Some(3), Some(4)]);
}

#[test]
fn what_a_column_would_have_to_hold_is_an_error_of_that_check() {
    let suite = r#"
suite: s
table:
  - {rows: "greatest(great + more, 0) >= 0", id: greatest}
  - {unexpected_rows: "SELECT great + more AS s FROM {batch} WHERE great < 50", id: selected}
  - {unexpected_rows: "SELECT sum(price * qty) AS s FROM {batch} WHERE total = 1", id: summed}
  - {unexpected_rows: "SELECT great * great * price AS s FROM {batch}", id: product}
  - {rows: "great + more > 0", id: compared}
"#;
    let run = judge(suite, frame());
    let reason = |id: &str| outcome(&run, id).reason.clone().unwrap_or_default();
    for id in ["greatest", "selected"] {
        assert!(reason(id).contains("more than the 38 of a decimal"), "{id}: {}", reason(id));
    }
    assert_eq!(outcome(&run, "summed").verdict, Verdict::Fail, "{}", reason("summed"));
    assert_eq!(outcome(&run, "product").verdict, Verdict::Error, "{}", reason("product"));
    let compared = outcome(&run, "compared").counts.map(|counts| counts.failing);
    assert_eq!(compared, Some(3), "{}", reason("compared"));
}

/// The last digit does not hang on the order in which groups come.
#[test]
fn entropy_is_the_same_in_every_order() {
    let entropy = |order: &[i64]| {
        let rows = order.iter().flat_map(|group| vec![*group; (group * group % 97) as usize + 1]);
        let column = Series::new("a".into(), rows.collect::<Vec<_>>());
        let frame = DataFrame::new(column.len(), vec![column.into()]).unwrap();
        only(&judge("{suite: s, columns: {a: [{entropy: {min: 0}}]}}", frame)).observed.to_string()
    };
    let mut order: Vec<i64> = (1..400).collect();
    let first = entropy(&order);
    for step in 1..20 {
        order.rotate_left(step * 7);
        order.swap(step, 398 - step);
        order[step..step * 11].reverse();
        assert_eq!(entropy(&order), first, "{step}");
    }
}
