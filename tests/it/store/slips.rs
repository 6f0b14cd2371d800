//! Wrong values of options and variables: told by their names, and never a panic.

use ::karat::source::StorageOptions;

use super::s3::{options, without_files};
use super::{HOLDS, error, run_with};
use crate::cli::karat;

/// What opens nothing at once, by the prefix of its options.
fn nowhere(cloud: &str) -> Option<(&'static str, Vec<(&'static str, &'static str)>)> {
    let nobody = "http://127.0.0.1:1";
    let (uri, mut given) = match cloud {
        "aws" => (
            "s3://lake/x.parquet",
            vec![("aws_access_key_id", "A"), ("aws_secret_access_key", "B"), ("aws_endpoint_url", nobody)],
        ),
        "azure" => (
            "az://lake/x.parquet",
            vec![
                ("azure_storage_account_name", "account"),
                ("azure_storage_account_key", "aGlkZGVu"),
                ("azure_endpoint", nobody),
            ],
        ),
        "google" => {
            ("gs://lake/x.parquet", vec![("google_skip_signature", "true"), ("google_base_url", nobody)])
        }
        _ => return None,
    };
    given.extend([("allow_http", "true"), ("max_retries", "0")]);
    Some((uri, given))
}

/// Options that concern writing are not looked at.
const UNUSED: [&str; 3] = ["aws_checksum_algorithm", "aws_conditional_put", "aws_copy_if_not_exists"];

#[test]
fn a_wrong_variable_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("s.yml"), HOLDS).unwrap();
    let mut named = 0;
    for name in StorageOptions::names().filter(|name| !UNUSED.contains(&name.as_str())) {
        let Some((uri, _)) = name.split_once('_').and_then(|(cloud, _)| nowhere(cloud)) else { continue };
        // No value of any option holds a control character; a file of this name is not there.
        for value in ["localhost:9000\u{1}", "\u{7f}"] {
            let variable = name.to_ascii_uppercase();
            let ran = without_files(karat())
                .args(["check", "s.yml", "--data", uri, "--storage-option", "max_retries=0"])
                .env("AZURE_STORAGE_ACCOUNT_NAME", "account")
                .env(&variable, value)
                .in_dir(folder.path())
                .run();
            assert_eq!(ran.code, 3, "{variable}: {ran}");
            let is_profile = name == "aws_profile" && ran.stdout.contains("there is no profile of this name");
            assert!(
                is_profile || ran.stdout.contains(&format!("the variable {variable} ")),
                "{variable}: {ran}"
            );
            assert!(!ran.stdout.contains("localhost:9000"), "{ran}");
            named += 1;
        }
    }
    assert!(named > 200, "{named}");
}

#[test]
fn no_value_is_a_panic() {
    const VALUES: [&str; 16] = [
        "",
        " ",
        "localhost:9000",
        "http://",
        "http://:1",
        "-1",
        "18446744073709551616",
        "kéy",
        "a b",
        "/",
        "?",
        "%",
        "true",
        "sv=1&sig=%",
        "{}",
        "99999999999999999999 years",
    ];
    let (mut accepted, mut refused) = (0, 0);
    for name in StorageOptions::names() {
        let Some((uri, given)) = name.split_once('_').and_then(|(cloud, _)| nowhere(cloud)) else { continue };
        for value in VALUES {
            let mut storage = StorageOptions::default();
            if let Err(error) = storage.set(&name, value) {
                let expected = format!("the storage option {name} must be ");
                assert!(error.message.starts_with(&expected), "{}", error.message);
                refused += 1;
                continue;
            }
            accepted += 1;
            // Nobody answers; whatever it means, it is no panic.
            let run = run_with(HOLDS, uri, storage.or(&options(&given)));
            let message = error(&run);
            assert!(!message.contains("panicked"), "{name}={value}: {message}");
        }
    }
    assert!(accepted > 300 && refused > 1_000, "{accepted} accepted, {refused} refused");
}

#[test]
fn a_panic_of_a_dependency_is_none_of_a_run() {
    // What the environment of a machine says of its services is no option.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("s.yml"), HOLDS).unwrap();
    for (variable, value) in [
        ("IDENTITY_ENDPOINT", "localhost"),
        ("IDENTITY_HEADER", "a\nb"),
        ("AZURITE_BLOB_STORAGE_URL", "planted"),
    ] {
        let ran = karat()
            .args(["check", "s.yml", "--data", "az://lake/x.parquet"])
            .env("AZURE_STORAGE_ACCOUNT_NAME", "account")
            .env("AZURE_STORAGE_USE_EMULATOR", "true")
            .env(variable, value)
            .in_dir(folder.path())
            .run();
        assert_eq!(ran.code, 3, "{ran}");
        assert!(ran.stdout.contains(&format!("the variable {variable} must be ")), "{ran}");
        assert!(!ran.stdout.contains("planted"), "{ran}");
    }
}

#[test]
fn what_of_credentials_is_half_is_told() {
    let key = |name: &str| options(&[(name, "x"), ("aws_endpoint_url", "http://127.0.0.1:1")]);
    let message = error(&run_with(HOLDS, "s3://lake/x.parquet", key("aws_access_key_id")));
    assert!(message.contains("aws_access_key_id is given without aws_secret_access_key"), "{message}");
    let message = error(&run_with(HOLDS, "s3://lake/x.parquet", key("aws_secret_access_key")));
    assert!(message.contains("aws_secret_access_key is given without aws_access_key_id"), "{message}");
    let json = options(&[("google_service_account_key", "{\"planted\": 1}")]);
    let message = error(&run_with(HOLDS, "gs://lake/x.parquet", json));
    assert!(message.contains("holds no credentials of Google") && !message.contains("planted"), "{message}");
}
