//! `expectations/reference.md` is what karat says, and leaves out no option and no key.

use std::path::Path;

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
