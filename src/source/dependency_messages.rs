//! Messages of other crates by which karat distinguishes errors that their types do not. The crates are
//! pinned in `Cargo.toml` (`object_store`, `buoyant_kernel`) or tested for this purpose (`reqwest`), and a
//! test provokes each message: if a new version words a message differently, the test fails instead of a
//! user's run. The messages of servers (`NoSuchBucket`) are not here, nor those of Polars, which belong to
//! the engine.

/// `object_store`: a server answered a range request with the whole object.
pub(super) const NO_PART: &str = "non-partial";
/// `object_store`: a server answered with another range, or the range lies outside the object.
pub(super) const OTHER_PART: [&str; 2] = ["Requested ", "Range Not Satisfiable"];
/// `object_store`: the status of a denied request, anywhere in the text, since the request may have been for
/// a credential.
pub(super) const DENIED: [&str; 2] = ["403 Forbidden", "401 Unauthorized"];
/// `object_store`: the text before a status, and after it.
pub(super) const STATUS: [&str; 2] = ["status code: ", ":"];
/// `object_store`: a redirect without a target, which S3 sends for the bucket of another region.
pub(super) const REDIRECTED_NOWHERE: &str = "Received redirect without LOCATION";
/// `reqwest`: an unencrypted request where those are not allowed.
pub(super) const UNENCRYPTED: &str = "URL scheme is not allowed";
/// `object_store`: the addresses of the services that give credentials to machines of a cloud, which are
/// asked last.
pub(super) const SERVICES: [&str; 4] =
    ["169.254.169.254", "/latest/api/token", "/metadata/identity/", "metadata.google.internal"];

/// `object_store`: only one half of an S3 key pair is given.
pub(super) const NO_KEY_ID: &str = "Missing AccessKeyId";
pub(super) const NO_SECRET_KEY: &str = "Missing SecretAccessKey";
/// `object_store`: the name of a bucket that does not belong to S3 Express.
pub(super) const NO_ZONE: &str = "Invalid Zone suffix";
/// `object_store`: the Azure account is missing.
pub(super) const NO_ACCOUNT: &str = "Account must be specified";
/// `object_store`: both a Google key and the path of one are given.
pub(super) const TWO_ACCOUNTS: &str = "One of service account path";
/// `object_store`: an invalid Google key.
pub(super) const BAD_ACCOUNT: [&str; 2] = ["pem file", "service account"];
/// `object_store`: an invalid URL.
pub(super) const BAD_PLACE: [&str; 2] = ["not match any known pattern", "parse"];

/// The kernel: the end of its message about a log, before the debug output of a structure.
pub(super) const STRUCTURE: &str = ": ParsedLogPath";

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use delta_kernel::snapshot::Snapshot;
    use object_store::aws::AmazonS3Builder;
    use object_store::azure::MicrosoftAzureBuilder;
    use object_store::gcp::GoogleCloudStorageBuilder;
    use object_store::http::HttpBuilder;
    use object_store::path::Path;
    use object_store::{ClientOptions, GetOptions, ObjectStore, RetryConfig};

    use super::*;
    use crate::source::StorageOptions;
    use crate::source::store::{Location, Table, wait_for_blocking};

    fn once() -> RetryConfig {
        RetryConfig { max_retries: 0, ..RetryConfig::default() }
    }

    /// Returns the messages of an error and of all its causes.
    fn all_of(error: &(dyn std::error::Error + 'static)) -> String {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text = format!("{text}\n{error}");
            cause = error.source();
        }
        text
    }

    /// Returns the error of a store that is asked for a range of two bytes.
    fn refused(store: &impl ObjectStore) -> String {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let options = GetOptions { range: Some((2..4).into()), ..GetOptions::default() };
        all_of(&runtime.block_on(store.get_opts(&Path::from("x"), options)).unwrap_err())
    }

    /// Returns the error for a web server that always gives one answer.
    fn answered(answer: &'static str) -> String {
        let client = ClientOptions::new().with_allow_http(true);
        let store =
            HttpBuilder::new().with_url(server(answer)).with_client_options(client).with_retry(once());
        refused(&store.build().unwrap())
    }

    /// Returns the error for an S3 server that always gives one answer.
    fn answered_as_s3(answer: &'static str) -> String {
        let store =
            AmazonS3Builder::new().with_bucket_name("b").with_endpoint(server(answer)).with_allow_http(true);
        refused(&store.with_skip_signature(true).with_retry(once()).build().unwrap())
    }

    /// Starts a server that gives one answer to every request, and returns its URL.
    fn server(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let _ = connection.read(&mut [0; 4096]);
                let _ = connection.write_all(answer.as_bytes());
            }
        });
        url
    }

    fn unopened<T: std::fmt::Debug>(built: object_store::Result<T>) -> String {
        let error = built.unwrap_err();
        error.source().map_or_else(|| error.to_string(), ToString::to_string)
    }

    /// A Google service account with an invalid key.
    const KEYLESS: &str =
        r#"{"type": "service_account", "private_key": "x", "private_key_id": "k", "client_email": "e"}"#;

    #[test]
    fn object_store_says_so_of_parts() {
        let found = answered_as_s3("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab");
        assert!(found.contains(NO_PART), "{found}");
        let found = answered(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/9\r\nContent-Length: 2\r\nLast-Modified: Wed, 01 Jan 2020 00:00:00 GMT\r\nConnection: close\r\n\r\nab",
        );
        assert!(found.contains(OTHER_PART[0]), "{found}");
        let found =
            answered("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assert!(found.contains(OTHER_PART[1]), "{found}");
    }

    #[test]
    fn object_store_says_so_of_statuses() {
        for (answer, words) in [
            ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", DENIED[0]),
            ("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", DENIED[1]),
            ("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "400 Bad Request"),
        ] {
            let found = answered(answer);
            assert!(found.contains(&format!("{}{words}{}", STATUS[0], STATUS[1])), "{found}");
        }
        let found =
            answered("HTTP/1.1 301 Moved Permanently\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assert!(found.contains(REDIRECTED_NOWHERE), "{found}");
    }

    #[test]
    fn reqwest_says_so_of_encryption() {
        let store = HttpBuilder::new().with_url("http://127.0.0.1:1").with_retry(once());
        let found = refused(&store.build().unwrap());
        assert!(found.contains(UNENCRYPTED), "{found}");
    }

    /// The requests go through a proxy that does not exist, so that no service answers, even on a machine of
    /// a cloud.
    #[test]
    fn object_store_asks_these_services() {
        let client = || ClientOptions::new().with_proxy_url("http://127.0.0.1:1");
        let aws = AmazonS3Builder::new().with_bucket_name("b").with_client_options(client());
        let found = refused(&aws.with_retry(once()).build().unwrap());
        assert!(found.contains(SERVICES[0]) && found.contains(SERVICES[1]), "{found}");
        let azure = MicrosoftAzureBuilder::new().with_account("a").with_container_name("c");
        let found = refused(&azure.with_client_options(client()).with_retry(once()).build().unwrap());
        assert!(found.contains(SERVICES[0]) && found.contains(SERVICES[2]), "{found}");
        let google = GoogleCloudStorageBuilder::new().with_bucket_name("b").with_client_options(client());
        let found = refused(&google.with_retry(once()).build().unwrap());
        assert!(found.contains(SERVICES[3]) || found.contains(SERVICES[0]), "{found}");
    }

    #[test]
    fn object_store_says_so_of_settings() {
        let s3 = || AmazonS3Builder::new().with_bucket_name("b");
        let google = || GoogleCloudStorageBuilder::new().with_bucket_name("b");
        let found = [
            (unopened(s3().with_secret_access_key("s").build()), NO_KEY_ID),
            (unopened(s3().with_access_key_id("a").build()), NO_SECRET_KEY),
            (unopened(s3().with_s3_express(true).build()), NO_ZONE),
            (unopened(MicrosoftAzureBuilder::new().with_container_name("c").build()), NO_ACCOUNT),
            (
                unopened(google().with_service_account_path("p").with_service_account_key("k").build()),
                TWO_ACCOUNTS,
            ),
            (unopened(google().with_service_account_key("{}").build()), BAD_ACCOUNT[1]),
            (unopened(google().with_application_credentials("no such file").build()), BAD_ACCOUNT[1]),
            (all_of(&google().with_service_account_key(KEYLESS).build().unwrap_err()), BAD_ACCOUNT[0]),
            (unopened(AmazonS3Builder::new().with_url("https://example.org/b").build()), BAD_PLACE[0]),
            (unopened(AmazonS3Builder::new().with_url("no url").build()), BAD_PLACE[1]),
        ];
        for (found, words) in found {
            assert!(found.contains(words), "{words}: {found}");
        }
    }

    #[test]
    fn the_kernel_prints_structures_after_so_much() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("_delta_log");
        std::fs::create_dir(&log).unwrap();
        for version in [0, 2] {
            std::fs::write(log.join(format!("{version:020}.json")), "{}").unwrap();
        }
        let place = Location::of(&folder.path().display().to_string(), &StorageOptions::default()).unwrap();
        let error = wait_for_blocking(move || {
            let Table { log, log_root, .. } = place.table().unwrap();
            Snapshot::builder_for(log_root.as_str()).build(log.engine(None).as_ref()).unwrap_err().to_string()
        });
        assert!(error.as_ref().unwrap().contains(STRUCTURE), "{error:?}");
    }
}
