//! The commands as users give them: what the environment says, what is stopped, and that no output holds a secret.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use super::catalog::{NEVER, SESSION, catalog, keys, store};
use super::service::{Behaviour, CLIENT, SECRETS, Service, TOKEN};
use super::{ORDERS, SUITE};
use crate::cli::{Karat, karat};
use crate::store::s3::{SECRET, without_files};

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("s.yml"), SUITE).unwrap();
    folder
}

fn with_token(service: &Service) -> Karat {
    without_files(karat())
        .env("DATABRICKS_HOST", &service.workspace.url())
        .env("DATABRICKS_TOKEN", TOKEN)
        .env("DATABRICKS_WAREHOUSE_ID", "w1")
}

fn with_client(service: &Service) -> Karat {
    without_files(karat())
        .env("DATABRICKS_HOST", &service.workspace.url())
        .env("DATABRICKS_CLIENT_ID", CLIENT.0)
        .env("DATABRICKS_CLIENT_SECRET", CLIENT.1)
        .env("DATABRICKS_WAREHOUSE_ID", "w1")
}

#[test]
fn the_environment_opens_a_workspace_and_no_output_holds_a_secret() {
    let (store, folder) = (store(), folder());
    let mut is_client = false;
    let behaviours = [
        Behaviour { is_large: true, expired_links: 1, ..Behaviour::default() },
        Behaviour { is_large: true, expired_links: 99, ..Behaviour::default() },
        Behaviour { fails: Some(("BAD_REQUEST", "it is wrong", "42000")), ..Behaviour::default() },
        Behaviour { zone: "Asia/Tokyo", ..Behaviour::default() },
    ];
    for behaviour in behaviours {
        let service = Service::and(behaviour, |asked| catalog(asked, &json!({}), || keys(SECRET, NEVER)));
        for command in [
            &[
                "check",
                "s.yml",
                "--data",
                ORDERS,
                "--format",
                "json",
                "--docs",
                "docs",
                "--history",
                "history",
            ][..],
            &["check", "s.yml", "--data", ORDERS, "-v"],
            &["plan", "s.yml", "--data", ORDERS],
            &["check", "s.yml", "--data", "uc://main.sales.orders", "--format", "json"],
            &["check", "s.yml", "--data", "uc://main.sales.orders", "--engine", "databricks"],
            &["check", "s.yml", "--data", "uc://main.sales.lost"],
            &["check", "s.yml", "--data", "databricks://main.sales.lost"],
        ] {
            // Both logins take turns with all commands.
            is_client = !is_client;
            let karat = if is_client { with_client(&service) } else { with_token(&service) };
            let ran = karat
                .env("AWS_ENDPOINT_URL", &format!("http://{}", store.address()))
                .env("AWS_ALLOW_HTTP", "true")
                .env("AWS_ACCESS_KEY_ID", "SOMEBODY")
                .env("AWS_SECRET_ACCESS_KEY", "else")
                .args(command)
                .in_dir(folder.path())
                .run();
            assert!(ran.code != 2 && !ran.stderr.contains("panicked"), "{command:?}\n{ran}");
            let mut told = vec![ran.stdout.clone(), ran.stderr.clone()];
            for name in ["docs", "history"] {
                told.extend(texts(&folder.path().join(name)));
            }
            for secret in SECRETS.iter().chain(&[SESSION, SECRET]) {
                assert!(!told.iter().any(|text| text.contains(secret)), "{command:?}: {secret}\n{ran}");
            }
        }
    }
}

/// All files of a folder.
fn texts(folder: &std::path::Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        if entry.path().is_dir() {
            texts.extend(self::texts(&entry.path()));
        } else {
            texts.push(String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned());
        }
    }
    texts
}

#[test]
fn lent_credentials_go_before_those_of_the_environment() {
    let (store, folder) = (store(), folder());
    std::fs::write(folder.path().join("s.yml"), "{suite: s, columns: {id: [not_null]}}").unwrap();
    let service =
        Service::and(Behaviour::default(), |asked| catalog(asked, &json!({}), || keys(SECRET, NEVER)));
    let ran = with_token(&service)
        .env("AWS_ENDPOINT_URL", &format!("http://{}", store.address()))
        .env("AWS_ALLOW_HTTP", "true")
        .env("AWS_ACCESS_KEY_ID", "SOMEBODY")
        .env("AWS_SECRET_ACCESS_KEY", "else")
        .args(["check", "s.yml", "--data", "uc://main.sales.orders"])
        .in_dir(folder.path())
        .run();
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stdout.contains("uc://main.sales.orders"), "{ran}");
}

#[test]
fn the_plan_prints_statements_without_those_that_judge() {
    let (service, folder) = (Service::with(Behaviour::default()), folder());
    let ran = with_token(&service).args(["plan", "s.yml", "--data", ORDERS]).in_dir(folder.path()).run();
    assert!(ran.code == 0 && ran.stdout.contains("VERSION AS OF 7"), "{ran}");
    assert!(!service.statements().iter().any(|statement| statement.text.contains("karat 0")));
}

#[test]
fn an_environment_that_lacks_something_is_bad_usage() {
    let (service, folder) = (Service::with(Behaviour::default()), folder());
    let arguments = ["check", "s.yml", "--data", ORDERS];
    for (karat, told) in [
        (karat(), "DATABRICKS_HOST names no workspace"),
        (karat().env("DATABRICKS_HOST", "x"), "neither DATABRICKS_TOKEN nor"),
        (with_client(&service).env("DATABRICKS_TOKEN", TOKEN), "are both given"),
    ] {
        let ran = karat.args(arguments).in_dir(folder.path()).run();
        assert!(ran.code == 2 && ran.stderr.contains(told), "{ran}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_cancels_the_statement_that_runs() {
    let (service, folder) = (Service::with(Behaviour { never_ends: true, ..Behaviour::default() }), folder());
    let mut running = with_token(&service)
        .args(["check", "s.yml", "--data", ORDERS])
        .in_dir(folder.path())
        .command()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !service.statements().iter().any(|statement| statement.text.contains("karat 0")) {
        assert!(begun.elapsed() < super::SOON);
        std::thread::sleep(Duration::from_millis(20));
    }
    let killed =
        std::process::Command::new("kill").args(["-INT", &running.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let (signalled, status) = (Instant::now(), running.wait().unwrap());
    assert_eq!(status.code(), Some(130));
    assert!(signalled.elapsed() < Duration::from_secs(5), "{:?}", signalled.elapsed());
    assert!(service.statements().last().unwrap().is_cancelled);
}
