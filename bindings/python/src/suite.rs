//! Suites, in the projects to which they belong.

use std::path::{Path, PathBuf};

use karat::project::{Project, Selection, find};
use karat::{Reading, SuiteError};
use pyo3::prelude::*;

use crate::errors::{suite_errors, value_error};

/// A suite that was read, and its project.
#[pyclass(frozen, module = "karat._karat")]
pub(crate) struct Suite {
    pub(crate) suite: karat::Suite,
    pub(crate) project: Project,
    /// What filled it in, so that it can be read again elsewhere.
    #[pyo3(get)]
    filled: Filled,
}

/// What fills in a suite: the environment of the project, values of its variables, and those of Great Expectations' parameters.
#[derive(Clone, FromPyObject, IntoPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Filled {
    environment: Option<String>,
    variables: Vec<(String, String)>,
    parameters: Vec<(String, String)>,
}

impl Filled {
    fn selection(&self) -> PyResult<Selection> {
        let mut selection = Selection { environment: self.environment.clone(), ..Selection::default() };
        for (name, value) in &self.variables {
            selection.variables.set(name, value).map_err(|problem| value_error(&problem, None))?;
        }
        Ok(selection)
    }

    /// Returns the project of a file, or of the working folder.
    pub(crate) fn project(&self, py: Python<'_>, file: &Path) -> PyResult<Project> {
        find(file, Path::new(""), &self.selection()?).map_err(|problems| suite_errors(py, &problems))
    }

    fn read(
        &self,
        py: Python<'_>,
        file: &Path,
        read: impl FnOnce(Reading<'_>) -> Result<karat::Suite, SuiteError>,
    ) -> PyResult<Suite> {
        let project = self.project(py, file)?;
        let reading = Reading {
            catalogue: &project.catalogue,
            layers: &project.layers,
            variables: &project.variables,
            parameters: &self.parameters,
        };
        let suite = read(reading).and_then(|suite| project.described(suite));
        let suite = suite.map_err(|problem| suite_errors(py, &[problem]))?;
        Ok(Suite { suite, project, filled: self.clone() })
    }
}

#[pymethods]
impl Suite {
    /// Reads a suite from a file.
    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf, filled: Filled) -> PyResult<Self> {
        filled.read(py, &path, |reading| karat::Suite::open_with(&path, reading))
    }

    /// Reads a suite from a text, in the project of the working folder. `name` stands for its path.
    #[staticmethod]
    fn parse(py: Python<'_>, text: &str, name: &str, filled: Filled) -> PyResult<Self> {
        filled.read(py, Path::new(name), |reading| karat::Suite::read_with(text.as_bytes(), name, reading))
    }

    /// The name.
    #[getter]
    fn name(&self) -> &str {
        &self.suite.name
    }

    /// The layer of its dataset.
    #[getter]
    fn layer(&self) -> Option<&str> {
        self.suite.layer.as_ref().map(karat::Layer::name)
    }

    /// Where its dataset lies.
    #[getter]
    fn data(&self) -> Option<&str> {
        self.suite.data.as_deref()
    }

    /// The author's description.
    #[getter]
    fn description(&self) -> Option<&str> {
        self.suite.description.as_deref()
    }

    /// The path of its file, or what stands for it.
    #[getter]
    fn path(&self) -> &str {
        &self.suite.path
    }

    /// The text that was read.
    #[getter]
    fn text(&self) -> &str {
        &self.suite.text
    }

    /// Of each check the id, the expectation, the column, the severity, the description or what it demands, and the tags.
    #[getter]
    #[expect(clippy::type_complexity, reason = "a row of a table for Python")]
    fn checks(&self) -> Vec<(String, String, Option<String>, String, String, Vec<String>)> {
        let checks = self.suite.checks.iter().map(|check| {
            let said = check.description.clone().unwrap_or_else(|| check.summary.clone());
            let column = check.column.as_ref().map(ToString::to_string);
            let severity = check.severity.name().to_owned();
            (check.id.clone(), check.definition.id.to_owned(), column, severity, said, check.tags.clone())
        });
        checks.collect()
    }
}
