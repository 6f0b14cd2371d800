//! `karat suggest`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::arguments::{SourceArguments, time};
use super::exit::Exit;
use super::output::write;
use super::profile::{MeasuringArguments, Profiled};
use super::suites::project_here;
use super::terminal::{error, note, out};
use crate::data::{counted, redacted};
use crate::engine::Held;
use crate::profile::Profile;
use crate::project::Project;
use crate::run::{CheckOptions, now};
use crate::suggest::{Draft, Opening, OtherTable, SuggestOptions, dataset_name, layer_of, suggest};

/// Where editors find the schema of suites, unless it lies nearer.
pub(super) const SCHEMA: &str = "suite.v1.schema.json";
/// How long a list of allowed values may be.
pub(super) const LONGEST_LIST: usize = 50;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// A Delta table, or a file, folder or glob of Parquet, CSV, NDJSON or Arrow
    #[arg(value_name = "URI")]
    uri: String,
    #[command(flatten)]
    source: SourceArguments,
    #[command(flatten)]
    measuring: MeasuringArguments,
    /// Another table whose rows this one may name; repeatable
    #[arg(long, value_name = "URI")]
    with: Vec<String>,
    /// The name of the suite [default: by the path, such as silver/orders]
    #[arg(long, value_name = "NAME")]
    suite: Option<String>,
    /// The layer of the data [default: by the path]
    #[arg(long, value_name = "LAYER")]
    layer: Option<String>,
    /// How many values a column may have to be held to a list of them
    #[arg(long, value_name = "N", default_value_t = LONGEST_LIST)]
    values: usize,
    /// The time that counts as now (RFC 3339)
    #[arg(long, value_name = "T", value_parser = time)]
    now: Option<chrono::DateTime<chrono::Utc>>,
    /// A new file to write it to, instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    match drafted(arguments) {
        Ok(()) => Exit::Passed,
        Err(exit) => exit,
    }
}

fn drafted(arguments: &Arguments) -> Result<(), Exit> {
    let Arguments { uri, source, measuring, output, .. } = arguments;
    if let Some(file) = output {
        refuse_existing(file)?;
    }
    measuring.begin()?;
    let project = project_here(&measuring.project)?;
    let Profiled { data, profile } = measuring.profile(&project, uri, source, false)?;
    let mut others: Vec<(String, Profile)> = Vec::new();
    for other in &arguments.with {
        let latest = SourceArguments { version: None, timestamp: None, ..source.clone() };
        others.push((other.clone(), measuring.profile(&project, other, &latest, false)?.profile));
    }
    let tables: Vec<String> = others.iter().map(|(other, _)| dataset_name(other)).collect();
    let others: Vec<OtherTable<'_>> = others
        .iter()
        .zip(&tables)
        .map(|((name, profile), table)| OtherTable { name, table, profile })
        .collect();
    let layer = arguments.layer.as_deref().or_else(|| layer_of(uri, &project.layers));
    let suite = arguments.suite.clone().unwrap_or_else(|| suite_name(uri, layer));
    let project = &project;
    let task =
        Task { uri, source, measuring, project, suite: &suite, layer, schema: SCHEMA, others: &others };
    let draft = task.draft(data, &profile, arguments.values, arguments.now)?;
    if let Some(file) = output {
        write(file, &draft.yaml)?;
        note(&format!("{}: {}", file.display(), summary(&draft)));
        note(&format!("next: karat check {}", file.display()));
    } else {
        out(&draft.yaml);
        note(&summary(&draft));
    }
    Ok(())
}

/// A draft that is asked for.
pub(super) struct Task<'a> {
    pub(super) uri: &'a str,
    pub(super) source: &'a SourceArguments,
    pub(super) measuring: &'a MeasuringArguments,
    pub(super) project: &'a Project,
    pub(super) suite: &'a str,
    pub(super) layer: Option<&'a str>,
    pub(super) schema: &'a str,
    pub(super) others: &'a [OtherTable<'a>],
}

impl Task<'_> {
    /// Makes the draft of data of which the profile is known.
    pub(super) fn draft(
        &self,
        data: Held,
        profile: &Profile,
        longest_list: usize,
        at: Option<chrono::DateTime<chrono::Utc>>,
    ) -> Result<Draft, Exit> {
        let Held { engine, opened: data } = data;
        let located = self.project.clone();
        let check = CheckOptions {
            engine,
            storage: self.source.storage(&self.project.storage),
            datasets: Arc::new(move |name| located.source(name)),
            memory: self.measuring.memory,
            now: Some(at.unwrap_or_else(now)),
            ..CheckOptions::default()
        };
        let uri = redacted(self.uri);
        let options = SuggestOptions {
            suite: self.suite,
            layer: self.layer,
            data: &uri,
            schema: self.schema,
            longest_list,
            others: self.others,
            check: &check,
        };
        suggest(profile, Opening { data, uri: Some(self.uri) }, &options).map_err(|problem| {
            error(&problem, None);
            Exit::Unknown
        })
    }
}

/// A draft never replaces what somebody wrote.
fn refuse_existing(file: &Path) -> Result<(), Exit> {
    if file.symlink_metadata().is_err() {
        return Ok(());
    }
    let message = format!("{} exists, and a draft replaces nothing", file.display());
    error(&message, Some("name a new file, or look at the draft without --output"));
    Err(Exit::Usage)
}

/// `silver/orders`
fn suite_name(uri: &str, layer: Option<&str>) -> String {
    let name = dataset_name(uri);
    layer.map_or_else(|| name.clone(), |layer| format!("{layer}/{name}"))
}

/// What came of it.
fn summary(draft: &Draft) -> String {
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    format!(
        "{}, each of which passes on this data; {} dropped; {}",
        counted(count(draft.checks), "check", "checks"),
        counted(count(draft.dropped), "more was", "more were"),
        counted(draft.scans, "scan", "scans")
    )
}
