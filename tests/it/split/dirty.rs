//! How many of the wrong rows and cells of real, dirty tables go to the quarantine, by suites that were written from their public
//! description alone.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use karat::run::run_finding_rows;
use karat::suite::OnFail;
use karat::{CheckOptions, Suite};

use crate::corpora::corpora;

/// A cell of a table: the number of its row, and its column.
type Cell = (u64, String);

/// The cells that are wrong in truth.
fn wrong(folder: &Path) -> BTreeSet<Cell> {
    let text = std::fs::read_to_string(folder.join("errors.csv")).unwrap();
    let mut reader = arrow::csv::reader::Format::default().with_header(true);
    reader = reader.with_delimiter(b',');
    let (schema, _) = reader.infer_schema(text.as_bytes(), None).unwrap();
    let batches = arrow::csv::ReaderBuilder::new(std::sync::Arc::new(schema)).with_header(true);
    let mut cells = BTreeSet::new();
    for batch in batches.build(text.as_bytes()).unwrap() {
        let batch = batch.unwrap();
        let [rows, columns] = [0, 1]
            .map(|at| arrow::compute::cast(batch.column(at), &arrow::datatypes::DataType::Utf8).unwrap());
        let text = |array: &arrow::array::ArrayRef, row| {
            arrow::array::AsArray::as_string::<i32>(array).value(row).to_owned()
        };
        for row in 0..batch.num_rows() {
            cells.insert((text(&rows, row).parse().unwrap(), text(&columns, row)));
        }
    }
    cells
}

/// The share of what was found that is wrong, and of what is wrong that was found, in percent.
fn told<T: Ord>(found: &BTreeSet<T>, wrong: &BTreeSet<T>) -> String {
    let right = found.intersection(wrong).count() as f64;
    let percent = |of: usize| right / (of.max(1) as f64) * 100.0;
    format!(
        "{} found, {} wrong: precision {:.1} %, recall {:.1} %",
        found.len(),
        wrong.len(),
        percent(found.len()),
        percent(wrong.len())
    )
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn wrong_rows_go_to_the_quarantine() {
    let mut text = String::new();
    for name in ["hospital", "beers"] {
        let folder = corpora("dirty").join(name);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("suites/dirty/{name}.yml"));
        let suite = Suite::open(&path).unwrap();
        let data = folder.join("dirty.csv").display().to_string();
        let (run, failing) = run_finding_rows(&suite, data.into(), &CheckOptions::default());
        assert_eq!(run.error, None);
        let mut cells: BTreeSet<Cell> = BTreeSet::new();
        for (check, rows) in failing.by_check(&run).unwrap() {
            if check.on_fail == OnFail::Quarantine {
                let columns = &run.outcome(&check.id).unwrap().columns;
                cells.extend(
                    rows.iter().flat_map(|row| columns.iter().map(move |column| (row, column.to_string()))),
                );
            }
        }
        let wrong = wrong(&folder);
        let rows = |cells: &BTreeSet<Cell>| cells.iter().map(|(row, _)| *row).collect::<BTreeSet<u64>>();
        writeln!(text, "{name}: rows {}", told(&rows(&cells), &rows(&wrong))).unwrap();
        writeln!(text, "{name}: cells {}", told(&cells, &wrong)).unwrap();
    }
    insta::assert_snapshot!(text, @r"
    hospital: rows 298 found, 407 wrong: precision 99.0 %, recall 72.5 %
    hospital: cells 509 found, 509 wrong: precision 68.0 %, recall 68.0 %
    beers: rows 2410 found, 2410 wrong: precision 100.0 %, recall 100.0 %
    beers: cells 4235 found, 4362 wrong: precision 100.0 %, recall 97.1 %
    ");
}
