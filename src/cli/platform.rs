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
        (Some(root), Some(folder)) => Checkout { root, folder },
        _ => Checkout::default(),
    }
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
