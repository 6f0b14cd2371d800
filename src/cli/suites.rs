//! Finds the suites that the arguments name, and the projects to which they belong.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::arguments::{DataArguments, ProjectArguments, SourceArguments, SuiteArguments};
use super::exit::Exit;
use super::mistaken::Mistaken;
use super::terminal::error;
use super::{diagnostics, no_suites, standard_input};
use crate::document::{did_you_mean, open_file};
use crate::engine::Engine;
use crate::project;
use crate::project::{Project, Selection};
use crate::run::chain;
use crate::source::{Data, DataSource, Opened, SourceError, StorageOptions};
use crate::suite::{Layer, Reading, Suite, SuiteError};

/// The file of a project.
const PROJECT: &str = "karat.yml";

/// A suite and the project it belongs to.
pub(super) struct Found {
    pub(super) suite: Suite,
    pub(super) project: Project,
}

impl Found {
    /// Returns the URI of the data to judge: the data on the command line, or else the suite's own.
    pub(super) fn uri(&self, data: &DataArguments) -> Option<String> {
        let own = || self.suite.data.as_deref().map(|data| self.project.locate(data));
        data.data.as_deref().map(|data| located(&self.project, data)).or_else(own)
    }

    /// Returns the options of the object store of that data.
    pub(super) fn storage(&self, data: &DataArguments) -> StorageOptions {
        let name = data.data.as_deref().or(self.suite.data.as_deref()).unwrap_or_default();
        data.source.storage(&self.project.storage_of(name))
    }

    /// Returns the function that resolves the names of other datasets, which are relative to the project.
    pub(super) fn datasets(&self) -> Datasets {
        let project = self.project.clone();
        Arc::new(move |name| project.source(name))
    }
}

/// A function that resolves the name of a dataset.
pub(super) type Datasets = Arc<dyn Fn(&str) -> DataSource + Send + Sync>;

/// Opens data that a command names: a dataset of the project by its name, or a path or URI as it is.
pub(super) fn open_data(
    engine: &dyn Engine,
    project: &Project,
    name: &str,
    source: &SourceArguments,
) -> Result<Box<dyn Opened>, SourceError> {
    let data = Data::Uri { uri: located(project, name), at: source.at() };
    let dialect = project.dataset(name).map(|dataset| dataset.dialect.clone()).unwrap_or_default();
    engine.open(data, &source.storage(&project.storage_of(name)), &dialect)
}

/// Returns the URI of data that a command names.
pub(super) fn located(project: &Project, data: &str) -> String {
    if project.dataset(data).is_some() { project.locate(data) } else { data.to_owned() }
}

/// The suites of some files and folders.
pub(super) struct Suites {
    /// The suites that were read, sorted by layer, then by path.
    pub(super) found: Vec<Found>,
    /// The suites that could not be read. Their errors have been shown.
    pub(super) unread: Vec<UnreadSuite>,
}

/// A suite that could not be read.
pub(super) struct UnreadSuite {
    pub(super) stand_in: Suite,
    pub(super) reason: String,
}

/// Reads every suite of the given files and folders.
///
/// A suite that cannot be read costs no other one its verdicts; nothing is judged if none can be read.
pub(super) fn find(command: &str, arguments: &SuiteArguments) -> Result<Suites, Exit> {
    read_all(command, arguments, &as_it_lies)
}

/// Returns the path of a file as its name.
fn as_it_lies(path: &Path) -> String {
    path.display().to_string()
}

/// Reads every suite of files that errors and reports call otherwise than where they lie. All of them must be readable.
pub(super) fn find_in(
    command: &str,
    arguments: &SuiteArguments,
    shown: &dyn Fn(&Path) -> String,
) -> Result<Vec<Found>, Exit> {
    let Suites { found, unread } = read_all(command, arguments, shown)?;
    if unread.is_empty() { Ok(found) } else { Err(Exit::Usage) }
}

fn read_all(
    command: &str,
    arguments: &SuiteArguments,
    shown: &dyn Fn(&Path) -> String,
) -> Result<Suites, Exit> {
    let selection = arguments.project.selection();
    let mut projects = Projects::with(&arguments.parameter, &selection, shown);
    let paths = match arguments.suites.as_slice() {
        [] => projects.of(Path::new(PROJECT)).map_err(|_| Exit::Usage)?.suites,
        given => given.to_vec(),
    };
    if arguments.suites.is_empty() && !paths.iter().any(|path| path.exists()) {
        return Err(no_suites::say(command));
    }
    let mut files = Vec::new();
    for path in &paths {
        collect(path, &mut files)?;
    }
    let mut found: Vec<Found> = Vec::with_capacity(files.len());
    let (mut unread, mut mistaken) = (Vec::new(), Vec::new());
    for file in &files {
        match projects.read(file) {
            Ok(suite) => found.push(suite),
            Err(problem) => {
                let reason = problem.reason();
                let stand_in = match problem {
                    Unread::Broken { stand_in, .. } => *stand_in,
                    Unread::OfProject(_) => Suite::unread(&shown(file), None),
                    Unread::Mistaken(what) => {
                        mistaken.push((file, what));
                        Suite::unread(&shown(file), None)
                    }
                };
                unread.push(UnreadSuite { stand_in, reason });
            }
        }
    }
    // Another suite that was given may be the one that was meant.
    let suite = found.first().map_or("SUITE", |found| found.suite.path.as_str());
    for (file, what) in &mistaken {
        what.show(Path::new(&shown(file)), suite);
    }
    if found.is_empty() && !unread.is_empty() {
        return Err(Exit::Usage);
    }
    let layer = arguments.layer.as_deref();
    check_layer(layer, &found)?;
    found.retain(|found: &Found| layer.is_none() || found.suite.layer.as_ref().map(Layer::name) == layer);
    if found.is_empty() {
        if let Some((path, what)) = paths.iter().find_map(|path| Some((path, Mistaken::folder(path)?))) {
            what.show(Path::new(&shown(path)), "SUITE");
            return Err(Exit::Usage);
        }
        let what =
            layer.map_or_else(|| "no suite".to_owned(), |layer| format!("no suite of the layer {layer}"));
        let places: Vec<_> = paths.iter().map(|path| shown(path)).collect();
        let help = layer.is_none().then_some(
            "a suite is a file whose name ends in .yml or .yaml, such as suites/silver/orders.yml",
        );
        error(&format!("{what} in {}; nothing was judged", places.join(", ")), help);
        return Err(Exit::Usage);
    }
    found.sort_by(|left, right| left.suite.layer.cmp(&right.suite.layer));
    distinct(&found)?;
    Ok(Suites { found, unread })
}

/// Reads every suite of the given files and folders, all of which must be readable.
pub(super) fn find_all(command: &str, arguments: &SuiteArguments) -> Result<Vec<Found>, Exit> {
    find_in(command, arguments, &as_it_lies)
}

/// Refuses the name of a layer that no project has.
fn check_layer(layer: Option<&str>, found: &[Found]) -> Result<(), Exit> {
    let Some(name) = layer else { return Ok(()) };
    let known = |found: &Found| found.project.layers.get(name).is_some();
    let Some(first) = found.first().filter(|_| !found.iter().any(known)) else { return Ok(()) };
    let layers = &first.project.layers;
    let help = did_you_mean(name, layers.names());
    error(&format!("no layer {name:?}: a layer is {}", layers.phrase()), help.as_deref());
    Err(Exit::Usage)
}

/// Reads one suite.
pub(super) fn read_one(
    path: &Path,
    parameters: &[(String, String)],
    project: &ProjectArguments,
) -> Result<Found, Exit> {
    Projects::with(parameters, &project.selection(), &as_it_lies).read(path).map_err(|unread| {
        if let Unread::Mistaken(what) = unread {
            what.show(path, "SUITE");
        }
        Exit::Usage
    })
}

/// The reason why a suite could not be read.
enum Unread {
    /// The file is something else than a suite.
    Mistaken(Mistaken),
    /// The suite has errors, which have been shown.
    Broken { stand_in: Box<Suite>, reason: String },
    /// The project has errors, which have been shown.
    OfProject(String),
}

impl Unread {
    /// Returns the reason for reports.
    fn reason(&self) -> String {
        match self {
            Self::Mistaken(_) => "it is not a suite".to_owned(),
            Self::Broken { reason, .. } => format!("the suite cannot be read: {reason}"),
            Self::OfProject(reason) => format!("the project cannot be read: {reason}"),
        }
    }
}

/// Returns the first line of an error, which names the file, the line and the column, and the number of further ones.
fn first_line(error: &SuiteError) -> String {
    let text = chain(error);
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    match lines.count() {
        0 => first.to_owned(),
        more => format!("{first} (and {more} more)"),
    }
}

/// Returns the project of the working directory.
pub(super) fn project_here(arguments: &ProjectArguments) -> Result<Project, Exit> {
    project::find(Path::new(PROJECT), Path::new(""), &arguments.selection()).map_err(|problems| {
        problems.iter().for_each(diagnostics::show);
        Exit::Usage
    })
}

/// A cache of projects by their root, so that each is read, and its errors are shown, only once.
struct Projects<'a> {
    /// The values of the parameters of suites of other tools.
    parameters: &'a [(String, String)],
    selection: &'a Selection,
    /// Returns the name of a file in errors and reports.
    shown: &'a dyn Fn(&Path) -> String,
    known: HashMap<Option<PathBuf>, Result<Project, String>>,
}

impl<'a> Projects<'a> {
    fn with(
        parameters: &'a [(String, String)],
        selection: &'a Selection,
        shown: &'a dyn Fn(&Path) -> String,
    ) -> Self {
        Self { parameters, selection, shown, known: HashMap::new() }
    }

    fn of(&mut self, path: &Path) -> Result<Project, String> {
        let working = Path::new("");
        let open = || {
            project::find(path, working, self.selection).map_err(|problems| {
                problems.iter().for_each(diagnostics::show);
                problems.first().map(first_line).unwrap_or_default()
            })
        };
        self.known.entry(project::root(path, working)).or_insert_with(open).clone()
    }

    fn read(&mut self, path: &Path) -> Result<Found, Unread> {
        let project = self.of(path).map_err(Unread::OfProject)?;
        let reading = Reading {
            catalogue: &project.catalogue,
            layers: &project.layers,
            variables: &project.variables,
            parameters: self.parameters,
        };
        let broken = |problem: &SuiteError| {
            diagnostics::show(problem);
            let stand_in = Box::new(Suite::unread(&(self.shown)(path), Some(problem)));
            Unread::Broken { stand_in, reason: first_line(problem) }
        };
        let is_piped = standard_input::is_meant(path);
        let read = if is_piped {
            standard_input::suite(reading)
        } else {
            Suite::open_as(path, &(self.shown)(path), reading)
        };
        let suite = read.map_err(|problem| {
            let mistaken = if is_piped { None } else { Mistaken::file(path) };
            mistaken.map_or_else(|| broken(&problem), Unread::Mistaken)
        })?;
        let suite = project.described(suite).map_err(|problem| broken(&problem))?;
        Ok(Found { suite, project })
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Exit> {
    if standard_input::is_meant(path) {
        if files.iter().any(|file| standard_input::is_meant(file)) {
            error("standard input is named twice, and can be read once", None);
            return Err(Exit::Usage);
        }
        files.push(path.to_path_buf());
        return Ok(());
    }
    // A path that exists and is no regular file gets its error when it is read.
    if path.exists() && !path.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    if !path.is_dir() {
        error(
            &format!("no suite or folder of suites at {}", path.display()),
            Some("karat check suites/silver/orders.yml"),
        );
        return Err(Exit::Usage);
    }
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(|problem| {
            error(&format!("cannot read {}: {}", path.display(), chain(&problem)), None);
            Exit::Usage
        })?;
    entries.sort();
    for entry in entries {
        if is_skipped(&entry) {
            continue;
        }
        if entry.is_dir() {
            collect(&entry, files)?;
        } else if is_suite(&entry) {
            files.push(entry);
        }
    }
    Ok(())
}

/// Returns whether an entry of a folder is never meant by naming the folder: a hidden one, and what of a project is no
/// suite, its `karat.yml` and the folder of its own expectations.
pub(super) fn is_skipped(entry: &Path) -> bool {
    let Some(name) = entry.file_name().map(|name| name.to_string_lossy()) else { return false };
    let is_of_project = || entry.with_file_name(PROJECT).is_file();
    name.starts_with('.') || name == PROJECT || (name == "expectations" && entry.is_dir() && is_of_project())
}

/// Returns whether a file in a folder is a suite. A JSON file is one only if it looks like a suite of Great
/// Expectations.
pub(super) fn is_suite(file: &Path) -> bool {
    match file.extension().and_then(std::ffi::OsStr::to_str) {
        Some("yml" | "yaml") => true,
        Some("json") => open_file(file)
            .and_then(std::io::read_to_string)
            .is_ok_and(|text| text.contains("\"expectations\"")),
        _ => false,
    }
}

fn distinct(found: &[Found]) -> Result<(), Exit> {
    for (index, one) in found.iter().enumerate() {
        if let Some(other) = found[..index].iter().find(|other| other.suite.name == one.suite.name) {
            let message = format!(
                "two suites are called {:?}: {} and {}",
                one.suite.name, other.suite.path, one.suite.path
            );
            error(&message, Some("a suite's name is unique, so that history follows it"));
            return Err(Exit::Usage);
        }
    }
    Ok(())
}
