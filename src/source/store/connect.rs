//! An address and options → a connection to its store.

use std::collections::HashMap;
use std::hash::Hash;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey as S3Key};
use object_store::azure::{AzureConfigKey as AzureKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey as GoogleKey};
use object_store::http::HttpBuilder;
use object_store::{ClientConfigKey, ClientOptions, HeaderMap, HeaderValue, ObjectStore, RetryConfig};
use percent_encoding::percent_decode_str;

use super::address::{Address, Cloud};
use super::aws_profile::{Files, Profile};
use super::options::{AWS_PROFILE, StorageOptions};
use super::patient::Connector;
use super::traffic::Traffic;
use super::web_log::WebLog;

/// Opens the store of an address, whose traffic is counted. No request is made.
pub(super) fn connect(
    address: &Address,
    options: &StorageOptions,
    traffic: &Arc<Traffic>,
) -> Result<Arc<dyn ObjectStore>, String> {
    let connector = Connector { patience: options.patience(), traffic: traffic.clone() };
    // A long answer takes its time: that it goes on is seen to while it does.
    let client = ClientOptions::new().with_timeout_disabled();
    let store: object_store::Result<Arc<dyn ObjectStore>> = match address.cloud {
        Cloud::S3 => {
            let settings = s3_settings(options)?;
            let builder = AmazonS3Builder::new().with_url(&address.bucket).with_client_options(client);
            let builder =
                settings.into_iter().fold(builder, |builder, (key, value)| builder.with_config(key, value));
            builder
                .with_retry(once())
                .with_http_connector(connector)
                .build()
                .map(|store| Arc::new(store) as _)
        }
        Cloud::Azure => {
            let mut settings = settings::<AzureKey>("AZURE_", options).over();
            // Where the machine is asked for its identity has a name of its own.
            for (_, endpoint) in environment("IDENTITY_ENDPOINT") {
                settings.entry(AzureKey::MsiEndpoint).or_insert(endpoint);
            }
            if let Some(signature) = &address.secret.query {
                settings.insert(AzureKey::SasKey, signature.clone());
            }
            let builder = MicrosoftAzureBuilder::new().with_url(&address.bucket).with_client_options(client);
            let builder =
                settings.into_iter().fold(builder, |builder, (key, value)| builder.with_config(key, value));
            builder
                .with_retry(once())
                .with_http_connector(connector)
                .build()
                .map(|store| Arc::new(store) as _)
        }
        Cloud::Google => {
            let settings = settings::<GoogleKey>("GOOGLE_", options).over();
            let builder = GoogleCloudStorageBuilder::new()
                .with_url(&address.bucket)
                .with_client_options(client.with_allow_http(true));
            let builder =
                settings.into_iter().fold(builder, |builder, (key, value)| builder.with_config(key, value));
            builder
                .with_retry(once())
                .with_http_connector(connector)
                .build()
                .map(|store| Arc::new(store) as _)
        }
        Cloud::Web => {
            let given = settings::<ClientConfigKey>("", options).given;
            let client = given
                .into_iter()
                // Who writes http:// means it.
                .fold(client.with_allow_http(true), |client, (key, value)| client.with_config(key, value))
                .with_default_headers(web_headers(address));
            let builder = HttpBuilder::new().with_url(web_url(address)).with_client_options(client);
            let store = builder.with_retry(once()).with_http_connector(connector).build();
            store.map(|store| Arc::new(WebLog::over(store)) as _)
        }
    };
    store.map_err(|error| {
        let text = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        if text.contains("Account must be specified") {
            return "its account is told by azure_storage_account_name, or in the URI".to_owned();
        }
        // What is behind a colon may be a part of what is wrong: of a key.
        text.split(": ").next().unwrap_or_default().to_owned()
    })
}

/// The connection repeats what it may: the store repeats nothing.
fn once() -> RetryConfig {
    RetryConfig { max_retries: 0, ..RetryConfig::default() }
}

/// The URL of a web server, with the signature that only it may see.
fn web_url(address: &Address) -> String {
    let query = address.secret.query.as_ref().map_or_else(String::new, |query| format!("?{query}"));
    format!("{}/{query}", address.bucket)
}

/// What tells a web server who asks.
fn web_headers(address: &Address) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let user = address.secret.user.as_ref().map(|user| percent_decode_str(user).collect::<Vec<u8>>());
    let basic = user.map(|user| format!("Basic {}", BASE64_STANDARD.encode(user)));
    if let Some(mut value) = basic.and_then(|basic| HeaderValue::from_str(&basic).ok()) {
        value.set_sensitive(true);
        headers.insert("authorization", value);
    }
    headers
}

/// What the environment and the caller say.
struct Settings<K> {
    environment: HashMap<K, String>,
    given: HashMap<K, String>,
}

impl<K: Eq + Hash> Settings<K> {
    /// What is given goes before the environment.
    fn over(self) -> HashMap<K, String> {
        let mut settings = self.environment;
        settings.extend(self.given);
        settings
    }
}

fn settings<K: FromStr + Eq + Hash>(prefix: &'static str, options: &StorageOptions) -> Settings<K> {
    let key = |name: &str| name.to_ascii_lowercase().parse::<K>().ok();
    let environment = match prefix {
        "" => HashMap::new(),
        prefix => environment(prefix).filter_map(|(name, value)| Some((key(&name)?, value))).collect(),
    };
    let given = options.iter().filter_map(|(name, value)| Some((key(name)?, value.to_owned()))).collect();
    Settings { environment, given }
}

/// The variables of a cloud: credentials are in the environment, where all tools look for them.
fn environment(prefix: &'static str) -> impl Iterator<Item = (String, String)> {
    let variables = std::env::vars_os();
    variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(move |(name, value)| name.starts_with(prefix) && !value.is_empty())
}

/// What is given, else the environment, else a profile; but one that is asked for by an option goes
/// before the environment.
fn s3_settings(options: &StorageOptions) -> Result<HashMap<S3Key, String>, String> {
    const KEYS: [S3Key; 3] = [S3Key::AccessKeyId, S3Key::SecretAccessKey, S3Key::Token];
    let Settings { mut environment, given } = settings::<S3Key>("AWS_", options);
    let replaced = |environment: &mut HashMap<S3Key, String>, by: &[S3Key], others: &[S3Key]| {
        if by.iter().any(|key| given.contains_key(key)) {
            environment.retain(|key, _| !others.contains(key));
        }
    };
    // Half of one pair of keys and half of another open nothing.
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
    let mut wanted = vec![(S3Key::DefaultRegion, "region")];
    if !signed {
        wanted.push((S3Key::AccessKeyId, "aws_access_key_id"));
        wanted.push((S3Key::SecretAccessKey, "aws_secret_access_key"));
        wanted.push((S3Key::Token, "aws_session_token"));
    }
    if !settings.contains_key(&S3Key::S3Endpoint) {
        wanted.push((S3Key::Endpoint, "endpoint_url"));
    }
    for (key, name) in wanted {
        if let (false, Some(value)) = (settings.contains_key(&key), profile.get(name)) {
            settings.insert(key, value.to_owned());
        }
    }
    Ok(settings)
}

fn profile(chosen: Option<&str>) -> Result<Profile, String> {
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
