//! Opens a connection to the store of an address, with the user's options.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use object_store::aws::AmazonS3Builder;
use object_store::azure::{AzureConfigKey as AzureKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey as GoogleKey};
use object_store::http::HttpBuilder;
use object_store::{ClientConfigKey, ClientOptions, HeaderMap, HeaderValue, ObjectStore, RetryConfig};
use percent_encoding::percent_decode_str;

use super::address::{Address, Cloud};
use super::client::{self, CLIENT, RedirectPolicy};
use super::lent::{ForAzure, ForGoogle, ForS3};
use super::options::StorageOptions;
use super::retrying_client::Connector;
use super::settings::{Setting, checked, settings, variable};
use super::settings_s3::s3_settings;
use super::traffic::Traffic;
use super::trusted::{trusted_by_aws, trusted_by_machine};
use super::values::ValueKind;
use super::web_log::WebLog;
use crate::source::dependency_messages::{
    BAD_ACCOUNT, BAD_PLACE, NO_ACCOUNT, NO_KEY_ID, NO_SECRET_KEY, NO_ZONE, TWO_ACCOUNTS,
};

/// Builds a store from a builder and settings. The builders of the clouds share these methods, but no trait.
macro_rules! opened {
    ($builder:expr, $settings:expr, $connector:expr) => {
        $settings
            .into_iter()
            .fold($builder, |builder, (key, setting)| builder.with_config(key, setting.value))
            .with_retry(once())
            .with_http_connector($connector)
            .build()
            .map(|store| Arc::new(store) as _)
    };
}

/// Opens the store of an address and counts its traffic. No request is made. `completes_anew`: an upload in parts is completed
/// only if there is no object of its name.
pub(super) fn connect(
    address: &Address,
    options: &StorageOptions,
    traffic: &Arc<Traffic>,
    completes_anew: bool,
) -> Result<Arc<dyn ObjectStore>, String> {
    trusted_by_machine()?;
    let clients = client::Connector { follow: RedirectPolicy::SameHost, trusted: Vec::new() };
    let mut connector =
        Connector { clients, limits: options.limits(), traffic: traffic.clone(), completes_anew };
    // A long answer may take any time: `Connector` fails the answer only if the server falls silent.
    let client = ClientOptions::new().with_timeout_disabled();
    let store: object_store::Result<Arc<dyn ObjectStore>> = match address.cloud {
        Cloud::S3 => {
            let settings = s3_settings(options)?;
            connector.clients.trusted = trusted_by_aws(options)?;
            let mut builder = AmazonS3Builder::new().with_url(&address.bucket).with_client_options(client);
            if let Some(lent) = options.lent() {
                builder = builder.with_credentials(Arc::new(ForS3(lent)));
            }
            opened!(builder, settings, connector)
        }
        Cloud::Azure => {
            let mut settings = settings::<AzureKey>("AZURE_", options).over();
            // The URL of the machine's identity service, and the header sent to it, have variables without a
            // prefix.
            if let Some(endpoint) = variable("IDENTITY_ENDPOINT") {
                settings.entry(AzureKey::MsiEndpoint).or_insert(endpoint);
            }
            if let Some(signature) = &address.secret.query {
                settings.insert(AzureKey::SasKey, Setting::of_uri(signature));
            }
            for (name, kind) in
                [("IDENTITY_HEADER", ValueKind::Head), ("AZURITE_BLOB_STORAGE_URL", ValueKind::Endpoint)]
            {
                variable(name).map_or(Ok(()), |setting| setting.is(kind))?;
            }
            let mut builder =
                MicrosoftAzureBuilder::new().with_url(&address.bucket).with_client_options(client);
            if let Some(lent) = options.lent() {
                settings.remove(&AzureKey::SkipSignature);
                builder = builder.with_credentials(Arc::new(ForAzure(lent)));
            }
            opened!(builder, checked(settings)?, connector)
        }
        Cloud::Google => {
            let mut settings = settings::<GoogleKey>("GOOGLE_", options).over();
            let mut builder = GoogleCloudStorageBuilder::new()
                .with_url(&address.bucket)
                .with_client_options(client.with_allow_http(true));
            if let Some(lent) = options.lent() {
                // What a file of credentials says of the service counts in its place.
                settings.retain(|key, _| !OF_GOOGLE_ACCOUNTS.contains(key));
                builder = builder.with_credentials(Arc::new(ForGoogle(lent)));
            }
            opened!(builder, checked(settings)?, connector)
        }
        Cloud::Web => {
            let settings = settings::<ClientConfigKey>("", options).over();
            let client = checked(settings)?
                .into_iter()
                // A user who writes http:// means it.
                .fold(client.with_allow_http(true), |client, (key, setting)| {
                    client.with_config(key, setting.value)
                })
                .with_default_headers(web_headers(address));
            connector.clients.follow = RedirectPolicy::AnyHost;
            let builder = HttpBuilder::new().with_url(web_url(address)).with_client_options(client);
            let store = builder.with_retry(once()).with_http_connector(connector).build();
            store.map(|store| Arc::new(WebLog::over(store)) as _)
        }
    };
    store.map_err(|error| {
        let text = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        match error {
            // The text of an error of our own client holds no secret.
            object_store::Error::Generic { store: CLIENT, .. } => text,
            _ => reason(address.cloud, &text),
        }
    })
}

/// The settings of Google that hold credentials, or say that there are none.
const OF_GOOGLE_ACCOUNTS: [GoogleKey; 4] = [
    GoogleKey::ServiceAccount,
    GoogleKey::ServiceAccountKey,
    GoogleKey::ApplicationCredentials,
    GoogleKey::SkipSignature,
];

/// Disables the retries of the store, since `Connector` retries the requests.
fn once() -> RetryConfig {
    RetryConfig { max_retries: 0, ..RetryConfig::default() }
}

/// Returns why a store cannot be opened, in our own words: those of the libraries repeat the wrong value,
/// which may be a key.
fn reason(cloud: Cloud, text: &str) -> String {
    let has = |words: &str| text.contains(words);
    let reason = match cloud {
        Cloud::S3 if has(NO_KEY_ID) => "aws_secret_access_key is given without aws_access_key_id",
        Cloud::S3 if has(NO_SECRET_KEY) => "aws_access_key_id is given without aws_secret_access_key",
        Cloud::S3 if has(NO_ZONE) => "aws_s3_express is given, and the bucket is not of S3 Express",
        Cloud::Azure if has(NO_ACCOUNT) => "its account is told by azure_storage_account_name, or in the URI",
        Cloud::Google if has(TWO_ACCOUNTS) => {
            "google_service_account and google_service_account_key are both given"
        }
        Cloud::Google if BAD_ACCOUNT.into_iter().any(has) => {
            "what google_service_account, google_service_account_key or google_application_credentials names \
             holds no credentials of Google"
        }
        _ if BAD_PLACE.into_iter().any(has) => "its place makes no sense to its store",
        _ => "its options make no sense together",
    };
    reason.to_owned()
}

/// Returns the URL of a web server with its signature, which only that server may see.
fn web_url(address: &Address) -> String {
    let query = address.secret.query.as_ref().map_or_else(String::new, |query| format!("?{query}"));
    format!("{}/{query}", address.bucket)
}

/// Returns the headers that authenticate the user at a web server.
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
