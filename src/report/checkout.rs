//! Where a repository lies whose build this is: platforms find a suite's file by its path in it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::model::{Report, SuiteReport};

/// What an address escapes of a path: all but what is plain in every place.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The folder of a repository, and that in which karat runs; both absolute. Without them, paths are told as they were
/// given.
#[derive(Clone, Debug, Default)]
pub struct Checkout {
    /// The top folder of the repository.
    pub root: String,
    /// The working folder, to which paths of suites are relative.
    pub folder: String,
    /// The address, without a slash at its end, below which the web shows the files of the commit that is checked out, each
    /// with its lines at `#L1` and so on. `None` if there is none, or it is not known for sure.
    pub web: Option<String>,
}

impl Checkout {
    /// Returns the path of a suite's file in the repository, with slashes; of a file elsewhere as it was given.
    pub(super) fn path(&self, suite: &SuiteReport) -> String {
        let given = slashed(&suite.path);
        self.within(&given).unwrap_or_else(|| given.strip_prefix("./").unwrap_or(&given).to_owned())
    }

    /// Returns a path in the repository; `None` for one elsewhere.
    fn within(&self, given: &str) -> Option<String> {
        let whole =
            if is_absolute(given) { given.to_owned() } else { format!("{}/{given}", slashed(&self.folder)) };
        let (root, whole) = (parts(&slashed(&self.root)), parts(&whole));
        let rest = whole.strip_prefix(root.as_slice())?;
        (!root.is_empty() && !rest.is_empty()).then(|| rest.join("/"))
    }

    /// Returns where the web shows the file of a suite.
    fn address(&self, suite: &SuiteReport) -> Option<String> {
        let path = self.within(&slashed(&suite.path))?;
        Some(format!("{}/{}", self.web.as_ref()?, utf8_percent_encode(&path, ESCAPED)))
    }
}

impl Report {
    /// Notes where the web shows the files of the suites, of those that lie in the checkout.
    pub fn link_suites(&mut self, checkout: &Checkout) {
        for suite in &mut self.suites {
            suite.web = checkout.address(suite);
        }
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
