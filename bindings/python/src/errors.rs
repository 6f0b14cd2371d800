//! The exceptions of the package `karat`, which `karat/_errors.py` defines.

use std::error::Error;

use karat::SuiteError;
use karat::document::{Diagnostic, without_credentials};
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::run::Run;

const MODULE: &str = "karat._errors";

/// Returns an error and its causes in one line, without credentials.
fn chain(error: &dyn Error) -> String {
    let (mut text, mut source) = (error.to_string(), error.source());
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    without_credentials(&text)
}

/// Returns the exception of this class with these arguments.
fn exception<'py>(py: Python<'py>, class: &str, arguments: impl pyo3::call::PyCallArgs<'py>) -> PyErr {
    let made = py.import(MODULE).and_then(|module| module.getattr(class)?.call1(arguments));
    made.map_or_else(|problem| problem, PyErr::from_value)
}

/// Data that cannot be read, or is not as it must be to be judged.
pub(crate) fn data_error(py: Python<'_>, error: &dyn Error, hint: Option<&str>) -> PyErr {
    unreadable(py, &chain(error), hint)
}

/// The same, by a message.
pub(crate) fn unreadable(py: Python<'_>, message: &str, hint: Option<&str>) -> PyErr {
    exception(py, "DataError", (message, hint))
}

/// Rows that a check does not let through, before there is a run to show.
pub(crate) fn stopped(py: Python<'_>, message: &str) -> PyErr {
    exception(py, "GateFailed", (message,))
}

/// A history or a destination that could not be written, of a run that was judged.
pub(crate) fn unwritten(py: Python<'_>, error: &dyn Error, run: Run) -> PyErr {
    exception(py, "WriteError", (chain(error), run))
}

/// Work of karat that panicked: a defect.
pub(crate) fn internal_error(py: Python<'_>, message: &str) -> PyErr {
    exception(py, "InternalError", (message,))
}

/// An argument that karat does not know.
pub(crate) fn value_error(message: &str, hint: Option<&str>) -> PyErr {
    let hint = hint.map_or_else(String::new, |hint| format!(" ({hint})"));
    pyo3::exceptions::PyValueError::new_err(format!("{message}{hint}"))
}

/// Suites, or files of a project, that cannot be read: one exception for all that is wrong.
pub(crate) fn suite_errors(py: Python<'_>, errors: &[SuiteError]) -> PyErr {
    let made = errors.iter().try_fold(PyList::empty(py), |list, error| {
        match error {
            SuiteError::Invalid { path, text, diagnostics } => {
                for Diagnostic { message, span, help, .. } in diagnostics {
                    let at = span.position(text);
                    let hint = help.as_deref().map(without_credentials);
                    list.append((path, at.line, at.column, without_credentials(message), hint))?;
                }
            }
            other => {
                let path = if let SuiteError::Read { path, .. } = other { path.as_str() } else { "" };
                let hint = "is the path right, and may the file be read?";
                list.append((path, None::<usize>, None::<usize>, chain(other), hint))?;
            }
        }
        Ok::<_, PyErr>(list)
    });
    made.map_or_else(|problem| problem, |problems| exception(py, "SuiteError", (problems,)))
}
