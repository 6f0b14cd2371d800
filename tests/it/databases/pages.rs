//! The executed pages of the catalogue, over a database.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use karat::data::Dialect;
use karat::engine::{Engine, FederatedEngine, Held, Opener, PolarsEngine};
use karat::source::{Data, DataSource, SourceError, StorageOptions};
use karat::{CheckOptions, Suite, check};
use polars::prelude::DataFrame;

use super::compare::{Told, compared};
use super::database::Database;
use super::written::{Stored, System};
use crate::catalogue::{Example, examples};
use crate::naive::of_frame;

/// An example whose tables a database can hold.
struct Page {
    example: Example,
    judged: Stored,
    others: BTreeMap<String, Stored>,
}

/// Returns a table as the database can hold it, if it has the types.
fn stored(frame: &DataFrame, system: System) -> Option<Stored> {
    let (schema, rows) = of_frame(frame);
    let stored = std::panic::catch_unwind(|| {
        let stored = Stored::of(&schema, &rows, system);
        let _ = stored.statements("t", system);
        stored
    });
    stored.ok()
}

/// Writes the tables of each page. Returns the pages, and the ids of those that the database has no types for.
fn written(database: &dyn Database) -> (Vec<Page>, BTreeSet<&'static str>) {
    let system = database.system();
    let (mut pages, mut left_out) = (Vec::new(), BTreeSet::new());
    for example in examples() {
        let others = example.others.iter().map(|(name, frame)| Some((name.clone(), stored(frame, system)?)));
        match (stored(&example.frame, system), others.collect::<Option<BTreeMap<_, _>>>()) {
            (Some(judged), Some(others)) => pages.push(Page { example, judged, others }),
            _ => drop(left_out.insert(example.id)),
        }
    }
    let tables = pages.iter().flat_map(|page| {
        let others = page.others.iter().map(|(name, stored)| (page.table(name), stored));
        others.chain([(page.table("judged"), &page.judged)])
    });
    database.write(&tables.collect());
    (pages, left_out)
}

impl Page {
    /// Returns the name of a table of the page.
    fn table(&self, name: &str) -> String {
        format!("{} {name}", self.example.id)
    }

    fn suite(&self) -> Suite {
        Suite::from_yaml(&self.example.suite).unwrap()
    }

    /// Returns options by which the other datasets are frames.
    fn options(&self) -> CheckOptions {
        CheckOptions { now: crate::oracle::rows::options().now, ..self.example.options() }
    }

    /// Returns what finds the other datasets in the database.
    fn others_there(&self, database: &dyn Database) -> Arc<dyn Fn(&str) -> DataSource + Send + Sync> {
        let uris = self.others.keys().map(|name| (name.clone(), database.uri(&self.table(name))));
        let uris: BTreeMap<String, String> = uris.collect();
        Arc::new(move |name: &str| DataSource::from(uris.get(name).map_or(name, String::as_str)))
    }
}

/// Judges the suite of each page in the database and on Polars, and compares. What the database does not judge stands on its
/// page, with the reason; all of that is judged of fetched rows.
pub fn every_page(database: &dyn Database) {
    let system = database.system();
    let (pages, left_out) = written(database);
    let (there, fetching) = (database.engine_fetching(None), database.engine());
    let (mut told, mut fetched, mut wrong) = (Told::default(), Told::default(), Vec::new());
    let mut refused: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for page in &pages {
        let suite = page.suite();
        let here = check(&suite, page.example.frame.clone(), &page.options());
        let options = CheckOptions { datasets: page.others_there(database), ..page.options() };
        for (engine, told) in [(&there, &mut told), (&fetching, &mut fetched)] {
            let options = CheckOptions { engine: Arc::clone(engine), ..options.clone() };
            let judged = check(&suite, database.uri(&page.table("judged")), &options);
            let found = compared(&judged, &here, system.name());
            told.add(found.told);
            let unexpected: Vec<String> = if Arc::ptr_eq(engine, &there) {
                let reasons = found.refused.iter().map(|line| why(line, system));
                refused.entry(page.example.id).or_default().extend(reasons);
                found.wrong
            } else {
                found.unexpected().collect()
            };
            wrong.extend(unexpected.into_iter().map(|line| format!("{}: {line}", page.example.id)));
        }
    }
    eprintln!("{}: pages, {told:?}, and {fetched:?} with fetching", system.name());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    refused.retain(|_, reasons| !reasons.is_empty());
    told_on_page(system, &refused, &left_out);
}

/// Opens tables of a database there, and frames here.
struct Both {
    there: Arc<dyn Engine>,
    here: Arc<dyn Engine>,
}

impl Opener for Both {
    fn open(&self, data: Data, storage: &StorageOptions, dialect: &Dialect) -> Result<Held, SourceError> {
        let engine = if matches!(data, Data::Uri { .. }) { &self.there } else { &self.here };
        Opener::open(engine, data, storage, dialect)
    }
}

/// Judges the suite of each page that compares datasets with one of them in the database and the others not, and the other way
/// round. Counts and aggregates are compared at once, rows if they may be fetched.
pub fn every_page_across(database: &dyn Database) {
    let system = database.system().name();
    let (pages, _) = written(database);
    let (mut told, mut apart, mut wrong) = (Told::default(), Told::default(), Vec::new());
    for page in pages.iter().filter(|page| !page.others.is_empty()) {
        let (suite, frame) = (page.suite(), || Data::from(page.example.frame.clone()));
        let here = check(&suite, frame(), &page.options());
        let there = || Data::from(database.uri(&page.table("judged")));
        let there_alone = CheckOptions { datasets: page.others_there(database), ..page.options() };
        for rows in [None, Some(1_000)] {
            for (judged, options) in [(there(), page.options()), (frame(), there_alone.clone())] {
                let own: Arc<dyn Engine> = Arc::new(PolarsEngine::default());
                let both = Both { there: database.engine_there(), here: Arc::clone(&own) };
                let engine = Arc::new(FederatedEngine::new(Box::new(both), own).fetching(rows));
                let run = check(&suite, judged, &CheckOptions { engine, ..options });
                let found = compared(&run, &here, if rows.is_some() { system } else { "--fetch ROWS" });
                if rows.is_some() { &mut told } else { &mut apart }.add(found.told);
                let lines: Vec<String> =
                    if rows.is_some() { found.unexpected().collect() } else { found.wrong };
                wrong.extend(lines.into_iter().map(|line| format!("{}: {line}", page.example.id)));
            }
        }
    }
    eprintln!("{system}: pages across, {apart:?}, and {told:?} with fetching");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        apart.same > 10 && apart.refused > 10 && told.refused == 0 && told.here >= 20,
        "{apart:?} {told:?}"
    );
}

/// Returns the reason of a line without the words that are the same in all.
fn why(reason: &str, system: System) -> String {
    let reason = reason.split_once(&format!("{}: ", system.name())).map_or(reason, |(_, reason)| reason);
    let ends = [", so it is not judged there", "; --fetch ROWS judges it of fetched rows"];
    ends.iter().fold(reason.to_owned(), |reason, end| reason.replace(end, ""))
}

/// Asserts that the page of the system lists what it does not judge of the examples. The list may only shrink.
fn told_on_page(system: System, refused: &BTreeMap<&str, BTreeSet<String>>, left_out: &BTreeSet<&str>) {
    let mut text = String::new();
    for (id, reasons) in refused {
        let reasons: Vec<&str> = reasons.iter().map(String::as_str).collect();
        writeln!(text, "- `{id}`: {}", reasons.join("; ")).unwrap();
    }
    for id in left_out {
        writeln!(text, "- `{id}`: not tried, since its table has a type that there is not").unwrap();
    }
    let path = format!("expectations/{}.md", system.name().to_lowercase().replace("postgresql", "postgres"));
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, _) = page.split_once(LIST).unwrap_or_else(|| panic!("{path} lists nothing"));
    let written = format!("{before}{LIST}{text}");
    if std::env::var_os("KARAT_UPDATE").is_some() {
        std::fs::write(&path, written).unwrap();
    } else {
        assert!(page == written, "{path} is stale: KARAT_UPDATE=1; its list may only shrink:\n{text}");
    }
}

/// What stands before the list, which ends the page.
const LIST: &str = "## What of the pages' examples is fetched, and why\n\n";
