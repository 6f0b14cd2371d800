//! What opens a store, from options and from the environment, looked at before it is used.

use std::collections::HashMap;
use std::hash::Hash;
use std::str::FromStr;

use super::known_options::kind_of;
use super::options::StorageOptions;
use super::values::Kind;

/// A value, and what it is called.
#[derive(Clone)]
pub(super) struct Setting {
    pub(super) value: String,
    /// What it is an option as.
    option: String,
    /// What messages call it: `the variable AWS_REGION`.
    told: String,
}

impl Setting {
    pub(super) fn of_option(option: &str, value: &str) -> Self {
        Self {
            value: value.to_owned(),
            option: option.to_owned(),
            told: format!("the storage option {option}"),
        }
    }

    pub(super) fn of_variable(variable: &str, value: String) -> Self {
        Self { value, option: variable.to_ascii_lowercase(), told: format!("the variable {variable}") }
    }

    pub(super) fn of_profile(setting: &str, option: &str, value: &str) -> Self {
        let told = format!("{setting} of the AWS profile");
        Self { value: value.to_owned(), option: option.to_owned(), told }
    }

    /// The signature of a URI.
    pub(super) fn of_uri(query: &str) -> Self {
        let (option, told) =
            ("azure_storage_sas_token".to_owned(), "what stands behind ? in the URI".to_owned());
        Self { value: query.to_owned(), option, told }
    }

    /// Makes sure that it is of a kind.
    pub(super) fn is(&self, kind: Kind) -> Result<(), String> {
        kind.demands(&self.value).map_or(Ok(()), |demand| Err(format!("{} must be {demand}", self.told)))
    }

    /// Makes sure that it names a file that can be read.
    pub(super) fn is_readable(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.value)
            .map_err(|error| format!("{} names a file that cannot be read: {}", self.told, error.kind()))
    }

    pub(super) fn told(&self) -> &str {
        &self.told
    }

    fn kind(&self) -> Kind {
        kind_of(&self.option).unwrap_or(Kind::Text)
    }
}

/// What the environment and the caller say.
pub(super) struct Settings<K> {
    pub(super) environment: HashMap<K, Setting>,
    pub(super) given: HashMap<K, Setting>,
}

impl<K: Eq + Hash> Settings<K> {
    /// What is given goes before the environment.
    pub(super) fn over(self) -> HashMap<K, Setting> {
        let mut settings = self.environment;
        settings.extend(self.given);
        settings
    }
}

pub(super) fn settings<K: FromStr + Eq + Hash>(
    prefix: &'static str,
    options: &StorageOptions,
) -> Settings<K> {
    let key = |name: &str| name.to_ascii_lowercase().parse::<K>().ok();
    let environment = match prefix {
        "" => HashMap::new(),
        prefix => environment(prefix)
            .filter_map(|(name, value)| Some((key(&name)?, Setting::of_variable(&name, value))))
            .collect(),
    };
    let given = options
        .iter()
        .filter_map(|(name, value)| Some((key(name)?, Setting::of_option(name, value))))
        .collect();
    Settings { environment, given }
}

/// The settings, all of which are what they must be; without those that concern writing.
pub(super) fn checked<K: Eq + Hash>(settings: HashMap<K, Setting>) -> Result<HashMap<K, Setting>, String> {
    let mut wrong: Vec<String> = Vec::new();
    let mut settings = settings;
    settings.retain(|_, setting| {
        let kind = setting.kind();
        let found = match kind {
            Kind::File => setting.is_readable().map(drop),
            kind => setting.is(kind),
        };
        wrong.extend(found.err());
        kind != Kind::Unused
    });
    // The same one first, in every run.
    wrong.sort();
    wrong.into_iter().next().map_or(Ok(settings), Err)
}

/// The variables of a cloud: credentials are in the environment, where all tools look for them.
pub(super) fn environment(prefix: &'static str) -> impl Iterator<Item = (String, String)> {
    let variables = std::env::vars_os();
    variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(move |(name, value)| name.starts_with(prefix) && !value.is_empty())
}

/// A variable that is set to something.
pub(super) fn variable(name: &'static str) -> Option<Setting> {
    let (name, value) = environment(name).find(|(found, _)| found == name)?;
    Some(Setting::of_variable(&name, value))
}
