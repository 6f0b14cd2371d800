//! Of every expectation: a check, a stronger one, and two of which neither is the stronger one.

use karat::Suite;
use karat::expectation::all;
use karat::review::{Strength, compare};
use karat::suite::Check;

/// An expectation, where its checks stand, a check, a stronger one, and two that cannot be compared.
type Row = (&'static str, &'static str, [&'static str; 4]);

/// The one list to which a new expectation is added.
const ROWS: &[Row] = &[
    ("between", "x", ["{min: 0}", "{min: 1, max: 9}", "{min: 0}", "{max: 9}"]),
    (
        "chi_square",
        "x",
        [
            "{partition: {values: [a, b], weights: [0.5, 0.5]}, p_value: 0.05}",
            "{partition: {values: [a, b], weights: [0.5, 0.5]}, p_value: 0.1}",
            "{partition: {values: [a, b], weights: [0.5, 0.5]}}",
            "{partition: {values: [a, b], weights: [0.4, 0.6]}}",
        ],
    ),
    ("column_count", "", ["{min: 1}", "3", "2", "3"]),
    ("columns", "", ["{set: [a], exact: false}", "{set: [a, b]}", "[a, b]", "[b, a]"]),
    (
        "correlation",
        "",
        [
            "{left: a, right: b, min: 0}",
            "{left: a, right: b, min: 0.5}",
            "{left: a, right: b, min: 0}",
            "{left: a, right: c, min: 0}",
        ],
    ),
    ("country_code", "x", ["2, where: n > 0", "2", "2", "3"]),
    (
        "cramers_phi",
        "",
        [
            "{left: a, right: b}",
            "{left: a, right: b, threshold: 0.05}",
            "{left: a, right: b}",
            "{left: a, right: b, left_bin_count: 3}",
        ],
    ),
    ("credit_card", "x", ["null, mostly: 0.9", "null", "null, where: n > 0", "null, where: m > 0"]),
    ("currency_code", "x", ["null, mostly: 0.9", "null", "null, where: n > 0", "null, where: m > 0"]),
    ("date_parseable", "x", ["null, severity: warning", "null", "null, where: n > 0", "null, where: m > 0"]),
    ("datetime_format", "x", ["'%Y', where: n > 0", "'%Y'", "'%Y'", "'%d'"]),
    ("decreasing", "x", ["null", "{strictly: true}", "{order_by: [a]}", "{order_by: [b]}"]),
    ("distinct_count", "x", ["{min: 1}", "3", "{min: 3}", "{max: 3}"]),
    ("distinct_ratio", "x", ["{min: 0.5}", "{min: 0.6}", "{min: 0.6}", "{max: 0.6}"]),
    ("distinct_values", "x", ["{in: [a, b]}", "{equal: [a, b]}", "{in: [a]}", "{contain: [a]}"]),
    ("distinctness", "x", ["{min: 0.5}", "{min: 0.6}", "{min: 0.6}", "{max: 0.6}"]),
    ("entropy", "x", ["{max: 2}", "{max: 1}", "{max: 1}", "{min: 1}"]),
    ("equal_columns", "", ["[a, b]", "[a, b, c]", "[a, b]", "[a, c]"]),
    ("exists", "x", ["null", "0", "0", "1"]),
    (
        "exists_in",
        "x",
        [
            "{data: d, column: y}, where: n > 0",
            "{data: d, column: y}",
            "{data: d, column: y}",
            "{data: d, column: z}",
        ],
    ),
    ("fresh", "x", ["{within: 2 d}", "{within: 1 h}", "{within: 1 h, skew: 1 h}", "{within: 2 h}"]),
    (
        "iban",
        "x",
        ["null, fail_if: '> 3'", "null, fail_if: '> 2'", "null, fail_if: '> 3'", "null, fail_if: '> 3 %'"],
    ),
    ("in_future", "x", ["null, where: n > 0", "null", "null, where: n > 0", "null, where: n < 0"]),
    (
        "in_past",
        "x",
        ["null, where: n > 1", "null, where: n > 0", "null, where: n > 0", "null, where: n < 0"],
    ),
    ("in_set", "x", ["[a, b]", "[a]", "[a]", "[b]"]),
    ("increasing", "x", ["null", "{strictly: true}", "{order_by: [a]}", "null"]),
    ("ip_address", "x", ["any", "4", "4", "6"]),
    ("json", "x", ["null, warn_if: '> 0'", "null", "null", "{other_types: fail}"]),
    (
        "json_schema",
        "x",
        [
            "{schema: {type: object}}, where: n > 0",
            "{schema: {type: object}}",
            "{schema: {type: object}}",
            "{schema: {type: array}}",
        ],
    ),
    (
        "kl_divergence",
        "x",
        [
            "{partition: {values: [a], weights: [1]}, threshold: 0.2}",
            "{partition: {values: [a], weights: [1]}, threshold: 0.1}",
            "{partition: {values: [a], weights: [1]}, threshold: 0.2}",
            "{partition: {values: [b], weights: [1]}, threshold: 0.2}",
        ],
    ),
    (
        "ks_test",
        "x",
        [
            "{distribution: norm, p_value: 0.05}",
            "{distribution: norm, p_value: 0.1}",
            "{distribution: norm, params: [0, 1]}",
            "{distribution: norm, params: [0, 2]}",
        ],
    ),
    ("language_code", "x", ["3, where: n > 0", "3", "2", "3"]),
    ("length_between", "x", ["{min: 1}", "{min: 1, max: 3}", "{min: 1}", "{max: 3}"]),
    ("length_equal", "x", ["3, where: n > 0", "3", "3", "4"]),
    ("like", "x", ["['a%', 'b%']", "'a%'", "'a%'", "'b%'"]),
    ("matches", "x", ["['^a', '^b']", "'^a'", "'^a'", "'^b'"]),
    ("max", "x", ["{max: 9}", "{max: 8}", "{max: 9}", "{min: 9}"]),
    ("mean", "x", ["{max: 9}", "{max: 9, strict_max: true}", "{max: 9}", "{min: 9}"]),
    (
        "measure",
        "",
        ["{of: sum(a), min: 0}", "{of: sum(a), min: 1}", "{of: sum(a), min: 0}", "{of: sum(b), min: 0}"],
    ),
    ("median", "x", ["{min: 0}", "{min: 0, max: 9}", "{min: 0}, where: n > 0", "{min: 0}"]),
    ("min", "x", ["{min: 0}", "{min: 1}", "{min: 0}", "{max: 0}"]),
    (
        "most_common",
        "x",
        ["{values: [a, b], ties_okay: true}", "[a]", "[a]", "{values: [a, b]}, where: n > 0"],
    ),
    (
        "no_gaps",
        "",
        [
            "{start: a, end: b}, severity: warning",
            "{start: a, end: b}",
            "{start: a, end: b}",
            "{start: a, end: b, within: [c]}",
        ],
    ),
    (
        "no_overlaps",
        "",
        [
            "{start: a, end: b}, fail_if: '> 2'",
            "{start: a, end: b}",
            "{start: a, end: b}",
            "{start: a, end: b, ends: inclusive}",
        ],
    ),
    ("non_null_ratio", "x", ["{min: 0.5}", "{min: 0.9}", "{min: 0.5}", "{max: 0.9}"]),
    ("not_in_set", "x", ["[a]", "[a, b]", "[a]", "[b]"]),
    ("not_like", "x", ["'a%'", "['a%', 'b%']", "'a%'", "'b%'"]),
    ("not_matches", "x", ["'^a'", "['^a', '^b']", "'^a'", "'^b'"]),
    ("not_null", "x", ["null, mostly: 0.9", "null, mostly: 0.95", "null, where: n > 0", "null, mostly: 0.9"]),
    ("not_outlier", "x", ["{multiplier: 3}", "{multiplier: 2}", "iqr", "std"]),
    ("null", "x", ["null, where: n > 0", "null", "null, where: n > 0", "null, where: m > 0"]),
    (
        "pair",
        "",
        [
            "{left: a, is: '<=', right: b}",
            "{left: a, is: '=', right: b}",
            "{left: a, is: '<', right: b}",
            "{left: a, is: '=', right: b}",
        ],
    ),
    (
        "pair_in_set",
        "",
        [
            "{left: a, right: b, values: [[1, 2], [3, 4]]}",
            "{left: a, right: b, values: [[3, 4]]}",
            "{left: a, right: b, values: [[1, 2]]}",
            "{left: a, right: b, values: [[3, 4]]}",
        ],
    ),
    (
        "quantiles",
        "x",
        [
            "[{at: 0.5, min: 1, max: 3}]",
            "[{at: 0.5, min: 1, max: 2}, {at: 0.9, max: 9}]",
            "[{at: 0.5, min: 1, max: 3}]",
            "[{at: 0.9, min: 1, max: 3}]",
        ],
    ),
    (
        "query_matches",
        "",
        [
            "{query: 'SELECT a FROM {batch}', data: d, share: 0.9}",
            "{query: 'SELECT a FROM {batch}', data: d}",
            "{query: 'SELECT a FROM {batch}', data: d}",
            "{query: 'SELECT b FROM {batch}', data: d}",
        ],
    ),
    ("readable", "", ["null, fail_if: '> 5'", "null", "null, fail_if: '> 5'", "null, fail_if: '> 1 %'"]),
    ("row_count", "", ["{min: 1}", "{min: 1, max: 9}", "{min: 1}", "{max: 9}"]),
    ("row_count_change", "", ["{max: 50 %}", "{min: -10 %, max: 50 %}", "{max: 50 %}", "{max: 50}"]),
    (
        "row_count_same_as",
        "",
        ["{data: d, tolerance: 1 %}", "d", "{data: d, tolerance: 1 %}", "{data: d, tolerance: 9}"],
    ),
    (
        "row_sum",
        "",
        [
            "{columns: [a, b], equal: 100}, where: n > 0",
            "{columns: [a, b], equal: 100}",
            "{columns: [a, b], equal: 100}",
            "{columns: [a, b], equal: 99}",
        ],
    ),
    ("rows", "", ["a > b OR c = 1", "a > b", "a > b", "c = 1"]),
    (
        "same_as",
        "",
        [
            "{data: d, of: sum(a), tolerance: 0.5}",
            "{data: d, of: sum(a), tolerance: 0.1}",
            "{data: d, of: sum(a)}",
            "{data: e, of: sum(a)}",
        ],
    ),
    (
        "same_rows_as",
        "",
        ["{data: d, key: a, tolerance: 0.5}", "{data: d, key: a}", "{data: d, key: a}", "{data: d, key: b}"],
    ),
    ("stddev", "x", ["{max: 9}", "{max: 8}", "{max: 9}", "{min: 1}"]),
    ("sum", "x", ["{max: 9}", "{max: 8.5}", "{max: 9}", "{max: 9}, group_by: n"]),
    ("type", "x", ["number", "decimal", "integer", "decimal"]),
    ("type_in", "x", ["[integer, string]", "[int64]", "[integer]", "[string]"]),
    (
        "unexpected_rows",
        "",
        [
            "'SELECT * FROM {batch} WHERE a > 1', severity: warning",
            "'SELECT * FROM {batch} WHERE a > 1'",
            "'SELECT * FROM {batch} WHERE a > 1'",
            "'SELECT * FROM {batch} WHERE a > 2'",
        ],
    ),
    (
        "unique",
        "",
        [
            "{columns: [a, b], ignore_row_if: never}",
            "{columns: [a], ignore_row_if: never}",
            "[a, b]",
            "[a, c]",
        ],
    ),
    (
        "unique_within_row",
        "",
        ["[a, b]", "[a, b, c]", "[a, b]", "{columns: [a, b, c], ignore_row_if: any_value_is_missing}"],
    ),
    ("uniqueness", "x", ["{min: 0.5}", "{min: 0.6}", "{min: 0.6}", "{max: 0.6}"]),
    (
        "z_score",
        "x",
        ["{threshold: 3, double_sided: false}", "2", "{threshold: 2, double_sided: false}", "3"],
    ),
];

pub(super) fn check(column: &str, item: &str) -> Check {
    let text = if column.is_empty() {
        format!("suite: s\ntable:\n  - {{{item}}}\n")
    } else {
        format!("suite: s\ncolumns:\n  {column}:\n    - {{{item}}}\n")
    };
    Suite::from_yaml(&text).unwrap_or_else(|error| panic!("{error}\n{text}")).checks.remove(0)
}

#[test]
fn every_expectation_is_compared() {
    for definition in all() {
        let row = ROWS.iter().find(|(id, ..)| *id == definition.id);
        let (id, column, checks) =
            row.unwrap_or_else(|| panic!("no checks of {} are compared", definition.id));
        let [weak, strong, left, right] =
            checks.map(|arguments| check(column, &format!("{id}: {arguments}")));
        assert_eq!(compare(&weak, &strong), Strength::Stronger, "{id}");
        assert_eq!(compare(&strong, &weak), Strength::Weaker, "{id}");
        assert_eq!(compare(&left, &right), Strength::Incomparable, "{id}");
        assert_eq!(compare(&right, &left), Strength::Incomparable, "{id}");
        for one in [weak, strong, left, right] {
            assert_eq!(compare(&one, &one.clone()), Strength::Equal, "{id}");
        }
    }
    assert_eq!(ROWS.len(), all().len());
    assert!(ROWS.is_sorted_by(|left, right| left.0 < right.0));
}
