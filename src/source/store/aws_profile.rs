//! Reads profiles from the shared files of AWS: `~/.aws/credentials` and `~/.aws/config`.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The settings of a profile, by their names in lower case.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Profile {
    settings: BTreeMap<String, String>,
}

/// The paths of the two files of AWS.
pub(super) struct Files {
    pub(super) credentials: Option<PathBuf>,
    pub(super) config: Option<PathBuf>,
}

/// Settings that get credentials in a way that karat does not support.
const ELSEWHERE: [&str; 5] =
    ["credential_process", "credential_source", "role_arn", "sso_session", "sso_start_url"];

impl Profile {
    /// Reads a profile. A profile that is asked for by name must exist; `default` need not.
    pub(super) fn read(files: &Files, named: Option<&str>) -> Result<Self, String> {
        let name = named.unwrap_or("default");
        let text = |path: &Option<PathBuf>| {
            path.as_ref().and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default()
        };
        let config = section(&text(&files.config), |title| {
            title == name && name == "default" || title.strip_prefix("profile ").map(str::trim) == Some(name)
        });
        let credentials = section(&text(&files.credentials), |title| title == name);
        if named.is_some() && config.is_none() && credentials.is_none() {
            // A text that does not look like a name may be a secret.
            let is_name = name.len() <= 32 && name.chars().all(|c| c.is_alphanumeric() || "-_. ".contains(c));
            let quoted = if is_name { format!("{name:?}") } else { "of this name".to_owned() };
            return Err(format!("there is no profile {quoted} in the AWS configuration files"));
        }
        let mut settings = config.unwrap_or_default();
        settings.extend(credentials.unwrap_or_default());
        let profile = Self { settings };
        let elsewhere = ELSEWHERE.iter().find(|setting| profile.settings.contains_key(**setting));
        match elsewhere {
            Some(setting) if profile.get("aws_access_key_id").is_none() && named.is_some() => Err(format!(
                "the AWS profile {name:?} takes its credentials by {setting}, which is not followed; \
                 `aws configure export-credentials --profile {name} --format env` gives them to the environment"
            )),
            _ => Ok(profile),
        }
    }

    pub(super) fn get(&self, setting: &str) -> Option<&str> {
        self.settings.get(setting).map(String::as_str)
    }
}

/// Returns the settings of all sections whose title is `wanted`, without nested settings; `None` if there is
/// no such section.
fn section(text: &str, wanted: impl Fn(&str) -> bool) -> Option<BTreeMap<String, String>> {
    let mut found: Option<BTreeMap<String, String>> = None;
    let mut within = false;
    for line in text.lines() {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with(['#', ';']) {
            continue;
        }
        if let Some(title) = bare.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            within = wanted(title.trim());
            if within {
                found.get_or_insert_default();
            }
        } else if let (true, false, Some((name, value)), Some(settings)) =
            (within, line.starts_with([' ', '\t']), bare.split_once('='), &mut found)
        {
            settings.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(config: &str, credentials: &str, named: Option<&str>) -> Result<Profile, String> {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            Some(path)
        };
        let files = Files { config: write("config", config), credentials: write("credentials", credentials) };
        Profile::read(&files, named)
    }

    #[test]
    fn a_profile_is_in_both_files() {
        let config =
            "[default]\nregion = eu-north-1\n\n[profile lake]\nregion=eu-west-1\ns3 =\n  region = nested\n";
        let credentials = "# mine\n[default]\naws_access_key_id = A\n[lake]\naws_access_key_id = B\n";
        let lake = read(config, credentials, Some("lake")).ok().unwrap();
        assert_eq!((lake.get("region"), lake.get("aws_access_key_id")), (Some("eu-west-1"), Some("B")));
        let default = read(config, credentials, None).ok().unwrap();
        assert_eq!(
            (default.get("region"), default.get("aws_access_key_id")),
            (Some("eu-north-1"), Some("A"))
        );
        assert!(read(config, credentials, Some("other")).err().unwrap().contains("no profile \"other\""));
    }

    #[test]
    fn credentials_that_lie_elsewhere_are_told_of() {
        let config = "[profile lake]\nsso_start_url = https://x\n";
        assert!(read(config, "", Some("lake")).err().unwrap().contains("sso_start_url"));
        assert!(read("", "", None).is_ok());
    }
}
