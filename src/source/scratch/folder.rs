//! The temporary folders of a run. Only their owner may read them, and they are removed when the program
//! ends; a later run removes those of a killed one.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// The folders of this program, with the locks that tell other programs they are in use.
static FOLDERS: Mutex<BTreeMap<PathBuf, File>> = Mutex::new(BTreeMap::new());

/// The prefix of the names of all folders, which nothing else has.
const PREFIX: &str = "karat-scratch-";
/// The extension of the name of a folder that is being removed.
const GONE: &str = "gone";
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
        loop {
            if let Some((path, lock)) = create_locked(&place)? {
                all.insert(path.clone(), lock);
                return Ok(Self { path });
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let lock = folders().remove(&self.path);
        remove(&self.path);
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
        remove(&folder);
        drop(lock);
    }
}

/// Creates a folder and locks it; `None` if another program took it for one of a killed run meanwhile.
fn create_locked(place: &Path) -> std::io::Result<Option<(PathBuf, File)>> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let folder = builder.prefix(PREFIX).tempdir_in(place)?;
    let lock_file = folder.path().join(LOCK);
    let lock = match private(OpenOptions::new().write(true).create_new(true)).open(&lock_file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    lock.lock()?;
    // Once it is locked and there, no other program removes it.
    Ok(lock_file.exists().then(|| (folder.keep(), lock)))
}

/// Removes a folder, its lock last: a folder without one is empty, whenever this program is killed. The next
/// run removes what cannot be removed now.
fn remove(folder: &Path) {
    // Threads that still write find no folder, and so nothing comes after what is removed.
    let gone = folder.with_extension(GONE);
    let folder = if std::fs::rename(folder, &gone).is_ok() { &gone } else { folder };
    while let Some(entry) = first_entry(folder) {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let path = entry.path();
        if (if is_folder { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }).is_err() {
            return;
        }
    }
    let _ = std::fs::remove_file(folder.join(LOCK));
    let _ = std::fs::remove_dir(folder);
}

/// Returns an entry of a folder beside its lock.
fn first_entry(folder: &Path) -> Option<std::fs::DirEntry> {
    let mut entries = std::fs::read_dir(folder).ok()?.flatten();
    entries.find(|entry| entry.file_name() != LOCK)
}

/// Removes the folders of killed runs: those whose locks nobody holds, and those that have no lock yet or no
/// more, which are empty.
fn sweep(place: &Path) {
    for entry in std::fs::read_dir(place).into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_folder || !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        // The folder of another user can neither be opened nor be removed, and need not be.
        match OpenOptions::new().write(true).open(entry.path().join(LOCK)) {
            Ok(lock) if lock.try_lock().is_ok() => remove(&entry.path()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let _ = std::fs::remove_dir(entry.path());
            }
            Ok(_) | Err(_) => {}
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
        let (left, lock) = folder("karat-scratch-left", false);
        drop(lock);
        let (used, _held) = folder("karat-scratch-used", true);
        let (other, _other) = folder("karat-left", false);
        // A run that is killed before it locks its folder leaves it so.
        let empty = place.path().join("karat-scratch-empty");
        std::fs::create_dir(&empty).unwrap();
        sweep(place.path());
        assert!(!left.exists() && !empty.exists());
        assert!(used.join("0.parquet").exists() && other.exists());
    }

    #[test]
    fn what_is_written_while_a_folder_is_removed_does_not_stay() {
        for _ in 0..200 {
            let place = tempfile::tempdir().unwrap();
            let path = place.path().join("karat-scratch-a");
            std::fs::create_dir(&path).unwrap();
            let (path, over) = (&path, &std::sync::atomic::AtomicBool::new(false));
            std::thread::scope(|threads| {
                threads.spawn(move || {
                    for number in 0.. {
                        if over.load(std::sync::atomic::Ordering::Relaxed) {
                            break;
                        }
                        let _ = create_private(&path.join(number.to_string()));
                    }
                });
                std::thread::sleep(std::time::Duration::from_micros(200));
                remove(path);
                over.store(true, std::sync::atomic::Ordering::Relaxed);
            });
            assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
        }
    }

    #[test]
    fn a_folder_that_is_swept_before_it_is_locked_is_created_again() {
        let place = tempfile::tempdir().unwrap();
        let over = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|threads| {
            threads.spawn(|| {
                while !over.load(std::sync::atomic::Ordering::Relaxed) {
                    sweep(place.path());
                }
            });
            let mut locked = Vec::new();
            while locked.len() < 500 {
                locked.extend(create_locked(place.path()).unwrap());
            }
            sweep(place.path());
            assert!(locked.iter().all(|(path, _)| path.join(LOCK).exists()));
            over.store(true, std::sync::atomic::Ordering::Relaxed);
        });
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
