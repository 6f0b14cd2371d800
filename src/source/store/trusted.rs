//! Reads the certificate authorities that the environment and the options name.

use reqwest::Certificate;

use super::options::{AWS_CA_BUNDLE, AWS_PROFILE, StorageOptions};
use super::settings::{Setting, variable};
use super::settings_s3::profile;

/// Reads the certificate authorities that AWS's own tools trust in addition to those of the machine:
/// `aws_ca_bundle`, `AWS_CA_BUNDLE`, or `ca_bundle` of the profile.
pub(super) fn trusted_by_aws(options: &StorageOptions) -> Result<Vec<Certificate>, String> {
    let given = options.get(AWS_CA_BUNDLE).map(|file| Setting::of_option(AWS_CA_BUNDLE, file));
    if let Some(setting) = given.or_else(|| variable("AWS_CA_BUNDLE")) {
        return certificates(&setting);
    }
    let profile = profile(options.get(AWS_PROFILE))?;
    let setting = profile.get("ca_bundle").map(|file| Setting::of_profile("ca_bundle", AWS_CA_BUNDLE, file));
    setting.map_or(Ok(Vec::new()), |setting| certificates(&setting))
}

/// Fails if `SSL_CERT_FILE` names a file without certificates: no server would be trusted, and no message
/// would say why.
pub(super) fn trusted_by_machine() -> Result<(), String> {
    variable("SSL_CERT_FILE").map_or(Ok(()), |setting| certificates(&setting).map(drop))
}

fn certificates(setting: &Setting) -> Result<Vec<Certificate>, String> {
    let bytes = setting.is_readable()?;
    let found = Certificate::from_pem_bundle(&bytes).unwrap_or_default();
    if found.is_empty() {
        return Err(format!("{} names a file that holds no certificate in PEM", setting.place()));
    }
    Ok(found)
}
