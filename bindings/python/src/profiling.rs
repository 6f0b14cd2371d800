//! What a table holds: a profile of its columns, and the draft of a suite.

use std::sync::atomic::Ordering;

use karat::data::ColumnPath;
use karat::document::without_credentials;
use karat::profile::{ProfileError, ProfileOptions};
use karat::project::Project;
use karat::report::{ProfileReport, profile_html, profile_json, profile_text};
use karat::suggest::{Opening, SuggestOptions, dataset_name, layer_of};
use karat::{CheckOptions, Control, Engine as _, Opened, PolarsEngine, StorageOptions};
use pyo3::prelude::*;

use crate::data::{Given, Held};
use crate::errors::{data_error, internal_error, unreadable, value_error};
use crate::judging::Failed;
use crate::options::{Options, here, located};
use crate::suite::Filled;
use crate::waiting::{Hooks, wait_for};

/// What the columns of a table hold.
#[pyclass(frozen, module = "karat._karat")]
pub(crate) struct Profile {
    report: ProfileReport,
}

#[pymethods]
impl Profile {
    /// The profile as JSON.
    fn json(&self) -> String {
        profile_json(&self.report)
    }

    /// The profile as text with ANSI styles.
    #[pyo3(signature = (width=None))]
    fn text(&self, width: Option<usize>) -> String {
        profile_text(&self.report, width)
    }

    /// The profile as one page that needs no other file.
    fn html(&self, py: Python<'_>) -> PyResult<String> {
        profile_html(&self.report).map_err(|problem| internal_error(py, &problem.to_string()))
    }
}

/// Data of which a profile is to be made.
struct Task {
    data: Given,
    uri: Option<String>,
    dialect: karat::data::Dialect,
    storage: StorageOptions,
    at: karat::At,
    profile: ProfileOptions,
    memory: Option<u64>,
    project: Project,
}

/// Why there is no profile, or no draft.
enum Unknown {
    Stream(Failed),
    Profile(ProfileError),
    Draft(String),
}

impl From<ProfileError> for Unknown {
    fn from(error: ProfileError) -> Self {
        Self::Profile(error)
    }
}

impl Unknown {
    fn raised(self, py: Python<'_>) -> PyErr {
        match self {
            Self::Stream(failed) => failed.raised(py),
            Self::Profile(ProfileError::Column { message, help }) => value_error(&message, help.as_deref()),
            Self::Profile(error) => data_error(py, &error, error.help()),
            Self::Draft(problem) => unreadable(py, &problem, None),
        }
    }
}

impl Task {
    fn new(
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        (personal, show_personal): &(Vec<String>, bool),
        filled: &Filled,
        options: &Options,
    ) -> PyResult<Self> {
        let project = filled.project(py, here())?;
        let (data, uri) = match Given::of(data)? {
            Given::Uri(uri) => (Given::Uri(located(&project, &uri)), Some(uri)),
            Given::Stream(stream) => (Given::Stream(stream), None),
        };
        let personal = personal.iter().map(|name| {
            ColumnPath::parse(name).map_err(|problem| value_error(&format!("pii: {problem}"), None))
        });
        let dataset = uri.as_deref().and_then(|uri| project.dataset(uri));
        Ok(Self {
            data,
            dialect: dataset.map(|dataset| dataset.dialect.clone()).unwrap_or_default(),
            storage: options.storage(&project, uri.as_deref())?,
            at: options.at()?,
            profile: ProfileOptions {
                personal: personal.collect::<PyResult<_>>()?,
                show_personal: *show_personal,
                histograms: false,
            },
            memory: options.memory(),
            uri,
            project,
        })
    }

    /// Opens the data, and makes the profile.
    fn profile(self, hooks: &Hooks, histograms: bool) -> Result<Profiled, Unknown> {
        let held = match self.data {
            Given::Uri(uri) => Held::Uri { uri, at: self.at },
            Given::Stream(stream) => {
                Held::Frame(stream.read(hooks).map_err(|error| Unknown::Stream(Failed::Stream(error)))?)
            }
        };
        let engine = PolarsEngine::default();
        let data = engine.open(held.data(), &self.storage, &self.dialect).map_err(ProfileError::from)?;
        let (cancelled, progress) = (std::sync::Arc::clone(&hooks.cancelled), hooks.progress());
        let control = Control {
            memory: self.memory.or_else(karat::run::memory).unwrap_or(u64::MAX),
            cancelled: &|| cancelled.load(Ordering::Relaxed),
            progress: progress.as_ref(),
            ..Control::default()
        };
        let options = ProfileOptions { histograms, ..self.profile };
        let profile = karat::profile::profile(data.as_ref(), &engine, &options, control)?;
        Ok(Profiled { data, profile })
    }
}

struct Profiled {
    data: Box<dyn Opened>,
    profile: karat::profile::Profile,
}

/// Makes the profile of a table. `shown` are the personal columns, and whether values of others that look so are shown.
#[pyfunction]
pub(crate) fn profile(
    py: Python<'_>,
    data: &Bound<'_, PyAny>,
    shown: (Vec<String>, bool),
    filled: Filled,
    options: Options,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Profile> {
    let task = Task::new(py, data, &shown, &filled, &options)?;
    let made = wait_for(py, progress, move |hooks| {
        let Profiled { profile, .. } = task.profile(&hooks, true)?;
        Ok(Profile { report: ProfileReport::from(&profile) })
    })?;
    made.map_err(|unknown: Unknown| unknown.raised(py))
}

/// Drafts a suite from what a table holds, and returns it as YAML; `named` are its name and its layer.
#[pyfunction]
pub(crate) fn suggest(
    py: Python<'_>,
    data: &Bound<'_, PyAny>,
    named: (Option<String>, Option<String>),
    shown: (Vec<String>, bool),
    filled: Filled,
    options: Options,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<String> {
    let task = Task::new(py, data, &shown, &filled, &options)?;
    let check = options.check(None, &task.project, task.uri.as_deref())?;
    let (name, layer) = named;
    let made = wait_for(py, progress, move |hooks| {
        let (uri, layers) = (task.uri.clone(), task.project.layers.clone());
        let Profiled { data, profile } = task.profile(&hooks, false)?;
        let place = uri.as_deref().unwrap_or("data");
        let layer = layer.as_deref().or_else(|| layer_of(place, &layers));
        let own = dataset_name(place);
        let named =
            name.unwrap_or_else(|| layer.map_or_else(|| own.clone(), |layer| format!("{layer}/{own}")));
        let check = CheckOptions { cancelled: hooks.cancelled.clone(), progress: hooks.progress(), ..check };
        let options = SuggestOptions {
            suite: &named,
            layer,
            data: &without_credentials(place),
            schema: "suite.v1.schema.json",
            longest_list: 50,
            others: &[],
            check: &check,
        };
        let draft = karat::suggest::suggest(&profile, Opening { data, uri: uri.as_deref() }, &options);
        draft.map(|draft| draft.yaml).map_err(Unknown::Draft)
    })?;
    made.map_err(|unknown: Unknown| unknown.raised(py))
}
