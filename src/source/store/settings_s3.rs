//! Collects the settings of S3 from options, the environment, and a profile of the AWS files.

use std::collections::HashMap;
use std::path::PathBuf;

use object_store::aws::AmazonS3ConfigKey as S3Key;

use super::aws_profile::{Files, Profile};
use super::options::{AWS_PROFILE, StorageOptions};
use super::settings::{Setting, Settings, checked, environment, settings};

/// Returns the settings of S3: options override the environment, which overrides the profile; but the
/// credentials of a profile that an option names override the environment.
pub(super) fn s3_settings(options: &StorageOptions) -> Result<HashMap<S3Key, Setting>, String> {
    const KEYS: [S3Key; 3] = [S3Key::AccessKeyId, S3Key::SecretAccessKey, S3Key::Token];
    const FILES: [S3Key; 2] = [S3Key::WebIdentityTokenFile, S3Key::ContainerAuthorizationTokenFile];
    let Settings { mut environment, given } = settings::<S3Key>("AWS_", options);
    let replaced = |environment: &mut HashMap<S3Key, Setting>, by: &[S3Key], others: &[S3Key]| {
        if by.iter().any(|key| given.contains_key(key)) {
            environment.retain(|key, _| !others.contains(key));
        }
    };
    // Options and environment must not be mixed within one pair of keys.
    replaced(&mut environment, &KEYS, &KEYS);
    replaced(&mut environment, &[S3Key::Endpoint], &[S3Key::S3Endpoint]);
    replaced(&mut environment, &[S3Key::DefaultRegion], &[S3Key::Region]);
    let chosen = options.get(AWS_PROFILE);
    if chosen.is_some() {
        environment.retain(|key, _| !KEYS.contains(key));
    }
    let mut settings = environment;
    settings.extend(given);
    let profile = profile(chosen)?;
    let signed = [S3Key::AccessKeyId, S3Key::WebIdentityTokenFile, S3Key::SkipSignature]
        .iter()
        .any(|key| settings.contains_key(key));
    let mut wanted = vec![(S3Key::DefaultRegion, "region", "aws_region")];
    if !signed {
        wanted.push((S3Key::AccessKeyId, "aws_access_key_id", "aws_access_key_id"));
        wanted.push((S3Key::SecretAccessKey, "aws_secret_access_key", "aws_secret_access_key"));
        wanted.push((S3Key::Token, "aws_session_token", "aws_session_token"));
    }
    if !settings.contains_key(&S3Key::S3Endpoint) {
        wanted.push((S3Key::Endpoint, "endpoint_url", "aws_endpoint_url"));
    }
    for (key, name, option) in wanted {
        if let (false, Some(value)) = (settings.contains_key(&key), profile.get(name)) {
            settings.insert(key, Setting::of_profile(name, option, value));
        }
    }
    if settings.contains_key(&S3Key::AccessKeyId) {
        // With a key, the files of other credentials are not used and need not exist.
        settings.retain(|key, _| !FILES.contains(key));
    }
    if options.lent().is_some() {
        settings.retain(|key, _| !KEYS.contains(key) && !FILES.contains(key) && *key != S3Key::SkipSignature);
    }
    checked(settings)
}

/// Reads the profile that the options or the environment choose.
pub(super) fn profile(chosen: Option<&str>) -> Result<Profile, String> {
    let variables: HashMap<String, String> = environment("AWS_").collect();
    let file = |variable: &str, name: &str| {
        let usual = || std::env::home_dir().map(|home| home.join(".aws").join(name));
        variables.get(variable).map(PathBuf::from).or_else(usual)
    };
    let files = Files {
        credentials: file("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        config: file("AWS_CONFIG_FILE", "config"),
    };
    let named = || variables.get("AWS_PROFILE").or_else(|| variables.get("AWS_DEFAULT_PROFILE"));
    Profile::read(&files, chosen.or_else(|| named().map(String::as_str)))
}
