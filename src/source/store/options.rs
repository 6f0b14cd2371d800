//! What opens object stores, beside the environment.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use object_store::aws::AmazonS3ConfigKey;
use object_store::azure::AzureConfigKey;
use object_store::gcp::GoogleConfigKey;

use super::patience::Patience;
use crate::document::did_you_mean;

/// Options of object stores, such as `aws_endpoint_url` or `azure_storage_account_name`, with which
/// they are opened. What is not given is taken from the environment.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct StorageOptions {
    /// By their names in lower case.
    values: BTreeMap<String, String>,
}

/// An option that no store has, or that has no such value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct UnknownOption {
    /// What is wrong; never with the value.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

/// The options that concern the fetching itself.
const MAX_RETRIES: &str = "max_retries";
const RETRY_TIMEOUT: &str = "retry_timeout";
const READ_TIMEOUT: &str = "read_timeout";
/// The section of the AWS files.
pub(super) const AWS_PROFILE: &str = "aws_profile";
const OWN: [&str; 4] = [MAX_RETRIES, RETRY_TIMEOUT, READ_TIMEOUT, AWS_PROFILE];

/// Names that mistyped ones are likely to mean.
const USUAL: [&str; 18] = [
    "allow_http",
    "aws_access_key_id",
    "aws_allow_http",
    "aws_endpoint_url",
    "aws_region",
    "aws_secret_access_key",
    "aws_session_token",
    "aws_skip_signature",
    "aws_virtual_hosted_style_request",
    "azure_endpoint",
    "azure_storage_account_key",
    "azure_storage_account_name",
    "azure_storage_sas_token",
    "azure_tenant_id",
    "connect_timeout",
    "google_application_credentials",
    "google_service_account",
    "timeout",
];

impl StorageOptions {
    /// Sets an option; the name may be written as that of an environment variable.
    ///
    /// # Errors
    /// No store has the option, or it has no such value.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), UnknownOption> {
        let name = name.trim().to_ascii_lowercase();
        let known = OWN.contains(&name.as_str())
            || name.parse::<AmazonS3ConfigKey>().is_ok()
            || name.parse::<AzureConfigKey>().is_ok()
            || name.parse::<GoogleConfigKey>().is_ok();
        if !known {
            return Err(UnknownOption {
                message: format!("no storage option {name:?}"),
                help: did_you_mean(&name, USUAL.into_iter().chain(OWN)),
            });
        }
        let wrong = |form: &str| UnknownOption {
            message: format!("the storage option {name} is {form}"),
            help: None,
        };
        if name == MAX_RETRIES && value.parse::<usize>().is_err() {
            return Err(wrong("a whole number"));
        }
        if [RETRY_TIMEOUT, READ_TIMEOUT].contains(&name.as_str()) && duration(value).is_none() {
            return Err(wrong("a time, such as 30s or 500ms"));
        }
        self.values.insert(name, value.to_owned());
        Ok(())
    }

    /// These, and for what they leave open, others.
    #[must_use]
    pub fn or(mut self, others: &Self) -> Self {
        for (name, value) in &others.values {
            self.values.entry(name.clone()).or_insert_with(|| value.clone());
        }
        self
    }

    /// How often and how long a request is repeated that failed and may do better. Pauses between so
    /// many take longer than that: the time is the limit, unless an option says another.
    pub(super) fn patience(&self) -> Patience {
        const RETRIES: usize = 20;
        const WITHIN: Duration = Duration::from_mins(3);
        const SILENCE: Duration = Duration::from_secs(20);
        let time = |name| self.get(name).and_then(duration);
        Patience {
            retries: self.get(MAX_RETRIES).and_then(|value| value.parse().ok()).unwrap_or(RETRIES),
            within: time(RETRY_TIMEOUT).unwrap_or(WITHIN),
            silence: time(READ_TIMEOUT).unwrap_or(SILENCE),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// All of them, with their names in lower case.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
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

/// Names only: many values are secrets.
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
            "the storage option retry_timeout is a time, such as 30s or 500ms"
        );
        assert_eq!(format!("{options:?}"), "{\"aws_region\"}");
    }

    #[test]
    fn times_have_units() {
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("2 m"), Some(Duration::from_mins(2)));
        assert_eq!(duration("7"), Some(Duration::from_secs(7)));
        assert_eq!(duration("1.5s"), None);
    }
}
