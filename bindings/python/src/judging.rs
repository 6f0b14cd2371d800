//! Judges data by a suite: all of it, or to find the rows that fail, or to divide the rows into two parts.

use std::ops::ControlFlow;

use karat::split::{Parts, SplitError, failing_rows};
use karat::{At, CheckOptions, SplitOptions};
use polars::prelude::PolarsError;
use pyo3::prelude::*;

use crate::data::{Given, Held};
use crate::errors::{data_error, stopped, unreadable, value_error};
use crate::options::{self, Options, datasets, located};
use crate::rows::Rows;
use crate::run::Run;
use crate::suite::Suite;
use crate::waiting::{Hooks, wait_for};

/// What is to be judged, before its streams are read.
struct Task {
    suite: karat::Suite,
    project: karat::project::Project,
    data: Given,
    at: At,
    others: Vec<(String, Given)>,
    options: CheckOptions,
}

/// The same with rows in memory, which can be judged any number of times.
#[derive(Clone)]
pub(crate) struct Ready {
    pub(crate) suite: karat::Suite,
    pub(crate) data: Held,
    pub(crate) options: CheckOptions,
}

/// Why there is no result.
pub(crate) enum Failed {
    /// A stream ended in an error, or holds what the engine does not know.
    Stream(PolarsError),
    /// Rows could not be told apart, or not be read.
    Split(SplitError),
}

impl Failed {
    pub(crate) fn raised(self, py: Python<'_>) -> PyErr {
        match self {
            Self::Stream(error) => unreadable(py, &format!("the rows cannot be read: {error}"), None),
            Self::Split(SplitError::NoColumn { message, help }) => value_error(&message, help.as_deref()),
            Self::Split(error @ SplitError::Stopped { .. }) => stopped(py, &error.to_string()),
            Self::Split(error) => data_error(py, &error, None),
        }
    }
}

impl Task {
    fn new(
        suite: &Suite,
        data: Option<&Bound<'_, PyAny>>,
        others: &[(String, Bound<'_, PyAny>)],
        options: &Options,
    ) -> PyResult<Self> {
        let Suite { suite, project } = suite;
        let (name, data) = match data.map(Given::of).transpose()? {
            Some(Given::Stream(_)) if options.asks_for_version() => {
                return Err(value_error("rows in memory have no version", None));
            }
            Some(Given::Stream(stream)) => (None, Given::Stream(stream)),
            Some(Given::Uri(name)) => (Some(name.clone()), Given::Uri(located(project, &name))),
            None => {
                let own = suite.data.as_ref().ok_or_else(|| {
                    let hint = "give it as data, or write data: into the suite";
                    value_error(&format!("the suite {} names no data", suite.path), Some(hint))
                })?;
                (Some(own.clone()), Given::Uri(project.locate(own)))
            }
        };
        Ok(Self {
            suite: options.masked(suite, project)?,
            project: project.clone(),
            data,
            at: options.at()?,
            others: options::others(others)?,
            options: options.check(suite.layer.as_ref(), project, name.as_deref())?,
        })
    }

    /// Reads the streams.
    fn ready(self, hooks: &Hooks) -> Result<Ready, Failed> {
        let data = match self.data {
            Given::Uri(uri) => Held::Uri { uri, at: self.at },
            Given::Stream(stream) => Held::Frame(stream.read().map_err(Failed::Stream)?),
        };
        let (mut frames, mut uris) = (Vec::new(), Vec::new());
        for (name, given) in self.others {
            match given {
                Given::Uri(uri) => uris.push((name, uri)),
                Given::Stream(stream) => frames.push((name, stream.read().map_err(Failed::Stream)?)),
            }
        }
        let options = CheckOptions { datasets: datasets(&self.project, frames, uris), ..self.options };
        Ok(Ready { suite: self.suite, data, options }.with(hooks))
    }
}

impl Ready {
    /// Returns the same, stopped and heard by these hooks.
    pub(crate) fn with(mut self, hooks: &Hooks) -> Self {
        self.options.cancelled = std::sync::Arc::clone(&hooks.cancelled);
        self.options.progress = hooks.progress();
        self
    }

    fn judge(self) -> Run {
        let run = karat::check(&self.suite, self.data.data(), &self.options);
        Run::of(run, self)
    }

    /// Finds all failing rows of the selected checks.
    pub(crate) fn failing(&self, columns: &[String]) -> Result<(karat::Run, Rows), Failed> {
        let found = failing_rows(&self.suite, self.data.data(), columns, &self.options);
        let found = found.map_err(Failed::Split)?;
        let mut batches = Vec::new();
        let read = found.read(&mut |batch| {
            batches.push(batch);
            ControlFlow::Continue(())
        });
        read.map_err(Failed::Split)?;
        let schema = found.schema().map_err(Failed::Split)?;
        Ok((found.run, Rows { schema, batches }))
    }

    /// Divides all rows.
    fn divide(self, warnings: bool) -> Result<(Rows, Rows, Run), Failed> {
        let options = SplitOptions { check: self.options.clone(), warnings };
        let split = karat::split(&self.suite, self.data.data(), &options).map_err(Failed::Split)?;
        let Parts { valid, quarantine } = split.collect().map_err(Failed::Split)?;
        let valid = Rows { schema: split.valid_schema().map_err(Failed::Split)?, batches: valid };
        let schema = split.quarantine_schema().map_err(Failed::Split)?;
        Ok((valid, Rows { schema, batches: quarantine }, Run::of(split.run, self)))
    }
}

/// Judges data by a suite.
#[pyfunction]
pub(crate) fn check(
    py: Python<'_>,
    suite: &Suite,
    data: Option<&Bound<'_, PyAny>>,
    others: Vec<(String, Bound<'_, PyAny>)>,
    options: Options,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Run> {
    let task = Task::new(suite, data, &others, &options)?;
    let judged = wait_for(py, progress, move |hooks| task.ready(&hooks).map(Ready::judge))?;
    judged.map_err(|failed| failed.raised(py))
}

/// Judges data by a suite, and finds every row that fails one of the selected checks.
#[pyfunction]
pub(crate) fn rows(
    py: Python<'_>,
    suite: &Suite,
    data: Option<&Bound<'_, PyAny>>,
    others: Vec<(String, Bound<'_, PyAny>)>,
    columns: Vec<String>,
    options: Options,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<(Rows, Run)> {
    let task = Task::new(suite, data, &others, &options)?;
    let found = wait_for(py, progress, move |hooks| {
        let ready = task.ready(&hooks)?;
        let (run, rows) = ready.failing(&columns)?;
        Ok((rows, Run::of(run, ready)))
    })?;
    found.map_err(|failed: Failed| failed.raised(py))
}

/// Judges data by a suite, and divides its rows into those that are valid and those that are not, with the reasons.
#[pyfunction]
pub(crate) fn split(
    py: Python<'_>,
    suite: &Suite,
    data: Option<&Bound<'_, PyAny>>,
    others: Vec<(String, Bound<'_, PyAny>)>,
    warnings: bool,
    options: Options,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<(Rows, Rows, Run)> {
    let task = Task::new(suite, data, &others, &options)?;
    let parts = wait_for(py, progress, move |hooks| task.ready(&hooks)?.divide(warnings))?;
    parts.map_err(|failed| failed.raised(py))
}
