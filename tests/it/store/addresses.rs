//! Places that are no places.

use karat::source::StorageOptions;

use super::{HOLDS, error, run_with};

#[test]
fn a_mount_of_databricks_is_read_where_it_is_mounted() {
    if std::path::Path::new("/dbfs").is_dir() {
        return;
    }
    for uri in ["dbfs:/mnt/lake/orders", "dbfs:///mnt/lake/orders"] {
        let message = error(&run_with(HOLDS, uri, StorageOptions::default()));
        assert_eq!(
            message,
            format!(
                "{uri} cannot be opened: dbfs:/ is read where Databricks mounts it, at /dbfs, and nothing is mounted here"
            )
        );
    }
}

#[test]
fn what_is_not_read_is_refused_by_name() {
    for (uri, message) in [
        (
            "ftp://host/t",
            "ftp:// is not read; paths, file://, s3://, az://, abfss://, gs://, dbfs:/, http:// and https:// are",
        ),
        ("s3://", "it names no bucket"),
        ("az://", "it names no container"),
        ("https://", "it names no host"),
        ("s3://me:pw@bucket/t", "credentials are not read from a URI"),
        ("http://127.0.0.1:1/lake/*.parquet", "a web server does not list its files"),
        ("http://127.0.0.1:1/lake/", "its server cannot be reached"),
        ("az://container/t", "its account is told by azure_storage_account_name, or in the URI"),
    ] {
        let fast = super::s3::options(&[("max_retries", "0"), ("aws_skip_signature", "true")]);
        let told = error(&run_with(HOLDS, uri, fast));
        assert!(told.contains(message), "{uri}: {told}");
    }
}
