//! A table with staged files is judged exactly as the table that has them. Random tables are split into files, some of which the
//! table has and some of which are staged; another table has them all, and a frame has all their rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use karat::source::Trust;
use karat::{CheckOptions, Data, Run, Staged, check};
use polars::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::lake::{Definition, Lake};
use crate::fuzz::Random;
use crate::support::parsed;

const COLUMNS: [(&str, &str); 8] = [
    ("id", "long"),
    ("parent", "long"),
    ("amount", "double"),
    ("status", "string"),
    ("at", "timestamp"),
    ("open", "boolean"),
    ("size", "integer"),
    ("day", "date"),
];

/// Checks of every kind of metric: rows, keys, lookups, sequences, aggregates, groups, queries.
const SUITE: &str = "
suite: s
key: id
columns:
  id:
    - not_null
    - unique
    - increasing
    - {increasing: {strictly: true, order_by: at}, id: id.by_time}
    - {distinct_count: {min: 20}, id: id.distinct}
    - {sum: {min: 100}, id: id.sum}
    - {unique: ~, where: open, id: id.unique_open}
  parent:
    - {exists_in: {data: others, column: id}, fail_if: '> 20 %'}
    - {exists_in: {data: table, column: id}, id: parent.itself, fail_if: '> 60 %'}
  amount:
    - {between: {min: -5, max: 90}, warn_if: '> 0', fail_if: '> 30 %'}
    - {mean: {min: 0, max: 60}}
    - {min: {min: -9}}
    - {max: {max: 99}}
    - {stddev: {max: 40}}
    - {median: {max: 50}}
    - {quantiles: [{at: 0.1, max: 50}, {at: 0.9, min: 20}]}
  status:
    - {in_set: [O, F]}
    - {matches: '^[A-Z]$', mostly: 0.9}
    - {most_common: [O]}
    - {length_between: {min: 1, max: 1}}
  at: [{max: {max: '2026-01-20T00:00:00Z'}}]
  open: [not_null]
  size: [{sum: {min: 30}}, {unique: ~, fail_if: '> 90 %'}]
  day: [{distinct_count: {min: 2}, id: day.distinct}, {not_null: ~, fail_if: '> 10 %'}]
table:
  - row_count: {min: 12}
  - {unique: [status, day], fail_if: '> 50 %'}
  - {unique: [id, at], id: id_and_time}
  - {rows: {predicate: amount >= size, nulls: pass}, fail_if: '> 50 %'}
  - {row_count: {min: 3}, group_by: status, id: rows_by_status}
  - {unexpected_rows: 'SELECT day, count(*) FROM {batch} GROUP BY day HAVING count(*) > 9', id: busy_days}
";

/// Rows of a case, in their order.
struct Rows(Vec<Row>);

#[derive(Clone)]
struct Row {
    id: Option<i64>,
    parent: Option<i64>,
    amount: Option<f64>,
    status: Option<&'static str>,
    at: Option<i64>,
    open: Option<bool>,
    size: Option<i32>,
    day: Option<i32>,
}

impl Row {
    fn new(number: usize, random: &mut Random) -> Self {
        let small = |random: &mut Random, below: usize| i64::try_from(random.below(below)).unwrap();
        // Mostly rising, with gaps, doubles and nulls.
        let id = i64::try_from(number).unwrap() + small(random, 3) - 1;
        let mut maybe = |never: usize| random.below(never) > 0;
        let there: Vec<bool> = [12, 4, 6, 8, 9, 9, 5, 15].into_iter().map(&mut maybe).collect();
        let amount = match random.below(20) {
            0 => f64::NAN,
            1 => -0.0,
            2 => 1e300,
            _ => f64::from(i32::try_from(random.below(120)).unwrap()) - 10.25,
        };
        Self {
            id: there[0].then_some(id),
            parent: there[1].then_some(small(random, 30)),
            amount: there[2].then_some(amount),
            status: there[3].then_some(*random.of(&["O", "O", "F", "x", ""])),
            at: there[4].then_some(1_767_225_600_000_000 + small(random, 2_000_000_000_000)),
            open: there[5].then_some(random.below(2) == 0),
            size: there[6].then_some(i32::try_from(random.below(50)).unwrap()),
            day: there[7].then_some(20_454 + i32::try_from(random.below(3)).unwrap()),
        }
    }
}

impl Rows {
    fn frame(&self) -> DataFrame {
        let rows = &self.0;
        let date = Series::new("day".into(), rows.iter().map(|row| row.day).collect::<Vec<_>>());
        let time = Series::new("at".into(), rows.iter().map(|row| row.at).collect::<Vec<_>>());
        let instant = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
        DataFrame::new(
            rows.len(),
            vec![
                Column::new("id".into(), rows.iter().map(|row| row.id).collect::<Vec<_>>()),
                Column::new("parent".into(), rows.iter().map(|row| row.parent).collect::<Vec<_>>()),
                Column::new("amount".into(), rows.iter().map(|row| row.amount).collect::<Vec<_>>()),
                Column::new("status".into(), rows.iter().map(|row| row.status).collect::<Vec<_>>()),
                time.cast(&instant).unwrap().into(),
                Column::new("open".into(), rows.iter().map(|row| row.open).collect::<Vec<_>>()),
                Column::new("size".into(), rows.iter().map(|row| row.size).collect::<Vec<_>>()),
                date.cast(&DataType::Date).unwrap().into(),
            ],
        )
        .unwrap()
    }
}

/// What a check came to, without where its rows lie.
fn outcomes(run: &Run) -> Vec<String> {
    let suite = &run.suites[0];
    assert_eq!(suite.error, None);
    let shown = suite.suite.checks.iter().zip(&suite.outcomes).map(|(check, outcome)| {
        let keys: Vec<_> = outcome.samples.rows.iter().map(|row| (&row.key, &row.values)).collect();
        format!(
            "{}: {:?} {:?} {} {:?} {:?} {keys:?}",
            check.id,
            outcome.verdict,
            outcome.counts,
            outcome.observed.to_json(),
            outcome.reason,
            outcome.samples.frequent,
        )
    });
    shown.collect()
}

fn day(days: Option<i32>) -> String {
    days.map_or("__HIVE_DEFAULT_PARTITION__".to_owned(), |days| {
        (chrono::NaiveDate::default() + chrono::TimeDelta::days(days.into())).to_string()
    })
}

/// Judges a case in each way, and returns how many outcomes are alike.
fn compared(number: u64) -> usize {
    let mut random = Random::new(number);
    let lake = Lake::new();
    let is_partitioned = random.below(2) == 0;
    let partitioned: &[&str] = if is_partitioned { &["day"] } else { &[] };
    let definition = Definition { columns: &COLUMNS, partitioned, ..Definition::default() };
    let (mut base, mut whole, mut parts) = (Vec::new(), Vec::new(), BTreeMap::new());
    let count = 2 + random.below(6);
    // Often the table has nothing so far; always, something is staged.
    let own = random.below(count);
    // All of them or none: files that store a column alike are read one after the other.
    let is_narrow = random.below(4) == 0;
    let mut next = 0;
    for file in 0..count {
        let day_of_file = (random.below(9) > 0).then(|| 20_454 + i32::try_from(random.below(3)).unwrap());
        let size = random.below(9);
        let mut rows: Vec<Row> = (next..next + size).map(|number| Row::new(number, &mut random)).collect();
        next += size;
        let is_staged = file >= own;
        // A staged file may lack a column that may be null.
        let lacks = is_staged && random.below(4) == 0;
        for row in &mut rows {
            row.day = if is_partitioned { day_of_file } else { row.day };
            row.open = row.open.filter(|_| !lacks);
        }
        let mut frame = Rows(rows.clone()).frame();
        if is_partitioned && (!is_staged || random.below(2) == 0) {
            frame = frame.drop("day").unwrap();
        }
        let name = format!("{file:03}.parquet");
        let mut partition = Map::new();
        if is_partitioned {
            partition.insert("day".to_owned(), day_of_file.map_or(Json::Null, |_| json!(day(day_of_file))));
        }
        let stored = if is_partitioned && frame.column("day").is_ok() {
            frame.drop("day").unwrap()
        } else {
            frame.clone()
        };
        let folder = if is_partitioned { format!("day={}/", day(day_of_file)) } else { String::new() };
        // In the order in which the files are read: those of the table first, then the others by their paths.
        let in_whole = if is_staged { format!("s-{}{name}", folder.replace('/', "-")) } else { name.clone() };
        whole.push(lake.add("whole", &in_whole, &stored, Json::Object(partition.clone())));
        parts.insert(in_whole, rows);
        if is_staged {
            let mut staged = if lacks { frame.drop("open").unwrap() } else { frame };
            if is_narrow {
                // Narrower than in the table, which holds all of its values.
                let _ = staged.apply("id", |ids| ids.cast(&DataType::Int32).unwrap());
            }
            lake.parquet(&format!("staged/{folder}{name}"), &staged);
        } else {
            base.push(lake.add("base", &name, &stored, Json::Object(partition)));
        }
    }
    let all: Vec<Row> = parts.into_values().flatten().collect();
    lake.table("base", &definition).commit("base", 1, &base);
    lake.table("whole", &definition).commit("whole", 1, &whole);
    lake.parquet("others.parquet", &df!("id" => (0..25_i64).collect::<Vec<_>>()).unwrap());
    let others = lake.uri("others.parquet");
    let suite = parsed(SUITE);
    let judged = |data: Data, itself: String, trust| {
        let others = others.clone();
        let datasets = Arc::new(move |name: &str| {
            karat::DataSource::from(if name == "table" { itself.clone() } else { others.clone() })
        });
        let options = CheckOptions { datasets, trust, ..CheckOptions::default() };
        check(&suite, data, &options)
    };
    let mut alike = 0;
    for trust in [Trust::Log, Trust::Footer, Trust::None] {
        let files = Staged::at(lake.uri("staged"));
        let into = lake.uri("base");
        let staged = judged(Data::Staged { into: into.clone(), at: karat::At::Latest, files }, into, trust);
        assert_eq!(staged.suites[0].error, None, "case {number}");
        let identity = staged.suites[0].snapshot.clone().unwrap();
        assert_eq!((identity.version, identity.rows), (Some(1), Some(all.len() as u64)), "case {number}");
        assert_eq!(identity.staged.unwrap().files, (count - own) as u64);
        let whole = judged(Data::from(lake.uri("whole")), lake.uri("whole"), trust);
        let (found, expected) = (outcomes(&staged), outcomes(&whole));
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected, "case {number}, trust {trust:?}");
        }
        alike += found.len();
    }
    // The frame has no files, and so no order of files other than that of its rows.
    lake.parquet("frame.parquet", &Rows(all.clone()).frame());
    let frame = judged(Data::from(Rows(all).frame()), lake.uri("frame.parquet"), Trust::None);
    let whole = judged(Data::from(lake.uri("whole")), lake.uri("whole"), Trust::None);
    for (found, expected) in frame.suites[0].outcomes.iter().zip(&whole.suites[0].outcomes) {
        assert_eq!((found.verdict, found.counts), (expected.verdict, expected.counts), "case {number}");
        alike += 1;
    }
    alike
}

#[test]
fn a_table_with_staged_files_is_judged_as_the_table_that_has_them() {
    let alike: usize = (0..16).map(compared).sum();
    println!("{alike} outcomes are alike");
    assert!(alike > 16 * 30 * 3);
}

#[test]
#[ignore = "runs as long as it is told to: see CONTRIBUTING.md"]
fn for_a_while() {
    let mut alike = 0;
    let cases = crate::fuzz::run_for_a_while(|number| alike += compared(number));
    println!("{alike} outcomes of the cases {cases:?} are alike");
}
