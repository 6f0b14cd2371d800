//! Stores that are asked too much, that fall silent, and that are asked no more than they must be.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use karat::Run;
use karat::source::StorageOptions;

use super::faulty::{Asked, Fault, Faulty};
use super::s3::{KEY, S3, SECRET, options};
use super::{HOLDS, assert_passes, error, many, orders, parquet_bytes, run_with};

/// What opens a server, with the patience that there is unless options say another.
fn opened(server: &Faulty, more: &[(&str, &str)]) -> StorageOptions {
    let endpoint = format!("http://{}", server.address);
    let mut given = vec![
        ("aws_access_key_id", KEY),
        ("aws_secret_access_key", SECRET),
        ("aws_endpoint_url", &endpoint),
        ("aws_allow_http", "true"),
    ];
    given.extend(more);
    options(&given)
}

/// A run on a folder of so many files, before a server that does this.
fn run_before(
    files: usize,
    more: &[(&str, &str)],
    decide: impl Fn(&Asked<'_>) -> Fault + Send + Sync + 'static,
) -> (Run, Faulty) {
    let server = S3::new();
    let bytes = parquet_bytes(orders());
    for file in 0..files {
        server.put(&format!("orders/{file:02}.parquet"), &bytes);
    }
    let faulty = Faulty::before(server.address(), decide);
    let suite =
        format!("{{suite: s, table: [row_count: {{equal: {}}}], columns: {{id: [not_null]}}}}", 3 * files);
    let run = run_with(&suite, "s3://lake/orders", opened(&faulty, more));
    (run, faulty)
}

/// How long the stores of these tests are asked too much: `KARAT_FAULT_SECONDS=30` is real.
fn long() -> Duration {
    let seconds = std::env::var("KARAT_FAULT_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs_f64(seconds.unwrap_or(1.5))
}

/// The same second, asked for in two ways.
const IN_SECONDS: [&str; 1] = ["Retry-After: 1"];
const UNTIL: [&str; 2] =
    ["Date: Wed, 21 Oct 2026 07:28:00 GMT", "Retry-After: Wed, 21 Oct 2026 07:28:01 GMT"];

#[test]
fn a_store_that_is_asked_too_much_is_asked_later() {
    let until = |headers: &'static [&str]| {
        let start = Instant::now();
        run_before(
            4,
            &[],
            move |_| {
                if start.elapsed() < long() { Fault::throttled(headers) } else { Fault::None }
            },
        )
    };
    let (run, faulty) = until(&[]);
    assert_passes(&run);
    // Each pause is longer than the one before.
    assert!(faulty.asked().len() < 30, "{:#?}", faulty.asked());
    for headers in [&IN_SECONDS[..], &UNTIL] {
        let (run, faulty) = until(headers);
        assert_passes(&run);
        let again = faulty.asked().windows(2).filter(|pair| pair[0] == pair[1]).count();
        assert!(again <= long().as_secs() as usize + 1, "{again}");
    }
}

#[test]
fn what_never_ends_is_told_with_how_often_and_how_long_it_was_tried() {
    let (run, faulty) = run_before(1, &[("retry_timeout", "1s")], |_| Fault::throttled(&[]));
    let message = error(&run);
    let tries = faulty.asked().len();
    let told = format!(
        "cannot read s3://lake/orders: SlowDown: Please reduce your request rate.; it was asked {tries} times within "
    );
    assert!(message.starts_with(&told) && tries > 2, "{message}");
    let (run, faulty) = run_before(1, &[("max_retries", "2")], |_| Fault::throttled(&[]));
    assert!(error(&run).contains("; it was asked 3 times within "), "{}", error(&run));
    assert_eq!(faulty.asked().len(), 3);
    // Where it would take longer than it may, nobody waits at all.
    let start = Instant::now();
    let (run, faulty) = run_before(1, &[], |_| Fault::throttled(&["Retry-After: 3600"]));
    assert!(
        error(&run).ends_with("; it asks to wait for 60 min, which is longer than retry_timeout"),
        "{}",
        error(&run)
    );
    assert_eq!(faulty.asked().len(), 1);
    // A server that says no is not asked twice.
    let (run, faulty) = run_before(1, &[], |_| Fault::answer("400 Bad Request", &[], ""));
    assert!(error(&run).ends_with("it answered 400 Bad Request"), "{}", error(&run));
    assert_eq!(faulty.asked().len(), 1);
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_silent_server_is_an_error_in_time() {
    for silent in [None, Some(0), Some(10)] {
        let start = Instant::now();
        let (run, faulty) = run_before(1, &[("read_timeout", "200ms")], move |asked| {
            if asked.line.contains(".parquet") { Fault::Stall(silent) } else { Fault::None }
        });
        let message = error(&run);
        let wanted =
            "its server does not answer in time: nothing came for 200 ms; it was asked 4 times within ";
        assert!(message.contains(wanted), "{silent:?}: {message}");
        assert!(start.elapsed() < Duration::from_secs(10));
        let files = faulty.asked().iter().filter(|line| line.contains(".parquet")).count();
        assert_eq!(files, 4, "{:#?}", faulty.asked());
    }
}

#[test]
fn what_falls_silent_once_is_taken_up_again_and_holds_up_nothing_else() {
    const FILES: usize = 60;
    let silent = AtomicUsize::new(0);
    let (run, faulty) = run_before(FILES, &[("read_timeout", "1500ms")], move |asked| {
        let is_first = asked.line.contains("/01.parquet") && silent.fetch_add(1, Ordering::SeqCst) == 0;
        if is_first { Fault::Stall(Some(100)) } else { Fault::None }
    });
    assert_passes(&run);
    let asked = faulty.asked();
    let of = |file: usize| {
        let name = format!("/{file:02}.parquet");
        asked.iter().enumerate().filter(move |(_, line)| line.contains(&name)).map(|(at, _)| at)
    };
    let again = of(1).nth(1).unwrap();
    for other in 2..FILES {
        assert!(of(other).next().unwrap() < again, "{other} came after the silent one");
    }
}

#[test]
fn connections_that_break_are_made_anew() {
    for after in [None, Some(0), Some(100)] {
        let broken = AtomicUsize::new(0);
        let (run, _) = run_before(3, &[], move |_| {
            if broken.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
                Fault::Cut(after)
            } else {
                Fault::None
            }
        });
        assert_passes(&run);
    }
    let (run, _) = run_before(1, &[("retry_timeout", "1s")], |asked| {
        if asked.line.contains(".parquet") { Fault::Cut(Some(0)) } else { Fault::None }
    });
    let message = error(&run);
    assert!(message.contains("the connection was cut") && message.contains("; it was asked "), "{message}");
}

#[test]
fn credentials_that_expire_are_told_as_that() {
    let expired =
        "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>";
    // While it is opened, and while it is read.
    for from in [0, 1, 2, 3, 4, 7] {
        for status in ["400 Bad Request", "403 Forbidden"] {
            let (run, _) = run_before(8, &[], move |asked| {
                if asked.number >= from { Fault::answer(status, &[], expired) } else { Fault::None }
            });
            let message = error(&run);
            let wanted = "the credentials have expired: ExpiredToken: The provided token has expired.";
            assert!(message.starts_with("cannot read s3://lake/orders"), "{message}");
            assert!(message.ends_with(wanted), "{from}: {message}");
        }
    }
}

#[test]
fn a_redirect_to_another_host_ends_with_a_message_that_says_why() {
    for status in ["301 Moved Permanently", "307 Temporary Redirect"] {
        // Nobody is there.
        let (run, _) = run_before(1, &[("max_retries", "0")], move |_| {
            Fault::answer(status, &["Location: http://127.0.0.1:1/elsewhere"], "")
        });
        let message = error(&run);
        assert!(message.starts_with("cannot read s3://lake/orders: "), "{message}");
        assert!(
            message.contains("its server leads to http://127.0.0.1:1, which is not followed"),
            "{message}"
        );
        assert!(!message.contains(SECRET), "{message}");
    }
}

#[test]
fn keys_that_are_none_break_no_pattern_and_are_named_where_they_are_meant() {
    let listed = |keys: &[&str]| {
        let object = |key: &&str| {
            format!(
                "<Contents><Key>{key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>\
                 <ETag>\"x\"</ETag><Size>1</Size></Contents>"
            )
        };
        let objects: String = keys.iter().map(object).collect();
        format!(
            "<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>0</KeyCount>{objects}</ListBucketResult>"
        )
    };
    let server = S3::new();
    server.put("orders/a.parquet", &parquet_bytes(orders()));
    let size = parquet_bytes(orders()).len();
    for odd in ["orders//b.parquet", "/orders/b.parquet", "orders/./b.parquet", "../b.parquet"] {
        let listing = listed(&["orders/a.parquet", odd]).replacen("<Size>1<", &format!("<Size>{size}<"), 1);
        let faulty = Faulty::before(server.address(), move |asked| match asked.line {
            line if line.contains("prefix=")
                && !line.contains("prefix=orders%2F&")
                && !line.ends_with("prefix=orders%2F") =>
            {
                Fault::answer(
                    "200 OK",
                    &[],
                    "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>",
                )
            }
            line if line.contains("list-type") => Fault::answer("200 OK", &[], &listing),
            _ => Fault::None,
        });
        let opened = || opened(&faulty, &[]);
        assert_passes(&run_with(HOLDS, "s3://lake/orders/*.parquet", opened()));
        let told = run_with(HOLDS, "s3://lake/orders", opened());
        // What begins with a dot is hidden, as it is everywhere.
        if odd.starts_with("orders//") {
            let wanted =
                format!("s3://lake/{odd} cannot be opened: a part of its key is empty, \".\" or \"..\"");
            assert!(error(&told).starts_with(&wanted), "{}", error(&told));
        } else {
            assert_passes(&told);
        }
    }
}

#[test]
fn footers_cost_what_they_are_long() {
    const FILES: u64 = 20;
    let server = S3::new();
    let bytes = parquet_bytes(many());
    for file in 0..FILES {
        server.put(&format!("many/{file}.parquet"), &bytes);
    }
    let faulty = Faulty::before(server.address(), |_| Fault::None);
    let suite = "{suite: s, table: [row_count: {equal: 800000}]}";
    let run = run_with(suite, "s3://lake/many", opened(&faulty, &[]));
    assert_passes(&run);
    // One of the log that there is none, one of the folder, and those of the footers.
    let network = run.suites[0].execution.as_ref().unwrap().1.network.unwrap();
    assert_eq!(network.requests, faulty.asked().len() as u64);
    let footers = faulty.asked().iter().filter(|line| line.contains(".parquet")).count() as u64;
    assert_eq!(footers, FILES, "{:#?}", faulty.asked());
    assert!(network.bytes < (64 << 10) + FILES * (16 << 10), "{network:?}");
}
