//! Judges data by a suite: all of it, or to find the rows that fail.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

use karat::cli::EngineArguments;
use karat::history::{History, HistoryError, Skipped};
use karat::report::NothingSelected;
use karat::split::{SplitError, failing_rows};
use karat::{At, CheckOptions, Report};
use polars::prelude::PolarsError;
use pyo3::prelude::*;

use crate::data::{Given, Held};
use crate::errors::{data_error, stopped, unreadable, unwritten, value_error};
use crate::options::{self, Options, datasets, located};
use crate::rows::Rows;
use crate::run::Run;
use crate::suite::Suite;
use crate::waiting::{Hooks, wait_for};

/// What Python asks to be judged.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Asked<'py> {
    suite: Bound<'py, Suite>,
    data: Option<Bound<'py, PyAny>>,
    others: Vec<(String, Bound<'py, PyAny>)>,
    options: Options,
    progress: Option<Bound<'py, PyAny>>,
}

/// What is to be judged, before its streams are read.
struct Task {
    suite: karat::Suite,
    project: karat::project::Project,
    data: Given,
    at: At,
    others: Vec<(String, Given)>,
    options: CheckOptions,
    engine: EngineArguments,
    history: Option<History>,
}

/// The same with rows in memory, which can be judged any number of times.
#[derive(Clone)]
pub(crate) struct Ready {
    pub(crate) suite: karat::Suite,
    pub(crate) data: Held,
    /// Their engine is that of one run.
    pub(crate) options: CheckOptions,
    pub(crate) engine: EngineArguments,
    pub(crate) project: karat::project::Project,
    /// Where the run is kept.
    pub(crate) history: Option<History>,
}

/// Why there is no result.
pub(crate) enum Failed {
    /// A stream ended in an error, or holds what the engine does not know.
    Stream(PolarsError),
    /// Rows could not be told apart, or not be read.
    Split(SplitError),
    /// The parts of a split could not be written.
    Write(SplitError, Box<Run>),
    /// The run could not be kept.
    Keep(HistoryError, Box<Run>),
}

impl Failed {
    pub(crate) fn raised(self, py: Python<'_>) -> PyErr {
        match self {
            Self::Stream(error) => unreadable(py, &format!("the rows cannot be read: {error}"), None),
            Self::Split(SplitError::NoColumn { message, help }) => value_error(&message, help.as_deref()),
            Self::Split(error @ SplitError::Stopped { .. }) => stopped(py, &error.to_string()),
            Self::Split(error @ (SplitError::Places(_) | SplitError::NotInPlace(_)))
            | Self::Write(error @ (SplitError::Places(_) | SplitError::NotInPlace(_)), _) => {
                value_error(&error.to_string(), None)
            }
            Self::Split(error) => data_error(py, &error, None),
            Self::Write(error @ (SplitError::Read(_) | SplitError::Unread { .. }), _) => {
                data_error(py, &error, None)
            }
            Self::Write(error, run) => unwritten(py, &error, *run),
            Self::Keep(error, run) => unwritten(py, &error, *run),
        }
    }
}

impl From<SplitError> for Failed {
    fn from(error: SplitError) -> Self {
        Self::Split(error)
    }
}

impl Asked<'_> {
    /// Does work on the data, once its streams are read. Python waits for it meanwhile.
    pub(crate) fn answer<T: Send + 'static>(
        self,
        py: Python<'_>,
        work: impl FnOnce(Ready) -> Result<T, Failed> + Send + 'static,
    ) -> PyResult<T> {
        let progress = self.progress.clone();
        let task = Task::new(self)?;
        let done = wait_for(py, progress.as_ref(), move |hooks| work(task.ready(&hooks)?))?;
        done.map_err(|failed| failed.raised(py))
    }
}

impl Task {
    fn new(asked: Asked<'_>) -> PyResult<Self> {
        let Asked { suite, data, others, options, .. } = asked;
        let Suite { suite, project, .. } = suite.get();
        let (name, data) = match data.as_ref().map(Given::of).transpose()? {
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
        let check = options.check(suite.layer.as_ref(), project, name.as_deref())?;
        NothingSelected::refuse(suite.checks.iter(), &check)
            .map_err(|none| value_error(&none.to_string(), Some(&none.help)))?;
        Ok(Self {
            suite: options.masked(suite, project)?,
            project: project.clone(),
            data,
            at: options.at()?,
            others: options::others(&others)?,
            options: check,
            engine: options.engine()?,
            history: options.history(project)?,
        })
    }

    /// Reads the streams.
    fn ready(self, hooks: &Hooks) -> Result<Ready, Failed> {
        let data = match self.data {
            Given::Uri(uri) => Held::Uri { uri, at: self.at },
            Given::Stream(stream) => Held::Frame(stream.read(hooks).map_err(Failed::Stream)?),
        };
        let (mut frames, mut uris) = (Vec::new(), Vec::new());
        for (name, given) in self.others {
            match given {
                Given::Uri(uri) => uris.push((name, uri)),
                Given::Stream(stream) => frames.push((name, stream.read(hooks).map_err(Failed::Stream)?)),
            }
        }
        let options = CheckOptions { datasets: datasets(&self.project, frames, uris), ..self.options };
        let Self { suite, engine, project, history, .. } = self;
        Ok(Ready { suite, data, options, engine, project, history }.with(hooks))
    }
}

impl Ready {
    /// Returns the same, stopped and heard by these hooks, with an engine that has not connected to anything.
    pub(crate) fn with(mut self, hooks: &Hooks) -> Self {
        let uri = self.data.uri().unwrap_or_default();
        self.options.engine = self.engine.of_any(uri, &self.project);
        self.options.cancelled = std::sync::Arc::clone(&hooks.cancelled);
        self.options.progress = hooks.progress();
        self
    }

    /// Returns the same without the connections of its engine, which would last as long as it is kept.
    pub(crate) fn disconnected(mut self) -> Self {
        self.options.engine = CheckOptions::default().engine;
        self
    }

    fn judge(self) -> Result<Run, Failed> {
        let run = karat::check(&self.suite, self.data.data(), &self.options);
        self.kept(run)
    }

    /// Tells a run what earlier ones came to, and keeps it, where a history is kept.
    pub(crate) fn kept(self, mut run: karat::Run) -> Result<Run, Failed> {
        // Nobody waits for a run that is cancelled: it came to nothing.
        let history = self.history.clone().filter(|_| !self.options.cancelled.load(Ordering::Relaxed));
        let Some(history) = history else { return Ok(Run::of(run, self, Vec::new())) };
        let remembered = history.remember(&mut run);
        let kept = history.append(&run, &Report::from(&run));
        match remembered.and_then(|skipped| kept.map(|_| skipped)) {
            Ok(skipped) => {
                let note = |skipped: &Skipped| format!("{history}: {skipped}");
                Ok(Run::of(run, self, skipped.iter().map(note).collect()))
            }
            Err(problem) => Err(Failed::Keep(problem, Box::new(Run::of(run, self, Vec::new())))),
        }
    }

    /// Finds all failing rows of the selected checks.
    pub(crate) fn failing(&self, columns: &[String]) -> Result<Rows, Failed> {
        let found = failing_rows(&self.suite, self.data.data(), columns, &self.options);
        let found = found.map_err(Failed::Split)?;
        let mut batches = Vec::new();
        let read = found.read(&mut |batch| {
            batches.push(batch);
            ControlFlow::Continue(())
        });
        read.map_err(Failed::Split)?;
        let schema = found.schema().map_err(Failed::Split)?;
        Ok(Rows { schema, batches })
    }
}

/// Judges data by a suite.
#[pyfunction]
pub(crate) fn check(py: Python<'_>, asked: Asked<'_>) -> PyResult<Run> {
    asked.answer(py, Ready::judge)
}

/// Judges data by a suite, and finds every row that fails one of the selected checks.
#[pyfunction]
pub(crate) fn rows(py: Python<'_>, asked: Asked<'_>, columns: Vec<String>) -> PyResult<Rows> {
    asked.answer(py, move |ready| ready.failing(&columns))
}
