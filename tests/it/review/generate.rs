//! Checks by chance, in pairs that are like each other.

use super::table::Kind;
use crate::fuzz::Random;

/// A check: the column it stands on, if it stands on one, its expectation, and what stands beside that.
#[derive(Clone, Debug)]
pub(super) struct Generated {
    pub(super) column: Option<&'static str>,
    /// The number of its maker.
    maker: usize,
    demand: String,
    options: Vec<String>,
}

impl Generated {
    /// The check as an item of YAML.
    pub(super) fn item(&self, id: &str) -> String {
        let options: String = self.options.iter().map(|option| format!(", {option}")).collect();
        format!("{{{}, id: {id}{options}}}", self.demand)
    }
}

/// Makes what stands on a column of a kind, or on the table.
type Make = fn(Kind, &mut Random) -> String;

/// On what a maker's checks stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum On {
    X,
    S,
    Table,
}

/// What judges rows, with thresholds and `where`.
const ROWS: &[(On, Make)] = &[
    (On::X, |kind, random| format!("between: {{{}}}", bounds(kind, random))),
    (On::X, |kind, random| format!("in_set: {}", set(kind, random))),
    (On::X, |kind, random| format!("not_in_set: {}", set(kind, random))),
    (On::X, |kind, random| format!("in_set: {{values: {}, other_types: unequal}}", set(kind, random))),
    (On::X, |_, _| "not_null".to_owned()),
    (On::X, |_, _| "null".to_owned()),
    (On::X, |_, _| "unique".to_owned()),
    (On::X, |kind, random| {
        format!("rows: {{predicate: {}, nulls: {}}}", quoted(&predicate(kind, random)), nulls(random))
    }),
    (On::X, |_, random| format!("increasing: {{strictly: {}}}", flag(random))),
    (On::X, |_, random| {
        format!(
            "z_score: {{threshold: {}, double_sided: {}}}",
            one(random, &["0.5", "1", "-1", "0"]),
            flag(random)
        )
    }),
    (On::X, |_, random| {
        format!(
            "not_outlier: {{method: {}, multiplier: {}}}",
            one(random, &["iqr", "std"]),
            one(random, &["0", "0.5", "1"])
        )
    }),
    (On::X, |_, random| one(random, &["in_past", "in_future"]).to_string()),
    (On::S, |_, random| format!("length_between: {{{}}}", whole_bounds(random))),
    (On::S, |_, random| format!("length_equal: {}", random.below(4))),
    (On::S, |_, random| {
        format!("matches: {{regex: {}, match_on: {}}}", regexes(random), one(random, &["any", "all"]))
    }),
    (On::S, |_, random| format!("not_matches: {}", regexes(random))),
    (On::S, |_, random| {
        format!("like: {{pattern: {}, match_on: {}}}", patterns(random), one(random, &["any", "all"]))
    }),
    (On::S, |_, random| format!("not_like: {}", patterns(random))),
    (On::S, |_, random| format!("in_set: {}", texts(random))),
    (On::S, |_, random| format!("between: {{min: {}}}", one(random, &["a", "'1'", "'9'", "b"]))),
    (On::S, |_, random| format!("ip_address: {}", one(random, &["any", "4", "6"]))),
    (On::S, |_, random| format!("country_code: {}", one(random, &["2", "3"]))),
    (On::S, |_, random| {
        one(random, &["json", "json_schema: {schema: {type: number}}", "json_schema: {schema: {}}"])
            .to_string()
    }),
    (On::S, |_, random| {
        format!("exists_in: {{data: other, data_where: {}}}", quoted(one(random, &["n > 0", "n >= 0"])))
    }),
    (On::Table, |kind, random| {
        format!("rows: {{predicate: {}, nulls: {}}}", quoted(&predicate(kind, random)), nulls(random))
    }),
    (On::Table, |_, random| format!("not_null: {}", one(random, &["[x]", "[y]", "[x, y]", "[y, x, n]"]))),
    (On::Table, |_, random| {
        format!("unique: {{columns: {}, ignore_row_if: {}}}", columns(random), ignored(random))
    }),
    (On::Table, |_, random| {
        format!(
            "pair: {{left: x, is: '{}', right: y, ignore_row_if: {}}}",
            one(random, &["=", "<>", "<", "<=", ">", ">="]),
            of_pair(random)
        )
    }),
    (On::Table, |_, random| {
        format!(
            "pair: {{left: y, is: '{}', right: x, ignore_row_if: {}}}",
            one(random, &["=", "<", ">="]),
            of_pair(random)
        )
    }),
    (On::Table, |_, random| {
        format!("equal_columns: {{columns: {}, ignore_row_if: {}}}", alike(random), ignored(random))
    }),
    (On::Table, |_, random| {
        format!("unique_within_row: {{columns: {}, ignore_row_if: {}}}", alike(random), ignored(random))
    }),
    (On::Table, |_, random| {
        format!(
            "pair_in_set: {{left: s, right: n, values: {}, ignore_row_if: {}}}",
            one(random, &["[[a, 1]]", "[[a, 1], [b, 2]]", "[[a, null], [b, 2], [a, 1]]"]),
            of_pair(random)
        )
    }),
    (On::Table, |_, random| {
        format!("row_sum: {{columns: [n, n], equal: {}}}", one(random, &["2", "2.0", "0"]))
    }),
];

/// What judges a value, with `where`.
const VALUES: &[(On, Make)] = &[
    (On::X, |kind, random| format!("min: {{{}}}", bounds(kind, random))),
    (On::X, |kind, random| format!("max: {{{}}}", bounds(kind, random))),
    (On::X, |_, random| format!("mean: {{{}}}", bounds(Kind::Long, random))),
    (On::X, |_, random| format!("sum: {{{}}}", bounds(Kind::Long, random))),
    (On::X, |_, random| format!("median: {{{}}}", bounds(Kind::Long, random))),
    (On::X, |_, random| format!("stddev: {{{}}}", bounds(Kind::Long, random))),
    (On::X, |_, random| format!("distinct_count: {{{}}}", whole_bounds(random))),
    (On::X, |_, random| format!("non_null_ratio: {{min: {}}}", one(random, &["0.5", "0.9", "1"]))),
    (On::X, |_, random| format!("uniqueness: {{min: {}}}", one(random, &["0.5", "0.9", "1"]))),
    (On::X, |_, random| format!("distinct_ratio: {{max: {}}}", one(random, &["0.5", "0.9", "1"]))),
    (On::X, |kind, random| {
        format!("distinct_values: {{{}: {}}}", one(random, &["in", "contain", "equal"]), set(kind, random))
    }),
    (On::X, |kind, random| {
        format!("most_common: {{values: {}, ties_okay: {}}}", set(kind, random), flag(random))
    }),
    (On::X, |_, random| {
        format!(
            "quantiles: {{ranges: {}, tolerance: {}}}",
            one(
                random,
                &[
                    "[{at: 0.5, min: 0, max: 2}]",
                    "[{at: 0.5, min: 1, max: 2}]",
                    "[{at: 0.5, min: 1}, {at: 1, max: 2}]"
                ]
            ),
            one(random, &["0", "0.1"])
        )
    }),
    (On::X, |_, random| {
        format!(
            "fresh: {{within: {}, future: {}}}",
            one(random, &["1 d", "24 h", "5000 d"]),
            one(random, &["fail", "pass"])
        )
    }),
    (On::Table, |_, random| format!("row_count: {{{}}}", whole_bounds(random))),
    (On::Table, |_, random| {
        format!(
            "measure: {{of: {}, {}}}",
            quoted(one(random, &["sum(n)", "sum(n) / count(*)"])),
            whole_bounds(random)
        )
    }),
    (On::Table, |_, random| {
        format!(
            "row_count_same_as: {{data: other, tolerance: {}}}",
            one(random, &["0", "1", "'50 %'", "'0 %'"])
        )
    }),
    (On::Table, |_, random| format!("correlation: {{left: n, right: n, min: {}}}", one(random, &["0", "1"]))),
];

/// What judges the schema.
const SCHEMA: &[(On, Make)] = &[
    (On::X, |_, random| {
        format!("type: {}", one(random, &["int64", "integer", "number", "string", "float", "date"]))
    }),
    (On::X, |_, random| {
        format!(
            "type_in: {}",
            one(random, &["[int64, int8]", "[integer]", "[number, string]", "[date, timestamp_ntz]"])
        )
    }),
    (On::X, |_, random| one(random, &["exists", "exists: 0", "exists: 1"]).to_string()),
    (On::Table, |_, random| {
        format!(
            "columns: {}",
            one(
                random,
                &[
                    "[x, y, s, n]",
                    "{set: [x, y, n, s]}",
                    "{set: [x, y], exact: false}",
                    "{set: [x], exact: false}"
                ]
            )
        )
    }),
    (On::Table, |_, random| {
        format!("column_count: {{min: {}, max: {}}}", random.below(5), 3 + random.below(3))
    }),
];

fn maker(number: usize) -> (On, Make, usize) {
    let sizes = [ROWS, VALUES, SCHEMA];
    let mut number = number;
    for (nature, makers) in sizes.iter().enumerate() {
        match makers.get(number) {
            Some((on, make)) => return (*on, *make, nature),
            None => number -= makers.len(),
        }
    }
    unreachable!("there are so many makers")
}

const MAKERS: usize = ROWS.len() + VALUES.len() + SCHEMA.len();

/// A check of one maker.
fn made(number: usize, kind: Kind, random: &mut Random) -> Generated {
    let (on, make, nature) = maker(number);
    let column = match on {
        On::X => Some("x"),
        On::S => Some("s"),
        On::Table => None,
    };
    let demand = make(kind, random);
    let demand = if demand.contains(": ") { demand } else { format!("{demand}: null") };
    Generated { column, maker: number, demand, options: options(nature, kind, random) }
}

/// A check by chance.
pub(super) fn check(kind: Kind, random: &mut Random) -> Generated {
    made(random.below(MAKERS), kind, random)
}

/// A check that is like another one.
pub(super) fn like(check: &Generated, kind: Kind, random: &mut Random) -> Generated {
    let (_, _, nature) = maker(check.maker);
    match random.below(8) {
        0 => self::check(kind, random),
        1 | 2 => Generated { options: options(nature, kind, random), ..check.clone() },
        3..=5 => Generated { options: check.options.clone(), ..made(check.maker, kind, random) },
        _ => made(check.maker, kind, random),
    }
}

fn options(nature: usize, kind: Kind, random: &mut Random) -> Vec<String> {
    let mut options = Vec::new();
    if nature < 2 && random.below(3) == 0 {
        options.push(format!("where: {}", quoted(&predicate(kind, random))));
    }
    if nature == 0 {
        match random.below(8) {
            0 => options.push(format!("mostly: {}", one(random, &["0.5", "0.9", "0.66", "1"]))),
            1 => options.push(format!("fail_if: '{}'", limit(random))),
            2 => options.push(format!("warn_if: '{}'", limit(random))),
            3 => {
                options.push(format!("warn_if: '{}'", limit(random)));
                options.push(format!("fail_if: '{}'", limit(random)));
            }
            _ => {}
        }
    }
    if random.below(6) == 0 {
        options.push(format!("severity: {}", one(random, &["warning", "info", "critical"])));
    }
    options
}

fn limit(random: &mut Random) -> &'static str {
    one(random, &["> 0", ">= 1", "> 1", ">= 2", "> 3", "> 0 %", "> 10 %", ">= 50 %", "> 50 %", "> 33.3 %"])
}

fn flag(random: &mut Random) -> bool {
    random.below(2) == 0
}

fn nulls(random: &mut Random) -> &'static str {
    one(random, &["fail", "pass"])
}

fn ignored(random: &mut Random) -> &'static str {
    one(random, &["all_values_are_missing", "any_value_is_missing", "never"])
}

fn of_pair(random: &mut Random) -> &'static str {
    one(random, &["both_values_are_missing", "either_value_is_missing", "neither"])
}

fn columns(random: &mut Random) -> &'static str {
    one(random, &["[x]", "[x, y]", "[y, x]", "[x, y, s]", "[s]"])
}

fn alike(random: &mut Random) -> &'static str {
    one(random, &["[x, y]", "[y, x]"])
}

fn one(random: &mut Random, all: &'static [&'static str]) -> &'static str {
    all[random.below(all.len())]
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// A value of a kind, as YAML.
fn literal(kind: Kind, random: &mut Random) -> &'static str {
    // Now and then one of another kind.
    let odd = random.below(12) == 0;
    match kind {
        _ if odd => one(random, &["1", "'1'", "a", "2026-01-02", "true"]),
        Kind::Long | Kind::Tiny => one(random, &["0", "1", "1.0", "2", "2.5", "3", "-1", "1000", "0x2"]),
        Kind::Double | Kind::Single | Kind::Decimal => one(
            random,
            &[
                "0",
                "0.1",
                "0.10000000149011612",
                "0.1000000001",
                "1",
                "2.5",
                "2.50",
                "3",
                "-1",
                "16777216",
                "16777217",
                "1e0",
            ],
        ),
        Kind::Text => one(random, &["a", "b", "ab", "'1'", "'9'", "'10'", "'a'", "''"]),
        Kind::Date | Kind::Timestamp => {
            one(random, &["2026-01-01", "'2026-01-01'", "2026-01-02", "2026-01-03", "'2026-01-04'"])
        }
    }
}

fn bounds(kind: Kind, random: &mut Random) -> String {
    let (least, most) = (literal(kind, random), literal(kind, random));
    match random.below(5) {
        0 => format!("min: {least}"),
        1 => format!("max: {most}"),
        2 => format!("min: {least}, strict_min: {}", flag(random)),
        3 => format!("max: {most}, strict_max: {}", flag(random)),
        _ => format!("min: {least}, max: {most}, strict_max: {}", flag(random)),
    }
}

fn whole_bounds(random: &mut Random) -> String {
    let (least, more) = (random.below(4), random.below(4));
    match random.below(3) {
        0 => format!("min: {least}"),
        1 => format!("max: {least}, strict_max: {}", flag(random)),
        _ => format!("min: {least}, max: {}", least + more),
    }
}

fn set(kind: Kind, random: &mut Random) -> String {
    let count = 1 + random.below(4);
    let all: Vec<_> = (0..count).map(|_| literal(kind, random)).collect();
    format!("[{}]", all.join(", "))
}

fn texts(random: &mut Random) -> &'static str {
    one(random, &["[a]", "[a, b]", "[a, b, abc]", "['1', '9', '10', a]", "[SE, a]", "[1, a]"])
}

fn regexes(random: &mut Random) -> &'static str {
    one(random, &["'^a'", "'^[a-z]+$'", "['^a', b]", "[b, '^a', '1']", "'[0-9]'", "'a(?=b)'"])
}

fn patterns(random: &mut Random) -> &'static str {
    one(random, &["'a%'", "['a%', '%b']", "['%b', 'a%', '1%']", "'%'", "'_'"])
}

/// A value of a kind, as SQL.
fn sql(kind: Kind, random: &mut Random) -> String {
    match kind {
        Kind::Text => one(random, &["'a'", "'b'", "'9'", "'10'"]).to_string(),
        Kind::Date | Kind::Timestamp => {
            one(random, &["'2026-01-01'", "DATE '2026-01-02'", "'2026-01-03'"]).to_string()
        }
        _ => one(random, &["0", "1", "2", "2.5", "0.1", "-1", "1.0"]).to_string(),
    }
}

/// A condition, made of few others.
fn predicate(kind: Kind, random: &mut Random) -> String {
    match random.below(9) {
        0 | 1 => condition(kind, random),
        2 => format!("{} AND {}", condition(kind, random), condition(kind, random)),
        3 => format!("{} OR {}", condition(kind, random), condition(kind, random)),
        4 => format!("NOT ({} AND {})", condition(kind, random), condition(kind, random)),
        5 => format!(
            "({} OR {}) AND {}",
            condition(kind, random),
            condition(kind, random),
            condition(kind, random)
        ),
        6 => format!("NOT ({})", condition(kind, random)),
        _ => condition(kind, random),
    }
}

fn condition(kind: Kind, random: &mut Random) -> String {
    const HOW: [&str; 6] = ["=", "<>", "<", "<=", ">", ">="];
    match random.below(13) {
        0..=2 => format!("x {} {}", one(random, &HOW), sql(kind, random)),
        3 => format!("{} {} x", sql(kind, random), one(random, &HOW)),
        4 => format!("x IN ({}, {})", sql(kind, random), sql(kind, random)),
        5 => format!(
            "x NOT IN ({}, {})",
            sql(kind, random),
            if random.below(2) == 0 { "NULL".to_owned() } else { sql(kind, random) }
        ),
        6 => format!("x BETWEEN {} AND {}", sql(kind, random), sql(kind, random)),
        7 => format!("x {} y", one(random, &HOW)),
        8 => format!("y {} x", one(random, &HOW)),
        9 => one(random, &["x IS NULL", "x IS NOT NULL", "y IS NULL", "s IS NOT NULL"]).to_string(),
        10 => format!("s LIKE {}", one(random, &["'a%'", "'%b'", "'a'"])),
        11 => format!("length(s) {} {}", one(random, &HOW), random.below(4)),
        _ => format!("n {} {}", one(random, &HOW), random.below(3)),
    }
}
