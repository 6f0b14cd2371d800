//! Completions and manual pages.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::karat;

fn completions(shell: &str) -> String {
    let ran = karat().args(["completions", shell]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran}");
    ran.stdout
}

/// Every shell that this machine has reads its script; bash every machine of the gate has.
#[test]
fn completions_parse() {
    let folder = TempDir::new().unwrap();
    let script = folder.path().join("script");
    for (shell, check) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        fs::write(&script, completions(shell)).unwrap();
        match Command::new(shell).arg(check).arg(&script).output() {
            Ok(read) => assert!(read.status.success(), "{shell}: {}", String::from_utf8_lossy(&read.stderr)),
            Err(problem) if shell == "bash" => panic!("{problem}"),
            Err(_) => eprintln!("not read: the completions of {shell}, which this machine does not have"),
        }
    }
    for (shell, line) in [
        ("powershell", "Register-ArgumentCompleter -Native -CommandName 'karat'"),
        ("elvish", "set edit:completion:arg-completer[karat]"),
    ] {
        assert!(completions(shell).contains(line), "{shell}");
    }
}

/// What bash then offers: options of a command, and what can be explained.
#[test]
fn bash_completes() {
    let folder = TempDir::new().unwrap();
    let script = folder.path().join("karat.bash");
    fs::write(&script, completions("bash")).unwrap();
    let offered = |words: &str| {
        let ask = format!(
            "source {}; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _karat karat \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            script.display()
        );
        let ran = Command::new("bash").args(["--norc", "-c", &ask]).output().unwrap();
        String::from_utf8(ran.stdout).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(offered("karat che"), ["check"]);
    assert_eq!(offered("karat check --sto"), ["--storage-option", "--stop-on-layer"]);
    assert_eq!(offered("karat check --fail-on w"), ["warn"]);
    assert_eq!(offered("karat explain not_n"), ["not_null"]);
    assert_eq!(offered("karat explain pro"), ["profile", "project", "proof"]);
}

#[test]
fn a_manual_page_for_every_command() {
    let folder = TempDir::new().unwrap();
    let ran = karat().args(["man", "pages"]).in_dir(folder.path()).run();
    assert_eq!(format!("{ran}"), "exit 0");
    let pages = folder.path().join("pages");
    let help = karat().arg("--help").run().stdout;
    let commands =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands =
        commands.filter_map(|line| line.split_whitespace().next()).filter(|command| *command != "help");
    let mut count = 0;
    for command in commands {
        let page = fs::read_to_string(pages.join(format!("karat-{command}.1"))).unwrap();
        assert!(page.contains(&format!(".TH karat-{command} 1")), "{page}");
        assert!(page.contains(".SH OPTIONS"), "{page}");
        count += 1;
    }
    // Those of karat itself, and of the parts of a command.
    let parts = ["docs-build", "docs-serve", "history-check", "history-diff", "history-prune"];
    let parts = parts.map(|part| format!("karat-{part}.1"));
    assert!(parts.iter().all(|page| pages.join(page).exists()));
    assert_eq!(fs::read_dir(&pages).unwrap().count(), count + 1 + parts.len());
    let page = fs::read_to_string(pages.join("karat.1")).unwrap();
    assert!(page.contains("Exit codes:"), "{page}");
    assert_eq!(karat().arg("man").run().stdout, super::scrubbed(&page));
    if Path::new("/usr/bin/man").exists() {
        let shown = Command::new("man").arg("-l").arg(pages.join("karat-check.1")).output().unwrap();
        assert!(String::from_utf8_lossy(&shown.stdout).contains("karat-check - Judge data by suites"));
        assert_eq!(String::from_utf8_lossy(&shown.stderr), "");
    }
}
