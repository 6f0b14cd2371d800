//! What came of a run, as `karat.Run` of Python shows it.

use karat::report::{self, TextOptions};
use karat::{At, CheckOptions, Failure, Report};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;

use crate::data::Held;
use crate::errors::internal_error;
use crate::judging::Ready;
use crate::rows::Rows;
use crate::waiting::wait_for;

/// A run, and what was judged.
#[pyclass(frozen, module = "karat._karat")]
pub(crate) struct Run {
    run: karat::Run,
    judged: Ready,
    /// What was noticed that is no part of the run.
    #[pyo3(get)]
    notes: Vec<String>,
}

impl Run {
    /// Returns a run with what it judged: that version of a table, if it has any.
    pub(crate) fn of(run: karat::Run, judged: Ready, notes: Vec<String>) -> Self {
        let mut judged = judged.disconnected();
        let snapshot = run.suites.first().and_then(|suite| suite.snapshot.as_ref());
        if let (Held::Uri { at: at @ (At::Latest | At::Timestamp(_)), .. }, Some(version)) =
            (&mut judged.data, snapshot.and_then(|snapshot| snapshot.version))
        {
            *at = At::Version(version);
        }
        judged.options.now = Some(run.started_at);
        Self { run, judged, notes }
    }
}

#[pymethods]
impl Run {
    /// Whether every gate let the data through.
    #[getter]
    fn passed(&self) -> bool {
        self.run.passed()
    }

    /// Why the data could not be judged at all.
    #[getter]
    fn unread(&self) -> Option<String> {
        self.run.suites.iter().find_map(|suite| suite.error.as_deref().map(str::to_owned))
    }

    /// The JSON report.
    fn json(&self, py: Python<'_>) -> String {
        py.detach(|| report::json(&Report::from(&self.run)))
    }

    /// The text report; with a width, its lines are wrapped.
    #[pyo3(signature = (width=None, passed=true, samples=false))]
    fn text(&self, width: Option<usize>, passed: bool, samples: bool) -> String {
        report::text(&self.run, TextOptions { width, passed, samples })
    }

    /// The report as one page that needs no other file.
    fn html(&self, py: Python<'_>) -> PyResult<String> {
        let page = py.detach(|| report::html(&Report::from(&self.run)));
        page.map_err(|problem| internal_error(py, &problem.to_string()))
    }

    /// The report as a piece of HTML, for a notebook.
    fn fragment(&self, py: Python<'_>) -> PyResult<String> {
        let piece = py.detach(|| report::fragment(&Report::from(&self.run)));
        piece.map_err(|problem| internal_error(py, &problem.to_string()))
    }

    /// The text report without colours.
    fn __str__(&self) -> String {
        self.run.to_string()
    }

    /// Of each check that stopped the gate the suite, its id, the verdict and the reason.
    fn failures(&self) -> Vec<(String, String, String, String)> {
        let failures = self.run.failures().map(|failure| {
            let Failure { suite, check, verdict, reason, .. } = failure;
            (suite, check, verdict.name().to_owned(), reason)
        });
        failures.collect()
    }

    /// Judges the data again, and returns all rows that fail a check, or any if none is named.
    #[pyo3(signature = (check, columns, progress=None))]
    fn failing_rows(
        &self,
        py: Python<'_>,
        check: Option<String>,
        columns: Vec<String>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Rows> {
        let mut judged = self.judged.clone();
        if let Some(check) = check {
            if self.run.outcome(&check).is_none() {
                return Err(PyKeyError::new_err(check));
            }
            judged.options = CheckOptions { select: vec![check], ..judged.options };
        }
        let found = wait_for(py, progress, move |hooks| judged.with(&hooks).failing(&columns))?;
        found.map_err(|failed| failed.raised(py))
    }
}
