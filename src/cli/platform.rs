//! The build server on which this runs, as its environment tells.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::environment::variable;
use super::exit::Exit;
use super::terminal::{error, note};
use crate::report::Checkout;

/// The variable of GitHub Actions that names the file for a step's summary.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// GitHub takes no summary of a step that is longer, and says so on the job.
const MOST_SUMMARY: u64 = 1 << 20;

/// A build server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Platform {
    Github,
    Azure,
    Gitlab,
}

/// Of each platform, the variable that says that it is this one, and the one that says where it has put the repository.
const PLATFORMS: [(Platform, &str, &str); 3] = [
    (Platform::Github, "GITHUB_ACTIONS", "GITHUB_WORKSPACE"),
    (Platform::Azure, "TF_BUILD", "BUILD_SOURCESDIRECTORY"),
    (Platform::Gitlab, "GITLAB_CI", "CI_PROJECT_DIR"),
];

impl Platform {
    /// The one on which this runs.
    pub(super) fn here() -> Option<Self> {
        here().map(|(platform, _)| platform)
    }
}

fn here() -> Option<(Platform, &'static str)> {
    let is_true = |name| variable(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let found = PLATFORMS.iter().find(|(_, says, _)| is_true(*says));
    found.map(|(platform, _, root)| (*platform, *root))
}

/// Where the repository lies, if a platform says so.
pub(super) fn checkout() -> Checkout {
    let whole = |path: &Path| path.canonicalize().ok()?.to_str().map(str::to_owned);
    let root = here().and_then(|(_, root)| variable(root));
    let folder = std::env::current_dir().ok();
    match (root.and_then(|root| whole(Path::new(&root))), folder.and_then(|folder| whole(&folder))) {
        (Some(root), Some(folder)) => Checkout { web: web(Path::new(&root)), root, folder },
        _ => Checkout::default(),
    }
}

/// Where the web shows the files of the commit that is checked out, as the platform says. A job that has checked out another
/// commit than its own, or another repository, has none.
fn web(root: &Path) -> Option<String> {
    let of = |name| variable(name)?.into_string().ok().filter(|value| !value.is_empty());
    let (project, commit, files) = match Platform::here()? {
        Platform::Github => {
            let project = format!("{}/{}", of("GITHUB_SERVER_URL")?, of("GITHUB_REPOSITORY")?);
            (project, of("GITHUB_SHA")?, "blob")
        }
        Platform::Gitlab => (of("CI_PROJECT_URL")?, of("CI_COMMIT_SHA")?, "-/blob"),
        // It shows files, but not by an address with a line that is written as theirs.
        Platform::Azure => return None,
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/".contains(c);
    let is_address = project.starts_with("https://") && project.chars().all(is_plain);
    (is_address && checked_out(&root.join(".git"))? == commit).then(|| format!("{project}/{files}/{commit}"))
}

/// Returns the commit that is checked out, as the folder of git has it.
fn checked_out(git: &Path) -> Option<String> {
    let read = |name: &str| std::fs::read_to_string(git.join(name)).ok();
    let head = read("HEAD")?;
    let Some(branch) = head.trim().strip_prefix("ref: ") else { return Some(head.trim().to_owned()) };
    if let Some(commit) = read(branch) {
        return Some(commit.trim().to_owned());
    }
    let packed = read("packed-refs")?;
    let mut refs = packed.lines().filter_map(|line| line.split_once(' '));
    refs.find(|(_, name)| *name == branch).map(|(commit, _)| commit.to_owned())
}

/// Adds to the summary of the step, where GitHub keeps one: what `summary` says in so many bytes.
pub(super) fn summarise(summary: impl FnOnce(usize) -> String) -> Result<(), Exit> {
    let Some(path) = variable(SUMMARY).filter(|path| !path.is_empty()).map(PathBuf::from) else {
        return Ok(());
    };
    // What other commands of the step have written stays.
    let held = std::fs::metadata(&path).map_or(0, |file| file.len());
    let room = usize::try_from(MOST_SUMMARY.saturating_sub(held)).unwrap_or(usize::MAX);
    // A line break before and after: what stands there may not have ended its last line.
    let summary = summary(room.saturating_sub(2));
    if summary.is_empty() {
        note("there is no room left in the summary of this step");
        return Ok(());
    }
    let text = format!("\n{summary}\n");
    let added = OpenOptions::new().append(true).create(true).open(&path);
    added.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|problem| {
        error(&format!("cannot add to the summary of the step, {}: {problem}", path.display()), None);
        Exit::Unknown
    })
}
