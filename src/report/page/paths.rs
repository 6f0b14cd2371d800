//! Paths as a page shows them: it is read elsewhere, where folders of this machine say nothing, and tell too much.

use std::path::Path;

/// Where a page is written: its paths are relative to the project's folder.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// The folder of the project, absolute, with slashes and none at its end; empty if there is none.
    folder: String,
    /// The working folder, to which relative paths are; so too.
    working: String,
}

impl Home {
    /// Returns the home of a project in a folder. Both folders are absolute.
    #[must_use]
    pub fn at(folder: &Path, working: &Path) -> Self {
        let text = |path: &Path| slashed(&path.to_string_lossy()).trim_end_matches('/').to_owned();
        Self { folder: text(folder), working: text(working) }
    }

    /// Returns a path or URI of a run: of what lies in the folder, its path in it; of what lies elsewhere on this machine, its
    /// last two names; of all else, what was given.
    pub(crate) fn path(&self, given: &str) -> String {
        let local = slashed(given.strip_prefix("file://").unwrap_or(given));
        if local.contains("://") || is_absolute(&local) || self.working.is_empty() {
            return self.name(given);
        }
        let relative = local.strip_prefix("./").unwrap_or(&local);
        let whole = format!("{}/{relative}", self.working);
        self.within(&whole).unwrap_or(relative).to_owned()
    }

    /// Returns the name of data as a suite gives it: the same, but that a relative path is relative to the project.
    pub(in crate::report) fn name(&self, given: &str) -> String {
        let local = slashed(given.strip_prefix("file://").unwrap_or(given));
        if let Some(within) = self.within(&local) {
            return within.to_owned();
        }
        if is_absolute(&local) {
            let mut names: Vec<&str> = local.rsplit('/').filter(|name| !name.is_empty()).take(2).collect();
            names.reverse();
            return format!("…/{}", names.join("/"));
        }
        local.strip_prefix("./").unwrap_or(&local).to_owned()
    }

    fn within<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(self.folder.as_str()).filter(|_| !self.folder.is_empty())?;
        rest.strip_prefix('/').filter(|within| !within.is_empty())
    }

    /// Returns a text of karat's with the paths in it that lie in the folder relative to it.
    pub(crate) fn text(&self, text: &str) -> String {
        if self.folder.is_empty() || !text.contains(&self.folder) {
            return text.to_owned();
        }
        let folder = format!("{}/", self.folder);
        text.replace(&format!("file://{folder}"), "").replace(&folder, "").replace(&self.folder, ".")
    }
}

/// A path of Windows has backslashes; elsewhere they are part of a name.
fn slashed(path: &str) -> String {
    if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() }
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || (cfg!(windows) && path.get(1..2) == Some(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_is_absolute() {
        let home = Home::at(Path::new("/home/ann/shop/"), Path::new("/home/ann"));
        for (given, shown) in [
            ("/home/ann/shop/lake/orders", "lake/orders"),
            ("file:///home/ann/shop/lake/orders", "lake/orders"),
            ("/home/ann/shop2/lake/orders", "…/lake/orders"),
            ("./shop/suites/a.yml", "suites/a.yml"),
            ("suites/a.yml", "suites/a.yml"),
            ("s3://bucket/home/ann/shop/x", "s3://bucket/home/ann/shop/x"),
            ("/home/ann/shop", "…/ann/shop"),
        ] {
            assert_eq!(home.path(given), shown);
        }
        assert_eq!(home.name("shop/lake"), "shop/lake");
        assert_eq!(
            home.text("nothing lies at /home/ann/shop/x, in /home/ann/shop"),
            "nothing lies at x, in ."
        );
        assert_eq!(Home::default().path("/a/b/c"), "…/b/c");
    }
}
