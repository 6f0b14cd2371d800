//! Which suites are meant, and their projects.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::arguments::{DataArguments, SuiteArguments};
use super::diagnostics;
use super::exit::Exit;
use super::mistaken::Mistaken;
use super::terminal::error;
use crate::document::open_file;
use crate::project;
use crate::project::Project;
use crate::run::chain;
use crate::source::Data;
use crate::suite::{Reading, Suite};

/// A suite and the project it belongs to.
pub(super) struct Found {
    pub(super) suite: Suite,
    pub(super) project: Project,
}

impl Found {
    /// The data that is meant: what the command line names, else the suite's own, in its project.
    pub(super) fn uri(&self, data: &DataArguments) -> Option<String> {
        let own = || self.suite.data.as_deref().map(|data| self.project.locate(data));
        data.data.clone().or_else(own)
    }

    /// What lies under the names of other datasets: they are relative to the project.
    pub(super) fn datasets(&self) -> Datasets {
        let project = self.project.clone();
        Arc::new(move |name| Data::from(project.locate(name)))
    }
}

/// What lies under the names of datasets.
pub(super) type Datasets = Arc<dyn Fn(&str) -> Data + Send + Sync>;

/// Reads every suite of files and folders, layer by layer, then by path.
///
/// All of them are read before any is run: one that does not parse stops the rest, so that none
/// is judged by half of what was meant.
pub(super) fn find(arguments: &SuiteArguments) -> Result<Vec<Found>, Exit> {
    find_in(arguments, &|path| path.display().to_string())
}

/// The same of files that are called otherwise than where they lie.
pub(super) fn find_in(
    arguments: &SuiteArguments,
    shown: &dyn Fn(&Path) -> String,
) -> Result<Vec<Found>, Exit> {
    let layer = arguments.layer;
    let default = [PathBuf::from("suites")];
    let paths = if arguments.suites.is_empty() { &default[..] } else { &arguments.suites };
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    let mut found = Vec::with_capacity(files.len());
    let mut projects = Projects::with(&arguments.parameter, shown);
    let (mut broken, mut mistaken) = (false, Vec::new());
    for file in &files {
        match projects.read(file) {
            Ok(suite) => found.push(suite),
            Err(Unread::Mistaken(what)) => mistaken.push((file, what)),
            Err(Unread::Broken) => broken = true,
        }
    }
    if broken || !mistaken.is_empty() {
        // What else was given may be the suite that was meant.
        let suite = found.first().map_or("SUITE", |found| found.suite.path.as_str());
        for (file, what) in &mistaken {
            what.show(Path::new(&shown(file)), suite);
        }
        return Err(Exit::Usage);
    }
    found.retain(|found: &Found| layer.is_none() || found.suite.layer == layer);
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
    found.sort_by_key(|found| found.suite.layer);
    distinct(&found)?;
    Ok(found)
}

/// Reads one suite.
pub(super) fn read_one(path: &Path, parameters: &[(String, String)]) -> Result<Found, Exit> {
    Projects::with(parameters, &|path| path.display().to_string()).read(path).map_err(|unread| {
        if let Unread::Mistaken(what) = unread {
            what.show(path, "SUITE");
        }
        Exit::Usage
    })
}

/// Why there is no suite.
enum Unread {
    /// It is something else.
    Mistaken(Mistaken),
    /// Something is wrong with it or its project, which was told.
    Broken,
}

/// The project of the working folder.
pub(super) fn project_here() -> Result<Project, Exit> {
    project::find(Path::new("karat.yml"), Path::new("")).map_err(|problems| {
        problems.iter().for_each(diagnostics::show);
        Exit::Usage
    })
}

/// Projects by their roots, each read and told of once.
struct Projects<'a> {
    /// Values for the suites' parameters.
    parameters: &'a [(String, String)],
    /// What a file is called.
    shown: &'a dyn Fn(&Path) -> String,
    known: HashMap<Option<PathBuf>, Result<Project, ()>>,
}

impl<'a> Projects<'a> {
    fn with(parameters: &'a [(String, String)], shown: &'a dyn Fn(&Path) -> String) -> Self {
        Self { parameters, shown, known: HashMap::new() }
    }

    fn of(&mut self, path: &Path) -> Result<Project, ()> {
        let working = Path::new("");
        let open =
            || project::find(path, working).map_err(|problems| problems.iter().for_each(diagnostics::show));
        self.known.entry(project::root(path, working)).or_insert_with(open).clone()
    }

    fn read(&mut self, path: &Path) -> Result<Found, Unread> {
        let project = self.of(path).map_err(|()| Unread::Broken)?;
        let reading = Reading { catalogue: &project.catalogue, parameters: self.parameters };
        let suite = Suite::open_as(path, &(self.shown)(path), reading).map_err(|problem| {
            Mistaken::file(path).map_or_else(
                || {
                    diagnostics::show(&problem);
                    Unread::Broken
                },
                Unread::Mistaken,
            )
        })?;
        Ok(Found { suite, project })
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Exit> {
    // What is there and no file is told when it is read.
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
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if entry.is_dir() && !hidden {
            collect(&entry, files)?;
        } else if !entry.is_dir() && !hidden && is_suite(&entry) {
            files.push(entry);
        }
    }
    Ok(())
}

/// Returns whether a file of a folder is a suite. Of JSON there is much that is none: only suites of Great
/// Expectations are meant.
fn is_suite(file: &Path) -> bool {
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
