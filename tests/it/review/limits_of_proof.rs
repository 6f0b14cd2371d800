//! What is proved, and what is not, in single cases.

use karat::review::{Strength, compare};

use super::catalogue::check;

/// How the second of two checks stands to the first one.
fn compared(column: &str, old: &str, new: &str) -> Strength {
    compare(&check(column, old), &check(column, new))
}

#[test]
fn numbers_that_are_one_float_are_not_taken_for_two() {
    let strictly = |min: &str, strict: bool| format!("between: {{min: {min}, strict_min: {strict}}}");
    assert_eq!(compared("x", &strictly("0.1", true), &strictly("0.2", false)), Strength::Stronger);
    assert_eq!(
        compared("x", &strictly("0.1", true), &strictly("0.1000000001", false)),
        Strength::Incomparable
    );
    assert_eq!(compared("x", &strictly("0.1", false), &strictly("0.1000000001", false)), Strength::Stronger);
}

#[test]
fn texts_that_may_be_numbers_are_both() {
    let set = |values: &str| format!("in_set: [{values}]");
    // A column of texts tells 1 from 1.0.
    assert_eq!(compared("x", &set("1"), &set("1.0")), Strength::Incomparable);
    assert_eq!(compared("x", &set("1, 2"), &set("2")), Strength::Stronger);
    // Beside text, 9 and 10 are refused as bounds; in quotes they are texts, or decimals.
    let least = |min: &str| format!("between: {{min: {min}}}");
    assert_eq!(compared("x", &least("9"), &least("10")), Strength::Stronger);
    assert_eq!(compared("x", &least("'9'"), &least("'10'")), Strength::Incomparable);
}

#[test]
fn where_and_percents_pull_in_different_directions() {
    let rows = |beside: &str| format!("in_set: [a]{beside}");
    assert_eq!(compared("x", &rows(", where: n > 1"), &rows("")), Strength::Stronger);
    assert_eq!(compared("x", &rows(", where: n > 1"), &rows(", where: n > 0")), Strength::Stronger);
    assert_eq!(
        compared("x", &rows(", where: n > 1, mostly: 0.9"), &rows(", mostly: 0.9")),
        Strength::Incomparable
    );
    assert_eq!(compared("x", &rows(", where: n > 1, mostly: 0.9"), &rows("")), Strength::Stronger);
    assert_eq!(
        compared("x", &rows(", where: n > 1 AND y = 2"), &rows(", where: y = 2 AND n > 1")),
        Strength::Equal
    );
    assert_eq!(compared("x", &rows(", mostly: 0.9"), &rows(", fail_if: '> 10 %'")), Strength::Equal);
    assert_eq!(compared("x", &rows(", mostly: 0.9"), &rows(", fail_if: '> 9 %'")), Strength::Stronger);
}

#[test]
fn one_kind_of_check_may_imply_another() {
    for (old, new) in [
        ("between: {min: 0, max: 9}", "in_set: [1, 2]"),
        ("not_in_set: [7]", "between: {min: 0, max: 6}"),
        ("rows: x >= 0", "between: {min: 1}"),
        ("length_between: {min: 1}", "length_equal: 3"),
        ("like: 'a%'", "in_set: [ab, ac]"),
        ("json: null", "json_schema: {schema: {type: object}}"),
        ("ip_address: any", "ip_address: '4'"),
        ("type: number", "type: int64"),
        ("type_in: [number, string]", "type: decimal"),
    ] {
        assert_eq!(compared("x", old, new), Strength::Stronger, "{old} → {new}");
        assert_eq!(compared("x", new, old), Strength::Weaker, "{new} → {old}");
    }
    for (old, new) in [
        ("rows: a < b OR a = b", "pair: {left: b, is: '>', right: a, ignore_row_if: neither}"),
        (
            "unique: {columns: [a, b], ignore_row_if: any_value_is_missing}",
            "unique: {columns: [a], ignore_row_if: never}",
        ),
        ("not_null: [a]", "not_null: [b, a]"),
        ("columns: {set: [a], exact: false}", "columns: [b, a]"),
    ] {
        assert_eq!(compared("", old, new), Strength::Stronger, "{old} → {new}");
    }
}

#[test]
fn elements_of_lists_are_compared_one_by_one() {
    let set = |values: &str, beside: &str| format!("in_set: [{values}]{beside}");
    assert_eq!(compared("'tags[*]'", &set("a, b", ""), &set("a", "")), Strength::Stronger);
    assert_eq!(compared("'tags[*]'", &set("a, b", ", where: n > 1"), &set("a", "")), Strength::Stronger);
    assert_eq!(compared("'tags[*]'", &set("a", ""), &set("a", ", where: n > 1")), Strength::Weaker);
}

#[test]
fn what_takes_too_many_ways_is_not_proved() {
    let any = |count: usize, least: usize| {
        let parts: Vec<_> =
            (0..count).map(|number| format!("(a{number} > {least} OR b{number} > {least})")).collect();
        format!("rows: {}", parts.join(" AND "))
    };
    assert_eq!(compared("", &any(4, 0), &any(4, 1)), Strength::Stronger);
    let started = std::time::Instant::now();
    let _ = compared("", &any(40, 0), &any(40, 1));
    assert!(started.elapsed().as_secs() < 20);
}
