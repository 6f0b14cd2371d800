//! The arguments of `karat docs`, and the building of a site.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::serve::serve;
use super::update::{build, tell};
use crate::cli::arguments::ProjectArguments;
use crate::cli::exit::Exit;
use crate::cli::suites::project_here;
use crate::cli::terminal::{error, out};
use crate::data::counted;
use crate::history::History;

#[derive(Args, Clone, Debug)]
pub(in crate::cli) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Debug, Subcommand)]
enum What {
    /// Build the site of a history anew
    Build(BuildArguments),
    /// Show a site to this machine alone, and load its pages again when a run is added
    Serve(ServeArguments),
}

#[derive(Args, Clone, Debug)]
struct BuildArguments {
    /// The folder of the runs, instead of `history:` of karat.yml
    #[arg(long, value_name = "DIR")]
    history: Option<PathBuf>,
    /// The folder of the site, instead of `docs:` of karat.yml
    #[arg(long, value_name = "SITE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    project: ProjectArguments,
}

#[derive(Args, Clone, Debug)]
struct ServeArguments {
    /// The folder of the site, instead of `docs:` of karat.yml
    #[arg(value_name = "SITE")]
    site: Option<PathBuf>,
    /// The port of 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 8484)]
    port: u16,
    #[command(flatten)]
    project: ProjectArguments,
}

pub(in crate::cli) fn run(arguments: &Arguments) -> Exit {
    let done = match &arguments.what {
        What::Build(arguments) => built(arguments),
        What::Serve(arguments) => served(arguments),
    };
    done.map_or_else(|exit| exit, |()| Exit::Passed)
}

fn built(arguments: &BuildArguments) -> Result<(), Exit> {
    let project = project_here(&arguments.project)?;
    let site = arguments.output.clone().or_else(|| project.docs.clone()).ok_or_else(no_site)?;
    let history = arguments.history.clone().or_else(|| project.history.clone());
    // A site to which runs were added without a history keeps them itself.
    let history = history.unwrap_or_else(|| site.join(super::update::HISTORY));
    let built = build(&History::at(history.clone()), &site, &project.catalogue)?;
    if built.runs == 0 {
        error(
            &format!("{} has no runs", history.display()),
            Some("karat check --history DIR keeps a run there"),
        );
        return Err(Exit::Usage);
    }
    out(&format!(
        "{}: {}, {} written\n",
        site.join("index.html").display(),
        counted(built.runs, "run", "runs"),
        counted(built.written, "file", "files")
    ));
    Ok(())
}

fn served(arguments: &ServeArguments) -> Result<(), Exit> {
    let site = match &arguments.site {
        Some(site) => site.clone(),
        None => project_here(&arguments.project)?.docs.ok_or_else(no_site)?,
    };
    if !site.join("index.html").is_file() {
        let help = format!("karat docs build --output {} makes one", shown(&site));
        error(&format!("{} has no site", site.display()), Some(&help));
        return Err(Exit::Usage);
    }
    serve(&site, (Ipv4Addr::LOCALHOST, arguments.port).into()).map_err(|problem| tell(&problem, "--port 0 takes a free one"))
}

fn shown(site: &Path) -> String {
    site.display().to_string()
}

fn no_site() -> Exit {
    error("no site is named", Some("name its folder, or write docs: in karat.yml"));
    Exit::Usage
}
