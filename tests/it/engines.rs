//! The page of what each engine judges of the catalogue: made of the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use karat::Suite;
use karat::engine::sql::{Connector, Dialect, DuckDb, Postgres, Redshift, Spark, SqlEngine, Table};
use karat::engine::{Engine, Support};
use karat::plan::Plan;
use karat::run::bound;
use karat::source::{At, Format, SourceError};

use crate::catalogue::{Example, examples};

/// The dialects, in the order of the columns. That of Databricks is Spark's.
const DIALECTS: [&dyn Dialect; 4] = [&DuckDb, &Postgres, &Redshift, &Spark::APACHE];

/// A system that is never connected to: what it can judge, its dialect says.
struct Unconnected(&'static dyn Dialect);

impl Connector for Unconnected {
    fn name(&self) -> String {
        self.0.name().to_owned()
    }

    fn dialect(&self) -> &'static dyn Dialect {
        self.0
    }

    fn format(&self) -> Format {
        Format::Memory
    }

    fn table(&self, uri: &str, _: At) -> Result<Table, SourceError> {
        Err(SourceError::Missing { uri: uri.to_owned(), near: None })
    }
}

/// The plan of the example of a page.
fn plan(example: &Example) -> Plan {
    let suite = Suite::from_yaml(&example.suite).unwrap();
    bound(&suite, example.frame.clone().into(), &example.options()).unwrap().plan.unwrap()
}

#[test]
fn the_page_of_engines_is_that_of_the_code() {
    let engines = DIALECTS.map(|dialect| SqlEngine::new(Unconnected(dialect)));
    let mut reasons: Vec<String> = Vec::new();
    let mut rows = BTreeMap::new();
    for example in examples() {
        let plan = plan(&example);
        let cells = engines.iter().map(|engine| judged(engine, &plan, &mut reasons));
        rows.insert(example.id, cells.collect::<Vec<_>>());
    }
    let page = page(&rows, &reasons);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("expectations/engines.md");
    if std::env::var_os("KARAT_UPDATE").is_some() {
        fs::write(path, page).unwrap();
    } else {
        let stored = fs::read_to_string(path).unwrap_or_default();
        assert!(stored == page, "expectations/engines.md is stale: KARAT_UPDATE=1 cargo test");
    }
}

/// Returns the cell of an engine: whether it judges the checks of an example, or the numbers of the reasons why not.
fn judged(engine: &dyn Engine, plan: &Plan, reasons: &mut Vec<String>) -> String {
    let prefix = format!("{}: ", engine.name());
    let mut notes: BTreeSet<usize> = BTreeSet::new();
    let mut refused = 0;
    for check in &plan.checks {
        // A check that does not fit its column is an error with any engine.
        let Ok(judged_by) = &check.judged_by else { continue };
        let metrics = plan.metrics_of(judged_by);
        let why = metrics.into_iter().find_map(|id| match engine.support(&plan.metrics[id]) {
            Support::Refused(reason) => Some(reason),
            _ => None,
        });
        let Some(reason) = why else { continue };
        refused += 1;
        let reason = reason.strip_prefix(&prefix).unwrap_or(&reason);
        let reason = reason.split("; --fetch").next().unwrap().to_owned();
        let known = reasons.iter().position(|known| *known == reason).unwrap_or_else(|| {
            reasons.push(reason);
            reasons.len() - 1
        });
        notes.insert(known + 1);
    }
    let notes: Vec<String> = notes.iter().map(usize::to_string).collect();
    match refused {
        0 => "yes".to_owned(),
        all if all == plan.checks.len() => format!("no [{}]", notes.join(", ")),
        _ => format!("in part [{}]", notes.join(", ")),
    }
}

fn page(rows: &BTreeMap<&str, Vec<String>>, reasons: &[String]) -> String {
    let mut page = "\
# What each engine judges

A suite means the same wherever its data is, or a check is an error that says why it cannot be judged there. karat's own
engine (Delta, Parquet, CSV, NDJSON, Arrow, frames) judges everything. A system that holds the data itself judges what its
SQL can say exactly; this table says it for the example of each page, by what its columns are there. Made from the code; do
not edit.

- **yes**: the system computes everything, in as few statements as it can.
- **in part**: some checks of the example, and the number says why not the others.
- **no**: none of them.

With `--fetch ROWS`, karat's own engine judges what a system does not, from the columns that it needs, unless the order of rows is
what is asked for.

Databricks judges what Spark judges. How each is connected to, and which rows are an error there because they would be read
otherwise: [duckdb](duckdb.md), [postgres](postgres.md), [redshift](redshift.md), [spark](spark.md), [databricks](databricks.md). `karat plan
SUITE` says it of your own suite.

"
    .to_owned();
    let names: Vec<&str> = DIALECTS.iter().map(|dialect| dialect.name()).collect();
    let _ = writeln!(page, "| expectation | {} |\n|---{}|", names.join(" | "), "|---".repeat(names.len()));
    for (id, cells) in rows {
        let _ = writeln!(page, "| {id} | {} |", cells.join(" | "));
    }
    page += "\n## Why not\n\n";
    for (index, reason) in reasons.iter().enumerate() {
        let _ = writeln!(page, "{}. {reason}", index + 1);
    }
    page
}
