//! `karat init`

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::arguments::{ProjectArguments, SourceArguments};
use super::exit::Exit;
use super::output::write;
use super::profile::{MeasuringArguments, Profiled};
use super::suggest::{LONGEST_LIST, SCHEMA, Task};
use super::suites::project_here;
use super::terminal::{error, note, out};
use crate::data::{counted, redacted};
use crate::evaluate::Verdict;
use crate::gate::Policies;
use crate::profile::Profile;
use crate::project::{Project, datasets};
use crate::run::chain;
use crate::source::{files_below, is_data_file};
use crate::suggest::{OtherTable, dataset_name, layer_of};
use crate::suite::{Layers, editor_schema};

/// The project's file.
const PROJECT: &str = "karat.yml";
/// Tables of so many columns together are known at once, so that one may name rows of another.
const MOST_COLUMNS: usize = 1_000;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where the data lie: a folder, a place in an object store, or one dataset
    #[arg(value_name = "DIR|URI", default_value = ".")]
    place: String,
    /// What opens an object store, beside the environment (see `karat explain sources`); repeatable
    #[arg(long, value_name = "NAME=VALUE", value_parser = super::arguments::storage_option)]
    storage_option: Vec<(String, String)>,
    #[command(flatten)]
    measuring: MeasuringArguments,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    match begun(arguments) {
        Ok(exit) | Err(exit) => exit,
    }
}

/// A dataset, and what is to be written for it.
struct Draft {
    uri: String,
    layer: Option<String>,
    suite: String,
    file: PathBuf,
}

fn begun(arguments: &Arguments) -> Result<Exit, Exit> {
    let measuring = MeasuringArguments { of_several: true, ..arguments.measuring.clone() };
    measuring.begin()?;
    let source =
        SourceArguments { storage_option: arguments.storage_option.clone(), ..SourceArguments::default() };
    let found = find(&arguments.place, &source, &measuring.project)?;
    project(&found)?;
    // Not before: the file that was just written may make this folder the project's.
    let project = project_here(&measuring.project)?;
    let mut counts = Counts::default();
    let mut known: Vec<(Draft, Profiled)> = Vec::new();
    let columns = |known: &[(Draft, Profiled)]| -> usize {
        known.iter().map(|(_, profiled)| profiled.profile.columns.len()).sum()
    };
    for found in found {
        if found.file.symlink_metadata().is_ok() {
            counts.kept += 1;
            note(&format!("{} is there already, and stays as it is", found.file.display()));
            continue;
        }
        match measuring.profile(&project, &found.uri, &source, false) {
            Ok(profiled) => known.push((found, profiled)),
            Err(_) => counts.unread += 1,
        }
        if columns(&known) > MOST_COLUMNS {
            counts.write(std::mem::take(&mut known), &measuring, &project, &source)?;
        }
    }
    counts.write(known, &measuring, &project, &source)?;
    Ok(counts.conclude())
}

/// The datasets of a place, with the suites that they are to have.
fn find(place: &str, source: &SourceArguments, project: &ProjectArguments) -> Result<Vec<Draft>, Exit> {
    let project = project_here(project)?;
    let path = Path::new(place);
    if !place.contains("://") && !path.exists() {
        let place = if place.is_empty() { "\"\"" } else { place };
        let help = "name a folder, a place in an object store, or one dataset: karat init lake";
        error(&format!("nothing lies at {place}"), Some(help));
        return Err(Exit::Usage);
    }
    let is_file = path.is_file();
    let uris = if is_file {
        vec![place.to_owned()]
    } else {
        let files = files_below(place, &source.storage(&project.storage)).map_err(|problem| {
            error(&chain(&problem), problem.help());
            Exit::Unknown
        })?;
        let below = place.trim_end_matches('/').trim_start_matches("./");
        let joined = |name: String| match (below, name.as_str()) {
            (below, "") => below.to_owned(),
            ("." | "", _) => name,
            (below, _) => format!("{below}/{name}"),
        };
        datasets(&files).into_iter().map(joined).collect()
    };
    let uris = match uris.as_slice() {
        [] if is_data_file(path) => vec![place.to_owned()],
        _ => uris,
    };
    if uris.is_empty() {
        error(&format!("no table and no data file below {}", redacted(place)), Some("karat init lake"));
        return Err(Exit::Usage);
    }
    let mut names = BTreeSet::new();
    Ok(uris.into_iter().map(|uri| named(uri, &project.layers, &mut names)).collect())
}

/// Gives a dataset a name that no other one has.
fn named(uri: String, layers: &Layers, names: &mut BTreeSet<String>) -> Draft {
    let layer = layer_of(&uri, layers).map(str::to_owned);
    let folder = layer.as_ref().map_or_else(String::new, |layer| format!("{layer}/"));
    let own = dataset_name(&uri);
    let above = uri.trim_end_matches('/').rsplit('/').nth(1).map(dataset_name).unwrap_or_default();
    let further = (2..).map(|number| format!("{own}_{number}"));
    let mut candidates = [own.clone(), format!("{above}_{own}")].into_iter().chain(further);
    let name = candidates.find(|name| names.insert(format!("{folder}{name}"))).unwrap_or(own);
    let suite = format!("{folder}{name}");
    let file = Path::new("suites").join(format!("{suite}.yml"));
    Draft { uri, layer, suite, file }
}

/// Writes the project's file and the schema of its suites, unless they are there.
fn project(found: &[Draft]) -> Result<(), Exit> {
    let schema = serde_json::to_string_pretty(&editor_schema()).unwrap_or_default() + "\n";
    for (file, text) in [(PROJECT, project_file(found)), (SCHEMA, schema)] {
        if Path::new(file).symlink_metadata().is_ok() {
            note(&format!("{file} is there already, and stays as it is"));
        } else {
            write(Path::new(file), &text)?;
            out(&format!("{file}\n"));
        }
    }
    Ok(())
}

/// What the project's file says: what stops each layer that there is.
fn project_file(found: &[Draft]) -> String {
    let standard = Layers::standard();
    let has = |layer: &&str| found.iter().any(|found| found.layer.as_deref() == Some(*layer));
    let layers: Vec<&str> = standard.names().filter(has).collect();
    let mut text = "# Datasets of suites are relative to this folder.\n".to_owned();
    if !layers.is_empty() {
        text.push_str(
            "# What stops the gate of a layer: error (failed checks), or warn (warnings too).\nlayers:\n",
        );
    }
    for layer in layers {
        let policy = Policies::default().of(standard.get(layer).as_ref());
        let stops = if policy.stops_on(Verdict::Warn) { "warn" } else { "error" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {layer}:\n    fail_on: {stops}");
    }
    text
}

/// What was done.
#[derive(Default)]
struct Counts {
    written: u64,
    kept: u64,
    unread: u64,
}

impl Counts {
    /// Writes the drafts of datasets that are known, each of which may name rows of the others.
    fn write(
        &mut self,
        known: Vec<(Draft, Profiled)>,
        measuring: &MeasuringArguments,
        project: &Project,
        source: &SourceArguments,
    ) -> Result<(), Exit> {
        let (known, profiles): (Vec<_>, Vec<Profile>) =
            known.into_iter().map(|(found, Profiled { data, profile })| ((found, data), profile)).unzip();
        let tables: Vec<_> = known
            .iter()
            .map(|(found, _)| (found.uri.clone(), dataset_name(&found.uri), found.layer.clone()))
            .collect();
        for (index, ((found, data), profile)) in known.into_iter().zip(&profiles).enumerate() {
            let others: Vec<OtherTable<'_>> = tables
                .iter()
                .zip(&profiles)
                .enumerate()
                .filter(|(other, ((_, _, layer), _))| *other != index && *layer == found.layer)
                .map(|(_, ((name, table, _), profile))| OtherTable { name, table, profile })
                .collect();
            let schema = format!("{}{SCHEMA}", "../".repeat(found.file.components().count() - 1));
            let task = Task {
                uri: &found.uri,
                source,
                measuring,
                project,
                suite: &found.suite,
                layer: found.layer.as_deref(),
                schema: &schema,
                others: &others,
            };
            match task.draft(data, profile, LONGEST_LIST, None) {
                Ok(draft) => {
                    write(&found.file, &draft.yaml)?;
                    let checks = u64::try_from(draft.checks).unwrap_or(u64::MAX);
                    out(&format!("{}  {}\n", found.file.display(), counted(checks, "check", "checks")));
                    self.written += 1;
                }
                Err(_) => self.unread += 1,
            }
        }
        Ok(())
    }

    fn conclude(&self) -> Exit {
        let suites = |number: u64| counted(number, "suite", "suites");
        let kept = if self.kept > 0 { format!(", {} kept", suites(self.kept)) } else { String::new() };
        let unread = match self.unread {
            0 => String::new(),
            unread => format!(", {} could not be read", counted(unread, "dataset", "datasets")),
        };
        out(&format!("\n{} written{kept}{unread}\nnext: karat check\n", suites(self.written)));
        if self.unread > 0 { Exit::Unknown } else { Exit::Passed }
    }
}
