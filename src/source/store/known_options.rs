//! The options of object stores under all their names, with the kind of their values.

use super::values::ValueKind::{
    self, Account, Base64, Boolean, Certificate, Count, Endpoint, File, Frame, Head, Json, OneOf, Proxy,
    Region, Signature, Text, Time, Unused, UrlPart, UrlPath,
};

/// Options of all connections; the name of a cloud may stand in front of them.
const OF_CLIENTS: [(&str, ValueKind); 18] = [
    ("allow_http", Boolean),
    ("allow_invalid_certificates", Boolean),
    ("connect_timeout", Time),
    ("default_content_type", Text),
    ("http1_only", Boolean),
    ("http2_keep_alive_interval", Time),
    ("http2_keep_alive_timeout", Time),
    ("http2_keep_alive_while_idle", Boolean),
    ("http2_max_frame_size", Frame),
    ("http2_only", Boolean),
    ("pool_idle_timeout", Time),
    ("pool_max_idle_per_host", Count),
    ("proxy_ca_certificate", Certificate),
    ("proxy_excludes", Text),
    ("proxy_url", Proxy),
    ("randomize_addresses", Boolean),
    ("timeout", Time),
    ("user_agent", Head),
];

/// Options of one cloud; the name of the cloud may stand in front of them.
const OF_CLOUDS: [(&str, &[(&str, ValueKind)]); 3] = [
    (
        "aws_",
        &[
            ("access_key_id", Head),
            ("bucket", Text),
            ("bucket_name", Text),
            ("checksum_algorithm", Unused),
            ("conditional_put", Unused),
            ("container_authorization_token_file", File),
            ("container_credentials_full_uri", Endpoint),
            ("container_credentials_relative_uri", UrlPath),
            ("copy_if_not_exists", Unused),
            ("default_region", Region),
            ("disable_tagging", Boolean),
            ("endpoint", Endpoint),
            ("endpoint_url", Endpoint),
            ("endpoint_url_sts", Endpoint),
            ("imdsv1_fallback", Boolean),
            ("metadata_endpoint", Endpoint),
            ("region", Region),
            ("request_payer", Boolean),
            ("role_arn", Text),
            ("role_session_name", Text),
            ("s3_express", Boolean),
            ("secret_access_key", Text),
            ("server_side_encryption", OneOf(&["AES256", "aws:kms", "aws:kms:dsse", "sse-c"])),
            ("session_token", Head),
            ("skip_signature", Boolean),
            ("sse_bucket_key_enabled", Boolean),
            ("sse_customer_key_base64", Base64),
            ("sse_kms_key_id", Head),
            ("token", Head),
            ("unsigned_payload", Boolean),
            ("virtual_hosted_style_request", Boolean),
            ("web_identity_token_file", File),
        ],
    ),
    (
        "azure_",
        &[
            ("authority_host", Endpoint),
            ("authority_id", UrlPart),
            ("client_id", Text),
            ("client_secret", Text),
            ("container_name", Text),
            ("disable_tagging", Boolean),
            ("endpoint", Endpoint),
            ("fabric_cluster_identifier", Head),
            ("fabric_session_token", Head),
            ("fabric_token_service_url", Endpoint),
            ("fabric_workload_host", Head),
            ("federated_token_file", File),
            ("identity_endpoint", Endpoint),
            ("msi_endpoint", Endpoint),
            ("msi_resource_id", Text),
            ("object_id", Text),
            ("skip_signature", Boolean),
            ("tenant_id", UrlPart),
            ("use_azure_cli", Boolean),
            ("use_fabric_endpoint", Boolean),
        ],
    ),
    (
        "google_",
        &[
            ("application_credentials", File),
            ("base_url", Endpoint),
            ("bucket", Text),
            ("bucket_name", Text),
            ("service_account", File),
            ("service_account_key", Json),
            ("service_account_path", File),
            ("skip_signature", Boolean),
        ],
    ),
];

/// Options that have only this name.
const OTHERS: [(&str, ValueKind); 28] = [
    ("aws_ca_bundle", File),
    ("aws_endpoint_url_s3", Endpoint),
    ("aws_profile", Text),
    ("access_key", Base64),
    ("account_key", Base64),
    ("account_name", Account),
    ("azure_storage_access_key", Base64),
    ("azure_storage_account_key", Base64),
    ("azure_storage_account_name", Account),
    ("azure_storage_authority_host", Endpoint),
    ("azure_storage_authority_id", UrlPart),
    ("azure_storage_client_id", Text),
    ("azure_storage_client_secret", Text),
    ("azure_storage_endpoint", Endpoint),
    ("azure_storage_master_key", Base64),
    ("azure_storage_sas_key", Signature),
    ("azure_storage_sas_token", Signature),
    ("azure_storage_tenant_id", UrlPart),
    ("azure_storage_token", Head),
    ("azure_storage_use_emulator", Boolean),
    ("bearer_token", Head),
    ("master_key", Base64),
    ("max_retries", Count),
    ("read_timeout", Time),
    ("retry_timeout", Time),
    ("sas_key", Signature),
    ("sas_token", Signature),
    ("use_emulator", Boolean),
];

/// Returns the options with their kinds, under all their names, in lower case.
pub(super) fn all() -> impl Iterator<Item = (String, ValueKind)> {
    let clouds = OF_CLOUDS.iter().flat_map(|(cloud, options)| {
        let own = options.iter().chain(&OF_CLIENTS);
        own.map(move |(name, kind)| (format!("{cloud}{name}"), *kind))
    });
    let bare = OF_CLOUDS.iter().flat_map(|(_, options)| options.iter()).chain(&OF_CLIENTS).chain(&OTHERS);
    clouds.chain(bare.map(|(name, kind)| ((*name).to_owned(), *kind)))
}

/// Returns the kind of an option, or `None` if no store has the option.
pub(super) fn kind_of(name: &str) -> Option<ValueKind> {
    all().find(|(known, _)| known == name).map(|(_, kind)| kind)
}
