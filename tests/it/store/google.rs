//! Google Cloud Storage: its client, before a server that speaks the XML of S3, as Google's does too.

use super::s3::{S3, options};
use super::{HOLDS, assert_passes, error, orders, parquet_bytes, run_with};

#[test]
fn a_bucket_of_google_is_read() {
    let server = S3::open_to_all();
    server.put("orders/day=1/x.parquet", &parquet_bytes(orders()));
    let base = format!("http://{}", server.address());
    let storage =
        || options(&[("google_base_url", &base), ("google_skip_signature", "true"), ("max_retries", "0")]);
    for place in ["orders", "orders/day=1/x.parquet", "orders/*/*.parquet"] {
        assert_passes(&run_with(HOLDS, format!("gs://lake/{place}"), storage()));
    }
    assert_eq!(error(&run_with(HOLDS, "gs://lake/none", storage())), "nothing lies at gs://lake/none");
    let message = error(&run_with(HOLDS, "gs://nobody/none", storage()));
    assert!(message.contains("there is no such bucket"), "{message}");
}
