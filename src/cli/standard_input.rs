//! A suite on standard input.

use std::io::stdin;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::suite::{Reading, Suite, SuiteError};

/// What messages and reports call it.
const NAME: &str = "<stdin>";

/// Whether it was read: it cannot be read again.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Returns whether a path means standard input.
pub(super) fn is_meant(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Returns whether it was read, so that a program which begins again would find nothing there.
pub(super) fn is_taken() -> bool {
    TAKEN.load(Ordering::Relaxed)
}

/// Reads a suite from it.
pub(super) fn suite<'a>(reading: impl Into<Reading<'a>>) -> Result<Suite, SuiteError> {
    TAKEN.store(true, Ordering::Relaxed);
    Suite::read_with(stdin().lock(), NAME, reading)
}
