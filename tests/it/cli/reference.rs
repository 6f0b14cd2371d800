//! `expectations/reference.md` is what karat says, and leaves out no option and no key.

use std::path::{Path, PathBuf};

use super::karat;

#[test]
#[expect(clippy::disallowed_methods, reason = "asked for by the environment")]
fn the_page_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("expectations/reference.md");
    let page = ::karat::cli::reference();
    if std::env::var_os("KARAT_UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(stored == page, "expectations/reference.md is stale: KARAT_UPDATE=1 cargo test");
}

/// The sections of the page: each title with its rows.
fn section(title: &str) -> String {
    let page = ::karat::cli::reference();
    let start = page.find(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("no section {title:?}"));
    let rest = &page[start + 1..];
    rest[..rest.find("\n## ").unwrap_or(rest.len())].to_owned()
}

/// Held against what help prints: the page is not made of that.
#[test]
fn every_option_of_every_command_stands_there() {
    let commands = karat().arg("--help").run().stdout;
    let commands = commands.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands =
        commands.take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next());
    let mut count = 0;
    for command in commands.filter(|command| *command != "help") {
        let section = section(&format!("karat {command}"));
        for line in karat().args([command, "--help"]).run().stdout.lines() {
            let words = line.trim_start().split([' ', ',']);
            let Some(option) = words.take(3).find(|word| word.starts_with("--")) else { continue };
            if !line.starts_with("  ") || !line.trim_start().starts_with('-') || option == "--help" {
                continue;
            }
            let row = section
                .lines()
                .find(|row| row.contains(&format!("{option} ")) || row.contains(&format!("{option}`")));
            let row = row.unwrap_or_else(|| panic!("{command} {option} is not in the reference"));
            let variable = format!("`KARAT_{}`", option[2..].replace('-', "_").to_uppercase());
            if ["check", "lint", "plan"].contains(&command) {
                assert!(row.contains(&variable), "{row}");
            }
            count += 1;
        }
    }
    assert!(count > 40, "{count} options");
}

#[test]
fn every_key_of_suites_stands_there() {
    let schema = ::karat::suite::editor_schema();
    let keys = |of: &serde_json::Value| of.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for (title, of) in [
        ("Keys of a suite", keys(&schema["properties"])),
        ("Keys of csv", keys(&schema["properties"]["csv"]["properties"])),
    ] {
        let section = section(title);
        for key in of {
            assert!(section.contains(&format!("| `{key}` |")), "{title}: {key}");
        }
    }
    let section = section("Keys of karat.yml");
    assert!(["layers", "storage_options"].iter().all(|key| section.contains(&format!("| `{key}` |"))));
}

/// What karat reads of the environment beside options: the names that its sources write, but for those of which the page has
/// the beginning, and those that are only set.
#[test]
fn every_variable_that_is_read_stands_there() {
    const NOT_READ: [&str; 5] = ["CARGO_PKG_", "GIT_", "KARAT_ON_ONE_THREAD", "MALLOC_", "POLARS_"];
    const IN_TESTS: &str = "AZURITE_";
    let is_name = |text: &&str| {
        let is_of_names = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        text.len() > 5 && text.chars().all(is_of_names) && (text.contains('_') || text.starts_with("PG"))
    };
    let page = section("Variables");
    let listed: Vec<&str> =
        page.lines().filter_map(|row| row.strip_prefix("| `")?.split('`').next()).collect();
    let is_listed = |name: &str| {
        listed.iter().any(|listed| match listed.strip_suffix('…') {
            Some(beginning) => name.starts_with(beginning),
            None => name == *listed || (name.ends_with('_') && listed.starts_with(name)),
        })
    };
    let mut count = 0;
    for folder in ["src/cli", "src/source/store"] {
        for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) {
            let text = std::fs::read_to_string(&file).unwrap();
            let is_read = |name: &&str| {
                !NOT_READ.iter().chain([&IN_TESTS]).any(|start| name.starts_with(start))
                    && *name != "KARAT_COLOR"
            };
            for name in text.split('"').filter(is_name).filter(is_read) {
                assert!(is_listed(name), "{name} of {} is not in the reference", file.display());
                count += 1;
            }
        }
    }
    assert!(count > 30, "{count} names");
}

/// The source files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|ending| ending == "rs")).collect()
}
