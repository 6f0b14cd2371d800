//! Suites of a revision, as git has them: copied to a temporary folder, with what their project says beside them.

use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use super::exit::Exit;
use super::terminal::error;
use crate::document::MAX_BYTES;

/// `REV:PATH`
pub(super) struct Revision<'a> {
    name: &'a str,
    /// From the root of the repository, or with a dot in front from the working folder.
    path: &'a str,
}

/// A copy of some files of a revision.
pub(super) struct Copied {
    folder: TempDir,
    /// What was meant, in the copy.
    pub(super) path: PathBuf,
    name: String,
}

/// A file of a revision.
struct Blob<'a> {
    digest: &'a str,
    path: &'a str,
}

impl<'a> Revision<'a> {
    /// Reads `REV:PATH`.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let (name, path) = text.split_once(':')?;
        (!name.is_empty() && !path.starts_with("//")).then_some(Self { name, path })
    }
}

impl Copied {
    /// What a copied file is called: `REV:PATH`.
    pub(super) fn shown(&self, copy: &Path) -> String {
        let path = copy.strip_prefix(self.folder.path()).unwrap_or(copy);
        format!("{}:{}", self.name, path.display())
    }
}

/// Copies the suites at a path of a revision, and the projects that they belong to. Nothing, if nothing is there.
pub(super) fn materialised(revision: &Revision<'_>) -> Result<Option<Copied>, Exit> {
    let failed = |problem: String| {
        error(
            &problem,
            Some("a revision of git is written REV:PATH, such as main:suites or HEAD~1:suites/silver"),
        );
        Exit::Usage
    };
    // What begins with a dash would be an option of git.
    let tree = format!("{}^{{tree}}", revision.name);
    let tree = git(&["rev-parse", "--verify", "--end-of-options", &tree])
        .map_err(|problem| failed(format!("git knows no revision {:?}: {problem}", revision.name)))?;
    let tree = String::from_utf8_lossy(&tree).trim().to_owned();
    let full = full_path(revision).map_err(failed)?;
    let listing = git(&["ls-tree", "-r", "-z", "--full-tree", &tree]).map_err(failed)?;
    let listing = String::from_utf8_lossy(&listing).into_owned();
    let blobs: Vec<Blob<'_>> = listing.split('\0').filter_map(blob).collect();
    if !blobs.iter().any(|blob| is_within(blob.path, &full)) {
        return Ok(None);
    }
    let folder = TempDir::new().map_err(|problem| failed(format!("no temporary folder: {problem}")))?;
    let wanted = blobs.iter().filter(|blob| {
        let is_suite = is_within(blob.path, &full) && is_text(blob.path);
        is_suite || blob.path == full || is_of_project(blob.path, &full)
    });
    for blob in wanted {
        let text = git(&["cat-file", "blob", blob.digest]).map_err(failed)?;
        if text.len() > MAX_BYTES {
            return Err(failed(format!("{}:{} is too large for a suite", revision.name, blob.path)));
        }
        // Git lets no path of a tree lead out of it; this holds whoever wrote the tree.
        let path = Path::new(blob.path);
        if path.components().any(|component| !matches!(component, Component::Normal(_))) {
            continue;
        }
        let file = folder.path().join(path);
        let written =
            file.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&file, text));
        written.map_err(|problem| failed(format!("cannot write a copy of {}: {problem}", blob.path)))?;
    }
    let path = folder.path().join(&full);
    Ok(Some(Copied { path, folder, name: revision.name.to_owned() }))
}

/// The path from the root of the repository.
fn full_path(revision: &Revision<'_>) -> Result<String, String> {
    let prefix = git(&["rev-parse", "--show-prefix"])?;
    let prefix = String::from_utf8_lossy(&prefix).trim().to_owned();
    let path = revision.path;
    let path = if path.starts_with('.') { format!("{prefix}{path}") } else { path.to_owned() };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or_else(|| format!("{path} leads out of the repository"))?;
            }
            name => parts.push(name),
        }
    }
    Ok(parts.join("/"))
}

/// A line of a listing: `100644 blob DIGEST\tPATH`. Links and modules are no files here.
fn blob(line: &str) -> Option<Blob<'_>> {
    let (head, path) = line.split_once('\t')?;
    let mut words = head.split(' ');
    let (mode, kind, digest) = (words.next()?, words.next()?, words.next()?);
    (kind == "blob" && mode.starts_with("100")).then_some(Blob { digest, path })
}

fn is_within(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn is_text(path: &str) -> bool {
    let extension = Path::new(path).extension().and_then(std::ffi::OsStr::to_str);
    matches!(extension, Some("yml" | "yaml" | "json"))
}

/// Returns whether a file says something of the project of a path: a `karat.yml` above or below it, and the
/// expectations beside such.
fn is_of_project(file: &str, path: &str) -> bool {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    let root = match (name, folder.strip_suffix("expectations")) {
        ("karat.yml", _) => folder,
        (_, Some(root)) if is_text(file) && (root.is_empty() || root.ends_with('/')) => {
            root.trim_end_matches('/')
        }
        _ => return false,
    };
    is_within(path, root) || is_within(root, path)
}

/// What git says.
#[expect(clippy::disallowed_methods, reason = "who names a revision asks for git; no suite can")]
fn git(arguments: &[&str]) -> Result<Vec<u8>, String> {
    let mut command = Command::new("git");
    // What a clone has left out is not fetched for this, and nothing is locked.
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_OPTIONAL_LOCKS", "0");
    let ran = command.args(arguments).output();
    let Output { status, stdout, stderr } = ran.map_err(|problem| format!("git cannot be run: {problem}"))?;
    if status.success() {
        return Ok(stdout);
    }
    let stderr = String::from_utf8_lossy(&stderr);
    let first = stderr.lines().next().unwrap_or("it says nothing");
    Err(first.trim_start_matches("fatal: ").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_are_told_from_paths() {
        let parts = |text| Revision::of(text).map(|revision| (revision.name, revision.path));
        assert_eq!(parts("main:suites"), Some(("main", "suites")));
        assert_eq!(parts("HEAD~1:./silver/orders.yml"), Some(("HEAD~1", "./silver/orders.yml")));
        for path in ["suites", "s3://bucket/suites", ":suites"] {
            assert_eq!(parts(path), None, "{path}");
        }
    }

    #[test]
    fn the_project_of_a_path_is_what_lies_above_it_or_below() {
        for file in [
            "karat.yml",
            "a/karat.yml",
            "a/suites/karat.yml",
            "expectations/own.yml",
            "a/expectations/x.yaml",
        ] {
            assert!(is_of_project(file, "a/suites"), "{file}");
        }
        for file in [
            "b/karat.yml",
            "a/suites2/karat.yml",
            "myexpectations/own.yml",
            "a/expectations/x.md",
            "suites/a.yml",
        ] {
            assert!(!is_of_project(file, "a/suites"), "{file}");
        }
    }
}
