//! The options with which object stores are opened, in addition to the environment.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::known_options::{self, kind_of};
use super::lent::{Kept, Lender};
use super::retry::RetryLimits;
use super::values::time;
use crate::document::did_you_mean;

/// Options of object stores, such as `aws_endpoint_url` or `azure_storage_account_name`. The environment
/// fills in the options that are not given.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct StorageOptions {
    /// The values, by their names in lower case.
    values: BTreeMap<String, String>,
    /// The credentials that somebody lends, in place of those of the values and the environment.
    lent: Option<Kept>,
}

/// An option with an unknown name or an invalid value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct UnknownOption {
    /// What is wrong, without the value.
    pub message: String,
    /// How the user can fix the option.
    pub help: Option<String>,
}

/// The options of retries and timeouts.
const MAX_RETRIES: &str = "max_retries";
const RETRY_TIMEOUT: &str = "retry_timeout";
const READ_TIMEOUT: &str = "read_timeout";
/// The option that names a section of the AWS files.
pub(super) const AWS_PROFILE: &str = "aws_profile";
/// The option that names a file of trusted certificate authorities.
pub(super) const AWS_CA_BUNDLE: &str = "aws_ca_bundle";

impl StorageOptions {
    /// Returns the names of all known options, in lower case.
    pub fn names() -> impl Iterator<Item = String> {
        known_options::all().map(|(name, _)| name)
    }

    /// Sets an option. The name may be in upper case, as that of an environment variable.
    ///
    /// # Errors
    /// No store has the option, or the value is invalid. The message never repeats the value, and repeats the
    /// name only if it looks like one, since it may be a secret.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), UnknownOption> {
        let (written, name) = (name.trim(), name.trim().to_ascii_lowercase());
        let Some(kind) = kind_of(&name) else {
            let names: Vec<String> = Self::names().collect();
            let help = did_you_mean(&name, names.iter().map(String::as_str)).filter(|_| is_name(written));
            let is_shown = is_name(written) && (help.is_some() || name.contains('_'));
            let shown = if is_shown { format!(" {name:?}") } else { " of this name".to_owned() };
            return Err(UnknownOption { message: format!("no storage option{shown}"), help });
        };
        // These two options also accept a plain number of seconds.
        let is_seconds = [RETRY_TIMEOUT, READ_TIMEOUT].contains(&name.as_str()) && duration(value).is_some();
        if let Some(demand) = kind.violation(value).filter(|_| !is_seconds) {
            return Err(UnknownOption {
                message: format!("the storage option {name} must be {demand}"),
                help: None,
            });
        }
        self.values.insert(name, value.to_owned());
        Ok(())
    }

    /// Returns these options, with those that are missing taken from `others`.
    #[must_use]
    pub fn or(mut self, others: &Self) -> Self {
        for (name, value) in &others.values {
            self.values.entry(name.clone()).or_insert_with(|| value.clone());
        }
        self.lent = self.lent.or_else(|| others.lent.clone());
        self
    }

    /// Returns these options with the credentials that somebody lends. Other credentials, of options or of the environment, are
    /// not used then.
    #[must_use]
    pub fn lent_by(self, lender: Arc<dyn Lender>) -> Self {
        Self { lent: Some(Kept::of(lender)), ..self }
    }

    pub(super) fn lent(&self) -> Option<Kept> {
        self.lent.clone()
    }

    /// Returns the limits on retries. Twenty pauses take longer than three minutes: by default, the time is
    /// the limit.
    pub(super) fn limits(&self) -> RetryLimits {
        const RETRIES: usize = 20;
        const WITHIN: Duration = Duration::from_mins(3);
        const SILENCE: Duration = Duration::from_secs(20);
        let lasts = |name| self.get(name).and_then(|value| duration(value).or_else(|| time(value)));
        RetryLimits {
            retries: self.get(MAX_RETRIES).and_then(|value| value.parse().ok()).unwrap_or(RETRIES),
            total_time: lasts(RETRY_TIMEOUT).unwrap_or(WITHIN),
            read_timeout: lasts(READ_TIMEOUT).unwrap_or(SILENCE),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Returns all options, with their names in lower case.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Returns whether a text looks like the name of an option and not like a generated secret.
fn is_name(text: &str) -> bool {
    const LONGEST: usize = 48;
    let is_of_one_case = text.to_ascii_lowercase() == text || text.to_ascii_uppercase() == text;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    is_of_one_case && is_word && digits <= 2 && !text.is_empty() && text.len() <= LONGEST
}

fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let number = digits.parse().ok()?;
    match text[digits.len()..].trim() {
        "ms" => Some(Duration::from_millis(number)),
        "" | "s" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_secs(number.checked_mul(60)?)),
        _ => None,
    }
}

/// Prints names only, since many values are secrets.
impl fmt::Debug for StorageOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_that_no_store_has_is_refused() {
        let mut options = StorageOptions::default();
        options.set("AWS_REGION", "eu-north-1").unwrap();
        let error = options.set("aws_regoin", "hidden").unwrap_err();
        assert_eq!(error.message, "no storage option \"aws_regoin\"");
        assert!(error.help.unwrap().contains("aws_region"));
        assert_eq!(
            options.set("retry_timeout", "soon").unwrap_err().message,
            "the storage option retry_timeout must be a time with a unit, such as 30s or 500ms"
        );
        assert_eq!(format!("{options:?}"), "{\"aws_region\"}");
        assert_eq!(
            options.set("wJalrXUtnFEMI/K7MDENG", "x").unwrap_err().message,
            "no storage option of this name"
        );
    }

    #[test]
    fn every_option_is_one_of_a_store() {
        use object_store::aws::AmazonS3ConfigKey;
        use object_store::azure::AzureConfigKey;
        use object_store::gcp::GoogleConfigKey;
        let own = [MAX_RETRIES, RETRY_TIMEOUT, READ_TIMEOUT, AWS_PROFILE, AWS_CA_BUNDLE];
        for name in StorageOptions::names().filter(|name| !own.contains(&name.as_str())) {
            let known = name.parse::<AmazonS3ConfigKey>().is_ok()
                || name.parse::<AzureConfigKey>().is_ok()
                || name.parse::<GoogleConfigKey>().is_ok();
            assert!(known, "{name}");
        }
    }

    #[test]
    fn times_have_units() {
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("2 m"), Some(Duration::from_mins(2)));
        assert_eq!(duration("7"), Some(Duration::from_secs(7)));
        assert_eq!(duration("1.5s"), None);
    }
}
