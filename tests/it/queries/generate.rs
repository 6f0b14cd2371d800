//! Queries by chance, each as karat's SQL and as SQL that asks DuckDB for the same meaning.

use super::expressions::{Both, Expressions, Type, both, column, columns, digits, duck_type};
use super::random::Random;

/// A query in both languages, and the types of its columns, which are called c0, c1, …
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) karat: String,
    pub(super) duck: String,
    of: Vec<Type>,
}

/// What rows are taken from.
struct From {
    karat: String,
    duck: String,
    columns: Vec<Both>,
    /// What stands before SELECT.
    with: Option<(String, String)>,
}

/// A query of the whole grammar.
pub(super) fn query(random: &mut Random) -> Query {
    let query = match random.below(5) {
        0 => combined(random),
        _ => select(random, 2, None),
    };
    match random.below(4) {
        0 => cut(random, query),
        _ => query,
    }
}

/// Some of the rows, in an order.
fn cut(random: &mut Random, query: Query) -> Query {
    let sortable: Vec<usize> =
        (0..query.of.len()).filter(|index| query.of[*index] != Type::Boolean).collect();
    let mut order = Vec::new();
    for _ in 0..random.below(3) {
        if sortable.is_empty() {
            break;
        }
        let nulls = random.of(&["", "", " NULLS FIRST", " NULLS LAST"]);
        order.push(format!("{}{}{nulls}", random.of(&sortable) + 1, random.of(&["", " ASC", " DESC"])));
    }
    let all = (1..=query.of.len()).map(|number| number.to_string());
    let every: Vec<String> = order.iter().cloned().chain(all).collect();
    // In no order of its own, a query gives the rows of groups and of sets in that of all columns.
    let (karat, duck) = match order.is_empty() {
        true => (format!("SELECT DISTINCT * FROM ({}) AS every", query.karat), query.duck.clone()),
        false => (
            format!("SELECT * FROM ({}) AS every ORDER BY {}", query.karat, order.join(", ")),
            query.duck.clone(),
        ),
    };
    let distinct = if order.is_empty() { "DISTINCT " } else { "" };
    let (most, from) = (random.below(6), random.below(3));
    Query {
        karat: format!("{karat} LIMIT {most} OFFSET {from}"),
        duck: format!(
            "SELECT {distinct}* FROM ({duck}) AS every ORDER BY {} LIMIT {most} OFFSET {from}",
            every.join(", ")
        ),
        of: query.of,
    }
}

fn combined(random: &mut Random) -> Query {
    let left = select(random, 1, None);
    let right = select(random, 1, Some(&left.of));
    let wide = left.of.iter().zip(&right.of).any(|sides| match sides {
        (Type::Decimal(whole, scale), Type::Decimal(other, other_scale)) => {
            whole.max(other) + scale.max(other_scale) > 38
        }
        _ => false,
    });
    if wide {
        return left;
    }
    let how = random.of(&["UNION ALL", "UNION", "EXCEPT", "INTERSECT"]);
    let of = left.of.iter().zip(&right.of).map(|sides| match sides {
        (Type::Int(bits), Type::Int(other)) => Type::Int(if *bits.max(other) <= 64 { 64 } else { 128 }),
        (Type::Decimal(_, scale), Type::Decimal(_, other)) => {
            let scale = *scale.max(other);
            Type::Decimal(38 - scale, scale)
        }
        (one, _) => *one,
    });
    Query {
        karat: format!("{} {how} {}", left.karat, right.karat),
        duck: format!("{} {how} {}", left.duck, right.duck),
        of: of.collect(),
    }
}

/// One SELECT, of columns of these types if they are told.
fn select(random: &mut Random, depth: u32, wanted: Option<&[Type]>) -> Query {
    let from = from(random, depth);
    let (with_karat, with_duck) = match &from.with {
        // What stands in a set has no WITH of its own here.
        Some((karat, duck)) => (format!("WITH w AS ({karat}) "), format!("WITH w AS ({duck}) ")),
        None => (String::new(), String::new()),
    };
    let mut rows = Expressions { random, columns: from.columns };
    let chosen = (!rows.random.once_in(3)).then(|| filter(&mut rows));
    let grouped = rows.random.once_in(2);
    let keys: Vec<Both> = match grouped {
        true => (0..rows.random.below(3)).filter_map(|_| key(&mut rows)).collect(),
        false => Vec::new(),
    };
    let having = if grouped {
        let calls = (0..=rows.random.below(2)).map(|_| call(&mut rows)).collect::<Vec<_>>();
        rows.columns = keys.iter().cloned().chain(calls).collect();
        rows.random.once_in(2).then(|| rows.condition(1))
    } else {
        None
    };
    let mut items = Vec::new();
    match wanted {
        Some(types) => {
            for of in types {
                items.push(rows.like(*of, 1));
            }
        }
        None => {
            for _ in 0..=rows.random.below(3) {
                let plain = rows.columns[rows.random.below(rows.columns.len())].clone();
                items.push(if rows.random.once_in(3) { plain } else { rows.any(depth) });
            }
        }
    }
    // Without one, a query of groups is one of rows.
    if grouped && keys.is_empty() && having.is_none() {
        items[0] = both("count(*)", "CAST(count(*) AS HUGEINT)", Type::Int(64));
        if let Some(Type::Int(_)) | None = wanted.map(|types| types[0]) {
        } else {
            return select(rows.random, depth, wanted);
        }
    }
    let distinct = if rows.random.once_in(6) { "DISTINCT " } else { "" };
    let listed = |of: fn(&Both) -> &str| {
        let items = items.iter().enumerate().map(|(index, item)| format!("{} AS c{index}", of(item)));
        items.collect::<Vec<_>>().join(", ")
    };
    let clause = |word: &str, of: Option<&str>| of.map_or_else(String::new, |of| format!(" {word} {of}"));
    let by = |of: fn(&Both) -> &str| {
        let keys: Vec<&str> = keys.iter().map(of).collect();
        (!keys.is_empty()).then(|| keys.join(", "))
    };
    fn in_karat(item: &Both) -> &str {
        &item.karat
    }
    fn in_duck(item: &Both) -> &str {
        &item.duck
    }
    let text = |of: fn(&Both) -> &str, from: &str, with: &str| {
        format!(
            "{with}SELECT {distinct}{} FROM {from}{}{}{}",
            listed(of),
            clause("WHERE", chosen.as_ref().map(of)),
            clause("GROUP BY", by(of).as_deref()),
            clause("HAVING", having.as_ref().map(of)),
        )
    };
    Query {
        karat: text(in_karat, &from.karat, &with_karat),
        duck: text(in_duck, &from.duck, &with_duck),
        of: items.iter().map(|item| item.of).collect(),
    }
}

/// A key of groups that reads a column.
fn key(rows: &mut Expressions<'_>) -> Option<Both> {
    let key = match rows.random.below(3) {
        0 => rows.any(1),
        _ => rows.columns[rows.random.below(rows.columns.len())].clone(),
    };
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).map(str::to_owned).collect()
    };
    let read = words(&key.karat);
    rows.columns.iter().any(|column| read.contains(&column.karat)).then_some(key)
}

fn filter(rows: &mut Expressions<'_>) -> Both {
    let condition = rows.condition(2);
    let further = match rows.random.below(6) {
        0 => among(rows),
        1 => beside(rows),
        2 => exists(rows),
        _ => return condition,
    };
    let how = rows.random.of(&["AND", "OR"]);
    both(
        format!("({} {how} {})", condition.karat, further.karat),
        format!("({} {how} {})", condition.duck, further.duck),
        Type::Boolean,
    )
}

/// `IN (SELECT …)`
fn among(rows: &mut Expressions<'_>) -> Both {
    let value = match rows.random.below(4) {
        0 => rows.integer(1),
        1 => rows.text(1),
        2 => rows.double(0),
        _ => rows.date(0),
    };
    let mut inner = Expressions { random: rows.random, columns: columns("") };
    let (found, condition) = (inner.like(value.of, 1), inner.condition(1));
    let not = inner.random.of(&["", "NOT "]);
    both(
        format!(
            "({} {not}IN (SELECT {} FROM {{batch}} WHERE {}))",
            value.karat, found.karat, condition.karat
        ),
        format!("({} {not}IN (SELECT {} FROM batch WHERE {}))", value.duck, found.duck, condition.duck),
        Type::Boolean,
    )
}

/// A comparison with the one value of a query.
fn beside(rows: &mut Expressions<'_>) -> Both {
    let value = rows.integer(1);
    let mut inner = Expressions { random: rows.random, columns: columns("") };
    let (found, condition) = (inner.integer(0), inner.condition(1));
    let function = inner.random.of(&["max", "min", "sum"]);
    let how = inner.random.of(&["<", "=", ">="]);
    both(
        format!(
            "({} {how} (SELECT {function}({}) FROM {{batch}} WHERE {}))",
            value.karat, found.karat, condition.karat
        ),
        format!(
            "({} {how} (SELECT {function}({}) FROM batch WHERE {}))",
            value.duck, found.duck, condition.duck
        ),
        Type::Boolean,
    )
}

fn exists(rows: &mut Expressions<'_>) -> Both {
    let mut inner = Expressions { random: rows.random, columns: columns("") };
    let condition = inner.condition(1);
    let not = inner.random.of(&["", "NOT "]);
    both(
        format!("({not}EXISTS (SELECT 1 FROM {{batch}} WHERE {}))", condition.karat),
        format!("({not}EXISTS (SELECT 1 FROM batch WHERE {}))", condition.duck),
        Type::Boolean,
    )
}

/// An aggregate.
fn call(rows: &mut Expressions<'_>) -> Both {
    let filter = rows.random.once_in(5).then(|| rows.condition(1));
    let filtered = |of: fn(&Both) -> &str| {
        filter.as_ref().map_or_else(String::new, |filter| format!(" FILTER (WHERE {})", of(filter)))
    };
    let (karat, duck) = (filtered(|both| &both.karat), filtered(|both| &both.duck));
    let count = both(format!("count(*){karat}"), format!("CAST(count(*){duck} AS HUGEINT)"), Type::Int(64));
    match rows.random.below(12) {
        0 => both(format!("count(*){karat}"), format!("CAST(count(*){duck} AS HUGEINT)"), Type::Int(64)),
        1 => {
            let of = rows.any(1);
            both(
                format!("count({}){karat}", of.karat),
                format!("CAST(count({}){duck} AS HUGEINT)", of.duck),
                Type::Int(64),
            )
        }
        2 => {
            let of = rows.any(1);
            both(
                format!("count(DISTINCT {}){karat}", of.karat),
                format!("CAST(count(DISTINCT {}){duck} AS HUGEINT)", of.duck),
                Type::Int(64),
            )
        }
        3 => {
            let of = rows.condition(1);
            both(
                format!("count_if({})", of.karat),
                format!("CAST(count(*) FILTER (WHERE {}) AS HUGEINT)", of.duck),
                Type::Int(64),
            )
        }
        4 | 5 => {
            let of = rows.integer(2);
            let Type::Int(bits) = of.of else { return count };
            let once = rows.random.of(&["", "", "DISTINCT "]);
            let width = Type::Int((bits + 40).min(128));
            both(
                format!("sum({once}{}){karat}", of.karat),
                format!("CAST(sum({once}{}){duck} AS HUGEINT)", of.duck),
                width,
            )
        }
        6 => {
            let of = rows.decimal(1);
            let Type::Decimal(whole, scale) = of.of else { return count };
            let width = Type::Decimal((whole + scale + 12).min(38) - scale, scale);
            both(
                format!("sum({}){karat}", of.karat),
                format!("CAST(sum({}){duck} AS {})", of.duck, duck_type(width)),
                width,
            )
        }
        7 => {
            // Sums of these are exact in any order.
            let of = rows
                .columns
                .iter()
                .find(|column| column.of == Type::Double && column.karat.ends_with('f'))
                .cloned();
            let Some(of) = of else { return count };
            let function = rows.random.of(&["sum", "avg"]);
            both(
                format!("{function}({}){karat}", of.karat),
                format!("{function}({}){duck}", of.duck),
                Type::Double,
            )
        }
        8 | 9 => {
            let of = if rows.random.once_in(2) { rows.integer(1) } else { rows.decimal(0) };
            let (whole, scale) = match of.of {
                Type::Int(bits) => (digits(bits), 0),
                Type::Decimal(whole, scale) => (whole, scale),
                _ => return count,
            };
            if whole + scale > 22 {
                return count;
            }
            let unscaled = match scale {
                0 => of.duck.clone(),
                _ => format!(
                    "CAST(CAST({} AS DECIMAL(38,{scale})) * CAST(1{} AS DECIMAL({},0)) AS HUGEINT)",
                    of.duck,
                    "0".repeat(scale as usize),
                    scale + 1
                ),
            };
            let least = format!("0.{}1", "0".repeat((scale + 11) as usize));
            let width = Type::Decimal(whole, scale + 12);
            let mean = format!(
                "CAST(CAST(mean(CAST(sum({unscaled}){duck} AS HUGEINT), CAST(count({}){duck} AS HUGEINT)) AS DECIMAL(38,0)) \
                 * CAST({least} AS DECIMAL({},{})) AS {})",
                of.duck,
                scale + 12,
                scale + 12,
                duck_type(width),
            );
            both(format!("avg({}){karat}", of.karat), mean, width)
        }
        _ => {
            let of = match rows.random.below(6) {
                0 | 1 => rows.integer(1),
                2 => rows.decimal(1),
                3 => rows.double(0),
                4 => rows.text(1),
                _ => rows.date(1),
            };
            let function = rows.random.of(&["min", "max"]);
            both(format!("{function}({}){karat}", of.karat), format!("{function}({}){duck}", of.duck), of.of)
        }
    }
}

fn from(random: &mut Random, depth: u32) -> From {
    let plain =
        || From { karat: "{batch}".to_owned(), duck: "batch".to_owned(), columns: columns(""), with: None };
    if depth < 2 {
        return plain();
    }
    match random.below(8) {
        0 | 1 => {
            let inner = select(random, 1, None);
            let cells = inner.of.iter().enumerate();
            let columns = cells.map(|(index, of)| column(&format!("q.c{index}"), *of)).collect();
            From {
                karat: format!("({}) AS q", inner.karat),
                duck: format!("({}) AS q", inner.duck),
                columns,
                with: None,
            }
        }
        2 => {
            let inner = if random.once_in(2) { combined(random) } else { select(random, 1, None) };
            let cells = inner.of.iter().enumerate();
            let columns = cells.map(|(index, of)| column(&format!("w.c{index}"), *of)).collect();
            From {
                karat: "w".to_owned(),
                duck: "w".to_owned(),
                columns,
                with: Some((inner.karat, inner.duck)),
            }
        }
        3 | 4 => joined(random),
        _ => plain(),
    }
}

/// The table beside itself.
fn joined(random: &mut Random) -> From {
    let (left, right) = random.of(&[
        ("k", "k"),
        ("g", "k"),
        ("s", "s"),
        ("i32", "i8"),
        ("i64", "u32"),
        ("d1", "d2"),
        ("f", "f"),
        ("dt", "dt"),
        ("ts", "ts"),
        ("b", "b"),
        ("g", "g"),
    ]);
    let (lefts, rights) = (columns("a."), columns("b."));
    let find = |columns: &[Both], name: &str| {
        columns.iter().find(|column| column.karat.ends_with(&format!(".{name}"))).cloned()
    };
    let (Some(one), Some(other)) = (find(&lefts, left), find(&rights, right)) else {
        return From {
            karat: "{batch}".to_owned(),
            duck: "batch".to_owned(),
            columns: columns(""),
            with: None,
        };
    };
    let how = random.of(&["JOIN", "INNER JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", ","]);
    let columns: Vec<Both> = lefts.iter().cloned().chain(rights.clone()).collect();
    let further = match how {
        "JOIN" | "INNER JOIN" if random.once_in(2) => {
            Some(Expressions { random, columns: columns.clone() }.condition(1))
        }
        "LEFT JOIN" if random.once_in(2) => Some(Expressions { random, columns: rights }.condition(1)),
        "RIGHT JOIN" if random.once_in(2) => Some(Expressions { random, columns: lefts }.condition(1)),
        _ => None,
    };
    let on = |of: fn(&Both) -> &str| {
        let further = further.as_ref().map_or_else(String::new, |further| format!(" AND {}", of(further)));
        format!("{} = {}{further}", of(&one), of(&other))
    };
    let (karat, duck) = (on(|both| &both.karat), on(|both| &both.duck));
    if how == "," {
        // Of an equality in WHERE a join has its keys too, but here WHERE is made elsewhere.
        return From {
            karat: format!("(SELECT a.g, a.i32, b.d1, b.s FROM {{batch}} a, {{batch}} b WHERE {karat}) AS j"),
            duck: format!("(SELECT a.g, a.i32, b.d1, b.s FROM batch a, batch b WHERE {duck}) AS j"),
            columns: vec![
                column("j.g", Type::Int(32)),
                column("j.i32", Type::Int(32)),
                column("j.d1", Type::Decimal(7, 2)),
                column("j.s", Type::Text),
            ],
            with: None,
        };
    }
    From {
        karat: format!("{{batch}} AS a {how} {{batch}} AS b ON {karat}"),
        duck: format!("batch AS a {how} batch AS b ON {duck}"),
        columns,
        with: None,
    }
}
