//! What makes karat ready to use elsewhere: the installer, the steps of the action, the job for GitLab, the hooks and the
//! image. Their scripts are run here, with a binary that only notes what it is told.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A folder with a `karat` of its own, first on the path.
struct Machine {
    folder: TempDir,
}

/// What a script came to.
struct Ran {
    code: i32,
    said: String,
}

/// Notes its arguments, one a line, and ends as `FAKE_CODE` says; where docs are wanted, it writes a page.
const FAKE: &str = r#"#!/usr/bin/env bash
case ${1:-} in
    --version) echo "karat 9.9.9"; exit 0 ;;
    man) mkdir -p "$2" && echo page >"$2/karat.1"; exit 0 ;;
    completions) echo "completions of $2"; exit 0 ;;
esac
printf '%s\n' "$@" >"${FAKE_NOTES:-/dev/null}"
while (($#)); do
    if [[ $1 == --docs && ${FAKE_CODE:-0} != 2 ]]; then mkdir -p "$2" && echo page >"$2/index.html"; fi
    shift
done
exit "${FAKE_CODE:-0}"
"#;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(here(path)).unwrap()
}

impl Machine {
    fn new() -> Self {
        let machine = Self { folder: TempDir::new().unwrap() };
        let karat = machine.path("bin/karat");
        fs::create_dir_all(karat.parent().unwrap()).unwrap();
        fs::write(&karat, FAKE).unwrap();
        fs::set_permissions(karat, fs::Permissions::from_mode(0o755)).unwrap();
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Runs a program in the folder, with these variables and few others.
    fn run(&self, program: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", self.path("bin").display());
        let ran = Command::new(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .envs([("PATH", path.as_str()), ("HOME", self.folder.path().to_str().unwrap())])
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let said =
            format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        Ran {
            code: ran.status.code().unwrap(),
            said: said.replace(self.folder.path().to_str().unwrap(), "[DIR]"),
        }
    }

    /// A release with a build for this kind of machine, as `.ci/package` packs it.
    fn release(&self, target: &str) -> String {
        let (binary, releases) = (self.path("bin/karat"), self.path("releases"));
        let arguments = [target, binary.to_str().unwrap(), releases.to_str().unwrap()];
        let ran = self.run(&here(".ci/package"), &arguments, &[]);
        assert_eq!(ran.code, 0, "{}", ran.said);
        let sums =
            self.run(Path::new("bash"), &["-c", "cd releases && sha256sum -- karat-* >SHA256SUMS"], &[]);
        assert_eq!(sums.code, 0, "{}", sums.said);
        format!("file://{}", releases.display())
    }
}

const TARGET: &str = "x86_64-unknown-linux-gnu";

#[test]
fn a_release_is_packed_and_installed() {
    let machine = Machine::new();
    let downloads = machine.release(TARGET);
    let install = |more: &[(&str, &str)]| {
        let variables = [&[("KARAT_DOWNLOADS", downloads.as_str()), ("KARAT_TARGET", TARGET)], more].concat();
        machine.run(&here("integrations/install"), &[], &variables)
    };
    let ran = install(&[]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert_eq!(
        ran.said,
        "karat 9.9.9 is installed: [DIR]/.local/bin/karat\n\
         it is not on your PATH: export PATH=\"[DIR]/.local/bin:$PATH\"\n"
    );
    assert_eq!(machine.text(".local/bin/karat"), FAKE);
    // The same binary makes the same archive.
    let archive = machine.path(&format!("releases/karat-{TARGET}.tar.gz"));
    let first = fs::read(&archive).unwrap();
    machine.release(TARGET);
    assert!(fs::read(&archive).unwrap() == first, "the archive differs from itself");
    let listed = machine.run(Path::new("tar"), &["-tzf", archive.to_str().unwrap()], &[]).said;
    for file in ["karat", "LICENSE-MIT", "man/karat.1", "completions/karat.zsh"] {
        assert!(listed.contains(&format!("karat-{TARGET}/{file}\n")), "{listed}");
    }
    // On a runner of GitHub, the steps behind it find it.
    let path = machine.path("path");
    assert_eq!(install(&[("GITHUB_PATH", path.to_str().unwrap()), ("KARAT_FOLDER", "own")]).code, 0);
    assert_eq!(machine.text("path"), "own\n");
}

#[test]
fn what_is_not_of_the_release_is_not_installed() {
    let machine = Machine::new();
    let downloads = machine.release(TARGET);
    let install = |variables: &[(&str, &str)]| machine.run(&here("integrations/install"), &[], variables);
    let of = |target| install(&[("KARAT_DOWNLOADS", downloads.as_str()), ("KARAT_TARGET", target)]);
    let ran = of("riscv64gc-unknown-linux-gnu");
    assert!(ran.code == 1 && ran.said.contains("is there such a release"), "{}", ran.said);
    fs::write(machine.path(&format!("releases/karat-{TARGET}.tar.gz")), "tampered").unwrap();
    let ran = of(TARGET);
    assert!(ran.code == 1 && ran.said.contains("is not what the release says"), "{}", ran.said);
    fs::write(machine.path("releases/SHA256SUMS"), "").unwrap();
    let ran = of(TARGET);
    assert!(ran.code == 1 && ran.said.contains("do not name karat-x86_64"), "{}", ran.said);
    assert!(!machine.path(".local/bin/karat").exists());
    assert_eq!(
        install(&[]).said,
        "error: KARAT_REPOSITORY is OWNER/NAME, the repository that has the releases\n"
    );
}

#[test]
fn the_action_installs_what_is_asked_for() {
    let machine = Machine::new();
    // Instead of fetching it, the address is told.
    fs::write(machine.path("bin/curl"), "#!/bin/sh\nfor last; do :; done\necho \"$last\" >&2\nexit 22\n")
        .unwrap();
    fs::set_permissions(machine.path("bin/curl"), fs::Permissions::from_mode(0o755)).unwrap();
    let address = |release: &str, used_by: &str| {
        let variables = [
            ("ACTION_REPOSITORY", "data/karat"),
            ("KARAT_TARGET", TARGET),
            ("RELEASE", release),
            ("ACTION_REF", used_by),
        ];
        let ran = machine.run(&here("integrations/github/install"), &[], &variables);
        assert_eq!(ran.code, 1);
        ran.said.lines().next().unwrap().replace("https://github.com/data/karat/releases/", "")
    };
    assert_eq!(address("", "v1.2.3"), format!("download/v1.2.3/karat-{TARGET}.tar.gz"));
    assert_eq!(address("", "main"), format!("latest/download/karat-{TARGET}.tar.gz"));
    assert_eq!(address("v0.2.0", "v1.2.3"), format!("download/v0.2.0/karat-{TARGET}.tar.gz"));
    assert_eq!(address("latest", "v1.2.3"), format!("latest/download/karat-{TARGET}.tar.gz"));
}

#[test]
fn the_action_judges_and_tells_what_came_of_it() {
    let machine = Machine::new();
    let step = |code: &str, more: &[(&str, &str)]| {
        let _ = fs::remove_dir_all(machine.path("docs"));
        let _ = fs::remove_file(machine.path("output"));
        let (output, notes) = (machine.path("output"), machine.path("notes"));
        let variables = [
            &[
                ("GITHUB_OUTPUT", output.to_str().unwrap()),
                ("FAKE_NOTES", notes.to_str().unwrap()),
                ("FAKE_CODE", code),
                ("DOCS", "docs"),
            ],
            more,
        ]
        .concat();
        let ran = machine.run(&here("integrations/github/check"), &[], &variables);
        assert_eq!((ran.code.to_string().as_str(), ran.said.as_str()), (code, ""));
        (machine.text("notes").replace('\n', "|"), machine.text("output").replace('\n', "|"))
    };
    let (notes, output) = step("0", &[("SUITES", "suites\nmy suites/a b.yml\n")]);
    assert_eq!(notes, "check|--format|auto|--docs|docs|--|suites|my suites/a b.yml|");
    assert_eq!(output, "exit-code=0|verdict=passed|docs=docs|");
    let (notes, output) = step(
        "1",
        &[
            ("SUITES", "-x.yml"),
            ("DATA", "s3://lake/orders"),
            ("FAIL_ON", "warn"),
            ("ARGUMENTS", "--select\nnightly run"),
        ],
    );
    assert_eq!(
        notes,
        "check|--format|auto|--docs|docs|--data|s3://lake/orders|--fail-on|warn|--select|nightly run|--|-x.yml|"
    );
    assert_eq!(output, "exit-code=1|verdict=failed|docs=docs|");
    assert_eq!(step("2", &[]).1, "exit-code=2|verdict=not-judged|");
    assert_eq!(step("3", &[]).1, "exit-code=3|verdict=unknown|docs=docs|");
}

/// The same step with the binary itself, where it has the format that the step asks for.
#[test]
fn the_action_judges_with_karat_itself() {
    let help = Command::new(env!("CARGO_BIN_EXE_karat")).args(["check", "--help"]).output().unwrap();
    if !String::from_utf8_lossy(&help.stdout).contains("junit") {
        eprintln!("not run: this karat has no --format auto");
        return;
    }
    let machine = Machine::new();
    fs::copy(env!("CARGO_BIN_EXE_karat"), machine.path("bin/karat")).unwrap();
    fs::create_dir(machine.path("suites")).unwrap();
    fs::write(machine.path("a.csv"), "id\n1\n1\n").unwrap();
    fs::write(machine.path("suites/a.yml"), "suite: a\ndata: a.csv\ncolumns: {id: [unique]}\n").unwrap();
    let path = |name: &str| machine.path(name).display().to_string();
    let ran = machine.run(
        &here("integrations/github/check"),
        &[],
        &[
            ("SUITES", "suites"),
            ("DOCS", "docs"),
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_WORKSPACE", &path("")),
            ("GITHUB_STEP_SUMMARY", &path("summary")),
            ("GITHUB_OUTPUT", &path("output")),
        ],
    );
    assert_eq!(ran.code, 1, "{}", ran.said);
    assert!(ran.said.contains("::error") && ran.said.contains("file=suites/a.yml"), "{}", ran.said);
    assert!(machine.text("summary").contains("unique"));
    assert_eq!(machine.text("output"), "exit-code=1\nverdict=failed\ndocs=docs\n");
    assert!(machine.path("docs/index.json").exists());
}

/// What a script reads, the action gives it, and every input reaches one.
#[test]
fn the_action_gives_its_scripts_what_they_read() {
    let action = read("action.yml");
    for script in ["install", "check"] {
        assert!(action.contains(&format!("\"$GITHUB_ACTION_PATH/integrations/github/{script}\"")));
        let path = here("integrations/github").join(script);
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o111,
            0o111,
            "{script} cannot be run"
        );
    }
    for variable in [
        "RELEASE",
        "REPOSITORY",
        "ACTION_REF",
        "ACTION_REPOSITORY",
        "SUITES",
        "DATA",
        "FAIL_ON",
        "ARGUMENTS",
        "DOCS",
    ] {
        assert!(action.contains(&format!("\n        {variable}: ${{{{ ")), "{variable}");
    }
    let inputs = action.split("\ninputs:\n").nth(1).unwrap().split("\noutputs:\n").next().unwrap();
    let names = inputs.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'));
    for name in names.filter(|name| !name.starts_with(' ')) {
        assert!(action.contains(&format!("inputs.{name} ")), "{name} reaches nothing");
    }
}

/// The lines of a list of GitLab's job.
fn job(list: &str) -> String {
    let text = read("integrations/gitlab/karat.yml");
    let lines = text.lines().skip_while(|line| *line != format!("  {list}:")).skip(1);
    let lines = lines.take_while(|line| line.starts_with("    "));
    let commands = lines.filter_map(|line| line.strip_prefix("    - "));
    commands.map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_job_of_gitlab_installs_and_judges() {
    let machine = Machine::new();
    let downloads = machine.release(TARGET);
    let notes = machine.path("notes").display().to_string();
    let script = format!("set -eo pipefail\n{}{}", job("before_script"), job("script"));
    let run = |code: &str| {
        let variables = [
            ("KARAT_DOWNLOADS", downloads.as_str()),
            ("KARAT_TARGET", TARGET),
            ("SUITES", "suites/gold suites/silver"),
            ("FAKE_NOTES", &notes),
            ("FAKE_CODE", code),
        ];
        machine.run(Path::new("bash"), &["-c", &script], &variables)
    };
    let ran = run("1");
    assert_eq!(ran.code, 1, "{}", ran.said);
    let told = machine.text("notes").replace('\n', " ");
    assert_eq!(
        told,
        "check --format auto --format junit=junit.xml --docs karat-docs suites/gold suites/silver "
    );
    assert!(!machine.path("SHA256SUMS").exists());
    // Nothing runs that is not of the release.
    fs::write(machine.path(&format!("releases/karat-{TARGET}.tar.gz")), "tampered").unwrap();
    fs::remove_file(&notes).unwrap();
    assert_ne!(run("0").code, 0);
    assert!(!machine.path("notes").exists());
}

#[test]
fn the_hook_compares_what_is_staged_with_what_was_committed() {
    let machine = Machine::new();
    // Shows both sides instead.
    let karat =
        "#!/bin/sh\nshift\nfor file; do case $file in -*) echo \"$file\";; *) cat \"$file\";; esac; done\n";
    fs::write(machine.path("bin/karat"), karat).unwrap();
    let git = |line: &str| {
        let who = "-c user.name=n -c user.email=e@x.org -c init.defaultBranch=main";
        let arguments: Vec<&str> = who.split(' ').chain(line.split(' ')).collect();
        let ran = machine.run(Path::new("git"), &arguments, &[]);
        assert_eq!(ran.code, 0, "{}", ran.said);
    };
    fs::create_dir(machine.path("suites")).unwrap();
    fs::write(machine.path("suites/a.yml"), "committed\n").unwrap();
    git("init -q");
    git("add suites");
    git("commit -qm first");
    fs::write(machine.path("suites/a.yml"), "staged\n").unwrap();
    fs::write(machine.path("suites/new.yml"), "new\n").unwrap();
    git("add suites");
    fs::write(machine.path("suites/a.yml"), "not staged\n").unwrap();
    let hook = here("integrations/pre-commit/diff");
    let ran = machine.run(&hook, &["--strict", "suites/a.yml", "suites/new.yml"], &[]);
    assert_eq!((ran.code, ran.said.as_str()), (0, "--strict\ncommitted\nstaged\n"));
}

/// A release has a build for whatever the installer asks for, and all are built by one Rust.
#[test]
fn releases_have_what_the_installer_asks_for() {
    let workflow = read(".github/workflows/release.yml");
    for machine in ["x86_64", "aarch64"] {
        for system in ["unknown-linux-gnu", "unknown-linux-musl", "apple-darwin"] {
            assert!(workflow.contains(&format!("{{target: {machine}-{system}, ")), "{machine}-{system}");
        }
    }
    assert!(workflow.contains("{target: x86_64-pc-windows-msvc, "));
    let manifest = read("Cargo.toml");
    let rust = manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")).unwrap();
    let rust = rust.trim_end_matches('"');
    assert!(workflow.contains(&format!("RUST_VERSION: {rust}.")));
    assert!(read("Dockerfile").contains(&format!("FROM rust:{rust}.")));
}

/// What the binary is built of goes into the image's build.
#[test]
fn the_image_is_given_what_it_is_built_of() {
    let ignored = read(".dockerignore");
    let given = |name: &str| ignored.lines().any(|line| line == format!("!{name}"));
    assert!(["src", "build.rs", "Cargo.toml", "Cargo.lock"].into_iter().all(given));
    // A workspace is read with the manifests of all its members.
    let manifest = read("Cargo.toml");
    let members = manifest.lines().find_map(|line| line.strip_prefix("members = [")).unwrap();
    for member in members.split('"').skip(1).step_by(2) {
        assert!(given(member.split('/').next().unwrap()), "{member}");
    }
    let mut files = vec![here("src")];
    let mut included = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for part in text.split("include_str!(").skip(1).filter_map(|rest| rest.split('"').nth(1)) {
            let top = part.trim_start_matches("../").split('/').next().unwrap();
            if part.starts_with("../") {
                assert!(given(top), "{} includes {part}", path.display());
                included += 1;
            }
        }
    }
    assert!(included > 50, "{included}");
}
