//! What queries may say, what they mean, and how they refuse.

use crate::support::only;
use karat::evaluate::Verdict;
use karat::predicate::parse_query;
use karat::{CheckOptions, Run, Suite, check};
use polars::prelude::*;

fn orders() -> LazyFrame {
    let frame = df!(
        "id" => [1_i64, 2, 3, i64::MAX],
        "half" => [2_000_000_000_i32, 2_000_000_000, 5, -7],
        "price" => [2.5, 0.5, 1.0, f64::NAN],
        "flag" => [Some(true), Some(false), None, Some(true)],
        "shop" => [Some("n"), Some("n"), Some("s"), None],
        "wide" => [i64::MAX, i64::MAX, 2, 3],
    );
    frame.unwrap().lazy().with_columns([
        lit("7.25").cast(DataType::Decimal(9, 2)).alias("money"),
        concat_list([col("id")]).unwrap().alias("ids"),
    ])
}

fn run(queries: &[(&str, &str)], table: LazyFrame) -> Run {
    let checks: Vec<_> =
        queries.iter().map(|(id, query)| serde_json::json!({"unexpected_rows": query, "id": id})).collect();
    let suite = serde_json::json!({"suite": "s", "table": checks}).to_string();
    check(&Suite::from_yaml(&suite).unwrap(), table, &CheckOptions::default())
}

/// The rows that a query gives, each as its values.
fn rows(query: &str) -> Vec<String> {
    let run = run(&[("q", query)], orders());
    let outcome = run.suites[0].outcome("q").unwrap();
    assert_ne!(outcome.verdict, Verdict::Error, "{query}: {:?}", outcome.reason);
    let row = |row: &karat::SampleRow| {
        let values: Vec<_> = row.values.iter().map(|(name, value)| format!("{name}={value}")).collect();
        values.join(" ")
    };
    outcome.samples.rows.iter().map(row).collect()
}

fn error(query: &str) -> String {
    let run = run(&[("q", query)], orders());
    let outcome = run.suites[0].outcome("q").unwrap();
    assert_eq!(outcome.verdict, Verdict::Error, "{query}: {:?}", outcome.observed);
    outcome.reason.clone().unwrap().to_string()
}

#[test]
fn sums_and_products_do_not_wrap() {
    for (query, expected) in [
        ("SELECT sum(half) AS n FROM {batch} WHERE shop = 'n' HAVING sum(half) > 0", "n=4000000000"),
        ("SELECT max(half * 2) AS n FROM {batch} HAVING true", "n=4000000000"),
        ("SELECT sum(wide) AS n FROM {batch} HAVING true", "n=18446744073709551619"),
        ("SELECT max(wide * wide) AS n FROM {batch} HAVING true", "n=85070591730234615847396907784232501249"),
        ("SELECT avg(half) AS n FROM {batch} WHERE shop = 'n' HAVING true", "n=2000000000.000000000000"),
        ("SELECT avg(id) AS n FROM {batch} WHERE id <= 2 HAVING avg(id) = 1.5", "n=1.500000000000"),
        ("SELECT median(id) AS n FROM {batch} WHERE id <= 2 HAVING true", "n=1.5"),
        (
            "SELECT count(*) AS n FROM {batch} WHERE id = 2 OR id = 3 HAVING stddev(id) BETWEEN 0.7071067811865475 AND 0.7071067811865476",
            "n=2",
        ),
        ("SELECT sum(id) AS n FROM {batch} WHERE id > 5 AND id < 6 HAVING true", "n=null"),
        ("SELECT sum(CAST(id + 100 AS int8)) AS n FROM {batch} WHERE id <= 3 HAVING true", "n=306"),
        (
            "SELECT max(CAST(id + 100 AS int8) * CAST(id + 100 AS int8)) AS n FROM {batch} WHERE id = 1 HAVING true",
            "n=10201",
        ),
        (
            "SELECT sum(CAST(4000000000 AS uint32)) AS n FROM {batch} WHERE id <= 3 HAVING true",
            "n=12000000000",
        ),
        ("SELECT max(CAST(id AS uint32) - 5 - CAST(id AS uint32)) AS n FROM {batch} HAVING true", "n=-5"),
        ("SELECT sum(9999999.99 + 0 * id) AS n FROM {batch} WHERE id <= 2 HAVING true", "n=19999999.98"),
        (
            "SELECT sum(CAST(id + 16777216 AS float32)) AS n FROM {batch} WHERE id = 1 HAVING sum(CAST(id AS float32)) = 1",
            "n=16777216",
        ),
        ("SELECT n FROM (SELECT id % 4 AS n FROM {batch}) WHERE n = 1", "n=1"),
    ] {
        assert_eq!(rows(query), [expected], "{query}");
    }
    // The product of what is there fits; the sum of it does not.
    let twice = "SELECT wide * wide AS n FROM {batch} UNION ALL SELECT wide * wide FROM {batch}";
    assert!(error(&format!("SELECT sum(n) FROM ({twice}) AS q")).contains("more digits than int128"));
}

#[test]
fn an_aggregate_of_distinct_values_counts_each_once() {
    // "half" holds 2000000000 twice, 5 and -7; "wide" the greatest integer twice, 2 and 3.
    for (query, expected) in [
        ("SELECT median(DISTINCT half) AS n FROM {batch} HAVING true", "n=5.0"),
        ("SELECT median(half) AS n FROM {batch} HAVING true", "n=1000000002.5"),
        (
            "SELECT stddev(DISTINCT wide) AS n FROM {batch} WHERE wide < 9 OR id = 2 HAVING stddev(wide) = stddev(DISTINCT wide)",
            "n=5.325116328314171e18",
        ),
        ("SELECT stddev(DISTINCT half) AS n FROM {batch} WHERE shop = 'n' HAVING true", "n=null"),
        ("SELECT stddev(half) AS n FROM {batch} WHERE shop = 'n' HAVING true", "n=0"),
        ("SELECT median(DISTINCT price) AS n FROM {batch} WHERE id <= 3 HAVING true", "n=1"),
        (
            "SELECT avg(DISTINCT half) AS n FROM {batch} WHERE id <= 3 HAVING avg(DISTINCT half) = 1000000002.5",
            "n=1000000002.500000000000",
        ),
        ("SELECT sum(DISTINCT half) AS n FROM {batch} HAVING true", "n=1999999998"),
        ("SELECT min(DISTINCT half) AS n FROM {batch} HAVING max(DISTINCT half) = 2000000000", "n=-7"),
        (
            "SELECT count(*) AS n FROM {batch} WHERE shop = 'n' GROUP BY shop HAVING median(DISTINCT half) = 2000000000",
            "n=2",
        ),
        (
            "SELECT median(DISTINCT half) FILTER (WHERE half > 0) AS n FROM {batch} HAVING true",
            "n=1000000002.5",
        ),
    ] {
        assert_eq!(rows(query), [expected], "{query}");
    }
}

#[test]
fn a_mean_is_compared_without_rounding() {
    // 1/3 is not 0.333333333333, which it is rounded to.
    let third = "SELECT avg(id - 1) AS n FROM {batch} WHERE id <= 3 GROUP BY id > 0";
    assert_eq!(rows(&format!("{third} HAVING avg(id - 1) > 0.9999999999999")).len(), 1);
    let sevenths =
        "SELECT count(*) AS n FROM (SELECT id FROM {batch} WHERE id <= 3) AS q HAVING avg(q.id / 1) = 2";
    assert_eq!(rows(sevenths), ["n=3"]);
    let close = "SELECT count(*) AS n FROM {batch} WHERE id <= 2 OR id = 3 HAVING avg(half) = 1333333335";
    assert_eq!(rows(close), ["n=3"]);
    let apart = "SELECT count(*) AS n FROM {batch} WHERE id <= 2 OR id = 3 HAVING avg(half) < 1333333335.0000000000001";
    assert_eq!(rows(apart), ["n=3"]);
}

#[test]
fn one_meaning_whatever_the_clauses() {
    for condition in
        ["flag IS NOT TRUE", "half % 4 = -3", "half * 2 > 3000000000", "round(price) = 3", "price > 1e300"]
    {
        let chosen = format!("SELECT * FROM {{batch}} WHERE {condition}");
        let grouped = format!("SELECT id, count(*) FROM {{batch}} WHERE {condition} GROUP BY id");
        let had = format!("SELECT id FROM {{batch}} GROUP BY id, flag, half, price HAVING {condition}");
        let run = run(&[("chosen", &chosen), ("grouped", &grouped), ("had", &had)], orders());
        let failing = run.suites[0].outcome("chosen").unwrap().counts.unwrap().failing;
        assert!(failing > 0, "{condition}");
        for id in ["grouped", "had"] {
            let outcome = run.suites[0].outcome(id).unwrap();
            assert_eq!(outcome.observed.as_count(), Some(failing), "{condition}: {id} {:?}", outcome.reason);
        }
    }
}

#[test]
fn rows_come_in_an_order_that_is_told() {
    let first = |query: &str| rows(query);
    assert_eq!(
        first("SELECT shop FROM {batch} GROUP BY shop ORDER BY shop"),
        ["shop=n", "shop=s", "shop=null"]
    );
    assert_eq!(
        first("SELECT shop FROM {batch} GROUP BY shop ORDER BY 1 DESC"),
        ["shop=s", "shop=n", "shop=null"]
    );
    assert_eq!(
        first("SELECT shop AS s FROM {batch} GROUP BY shop ORDER BY s NULLS FIRST LIMIT 2"),
        ["s=null", "s=n"]
    );
    assert_eq!(first("SELECT half FROM {batch} ORDER BY price DESC LIMIT 2"), ["half=-7", "half=2000000000"]);
    assert_eq!(first("SELECT DISTINCT half FROM {batch} LIMIT 2 OFFSET 1"), ["half=5", "half=2000000000"]);
}

#[test]
fn joins_sets_and_subqueries() {
    for (query, expected) in [
        (
            "SELECT a.id, b.id AS other FROM {batch} a JOIN {batch} b ON a.half = b.half AND a.id < b.id",
            vec!["id=1 other=2"],
        ),
        ("SELECT a.id FROM {batch} a, {batch} b WHERE a.half = b.half AND a.id > b.id", vec!["id=2"]),
        (
            "SELECT a.id, b.id AS other FROM {batch} a LEFT JOIN {batch} b ON a.id = b.half WHERE b.id IS NULL AND a.id = 1",
            vec!["id=1 other=null"],
        ),
        (
            "SELECT id FROM {batch} WHERE half = (SELECT min(half) FROM {batch}) AND half < 0 OR id + 0 > 9",
            vec!["id=9223372036854775807"],
        ),
        ("SELECT id + 0 AS n FROM {batch} WHERE shop NOT IN (SELECT shop FROM {batch})", vec![]),
        (
            "SELECT id + 0 AS n FROM {batch} WHERE shop NOT IN (SELECT shop FROM {batch} WHERE shop = 's')",
            vec!["n=1", "n=2"],
        ),
        (
            "WITH big AS (SELECT * FROM {batch} WHERE half > 5) SELECT count(*) AS n FROM big JOIN {batch} b USING (id)",
            vec!["n=2"],
        ),
        ("SELECT shop FROM {batch} EXCEPT SELECT 'n' FROM {batch}", vec!["shop=s", "shop=null"]),
        ("SELECT shop FROM {batch} INTERSECT SELECT shop FROM {batch} WHERE shop IS NULL", vec!["shop=null"]),
        (
            "SELECT 1 AS one FROM {batch} WHERE EXISTS (SELECT 1 FROM {batch} WHERE half > 9) AND id = 3",
            vec!["one=1"],
        ),
        (
            "SELECT count(*) FILTER (WHERE flag) AS n, count(1) AS m, sum(1) AS s FROM {batch}",
            vec!["n=2 m=4 s=4"],
        ),
        (
            "SELECT CASE WHEN half > 0 THEN 'up' ELSE 'down' END AS way, count(*) AS n FROM {batch} GROUP BY way",
            vec!["way=down n=1", "way=up n=3"],
        ),
    ] {
        assert_eq!(rows(query), expected, "{query}");
    }
    assert!(error("SELECT id + 0 FROM {batch} WHERE id = (SELECT id FROM {batch})").contains("several rows"));
}

#[test]
fn what_is_the_same_on_all_rows_is_there_on_all_rows() {
    for (query, expected) in [
        ("SELECT count(*) AS n FROM {batch} WHERE NOT ('a' IS NULL)", "n=4"),
        ("SELECT count(*) AS n FROM {batch} WHERE TRUE", "n=4"),
        ("SELECT count(*) AS n FROM {batch} WHERE 1 = 1 AND 'a' LIKE 'a%'", "n=4"),
        ("SELECT count(*) AS n FROM {batch} WHERE NULL IS NOT NULL", "n=0"),
        ("SELECT count(*) AS n FROM (SELECT 'x' AS x, 1 AS one FROM {batch}) AS q", "n=4"),
        ("SELECT sum(one) AS n FROM (SELECT 1 AS one FROM {batch} WHERE id < 3) AS q", "n=2"),
        ("SELECT count(*) AS n FROM {batch} WHERE 1 IN (SELECT 1 FROM {batch})", "n=4"),
    ] {
        assert_eq!(rows(query), [expected], "{query}");
    }
    assert_eq!(rows("SELECT 'x' AS x, length('ab') AS n FROM {batch} WHERE id < 3"), ["x=x n=2", "x=x n=2"]);
}

#[test]
fn a_quotient_is_rounded_once() {
    let table = df!("a" => [3.0, 0.1, 7.0], "b" => [10.0, 3.0, 0.0]).unwrap().lazy();
    let apart = "SELECT a FROM {batch} WHERE a / 10 <> a / (b * 0 + 10) OR (b = 10 AND a / 10 <> 0.3)";
    let run = run(&[("q", apart)], table);
    assert_eq!(run.suites[0].outcome("q").unwrap().verdict, Verdict::Pass);
}

/// Each with the part of the text that is to blame.
#[test]
fn what_is_outside_is_refused_in_its_place() {
    for (query, place, message) in [
        ("SELECT * FROM customers", "customers", "it reads customers"),
        ("SELECT * FROM lake.customers", "lake", "it reads lake.customers"),
        ("SELECT * FROM read_csv('/etc/passwd')", "read_csv", "not a table"),
        (
            "SELECT * FROM {batch} WHERE id IN (SELECT id FROM read_parquet('x'))",
            "read_parquet",
            "not a table",
        ),
        ("DROP TABLE {batch}", "DROP", "one SELECT is wanted"),
        ("SELECT 1; SELECT 2", "SELECT", "one SELECT is wanted"),
        ("SELECT * INTO x FROM {batch}", "SELECT", "writes nothing"),
        ("VALUES (1)", "(1)", "not a SELECT"),
        ("SELECT 1", "SELECT", "without FROM"),
        ("SELECT soundex(shop) FROM {batch}", "soundex(shop)", "no function"),
        ("SELECT row_number() OVER (ORDER BY id) FROM {batch}", "row_number", "a window"),
        ("SELECT sum(id) OVER (PARTITION BY shop) FROM {batch}", "sum(id)", "a window"),
        ("SELECT string_agg(shop) FROM {batch}", "string_agg(shop)", "the aggregate string_agg()"),
        ("SELECT id FROM {batch} WHERE count(*) > 1", "count", "cannot stand in WHERE"),
        ("SELECT sum(max(id)) FROM {batch}", "sum(max(id))", "an aggregate of an aggregate"),
        ("SELECT id FROM {batch} QUALIFY id > 1", "SELECT", "QUALIFY"),
        ("SELECT id FROM {batch} GROUP BY ROLLUP (id)", "", "several groupings"),
        ("SELECT id FROM {batch} UNION ALL BY NAME SELECT id FROM {batch}", "SELECT", "BY NAME"),
        ("SELECT id FROM {batch} EXCEPT ALL SELECT id FROM {batch}", "SELECT", "EXCEPT ALL"),
        ("SELECT \"id\" FROM {batch}", "\"id\"", "double quotes"),
        ("SELECT id FROM {batch} LIMIT id", "id", "a whole number"),
        ("SELECT * FROM {batch} a NATURAL JOIN {batch} b", "{batch} b", "NATURAL"),
        ("SELECT FROM", "SELECT", "xpected"),
        ("SELECT id FROM {batch} WHERE", "", "xpected"),
    ] {
        let error = parse_query(query).unwrap_err();
        assert!(error.message.contains(message), "{query}: {}", error.message);
        let blamed = query.get(error.span.start..error.span.end);
        // The place of a call ends before its last parenthesis.
        let place = place.trim_end_matches(')');
        assert!(blamed.is_some_and(|blamed| blamed.starts_with(place)), "{query}: {blamed:?}");
    }
    for (query, message) in [
        ("SELECT nobody FROM {batch} ORDER BY 1", "no column \"nobody\""),
        ("SELECT shop, sum(id) FROM {batch}", "\"shop\" is neither a key"),
        ("SELECT q.shop, sum(q.id) FROM (SELECT * FROM {batch}) q", "neither a key"),
        ("SELECT * FROM {batch} GROUP BY shop", "* beside groups"),
        ("SELECT sum(shop) FROM {batch}", "sum() needs numbers, this is string"),
        ("SELECT a.id FROM {batch} a JOIN {batch} b ON a.id < b.id", "every row with every row"),
        ("SELECT a.id FROM {batch} a, {batch} b", "every row with every row"),
        ("SELECT id FROM {batch} a JOIN {batch} b ON a.half = b.half", "several tables"),
        ("SELECT a.id FROM {batch} a LEFT JOIN {batch} b ON a.id = b.id AND a.half < b.half", "outer join"),
        ("SELECT id FROM {batch} UNION SELECT shop FROM {batch}", "column \"id\""),
        ("SELECT id, half FROM {batch} UNION SELECT id FROM {batch}", "rows of 2 columns beside rows of 1"),
        ("SELECT ids FROM {batch} GROUP BY ids", "cannot be grouped by"),
        (
            "SELECT id FROM {batch} b WHERE EXISTS (SELECT 1 FROM {batch} c WHERE c.id = b.id)",
            "no column \"b\"",
        ),
        ("SELECT id FROM {batch} WHERE id = (SELECT id, half FROM {batch})", "2 columns where one"),
        ("SELECT id FROM {batch} ORDER BY 3", "no column 3 of 1"),
        ("SELECT id FROM {batch} ORDER BY flag", "have no order"),
        ("SELECT shop FROM {batch} WHERE id IN (SELECT shop FROM {batch})", "cannot be compared"),
    ] {
        let reason = error(query);
        assert!(reason.contains(message), "{query}: {reason}");
    }
}

#[test]
fn a_query_is_not_so_deep_that_it_overflows_the_stack() {
    let select = "SELECT id FROM {batch}";
    for deep in [
        format!("{select} WHERE id{} > 1", "+1".repeat(30_000)),
        vec![select; 1_800].join(" UNION ALL "),
        format!("SELECT {} id FROM {{batch}}", "1 AS one, ".repeat(20_000)),
    ] {
        parse_query(&deep).unwrap_err();
    }
    parse_query(&format!("{select} WHERE id IN ({} 0)", "-1, ".repeat(10_000))).unwrap();
    // Each name is there as often as it is called.
    let mut doubled = format!("WITH a0 AS ({select})");
    for index in 1..20 {
        let before = index - 1;
        doubled
            .push_str(&format!(", a{index} AS (SELECT * FROM a{before} UNION ALL SELECT * FROM a{before})"));
    }
    assert!(error(&format!("{doubled} SELECT id + 0 FROM a19")).contains("more than 500 steps"));
}

#[test]
fn a_query_that_only_chooses_rows_is_judged_with_all_others() {
    let choosing = [
        ("a", "SELECT * FROM {batch} WHERE half < 0"),
        ("b", "SELECT b.id FROM {batch} AS b WHERE b.half < 0"),
        ("c", "SELECT id, half FROM {batch} WHERE half < 0"),
    ];
    let run = run(&choosing, orders());
    for (id, _) in choosing {
        let counts = run.suites[0].outcome(id).unwrap().counts.unwrap();
        assert_eq!((counts.failing, counts.considered), (1, 4), "{id}");
    }
}

#[test]
fn imported_queries_mean_the_same() {
    let suite = r#"{"name": "g", "expectations": [{"type": "unexpected_rows_expectation", "kwargs": {
        "unexpected_rows_query": "SELECT shop, SUM(half) AS total FROM {batch} GROUP BY shop HAVING SUM(half) > 3000000000"}}]}"#;
    let suite = Suite::parse(suite, "g.json", karat::document::Syntax::Json).unwrap();
    let run = check(&suite, orders(), &CheckOptions::default());
    let outcome = only(&run);
    assert_eq!(
        (outcome.verdict, outcome.observed.as_count()),
        (Verdict::Fail, Some(1)),
        "{:?}",
        outcome.reason
    );
}

#[test]
fn personal_rows_are_not_told() {
    let suite = "{suite: s, pii: [shop], table: [{unexpected_rows: 'SELECT shop, count(*) FROM {batch} GROUP BY shop', id: q}]}";
    let run = check(&Suite::from_yaml(suite).unwrap(), orders(), &CheckOptions::default());
    let outcome = run.suites[0].outcome("q").unwrap();
    assert_eq!((outcome.verdict, outcome.observed.as_count()), (Verdict::Fail, Some(3)));
    assert!(outcome.samples.rows.is_empty());
}

/// What cannot be read is refused where it is named, and where `*` would tell rows apart by it.
#[test]
fn columns_that_cannot_be_read() {
    use karat::data::{DataType, Field, Schema};
    let encrypted = DataType::Unread { name: "int64".into(), reason: "it is encrypted".into() };
    let schema = Schema { fields: vec![Field::new("a", DataType::INT64), Field::new("secret", encrypted)] };
    let bound = |query: &str| {
        let query = parse_query(query).unwrap();
        query.bind(&schema, chrono::DateTime::UNIX_EPOCH).map_err(|error| error.message)
    };
    for query in [
        "SELECT secret FROM {batch}",
        "SELECT t.secret FROM {batch} AS t",
        "SELECT a FROM {batch} WHERE secret > 1",
        "SELECT count(secret) FROM {batch}",
        "SELECT x.secret FROM (SELECT * FROM {batch}) AS x",
    ] {
        let refused = bound(query).unwrap_err();
        assert!(refused.contains("\"secret\" is of the type int64: it is encrypted"), "{query}: {refused}");
    }
    let distinct = "SELECT DISTINCT * FROM {batch}";
    let common = "SELECT * FROM {batch} EXCEPT SELECT * FROM {batch}";
    for query in [distinct, common, "SELECT DISTINCT x.* FROM (SELECT * FROM {batch}) AS x"] {
        let refused = bound(query).unwrap_err();
        assert!(refused.contains("leaves out the column \"secret\""), "{query}: {refused}");
    }
    assert!(bound("SELECT * FROM {batch} WHERE a > 1").unwrap().chosen().is_some());
    assert!(bound("SELECT * FROM {batch}").unwrap().wholly_read().is_err());
    assert!(bound("SELECT a FROM {batch}").unwrap().wholly_read().is_ok());
}
