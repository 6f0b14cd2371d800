//! Every page of the catalogue is true: it describes its definition, and its example comes out as it says.

mod frame;
mod page;
mod versions;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use karat::data::{Dataset, Dialect, Value};
use karat::document::Syntax;
use karat::engine::{Control, Engine, Measurements};
use karat::evaluate::Outcome;
use karat::expectation::{Definition, Nature, OtherSchemas, ParameterKind, all};
use karat::plan::{BindOptions, Plan, bind};
use karat::report::{Report, json};
use karat::source::{Opened, StorageOptions};
use karat::suite::{Catalogue, Composed, DefinedIn};
use karat::{CheckOptions, Data, DataSource, Suite, check};

use polars::prelude::DataFrame;

use crate::cases::write_parquet;
use page::{Page, Row};

use super::foreseen::Foreseen;
use super::naive::Naive;

/// An entry of the catalogue: in Rust, or a pack made of others.
#[derive(Clone, Copy)]
enum Entry {
    BuiltIn(&'static Definition),
    Pack(&'static Composed, &'static str),
}

impl Entry {
    fn all() -> Vec<Self> {
        let packs = Catalogue::standard().composed().iter().map(|pack| match pack.defined_in {
            DefinedIn::Pack { page } => Self::Pack(pack, page),
            DefinedIn::File { .. } => panic!("{} does not ship with karat", pack.id),
        });
        all().iter().map(|definition| Self::BuiltIn(definition)).chain(packs).collect()
    }

    fn id(&self) -> &'static str {
        match self {
            Self::BuiltIn(definition) => definition.id,
            Self::Pack(pack, _) => &pack.id,
        }
    }

    fn page(&self) -> &'static str {
        match self {
            Self::BuiltIn(definition) => definition.page,
            Self::Pack(_, page) => page,
        }
    }

    /// Its page within `expectations/`.
    fn path(&self) -> PathBuf {
        let family = match self {
            Self::BuiltIn(definition) => definition.family.name(),
            Self::Pack(..) => "packs",
        };
        Path::new(family).join(format!("{}.md", self.id()))
    }

    fn bare(&self) -> Option<&'static str> {
        match self {
            Self::BuiltIn(definition) => definition.bare,
            Self::Pack(pack, _) => pack.bare.as_deref(),
        }
    }
}

/// Runs a test on every entry and tells all that is wrong, not only the first.
fn on_every_page(test: impl Fn(&Entry, &Page) -> Result<(), String>) {
    let wrong: Vec<String> = Entry::all()
        .iter()
        .filter_map(|entry| {
            let tested = Page::read(entry.page()).and_then(|page| test(entry, &page));
            tested.err().map(|error| format!("{}: {error}", entry.id()))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_definition_has_the_page_in_its_place_and_no_page_is_without_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("expectations");
    let mut found = BTreeSet::new();
    for family in fs::read_dir(&root).unwrap() {
        let family = family.unwrap().path();
        // Beside the families stand pages of what concerns them all.
        if family.is_file() {
            continue;
        }
        for page in fs::read_dir(family).unwrap() {
            found.insert(page.unwrap().path().strip_prefix(&root).unwrap().to_path_buf());
        }
    }
    let wanted: BTreeSet<_> = Entry::all().iter().map(Entry::path).collect();
    assert_eq!(found, wanted);
    for entry in Entry::all() {
        let page = fs::read_to_string(root.join(entry.path())).unwrap();
        assert_eq!(page, entry.page(), "{} includes another page", entry.id());
    }
}

/// The worked examples of CONTRIBUTING.md stand in the repository just so.
#[test]
fn the_worked_examples_are_real() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let guide = read("CONTRIBUTING.md");
    let block = |open: &str, close: &str| {
        let (_, rest) = guide.split_once(open).unwrap();
        rest.split_once(close).unwrap().0.to_owned()
    };
    assert_eq!(block("```rust\n", "```\n"), read("src/expectation/values/not_in_set.rs"));
    assert!(read("src/expectation/registry.rs").contains("&values::not_in_set::DEFINITION,"));
    assert!(read("expectations/values/not_in_set.md").contains(&block("````markdown\n", "````\n")));
    let definition = block("```yaml definition\n", "```\n");
    assert!(read("expectations/packs/trimmed.md").contains(&definition));
}

/// The index of the pages is made of the catalogue.
/// Who looks for a place by its name finds it: what CONTRIBUTING names is there.
#[test]
fn every_place_that_contributing_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let quoted = text.split('`').skip(1).step_by(2);
    let places: Vec<&str> =
        quoted.filter(|name| name.starts_with("src/") || name.starts_with("tests/")).collect();
    assert!(places.len() > 30, "{places:?}");
    for place in places {
        let shown = place.split(['*', ':']).next().unwrap();
        assert!(root.join(shown).exists(), "CONTRIBUTING names {place}");
    }
}

#[test]
fn the_index_is_that_of_the_catalogue() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("expectations/README.md");
    let index = index();
    if std::env::var_os("KARAT_UPDATE").is_some() {
        fs::write(path, index).unwrap();
    } else {
        let stored = fs::read_to_string(path).unwrap_or_default();
        assert!(stored == index, "expectations/README.md is stale: KARAT_UPDATE=1 cargo test");
    }
}

/// The table of README.md counts every family.
#[test]
fn the_front_page_counts_the_catalogue() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let page = fs::read_to_string(path).unwrap();
    let mut families: BTreeMap<String, usize> = BTreeMap::new();
    for entry in Entry::all() {
        *families.entry(entry.path().parent().unwrap().to_str().unwrap().to_owned()).or_default() += 1;
    }
    families.insert("packs, made of others".to_owned(), families["packs"]);
    families.remove("packs");
    for (family, count) in families {
        assert!(page.contains(&format!("| {family} | {count} | ")), "{family}: {count}");
    }
    assert!(page.contains(&format!("\n{} expectations, each", Entry::all().len())));
}

fn index() -> String {
    let mut index = "\
# The catalogue

Every expectation by what it is about, each with a page that the tests run; [packs](#packs) are made of others. Made from
the code; do not edit. Beside the catalogue stand pages of what concerns it all:

- [options](options.md): what may stand beside any expectation, `group_by` among it
- [predicates](predicates.md): the language of `rows` and `where`
- [queries](queries.md): that of `unexpected_rows` and `query_matches`
- [other-datasets](other-datasets.md): checks that look beyond their table, and what scans there are
- [definitions](definitions.md): expectations of a project's own
- [great-expectations](great-expectations.md): what becomes of suites of Great Expectations
- [formats](formats.md): what data may be: Delta, Parquet, CSV, NDJSON, Arrow IPC
- [engines](engines.md): what is judged where the data is, and what is not
- [duckdb](duckdb.md): tables of a DuckDB database, judged where they are
- [postgres](postgres.md): tables of a PostgreSQL database, judged where they are
- [databricks](databricks.md): tables of Databricks: in a SQL warehouse, or read where Unity Catalog lets karat read
- [spark](spark.md): tables of Spark, judged where they are
- [outputs](outputs.md): how a run is shown to people and to build servers
- [lint](lint.md): what is wrong with suites before a row is read, and `schema.lock`
- [diff](diff.md): which checks have become stronger or weaker
- [memory](memory.md): how much a check may take, and which checks keep to it
- [project](project.md): karat.yml: layers, datasets, variables and environments
- [profile](profile.md): what data hold, before there is a suite
- [proof](proof.md): what statistics decide without a row being read, and whom to trust
- [semantics](semantics.md): what the words mean here and in other tools
- [sources](sources.md): where data may lie, what opens an object store, and what is fetched of it
- [suggest](suggest.md): drafts of suites from what data hold, and how a project begins
- [reference](reference.md): every command, option, variable and key

`karat explain NAME` shows each of them, and `karat list` this index.
"
    .to_owned();
    let family = |entry: &Entry| entry.path().parent().unwrap().to_str().unwrap().to_owned();
    let mut entries = Entry::all();
    // In the order of the families, packs last.
    entries.sort_by_key(|entry| match entry {
        Entry::BuiltIn(definition) => (false, Some(definition.family)),
        Entry::Pack(..) => (true, None),
    });
    let mut last = String::new();
    for entry in &entries {
        if family(entry) != last {
            last = family(entry);
            index += &format!(
                "\n## {last}\n\n| | stands on | judges | what holds when it passes |\n|---|---|---|---|\n"
            );
        }
        let (scope, natures, summary) = match entry {
            Entry::BuiltIn(definition) => (definition.scope, vec![definition.nature], definition.summary),
            Entry::Pack(pack, _) => (pack.scope, Catalogue::standard().natures(pack), pack.summary.as_str()),
        };
        let natures: Vec<_> = natures.into_iter().map(Nature::name).collect();
        let (id, path) = (entry.id(), entry.path());
        let judges = natures.join(" and ");
        index += &format!("| [{id}]({}) | {} | {judges} | {summary} |\n", path.display(), scope.name());
    }
    index
}

#[test]
fn every_page_has_the_fixed_headings() {
    on_every_page(|entry, page| {
        let mut wanted = vec![format!("# {}", entry.id())];
        wanted.extend(
            ["What it checks", "Parameters", "Nulls and NaN", "Empty tables", "Example", "Cost", "Elsewhere"]
                .map(|heading| format!("## {heading}")),
        );
        same("headings", &page.headings, &wanted)
    });
}

#[test]
fn every_page_describes_the_parameters_there_are() {
    on_every_page(|entry, page| {
        match entry {
            Entry::BuiltIn(definition) => parameters(definition, page)?,
            Entry::Pack(pack, _) => own_parameters(pack, page)?,
        }
        same("bare parameter", &page.bare.as_deref(), &entry.bare())
    });
}

fn parameters(definition: &Definition, page: &Page) -> Result<(), String> {
    let wanted: Vec<&str> = definition.parameters.iter().map(|parameter| parameter.name).collect();
    let found: Vec<&str> = page.parameters.iter().map(|row| row.name.as_str()).collect();
    same("parameters", &found, &wanted)?;
    for (row, parameter) in page.parameters.iter().zip(definition.parameters) {
        if parameter.required != (row.default == "required") {
            return Err(format!(
                "{:?} is required: {}, and its default is {:?}",
                row.name, parameter.required, row.default
            ));
        }
        if let ParameterKind::Choice(words) = parameter.kind {
            choices(row, words, parameter.required)?;
        }
    }
    Ok(())
}

fn own_parameters(pack: &Composed, page: &Page) -> Result<(), String> {
    let rows = page.parameters.iter().map(|row| (row.name.clone(), row.kind.clone(), row.default.clone()));
    let wanted = pack.parameters.iter().map(|parameter| {
        let default = match parameter.default_text() {
            None => "required".to_owned(),
            Some(none) if none.is_empty() => "none".to_owned(),
            Some(default) => format!("`{default}`"),
        };
        (parameter.name.clone(), parameter.kind.name().to_owned(), default)
    });
    same("parameters", &rows.collect::<Vec<_>>(), &wanted.collect::<Vec<_>>())
}

/// The words of a choice, the first of which is the default.
fn choices(row: &Row, words: &[&str], required: bool) -> Result<(), String> {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    same(&format!("words of {:?}", row.name), &row.kind, &quoted.join(", "))?;
    let default = if required { "required" } else { &quoted[0] };
    same(&format!("default of {:?}", row.name), &row.default.as_str(), &default)
}

#[test]
fn every_example_comes_out_as_its_page_says() {
    on_every_page(|_, page| comes_out(page, Catalogue::standard()));
}

/// The page of definitions defines what its example uses.
/// Pages about what the naive engine cannot: files, versions of tables, and queries in SQL.
const NOT_NAIVE: [&str; 4] = ["query_matches", "readable", "row_count_change", "unexpected_rows"];

#[test]
fn every_example_comes_out_over_another_engine() {
    let naive: Arc<dyn Engine> = Arc::new(Naive);
    let mut wrong = Vec::new();
    let mut refused = Vec::new();
    for entry in Entry::all() {
        let page = Page::read(entry.page()).unwrap();
        match comes_out_over(&naive, &page, Catalogue::standard()) {
            Ok(()) => {}
            Err(_) if NOT_NAIVE.contains(&entry.id()) => refused.push(entry.id()),
            Err(error) => wrong.push(format!("{}: {error}", entry.id())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    refused.sort_unstable();
    assert_eq!(refused, NOT_NAIVE, "the list may only shrink");
}

#[test]
fn the_example_of_definitions_comes_out() {
    let text = include_str!("../../expectations/definitions.md");
    let (_, definition) = text.split_once("```yaml definition\n").unwrap();
    let definition = definition.split("```").next().unwrap().to_owned();
    let catalogue = Catalogue::of([("sku.yml".to_owned(), definition)]).unwrap();
    comes_out(&Page::read(text).unwrap(), &catalogue).unwrap();
}

#[test]
fn the_example_of_options_comes_out() {
    let text = include_str!("../../expectations/options.md");
    comes_out(&Page::read(text).unwrap(), Catalogue::standard()).unwrap();
}

/// The example of a page: its suite, its rows, and the other datasets by their names.
pub struct Example {
    pub id: &'static str,
    pub suite: String,
    pub frame: DataFrame,
    pub others: BTreeMap<String, DataFrame>,
}

impl Example {
    /// The options by which it is judged: at its time, with its other datasets.
    pub fn options(&self) -> CheckOptions {
        let others = self.others.clone();
        CheckOptions {
            now: Some("2026-01-01T00:00:00Z".parse().unwrap()),
            datasets: Arc::new(move |name| {
                others.get(name).cloned().map_or_else(|| name.into(), DataSource::from)
            }),
            ..CheckOptions::default()
        }
    }
}

/// The examples of all pages whose data are rows of one version.
pub fn examples() -> Vec<Example> {
    let example = |entry: Entry| {
        let page = Page::read(entry.page()).ok()?;
        let page::Data::Frame(rows) = &page.data else { return None };
        let others = page.others.iter().map(|(name, rows)| (name.clone(), frame::read(rows).unwrap()));
        let others: BTreeMap<_, _> = others.collect();
        let suite = format!("suite: page\n{}", page.suite);
        let frame = frame::read(rows).unwrap();
        (!others.contains_key("previous")).then_some(Example { id: entry.id(), suite, frame, others })
    };
    Entry::all().into_iter().filter_map(example).collect()
}

/// The example of a page, to be written to files.
pub struct PageExample {
    pub name: &'static str,
    pub suite: String,
    /// The definition that it uses and that karat has not.
    pub definition: Option<String>,
    /// Writes its datasets into a folder, and says where its own is.
    pub write_data: Box<dyn FnOnce(&Path) -> PathBuf>,
}

/// The examples of all pages that have one.
pub fn page_examples() -> Vec<PageExample> {
    let definitions = include_str!("../../expectations/definitions.md");
    let (_, definition) = definitions.split_once("```yaml definition\n").unwrap();
    let definition = definition.split("```").next().unwrap().to_owned();
    let options = include_str!("../../expectations/options.md");
    let entries = Entry::all().into_iter().map(|entry| (entry.id(), entry.page(), None));
    let others = [("definitions", definitions, Some(definition)), ("options", options, None)];
    let example = |(name, text, definition)| {
        let page = Page::read(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let suite = format!("suite: page\n{}", page.suite);
        PageExample { name, suite, definition, write_data: Box::new(move |folder| write_data(&page, folder)) }
    };
    entries.chain(others).map(example).collect()
}

fn write_data(page: &Page, folder: &Path) -> PathBuf {
    let mut previous = None;
    for (name, rows) in &page.others {
        let mut frame = frame::read(rows).unwrap();
        if name == "previous" {
            previous = Some(frame);
        } else {
            fs::create_dir_all(folder.join(name)).unwrap();
            write_parquet(&folder.join(name).join("0.parquet"), &mut frame);
        }
    }
    match (&page.data, previous) {
        (page::Data::Frame(rows), Some(previous)) => {
            versions::write(&folder.join("data"), [previous, frame::read(rows).unwrap()]).into()
        }
        (page::Data::Frame(rows), None) => {
            let path = folder.join("data.parquet");
            write_parquet(&path, &mut frame::read(rows).unwrap());
            path
        }
        (page::Data::File(text), _) => {
            let path = folder.join("page.csv");
            fs::write(&path, text).unwrap();
            path
        }
    }
}

/// A page's suite with what it is asked of.
pub struct Asked {
    pub suite: Suite,
    pub data: Data,
    pub options: CheckOptions,
    /// Where its data lie, where these are files.
    _folder: tempfile::TempDir,
}

/// The suites of all pages of the catalogue, by their ids.
pub fn suites() -> BTreeMap<&'static str, Asked> {
    let asked = |entry: Entry| {
        let page = Page::read(entry.page()).unwrap();
        (entry.id(), asked(&page, Catalogue::standard()).unwrap())
    };
    Entry::all().into_iter().map(asked).collect()
}

/// What two engines found of the example of a page.
pub struct Both<'a> {
    pub page: &'static str,
    pub plan: &'a Plan,
    pub polars: Measurements,
    pub naive: Measurements,
}

/// Measures the examples of all pages in memory by two engines.
pub fn on_both(polars: &dyn Engine, naive: &dyn Engine, mut compare: impl FnMut(Both<'_>)) {
    let options = Page::read(include_str!("../../expectations/options.md")).unwrap();
    let page::Data::Frame(rows) = &options.data else { panic!("the example of options has rows") };
    let (suite, frame) = (format!("suite: page\n{}", options.suite), frame::read(rows).unwrap());
    let options = Example { id: "options", suite, frame, others: BTreeMap::new() };
    for example in examples().into_iter().chain([options]) {
        let suite = Suite::parse(&example.suite, "page.yml", Syntax::Yaml).unwrap();
        let open = |engine: &dyn Engine, frame: &DataFrame| {
            engine.open(frame.clone().into(), &StorageOptions::default(), &Dialect::default()).unwrap()
        };
        let others = |engine: &dyn Engine| -> BTreeMap<Dataset, Box<dyn Opened>> {
            let named = example.others.iter();
            named.map(|(name, frame)| (Dataset::Named(name.clone()), open(engine, frame))).collect()
        };
        let (own, theirs) = (others(polars), others(naive));
        let mut schemas = OtherSchemas::default();
        for (dataset, opened) in &own {
            schemas.insert(dataset.clone(), Ok(opened.schema().clone()));
        }
        let options = BindOptions {
            samples: 3,
            all_rows: false,
            key: &[],
            now: "2026-01-01T00:00:00Z".parse().unwrap(),
            selected: &|_| true,
            others: &schemas,
        };
        let data = open(polars, &example.frame);
        let plan = bind(&suite, data.schema(), &options).unwrap();
        let measured =
            |engine: &dyn Engine, data: &dyn Opened, others: &BTreeMap<Dataset, Box<dyn Opened>>| {
                let others = others.iter().map(|(name, other)| (name.clone(), other.as_ref())).collect();
                engine.measure(&plan, data, &others, Control::default()).unwrap()
            };
        compare(Both {
            page: example.id,
            plan: &plan,
            polars: measured(polars, data.as_ref(), &own),
            naive: measured(naive, open(naive, &example.frame).as_ref(), &theirs),
        });
    }
}

fn asked(page: &Page, catalogue: &Catalogue) -> Result<Asked, String> {
    let suite = format!("suite: page\n{}", page.suite);
    let suite =
        Suite::parse_with(&suite, "page.yml", Syntax::Yaml, catalogue).map_err(|error| error.to_string())?;
    let mut others = BTreeMap::new();
    for (name, data) in &page.others {
        others.insert(name.clone(), frame::read(data)?);
    }
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data: Data = match (&page.data, others.remove("previous")) {
        (page::Data::Frame(own), Some(previous)) => {
            versions::write(folder.path(), [previous, frame::read(own)?]).into()
        }
        (page::Data::Frame(own), None) => frame::read(own)?.into(),
        (page::Data::File(text), _) => {
            let path = folder.path().join("page.csv");
            fs::write(&path, text).map_err(|error| error.to_string())?;
            path.display().to_string().into()
        }
    };
    let options = CheckOptions {
        now: Some("2026-01-01T00:00:00Z".parse().map_err(|error| format!("now: {error}"))?),
        datasets: Arc::new(move |name| {
            others.get(name).cloned().map_or_else(|| name.into(), DataSource::from)
        }),
        ..CheckOptions::default()
    };
    Ok(Asked { suite, data, options, _folder: folder })
}

fn comes_out(page: &Page, catalogue: &Catalogue) -> Result<(), String> {
    comes_out_over(&(Arc::new(Foreseen::default()) as _), page, catalogue)
}

/// Whether the example of a page comes out as it says, by an engine.
fn comes_out_over(engine: &Arc<dyn Engine>, page: &Page, catalogue: &Catalogue) -> Result<(), String> {
    let Asked { suite, data, options, _folder } = asked(page, catalogue)?;
    let options = CheckOptions { engine: engine.clone(), ..options };
    let run = check(&suite, data, &options);
    let written = json(&Report::from(&run));
    let read = Report::read(&written).map_err(|error| format!("its report: {error}"))?;
    same("reports, written and read,", &written, &json(&read))?;
    let run = &run.suites[0];
    let ids: Vec<&str> = page.outcomes.iter().filter_map(|line| Some(line.split_once(": ")?.0)).collect();
    let checks: Vec<&str> = run.suite.checks.iter().map(|check| check.id.as_str()).collect();
    same("checks", &ids, &checks)?;
    let wrong: Vec<String> = page
        .outcomes
        .iter()
        .zip(checks.iter().zip(&run.outcomes))
        .filter_map(|(line, (id, outcome))| {
            let found = format!("{id}: {}", told(outcome, line.contains(" observed ")));
            (*line != found)
                .then(|| format!("the page says {line:?}, it is {found:?} ({:?})", outcome.reason))
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// An outcome as pages tell it; an observed value only where the page cares.
fn told(outcome: &Outcome, observed: bool) -> String {
    let verdict = outcome.verdict.name();
    match (outcome.counts, &*outcome.observed) {
        (Some(counts), _) => format!("{verdict} {}/{}", counts.failing, counts.considered),
        (None, Value::Null) => verdict.to_owned(),
        (None, value) if observed => format!("{verdict} observed {value}"),
        _ => verdict.to_owned(),
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, wanted: &T) -> Result<(), String> {
    if found == wanted { Ok(()) } else { Err(format!("{what}: {found:?} on the page, should be {wanted:?}")) }
}
