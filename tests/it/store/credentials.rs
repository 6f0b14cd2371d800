//! What opens a store: options, the environment, a profile; and that none of it is shown.

use tempfile::TempDir;

use super::s3::{KEY, S3, SECRET, without_files};
use super::{HOLDS, orders, parquet_bytes};
use crate::cli::{Karat, Ran, karat};

struct Case {
    server: S3,
    folder: TempDir,
}

impl Case {
    fn new() -> Self {
        let server = S3::new();
        server.put("orders.parquet", &parquet_bytes(orders()));
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("s.yml"), HOLDS).unwrap();
        Self { server, folder }
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn check(&self, karat: Karat, more: &[&str]) -> Ran {
        let fast = ["--storage-option", "max_retries=0"];
        karat
            .args(["check", "s.yml", "--data", "s3://lake/orders.parquet"])
            .args(fast)
            .args(more)
            .in_dir(self.folder.path())
            .run()
    }

    fn endpoint(&self) -> String {
        format!("aws_endpoint_url=http://{}", self.server.address())
    }
}

fn shows_no_secret(ran: &Ran) {
    for secret in [SECRET, "wrong-secret"] {
        assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "{ran}");
    }
}

#[test]
fn the_environment_opens_a_store_for_every_command() {
    let case = Case::new();
    assert_eq!(case.check(case.server.karat(), &[]).code, 0);
    for command in ["plan", "lint"] {
        let arguments = [command, "s.yml", "--data", "s3://lake/orders.parquet"];
        let ran = case.server.karat().args(arguments).in_dir(case.folder.path()).run();
        assert_eq!(ran.code, 0, "{ran}");
    }
}

#[test]
fn wrong_credentials_are_an_error_without_the_secret() {
    let case = Case::new();
    let ran = case.check(case.server.karat().env("AWS_SECRET_ACCESS_KEY", "wrong-secret"), &[]);
    assert_eq!(ran.code, 3);
    shows_no_secret(&ran);
    assert!(ran.stdout.contains("cannot read s3://lake/orders.parquet: access is denied"), "{ran}");
    let ran = case.check(case.server.karat().env("AWS_ACCESS_KEY_ID", "NOBODY"), &["--format", "json"]);
    assert_eq!(ran.code, 3);
    shows_no_secret(&ran);
}

#[test]
fn an_option_goes_before_the_environment_and_that_before_the_project() {
    let case = Case::new();
    let wrong = case.server.karat().env("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    assert_eq!(case.check(wrong, &["--storage-option", &case.endpoint()]).code, 0);
    let keys = [format!("aws_access_key_id={KEY}"), format!("aws_secret_access_key={SECRET}")];
    let options = ["--storage-option", &keys[0], "--storage-option", &keys[1]];
    // Half of what the environment holds would open nothing.
    let wrong = case.server.karat().env("AWS_ACCESS_KEY_ID", "X").env("AWS_SESSION_TOKEN", "of X");
    assert_eq!(case.check(wrong, &options).code, 0);
    let project = format!("storage_options:\n  aws_endpoint_url: http://{}\n", case.server.address());
    case.file("karat.yml", &project);
    let environment = || {
        without_files(karat())
            .env("AWS_ACCESS_KEY_ID", KEY)
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
            .env("AWS_ALLOW_HTTP", "true")
    };
    assert_eq!(case.check(environment(), &[]).code, 0);
    let elsewhere = ["--storage-option", "aws_endpoint_url=http://127.0.0.1:1"];
    assert_eq!(case.check(environment(), &elsewhere).code, 3);
}

#[test]
fn a_profile_opens_a_store() {
    let case = Case::new();
    let keys = format!("[lake]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n");
    let credentials = case.file("credentials", &keys);
    let endpoint =
        format!("[profile lake]\nregion = eu-north-1\nendpoint_url = http://{}\n", case.server.address());
    let config = case.file("config", &endpoint);
    let with_files = || {
        karat()
            .env("AWS_CONFIG_FILE", &config)
            .env("AWS_SHARED_CREDENTIALS_FILE", &credentials)
            .env("AWS_ALLOW_HTTP", "true")
    };
    assert_eq!(case.check(with_files().env("AWS_PROFILE", "lake"), &[]).code, 0);
    assert_eq!(case.check(with_files(), &["--storage-option", "aws_profile=lake"]).code, 0);
    let ran = case.check(with_files().env("AWS_PROFILE", "sea"), &[]);
    assert_eq!(ran.code, 3);
    assert!(ran.stdout.contains("there is no profile \"sea\" in the AWS configuration files"), "{ran}");
}

#[test]
fn an_endpoint_without_encryption_must_be_allowed() {
    let case = Case::new();
    let ran = case.check(case.server.karat().env("AWS_ALLOW_HTTP", "false"), &[]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.stdout.contains("its endpoint is not encrypted (http://): allow_http=true allows that"),
        "{ran}"
    );
}

#[test]
fn no_credentials_at_all_are_told_of_in_time() {
    let case = Case::new();
    let nobody = without_files(karat()).env("AWS_ALLOW_HTTP", "true");
    // A service of the machine, as there is one in the cloud; here there is none.
    let ran = case.check(
        nobody,
        &[
            "--storage-option",
            &case.endpoint(),
            "--storage-option",
            "aws_metadata_endpoint=http://127.0.0.1:1",
        ],
    );
    assert_eq!(ran.code, 3);
    assert!(
        ran.stdout.contains("no credentials were found: looked for in storage options and the environment"),
        "{ran}"
    );
}

#[test]
fn an_option_that_no_store_has_is_bad_usage_and_not_repeated() {
    let case = Case::new();
    let ran = case.check(case.server.karat(), &["--storage-option", "aws_secret_acess_key=wrong-secret"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("did you mean \"aws_secret_access_key\"?"), "{ran}");
    case.file("karat.yml", "storage_options: {aws_regoin: x}\n");
    let ran = case.check(case.server.karat(), &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no storage option \"aws_regoin\""), "{ran}");
}

#[test]
fn a_secret_in_a_uri_is_never_shown() {
    let case = Case::new();
    for uri in [
        "s3://me:wrong-secret@lake/orders.parquet",
        "http://me:wrong-secret@127.0.0.1:1/t?sig=wrong-secret",
        "https://account.blob.core.windows.net/c/t.parquet?sv=1&sig=wrong-secret",
        "az://c/t?sv=1&sig=wrong-secret",
        "gopher://me:wrong-secret@host/t?sig=wrong-secret",
    ] {
        for more in [["--format", "json"], ["--format", "text"]] {
            let ran = case
                .server
                .karat()
                .args(["check", "s.yml", "--data", uri, "--storage-option", "max_retries=0"])
                .args(["--storage-option", "proxy_url=http://127.0.0.1:1"])
                .args(more)
                .in_dir(case.folder.path())
                .run();
            assert_eq!(ran.code, 3, "{ran}");
            shows_no_secret(&ran);
        }
    }
}
