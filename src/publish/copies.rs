//! Copies of staged files in the place of a table, of which no commit knows so far.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
#[cfg(feature = "cli")]
use std::sync::mpsc::channel;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::source::staged::{Appended, new_name};
use crate::source::store::{CopyError, Location};

/// The copies of this program that nobody has committed, by numbers of those who made them.
static UNCOMMITTED: Mutex<BTreeMap<u64, Uncommitted>> = Mutex::new(BTreeMap::new());

/// The number of the next one who makes copies.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// Files that go unless they are committed.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "cli"),
    expect(dead_code, reason = "only a program that is ended by a signal looks")
)]
struct Uncommitted {
    location: Location,
    names: Vec<String>,
}

/// The copies of a batch, in its order. They are deleted with this value, unless they are committed.
#[derive(Debug)]
pub(super) struct Copies {
    number: u64,
    location: Location,
    /// The names of the copies.
    pub(super) names: Vec<String>,
    /// False once a commit may name them.
    are_deleted: bool,
    /// True if the folder of the table was made for them.
    has_new_folder: bool,
}

impl Copies {
    /// Copies the files of a batch to new names at the place of a table. What is copied is what was judged, byte by byte.
    pub(super) fn make(appended: &Appended, location: &Location) -> Result<Self, CopyError> {
        let mut copies = Self::begin(location)?;
        for (file, _) in appended.files() {
            let name = copies.next();
            let origin =
                appended.batch.origin(file).filter(|_| location.is_same_store(&appended.batch.place));
            let is_copied = match &origin {
                Some(origin) => location.copy_new(&name, origin)?,
                None => false,
            };
            if !is_copied && location.write_new(&name, &file.local)? != file.digest {
                return Err(file.changed().into());
            }
        }
        Ok(copies)
    }

    fn begin(location: &Location) -> Result<Self, CopyError> {
        let mut has_new_folder = false;
        if let Location::Local(folder) = location
            && !folder.exists()
        {
            let unwritten = |error: std::io::Error| CopyError::Write {
                uri: folder.display().to_string(),
                reason: error.to_string(),
            };
            std::fs::create_dir_all(folder).map_err(unwritten)?;
            has_new_folder = true;
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let (location, names) = (location.clone(), Vec::new());
        let mut copies = Self { number, location, names, are_deleted: false, has_new_folder };
        copies.release();
        Ok(copies)
    }

    /// Returns a new name, under which a file is deleted from now on.
    fn next(&mut self) -> String {
        let name = new_name();
        if let Some(mine) = uncommitted().get_mut(&self.number) {
            mine.names.push(name.clone());
        }
        self.names.push(name.clone());
        name
    }

    /// Keeps the copies, because a commit that names them is about to be written. A signal that ends the program deletes them
    /// no more.
    pub(super) fn keep(&mut self) {
        uncommitted().remove(&self.number);
        self.are_deleted = false;
    }

    /// Deletes the copies when this value goes, or a signal ends the program: it is certain that no commit names them.
    pub(super) fn release(&mut self) {
        let mine = Uncommitted { location: self.location.clone(), names: self.names.clone() };
        uncommitted().insert(self.number, mine);
        self.are_deleted = true;
    }
}

impl Drop for Copies {
    fn drop(&mut self) {
        uncommitted().remove(&self.number);
        if self.are_deleted {
            delete(&self.location, &self.names);
            if let (true, Location::Local(folder)) = (self.has_new_folder, &self.location) {
                // Only what is empty goes.
                let _ = std::fs::remove_dir(folder.join("_delta_log"));
                let _ = std::fs::remove_dir(folder);
            }
        }
    }
}

/// Deletes files of which no commit knows. Those that stay are garbage, which a vacuum of the table removes.
fn delete(location: &Location, names: &[String]) {
    for name in names {
        let _ = location.delete(name);
    }
}

/// Deletes all copies that are not committed, before the program ends, and waits a few seconds for stores to do so.
#[cfg(feature = "cli")]
pub(crate) fn withdraw_all() {
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);
    // Whoever is about to commit waits for this lock, until the program has ended.
    let all = uncommitted();
    let files: Vec<_> = all.values().map(|of| (of.location.clone(), of.names.clone())).collect();
    if files.is_empty() {
        return;
    }
    let (done, waits) = channel();
    std::thread::spawn(move || {
        for (location, names) in files {
            delete(&location, &names);
        }
        let _ = done.send(());
    });
    let _ = waits.recv_timeout(PATIENCE);
    std::mem::forget(all);
}

fn uncommitted() -> MutexGuard<'static, BTreeMap<u64, Uncommitted>> {
    UNCOMMITTED.lock().unwrap_or_else(PoisonError::into_inner)
}
