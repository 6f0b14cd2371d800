//! The command line, within the process of Python.

use std::ffi::OsString;
use std::io::Write as _;

use pyo3::prelude::*;

/// Runs the command line and returns the exit code. `again` is the command that starts this process anew.
#[pyfunction]
pub(crate) fn cli(py: Python<'_>, arguments: Vec<OsString>, again: Vec<OsString>) -> u8 {
    py.detach(|| {
        let code = karat::cli::run(&arguments, Some(again));
        // What is left in the buffers of this module, only this module can write. Whether it went out, the command has said.
        let _ = std::io::stdout().flush();
        code
    })
}
