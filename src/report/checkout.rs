//! Where a repository lies whose build this is: platforms find a suite's file by its path in it.

use super::model::SuiteReport;

/// The folder of a repository, and that in which karat runs; both absolute. Without them, paths are told as they were
/// given.
#[derive(Clone, Debug, Default)]
pub struct Checkout {
    /// The top folder of the repository.
    pub root: String,
    /// The working folder, to which paths of suites are relative.
    pub folder: String,
}

impl Checkout {
    /// Returns the path of a suite's file in the repository, with slashes; of a file elsewhere as it was given.
    pub(super) fn path(&self, suite: &SuiteReport) -> String {
        let given = slashed(&suite.path);
        let within = || {
            let whole = if is_absolute(&given) {
                given.clone()
            } else {
                format!("{}/{given}", slashed(&self.folder))
            };
            let (root, whole) = (parts(&slashed(&self.root)), parts(&whole));
            let rest = whole.strip_prefix(root.as_slice())?;
            (!root.is_empty() && !rest.is_empty()).then(|| rest.join("/"))
        };
        within().unwrap_or_else(|| given.strip_prefix("./").unwrap_or(&given).to_owned())
    }
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || (cfg!(windows) && path.get(1..3) == Some(":/"))
}

/// A path of Windows has backslashes; elsewhere they are part of a name.
fn slashed(path: &str) -> String {
    if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() }
}

/// The folders of a path and its file, without steps to where one is and up.
fn parts(path: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part.to_owned()),
        }
    }
    parts
}
