//! The temporary folders of a run. Only their owner may read them, and they are removed when the program
//! ends; a later run removes those of a killed one.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// The folders of this program, with the locks that tell other programs they are in use.
static FOLDERS: Mutex<BTreeMap<PathBuf, File>> = Mutex::new(BTreeMap::new());

/// The prefix of the names of all folders.
const PREFIX: &str = "karat-";
/// The prefix until a folder is locked.
const NEW: &str = ".karat-";
/// The file in each folder that is locked while its program lives.
const LOCK: &str = "in-use.lock";

/// A temporary folder, which is removed when this value is dropped.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(crate) fn new() -> std::io::Result<Self> {
        static SWEPT: Once = Once::new();
        let place = std::env::temp_dir();
        SWEPT.call_once(|| sweep(&place));
        // A signal handler that ends the program waits for this lock, and then removes the new folder with
        // the others.
        let mut all = folders();
        // Other programs sweep a folder only under its final name, and by then it is locked.
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let new = builder.prefix(NEW).tempdir_in(&place)?;
        let lock = private(OpenOptions::new().write(true).create_new(true)).open(new.path().join(LOCK))?;
        lock.lock()?;
        let name = new.path().file_name().unwrap_or_default().to_string_lossy();
        let path = place.join(name.trim_start_matches('.'));
        std::fs::rename(new.path(), &path)?;
        // The old path no longer exists.
        let _ = new.keep();
        all.insert(path.clone(), lock);
        Ok(Self { path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let lock = folders().remove(&self.path);
        // The next run removes what cannot be removed now.
        let _ = std::fs::remove_dir_all(&self.path);
        drop(lock);
    }
}

/// Creates a file that only its owner may read.
pub(super) fn create_private(path: &Path) -> std::io::Result<File> {
    private(OpenOptions::new().write(true).create(true).truncate(true)).open(path)
}

/// Creates a new file that only its owner may read, for writing and reading.
pub(crate) fn create_scratch(path: &Path) -> std::io::Result<File> {
    private(OpenOptions::new().read(true).write(true).create_new(true)).open(path)
}

/// Sets the permissions so that only the owner may read a file that is created.
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Removes all temporary folders, before a program ends without dropping its values.
pub fn remove_spools() {
    for (folder, lock) in std::mem::take(&mut *folders()) {
        // The next run removes what cannot be removed now.
        let _ = std::fs::remove_dir_all(folder);
        drop(lock);
    }
}

/// Removes the folders of killed runs, whose locks nobody holds any more.
fn sweep(place: &Path) {
    for entry in std::fs::read_dir(place).into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_folder || !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let Ok(lock) = OpenOptions::new().write(true).open(entry.path().join(LOCK)) else { continue };
        if lock.try_lock().is_ok() {
            // The folder of another user cannot be removed, and need not be.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn folders() -> MutexGuard<'static, BTreeMap<PathBuf, File>> {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_behind_goes_and_what_is_in_use_stays() {
        let place = tempfile::tempdir().unwrap();
        let folder = |name: &str, locked: bool| {
            let path = place.path().join(name);
            std::fs::create_dir(&path).unwrap();
            std::fs::write(path.join("0.parquet"), "rows").unwrap();
            let lock = create_private(&path.join(LOCK)).unwrap();
            if locked {
                lock.lock().unwrap();
            }
            (path, lock)
        };
        let (left, lock) = folder("karat-left", false);
        drop(lock);
        let (used, _held) = folder("karat-used", true);
        let (other, _other) = folder("other-left", false);
        let unlocked = place.path().join("karat-without");
        std::fs::create_dir(&unlocked).unwrap();
        sweep(place.path());
        assert!(!left.exists());
        assert!(used.join("0.parquet").exists() && other.exists() && unlocked.exists());
    }

    #[test]
    #[cfg(unix)]
    fn nobody_else_may_look_into_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let folder = Folder::new().unwrap();
        create_private(&folder.path().join("a")).unwrap();
        assert_eq!(mode(folder.path()), 0o700);
        assert_eq!(["a", LOCK].map(|name| mode(&folder.path().join(name))), [0o600, 0o600]);
        let path = folder.path().to_owned();
        drop(folder);
        assert!(!path.exists());
    }
}
