//! Collects the settings of a store from options and the environment, and validates them before they are
//! used.

use std::collections::HashMap;
use std::hash::Hash;
use std::str::FromStr;

use super::known_options::kind_of;
use super::options::StorageOptions;
use super::values::ValueKind;

/// A value with its name and origin.
#[derive(Clone)]
pub(super) struct Setting {
    pub(super) value: String,
    /// The name of the option that the value belongs to.
    option: String,
    /// The origin in messages: `the variable AWS_REGION`.
    place: String,
}

impl Setting {
    pub(super) fn of_option(option: &str, value: &str) -> Self {
        Self {
            value: value.to_owned(),
            option: option.to_owned(),
            place: format!("the storage option {option}"),
        }
    }

    pub(super) fn of_variable(variable: &str, value: String) -> Self {
        Self { value, option: variable.to_ascii_lowercase(), place: format!("the variable {variable}") }
    }

    pub(super) fn of_profile(setting: &str, option: &str, value: &str) -> Self {
        let place = format!("{setting} of the AWS profile");
        Self { value: value.to_owned(), option: option.to_owned(), place }
    }

    /// Returns the setting of the signature in a URI.
    pub(super) fn of_uri(query: &str) -> Self {
        let (option, place) =
            ("azure_storage_sas_token".to_owned(), "what stands behind ? in the URI".to_owned());
        Self { value: query.to_owned(), option, place }
    }

    /// Fails unless the value is of a kind.
    pub(super) fn is(&self, kind: ValueKind) -> Result<(), String> {
        kind.violation(&self.value).map_or(Ok(()), |demand| Err(format!("{} must be {demand}", self.place)))
    }

    /// Reads the file that the value names.
    pub(super) fn is_readable(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.value)
            .map_err(|error| format!("{} names a file that cannot be read: {}", self.place, error.kind()))
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    fn kind(&self) -> ValueKind {
        kind_of(&self.option).unwrap_or(ValueKind::Text)
    }
}

/// The settings of the environment and those that the caller gives.
pub(super) struct Settings<K> {
    pub(super) environment: HashMap<K, Setting>,
    pub(super) given: HashMap<K, Setting>,
}

impl<K: Eq + Hash> Settings<K> {
    /// Merges both; given settings override the environment.
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

/// Validates all settings and drops those that concern only writing.
pub(super) fn checked<K: Eq + Hash>(settings: HashMap<K, Setting>) -> Result<HashMap<K, Setting>, String> {
    let mut wrong: Vec<String> = Vec::new();
    let mut settings = settings;
    settings.retain(|_, setting| {
        let kind = setting.kind();
        let found = match kind {
            ValueKind::File => setting.is_readable().map(drop),
            kind => setting.is(kind),
        };
        wrong.extend(found.err());
        kind != ValueKind::Unused
    });
    // Sorted, so that every run reports the same one.
    wrong.sort();
    wrong.into_iter().next().map_or(Ok(settings), Err)
}

/// Returns the nonempty environment variables with a prefix.
pub(super) fn environment(prefix: &'static str) -> impl Iterator<Item = (String, String)> {
    let variables = std::env::vars_os();
    variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(move |(name, value)| name.starts_with(prefix) && !value.is_empty())
}

/// Returns an environment variable that is set and not empty.
pub(super) fn variable(name: &'static str) -> Option<Setting> {
    let (name, value) = environment(name).find(|(found, _)| found == name)?;
    Some(Setting::of_variable(&name, value))
}
