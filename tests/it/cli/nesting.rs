//! Conditions that are nested or chained without end are judged, or end in an error with its place.

use std::fs;

use tempfile::TempDir;

use super::karat;

fn nested(kind: &str, n: usize) -> String {
    let around =
        |open: &str, middle: &str, close: &str| format!("{}{middle}{}", open.repeat(n), close.repeat(n));
    let chain = |part: &str, with: &str| vec![part; n].join(with);
    match kind {
        "brackets" => around("(", "a > 0", ")"),
        "not" => around("NOT ", "(a > 0)", ""),
        "not in brackets" => around("NOT (", "a > 0", ")"),
        "and" => chain("a > 0", " AND "),
        "or" => chain("a > 0", " OR "),
        "and in or" => around("(a > 0 AND (a < 9 OR ", "a = 1", "))"),
        "sum" => format!("{} > 0", chain("a", "+")),
        "sum to the right" => format!("{} > 0", around("a + (", "a", ")")),
        "decimals" => format!("{} > 0", chain("a * 1.5", " + ")),
        "signs" => around("- ", "a < 0", ""),
        "case" => format!("{} > 0", around("CASE WHEN a > 0 THEN 1 ELSE ", "2", " END")),
        "branches" => format!("CASE {} ELSE 0 END >= 0", chain("WHEN a = 1 THEN 2", " ")),
        "abs" => format!("{} >= 0", around("abs(", "a", ")")),
        "coalesce" => format!("{} >= 0", around("coalesce(", "a", ", 1)")),
        "cast" => format!("{} >= 0", around("CAST(", "a", " AS double)")),
        "floor" => format!("{} >= 0", around("floor(", "a b", ")")),
        "colons" => format!("a{} >= 0", "::double".repeat(n)),
        "concat" => format!("{} <> ''", chain("t", " || ")),
        "is null" => format!("a {}", "IS NULL ".repeat(n)),
        "is not false" => format!("a > 0 {}", "IS NOT FALSE ".repeat(n)),
        "between" => chain("a BETWEEN 0 AND 9", " AND "),
        "equal" => format!("a > 0 {}", "= (a > 0) ".repeat(n)),
        "members" => format!("a IN ({})", chain("1", ", ")),
        other => panic!("{other}"),
    }
}

const KINDS: [&str; 23] = [
    "brackets",
    "not",
    "not in brackets",
    "and",
    "or",
    "and in or",
    "sum",
    "sum to the right",
    "decimals",
    "signs",
    "case",
    "branches",
    "abs",
    "coalesce",
    "cast",
    "floor",
    "colons",
    "concat",
    "is null",
    "is not false",
    "between",
    "equal",
    "members",
];

#[test]
fn deep_conditions_never_crash() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("d.csv"), "a,t\n1,x\n2,y\n,z\n").unwrap();
    let judged = |suite: serde_json::Value| {
        fs::write(folder.path().join("s.json"), suite.to_string()).unwrap();
        karat().args(["check", "s.json", "--data", "d.csv"]).in_dir(folder.path()).run()
    };
    for kind in KINDS {
        for n in [49, 99, 480, 1_000, 5_000] {
            let condition = nested(kind, n);
            let suite = serde_json::json!({"suite": "s", "table": [
                {"rows": condition},
                {"row_count": {"min": 1}, "where": condition},
                {"unexpected_rows": format!("SELECT * FROM {{batch}} WHERE NOT ({condition})")},
            ]});
            let ran = judged(suite);
            assert!(ran.code <= 3, "{kind} {n}: {ran}");
            assert!(ran.code != 2 || ran.stderr.contains("--> s.json:1:"), "{kind} {n}: {ran}");
        }
    }
    for chain in ["and", "or"] {
        let suite = serde_json::json!({"suite": "s", "table": [{"rows": nested(chain, 480)}]});
        let ran = judged(suite);
        assert_eq!(ran.code, 1, "{ran}");
    }
}
